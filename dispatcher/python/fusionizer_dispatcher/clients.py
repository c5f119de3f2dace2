"""Requests of ordinary clients to the server name the event in which they are made, as those of a session do.

The server then knows the call chain: it gives a call that comes back into its own function a worker, and ends a loop of
calls. Handlers do not see the headers in their requests. urllib, requests and urllib3 are built on http.client.
"""

from __future__ import annotations

import functools
import http.client
import sys
from importlib.machinery import PathFinder
from typing import Any, Callable, Dict, List, Tuple
from urllib.parse import urlsplit

from .remote_call import chain_within
from .routes import same_host
from .trace_context import span_text

_NAME = "Fusionizer-Event"


class Clients:
    """Marks the requests of this process, once installed."""

    def __init__(self, dispatcher):
        self._dispatcher = dispatcher
        self.patches: Dict[str, Callable[[Any], None]] = {
            "httpcore": self._patch_httpcore,
            "aiohttp.http_writer": self._patch_aiohttp,
        }

    def install(self) -> None:
        """Change http.client now, and the others when a Task imports them."""
        _wrap(http.client.HTTPConnection, "endheaders", self._end_headers)
        sys.meta_path.insert(0, _ImportWatch(self.patches))

    def _marks(self, host: Any, port: Any) -> List[Tuple[str, str]]:
        """The headers to send to this address; none for one that is not the server's, and before the first event.

        The span of an event that has ended does no harm: the server knows the running ones. The Tasks between the event
        and the caller are those on the main thread: a thread that a handler started may be a few of them further up.
        """
        address, root = self._dispatcher.address, self._dispatcher.root
        if address is None or root is None or (port or 80) != address.port:
            return []
        host = host.decode("latin-1") if isinstance(host, bytes) else host
        if not same_host(str(host).strip("[]").lower(), address.host):
            return []
        marks = [(_NAME, span_text(root))]
        top = self._dispatcher.main.top
        if top is not None and top.depth:
            marks.append(("Fusionizer-Chain", chain_within(top)))
        return marks

    def _end_headers(self, original, connection, *args, **kwargs):
        # A proxy's tunnel ends at another address.
        if connection._tunnel_host is None and not isinstance(connection, _ENCRYPTED):
            marks = self._marks(connection.host, connection.port)
            if marks and not any(line.lower().startswith(b"fusionizer-event:") for line in connection._buffer):
                for mark in marks:
                    http.client.HTTPConnection.putheader(connection, *mark)
        return original(connection, *args, **kwargs)

    def _patch_httpcore(self, module) -> None:
        """httpx is built on it."""

        def handle(original, pool, request):
            url = request.url
            marks = self._marks(url.host, url.port) if url.scheme == b"http" else []
            if marks and not any(name.lower() == b"fusionizer-event" for name, _ in request.headers):
                request.headers = [*request.headers, *((name.encode(), value.encode()) for name, value in marks)]
            return original(pool, request)

        # A Task's own module may have that name, and other versions other classes.
        _wrap(getattr(module, "ConnectionPool", None), "handle_request", handle)
        _wrap(getattr(module, "AsyncConnectionPool", None), "handle_async_request", handle)

    def _patch_aiohttp(self, module) -> None:
        def write(original, writer, status_line, headers):
            # An answer of its server begins with HTTP/.
            if not status_line.startswith("HTTP/") and _NAME not in headers:
                address = urlsplit("http://" + headers.get("Host", ""))
                marks = self._marks(address.hostname, address.port)
                if marks:
                    headers = headers.copy()
                    headers.update(marks)
            return original(writer, status_line, headers)

        _wrap(getattr(module, "StreamWriter", None), "write_headers", write)


_ENCRYPTED = (getattr(http.client, "HTTPSConnection", ()),) if hasattr(http.client, "HTTPSConnection") else ()


def _wrap(owner: Any, name: str, wrapper: Callable) -> None:
    """Replace a method; `wrapper` gets the original one before its arguments. Nothing where there is no such method."""
    original = getattr(owner, name, None)
    if original is None:
        return

    @functools.wraps(original)
    def method(self, *args, **kwargs):
        return wrapper(original, self, *args, **kwargs)

    setattr(owner, name, method)


class _ImportWatch:
    """Calls `patches[name](module)` when a module of that name has been imported."""

    def __init__(self, patches: Dict[str, Callable[[Any], None]]):
        self._patches = patches

    def find_spec(self, fullname, path=None, target=None):
        patch = self._patches.get(fullname)
        spec = None if patch is None else PathFinder.find_spec(fullname, path, target)
        if patch is None or spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            # The loader of a zip file loads others as well.
            if module.__name__ == fullname:
                patch(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec
