"""The answer of a call, as requests gives it; made lazily, since most callers read only the status and the JSON."""

from __future__ import annotations

import datetime
import io
import json
import time
import zlib
from email.utils import formatdate
from typing import Any, List, Optional

from . import errors
from .encode import SERVER_TEXT
from .fastjson import scan
from .nuclio_http import answer_headers, sent_value
from .status_texts import status_text
from .structures import CaseInsensitiveDict, Cookies

_UNSET: Any = object()
_REDIRECTS = (301, 302, 303, 307, 308)


class Request:
    """What was sent: `response.request`."""

    def __init__(self, method: str, url: str, headers, body):
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body


class Response:
    """An answer. `_raw` is the body on the wire, str or bytes; `_own_json` says that our encoder wrote it.

    `_source` makes the headers when they are first read: a function, or the headers themselves.
    `_started` and `_ended` are `perf_counter` seconds.
    """

    _source: Any

    __slots__ = (
        "status_code", "url", "history", "_raw", "_own_json", "_source", "_started", "_ended",
        "_request", "_content", "_encoding", "_cookies", "_reason", "_raw_stream",
    )  # fmt: skip

    def __init__(self, status, url, raw, own_json, source, started, ended, request):
        self.status_code = status
        self.url = url
        self.history: List[Any] = []
        self._raw = raw
        self._own_json = own_json
        self._source = source
        self._started = started
        self._ended = ended
        self._request = request
        self._content = None
        self._encoding = _UNSET
        self._reason = None

    @property
    def headers(self) -> CaseInsensitiveDict:
        if type(self._source) is tuple:
            content_type, headers, body, trace, logs = self._source
            self._source = local_headers(content_type, headers, body, trace, logs, self._ended)
        return self._source

    @property
    def request(self) -> Request:
        if type(self._request) is tuple:
            method, url, headers, body = self._request
            self._request = Request(
                method, url, CaseInsensitiveDict(headers), body.encode() if type(body) is str else body
            )
        return self._request

    @property
    def reason(self) -> str:
        return status_text(self.status_code) if self._reason is None else self._reason

    @property
    def ok(self) -> bool:
        return self.status_code < 400

    @property
    def is_redirect(self) -> bool:
        return self.status_code in _REDIRECTS and "location" in self.headers

    @property
    def is_permanent_redirect(self) -> bool:
        return self.status_code in (301, 308) and "location" in self.headers

    @property
    def elapsed(self) -> datetime.timedelta:
        return datetime.timedelta(seconds=self._ended - self._started)

    @property
    def content(self) -> bytes:
        if self._content is None:
            raw = self._raw
            raw = raw.encode() if type(raw) is str else raw
            self._content = _decompressed(raw, self.headers.get("content-encoding", "")) if raw else raw
        return self._content

    @property
    def encoding(self) -> Optional[str]:
        if self._encoding is _UNSET:
            self._encoding = _encoding_of(self.headers.get("content-type"))
        return self._encoding

    @encoding.setter
    def encoding(self, value: Optional[str]) -> None:
        self._encoding = value
        self._own_json = False

    @property
    def apparent_encoding(self) -> str:
        """UTF-8 if the body is; else ISO-8859-1, which everything is."""
        try:
            self.content.decode()
            return "utf-8"
        except UnicodeDecodeError:
            return "ISO-8859-1"

    @property
    def text(self) -> str:
        if self._own_json:
            return self._raw
        encoding = self.encoding or self.apparent_encoding
        try:
            return self.content.decode(encoding, "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")

    def json(self, **kwargs) -> Any:
        """The parsed body. Raises JSONDecodeError."""
        if self._own_json and not kwargs:
            return scan(self._raw, 0)[0]
        try:
            # Bytes without a declared encoding may be UTF-8, UTF-16 or UTF-32; json tells them apart.
            return json.loads(self.text if self.encoding else self.content, **kwargs)
        except json.JSONDecodeError as error:
            raise errors.named("JSONDecodeError")(error.msg, error.doc, error.pos) from None

    @property
    def cookies(self) -> Cookies:
        jar = Cookies()
        if "set-cookie" in self.headers:
            jar.take(self.headers["set-cookie"])
        return jar

    @property
    def raw(self) -> io.BytesIO:
        """The body on the wire, as a stream."""
        raw = self._raw
        return io.BytesIO(raw.encode() if type(raw) is str else raw)

    def raise_for_status(self) -> None:
        if self.status_code >= 400:
            kind = "Client" if self.status_code < 500 else "Server"
            if self.status_code < 600:
                message = "%s %s Error: %s for url: %s" % (self.status_code, kind, self.reason, self.url)
                raise errors.named("HTTPError")(message, response=self)

    def iter_content(self, chunk_size: Optional[int] = 1, decode_unicode: bool = False):
        """The body in pieces: bytes, or str with `decode_unicode`."""
        body: Any = self.text if decode_unicode and self.encoding else self.content
        size = chunk_size or max(len(body), 1)
        return (body[at : at + size] for at in range(0, len(body), size))

    def iter_lines(self, chunk_size: int = 512, decode_unicode: bool = False, delimiter: Any = None):
        body: Any = self.text if decode_unicode and self.encoding else self.content
        return iter(body.split(delimiter) if delimiter else body.splitlines())

    def close(self) -> None:
        """Nothing is held open."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __bool__(self):
        return self.ok

    def __iter__(self):
        return self.iter_content(128)

    def __repr__(self):
        return "<Response [%s]>" % self.status_code


def local_headers(
    content_type: str, headers, body, trace: str, logs: Optional[str], ended: float
) -> CaseInsensitiveDict:
    """The headers that the answer of a local call would have had on the network, in their order.

    `body` None: it cannot have one. `ended` in `perf_counter` seconds.
    """
    made = CaseInsensitiveDict()
    made["Server"] = "nuclio"
    if headers:
        made.update(answer_headers(headers))
    if logs is not None:
        made["X-Nuclio-Logs"] = logs
    made["Content-Type"] = sent_value(content_type) or SERVER_TEXT
    if body is not None:
        made["Content-Length"] = str(len(body.encode() if type(body) is str else body))
    made["Fusionizer-Trace-Id"] = trace
    made["Date"] = formatdate(time.time() - (time.perf_counter() - ended), usegmt=True)
    made["Connection"] = "keep-alive"
    made["Keep-Alive"] = "timeout=75"
    return made


def _encoding_of(content_type: Optional[str]) -> Optional[str]:
    """The encoding that requests takes for a content type."""
    if not content_type:
        return None
    kind, *parameters = content_type.split(";")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "charset" and value:
            return value.strip("'\" ")
    if "text" in kind:
        return "ISO-8859-1"
    return "utf-8" if "application/json" in kind else None


def _decompressed(body: bytes, encoding: str) -> bytes:
    kinds: List[str] = [kind.strip().lower() for kind in encoding.split(",")]
    try:
        for kind in reversed(kinds):
            if kind in ("gzip", "x-gzip"):
                body = zlib.decompress(body, 16 + zlib.MAX_WBITS)
            elif kind == "deflate":
                body = _inflate(body)
    except zlib.error as error:
        raise errors.named("ContentDecodingError")(error) from error
    return body


def _inflate(body: bytes) -> bytes:
    """Deflate with its zlib header, or without, as some servers send it."""
    try:
        return zlib.decompress(body)
    except zlib.error:
        return zlib.decompress(body, -zlib.MAX_WBITS)
