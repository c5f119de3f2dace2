"""Where the main thread may be interrupted, for the call of another thread to run there.

A lock that the interrupted code holds is held until the call has ended. If the callee needs it, both wait for ever: a
callee on the main thread for a lock that is not reentrant, a coroutine, which has a thread of its own, for any lock. So
a Task's own code may be interrupted, whose locks its callees do not know, and waits of the standard library. Not so the
code of what Tasks share: installed packages, the import system, logging. The next attempt comes a moment later.
"""

from __future__ import annotations

import os
import sys
import threading
from types import FrameType
from typing import Any, FrozenSet, Optional

_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep
_WORKER = os.path.join(os.path.dirname(os.path.dirname(_OWN)), "fusionizer_worker") + os.sep
_LIBRARY = os.path.dirname(threading.__file__) + os.sep
_LOGGING = _LIBRARY + "logging" + os.sep
_LOCKING = ("<frozen importlib", _LOGGING)
_POOLS = (os.path.join("concurrent", "futures", "thread.py"), os.path.join("concurrent", "futures", "process.py"))

# Functions that wait, by file; None: all of the file. What waits in C has the frame of its caller.
_WAITS = {
    threading.__file__: frozenset(("wait", "wait_for", "join", "_wait_for_tstate_lock", "acquire")),
    **{_LIBRARY + name: None for name in ("selectors.py", "socket.py", "ssl.py", "subprocess.py")},
}
# Of our own code: what runs handlers.
_RUNNERS = frozenset(
    [(_OWN + "dispatcher.py", "handle"), (_OWN + "local_call.py", "call_local"), (_OWN + "task.py", "init")]
)
# With so many frames above the handler's, little of the stack may be left for a callee.
_DEEP = 200


def is_waiting(frame: FrameType) -> bool:
    """Whether the thread waits for another one, or for the next event."""
    file = frame.f_code.co_filename
    return file == threading.__file__ or file.startswith(_WORKER)


def is_safe(frame: FrameType, folders: Any) -> bool:
    """Whether other code may run where the main thread is. `folders`: a tuple of the Tasks', each with a separator."""
    name, file = frame.f_code.co_name, frame.f_code.co_filename
    if file.startswith(_WORKER):
        # It reads the next event. No other code of the worker may be interrupted.
        return name == "next"
    if not _is_a_tasks(file, folders):
        waits: Optional[FrozenSet[str]] = _WAITS.get(file, frozenset())
        if waits is not None and name not in waits:
            return False
    above: Optional[FrameType] = frame
    for _ in range(_DEEP):
        if above is None:
            return True
        name, file = above.f_code.co_name, above.f_code.co_filename
        if file.startswith(_OWN):
            return (file, name) in _RUNNERS
        if _holds_a_lock(name, file):
            return False
        above = above.f_back
    return False


def _is_a_tasks(file: str, folders: Any) -> bool:
    """Whether code is a Task's own. What a Task executes from text has a name in angle brackets."""
    return file.startswith(folders) or (file.startswith("<") and not file.startswith("<frozen"))


def _holds_a_lock(name: str, file: str) -> bool:
    """Whether a function of the standard library may hold a lock while it runs, or waits for, code of others."""
    if file == threading.__file__:
        return name == "start"
    return file.startswith(_LOCKING) or (name in ("submit", "_adjust_thread_count") and file.endswith(_POOLS))


def place_of(thread: int) -> str:
    """Where a thread is, as `file:line`."""
    frame = sys._current_frames().get(thread)
    return "nowhere" if frame is None else "%s:%d" % (frame.f_code.co_filename, frame.f_lineno)


def is_logging(thread: int) -> bool:
    """Whether a thread is within the standard library's logging, whose locks a log record would wait for."""
    frame = sys._current_frames().get(thread)
    while frame is not None:
        if frame.f_code.co_filename.startswith(_LOGGING):
            return True
        frame = frame.f_back
    return False
