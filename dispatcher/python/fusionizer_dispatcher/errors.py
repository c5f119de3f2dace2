"""The exceptions of calls: those of requests where it can be imported, else classes of the same names."""

from __future__ import annotations

import importlib
import json
from typing import Dict, Type


class RequestException(IOError):
    """A call went wrong. `response` and `request` as in requests."""

    def __init__(self, *args, **kwargs):
        self.response = kwargs.pop("response", None)
        self.request = kwargs.pop("request", None) or getattr(self.response, "request", None)
        super().__init__(*args, **kwargs)


class HTTPError(RequestException):
    """A 4xx or 5xx answer, by raise_for_status."""


class ConnectionError(RequestException):
    """No answer came."""


class Timeout(RequestException):
    """The time given was not enough."""


class ConnectTimeout(ConnectionError, Timeout):
    """No connection in time."""


class ReadTimeout(Timeout):
    """No answer in time."""


class TooManyRedirects(RequestException):
    """More than 30."""


class MissingSchema(RequestException, ValueError):
    """A URL without http://."""


class InvalidURL(RequestException, ValueError):
    """A URL without a host."""


class InvalidHeader(RequestException, ValueError):
    """A header that HTTP cannot carry."""


class ContentDecodingError(RequestException):
    """A compressed body that is not well-formed."""


class InvalidJSONError(RequestException):
    """A value that JSON cannot carry."""


class JSONDecodeError(InvalidJSONError, json.JSONDecodeError):
    """A body that is no JSON."""

    def __init__(self, message: str, document: str, position: int):
        InvalidJSONError.__init__(self)
        json.JSONDecodeError.__init__(self, message, document, position)


_OWN: Dict[str, Type[RequestException]] = {
    kind.__name__: kind
    for kind in (
        RequestException,
        HTTPError,
        ConnectionError,
        Timeout,
        ConnectTimeout,
        ReadTimeout,
        TooManyRedirects,
        MissingSchema,
        InvalidURL,
        InvalidHeader,
        ContentDecodingError,
        InvalidJSONError,
        JSONDecodeError,
    )
}


def named(name: str) -> type:
    """The exception class `name`. Imports requests, so it is called only to raise."""
    try:
        theirs = importlib.import_module("requests.exceptions")
    except ImportError:
        return _OWN[name]
    return getattr(theirs, name)
