"""From an event frame to an Event."""

from __future__ import annotations

import json
import struct

import nuclio_sdk
from fusionizer_dispatcher.event import Event, event_body, set_attributes, utc

_LENGTH = struct.Struct(">I")
_parse = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
_seconds, _moment = -1, utc(0)


def read_event(frame: bytes):
    """(event, worker id) of an `E` frame."""
    global _seconds, _moment
    end = 5 + _LENGTH.unpack_from(frame, 1)[0]
    meta = _parse(frame[5:end].decode("utf-8"), 0)[0]
    body = frame[end:]
    content_type = meta["content_type"]
    trigger = meta["trigger"]
    # Events of one second share the (immutable) time.
    if meta["timestamp"] != _seconds:
        _seconds = meta["timestamp"]
        _moment = utc(_seconds)
    event = Event.__new__(Event)
    set_attributes(
        event,
        {
            "body": None if meta.get("body_null") else event_body(content_type, body) if content_type else body,
            "content_type": content_type,
            "trigger": nuclio_sdk.TriggerInfo(trigger["kind"], trigger["name"]),
            "fields": meta["fields"] or {},
            "headers": meta["headers"] or {},
            "id": meta["id"],
            "method": meta["method"],
            "path": meta["path"] or "/",
            "size": len(body),
            "timestamp": _moment,
        },
    )
    return event, str(meta["worker_id"])
