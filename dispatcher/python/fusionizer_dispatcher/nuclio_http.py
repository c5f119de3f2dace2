"""What an HTTP request becomes on its way through Nuclio's server: canonical header names, path and query fields."""
from __future__ import annotations

import re
from typing import Dict
from urllib.parse import unquote, unquote_plus

_canonical: Dict[str, str] = {}
_CANONICAL_LIMIT = 2048
_SLASHES = re.compile("/{2,}")


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
        path = path[:before] + path[at + 3:]
    if path.endswith("/.."):
        at = len(path) - 3
        path = path[: (path.rfind("/", 0, at) if at > 0 else 0) + 1]
    return path


def query_fields(query: str) -> Dict[str, str]:
    """The fields of a raw query string; the last of a repeated one wins."""
    fields = {}
    for pair in query.split("&"):
        if pair and pair != "=":
            name, _, value = pair.partition("=")
            fields[unquote_plus(name)] = unquote_plus(value)
    return fields
