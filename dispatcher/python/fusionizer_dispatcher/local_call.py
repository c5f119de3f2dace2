"""A call from a Task to another one of the same function. It leaves a trace record."""

from __future__ import annotations

from functools import partial
from sys import exc_info, modules
from threading import get_ident
from time import perf_counter
from types import CoroutineType
from typing import Any, Dict, Optional

from . import encode, errors, handling, loops
from .connections import timed_out
from .event import Event, event_body, set_attributes
from .fastjson import ENCODE_ERRORS, sdk_pieces, sdk_slow_text
from .logs import CallLogs
from .nuclio_http import received_headers
from .remote_call import call_remote
from .response import Response, local_headers
from .routes import Target
from .trace_context import next_span
from .traces import recorder
from .wire import fault_of, may_be_large

JSON = encode.JSON
# For objects whose attributes are set in place: each constructor's call would take about 1,350 more instructions.
_new = object.__new__
_current = handling.current


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
    here=None,
    patience=None,
):
    """Call a Task of this function, on the main thread; its answer as a Response.

    Raises ConnectionError for an answer whose headers are too large for a client, and ReadTimeout if a coroutine takes
    more than `patience` seconds. It goes on.

    `body` is as the callee sees it, and nobody else's. `length` is its size in bytes, None if no header names it.
    `template` has the event's headers but Content-Length and Traceparent. `request` is for `Response.request`.
    `here`: the job as which another thread has handed over the call.
    """
    started = perf_counter()
    task = target.task
    dispatcher = task.dispatcher
    main, world = dispatcher.main, dispatcher.world
    if get_ident() != main.ident:
        if here is None:
            given = (caller, target, method, content_type, body, length, template, request, logs)
            return main.call(caller, task, partial(call_local, *given))
        main, world = _Aside(), None
    asyncio = modules.get("asyncio.events")
    if asyncio is not None and asyncio._get_running_loop() is not None:
        given = (caller, target, method, content_type, body, length, template, request, logs)
        return _without_loop(asyncio, partial(call_local, *given, here))
    if _current() is not None:
        handled = handling.hide()
        if handled is not None:
            given = (caller, target, method, content_type, body, length, template, request, logs)
            return handling.without(handled, partial(call_local, *given, here, patience))
    trace = caller.trace
    span = next_span()
    event = _new(Event)
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
    session = _new(dispatcher.session)
    session.task = task
    session.trace = trace
    session.span = span
    session.root = caller.root
    session.logs = logs
    session.above = caller
    session.depth = depth = caller.depth + 1
    session._plain = depth < dispatcher.most_local
    before, above = task.current, main.top
    task.current = main.top = session
    back = None
    if world is not None and world.active is not task.space:
        back = world.active
        world.activate(task.space)
    run = task.run
    task.run = None
    own_json = large = False
    answer: Any
    failed = None
    try:
        enter, handler = run or task.variables.copy().run, task.handler
        try:
            if task.wants_session:
                output = enter(handler, task.context, event, session)
            else:
                output = enter(handler, task.context, event)
            if type(output) is CoroutineType:
                task.run = run
                if here is not None:
                    here.answer = partial(_late_answer, caller, target, method, request, logs, trace, span, started)
                    output = task.loops.run(output, task.variables.copy(), here.begun)
                    if not here.answering.acquire(blocking=False):
                        return None
                else:
                    output = task.loops.run(output, task.variables.copy(), patience=patience)
            if type(output) is dict:
                status, kind, headers = 200, JSON, None
                try:
                    answer = "".join(sdk_pieces(output, 0))
                except ENCODE_ERRORS:
                    answer = None
                if answer is None:
                    answer = sdk_slow_text(output)
                own_json = True
            else:
                status, kind, headers, answer = encode.encode(output, task.context)
                large = may_be_large(headers, kind)
        except loops.TimeUp:
            if recorder.record is not None:
                recorder.record(
                    (trace, span, caller.span, caller.task.name, task.name, True, started, perf_counter(), 0)
                )
            raise timed_out(dispatcher.address, patience) from None
        except BaseException as error:
            failed = error
        if failed is not None:
            if here is not None and here.ended_by(failed) and not here.answering.acquire(blocking=False):
                return None
            _cut_context(failed, exc_info()[1])
            status, kind, headers, answer = encode.failure(failed, task.context)
            own_json = large = False
    finally:
        task.run = run
        task.current, main.top = before, above
        if back is not None:
            world.activate(back)
    ended = perf_counter()
    bodiless = status == 204 or status == 304
    source = (kind, headers, None if bodiless else answer, trace, None if logs is None else logs.header())
    fault = fault_of(local_headers(*source, ended)) if large else None
    record = recorder.record
    if record is not None:
        code = status if fault is None else 0
        record((trace, span, caller.span, caller.task.name, task.name, True, started, ended, code))
    if fault is not None:
        raise errors.named("ConnectionError")(fault)
    if bodiless or method == "HEAD":
        answer, own_json = b"", False
    response = _new(Response)
    response.status_code = status
    response.url = target.url
    response._raw = answer
    response._own_json = own_json
    response._source = source
    response._started = started
    response._ended = ended
    response._request = request
    return response


def _late_answer(caller, target: Target, method: str, request, logs, trace, span, started, output, failed) -> Response:
    """The answer of a coroutine that has ended, made in the thread of its call while the main thread is elsewhere."""
    context = target.task.context
    large = False
    try:
        if failed is not None:
            raise failed
        status, kind, headers, answer = encode.encode(output, context)
        large = may_be_large(headers, kind)
    except BaseException as error:
        status, kind, headers, answer = encode.failure(error, context)
    ended = perf_counter()
    bodiless = status == 204 or status == 304
    source = (kind, headers, None if bodiless else answer, trace, None if logs is None else logs.header())
    fault = fault_of(local_headers(*source, ended)) if large else None
    if recorder.record is not None:
        code = 0 if fault is not None else status
        recorder.record((trace, span, caller.span, caller.task.name, target.name, True, started, ended, code))
    if fault is not None:
        raise errors.named("ConnectionError")(fault)
    if bodiless or method == "HEAD":
        answer = b""
    return Response(status, target.url, answer, False, source, started, ended, request)


def _without_loop(asyncio: Any, work: Any) -> Response:
    """`work()`, in a thread whose caller is in an event loop: its callee is in none, and may run one of its own."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return work()
    finally:
        asyncio._set_running_loop(loop)


class _Aside:
    """Stands for the main thread in a call that has to do without it."""

    top = None


def _cut_context(error: BaseException, outer: Optional[BaseException]) -> None:
    """An exception that the caller was handling is not the context of its callee's."""
    seen = set()
    link: Optional[BaseException] = error
    while outer is not None and link is not None and id(link) not in seen:
        seen.add(id(link))
        if link.__context__ is outer:
            link.__context__ = None
        link = link.__context__


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


def local_request(
    caller, target: Target, method: str, headers, body: Optional[bytes], request, patience=None
) -> Response:
    """`call_local` for a request as it would be sent: headers by any name, body as bytes."""
    if target.healthy:
        return healthy(caller, target, request)
    dispatcher = target.task.dispatcher
    if caller.depth >= dispatcher.most_local:
        # The chain is too long. The server refuses the call, and shows the chain.
        return call_remote(caller, target, method, headers, body, patience, request)
    seen = seen_headers(target, headers)
    content_type = seen.get("Content-Type", "")
    level = seen.get("X-Nuclio-Log-Level")
    logs = None if level is None else CallLogs(level, dispatcher.http_trigger(target.task)[1])
    length = int(seen.pop("Content-Length")) if seen.get("Content-Length", "").isdigit() else None
    given = (caller, target, method, content_type, event_body(content_type, body or b""), length, seen, request, logs)
    return call_local(*given, patience=patience)


def seen_headers(target: Target, headers) -> Dict[str, str]:
    """A request's headers as the callee sees them, with those that the server sets."""
    dispatcher = target.task.dispatcher
    seen = received_headers(headers, dispatcher.token)
    seen.update(dispatcher.task_headers(target))
    seen["Host"] = target.host
    return seen
