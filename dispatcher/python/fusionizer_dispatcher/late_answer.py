"""The answer of a coroutine that has ended, while the main thread runs a call that the coroutine has not waited for."""

from __future__ import annotations

import threading
from time import sleep
from typing import Any, Callable

from . import encode

# Seconds that the main thread has to end what it does.
_PATIENCE = 0.02


class LateAnswer:
    """Stands by for the main thread. Whoever acquires `claim` sends the answer."""

    def __init__(self, main, context, send: Callable[[encode.Answer], None]):
        self.claim = threading.Lock()
        self._main = main
        self._context = context
        self._send = send
        self._job: Any = None

    def begun(self, job: Any) -> None:
        """The coroutine runs as this job, or is about to."""
        self._job = job
        job.ended = self._ended

    def is_of(self, error: BaseException) -> bool:
        """Whether this is the coroutine's error, and the answer is sent. Called on the main thread."""
        job = self._job
        return job is not None and job.error is error and not self.claim.acquire(blocking=False)

    def _ended(self) -> None:
        self._main.wake()
        if self._main.within:
            threading.Thread(target=self._stand_by, name="late-answer", daemon=True).start()

    def _stand_by(self) -> None:
        sleep(_PATIENCE)
        if not self.claim.acquire(blocking=False):
            return
        try:
            if self._job.error is not None:
                raise self._job.error
            answer = encode.encode(self._job.result, self._context)
        except BaseException as error:
            answer = encode.failure(error, self._context)
        self._send(answer)
        self._main.look()
