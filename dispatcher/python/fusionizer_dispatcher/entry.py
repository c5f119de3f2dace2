"""What a function package's entry module imports: Nuclio's two functions, for the whole group."""

from __future__ import annotations

import os
import sys
from typing import Any, Optional

from .dispatcher import Dispatcher
from .manifest import read

_dispatcher: Optional[Dispatcher] = None


def package_folder() -> str:
    """The folder of the entry module, where the manifest is."""
    entry = sys.modules.get("fusionizer_entry")
    file = getattr(entry, "__file__", None)
    return os.path.dirname(os.path.abspath(file)) if file else os.getcwd()


def init_context(context) -> None:
    """Load all Tasks of the package and run their init_context. Raises load_error.LoadError."""
    global _dispatcher
    dispatcher = Dispatcher(read(package_folder()), os.environ)
    dispatcher.start(context)
    _dispatcher = dispatcher


def handler(context, event) -> Any:
    """Nuclio's handler: what the event's Task returns or raises."""
    return loaded().handle(context, event)


def loaded() -> Dispatcher:
    """The Dispatcher that init_context made. Raises RuntimeError before that."""
    if _dispatcher is None:
        raise RuntimeError("init_context has not run")
    return _dispatcher
