"""The exception that a caller is handling is none of its callee's business, though Python shows it to all code below.

Without this, a callee within `except` sees its caller's exception: `sys.exc_info()`, a bare `raise`, and the context of
the exceptions that it raises and catches itself, such as in `traceback.format_exc()`.
"""

from __future__ import annotations

import sys
from typing import Any, Callable, Optional, Tuple

# type, exception, traceback
Handled = Tuple[Any, Any, Any]

#: The exception that this thread handles, or None. Python 3.11 has a function that makes no tuple for it.
current: Callable[[], Optional[BaseException]] = getattr(sys, "exception", lambda: sys.exc_info()[1])


def hide() -> Optional[Handled]:
    """Make this thread handle no exception. Returns what it was handling; None if that cannot be hidden.

    It cannot where this implementation of Python has no such function, and in a generator whose caller handles it.
    """
    handled = sys.exc_info()
    try:
        _set((None, None, None))
    except (ImportError, AttributeError):
        return None
    if sys.exc_info()[1] is None:
        return handled
    return None


def without(handled: Handled, work: Callable[[], Any]) -> Any:
    """`work()`, which `hide` prepared; then this thread handles `handled` again."""
    failed = None
    try:
        answer = work()
    except BaseException as error:
        failed = error
    # Behind `except`: at its end, Python would put back what was there before it.
    _set(handled)
    if failed is None:
        return answer
    try:
        raise failed
    finally:
        del failed


def _set(handled: Handled) -> None:
    """https://docs.python.org/3/c-api/exceptions.html#c.PyErr_SetExcInfo."""
    # Loaded at the first call within `except`: it takes some milliseconds.
    import ctypes

    api = ctypes.pythonapi
    # It takes over one reference to each.
    for one in handled:
        api.Py_IncRef(ctypes.py_object(one))
    api.PyErr_SetExcInfo(*map(ctypes.py_object, handled))
