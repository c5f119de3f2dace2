"""A real requests.Session, for what our own does not do. The Dispatcher still routes its requests to the server."""

from __future__ import annotations

import importlib
from time import perf_counter
from typing import Any, Dict

from .connections import split_timeout
from .patience import local_in_time
from .raw import wire_response
from .remote_call import outgoing_headers, record_remote
from .request import with_lower_layers
from .routes import same_host
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


def real_request(request):
    """A requests.PreparedRequest like one of ours."""
    requests = importlib.import_module("requests")
    made = requests.models.PreparedRequest()
    made.method, made.url, made.body = request.method, request.url, request.body
    made.headers = requests.structures.CaseInsensitiveDict(request.headers)
    made.hooks = request.hooks
    made._cookies = requests.cookies.merge_cookies(requests.cookies.RequestsCookieJar(), request.jar)
    return made


def leave(session, request, timeout):
    """Send a request to which a redirect leads away from the server. Headers and params are in it already.

    It gets no cookie of the server's, nor one that the handler gave for any address: who redirects must not get them.
    """
    real = real_session(session)
    host = session.task.dispatcher.address.host
    for cookie in session.cookies:
        # http.cookiejar adds .local to the domain of a host without dots.
        if cookie.domain and not same_host(cookie.domain.lstrip(".").removesuffix(".local"), host):
            real.cookies.set_cookie(cookie)
    real.headers = {name: value for name, value in request.headers.items() if name != "Cookie"}
    response = real.request(request.method, request.url, data=request.body, timeout=timeout)
    session.cookies.update(real.cookies)
    return response


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
            split_timeout(options.get("timeout"))
            target = self._session.task.dispatcher.routes.find(request.url)
            if target is None:
                return self._network.send(request, **options)
            length = request.headers.get("Content-Length")
            body = request.body
            size = len(body) if isinstance(body, (str, bytes)) else int(length) if length and length.isdigit() else None
            redirected = getattr(request, "fusionizer_redirected", False)
            if self._session.task.dispatcher.stays(target, request.method, request.headers, size, redirected):
                return self._local(request, target, options.get("timeout"))
            return self._remote(request, target, options)

        def _local(self, request, target, timeout):
            body = request.body
            if body is not None and not isinstance(body, (str, bytes)):
                body = body.read() if hasattr(body, "read") else b"".join(body)
            body = body.encode() if isinstance(body, str) else body
            try:
                own = local_in_time(
                    self._session, target, request.method, with_lower_layers(request.headers), body, None, timeout
                )
            except OSError as error:
                error.request = request  # type: ignore[attr-defined]
                raise
            raw = wire_response(
                own.status_code,
                own.reason,
                list(own.headers.items()),
                own.wire_body(),
                request.method,
                request.path_url,
            )
            response = self._network.build_response(request, raw)
            response.elapsed = own.elapsed
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
