"""Frames between server and worker: `u32be n`, then n bytes, of which the first is the type."""

from __future__ import annotations

import os
import struct
import threading
from typing import Optional

_LENGTH = struct.Struct(">I")
_SMALL = 65536


class Reader:
    """Frames from the server."""

    def __init__(self, descriptor: int):
        self.descriptor = descriptor
        self._file = os.fdopen(descriptor, "rb", buffering=_SMALL, closefd=False)

    def next(self) -> Optional[bytes]:
        """The next frame's bytes; None at the end of the stream, also when it ends within a frame."""
        head = self._file.read(4)
        if len(head) < 4:
            return None
        length = _LENGTH.unpack(head)[0]
        frame = self._file.read(length)
        return frame if len(frame) == length else None


class Writer:
    """Frames to the server, from any thread."""

    def __init__(self, descriptor: int):
        self.descriptor = descriptor
        self._lock = threading.Lock()

    def unlock(self) -> None:
        """In a forked child: the thread that may have held the lock is not there."""
        self._lock = threading.Lock()

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        """Write one frame. Raises OSError when the server is gone."""
        self._write(_LENGTH.pack(len(payload) + 1) + kind, payload)

    def respond(self, meta: bytes, body: bytes) -> None:
        """Write a response; `meta` is the JSON `[status, content_type, headers]`."""
        size = len(meta)
        self._write(b"".join((_LENGTH.pack(5 + size + len(body)), b"R", _LENGTH.pack(size), meta)), body)

    def _write(self, head: bytes, body: bytes) -> None:
        with self._lock:
            if len(body) < _SMALL:
                self._write_all(head + body)
            else:
                self._write_all(head)
                self._write_all(body)

    def _write_all(self, data: bytes) -> None:
        written = os.write(self.descriptor, data)
        if written < len(data):
            rest = memoryview(data)[written:]
            while rest:
                rest = rest[os.write(self.descriptor, rest) :]
