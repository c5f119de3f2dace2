"""What the server and Nuclio's HTTP trigger do to a message on its way to a handler and back.

A local call does the same, so that a Task cannot tell the two apart. The rules are in test/contract.
"""

from __future__ import annotations

import re
from typing import Dict, Mapping
from urllib.parse import unquote, unquote_plus

from .structures import pairs_of

_canonical: Dict[str, str] = {}
_CANONICAL_LIMIT = 2048
_SLASHES = re.compile("/{2,}")
_OWN_REQUEST_HEADERS = frozenset(("Task-Name", "Traceparent"))
_OWN_ANSWER_HEADERS = frozenset(
    (
        "Content-Type",
        "Content-Length",
        "Transfer-Encoding",
        "Trailer",
        "Connection",
        "Keep-Alive",
        "Date",
        "Server",
        "Fusionizer-Trace-Id",
    )
)


def canonical_header(name: str) -> str:
    """`x-custom-header` -> `X-Custom-Header`."""
    known = _canonical.get(name)
    if known is None:
        known = "-".join(part[:1].upper() + part[1:].lower() for part in name.split("-"))
        if len(_canonical) >= _CANONICAL_LIMIT:
            _canonical.clear()
        _canonical[name] = known
    return known


def normalise_path(raw: str) -> str:
    """The path that a handler sees: percent-decoded, `//` and `/./` collapsed, `/x/..` removed; never empty."""
    path = _SLASHES.sub("/", "/" + unquote(raw))
    while "/./" in path:
        path = path.replace("/./", "/")
    while True:
        at = path.find("/../")
        if at < 0:
            break
        before = path.rfind("/", 0, at) if at > 0 else 0
        path = path[:before] + path[at + 3 :]
    if path.endswith("/.."):
        at = len(path) - 3
        path = path[: (path.rfind("/", 0, at) if at > 0 else 0) + 1]
    return path


def is_own_request_header(canonical: str) -> bool:
    """Whether only the server sets this request header: what a caller sends of it never reaches a handler."""
    return canonical in _OWN_REQUEST_HEADERS or canonical.startswith("Fusionizer-")


def received_headers(headers: Mapping[str, str], token: str) -> Dict[str, str]:
    """A request's headers as the callee sees them, but for those that the server sets.

    Of a repeated name the last wins.
    `token` is the function's own, which no handler sees in `Authorization`. Raises UnicodeEncodeError for a value
    beyond Latin-1, as sending it does.
    """
    received = {}
    for name, value in pairs_of(headers):
        name = canonical_header(name)
        if not is_own_request_header(name):
            received[name] = _received_value(value)
    if token and _bearer(received.get("Authorization", "")) == token:
        del received["Authorization"]
    return received


def _bearer(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _received_value(value: str) -> str:
    """Header values are sent as Latin-1 and read as UTF-8, without white space around them."""
    value = value.strip(" \t")
    return value if value.isascii() else value.encode("latin-1").decode("utf-8", "replace")


def answer_headers(given: Mapping[str, str]) -> Dict[str, str]:
    """A handler's own headers as the caller gets them: without those that only the server sets.

    Of a repeated name the last wins. Values are sent as UTF-8, and a client reads them as Latin-1.
    """
    answer = {}
    for name, value in given.items():
        name = canonical_header(name)
        if name not in _OWN_ANSWER_HEADERS:
            answer[name] = sent_value(value)
    return answer


def sent_value(value: str) -> str:
    """The value of an answer's header as a client reads it: it is sent as UTF-8, and read as Latin-1."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode("latin-1")


def query_fields(query: str) -> Dict[str, str]:
    """The fields of a raw query string; the last of a repeated one wins."""
    fields = {}
    for pair in query.split("&"):
        if pair and pair != "=":
            name, _, value = pair.partition("=")
            fields[unquote_plus(name)] = unquote_plus(value)
    return fields
