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
from typing import Any, Callable, Deque, Dict, Optional, Set, Tuple

from .interrupts import is_logging, is_safe, is_waiting, place_of
from .logs import complain

# Ignored by default, so it does no harm where nobody handles it. None where a thread cannot be interrupted (Windows).
_SIGNAL = getattr(signal, "SIGURG", None) if hasattr(signal, "pthread_kill") else None
# Seconds after which a call does without the main thread, which is in code that cannot be interrupted.
_PATIENCE = 5.0
# Seconds that a handler may go on before a call interrupts it anywhere, not only where it waits: its caller may have
# forgotten the call, and return.
_HEAD_START = 0.05
# Seconds between two attempts: the first, and the longest.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.02


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

    def end(self) -> None:
        """It has run. If it did not even begin, that is its error."""
        if not self.done.is_set():
            self.error = RuntimeError("A signal handler's exception came before the call")
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
        self.waits = False
        # How many calls of other threads it is within.
        self.within = 0
        # Calls of other threads that have not ended.
        self.inside = 0
        self._counting = threading.Lock()
        # Takes whether calls outlive their events. The server then gives the process more time to end.
        self.report: Callable[[bool], None] = lambda outlive: None
        self._reported = False
        # What the signal is handled by, while calls may interrupt the main thread.
        self._handler: Any = None
        self._folders: Tuple[str, ...] = ()
        # Sessions whose threads make a call without the main thread now: one at a time each.
        self._aside: Set[Any] = set()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def install(self) -> None:
        """From now on the main thread can be interrupted for calls. Called on it."""
        self.ident = get_ident()
        self._folders = tuple(task.spec.folder + os.sep for task in self._dispatcher.tasks.values())
        if _SIGNAL is not None and threading.current_thread() is threading.main_thread():
            self._handler = self._interrupted
            signal.signal(_SIGNAL, self._handler)

    def _can_interrupt(self) -> bool:
        """Whether a signal reaches us. A Task may have set a handler of its own for it, which must not be called."""
        return self._handler is not None and signal.getsignal(_SIGNAL) is self._handler  # type: ignore[arg-type]

    def _after_fork(self) -> None:
        self.ident = get_ident()
        self._jobs.clear()
        self.inside = 0
        self._counting = threading.Lock()
        self.waits = False
        self._aside.clear()

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
                if not self.waits and self._can_interrupt() and not job.claim.locked():
                    signal.pthread_kill(self.ident, _SIGNAL)  # type: ignore[arg-type]
                patience = _PATIENCE if self.waits or self._can_interrupt() else 2 * _FIRST_PAUSE
                if monotonic() - since >= patience and self._runs_aside(job):
                    return
            else:
                since = None
            if job.done.wait(pause):
                return
            if job.claim.locked():
                job.wait()
                return
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _runs_aside(self, job: _Job) -> bool:
        """Run a call in the thread that makes it. False if another one of its caller runs so, or it runs already."""
        with self._counting:
            if job.caller in self._aside or not job.claim.acquire(blocking=False):
                return False
            self._aside.add(job.caller)
        try:
            self._jobs.remove(job)
            if self._can_interrupt():
                self._report_aside(job)
            job.run()
        finally:
            self._aside.discard(job.caller)
        return True

    def _report_aside(self, job: _Job) -> None:
        text = (
            "A call of Task '%s' runs beside the main thread, which could not be interrupted for %g s: it is at %s. "
            "What Task '%s' has bound to the main thread, such as a connection of sqlite3, does not work in this call."
        ) % (job.task.name, _PATIENCE, place_of(self.ident), job.task.name)
        logger = None if job.caller.task.context is None else job.caller.task.context.logger
        if logger is None or is_logging(self.ident):
            complain(text)
        else:
            logger.warn(text)

    def _is_next(self, job: _Job) -> bool:
        """Whether nothing runs on the main thread but what waits for this call, or coroutines.

        A thread of an earlier event waits for the end of the present one, but not for ever: that one may wait for it.
        """
        top = self.top
        if top is None or top is job.caller:
            return True
        if job.caller.root == self._dispatcher.root:
            # Not while a plain handler of that Task is below those coroutines.
            return self.waits and job.task.run is not None
        return job.caller.root != self._dispatcher.root and monotonic() - job.began > _PATIENCE

    def wake(self) -> None:
        """End a `wait` for a moment: something has changed."""
        if self.waits:
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
        self.waits = True
        try:
            if not ended():
                self._run_jobs()
            if not ended():
                self._wake.get(timeout=timeout)
        except _queue.Empty:
            pass
        finally:
            self.waits = False

    def _run_jobs(self, is_wait: bool = True) -> None:
        """Run what may run now. `is_wait`: the main thread does nothing but wait."""
        was = self.waits
        while True:
            last = monotonic() - (0 if is_wait else _HEAD_START)
            jobs = [one for one in list(self._jobs) if one.began <= last and self._is_next(one)]
            job = next((one for one in jobs if one.claim.acquire(False)), None)
            if job is None:
                return
            self.within += 1
            try:
                self._jobs.remove(job)
                self.waits = False
                job.run()
            finally:
                self.within -= 1
                # A signal handler of a Task's own may raise here.
                job.end()
                self.waits = was

    def _interrupted(self, _signal: int, frame: Optional[FrameType]) -> None:
        try:
            safe = frame is not None and is_safe(frame, self._folders)
        except RecursionError:
            # The handler has nearly used up the stack. The error would be raised in it.
            return
        if frame is not None and safe:
            self._run_jobs(is_waiting(frame))
