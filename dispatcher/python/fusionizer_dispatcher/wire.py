"""What the way over the server does to a request and to an answer, as far as a local call does not imitate it.

A local call imitates that way for plain requests only. All others take it, also to a Task of the same function: HTTP
itself, the server's guard and Nuclio's HTTP trigger may refuse or change them. test/contract/plain-requests.json has
the rules, and test/server/wire.test.ts compares them with the real thing.
"""

from __future__ import annotations

import http.client
import re
from typing import Any, Callable, Dict, Mapping, Optional

from .nuclio_http import canonical_header, is_own_request_header
from .structures import pairs_of

#: Bytes of address and headers from which on a request is not plain. Node.js refuses 16 KiB, with those that we add.
MOST_BYTES = 15 * 1024
#: Answers below both of these are within the limits of every client.
_FEW_HEADERS = 80
_SHORT_VALUE = 8 * 1024

#: Those that the server's HTTP parser knows, but for CONNECT.
_METHODS = frozenset(
    (
        "ACL", "BIND", "CHECKOUT", "COPY", "DELETE", "GET", "HEAD", "LINK", "LOCK", "M-SEARCH", "MERGE",
        "MKACTIVITY", "MKCALENDAR", "MKCOL", "MOVE", "NOTIFY", "OPTIONS", "PATCH", "POST", "PROPFIND", "PROPPATCH",
        "PURGE", "PUT", "REBIND", "REPORT", "SEARCH", "SOURCE", "SUBSCRIBE", "TRACE", "UNBIND", "UNLINK", "UNLOCK",
        "UNSUBSCRIBE",
    )
)  # fmt: skip
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*").fullmatch
_JUDGED = re.compile("(origin|upgrade|expect|transfer-encoding|sec-fetch-.*|access-control-request-.*)", re.I).fullmatch

#: Whether a header with this value is plain; the second parameter is the request's own host.
_Rule = Callable[[str, str], bool]
_RULES: Dict[str, Optional[_Rule]] = {
    "Host": lambda value, host: value == host,
    "Connection": lambda value, _host: value.lower() == "keep-alive",
    # The cookie of the server's own pages, which it keeps from Tasks.
    "Cookie": lambda value, _host: "fusionizer_token_" not in value,
}
_rules: Dict[str, Optional[_Rule]] = {}
_RULES_LIMIT = 2048
_UNKNOWN: Any = object()


def is_plain(method: str, wire: str, headers: Mapping[str, str], host: str, length: Optional[int]) -> bool:
    """Whether a request arrives at its Task as it is sent.

    `wire` is its path and query, `host` the server's own `Host`, `length` the body's in bytes, None if there is none.
    """
    if method not in _METHODS:
        return False
    size = len(wire)
    for name, value in pairs_of(headers):
        rule = _rules.get(name, _UNKNOWN)
        if rule is _UNKNOWN:
            rule = _rule_of(name)
        if rule is not None:
            if rule is _own:
                continue
            if rule is _length:
                if value != str(length or 0):
                    return False
            elif not rule(value, host):
                return False
        size += len(name) + len(value)
        if not (value.isascii() and value.isprintable()) and not _VALUE(value):
            return False
    return size < MOST_BYTES


def _own(_value: str, _host: str) -> bool:
    """A header that only the server sets is never sent."""
    return True


def _length(_value: str, _host: str) -> bool:
    """Content-Length, which `is_plain` compares itself."""
    return True


def _refused(_value: str, _host: str) -> bool:
    """A header that the server judges, or a name that HTTP does not have."""
    return False


def _rule_of(name: str) -> Optional[_Rule]:
    canonical = canonical_header(name)
    rule: Optional[_Rule]
    if not _TOKEN(name) or _JUDGED(name):
        rule = _refused
    elif is_own_request_header(canonical):
        rule = _own
    elif canonical == "Content-Length":
        rule = _length
    else:
        rule = _RULES.get(canonical)
    if len(_rules) >= _RULES_LIMIT:
        _rules.clear()
    _rules[name] = rule
    return rule


def may_be_large(headers: Optional[Mapping[str, str]], content_type: str) -> bool:
    """Whether an answer's headers have to be compared with the limits of a client. `headers`: the handler's own."""
    if len(content_type) > _SHORT_VALUE:
        return True
    return headers is not None and (
        len(headers) > _FEW_HEADERS or any(len(name) + len(value) > _SHORT_VALUE for name, value in headers.items())
    )


def fault_of(headers: Mapping[str, str]) -> Optional[str]:
    """Why Python's HTTP client does not take an answer with these headers; None if it does."""
    longest: int = http.client._MAXLINE  # type: ignore[attr-defined]
    most: int = http.client._MAXHEADERS  # type: ignore[attr-defined]
    # A line ends with two bytes more, and the empty line at the end counts as one, too.
    if any(len(name) + len(": ") + len(value) + 2 > longest for name, value in headers.items()):
        return "got more than %d bytes when reading header line" % longest
    return "got more than %d headers" % most if len(headers) + 1 > most else None
