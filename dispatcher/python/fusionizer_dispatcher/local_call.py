"""A call from a Task to another one of the same function. It leaves a trace record."""

from __future__ import annotations

from threading import get_ident
from time import perf_counter
from types import CoroutineType
from typing import Any, Dict, Optional

from . import encode, errors
from .event import Event, event_body, set_attributes
from .fastjson import ENCODE_ERRORS, sdk_pieces, sdk_text
from .logs import CallLogs
from .nuclio_http import received_headers
from .remote_call import call_remote
from .response import Response, local_headers
from .routes import Target
from .trace_context import next_span
from .traces import recorder
from .wire import fault_of, may_be_large

JSON = encode.JSON
_new_event = Event.__new__


def call_local(
    caller,
    target: Target,
    method: str,
    content_type: str,
    body: Any,
    length: Optional[int],
    template,
    request,
    logs=None,
):
    """Call a Task of this function; its answer as a Response. Raises ConnectionError for headers that are too large.

    `body` is as the callee sees it, and nobody else's. `length` is its size in bytes, None if no header names it.
    `template` has the event's headers but Content-Length and Traceparent. `request` is for `Response.request`.
    """
    started = perf_counter()
    task = target.task
    dispatcher = task.dispatcher
    trace = caller.trace
    span = next_span()
    event = _new_event(Event)
    set_attributes(
        event,
        {
            "body": body,
            "content_type": content_type,
            "fields": target.fields.copy(),
            "method": method,
            "path": target.path,
            "_lazy": (template, length, started, task, trace, span),
        },
    )
    session = dispatcher.new_session(task, trace, span, caller.root, logs, caller)
    before = task.current
    task.current = session
    world = dispatcher.world
    back = view = None
    if world is not None:
        if world.views or get_ident() != world.thread:
            view = world.enter(caller.task.space, task.space, dispatcher.root is None or dispatcher.root == caller.root)
        elif world.own is not task.space:
            back = world.own
            world.activate(task.space)
    own_json = large = False
    answer: Any
    try:
        handler = task.handler
        output = handler(task.context, event, session) if task.wants_session else handler(task.context, event)
        if type(output) is CoroutineType:
            output = dispatcher.loops.run(output, world)
        if type(output) is dict:
            status, kind, headers = 200, JSON, None
            try:
                answer = "".join(sdk_pieces(output, 0))
            except ENCODE_ERRORS:
                answer = sdk_text(output)
            own_json = True
        else:
            status, kind, headers, answer = encode.encode(output, task.context)
            large = may_be_large(headers, kind)
    except BaseException as error:
        status, kind, headers, answer = encode.failure(error, task.context)
        own_json = False
    finally:
        task.current = before
        if back is not None:
            world.activate(back)
        elif view is not None:
            world.leave(view)
    ended = perf_counter()
    bodiless = status == 204 or status == 304
    source = (kind, headers, None if bodiless else answer, trace, None if logs is None else logs.header())
    fault = fault_of(local_headers(*source, ended)) if large else None
    record = recorder.record
    if record is not None:
        code = 0 if fault is not None else status
        record((trace, span, caller.span, caller.task.name, task.name, True, started, ended, code))
    if fault is not None:
        raise errors.named("ConnectionError")(fault)
    if bodiless or method == "HEAD":
        answer, own_json = b"", False
    return Response(status, target.url, answer, own_json, source, started, ended, request)


def healthy(caller, target: Target, request) -> Response:
    """The answer to `/__internal/health`, which the processor gives in place of the handler."""
    now = perf_counter()
    if recorder.record is not None:
        recorder.record(
            (caller.trace, next_span(), caller.span, caller.task.name, target.task.name, True, now, now, 200)
        )
    headers = local_headers("", None, b"", caller.trace, None, now)
    del headers["Content-Type"]
    return Response(200, target.url, b"", False, headers, now, now, request)


def local_request(caller, target: Target, method: str, headers, body: Optional[bytes], request) -> Response:
    """`call_local` for a request as it would be sent: headers by any name, body as bytes."""
    if target.healthy:
        return healthy(caller, target, request)
    dispatcher = target.task.dispatcher
    if caller.depth >= dispatcher.most_local:
        # The chain is too long. The server refuses the call, and shows the chain.
        return call_remote(caller, target, method, headers, body, None, request)
    seen = seen_headers(target, headers)
    content_type = seen.get("Content-Type", "")
    level = seen.get("X-Nuclio-Log-Level")
    logs = None if level is None else CallLogs(level, dispatcher.http_trigger(target.task)[1])
    length = int(seen.pop("Content-Length")) if seen.get("Content-Length", "").isdigit() else None
    return call_local(
        caller, target, method, content_type, event_body(content_type, body or b""), length, seen, request, logs
    )


def seen_headers(target: Target, headers) -> Dict[str, str]:
    """A request's headers as the callee sees them, with those that the server sets."""
    dispatcher = target.task.dispatcher
    seen = received_headers(headers, dispatcher.token)
    seen.update(dispatcher.task_headers(target))
    seen["Host"] = target.host
    return seen
