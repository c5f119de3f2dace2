"""Event loops on threads of their own, for coroutines of handlers. Background tasks go on there between events."""

from __future__ import annotations

import asyncio
import threading
from contextvars import Context
from time import monotonic
from typing import Any, Callable, Coroutine, List, Optional, Set

# Seconds until a coroutine that its loop has not taken up goes to another loop: the loop waits for this very call.
_GRACE = 0.05


class TimeUp(Exception):
    """The time to wait for a coroutine is up. It goes on."""


class _Job:
    """One coroutine to run. Whoever acquires `claim` first decides on which loop. `ended` is called at its end."""

    def __init__(self, coroutine: Coroutine, ended: Callable[[], None]):
        self.coroutine = coroutine
        self.ended = ended
        self.claim = threading.Lock()
        self.done = threading.Event()
        self.result: Any = None
        self.error: Optional[BaseException] = None

    def start(self, thread: "LoopThread") -> None:
        if self.claim.acquire(blocking=False):
            thread.keep(thread.loop.create_task(self._drive()))

    async def _drive(self) -> None:
        # An error is carried over to the caller's thread; a SystemExit that left this task would stop the loop.
        try:
            self.result = await self.coroutine
        except BaseException as error:
            self.error = error
        finally:
            self.done.set()
            self.ended()


class LoopThread:
    """An event loop and the daemon thread that runs it. `blocked` counts the calls that it waits for."""

    def __init__(self, name: str):
        self.loop = asyncio.new_event_loop()
        self.blocked = 0
        self._tasks: Set[asyncio.Task] = set()
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def keep(self, task: asyncio.Task) -> None:
        """Hold a reference while the task runs: the loop itself has only a weak one."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class Loops:
    """A Task's event loops. Nearly always there is one; a call chain that occupies it gets a further one."""

    def __init__(self, main, name: str):
        self._main = main
        self._name = name
        self._threads: List[LoopThread] = []
        self._lock = threading.Lock()

    def run(
        self,
        coroutine: Coroutine,
        context: Context,
        begun: Callable[[Any], None] = lambda job: None,
        patience: Optional[float] = None,
    ) -> Any:
        """Run to the end, in a copy of `context`; its result or exception. Raises TimeUp after `patience` seconds.

        `begun` gets each attempt, which has `done`, `result` and `error`.
        """
        end = None if patience is None else monotonic() + patience
        tried: List[LoopThread] = []
        while True:
            job = _Job(coroutine, self._main.wake)
            begun(job)
            thread = self._free(tried)
            thread.loop.call_soon_threadsafe(job.start, thread, context=context)
            if self._main.wait(job.done, _GRACE) or not job.claim.acquire(blocking=False):
                if not self._main.wait(job.done, None if end is None else end - monotonic()):
                    _leave(self._main, job)
                    raise TimeUp
                break
            tried.append(thread)
        if job.error is not None:
            raise job.error
        return job.result

    def _free(self, tried: List[LoopThread]) -> LoopThread:
        """The first loop that no call chain blocks; a new one if there is none."""
        with self._lock:
            for thread in self._threads:
                if not thread.blocked and thread not in tried:
                    return thread
            thread = LoopThread("event-loop-%s-%d" % (self._name, len(self._threads)))
            self._threads.append(thread)
            self._main.loops[thread.thread.ident or 0] = thread
            return thread


def _leave(main, job: _Job) -> None:
    """Nobody waits for this coroutine any more. It counts as a call of another thread until it ends."""
    with main._counting:
        main.inside += 1
    ending = threading.Lock()

    def ended() -> None:
        if ending.acquire(blocking=False):
            with main._counting:
                main.inside -= 1
            if main._reported:
                main.look()
            main.wake()

    job.ended = ended
    if job.done.is_set():
        ended()
