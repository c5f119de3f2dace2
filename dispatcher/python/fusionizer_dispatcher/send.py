"""Sends a session's request to a Task of this function or to the server, and follows redirects."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

from . import errors
from .local_call import local_request
from .remote_call import call_remote
from .request import prepare_url
from .response import Response
from .structures import CaseInsensitiveDict

_MOST_REDIRECTS = 30


def send(session, target, method, url, headers, body, timeout, redirected=False) -> Response:
    request = (method, url, headers, body)
    if session.task.dispatcher.stays(target, method, headers, None if body is None else len(body)):
        response = local_request(session, target, method, headers, body, request)
    else:
        response = call_remote(session, target, method, headers, body, timeout, request, redirected)
    if "set-cookie" in response.headers:
        session._plain = False
        session._own_state().cookies.take(response.headers["set-cookie"])
    return response


def follow(session, response: Response, prepared, timeout) -> Any:
    """Follow redirects as requests does. What leads to another address never gets our credentials."""
    history = []
    method, url, headers, body = prepared
    while response.is_redirect:
        history.append(response)
        if len(history) > _MOST_REDIRECTS:
            raise errors.named("TooManyRedirects")("Exceeded %d redirects." % _MOST_REDIRECTS, response=response)
        # Headers are read as Latin-1, and a place is UTF-8.
        url = prepare_url(urljoin(url, response.headers["location"].encode("latin-1").decode()), None)
        headers = CaseInsensitiveDict(headers)
        status = response.status_code
        if method != "HEAD" and (status in (302, 303) or (status == 301 and method == "POST")):
            method = "GET"
        if status not in (307, 308):
            body = None
            for name in ("Content-Length", "Content-Type", "Transfer-Encoding"):
                headers.pop(name, None)
        target = session.task.dispatcher.routes.find(url)
        if target is None:
            for name in ("Authorization", "Cookie", "Host"):
                headers.pop(name, None)
            # A new session has nothing of ours. The headers and params that it needs are in the request already.
            from .adapter import real_session

            real = real_session(session).request(method, url, headers=dict(headers), data=body, timeout=timeout)
            real.history = history + list(real.history)
            return real
        if urlsplit(url).netloc != urlsplit(history[-1].url).netloc:
            headers.pop("Authorization", None)
        response = send(session, target, method, url, headers, body, timeout, redirected=True)
    response.history = history
    return response
