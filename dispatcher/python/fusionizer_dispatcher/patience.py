"""Local calls with a timeout: it ends the wait of the caller, as it does for a remote call; the callee goes on."""

from __future__ import annotations

import threading
from threading import get_ident
from typing import Any, Optional

from .connections import split_timeout, timed_out
from .local_call import local_request
from .response import Response


def local_in_time(caller, target, method: str, headers, body: Optional[bytes], request, timeout: Any) -> Response:
    """`local_request`, within the second part of `timeout` as requests takes it. Raises ReadTimeout.

    A plain handler that is called on the main thread has that thread, and so the caller, until it ends: there the error
    comes late.
    """
    seconds = None if timeout is None else split_timeout(timeout)[1]
    if not isinstance(seconds, (int, float)):
        return local_request(caller, target, method, headers, body, request)
    main = target.task.dispatcher.main
    if get_ident() == main.ident:
        response = local_request(caller, target, method, headers, body, request, seconds)
    else:
        response = _in_thread(caller, target, method, headers, body, request, seconds)
    if response._ended - response._started > seconds:
        raise timed_out(caller.task.dispatcher.address, seconds)
    return response


def _in_thread(caller, target, method, headers, body, request, seconds) -> Any:
    """The call in a thread of its own, which goes on when the time is up. Its job is to wait for the main thread."""
    ended = threading.Event()
    found: Any = [None, None]

    def run() -> None:
        try:
            found[0] = local_request(caller, target, method, headers, body, request, seconds)
        except BaseException as error:
            found[1] = error
        ended.set()

    threading.Thread(target=run, name="call-with-timeout", daemon=True).start()
    if not ended.wait(seconds):
        raise timed_out(caller.task.dispatcher.address, seconds)
    if found[1] is not None:
        raise found[1]
    return found[0]
