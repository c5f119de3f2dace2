"""`requests_session`, the third parameter of a handler. It works as a requests.Session.

Calls of Tasks do not need the package requests.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any, Dict, Optional, Tuple

from . import netrc_file
from .awaitable import AwaitableCalls
from .connections import split_timeout
from .fastjson import ENCODE_ERRORS, plain_pieces, scan
from .local_call import call_local, seen_headers
from .request import DEFAULT_HEADERS, Prepared, merge_headers, prepare
from .send import finish, follow, next_request, send
from .session_state import State, cookie_tools
from .structures import CaseInsensitiveDict, as_in_requests
from .urls import prepare_url

_MOST_TEMPLATES = 32
_JSON_HEADERS = {**DEFAULT_HEADERS, "Content-Type": "application/json"}


class Session(AwaitableCalls):
    """The session of one invocation, with what the Dispatcher has to know about it.

    `trace` is the trace id, `span` the event's span, `root` the span of the event that came from outside, `logs`
    collects the log records of a local call (None: its caller did not ask for them). `above` is the session of a local
    call's caller, `depth` the number of local calls that led here. All of these are not for handlers.
    """

    __class__ = as_in_requests("requests.sessions", "Session")

    _state: "State"
    _real: Any
    __slots__ = ("task", "trace", "span", "root", "logs", "above", "depth", "_plain", "_state", "_real", "__dict__")

    def __init__(self, task, trace, span, root, logs):
        # `local_call.call_local` sets the same for a local callee, one deeper than its caller.
        self.task = task
        self.trace = trace
        self.span = span
        self.root = root
        self.logs = logs
        self.above = None
        self.depth = 0
        # The end of a chain that is too long is none of the fast path's business.
        self._plain = task.dispatcher.most_local > 0

    def post(self, url, data=None, json=None, **kwargs):
        if json is not None and self._plain and data is None:
            dispatcher = self.task.dispatcher
            target = dispatcher.posts.get(url)
            templates = None if target is None else _json_templates(target, kwargs) if kwargs else target.json_template
            if templates is not None:
                try:
                    text = "".join(plain_pieces(json, 0))
                except ENCODE_ERRORS:
                    return self.request("POST", url, json=json, **kwargs)
                if len(text) > dispatcher.most_body:
                    return self.request("POST", url, json=json, **kwargs)
                seen, sent = templates
                response = call_local(
                    self,
                    target,
                    "POST",
                    "application/json",
                    scan(text, 0)[0],
                    len(text),
                    seen,
                    ("POST", url, sent, text),
                )
                # Without headers of the callee's there is no cookie, no redirect and nothing to unpack.
                source = response._source
                return response if type(source) is tuple and source[1] is None else self._completed(response)
        return self.request("POST", url, data=data, json=json, **kwargs)

    def _completed(self, response):
        return follow(self, finish(self, response), response.request, None)

    def get(self, url, **kwargs):
        return self.request("GET", url, **kwargs)

    def put(self, url, data=None, **kwargs):
        return self.request("PUT", url, data=data, **kwargs)

    def patch(self, url, data=None, **kwargs):
        return self.request("PATCH", url, data=data, **kwargs)

    def delete(self, url, **kwargs):
        return self.request("DELETE", url, **kwargs)

    def options(self, url, **kwargs):
        return self.request("OPTIONS", url, **kwargs)

    def head(self, url, **kwargs):
        kwargs.setdefault("allow_redirects", False)
        return self.request("HEAD", url, **kwargs)

    def request(
        self, method, url, params=None, data=None, headers=None, cookies=None, files=None, auth=None, timeout=None,
        allow_redirects=True, proxies=None, hooks=None, stream=None, verify=None, cert=None, json=None,
    ):  # fmt: skip
        """Send a request, as `requests.Session.request`. Raises the exceptions of requests."""
        state = self._own_state()
        own_auth = state.auth if auth is None else auth
        is_basic = own_auth is None or (isinstance(own_auth, tuple) and len(own_auth) == 2)
        target = None
        if is_basic and not (files or proxies or hooks or stream or cert or state.real_only):
            own = state.params if isinstance(state.params, Mapping) else {}
            full = prepare_url(url, {**own, **params} if own and isinstance(params, Mapping) else params or own)
            target = self.task.dispatcher.routes.find(full)
        if target is None:
            return self._real_session().request(
                method, url, params, data, headers, cookies, files, auth, timeout, allow_redirects,
                proxies, hooks, stream, verify, cert, json,
            )  # fmt: skip
        method = (method.decode() if isinstance(method, bytes) else method).upper()
        merged = merge_headers(state.headers, headers)
        jar = None
        if cookies or state.has_cookies():
            tools = cookie_tools()
            jar = tools.merged(state.cookies, cookies)
            _set_cookie_header(merged, jar, full)
        own_auth = own_auth or netrc_file.auth_for(full)
        return self._exchange(
            prepare(method, full, merged, data, json, own_auth, jar), target, timeout, allow_redirects
        )

    def send(self, request, **options):
        """Send a request that is made already, such as `response.next`."""
        usual = type(request) is Prepared and not self._own_state().real_only
        target = self.task.dispatcher.routes.find(request.url) if usual else None
        if target is None or set(options) - {"timeout", "allow_redirects"}:
            if type(request) is Prepared:
                request = importlib.import_module(__package__ + ".adapter").real_request(request)
            return self._real_session().send(request, **options)
        return self._exchange(request, target, options.get("timeout"), options.get("allow_redirects", True))

    def _exchange(self, request: Prepared, target, timeout, allow_redirects):
        if timeout is not None:
            split_timeout(timeout)
        response = send(self, target, request, timeout)
        if allow_redirects:
            return follow(self, response, request, timeout)
        response._next = next_request(self, response, request)
        return response

    # State that the handler may set. It is made on first use: most sessions never need it.

    def _own_state(self) -> "State":
        try:
            return self._state
        except AttributeError:
            self._state = State()
            return self._state

    def take_cookies(self, response) -> None:
        """Keep what an answer sets."""
        self._plain = False
        request = response.request
        cookie_tools().take(self._own_state().cookies, request.url, request.headers, response.set_cookies())

    def cookies_for_redirect(self, request: Prepared, response) -> Any:
        """The jar of a redirected request, whose `Cookie` header is set."""
        state = self._own_state()
        set_cookies = response.set_cookies()
        if request.jar is None and not set_cookies and not state.has_cookies():
            return None
        tools = cookie_tools()
        jar = tools.merged(request.jar, None)
        tools.take(jar, response.request.url, response.request.headers, set_cookies)
        jar.update(state.cookies)
        _set_cookie_header(request.headers, jar, request.url)
        return jar

    def _real_session(self):
        """A requests.Session whose requests to the server take our way. Raises ModuleNotFoundError with the remedy."""
        try:
            real = self._real
        except AttributeError:
            real = importlib.import_module(__package__ + ".adapter").real_session(self)
            self._real = real
        state = self._own_state()
        if not state.real_only:
            real.headers = CaseInsensitiveDict(state.headers)
            # One jar for both.
            real.cookies = state.cookies
            self._plain = False
            real.auth = state.auth
            real.params = state.params
        return real

    def __getattr__(self, name):
        # A method of requests.Session that this class does not have, such as mount or prepare_request.
        if name.startswith("_"):
            raise AttributeError(name)
        value = getattr(self._real_session(), name)
        self._hand_over()
        return value

    def _hand_over(self) -> None:
        """From now on the real session does everything, since it has state that ours does not have."""
        self._plain = False
        self._own_state().real_only = True

    def close(self) -> None:
        """Connections are shared by the process and stay open."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _set_cookie_header(headers: CaseInsensitiveDict, jar: Any, url: str) -> None:
    """Unless the caller gave the header."""
    value = cookie_tools().header(jar, url, headers)
    if value is not None:
        headers["Cookie"] = value


def _json_templates(target, options: Dict[str, Any]) -> Optional[Tuple[Dict[str, str], Any]]:
    """The headers of an event whose caller gives JSON and only `headers` besides, as the callee sees them and as they
    are sent; None for what takes the general way.

    Callers mostly give the same headers again, so what was made of them is kept.
    """
    headers = options.get("headers")
    if len(options) != 1 or type(headers) is not dict:
        return None
    key = tuple(headers.items())
    try:
        return target.json_templates[key]
    except KeyError:
        sent = merge_headers(_JSON_HEADERS, headers)
        seen = seen_headers(target, sent)
    except TypeError:
        return None  # A value without a hash is no header; the general way says so.
    usual = seen.get("Content-Type") == "application/json" and not {"Content-Length", "Cookie"} & seen.keys()
    if not usual or "X-Nuclio-Log-Level" in seen or not target.task.dispatcher.stays(target, "POST", sent, None):
        return None
    if len(target.json_templates) >= _MOST_TEMPLATES:
        target.json_templates.clear()
    target.json_templates[key] = seen, sent
    return seen, sent


def _own_property(name: str) -> property:
    """An attribute that lasts one invocation. Using it ends the fast paths."""

    def holder(session: Session):
        session._plain = False
        state = session._own_state()
        return session._real if state.real_only else state

    return property(lambda self: getattr(holder(self), name), lambda self, value: setattr(holder(self), name, value))


def _real_property(name: str) -> property:
    """An attribute that only a real session has a use for."""

    def holder(session: Session):
        real = session._real_session()
        session._hand_over()
        return real

    return property(lambda self: getattr(holder(self), name), lambda self, value: setattr(holder(self), name, value))


for _name in ("headers", "cookies", "auth", "params"):
    setattr(Session, _name, _own_property(_name))
for _name in ("verify", "proxies", "hooks", "cert", "stream", "trust_env", "max_redirects", "adapters"):
    setattr(Session, _name, _real_property(_name))
