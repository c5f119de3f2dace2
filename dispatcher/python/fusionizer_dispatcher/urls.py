"""A URL as requests prepares it: parsed and escaped by the rules of urllib3's `parse_url`, then those of requests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, List, NamedTuple, Optional, Tuple
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from . import errors

_UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_USERINFO = frozenset((_UNRESERVED + "!$&'()*+,;=:").encode())
_PATH = _USERINFO | frozenset(b"@/")
_QUERY = _PATH | frozenset(b"?")
_SAFE = "!#$%&'()*+,/:;=?@[]~"

_SCHEME = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+-]*:|/)")
_PARTS = re.compile(
    r"^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?://([^\\/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$", re.UNICODE | re.DOTALL
)
_HOST_AND_PORT = re.compile(
    r"^((?:[^\[\]%:/?#]|%[a-fA-F0-9]{2})*|\[[0-9A-Fa-f:.]+(?:%[^\]]+)?\])(?::0*?(|0|[1-9][0-9]{0,4}))?$",
    re.UNICODE | re.DOTALL,
)
_ESCAPE = re.compile("%[a-fA-F0-9]{2}")
_NOTHING_TO_DO = re.compile(r"^http://[a-z0-9.-]+(?::[1-9][0-9]{0,4})?(?:/[A-Za-z0-9_~-]+)+/?$").match


class _Url(NamedTuple):
    scheme: str
    auth: Optional[str]
    host: str
    port: Optional[int]
    path: str
    query: Optional[str]
    fragment: Optional[str]


def prepare_url(url: Any, params: Any) -> str:
    """The URL with `params` appended and escaped. Raises MissingSchema, InvalidURL."""
    text = (url.decode() if isinstance(url, bytes) else str(url)).lstrip()
    if not params and _NOTHING_TO_DO(text):
        return text
    if ":" in text and not text.lower().startswith("http"):
        return text
    scheme, auth, host, port, path, query, fragment = _parse(text)
    netloc = (auth + "@" if auth else "") + host + (":%d" % port if port else "")
    added = encode_pairs(params) if params else ""
    added = added.decode() if isinstance(added, bytes) else added
    query = "%s&%s" % (query, added) if query and added else query or added
    return escape_url(urlunsplit((scheme, netloc, path or "/", query, fragment or "")))


def escape_url(url: str) -> str:
    """Escaped where it is not yet; what needs no escape has none. requests calls it `requote_uri`."""
    try:
        return quote(_without_needless_escapes(url), _SAFE)
    except ValueError:
        # An escape that is none: then each % stands for itself.
        return quote(url, _SAFE.replace("%", ""))


def _without_needless_escapes(url: str) -> str:
    """Raises ValueError for an escape such as `%zz`."""
    first, *others = url.split("%")
    pieces = [first]
    for part in others:
        digits = part[:2]
        if len(digits) == 2 and digits.isalnum():
            character = chr(int(digits, 16))
            pieces.append(character + part[2:] if character in _UNRESERVED else "%" + part)
        else:
            pieces.append("%" + part)
    return "".join(pieces)


def _parse(text: str) -> _Url:
    failed = errors.named("InvalidURL")
    match = _PARTS.match(text if not text or _SCHEME.search(text) else "//" + text)
    assert match is not None  # The expression matches any text.
    scheme, authority, path, query, fragment = match.groups()
    auth = host = port = None
    if authority:
        auth, _, place = authority.rpartition("@")
        found = _HOST_AND_PORT.match(place)
        if found is None or int(found.group(2) or 0) > 65535:
            raise failed("Failed to parse: %s" % text)
        host, port = found.groups()
    if not scheme:
        raise errors.named("MissingSchema")(
            "Invalid URL %r: No scheme supplied. Perhaps you meant https://%s?" % (text, text)
        )
    if not host:
        raise failed("Invalid URL %r: No host supplied" % text)
    scheme = scheme.lower()
    host = _normal_host(host)
    if scheme in ("http", "https"):
        auth = auth and _escape_part(auth, _USERINFO)
        path = _escape_part(_without_dots(path), _PATH)
        query = query and _escape_part(query, _QUERY)
        fragment = fragment and _escape_part(fragment, _QUERY)
    return _Url(scheme, auth or None, host, int(port) if port else None, path, query, fragment)


def _normal_host(host: str) -> str:
    if not host.isascii():
        try:
            return host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            raise errors.named("InvalidURL")("URL has an invalid label.") from None
    if host.startswith(("*", ".")):
        raise errors.named("InvalidURL")("URL has an invalid label.")
    return host.lower()


def _escape_part(part: str, allowed) -> str:
    """With escapes in upper case. One lone `%` makes all of them count as text."""
    part, escapes = _ESCAPE.subn(lambda match: match.group(0).upper(), part)
    raw = part.encode("utf-8", "surrogatepass")
    is_escaped = escapes == raw.count(b"%")
    return "".join(chr(byte) if byte in allowed or (is_escaped and byte == 0x25) else "%%%02X" % byte for byte in raw)


def _without_dots(path: str) -> str:
    """A path without `.` and `..` segments (RFC 3986, 5.2.4), which clients remove before they send."""
    if "/." not in path:
        return path
    kept: List[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if path.startswith("/") and (not kept or kept[0]):
        kept.insert(0, "")
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/".join(kept)


def encode_pairs(data: Any) -> Any:
    """Form fields or parameters: str and bytes as they are; mappings and pairs urlencoded, lists as repeated fields."""
    if isinstance(data, (str, bytes)) or hasattr(data, "read") or not hasattr(data, "__iter__"):
        return data
    pairs: List[Tuple[Any, Any]] = []
    for name, values in data.items() if isinstance(data, Mapping) else data:
        if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
            values = [values]
        pairs.extend((name, value) for value in values if value is not None)
    return urlencode(pairs, doseq=True)


def redirect_url(location: str, asked: str, fragment: str) -> str:
    """Where a redirect leads. `asked` is the URL that answered, `fragment` the one in force, which a redirect keeps."""
    # http.client reads header values as Latin-1; in fact they are UTF-8.
    location = location.encode("latin-1", "replace").decode("utf-8", "replace")
    if location.startswith("//"):
        location = "%s:%s" % (urlsplit(asked).scheme, location)
    parts = urlsplit(location)
    if not parts.fragment and fragment:
        parts = parts._replace(fragment=fragment)
    location = escape_url(urlunsplit(parts))
    return location if parts.netloc else urljoin(asked, location)


def wire_target(path: str, query: str) -> str:
    """Path and query as urllib3 sends them, which escapes what a prepared URL may still have."""
    target = _escape_part(path, _PATH)
    return "%s?%s" % (target, _escape_part(query, _QUERY)) if query else target
