"""Sends a session's request to a Task of this function or to the server, and follows redirects."""

from __future__ import annotations

import importlib
from typing import Any, List, Optional
from urllib.parse import urlsplit

from . import errors, netrc_file
from .patience import local_in_time
from .remote_call import call_remote
from .request import Prepared, basic_auth, with_lower_layers
from .response import Response
from .structures import CaseInsensitiveDict
from .urls import redirect_url

_MOST_REDIRECTS = 30
_WITHOUT_BODY = ("GET", "HEAD", "DELETE", "TRACE", "OPTIONS", "CONNECT")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def send(session, target, request: Prepared, timeout: Any, redirected: bool = False) -> Response:
    """Send a request, wait for the whole answer. Raises ConnectionError, Timeout, ContentDecodingError."""
    method, headers, body = request.method, with_lower_layers(request.headers), request.wire_body()
    if redirected and body is None and method not in _WITHOUT_BODY:
        # A redirect takes away the length with the body; urllib3 sends one all the same.
        headers = CaseInsensitiveDict({**headers, "Content-Length": "0"})
    try:
        length = None if body is None else len(body)
        if session.task.dispatcher.stays(target, method, headers, length, redirected):
            response = local_in_time(session, target, method, headers, body, request, timeout)
        else:
            response = call_remote(session, target, method, headers, body, timeout, request, redirected)
    except OSError as error:
        if getattr(error, "request", request) is None:
            error.request = request  # type: ignore[attr-defined]
        raise
    return finish(session, response)


def finish(session, response: Response) -> Response:
    """Take the cookies of an answer, and unpack its body, whose faults are the call's."""
    headers = response.headers
    if "set-cookie" in headers:
        session.take_cookies(response)
    if "content-encoding" in headers:
        response.content  # noqa: B018
    return response


def follow(session, response: Response, request: Prepared, timeout: Any) -> Any:
    """Follow redirects as requests does. What leads to another address never gets our credentials."""
    history: List[Any] = []
    fragment = urlsplit(request.url).fragment
    location: Optional[str] = _location(response)
    while location:
        response.history = history[:]
        history.append(response)
        if len(history) > _MOST_REDIRECTS:
            raise errors.named("TooManyRedirects")("Exceeded %d redirects." % _MOST_REDIRECTS, response=response)
        request = redirected_request(session, response, request, location, fragment)
        fragment = urlsplit(request.url).fragment or fragment
        target = session.task.dispatcher.routes.find(request.url)
        if target is None:
            real = importlib.import_module(__package__ + ".adapter").leave(session, request, timeout)
            real.history = history + list(real.history)
            return real
        response = send(session, target, request, timeout, redirected=True)
        location = _location(response)
    if history:
        response.history = history
    return response


def redirected_request(session, response: Response, request: Prepared, location: str, fragment: str) -> Prepared:
    """The request that an answer redirects to."""
    made = request.copy()
    made.url = redirect_url(location, response.url, fragment)
    status = response.status_code
    if made.method != "HEAD" and (status in (302, 303) or (status == 301 and made.method == "POST")):
        made.method = "GET"
    if status not in (307, 308):
        made.body = None
        for name in ("Content-Length", "Content-Type", "Transfer-Encoding"):
            made.headers.pop(name, None)
    made.headers.pop("Cookie", None)
    made.jar = session.cookies_for_redirect(made, response)
    if _leaves(request.url, made.url):
        made.headers.pop("Authorization", None)
    own = netrc_file.auth_for(made.url)
    if own is not None:
        made.headers["Authorization"] = basic_auth(*own)
    return made


def next_request(session, response: Response, request: Prepared) -> Optional[Prepared]:
    """`response.next`, where redirects are not followed."""
    location = _location(response)
    if not location:
        return None
    return redirected_request(session, response, request, location, urlsplit(request.url).fragment)


def _location(response: Response) -> Optional[str]:
    return response.headers["location"] if response.is_redirect else None


def _leaves(old: str, new: str) -> bool:
    """Whether credentials for one URL are not for the other: another host, scheme or port, but from http to https."""
    before, after = urlsplit(old), urlsplit(new)
    if before.hostname != after.hostname:
        return True
    ports = before.port, after.port
    if (before.scheme, after.scheme) == ("http", "https") and ports[0] in (80, None) and ports[1] in (443, None):
        return False
    usual = (_DEFAULT_PORTS.get(before.scheme), None)
    if before.scheme == after.scheme and ports[0] in usual and ports[1] in usual:
        return False
    return ports[0] != ports[1] or before.scheme != after.scheme
