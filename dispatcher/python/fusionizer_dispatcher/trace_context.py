"""Ids of traces and spans, and the W3C header that carries them."""
from __future__ import annotations

import itertools
import uuid
from typing import Optional, Tuple

# A span made here is a small number until someone reads it.
next_span = itertools.count(1).__next__

# The process's own prefix, and a count.
_SPAN_FORM = uuid.uuid4().hex[:8] + "%08x"


def span_text(span) -> str:
    """A span's 16 hex digits. Spans made here are small numbers until someone reads them; others are text already."""
    return span if type(span) is str else _SPAN_FORM % (span & 0xFFFFFFFF)


def trace_of(traceparent: Optional[str]) -> Tuple[str, str]:
    """Trace id and span of a W3C traceparent; new ones where there is none."""
    if traceparent is not None and len(traceparent) >= 55:
        return traceparent[3:35], traceparent[36:52]
    return uuid.uuid4().hex, uuid.uuid4().hex[:16]
