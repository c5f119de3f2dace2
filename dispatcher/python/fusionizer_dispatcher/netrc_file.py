"""User names and passwords for hosts, out of the file .netrc, where requests reads them."""

from __future__ import annotations

import functools
import importlib
import os
from typing import Optional, Tuple
from urllib.parse import urlsplit


def place() -> Optional[str]:
    """The file, if there is one. Looked for once: one that is made after the first call is not seen."""
    return _find(os.environ.get("NETRC"), os.environ.get("HOME"))


@functools.lru_cache(64)
def _find(named: Optional[str], _home: Optional[str]) -> Optional[str]:
    for file in (named,) if named is not None else ("~/.netrc", "~/_netrc"):
        full = os.path.expanduser(file)
        if os.path.exists(full):
            return full
    return None


def auth_for(url: str) -> Optional[Tuple[str, str]]:
    """For the host of a URL. A file that cannot be read says nothing, as in requests."""
    file = place()
    if file is None:
        return None
    module = importlib.import_module("netrc")
    try:
        found = module.netrc(file).authenticators(urlsplit(url).hostname or "")
    except (module.NetrcParseError, OSError):
        return None
    if not found or not any(found):
        return None
    return found[0] or found[1] or "", found[2] or ""
