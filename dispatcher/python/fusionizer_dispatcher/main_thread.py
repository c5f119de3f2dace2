"""Local calls run on the main thread, one at a time, whichever thread makes them: as in a function of the callee's own.

What a Task made when it was loaded may be bound to that thread (sqlite3, signal, thread-locals). A call from another
thread is handed over. While the main thread waits for a coroutine or for the next event it takes the call at once.
While it is within a handler, a signal interrupts it, mostly in a wait for that very thread (`pool.map`, `join`).
"""

from __future__ import annotations

import _queue
import os
import signal
import threading
from collections import deque
from threading import get_ident
from time import monotonic
from types import FrameType
from typing import Any, Callable, Deque, Dict, Optional

# Ignored by default, so it does no harm where nobody handles it. None where a thread cannot be interrupted (Windows).
_SIGNAL = getattr(signal, "SIGURG", None) if hasattr(signal, "pthread_kill") else None
# Seconds after which a call does without the main thread, which is in code that cannot be interrupted.
_PATIENCE = 5.0
# Seconds that a handler may go on before a call interrupts it anywhere, not only where it waits: its caller may have
# forgotten the call, and return.
_HEAD_START = 0.05
# Seconds between two attempts: the first, and the longest.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.02

_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep
_WORKER = os.path.join(os.path.dirname(os.path.dirname(_OWN)), "fusionizer_worker") + os.sep
_POOLS = (os.path.join("concurrent", "futures", "thread.py"), os.path.join("concurrent", "futures", "process.py"))
_WAITS = ("wait", "wait_for", "join", "_wait_for_tstate_lock", "acquire")


class _Job:
    """A call to run on the main thread. Whoever acquires `claim` runs it."""

    def __init__(self, caller, task, work: Callable[["_Job"], Any]):
        self.caller = caller
        self.task = task
        self.work = work
        self.began = monotonic()
        self.claim = threading.Lock()
        self.done = threading.Event()
        self.result: Any = None
        self.error: Optional[BaseException] = None
        # Of a callee that is a coroutine: its run, what makes an answer of its end, and who does that.
        self.coroutine: Any = None
        self.answer: Any = None
        self.answering = threading.Lock()

    def run(self) -> None:
        """Run it, with its result or error for `call`."""
        try:
            result = self.work(self)
            # None: the answer is made already.
            if result is not None:
                self.result = result
        except BaseException as error:
            self.error = error
        finally:
            self.done.set()

    def begun(self, coroutine: Any) -> None:
        """The callee is this coroutine, which runs from now on."""
        self.coroutine = coroutine

    def ended_by(self, error: BaseException) -> bool:
        """Whether the callee is a coroutine, and has raised this."""
        return self.coroutine is not None and self.coroutine.error is error

    def wait(self) -> None:
        """Wait for the end: of the main thread's work, or of the coroutine.

        The main thread may be within another call meanwhile, which began later and has not ended.
        """
        while not self.done.wait(_LONGEST_PAUSE):
            coroutine = self.coroutine
            ended = coroutine is not None and coroutine.done.is_set()
            if ended and not self.done.wait(_LONGEST_PAUSE) and self.answering.acquire(blocking=False):
                self.result = self.answer(coroutine.result, coroutine.error)
                return


class MainThread:
    """The thread of handlers. `top` is the session of the innermost handler that runs there; None between events."""

    def __init__(self, dispatcher):
        self.ident = get_ident()
        self.top: Any = None
        # Event loops by thread, which count the calls that block them.
        self.loops: Dict[int, Any] = {}
        self._dispatcher = dispatcher
        self._jobs: Deque[_Job] = deque()
        # Not the module queue: what is loaded before the Tasks wins over their own files of that name.
        self._wake: "_queue.SimpleQueue[None]" = _queue.SimpleQueue()
        # The main thread is in `wait`, and in no job.
        self._waiting = False
        # Calls of other threads that have not ended.
        self.inside = 0
        self._counting = threading.Lock()
        # Takes whether calls outlive their events. The server then gives the process more time to end.
        self.report: Callable[[bool], None] = lambda outlive: None
        self._reported = False
        self._signal: Any = None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def install(self) -> None:
        """From now on the main thread can be interrupted for calls. Called on it."""
        self.ident = get_ident()
        if _SIGNAL is not None and threading.current_thread() is threading.main_thread():
            signal.signal(_SIGNAL, self._interrupted)
            self._signal = _SIGNAL

    def _after_fork(self) -> None:
        self.ident = get_ident()
        self._jobs.clear()
        self.inside = 0
        self._counting = threading.Lock()

    def call(self, caller, task, work: Callable[[_Job], Any]) -> Any:
        """Run `work`, a call of `task` that the handler of `caller` makes, on the main thread; wait for it."""
        job = _Job(caller, task, work)
        loop = self.loops.get(get_ident())
        with self._counting:
            self.inside += 1
            if loop is not None:
                loop.blocked += 1
        if self.top is None:
            self.look()
        self._jobs.append(job)
        try:
            self._hand_over(job)
        finally:
            with self._counting:
                self.inside -= 1
                if loop is not None:
                    loop.blocked -= 1
            if self._reported:
                self.look()
        if job.error is not None:
            raise job.error
        return job.result

    def _hand_over(self, job: _Job) -> None:
        pause, since = _FIRST_PAUSE, None
        while True:
            if self._is_next(job):
                since = since or monotonic()
                self.wake()
                if not self._waiting and self._signal is not None and not job.claim.locked():
                    signal.pthread_kill(self.ident, self._signal)
                patience = _PATIENCE if self._waiting or self._signal is not None else 0
                if monotonic() - since >= patience and job.claim.acquire(blocking=False):
                    self._jobs.remove(job)
                    job.run()
                    return
            else:
                since = None
            if job.done.wait(pause):
                return
            if job.claim.locked():
                job.wait()
                return
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _is_next(self, job: _Job) -> bool:
        """Whether nothing runs on the main thread but what waits for this call, or coroutines.

        A thread of an earlier event waits for the end of the present one, but not for ever: that one may wait for it.
        """
        top = self.top
        if top is None or top is job.caller:
            return True
        if job.caller.root == self._dispatcher.root:
            # Not while a plain handler of that Task is below those coroutines.
            return self._waiting and job.task.run is not None
        return job.caller.root != self._dispatcher.root and monotonic() - job.began > _PATIENCE

    def wake(self) -> None:
        """End a `wait` for a moment: something has changed."""
        if self._waiting:
            self._wake.put(None)

    def wait(self, done: threading.Event, timeout: Optional[float] = None) -> bool:
        """Wait for `done`; on the main thread, run calls meanwhile. Whoever sets it has to `wake`."""
        if get_ident() != self.ident:
            return done.wait(timeout)
        end = None if timeout is None else monotonic() + timeout
        while not done.is_set():
            left = None if end is None else end - monotonic()
            if left is not None and left <= 0:
                return False
            self._serve(left, done.is_set)
        return True

    def leave(self, coroutine: Any) -> None:
        """Nobody waits for this coroutine any more. It counts as a call of another thread until it ends."""
        with self._counting:
            self.inside += 1
        ending = threading.Lock()

        def ended() -> None:
            if ending.acquire(blocking=False):
                with self._counting:
                    self.inside -= 1
                if self._reported:
                    self.look()
                self.wake()

        coroutine.ended = ended
        if coroutine.done.is_set():
            ended()

    def look(self) -> None:
        """Report whether calls of other threads outlive their events, if that has changed."""
        with self._counting:
            outlive = self.inside > 0
            if outlive != self._reported:
                self._reported = outlive
                self.report(outlive)

    def finish(self) -> None:
        """Run the calls that threads still make, though no event will come."""
        while self.inside:
            self._serve(_LONGEST_PAUSE, lambda: not self.inside)

    def _serve(self, timeout: Optional[float], ended: Callable[[], bool]) -> None:
        # First the mark, then the look: who changes something does it the other way round.
        self._waiting = True
        try:
            self._run_jobs()
            if not ended():
                self._wake.get(timeout=timeout)
        except _queue.Empty:
            pass
        finally:
            self._waiting = False

    def _run_jobs(self, waits: bool = True) -> None:
        """Run what may run now. `waits`: the main thread does nothing but wait."""
        was = self._waiting
        while True:
            last = monotonic() - (0 if waits else _HEAD_START)
            jobs = [one for one in list(self._jobs) if one.began <= last and self._is_next(one)]
            job = next((one for one in jobs if one.claim.acquire(False)), None)
            if job is None:
                return
            self._jobs.remove(job)
            self._waiting = False
            job.run()
            self._waiting = was

    def _interrupted(self, _signal: int, frame: Optional[FrameType]) -> None:
        if frame is not None and _is_safe(frame):
            file = frame.f_code.co_filename
            self._run_jobs(file == threading.__file__ or file.startswith(_WORKER))


def _is_safe(frame: FrameType) -> bool:
    """Whether other code may run where the main thread is.

    Not within our own, and not where a lock is held that other code may need: those of Python's import system, of
    pools that begin a thread, and of threading itself. The next attempt comes a moment later.
    """
    code = frame.f_code
    if code.co_filename.startswith(_OWN):
        return False
    if code.co_filename.startswith(_WORKER):
        return code.co_name == "next"
    if code.co_filename == threading.__file__ and code.co_name not in _WAITS:
        return False
    above: Optional[FrameType] = frame
    while above is not None:
        code = above.f_code
        file = code.co_filename
        if file.startswith(_OWN):
            return True
        if code.co_name == "start" and file == threading.__file__:
            return False
        if file.startswith("<frozen importlib") or (
            code.co_name in ("submit", "_adjust_thread_count") and file.endswith(_POOLS)
        ):
            return False
        above = above.f_back
    return True
