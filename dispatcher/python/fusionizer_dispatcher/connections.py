"""Requests to the server, over connections that stay open and are shared by all threads of the process."""

from __future__ import annotations

import http.client
import os
import re
import socket
from collections import deque
from typing import Any, Deque, List, NamedTuple, Optional, Tuple

from . import errors
from .routes import Address

_MOST_IDLE = 64
_NOT_TOKEN = re.compile(r"[^-!#$%&'*+.^_`|~0-9a-zA-Z]").search


class Answer(NamedTuple):
    """An HTTP answer; `headers` in order of arrival."""

    status: int
    reason: str
    headers: List[Tuple[str, str]]
    body: bytes


class _NoAnswer(Exception):
    """The connection ended before the first byte of an answer."""


def split_timeout(timeout: Any) -> Tuple[Any, Any]:
    """A timeout as requests takes it, in seconds: None, a number, (connect, read), or urllib3's Timeout.

    Raises ValueError for what is none, with the words of requests and urllib3.
    """
    if timeout is None:
        return None, None
    if isinstance(timeout, tuple):
        try:
            connect, read = timeout
            return _seconds(connect, "connect"), _seconds(read, "read")
        except ValueError:
            raise ValueError(
                "Invalid timeout %s. Pass a (connect, read) timeout tuple, or a single float to set both timeouts "
                "to the same value." % (timeout,)
            ) from None
    if hasattr(timeout, "connect_timeout") and hasattr(timeout, "read_timeout"):
        return timeout.connect_timeout, timeout.read_timeout
    return _seconds(timeout, "connect"), _seconds(timeout, "read")


def _seconds(value: Any, name: str) -> Any:
    if value is None:
        return None
    if isinstance(value, bool):
        raise ValueError("Timeout cannot be a boolean value. It must be an int, float or None.")
    try:
        float(value)
        too_small = value <= 0
    except (TypeError, ValueError):
        raise ValueError("Timeout value %s was %s, but it must be an int, float or None." % (name, value)) from None
    if too_small:
        raise ValueError(
            "Attempted to set %s timeout to %s, but the timeout cannot be set to a value less than or equal to 0."
            % (name, value)
        )
    return value


def timed_out(address: Address, seconds: Any) -> Exception:
    """What requests raises when no answer has come in time, in its words."""
    words = "HTTPConnectionPool(host=%r, port=%d): Read timed out. (read timeout=%s)"
    return errors.named("ReadTimeout")(words % (address.host, address.port, seconds))


class Pool:
    """Keep-alive connections to one address. Thread-safe."""

    def __init__(self, address: Address):
        self.address = address
        self._idle: Deque[socket.socket] = deque(maxlen=_MOST_IDLE)
        if hasattr(os, "register_at_fork"):
            # Two processes must not read answers from one connection.
            os.register_at_fork(after_in_child=self._idle.clear)

    def send(self, method: str, wire: str, headers, body: Optional[bytes], timeout: Any) -> Answer:
        """Send a request, wait for the whole answer. Raises ConnectionError, ConnectTimeout or ReadTimeout.

        What HTTP cannot say is refused as urllib3 does it: a method with ValueError, a header's name beyond ASCII and
        its value beyond Latin-1 with UnicodeEncodeError.

        A connection that was idle may have been closed by the server meanwhile: if not a byte of an answer comes from
        such a one, the request is sent once more on a new connection.
        """
        connect, read = split_timeout(timeout)
        odd = _NOT_TOKEN(method)
        if odd:
            raise ValueError(
                "Method cannot contain non-token characters %r (found at least %r)" % (method, odd.group())
            )
        "".join(headers).encode("ascii")
        lines = ["%s %s HTTP/1.1" % (method, wire)]
        lines.extend("%s: %s" % item for item in headers.items())
        body = body or b""
        if any(name.lower() == "transfer-encoding" for name in headers):
            # In one piece, and the end.
            body = (b"%x\r\n%s\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n"
        message = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._exchange_new(method, message, connect, read)
        try:
            return self._exchange(connection, method, message, read)
        except _NoAnswer:
            return self._exchange_new(method, message, connect, read)

    def _exchange_new(self, method: str, message: bytes, connect, read) -> Answer:
        try:
            connection = socket.create_connection(self.address, connect)
        except socket.timeout as error:
            raise errors.named("ConnectTimeout")(error) from error
        except OSError as error:
            raise errors.named("ConnectionError")("No connection to %s: %s" % (self.address.text(), error)) from error
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            return self._exchange(connection, method, message, read)
        except _NoAnswer as error:
            raise errors.named("ConnectionError")("('Connection aborted.', %r)" % error.__cause__) from error

    def _exchange(self, connection: socket.socket, method: str, message: bytes, read) -> Answer:
        response = None
        try:
            connection.settimeout(read)
            response = http.client.HTTPResponse(connection, method=method)
            try:
                connection.sendall(message)
                if not response.fp.peek(1):
                    raise http.client.RemoteDisconnected("Remote end closed connection without response")
            except ConnectionError as error:
                raise _NoAnswer from error
            response.begin()
            answer = Answer(response.status, response.reason, response.getheaders(), response.read())
            reusable = not response.will_close
        except socket.timeout as error:
            connection.close()
            raise timed_out(self.address, read) from error
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise errors.named("ConnectionError")("('Connection aborted.', %r)" % error) from error
        except BaseException:
            connection.close()
            raise
        finally:
            if response is not None:
                response.close()
        if reusable and len(self._idle) < _MOST_IDLE:
            self._idle.append(connection)
        else:
            connection.close()
        return answer
