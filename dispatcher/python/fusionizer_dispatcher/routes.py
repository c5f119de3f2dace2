"""Which URLs are invocations of Tasks, and of which; the rules are in docs/dispatcher.md."""

from __future__ import annotations

import re
import time
from typing import Any, Callable, Dict, NamedTuple, Optional, Set
from urllib.parse import quote, urlsplit

from .nuclio_http import normalise_path, query_fields
from .urls import wire_target

ORIGINAL_PORT = 8000
_CACHE_LIMIT = 1024
_NO_HOLDS_SECONDS = 1.0
_TASK_NAME = re.compile("[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?")


class Address(NamedTuple):
    """Host (lower-case, IPv6 without brackets) and port of a server."""

    host: str
    port: int

    @staticmethod
    def parse(url: str) -> "Address":
        """From `http://host:port`. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError("FUSIONIZER_URL must be of the form http://host:port, but is %r" % url)
        return Address(parts.hostname, parts.port or 80)

    def text(self) -> str:
        """As in a `Host` header."""
        host = "[%s]" % self.host if ":" in self.host else self.host
        return host if self.port == 80 else "%s:%d" % (host, self.port)


#: Names of this machine, which are one host. IPv6 without brackets.
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def same_host(one: Optional[str], other: str) -> bool:
    """Whether two hosts (lower-case) are one: by name, or both by a name of this machine."""
    return one == other or (one in _LOOPBACK and other in _LOOPBACK)


class Target:
    """Where a URL on the server leads.

    `name` is the Task of an invocation, None for the control API. `task` is the Task object if it is in this function.
    `post_only`: only POST is an invocation. `wire` is path and query as they are sent, `path` and `fields` are as the
    handler sees them. `url` is the URL as the caller gave it, `host` the server's own `Host`.
    `json_template` has the headers of an event with JSON whose caller gives no headers, as the callee sees them and as
    they are sent; `json_templates` has those by the headers that callers give.
    """

    __slots__ = (
        "url",
        "wire",
        "name",
        "task",
        "post_only",
        "path",
        "fields",
        "host",
        "json_template",
        "json_templates",
    )

    def __init__(self, url: str, wire: str, host: str):
        self.url = url
        self.wire = wire
        self.host = host
        self.name: Optional[str] = None
        self.task: Any = None
        self.post_only = False
        self.path = "/"
        self.fields: Dict[str, str] = {}
        self.json_template: Any = None
        self.json_templates: Dict[tuple, Any] = {}

    def invokes(self, method: str) -> bool:
        return self.name is not None and (method == "POST" or not self.post_only)

    @property
    def healthy(self) -> bool:
        """Whether the processor itself answers, in place of the handler."""
        return self.path.startswith("/__internal/health")


class Routes:
    """Finds Targets for URLs.

    `ask(name)` asks the server whether it has a Task of that name. `found(url, target)` is called for each new Target.
    """

    def __init__(
        self,
        address: Optional[Address],
        tasks: Dict[str, Any],
        ask: Callable[[str], bool],
        found: Callable[[str, "Target"], None],
    ):
        self.address = address
        self._found = found
        self._tasks = tasks
        self._ask = ask
        self._cache: Dict[str, Target] = {}
        self._elsewhere: Dict[str, float] = {}
        # Other Tasks that the server has. A Task that was there once is never asked for again.
        self._known: Set[str] = set()

    def find(self, url: str) -> Optional[Target]:
        """The Target, or None for what is not on the server."""
        target = self._cache.get(url)
        if target is None:
            target = self._parse(url)
            if target is not None:
                if len(self._cache) >= _CACHE_LIMIT:
                    self._cache.clear()
                self._cache[url] = target
                self._found(url, target)
        return target

    def named(self, name: str, path: str) -> Target:
        """The Target of an invocation by name; `path` is escaped, and may have a query."""
        path = path if path.startswith("/") else "/" + path
        address = self.address or Address("localhost", ORIGINAL_PORT)
        url = "http://%s/-/tasks/%s/invoke%s" % (address.text(), quote(name, ""), path)
        target = Target(url, "", address.text())
        target.wire = target.url.partition(address.text())[2]
        raw, _, query = path.partition("?")
        target.name, target.task = name, self._tasks.get(name)
        target.path, target.fields = normalise_path(raw[1:]), query_fields(query) if query else {}
        return target

    def _parse(self, url: str) -> Optional[Target]:
        if self.address is None:
            return None
        try:
            parts = urlsplit(url)
            port = parts.port or 80
        except ValueError:
            return None
        if parts.scheme != "http" or not same_host(parts.hostname, self.address.host):
            return None
        wire = wire_target(parts.path or "/", parts.query)
        path, _, query = wire.partition("?")
        first, slash, rest = path[1:].partition("/")
        if port != self.address.port and not (port == ORIGINAL_PORT and self._is_task(first)):
            return None
        target = Target(url, wire, self.address.text())
        if first == "-":
            self._invoke_form(target, rest)
        elif _TASK_NAME.fullmatch(first):
            target.name = first
            target.post_only = not slash
            target.path = normalise_path(rest)
        if target.name is not None:
            target.task = self._tasks.get(target.name)
            target.fields = query_fields(query) if query else {}
        return target

    @staticmethod
    def _invoke_form(target: Target, rest: str) -> None:
        """`/-/tasks/{task}/invoke[/path]`; `rest` is what follows `/-/`."""
        parts = rest.split("/", 3)
        if len(parts) >= 3 and parts[0] == "tasks" and parts[2] == "invoke" and _TASK_NAME.fullmatch(parts[1]):
            target.name = parts[1]
            target.path = normalise_path(parts[3]) if len(parts) == 4 else "/"

    def _is_task(self, name: str) -> bool:
        if name in self._tasks or name in self._known:
            return True
        if not _TASK_NAME.fullmatch(name) or self._elsewhere.get(name, 0) > time.monotonic():
            return False
        if self._ask(name):
            self._known.add(name)
            return True
        self._elsewhere[name] = time.monotonic() + _NO_HOLDS_SECONDS
        return False
