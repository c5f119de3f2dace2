"""JSON as the standard library writes and reads it, without its per-call set-up.

`json.dumps` builds an encoder for each call, which costs more than encoding a small body. Here one C encoder is kept.
Its circularity check is off, as it needs a dict per call. A value that fails is encoded again by the slow encoder.
"""

from __future__ import annotations

import json
import json.encoder
from json import dumps
from typing import Any, Callable, Iterable

import nuclio_sdk.json_encoder

ENCODE_ERRORS = (ValueError, RecursionError)


def _make(default: Callable[[Any], Any]) -> Callable[[Any, int], Iterable[str]]:
    """The pieces of `json.dumps(value, allow_nan=False, default=default)`, as a function of the value and 0."""
    c_make_encoder = json.encoder.c_make_encoder  # type: ignore[attr-defined]
    if c_make_encoder is None:
        encode = json.JSONEncoder(allow_nan=False, default=default).encode
        return lambda value, _level: (encode(value),)
    return c_make_encoder(None, default, json.encoder.encode_basestring_ascii, None, ": ", ", ", False, False, False)


_sdk_encoder = nuclio_sdk.json_encoder.Encoder()

# Called with 0 as second argument. They raise one of ENCODE_ERRORS where the slow encoder may answer differently
# (NaN, circular, too deep).
plain_pieces = _make(json.JSONEncoder().default)
sdk_pieces = _make(_sdk_encoder.default)


def plain_text(value: Any) -> str:
    """`json.dumps(value, allow_nan=False)`.

    Raises ValueError for NaN and circular values, TypeError for unknown objects.
    """
    try:
        return "".join(plain_pieces(value, 0))
    except ENCODE_ERRORS:
        pass
    return dumps(value, allow_nan=False)


#: `sdk_text` for what `sdk_pieces` failed for. Called after that has been handled: it is no context of an error here.
sdk_slow_text = _sdk_encoder.encode


def sdk_text(value: Any) -> str:
    """JSON as nuclio_sdk writes it: NaN is "NaN", unknown objects are their `__log__()` or repr."""
    try:
        return "".join(sdk_pieces(value, 0))
    except ENCODE_ERRORS:
        pass
    return sdk_slow_text(value)


# `scan(text, 0)[0]` parses what one of the encoders above wrote: complete, and without white space around it.
scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
