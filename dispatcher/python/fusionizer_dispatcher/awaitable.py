"""The methods of the session that a coroutine awaits: `await requests_session.apost(...)`."""

from __future__ import annotations

import importlib
import threading
from typing import Any, Callable


class AwaitableCalls:
    """For each method of the session one to await, whose name begins with `a`. It takes and gives the same.

    While a call is on its way, the event loop goes on. A call that is cancelled ends for its caller only: the callee
    goes on, as behind a connection that is closed.
    """

    __slots__ = ()

    async def arequest(self: Any, method, url, **kwargs):
        return await _in_thread(lambda: self.request(method, url, **kwargs))

    async def apost(self: Any, url, data=None, json=None, **kwargs):
        return await _in_thread(lambda: self.post(url, data, json, **kwargs))

    async def aget(self: Any, url, **kwargs):
        return await _in_thread(lambda: self.get(url, **kwargs))

    async def aput(self: Any, url, data=None, **kwargs):
        return await _in_thread(lambda: self.put(url, data, **kwargs))

    async def apatch(self: Any, url, data=None, **kwargs):
        return await _in_thread(lambda: self.patch(url, data, **kwargs))

    async def adelete(self: Any, url, **kwargs):
        return await _in_thread(lambda: self.delete(url, **kwargs))

    async def ahead(self: Any, url, **kwargs):
        return await _in_thread(lambda: self.head(url, **kwargs))

    async def aoptions(self: Any, url, **kwargs):
        return await _in_thread(lambda: self.options(url, **kwargs))


async def _in_thread(work: Callable[[], Any]) -> Any:
    """The result of `work()`, which runs in a thread of its own.

    A pool of threads would have a size, and calls that wait for calls could fill it and wait for ever.
    """
    loop = importlib.import_module("asyncio").get_running_loop()
    future = loop.create_future()

    def settle(result: Any, error: Any) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)
        else:
            future.set_exception(error)

    def run() -> None:
        result = error = None
        try:
            result = work()
        except BaseException as raised:
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="await-call", daemon=True).start()
    return await future
