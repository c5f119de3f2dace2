"""Ids of traces and spans, and the W3C header that carries them."""

from __future__ import annotations

import itertools
import re
import uuid
from typing import Optional, Tuple

# A span made here is a small number until someone reads it.
next_span = itertools.count(1).__next__

# The process's own prefix, and a count.
SPAN_FORM = uuid.uuid4().hex[:8] + "%08x"


def span_text(span) -> str:
    """A span's 16 hex digits. Spans made here are small numbers until someone reads them; others are text already."""
    return span if type(span) is str else SPAN_FORM % (span & 0xFFFFFFFF)


# https://www.w3.org/TR/trace-context/
_TRACEPARENT = re.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}").fullmatch
# A later version may have more fields behind those of version 00; ff is no version.
_LATER = re.compile("(?!00|ff)[0-9a-f]{2}(-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})(?:-.*)?").fullmatch


def parse_traceparent(header: Optional[str]) -> Optional[Tuple[str, str]]:
    """Trace id and span of a W3C traceparent; None where there is none, or it cannot be used."""
    if header is None:
        return None
    match = _TRACEPARENT(header)
    if match is None:
        later = _LATER(header)
        match = later and _TRACEPARENT("00" + later.group(1))
        if match is None:
            return None
    return match.group(1), match.group(2)


def new_trace() -> Tuple[str, str]:
    """Ids of a new trace and its first span."""
    return uuid.uuid4().hex, uuid.uuid4().hex[:16]
