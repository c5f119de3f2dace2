"""From the arguments of a session's method to the request that is sent, by the rules of requests."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any, List, NamedTuple, Optional, Tuple
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit

from . import errors
from .fastjson import plain_text
from .structures import CaseInsensitiveDict

_SAFE = "!#$%&'()*+,/:;=?@[]~"
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_BROKEN_VALUE = re.compile(r"^\s|[\r\n]")
_BROKEN_NAME = re.compile(r"^\s|[:\r\n]|^$")

DEFAULT_HEADERS = {
    "User-Agent": "python-requests/2.32 (Fusionizer)",
    "Accept-Encoding": "gzip, deflate",
    "Accept": "*/*",
    "Connection": "keep-alive",
}


class Prepared(NamedTuple):
    """A request: `headers` as the caller wrote them, `body` None or bytes."""

    method: str
    url: str
    headers: CaseInsensitiveDict
    body: Optional[bytes]


def prepare_url(url: Any, params: Any) -> str:
    """The URL with `params` appended and escaped. Raises MissingSchema, InvalidURL."""
    text = (url.decode() if isinstance(url, bytes) else str(url)).lstrip()
    if ":" in text and not text.lower().startswith("http"):
        return text
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError as error:
        raise errors.named("InvalidURL")(*error.args) from None
    if not parts.scheme:
        raise errors.named("MissingSchema")(
            "Invalid URL %r: No scheme supplied. Perhaps you meant https://%s?" % (text, text)
        )
    if not host:
        raise errors.named("InvalidURL")("Invalid URL %r: No host supplied" % text)
    query = parts.query
    added = encode_pairs(params) if params else ""
    added = added.decode() if isinstance(added, bytes) else added
    query = "%s&%s" % (query, added) if query and added else query or added
    path = _without_dots(parts.path) if "/." in parts.path else parts.path or "/"
    userinfo, at, _ = parts.netloc.rpartition("@")
    netloc = userinfo + at + parts.netloc[len(userinfo) + len(at) :].lower()
    return urlunsplit((parts.scheme, netloc, _quoted(path), _quoted(query), _quoted(parts.fragment)))


def _quoted(part: str) -> str:
    """Escaped where it is not yet; what needs no escape has none."""
    return quote(_ESCAPE.sub(_needless, part), _SAFE)


def _needless(match) -> str:
    character = chr(int(match.group(1), 16))
    return character if character in _UNRESERVED else match.group(0)


def _without_dots(path: str) -> str:
    """A path without `.` and `..` segments (RFC 3986, 5.2.4), which clients remove before they send."""
    kept: List[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    joined = "/".join(kept)
    return joined if joined.startswith("/") else "/" + joined


def encode_pairs(data: Any) -> Any:
    """Form fields or parameters: str and bytes as they are; mappings and pairs urlencoded, lists as repeated fields."""
    if isinstance(data, (str, bytes)):
        return data
    pairs: List[Tuple[Any, Any]] = []
    for name, values in data.items() if isinstance(data, Mapping) else data:
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            values = [values]
        pairs.extend((name, value) for value in values if value is not None)
    return urlencode(pairs, doseq=True)


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
            raise errors.named("InvalidHeader")(
                "Invalid leading whitespace, reserved character(s), or return character(s) in header: %r: %r"
                % (name, value)
            )
        merged[name] = value
    return merged


def prepare(method: str, url: str, headers: CaseInsensitiveDict, data: Any, json: Any, auth: Any) -> Prepared:
    """A request out of merged headers and a prepared URL. Raises InvalidJSONError."""
    body: Optional[bytes] = None
    content_type = None
    if not data and json is not None:
        try:
            body = plain_text(json).encode()
        except ValueError as error:
            raise errors.named("InvalidJSONError")(error) from error
        content_type = "application/json"
    elif data:
        if isinstance(data, (str, bytes)) or hasattr(data, "read") or _is_stream(data):
            body = _bytes_of(data)
        else:
            body = encode_pairs(data).encode()
            content_type = "application/x-www-form-urlencoded"
    if content_type and "Content-Type" not in headers:
        headers["Content-Type"] = content_type
    if body:
        headers["Content-Length"] = str(len(body))
    elif method not in ("GET", "HEAD") and "Content-Length" not in headers:
        headers["Content-Length"] = "0"
    if auth is None and "@" in url:
        parts = urlsplit(url)
        if parts.username or parts.password:
            auth = (unquote(parts.username or ""), unquote(parts.password or ""))
    if auth:
        user, password = (part if isinstance(part, bytes) else str(part).encode("latin-1") for part in auth)
        headers["Authorization"] = "Basic " + base64.b64encode(user + b":" + password).decode()
    return Prepared(method, url, headers, body)
