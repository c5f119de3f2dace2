"""`context.platform` of a Task: Nuclio's own way to call a function, routed as the session's calls are."""

from __future__ import annotations

import json
from typing import Any, Optional, Tuple
from urllib.parse import quote

import nuclio_sdk

from . import errors
from .nuclio_http import canonical_header, is_own_request_header
from .patience import local_in_time
from .remote_call import call_remote
from .structures import CaseInsensitiveDict

# Headers of one connection. Those of the event's own are not the next one's.
_NOT_FORWARDED = frozenset(
    ("Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Te", "Trailer", "Transfer-Encoding", "Upgrade")
)
# Methods whose requests have no Content-Length if they have no body.
_WITHOUT_LENGTH = frozenset(("GET", "HEAD", "DELETE", "OPTIONS", "TRACE"))


def call_request(function_name: str, event: Any) -> Tuple[str, CaseInsensitiveDict, Optional[bytes]]:
    """The request that a call makes of an event: method, headers, body. The event is left as it is."""
    body = event.body
    headers = CaseInsensitiveDict()
    for name, value in (event.headers or {}).items():
        canonical = canonical_header(name)
        if canonical not in _NOT_FORWARDED and not is_own_request_header(canonical):
            headers[canonical] = value
    if body is None or isinstance(body, (str, bytes, bytearray, memoryview)):
        headers["Content-Type"] = event.content_type or headers.get("Content-Type") or "text/plain"
    else:
        body = json.dumps(body)
        headers["Content-Type"] = "application/json"
    headers.setdefault("X-Nuclio-Target", function_name)
    method = event.method or ("GET" if body is None else "POST")
    if body is not None:
        body = body.encode() if isinstance(body, str) else bytes(body)
        headers["Content-Length"] = str(len(body))
    elif method not in _WITHOUT_LENGTH:
        headers["Content-Length"] = "0"
    return method, headers, body


def _check_event(event: Any) -> None:
    # Anything with the attributes of an event will do, as for Nuclio.
    if hasattr(event, "body"):
        return
    example = "nuclio_sdk.Event(body=...)"
    raise TypeError(f"The event of call_function is a {type(event).__name__}, not an event: write {example}")


class TaskPlatform(nuclio_sdk.Platform):
    """The function's platform (`base`), as one Task sees it."""

    def __init__(self, base: nuclio_sdk.Platform, task):
        super().__init__(base.kind, base.namespace)
        self._base = base
        self._task = task

    async def explicit_ack(self, qualified_offset):
        await self._base.explicit_ack(qualified_offset)

    def set_termination_callback(self, callback):
        super().set_termination_callback(callback)
        self._base.set_termination_callback(lambda: self._task.dispatcher.on_signal("termination"))

    def set_drain_callback(self, callback):
        super().set_drain_callback(callback)
        self._base.set_drain_callback(lambda: self._task.dispatcher.on_signal("drain"))

    def call_function(self, function_name, event, node=None, timeout=None, service_name_override=None):
        """Call a Task by name; its answer as a nuclio_sdk Response with lower-case header names.

        An `event.body` that is neither text nor bytes is sent as JSON; an answer of type application/json is parsed.
        `timeout` in seconds. Raises the exceptions of requests_session, ConnectionError also if there is no such Task,
        and TypeError for an event of another type.
        """
        _check_event(event)
        function_name = str(function_name)
        dispatcher = self._task.dispatcher
        if dispatcher.address is None and function_name not in dispatcher.tasks:
            return self._base.call_function(function_name, event, node, timeout, service_name_override)
        method, headers, body = call_request(function_name, event)
        target = dispatcher.routes.named(function_name, quote(event.path or "/", "/?&=%:;,+!$'()*@~"))
        caller = self._task.current or dispatcher.fresh_session(self._task)
        if dispatcher.stays(target, method, headers, None if body is None else len(body)):
            answer = local_in_time(caller, target, method, headers, body, None, timeout)
        else:
            answer = call_remote(caller, target, method, headers, body, timeout, None)
        if target.task is None and answer.status_code == 404 and "Fusionizer-Trace-Id" not in answer.headers:
            # The server's own words: no Task has answered. A name that nobody has is an error in Nuclio, too.
            raise errors.named("ConnectionError")(answer.text.strip())
        received = {name.lower(): value for name, value in answer.headers.items()}
        kind = received.get("content-type", "text/plain")
        content = answer.wire_body()
        return nuclio_sdk.Response(
            headers=received,
            body=json.loads(content) if kind == "application/json" else content,
            content_type=kind,
            status_code=answer.status_code,
        )
