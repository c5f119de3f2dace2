"""The answer of a call, as requests gives it; made lazily, since most callers read only the status and the JSON."""

from __future__ import annotations

import datetime
import json
import time
from email.utils import formatdate
from typing import Any, Callable, Dict, List, Optional
from urllib.parse import urlsplit

from . import errors
from .body import encoding_of, guessed_encoding, json_encoding, lines, links_of, pieces, unpacked
from .encode import SERVER_TEXT
from .fastjson import scan
from .nuclio_http import answer_headers, sent_value
from .raw import read_response
from .request import Prepared
from .status_texts import status_text
from .structures import CaseInsensitiveDict, as_in_requests

_UNSET: Any = object()
_OF_ASCII = ("utf-8", "ISO-8859-1")
_REDIRECTS = (301, 302, 303, 307, 308)
_PICKLED = (
    "_content", "status_code", "headers", "url", "history", "encoding", "reason", "cookies", "elapsed", "request",
)  # fmt: skip


class Response:
    """An answer. `_raw` is the body on the wire, str or bytes; `_own_json` says that our encoder wrote it.

    `_source` makes the headers when they are first read: what `local_headers` takes, or the headers themselves.
    `_started` and `_ended` are `perf_counter` seconds. `_pairs` has the headers of a remote answer one by one.
    """

    __class__ = as_in_requests("requests.models", "Response")

    history: List[Any]
    reason: str
    elapsed: datetime.timedelta
    cookies: Any
    raw: Any

    _content: Any = None
    _content_consumed = True
    _encoding: Any = _UNSET
    _next: Any = None
    _pairs: Any = None
    connection: Any = None

    def __init__(self, status, url, raw, own_json, source, started, ended, request):
        self.status_code = status
        self.url = url
        self._raw = raw
        self._own_json = own_json
        self._source = source
        self._started = started
        self._ended = ended
        self._request = request

    @property
    def headers(self) -> CaseInsensitiveDict:
        if type(self._source) is tuple:
            content_type, headers, body, trace, logs = self._source
            self._source = local_headers(content_type, headers, body, trace, logs, self._ended)
        return self._source

    @headers.setter
    def headers(self, value: Any) -> None:
        self._source = value

    @property
    def request(self) -> Any:
        if type(self._request) is tuple:
            method, url, headers, text = self._request
            self._request = made = Prepared(method, url, headers, text.encode())
            made.headers["Content-Length"] = str(len(made.body))
        return self._request

    @request.setter
    def request(self, value: Any) -> None:
        self._request = value

    @property
    def ok(self) -> bool:
        return not 400 <= self.status_code < 600

    @property
    def is_redirect(self) -> bool:
        return self.status_code in _REDIRECTS and "location" in self.headers

    @property
    def is_permanent_redirect(self) -> bool:
        return self.status_code in (301, 308) and "location" in self.headers

    @property
    def next(self) -> Any:
        """The request that a redirect asks for, where redirects are not followed."""
        return self._next

    @property
    def content(self) -> bytes:
        if self._content is None:
            body = self.wire_body()
            if body and not self._is_bare():
                body = unpacked(body, self.headers.get("content-encoding", ""))
            self._content = body
        return self._content

    def _is_bare(self) -> bool:
        """Whether the callee has set no headers, so that those of the answer need not be made to know the body."""
        return type(self._source) is tuple and self._source[1] is None

    @property
    def encoding(self) -> Optional[str]:
        if self._encoding is _UNSET:
            source = self._source
            kind = source[0] or SERVER_TEXT if type(source) is tuple else source.get("content-type")
            self._encoding = encoding_of(kind)
        return self._encoding

    @encoding.setter
    def encoding(self, value: Optional[str]) -> None:
        self._encoding = value
        self._own_json = False

    @property
    def apparent_encoding(self) -> Optional[str]:
        return guessed_encoding(self.content)

    @property
    def text(self) -> str:
        raw = self._raw
        if self._own_json:
            return raw
        if type(raw) is str and raw.isascii() and self._is_bare() and self.encoding in _OF_ASCII:
            return raw
        content = self.content
        if not content:
            return ""
        encoding = self.encoding
        if encoding is None:
            encoding = self.apparent_encoding
        try:
            return str(content, encoding or "utf-8", "replace")
        except (LookupError, TypeError):
            return str(content, "utf-8", "replace")

    def json(self, **kwargs) -> Any:
        """The parsed body. Raises JSONDecodeError."""
        if self._own_json and not kwargs:
            return scan(self._raw, 0)[0]
        try:
            if not self.encoding and len(self.content) > 3:
                encoding = json_encoding(self.content)
                if encoding is not None:
                    try:
                        return json.loads(self.content.decode(encoding), **kwargs)
                    except UnicodeDecodeError:
                        pass  # Some other encoding, which is guessed below.
            return json.loads(self.text, **kwargs)
        except json.JSONDecodeError as error:
            raise errors.named("JSONDecodeError")(error.msg, error.doc, error.pos) from None

    @property
    def links(self) -> Dict[str, Dict[str, str]]:
        """The links of the header `Link`, by their `rel`."""
        return links_of(self.headers.get("link"))

    def raise_for_status(self) -> None:
        if not self.ok:
            kind = "Client" if self.status_code < 500 else "Server"
            message = "%s %s Error: %s for url: %s" % (self.status_code, kind, self.reason, self.url)
            raise errors.named("HTTPError")(message, response=self)

    def iter_content(self, chunk_size: Optional[int] = 1, decode_unicode: bool = False):
        """The body in pieces of `chunk_size` bytes: bytes, or str with `decode_unicode`."""
        if chunk_size is not None and not isinstance(chunk_size, int):
            raise TypeError("chunk_size must be an int, it is instead a %s." % type(chunk_size))
        return pieces(self.content, chunk_size, self.encoding if decode_unicode else None)

    def iter_lines(self, chunk_size: int = 512, decode_unicode: bool = False, delimiter: Any = None):
        return lines(self.iter_content(chunk_size, decode_unicode), delimiter)

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

    def __getstate__(self):
        return {"_content": self.content, **{name: getattr(self, name) for name in _PICKLED[1:]}}

    def __reduce__(self):
        return _restore, (self.__getstate__(),)

    def wire_body(self) -> bytes:
        """The body as it came."""
        return self._raw.encode() if type(self._raw) is str else self._raw

    def set_cookies(self) -> List[str]:
        """The values of its Set-Cookie headers."""
        if self._pairs is not None:
            return [value for name, value in self._pairs if name.lower() == "set-cookie"]
        return [self.headers["set-cookie"]] if "set-cookie" in self.headers else []


def _restore(state: Dict[str, Any]) -> Response:
    response = Response(state["status_code"], state["url"], state["_content"], False, None, 0, 0, None)
    for name, value in state.items():
        setattr(response, name, value)
    response.raw = None
    return response


def _cookies(response: Response) -> Any:
    from .cookies import Cookies, take

    jar = Cookies()
    if response.request is not None:
        take(jar, response.request.url, response.request.headers, response.set_cookies())
    return jar


def _raw(response: Response) -> Any:
    parts = urlsplit(response.url)
    return read_response(
        response.status_code,
        response.reason,
        list(response.headers.items()) if response._pairs is None else response._pairs,
        response.wire_body(),
        response.request.method if response.request is not None else "GET",
        parts.path + ("?" + parts.query if parts.query else ""),
    )


class _Lazy:
    """An attribute that a caller may set, and that is made when it is first read.

    A class with `__getattr__` would make every attribute slower to read.
    """

    def __init__(self, name: str, make: Callable[[Response], Any]):
        self.name = name
        self.make = make

    def __get__(self, response, _owner=None):
        if response is None:
            return self
        value = response.__dict__[self.name] = self.make(response)
        return value


for _name, _make in (
    ("history", lambda response: []),
    ("reason", lambda response: status_text(response.status_code)),
    ("elapsed", lambda response: datetime.timedelta(seconds=response._ended - response._started)),
    ("cookies", _cookies),
    ("raw", _raw),
):
    setattr(Response, _name, _Lazy(_name, _make))


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
