"""`requests_session`, the third parameter of a handler. It works as a requests.Session.

Calls of Tasks do not need the package requests.
"""

from __future__ import annotations

from typing import Any, Dict, Optional

from .fastjson import ENCODE_ERRORS, plain_pieces, scan
from .local_call import call_local, seen_headers
from .request import DEFAULT_HEADERS, merge_headers, prepare, prepare_url
from .send import follow, send
from .structures import CaseInsensitiveDict, Cookies

_MOST_TEMPLATES = 32


class Session:
    """The session of one invocation, with what the Dispatcher has to know about it.

    `trace` is the trace id, `span` the event's span, `root` the span of the event that came from outside, `logs`
    collects the log records of a local call (None: its caller did not ask for them). `above` is the session of a local
    call's caller, `depth` the number of local calls that led here. All of these are not for handlers.
    """

    _state: "_State"
    _real: Any
    __slots__ = ("task", "trace", "span", "root", "logs", "above", "depth", "_plain", "_state", "_real", "__dict__")

    def __init__(self, task, trace, span, root, logs, above=None):
        self.task = task
        self.trace = trace
        self.span = span
        self.root = root
        self.logs = logs
        self.above = above
        self.depth = 0 if above is None else above.depth + 1
        self._plain = True

    def post(self, url, data=None, json=None, **kwargs):
        if json is not None and self._plain and data is None:
            target = self.task.dispatcher.posts.get(url)
            template = None if target is None else _json_template(target, kwargs) if kwargs else target.json_template
            if template is not None:
                try:
                    text = "".join(plain_pieces(json, 0))
                except ENCODE_ERRORS:
                    return self.request("POST", url, json=json, **kwargs)
                return call_local(
                    self,
                    target,
                    "POST",
                    "application/json",
                    scan(text, 0)[0],
                    len(text),
                    template,
                    ("POST", url, template, text),
                )
        return self.request("POST", url, data=data, json=json, **kwargs)

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
        auth = state.auth if auth is None else auth
        unusual = files or proxies or hooks or stream or cert or not (auth is None or isinstance(auth, tuple))
        if unusual or state.real_only:
            return self._real_session().request(
                method, url, params, data, headers, cookies, files, auth, timeout, allow_redirects,
                proxies, hooks, stream, verify, cert, json,
            )  # fmt: skip
        full = prepare_url(
            url, {**state.params, **params} if state.params and isinstance(params, dict) else params or state.params
        )
        method = (method.decode() if isinstance(method, bytes) else method).upper()
        target = self.task.dispatcher.routes.find(full)
        if target is None:
            return self._real_session().request(
                method, url, params=params, data=data, headers=headers, cookies=cookies, auth=auth, timeout=timeout,
                allow_redirects=allow_redirects, verify=verify, json=json,
            )  # fmt: skip
        merged = merge_headers(state.headers, headers)
        jar = Cookies(state.cookies)
        jar.update(cookies or {})
        if jar and "Cookie" not in merged:
            merged["Cookie"] = jar.header()
        prepared = prepare(method, full, merged, data, json, auth)
        response = send(self, target, prepared.method, full, prepared.headers, prepared.body, timeout)
        if allow_redirects and response.is_redirect:
            return follow(self, response, prepared, timeout)
        return response

    # State that the handler may set. It is made on first use: most sessions never need it.

    def _own_state(self) -> "_State":
        try:
            return self._state
        except AttributeError:
            self._state = _State()
            return self._state

    def _real_session(self):
        """A requests.Session whose requests to the server take our way. Raises ModuleNotFoundError with the remedy."""
        try:
            real = self._real
        except AttributeError:
            from .adapter import real_session

            real = real_session(self)
            self._real = real
        state = self._own_state()
        if not state.real_only:
            real.headers = CaseInsensitiveDict(state.headers)
            host = self.task.dispatcher.address.host if self.task.dispatcher.address else ""
            # As http.cookiejar names the domain of a host without dots.
            domain = host if "." in host or ":" in host else host + ".local"
            for name, value in state.cookies.items():
                real.cookies.set(name, value, domain=domain if name in state.cookies.taken else "")
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


def _json_template(target, options: Dict[str, Any]) -> Optional[Dict[str, str]]:
    """The headers of an event whose caller gives JSON and only `headers` besides; None for what takes the general way.

    Callers mostly give the same headers again, so what was made of them is kept.
    """
    headers = options.get("headers")
    if len(options) != 1 or type(headers) is not dict:
        return None
    key = tuple(headers.items())
    try:
        return target.json_templates[key]
    except KeyError:
        template = seen_headers(target, merge_headers({**DEFAULT_HEADERS, "Content-Type": "application/json"}, headers))
    except TypeError:
        return None  # A value without a hash is no header; the general way says so.
    unusual = "X-Nuclio-Log-Level" in template or "Content-Length" in template
    unusual = unusual or not target.task.dispatcher.stays(target, "POST", template, None)
    if unusual or template.get("Content-Type") != "application/json" or "Cookie" in template:
        return None
    if len(target.json_templates) >= _MOST_TEMPLATES:
        target.json_templates.clear()
    target.json_templates[key] = template
    return template


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


class _State:
    """What lasts one invocation. `real_only`: the real session has taken over."""

    def __init__(self):
        self.headers = CaseInsensitiveDict(DEFAULT_HEADERS)
        self.cookies = Cookies()
        self.auth = None
        self.params = {}
        self.real_only = False

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "headers":
            value = CaseInsensitiveDict(value)
        elif name == "cookies":
            value = Cookies(value if isinstance(value, dict) else {cookie.name: cookie.value for cookie in value})
        object.__setattr__(self, name, value)
