"""Containers of HTTP messages."""

from __future__ import annotations

from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Dict, Iterable, Iterator, Tuple


class CaseInsensitiveDict(MutableMapping):
    """A dict whose keys are compared without case and keep the case they were set with last."""

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


def pairs_of(headers) -> Iterable[Tuple[str, str]]:
    """`headers.items()` of any mapping; of our own without a look-up for each name."""
    return headers._store.values() if type(headers) is CaseInsensitiveDict else headers.items()


class Cookies(dict):
    """Cookies of the server, name to value. All Tasks are on one host, so there are no domains to keep apart.

    `taken` has the names of those that an answer set: they are for the server alone. A handler's own go wherever it
    sends them.
    """

    def __init__(self, *values):
        super().__init__(*values)
        self.taken = set()

    def get_dict(self) -> Dict[str, str]:
        return dict(self)

    def set(self, name: str, value, **_attributes) -> None:
        """Set a cookie; None as value removes it. Attributes such as `path` have no meaning here."""
        if value is None:
            self.pop(name, None)
        else:
            self[name] = value

    def header(self) -> str:
        """The value of a `Cookie` header."""
        return "; ".join("%s=%s" % pair for pair in self.items())

    def take(self, set_cookie: str) -> None:
        """Keep the cookies of a `Set-Cookie` header; one that is not well-formed is no cookie."""
        try:
            parsed = SimpleCookie(set_cookie)
        except CookieError:
            return
        for name, morsel in parsed.items():
            expired = morsel["max-age"] == "0"
            self.set(name, None if expired else morsel.value)
            self.taken.add(name)
