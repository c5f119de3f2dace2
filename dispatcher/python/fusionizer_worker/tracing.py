"""Sends trace records in batches, from a thread of its own, so that events do not wait for it."""

from __future__ import annotations

import threading
from collections import deque
from typing import Callable, Deque

from fusionizer_dispatcher.traces import to_json

from .frames import Writer

BATCH = 100
# In a busy process this thread runs only every few milliseconds; then it sends more at once.
_MOST_AT_ONCE = 1000
_PERIOD_SECONDS = 1.0
# Records that wait at most; the oldest go when the server reads nothing for long.
_LIMIT = 100_000


class TraceSender:
    """Collects records and sends them as `T` frames: each 100 at once, fewer after a second."""

    def __init__(self, writer: Writer):
        self._writer = writer
        self._records: Deque[tuple] = deque(maxlen=_LIMIT)
        self._some = threading.Event()
        self._many = threading.Event()
        self._sending = threading.Lock()
        self.record = self._recorder()
        threading.Thread(target=self._run, name="traces", daemon=True).start()

    def _recorder(self) -> Callable[[tuple], None]:
        """A function that takes a record; it is part of every call, so it looks nothing up."""
        records, append = self._records, self._records.append
        some, many = self._some.set, self._many.set

        def record(one: tuple) -> None:
            append(one)
            count = len(records)
            if count == 1:
                some()
            elif not count % BATCH:
                many()

        return record

    def flush(self) -> None:
        """Send all there is. Raises OSError when the server is gone."""
        with self._sending:
            records = self._records
            while records:
                batch = [records.popleft() for _ in range(min(len(records), _MOST_AT_ONCE))]
                self._writer.send(b"T", to_json(batch).encode())

    def _run(self) -> None:
        while True:
            self._some.wait()
            self._many.wait(_PERIOD_SECONDS)
            self._some.clear()
            self._many.clear()
            self.flush()
