"""Event loops on threads of their own, for coroutines of handlers. Background tasks go on there between events."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Coroutine, Dict, List, Optional, Set

# Seconds until a coroutine that its loop has not taken up goes to another loop: the loop waits for this very call.
_GRACE = 0.05


class _Job:
    """One coroutine to run. Whoever acquires `claim` first decides on which loop."""

    def __init__(self, coroutine: Coroutine):
        self.coroutine = coroutine
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


class LoopThread:
    """An event loop and the daemon thread that runs it."""

    def __init__(self, number: int):
        self.loop = asyncio.new_event_loop()
        self.blocked = 0
        self._tasks: Set[asyncio.Task] = set()
        self.thread = threading.Thread(target=self._run, name="event-loop-%d" % number, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def keep(self, task: asyncio.Task) -> None:
        """Hold a reference while the task runs: the loop itself has only a weak one."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def submit(self, job: _Job) -> None:
        self.loop.call_soon_threadsafe(job.start, self)


class Loops:
    """The process's event loops. Nearly always there is one; a call chain that occupies it gets a further one."""

    def __init__(self):
        self._threads: List[LoopThread] = []
        self._by_ident: Dict[int, LoopThread] = {}
        self._lock = threading.Lock()

    def run(self, coroutine: Coroutine, world=None) -> Any:
        """Run to the end; its result or exception. `world`, if any, follows to the loop's thread."""
        here = threading.get_ident()
        own = self._by_ident.get(here)
        follow = world is not None and world.thread == here
        if own is not None:
            own.blocked += 1
        try:
            return self._run(coroutine, world if follow else None)
        finally:
            if own is not None:
                own.blocked -= 1
            if follow:
                world.thread = here

    def _run(self, coroutine: Coroutine, world) -> Any:
        tried: List[LoopThread] = []
        while True:
            job = _Job(coroutine)
            thread = self._free(tried)
            if world is not None:
                world.thread = thread.thread.ident
            thread.submit(job)
            if job.done.wait(_GRACE) or not job.claim.acquire(blocking=False):
                job.done.wait()
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
            thread = LoopThread(len(self._threads))
            self._threads.append(thread)
            self._by_ident[thread.thread.ident or 0] = thread
            return thread
