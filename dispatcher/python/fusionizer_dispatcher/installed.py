"""What requests is here, without importing it: a session says the same of itself, and reads the same answers."""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder
from typing import Optional, Tuple


def user_agent() -> str:
    """As requests would send it."""
    version = _version("requests")
    return "python-requests/" + ("2.32 (Fusionizer)" if version is None else version)


def urllib3_user_agent() -> Optional[str]:
    """What urllib3 sends where a caller has taken away the session's; None without it."""
    version = _version("urllib3")
    return None if version is None else "python-urllib3/" + version


def accept_encoding() -> str:
    """What urllib3 can unpack, in its order. Without it, nothing beyond gzip and deflate can be."""
    codings = "gzip, deflate"
    version = _version("urllib3")
    if version is None:
        return codings
    if _has("brotlicffi") or _has("brotli"):
        codings += ", br"
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    return codings + ", zstd" if _has_zstd(numbers) else codings


def _has_zstd(urllib3: Tuple[int, ...]) -> bool:
    """Whether this version of urllib3 finds a package for it."""
    if urllib3 < (2,):
        return False
    if urllib3 < (2, 6):
        return _has("zstandard")
    return sys.version_info >= (3, 14) or _has("backports.zstd")


def _has(name: str) -> bool:
    parent, _, rest = name.partition(".")
    spec = PathFinder.find_spec(parent)
    if spec is None or not rest:
        return spec is not None
    return PathFinder.find_spec(name, spec.submodule_search_locations) is not None


def _version(package: str) -> Optional[str]:
    """By the name of its folder of metadata: importlib.metadata takes too long to load."""
    spec = PathFinder.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    beside = os.path.dirname(os.path.dirname(spec.origin))
    start, end = package + "-", ".dist-info"
    return next(
        (name[len(start) : -len(end)] for name in os.listdir(beside) if name.startswith(start) and name.endswith(end)),
        None,
    )
