"""Events, built in one step. Attributes that few handlers read are made when they are first read."""

from __future__ import annotations

import datetime
import time
import uuid
from json import loads
from typing import Any, Dict

import nuclio_sdk

from .logs import complain
from .trace_context import span_text

_EPOCH = datetime.datetime(1970, 1, 1)

# The same for every event over HTTP: kept on the class, copied into the event when someone lists its attributes.
_CONSTANT: Dict[str, Any] = {
    "url": "",
    "shard_id": -1,
    "num_shards": 0,
    "type": "",
    "type_version": "",
    "version": "",
    "last_in_batch": False,
    "offset": 0,
    "topic": "",
}
_dict_slot = nuclio_sdk.Event.__dict__["__dict__"]
_real_dict = _dict_slot.__get__
set_attributes = _dict_slot.__set__


def utc(seconds: float) -> datetime.datetime:
    """Unix seconds as the naive UTC time of one second's resolution that Nuclio gives."""
    return _EPOCH + datetime.timedelta(seconds=int(seconds))


def _headers(lazy) -> Dict[str, str]:
    template, length, _, _, trace, span = lazy
    headers = dict(template)
    if length is not None:
        headers["Content-Length"] = str(length)
    headers["Traceparent"] = "00-%s-%s-01" % (trace, span_text(span))
    return headers


def event_body(content_type: str, body: bytes) -> Any:
    """The body as a handler sees it: parsed if the type is exactly application/json.

    A body that cannot be parsed stays bytes, and a line on stderr reports it. Both are as nuclio_sdk does it.
    """
    if content_type != "application/json":
        return body
    try:
        return loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        complain("Failed deserializing json body, error message: %s" % error)
        return body


_MAKERS = {
    "headers": _headers,
    "id": lambda lazy: str(uuid.uuid4()),
    "size": lambda lazy: lazy[1] or 0,
    "timestamp": lambda lazy: utc(time.time() - (time.perf_counter() - lazy[2])),
    "trigger": lambda lazy: nuclio_sdk.TriggerInfo(*lazy[3].dispatcher.http_trigger(lazy[3])),
}


class Event(nuclio_sdk.Event):
    """A nuclio_sdk Event whose attributes `headers`, `id`, `size`, `timestamp` and `trigger` may be made on first use.

    `_lazy` is (headers without Content-Length and Traceparent, body length in bytes or None, `perf_counter` seconds,
    the Task, trace id, span).
    """

    @property
    def __dict__(self):  # type: ignore[override]
        attributes = _real_dict(self)
        if "_lazy" in attributes:
            for name in _MAKERS:
                if name not in attributes:
                    attributes[name] = _MAKERS[name](attributes["_lazy"])
            del attributes["_lazy"]
        for name, value in _CONSTANT.items():
            attributes.setdefault(name, value)
        return attributes

    def __reduce_ex__(self, protocol):
        return _restore, (dict(self.__dict__),)


class _Lazy:
    """An attribute that is made when it is first read. `__getattr__` would make every attribute slower to read."""

    def __init__(self, name: str):
        self.name = name

    def __get__(self, event, _owner=None):
        if event is None:
            return self
        attributes = _real_dict(event)
        if "_lazy" not in attributes:
            raise AttributeError("'Event' object has no attribute '%s'" % self.name)
        value = attributes[self.name] = _MAKERS[self.name](attributes["_lazy"])
        return value


for _name in _MAKERS:
    setattr(Event, _name, _Lazy(_name))
for _name, _value in _CONSTANT.items():
    setattr(Event, _name, _value)


def _restore(attributes: Dict[str, Any]) -> Event:
    event = Event.__new__(Event)
    set_attributes(event, attributes)
    return event
