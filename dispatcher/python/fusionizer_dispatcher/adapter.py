"""A real requests.Session, for what our own does not do. The Dispatcher still routes its requests to the server."""

from __future__ import annotations

import http.client
import importlib
import io
import types
from time import perf_counter
from typing import Any, Dict

from .local_call import local_request
from .remote_call import outgoing_headers, record_remote
from .trace_context import next_span

_shared: Dict[str, Any] = {}


def real_session(session):
    """A new requests.Session for this invocation; its connections are the process's.

    Raises ModuleNotFoundError with the remedy where requests is not installed.
    """
    try:
        requests = importlib.import_module("requests")
    except ModuleNotFoundError as error:
        if error.name != "requests":
            raise
        raise ModuleNotFoundError(
            "requests_session reaches other Tasks by itself, but needs the package requests for other hosts and for "
            "files, streaming, hooks and the like. Add 'pip install requests' to spec.build.commands in function.yaml.",
            name="requests",
        ) from None
    if not _shared:
        _shared["adapter"] = requests.adapters.HTTPAdapter()
        _shared["class"] = _adapter_class(requests)
        _shared["session"] = _session_class(requests)
    real = _shared["session"]()
    for prefix in ("http://", "https://"):
        real.mount(prefix, _shared["class"](session, _shared["adapter"]))
    return real


def _session_class(requests):
    class TaskSession(requests.Session):  # type: ignore[name-defined]
        """Marks requests that a redirect makes."""

        def rebuild_auth(self, prepared_request, response):
            super().rebuild_auth(prepared_request, response)
            prepared_request.fusionizer_redirected = True

    return TaskSession


def _adapter_class(requests):
    class TaskAdapter(requests.adapters.BaseAdapter):  # type: ignore[name-defined]
        """Takes requests for the server to the Dispatcher; `network` takes the others."""

        def __init__(self, session, network):
            super().__init__()
            self._session = session
            self._network = network

        def send(self, request, **options):
            target = self._session.task.dispatcher.routes.find(request.url)
            if target is None:
                return self._network.send(request, **options)
            length = request.headers.get("Content-Length")
            if self._session.task.dispatcher.stays(
                target, request.method, request.headers, int(length) if length and length.isdigit() else None
            ):
                return self._local(request, target)
            return self._remote(request, target, options)

        def _local(self, request, target):
            body = request.body
            if body is not None and not isinstance(body, (str, bytes)):
                body = body.read() if hasattr(body, "read") else b"".join(body)
            body = body.encode() if isinstance(body, str) else body
            own = local_request(self._session, target, request.method, request.headers, body, None)
            response = requests.models.Response()
            response.status_code = own.status_code
            response.reason = own.reason
            response.url = request.url
            response.request = request
            response.elapsed = own.elapsed
            response.headers = requests.structures.CaseInsensitiveDict(own.headers)
            response.encoding = requests.utils.get_encoding_from_headers(response.headers)
            response.raw = _Raw(own.content, own.headers)
            requests.cookies.extract_cookies_to_jar(response.cookies, request, response.raw)
            response.connection = self
            return response

        def _remote(self, request, target, options):
            started, span, status = perf_counter(), next_span(), 0
            asked = request.url
            redirected = getattr(request, "fusionizer_redirected", False)
            request = request.copy()
            request.url = "http://%s%s" % (self._session.task.dispatcher.address.text(), target.wire)
            request.headers = requests.structures.CaseInsensitiveDict(
                outgoing_headers(self._session, target, request.headers, span, redirected)
            )
            # Never through a proxy, which would see the token: the server is on this network.
            options["proxies"] = None
            try:
                response = self._network.send(request, **options)
                status = response.status_code
            finally:
                record_remote(self._session, target, request.method, span, started, perf_counter(), status)
            response.url = asked
            return response

        def close(self):
            """The network's adapter is shared; nothing else is held."""

    return TaskAdapter


class _Raw(io.BytesIO):
    """A body in memory that looks like a urllib3 response. requests reads cookies from `_original_response.msg`."""

    def __init__(self, body: bytes, headers):
        super().__init__(body)
        message = http.client.HTTPMessage()
        for name, value in headers.items():
            message[name] = value
        self._original_response = types.SimpleNamespace(msg=message, isclosed=lambda: True)

    def stream(self, amount: int = 65536, decode_content: bool = True):
        while True:
            chunk = self.read(amount)
            if not chunk:
                return
            yield chunk

    def release_conn(self) -> None:
        """There is no connection."""
