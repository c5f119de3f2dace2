"""From the arguments of a session's method to the request that is sent, by the rules of requests."""

from __future__ import annotations

import base64
import importlib
import re
from collections.abc import Mapping
from typing import Any, Dict, List, Optional
from urllib.parse import unquote, urlsplit

from . import errors, installed
from .fastjson import plain_text
from .structures import CaseInsensitiveDict, as_in_requests
from .urls import encode_pairs

#: What urllib3 and http.client add where a caller has taken the session's own away.
_BELOW = {"Accept-Encoding": "identity", "User-Agent": installed.urllib3_user_agent()}
_BROKEN_VALUE = re.compile(r"^\s|[\r\n]")
_BROKEN_NAME = re.compile(r"^\s|[:\r\n]|^$")

# What has one of these has a size; the body of any other goes without.
_SIZED = ("__len__", "len", "fileno", "tell")

DEFAULT_HEADERS = {
    "User-Agent": installed.user_agent(),
    "Accept-Encoding": installed.accept_encoding(),
    "Accept": "*/*",
    "Connection": "keep-alive",
}


class Prepared:
    """A request as it is sent, and `response.request`: `headers` as the caller wrote them, `body` None, bytes or str.

    `jar` has the cookies that may go with it.
    """

    __class__ = as_in_requests("requests.models", "PreparedRequest")

    def __init__(self, method: str, url: str, headers: Any, body: Any, jar: Any = None):
        self.method = method
        self.url = url
        self.headers = headers if isinstance(headers, CaseInsensitiveDict) else CaseInsensitiveDict(headers)
        self.body = body
        self.jar = jar
        self.hooks: Dict[str, List[Any]] = {"response": []}

    def wire_body(self) -> Optional[bytes]:
        return self.body.encode() if isinstance(self.body, str) else self.body

    @property
    def path_url(self) -> str:
        """Path and query of the URL."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + ("?" + parts.query if parts.query else "")

    @property
    def _cookies(self) -> Any:
        """The jar, by the name that it has in requests."""
        return importlib.import_module(__package__ + ".cookies").Cookies() if self.jar is None else self.jar

    def copy(self) -> "Prepared":
        return Prepared(self.method, self.url, self.headers.copy(), self.body, self.jar)

    def __repr__(self):
        return "<PreparedRequest [%s]>" % self.method

    def __reduce__(self):
        return Prepared, (self.method, self.url, self.headers, self.body, self.jar)


def _bytes_of(data: Any) -> bytes:
    """What `data` is on the wire. File-like objects are read to their end, iterators joined."""
    if hasattr(data, "read"):
        data = data.read()
    elif not isinstance(data, (str, bytes, bytearray, memoryview)):
        data = b"".join(chunk.encode() if isinstance(chunk, str) else chunk for chunk in data)
    return data.encode() if isinstance(data, str) else bytes(data)


def _is_stream(data: Any) -> bool:
    return hasattr(data, "__iter__") and not isinstance(data, (str, bytes, list, tuple, Mapping))


def merge_headers(base: Mapping, own: Any) -> CaseInsensitiveDict:
    """The session's headers and the request's; None removes one. Raises InvalidHeader."""
    merged = CaseInsensitiveDict(base)
    for name, value in own.items() if own else ():
        name = name.decode("latin-1") if isinstance(name, bytes) else name
        if value is None:
            merged.pop(name, None)
            continue
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        if not isinstance(value, str):
            raise errors.named("InvalidHeader")(
                "Header part (%r) from (%r, %r) must be of type str or bytes, not %s"
                % (value, name, value, type(value))
            )
        if _BROKEN_NAME.search(name) or _BROKEN_VALUE.search(value):
            part = ("name", name) if _BROKEN_NAME.search(name) else ("value", value)
            raise errors.named("InvalidHeader")(
                "Invalid leading whitespace, reserved character(s), or return character(s) in header %s: %r" % part
            )
        merged[name] = value
    return merged


def prepare(method: str, url: str, headers: CaseInsensitiveDict, data: Any, json: Any, auth: Any, jar: Any) -> Prepared:
    """A request out of merged headers and a prepared URL. Raises InvalidJSONError."""
    body: Any = None
    content_type = None
    is_chunked = False
    if not data and json is not None:
        try:
            body = plain_text(json).encode()
        except ValueError as error:
            raise errors.named("InvalidJSONError")(error, request=Prepared(method, url, headers, None, jar)) from error
        content_type = "application/json"
    elif data:
        if isinstance(data, (str, bytes)):
            body = data
        elif hasattr(data, "read") or _is_stream(data):
            body = _bytes_of(data)
            is_chunked = not (body and any(hasattr(data, name) for name in _SIZED))
        elif not hasattr(data, "__iter__"):
            raise TypeError(
                "'body' must be a bytes-like object, file-like object, or iterable. Instead was %r" % (data,)
            )
        else:
            body = encode_pairs(data)
            content_type = "application/x-www-form-urlencoded"
    if is_chunked:
        headers["Transfer-Encoding"] = "chunked"
    elif body:
        headers["Content-Length"] = str(len(body.encode() if isinstance(body, str) else body))
    elif method not in ("GET", "HEAD") and "Content-Length" not in headers:
        headers["Content-Length"] = "0"
    if content_type and "Content-Type" not in headers:
        headers["Content-Type"] = content_type
    if auth is None and "@" in url:
        parts = urlsplit(url)
        if parts.username or parts.password:
            auth = (unquote(parts.username or ""), unquote(parts.password or ""))
    if auth:
        headers["Authorization"] = basic_auth(*auth)
    return Prepared(method, url, headers, body, jar)


def with_lower_layers(headers: Mapping) -> Mapping:
    """The headers as they leave the machine: what lies below requests adds its own."""
    if "User-Agent" in headers and "Accept-Encoding" in headers:
        return headers
    added = {name: value for name, value in _BELOW.items() if value is not None and name not in headers}
    return CaseInsensitiveDict({**headers, **added})


def basic_auth(user: Any, password: Any) -> str:
    """The header's value for a user and a password, each as str, bytes or what becomes a str."""
    pair = [part if isinstance(part, bytes) else str(part).encode("latin-1") for part in (user, password)]
    return "Basic " + base64.b64encode(b":".join(pair)).decode()
