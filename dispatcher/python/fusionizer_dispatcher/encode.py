"""From what a handler returns or raises to an HTTP answer, as Nuclio does it.

An answer is (status, content type, headers or None, body as str or bytes). An empty content type stands for the
server's default, `text/plain; charset=utf-8`. What is in an answer is exactly of these types: a subclass of str that a
handler returns could do anything when it is used later, outside of the handler.
"""

from __future__ import annotations

import inspect
import re
from json import dumps
from typing import Any, Dict, Optional, Tuple, Union

import nuclio_sdk

from . import tracebacks
from .fastjson import sdk_text
from .logs import complain

Answer = Tuple[int, str, Optional[Dict[str, str]], Union[str, bytes]]

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch
_HEADER_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*").fullmatch
_LINE_BREAK = re.compile("[\r\n]")

TEXT = "text/plain"
JSON = "application/json"
SERVER_TEXT = "text/plain; charset=utf-8"


def encode(output: Any, context) -> Answer:
    """The answer for a handler's return value. `context` is the Task's.

    Raises whatever the value's own methods and its JSON encoding raise; TypeError for a generator.
    """
    kind = type(output)
    if kind is dict:
        return 200, JSON, None, sdk_text(output)
    if kind is str:
        return 200, TEXT, None, _sound(output)
    if isinstance(output, list):
        return _first_of_list(output, context)
    if inspect.isgenerator(output):
        raise TypeError("object generator can't be used in 'await' expression")
    return _encode_one(output)


def _first_of_list(output: list, context) -> Answer:
    if not output:
        return (
            500,
            TEXT,
            None,
            "The handler returned an empty list. Nuclio takes a list for a batch of responses and sends its first "
            "element; an empty one has none. To answer with a JSON array, return (200, []).",
        )
    context.logger.warn(
        "The handler returned a list. Nuclio takes it for a batch of responses and sends only its first element. "
        "To answer with a JSON array, return (200, [...])."
    )
    first = output[0]
    return (200, JSON, None, sdk_text(first)) if isinstance(first, list) else _encode_one(first)


def _encode_one(output: Any) -> Answer:
    if isinstance(output, nuclio_sdk.Response):
        return _encode_response(output)
    if isinstance(output, tuple) and len(output) == 2:
        status, body = output
        if isinstance(body, str):
            return _checked(status, TEXT, None, _text(body))
        return _checked(status, JSON, None, sdk_text(body))
    if isinstance(output, dict):
        return 200, JSON, None, sdk_text(output)
    if isinstance(output, bytes):
        return 200, TEXT, None, _bytes(output)
    return 200, TEXT, None, _text(output)


def _encode_response(response: nuclio_sdk.Response) -> Answer:
    body, content_type = response.body, response.content_type
    if isinstance(body, dict):
        body, content_type = dumps(body), JSON
    else:
        body = _bytes(body) if isinstance(body, bytes) else _text(body)
    headers = response.headers
    if headers and not isinstance(headers, dict):
        return _unmarshal_error(headers, "headers", "map[string]interface {}")
    if content_type is not None and not isinstance(content_type, str):
        return _unmarshal_error(content_type, "content_type", "string")
    kept = _sendable(headers) if headers else None
    content_type = _header_value(content_type) if content_type else None
    return _checked(response.status_code, content_type or "", kept or None, body)


def _sendable(headers: Dict[Any, Any]) -> Dict[str, str]:
    """The headers that HTTP can carry; the others are dropped, as Nuclio drops a value that is no string."""
    kept = {}
    for name, value in headers.items():
        name = _text(name)
        text = _header_value(value) if isinstance(value, str) and _HEADER_NAME(name) else None
        if text is not None:
            kept[name] = text
    return kept


def _header_value(value: str) -> Optional[str]:
    """A value as it arrives: line breaks become spaces, white space around it goes. None if HTTP cannot carry it."""
    text = _LINE_BREAK.sub(" ", _text(value)).strip(" \t")
    return text if _HEADER_VALUE(text) else None


def _text(value: Any) -> str:
    """`str(value)` as a plain str, sound."""
    return _sound(str.__str__(str(value)))


def _bytes(value: bytes) -> bytes:
    """The bytes as plain bytes: the slice of a subclass is no instance of it."""
    return value if type(value) is bytes else bytes.__getitem__(value, slice(None))


def _sound(text: str) -> str:
    """The text with lone surrogates, which UTF-8 cannot carry, replaced."""
    if text.isascii():
        return text
    try:
        text.encode()
        return text
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _checked(status: Any, content_type: str, headers: Optional[Dict[str, str]], body: Union[str, bytes]) -> Answer:
    if isinstance(status, int) and not isinstance(status, bool):
        status = int.__int__(status)
        if 200 <= status <= 999:
            return status, content_type, headers, body
        if status == 0:
            return 200, content_type, headers, body
        return (
            500,
            SERVER_TEXT,
            None,
            "The handler answered with status %d; the status of an answer is 200 to 999." % status,
        )
    if status is None:
        return 200, content_type, headers, body
    return _unmarshal_error(status, "status_code", "int")


def _unmarshal_error(value: Any, field: str, wanted: str) -> Answer:
    """The words of Nuclio's Go side for a value that it cannot read."""
    if isinstance(value, bool):
        found = "bool"
    elif isinstance(value, (int, float)):
        found = "number" if wanted != "int" else "number " + sdk_text(value)
    elif isinstance(value, dict):
        found = "object"
    elif isinstance(value, (list, tuple)):
        found = "array"
    else:
        found = "string"
    return (
        500,
        SERVER_TEXT,
        None,
        "json: cannot unmarshal %s into Go struct field Result.%s of type %s" % (found, field, wanted),
    )


def failure(error: BaseException, context) -> Answer:
    """The answer for an exception of a handler, which is logged by the Task's context, too. Never raises.

    An exception may have methods of its own that fail, and a handler may have replaced the logger.
    """
    try:
        text = tracebacks.text_of(error)
        words = _words(error)
        body = _text('Exception caught in handler - "%s": %s' % (words, text))
    except BaseException:
        words = text = body = 'Exception caught in handler - "%s": it cannot be shown' % _class_name(type(error))
    try:
        context.logger.error_with("Exception caught in handler", exc=words, traceback=text)
    except BaseException:
        complain(body)
    return 500, TEXT, None, body


#: A class's name; a metaclass may have another `__name__`.
_class_name = type.__dict__["__name__"].__get__


def _words(error: BaseException) -> str:
    """str() of an exception, whose own `__str__` may fail; then what Python's tracebacks say of it."""
    try:
        return _text(error)
    except Exception:
        return "<exception str() failed>"
