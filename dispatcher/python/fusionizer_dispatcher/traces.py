"""Trace records of the calls between Tasks. Without a sink they are dropped.

A record is (trace, span, parent, caller, callee, local, started, ended, status); times are `time.perf_counter()`
seconds, spans as in trace_context.span_text.
"""

from __future__ import annotations

import time
from json import dumps
from typing import Callable, Iterable, Optional

from .trace_context import SPAN_FORM, span_text


class Recorder:
    """Where the records go: `record` is a function of one record, or None."""

    record: Optional[Callable[[tuple], None]] = None


recorder = Recorder()


def to_json(records: Iterable[tuple]) -> str:
    """The JSON array that the contract has for records.

    Done for every call, so it avoids what takes time: what a record shares with the one before is not written anew, and
    times are whole numbers with an exponent.
    """
    origin = time.time() - time.perf_counter()
    texts = []
    same = None
    form = ""
    for trace, span, parent, caller, callee, local, started, ended, status in records:
        shared = (trace, parent, caller, callee, local)
        if shared != same:
            same = shared
            form = _form(*shared)
        texts.append(form % (span & 0xFFFFFFFF, (origin + started) * 1e6, (ended - started) * 1e7, status))
    return "[%s]" % ",".join(texts)


def _form(trace: str, parent, caller: str, callee: str, local: bool) -> str:
    """A record's JSON, without its span, start, duration and status."""
    texts = (trace, span_text(parent), dumps(caller), dumps(callee), "true" if local else "false")
    head = '{"trace":"%s","parent":"%s","caller":%s,"callee":%s,"local":%s,"span":"' % texts
    return head.replace("%", "%%") + SPAN_FORM + '","start":%de-3,"duration":%de-4,"status":%d}'
