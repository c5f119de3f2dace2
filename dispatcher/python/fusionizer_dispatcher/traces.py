"""Trace records of the calls between Tasks. Without a sink they are dropped.

A record is (trace, span, parent, caller, callee, local, started, ended, status); times are `time.perf_counter()`
seconds, spans as in trace_context.span_text.
"""

from __future__ import annotations

import time
from json import dumps
from typing import Callable, Iterable, Optional

from .trace_context import span_text


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
    same = head = None
    for trace, span, parent, caller, callee, local, started, ended, status in records:
        shared = (trace, parent, caller, callee, local)
        if shared != same:
            same = shared
            head = '{"trace":"%s","parent":"%s","caller":%s,"callee":%s,"local":%s,"span":"' % (
                trace,
                span_text(parent),
                dumps(caller),
                dumps(callee),
                "true" if local else "false",
            )
        texts.append(
            '%s%s","start":%de-3,"duration":%de-4,"status":%d}'
            % (head, span_text(span), (origin + started) * 1e6, (ended - started) * 1e7, status)
        )
    return "[%s]" % ",".join(texts)
