"""A call that goes through the server. It leaves a trace record if it invokes a Task."""

from __future__ import annotations

from time import perf_counter
from typing import Any, Dict, Optional

from .connections import Answer
from .nuclio_http import canonical_header, is_own_request_header
from .response import Response
from .routes import Target
from .structures import CaseInsensitiveDict
from .trace_context import next_span, span_text
from .traces import recorder


def outgoing_headers(caller, target: Target, headers, span, redirected: bool = False) -> Dict[str, str]:
    """The headers of a request to the server: the caller's, and those that the contract adds.

    After a redirect the token is left out: whoever redirects must not act with it.
    """
    dispatcher = caller.task.dispatcher
    sent = dict(headers.items())
    for name in [name for name in sent if is_own_request_header(canonical_header(name))]:
        del sent[name]
    if not any(name.lower() == "host" for name in sent):
        sent = {"Host": dispatcher.address.text(), **sent}
    sent["traceparent"] = "00-%s-%s-01" % (caller.trace, span_text(span))
    sent["Fusionizer-Event"] = span_text(caller.root)
    sent["Fusionizer-Caller"] = caller.task.name
    if caller.depth:
        sent["Fusionizer-Chain"] = chain_within(caller)
    if dispatcher.token and not redirected and not any(name.lower() == "authorization" for name in sent):
        sent["Authorization"] = "Bearer " + dispatcher.token
    return sent


def chain_within(caller) -> str:
    """The Tasks that were called within this function, from the event's Task to the caller."""
    names = []
    while caller.above is not None:
        names.append(caller.task.name)
        caller = caller.above
    return ",".join(reversed(names))


def call_remote(
    caller, target: Target, method: str, headers, body: Optional[bytes], timeout: Any, request, redirected: bool = False
) -> Response:
    """Send a request to the server. Raises the errors of connections.Pool.send."""
    started = perf_counter()
    span = next_span()
    status = 0
    try:
        answer: Answer = caller.task.dispatcher.pool.send(
            method, target.wire, outgoing_headers(caller, target, headers, span, redirected), body, timeout
        )
        status = answer.status
    finally:
        ended = perf_counter()
        record_remote(caller, target, method, span, started, ended, status)
    made = CaseInsensitiveDict()
    for name, value in answer.headers:
        made[name] = "%s, %s" % (made[name], value) if name in made else value
    response = Response(answer.status, target.url, answer.body, False, made, started, ended, request)
    response.reason = answer.reason
    response._pairs = answer.headers
    return response


def record_remote(caller, target: Target, method: str, span, started: float, ended: float, status: int) -> None:
    """Record a remote call in the trace. Requests to the control API are not recorded."""
    record = recorder.record
    if record is not None and target.invokes(method):
        record((caller.trace, span, caller.span, caller.task.name, target.name, False, started, ended, status))
