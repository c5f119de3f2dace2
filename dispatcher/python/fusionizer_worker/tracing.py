"""Sends trace records in batches, off the way of the events."""
from __future__ import annotations

import threading
from typing import List

from fusionizer_dispatcher.traces import to_json

from .frames import Writer

BATCH = 100
_PERIOD_SECONDS = 1.0
# Records that wait at most; more come only if the server reads nothing for long.
_LIMIT = 100_000


class TraceSender:
    """Collects records and sends them as `T` frames: each 100 at once, fewer after a second."""

    def __init__(self, writer: Writer):
        self._writer = writer
        self._records: List[tuple] = []
        self._some = threading.Event()
        self._many = threading.Event()
        self._sending = threading.Lock()
        threading.Thread(target=self._run, name="traces", daemon=True).start()

    def record(self, record: tuple) -> None:
        records = self._records
        records.append(record)
        count = len(records)
        if count == 1:
            self._some.set()
        elif count % BATCH == 0:
            self._many.set()

    def flush(self) -> None:
        """Send all there is. Raises OSError when the server is gone."""
        with self._sending:
            while self._records:
                batch = self._records[:BATCH]
                del self._records[:BATCH]
                self._writer.send(b"T", to_json(batch).encode())

    def _run(self) -> None:
        while True:
            self._some.wait()
            self._many.wait(_PERIOD_SECONDS)
            self._some.clear()
            self._many.clear()
            self.flush()
