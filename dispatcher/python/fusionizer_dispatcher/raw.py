"""`response.raw`: an answer on the wire, as urllib3 gives it. Its class is urllib3's where that is installed."""

from __future__ import annotations

import http.client
import importlib
import io
import types
from typing import Any, List, Tuple

Pairs = List[Tuple[str, str]]


def wire_response(status: int, reason: str, headers: Pairs, body: bytes, method: str, target: str) -> Any:
    """An unread urllib3 HTTPResponse over a body in memory; a stand-in with its main methods without urllib3."""
    try:
        kind = importlib.import_module("urllib3").HTTPResponse
    except ImportError:
        return _Wire(status, reason, headers, body, target)
    message = http.client.HTTPMessage()
    made = importlib.import_module("urllib3")._collections.HTTPHeaderDict()
    for name, value in headers:
        message[name] = value
        made.add(name, value)
    return kind(
        body=io.BytesIO(body),
        headers=made,
        status=status,
        version=11,
        reason=reason,
        preload_content=False,
        decode_content=False,
        # requests reads cookies from it.
        original_response=types.SimpleNamespace(msg=message, isclosed=lambda: True, close=_nothing),
        request_method=method,
        request_url=target,
    )


def read_response(*arguments: Any) -> Any:
    """As `wire_response`, read to its end: what a session leaves that does not stream."""
    raw = wire_response(*arguments)
    # To the end in pieces: only a read that finds nothing more closes it.
    while raw.read(65536, decode_content=False):
        pass
    return raw


class _Wire(io.BytesIO):
    def __init__(self, status: int, reason: str, headers: Pairs, body: bytes, target: str):
        super().__init__(body)
        self.status = status
        self.reason = reason
        self.version = 11
        self.headers = dict(headers)
        self._target = target

    def read(self, amount=-1, decode_content=None, cache_content=False):
        data = super().read(-1 if amount is None else amount)
        if amount and not data:
            self.close()
        return data

    def __iter__(self):
        return self.stream()

    def stream(self, amount: int = 65536, decode_content: Any = None):
        while not self.closed:
            chunk = self.read(amount)
            if chunk:
                yield chunk

    def getheader(self, name: str, default: Any = None) -> Any:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), default)

    def getheaders(self):
        return self.headers

    info = getheaders

    def geturl(self) -> str:
        return self._target

    def isclosed(self) -> bool:
        return self.closed

    def release_conn(self) -> None:
        """There is no connection."""

    drain_conn = release_conn


def _nothing() -> None:
    """There is nothing to close."""
