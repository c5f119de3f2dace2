"""Trace records of the calls between Tasks. Without a sink they go nowhere.

A record is (trace, span, parent, caller, callee, local, started, ended, status); times are `time.perf_counter()`
seconds, spans as in events.span_text.
"""
from __future__ import annotations

import itertools
import json
import time
from typing import Callable, Iterable, Optional

from .events import span_text

next_span = itertools.count(1).__next__


class Recorder:
    """Where the records go: `record` is a function of one record, or None."""

    record: Optional[Callable[[tuple], None]] = None


recorder = Recorder()


def unix_seconds(moment: float) -> float:
    """A `perf_counter` moment of the near past as Unix time."""
    return time.time() - (time.perf_counter() - moment)


def to_json(records: Iterable[tuple]) -> str:
    """The JSON array that the contract has for records."""
    origin = time.time() - time.perf_counter()
    return "[%s]" % ",".join(
        '{"trace":"%s","span":"%s","parent":"%s","caller":%s,"callee":%s,"local":%s,"start":%.3f,"duration":%.4f,"status":%d}'
        % (
            trace,
            span_text(span),
            span_text(parent),
            json.dumps(caller),
            json.dumps(callee),
            "true" if local else "false",
            (origin + started) * 1000,
            (ended - started) * 1000,
            status,
        )
        for trace, span, parent, caller, callee, local, started, ended, status in records
    )
