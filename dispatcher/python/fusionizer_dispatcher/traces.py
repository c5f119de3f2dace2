"""Trace records of the calls between Tasks. Without a sink they go nowhere.

A record is (trace, span, parent, caller, callee, local, started, ended, status); times are `time.perf_counter()`
seconds, spans as in events.span_text.
"""
from __future__ import annotations

import itertools
import json
import time
from typing import Callable, Dict, Iterable, Optional

from .events import span_text

next_span = itertools.count(1).__next__


class Recorder:
    """Where the records go: `record` is a function of one record, or None."""

    record: Optional[Callable[[tuple], None]] = None


recorder = Recorder()


def to_json(records: Iterable[tuple]) -> str:
    """The JSON array that the contract has for records."""
    origin = time.time() - time.perf_counter()
    names: Dict[str, str] = {}
    texts = []
    for trace, span, parent, caller, callee, local, started, ended, status in records:
        for name in (caller, callee):
            if name not in names:
                names[name] = json.dumps(name)
        texts.append(
            f'{{"trace":"{trace}","span":"{span_text(span)}","parent":"{span_text(parent)}","caller":{names[caller]},'
            f'"callee":{names[callee]},"local":{"true" if local else "false"},"start":{(origin + started) * 1000:.3f},'
            f'"duration":{(ended - started) * 1000:.4f},"status":{status}}}'
        )
    return "[%s]" % ",".join(texts)
