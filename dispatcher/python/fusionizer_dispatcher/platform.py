"""`context.platform` of a Task: Nuclio's own way to call a function, routed as the session's calls are."""
from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import nuclio_sdk

from .local_call import local_request
from .remote_call import call_remote
from .structures import CaseInsensitiveDict

# What belongs to the event's own journey, not to the next one.
_NOT_FORWARDED = ("Host", "Content-Length", "Connection", "Transfer-Encoding", "Traceparent", "Task-Name")


class TaskPlatform(nuclio_sdk.Platform):
    """The function's platform (`base`), as one Task sees it."""

    def __init__(self, base: nuclio_sdk.Platform, task):
        super().__init__(base.kind, base.namespace)
        self._base = base
        self._task = task

    async def explicit_ack(self, qualified_offset):
        await self._base.explicit_ack(qualified_offset)

    def set_termination_callback(self, callback):
        self._base.set_termination_callback(callback)

    def set_drain_callback(self, callback):
        self._base.set_drain_callback(callback)

    def _on_signal(self, callback_type="termination"):
        return self._base._on_signal(callback_type)

    def call_function(self, function_name, event, node=None, timeout=None, service_name_override=None):
        """Call a Task by name; its answer as a nuclio_sdk Response with lower-case header names.

        A dict as `event.body` is sent as JSON; an answer of type application/json is parsed. `timeout` in seconds.
        The event is left as it is. Raises the exceptions of requests_session.
        """
        dispatcher = self._task.dispatcher
        if dispatcher.address is None and function_name not in dispatcher.tasks:
            return self._base.call_function(function_name, event, node, timeout, service_name_override)
        body: Any = event.body
        if isinstance(body, dict):
            body = json.dumps(body)
            content_type = "application/json"
        else:
            content_type = event.content_type or "text/plain"
        body = body.encode() if isinstance(body, str) else body
        headers = CaseInsensitiveDict(event.headers or {})
        for name in [name for name in headers if name in _NOT_FORWARDED or name.lower().startswith("fusionizer-")]:
            del headers[name]
        headers["Content-Type"] = content_type
        headers.setdefault("X-Nuclio-Target", function_name)
        method = event.method or ("POST" if body else "GET")
        if body:
            headers["Content-Length"] = str(len(body))
        elif method not in ("GET", "HEAD"):
            headers["Content-Length"] = "0"
        path = event.path or "/"
        target = dispatcher.routes.named(function_name, quote(path, "/?&=%:;,+!$'()*@~"))
        caller = self._task.current or dispatcher.fresh_session(self._task)
        if target.task is not None:
            answer = local_request(caller, target, method, headers, body, None)
        else:
            answer = call_remote(caller, target, method, headers, body, timeout, None)
        received = {name.lower(): value for name, value in answer.headers.items()}
        kind = received.get("content-type", "text/plain")
        content: Any = answer.content
        return nuclio_sdk.Response(
            headers=received,
            body=json.loads(content) if kind == "application/json" else content,
            content_type=kind,
            status_code=answer.status_code,
        )
