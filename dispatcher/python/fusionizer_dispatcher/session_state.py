"""What a handler may set on its session."""

from __future__ import annotations

import importlib
from typing import Any

from .request import DEFAULT_HEADERS
from .structures import CaseInsensitiveDict


def cookie_tools():
    """The module `cookies`, which takes time to import: most sessions have to do with none."""
    return importlib.import_module(__package__ + ".cookies")


class State:
    """What lasts one invocation. `real_only`: the real session has taken over."""

    def __init__(self):
        self.headers = CaseInsensitiveDict(DEFAULT_HEADERS)
        self.auth = None
        self.params = {}
        self.real_only = False
        self._jar: Any = None

    def has_cookies(self) -> bool:
        return self._jar is not None and any(True for _ in self._jar)

    @property
    def cookies(self) -> Any:
        if self._jar is None:
            self._jar = cookie_tools().Cookies()
        return self._jar

    @cookies.setter
    def cookies(self, value: Any) -> None:
        self._jar = cookie_tools().jar_of(value)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, CaseInsensitiveDict(value) if name == "headers" else value)
