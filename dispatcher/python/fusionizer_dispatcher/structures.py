"""Containers of HTTP messages, and what makes a class pass for one of requests."""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from typing import Dict, Iterable, Iterator, Tuple


def as_in_requests(module: str, name: str) -> property:
    """`__class__` of a class that stands for one of requests: `isinstance` takes it for that, where requests is loaded.

    `type()` gives its own class, and pickle needs a `__reduce__`.
    """
    return property(lambda self: getattr(sys.modules.get(module), name, None) or type(self))


class CaseInsensitiveDict(MutableMapping):
    """A dict whose keys are compared without case and keep the case they were set with last."""

    __class__ = as_in_requests("requests.structures", "CaseInsensitiveDict")

    def __init__(self, data=None, **kwargs):
        self._store: Dict[str, Tuple[str, str]] = {}
        self.update({} if data is None else data, **kwargs)

    def __setitem__(self, key, value):
        self._store[key.lower()] = (key, value)

    def __getitem__(self, key):
        return self._store[key.lower()][1]

    def __delitem__(self, key):
        del self._store[key.lower()]

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self._store.values())

    def __len__(self):
        return len(self._store)

    def lower_items(self):
        return ((lower, pair[1]) for lower, pair in self._store.items())

    def copy(self) -> "CaseInsensitiveDict":
        return CaseInsensitiveDict(self._store.values())

    def __eq__(self, other):
        if not isinstance(other, MutableMapping):
            return NotImplemented
        return dict(self.lower_items()) == dict(CaseInsensitiveDict(other).lower_items())

    def __repr__(self):
        return str(dict(self.items()))

    def __reduce__(self):
        return CaseInsensitiveDict, (dict(self.items()),)


def pairs_of(headers) -> Iterable[Tuple[str, str]]:
    """`headers.items()` of any mapping; of our own without a look-up for each name."""
    return headers._store.values() if type(headers) is CaseInsensitiveDict else headers.items()
