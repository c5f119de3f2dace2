"""One Task of the group: its handler, its view of the context, and how both are loaded."""

from __future__ import annotations

import contextvars
import copy
import functools
import importlib
import inspect
import itertools
import os
import sys
from inspect import Parameter
from typing import Any, Callable, List, Optional

from .load_error import handler_error, load_error
from .logs import task_logger
from .manifest import TaskSpec
from .platform import TaskPlatform

# How many decorators of a handler are looked through. One may wrap itself.
_MAX_WRAPPED = 50
# How many functions of a module an error names.
_MAX_SHOWN = 10
_SESSION_NAMES = ("requests_session", "session")


class Task:
    """A loaded Task. `current` is the session of the event that it handles now, or handled last."""

    def __init__(self, spec: TaskSpec, dispatcher, space):
        self.name = spec.name
        self.spec = spec
        self.dispatcher = dispatcher
        self.space = space
        self.current: Any = None
        self.handler: Callable[..., Any] = _not_loaded
        self.wants_session = False
        self.context: Any = None
        self._module: Any = None
        # Its context variables: what another Task sets is none of its business. `run` enters them; None: they are.
        self.variables = contextvars.Context()
        self.run: Any = self.variables.run

    @functools.cached_property
    def loops(self):
        """The Task's event loops. asyncio takes a tenth of the start, so it waits for the first coroutine."""
        return importlib.import_module(__package__ + ".loops").Loops(self.dispatcher.main, self.name)

    def load(self) -> None:
        """Import the handler. Raises LoadError."""
        try:
            module_name, function = self.spec.entry_point()
        except ValueError as error:
            raise handler_error(str(error), self.name) from None
        file = module_name.replace(".", "/") + ".py"
        try:
            self._module = self.variables.run(self._import, module_name)
        except BaseException as error:
            if isinstance(error, ModuleNotFoundError) and _is_part(error.name, module_name):
                message = "spec.handler is %s, but there is no file %s in the Task's folder" % (self.spec.handler, file)
                if os.path.isfile(os.path.join(self.spec.folder, file)):
                    # As in Nuclio: the wrapper has imported a module of that name before.
                    message = "spec.handler is %s, but Python has a module %s of its own: rename %s" % (
                        self.spec.handler,
                        module_name,
                        file,
                    )
                raise handler_error(message, self.name) from error
            raise load_error(error, self.name, self.spec.folder) from error
        handler: Any = getattr(self._module, function, None)
        if not callable(handler):
            has = ", ".join(_functions_of(self._module)) or "none"
            message = "spec.handler is %s, but %s has no function '%s' (it has: %s)" % (
                self.spec.handler,
                file,
                function,
                has,
            )
            raise handler_error(message, self.name)
        self.handler = handler
        self.wants_session = _takes_three(handler)

    def _handlers_module(self):
        """The module that the handler is from: as in Nuclio, its init_context counts, if it has one."""
        name = getattr(self.handler, "__module__", None)
        if not isinstance(name, str) or name == self._module.__name__:
            return self._module
        try:
            module = self._import(name)
        except ImportError:
            return self._module
        return module if hasattr(module, "init_context") else self._module

    def _import(self, name: str):
        if self.space is not None:
            if not self.space.owns(name.partition(".")[0]):
                raise ModuleNotFoundError("No module named %r" % name, name=name)
            return self.space.load(name)
        module = importlib.import_module(name)
        if not os.path.abspath(getattr(module, "__file__", None) or "").startswith(self.spec.folder + os.sep):
            raise ModuleNotFoundError("No module named %r" % name, name=name)
        return module

    def show_folder(self) -> None:
        """Make the folder of a Task that is alone in its process importable, as Nuclio does."""
        folder = self.spec.folder
        if folder not in sys.path:
            sys.path.insert(0, folder)
            own = os.path.join(folder, "nuclio_sdk")
            if os.path.isfile(own + ".py") or os.path.isfile(os.path.join(own, "__init__.py")):
                # The Task imports its own. We keep ours: a Task's may be a part of it, made for tests.
                for name in [name for name in sys.modules if name.partition(".")[0] == "nuclio_sdk"]:
                    del sys.modules[name]

    def make_context(self, base) -> None:
        """The Task's view of the function's context: what Tasks write to stays with the Task."""
        context = copy.copy(base)
        context.user_data = _bag()
        context.logger = task_logger(base.logger, self)
        context.platform = TaskPlatform(base.platform, self)
        self.context = context

    def init(self) -> None:
        """Run the Task's init_context, if it has one. Raises LoadError."""
        init_context = getattr(self._handlers_module(), "init_context", None)
        if init_context is None:
            return
        try:
            result = self.variables.run(init_context, self.context)
            if inspect.iscoroutine(result):
                self.loops.run(result, self.variables.copy())
        except BaseException as error:
            raise load_error(error, self.name, self.spec.folder) from error


def _functions_of(module) -> List[str]:
    """The functions that a module defines itself, for an error."""
    own = (
        name
        for name, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", None) == module.__name__ and not name.startswith("_")
    )
    return list(itertools.islice(own, _MAX_SHOWN))


def _is_part(name: Optional[str], module: str) -> bool:
    """Whether `name` is the module, or one of the packages that it is in."""
    return name is not None and name != "" and (module + ".").startswith(name + ".")


def _takes_three(handler: Callable) -> bool:
    """Whether the handler has a third positional parameter for the requests session.

    A parameter with a default and another name is the handler's own, and so are `*args`. A decorated handler is called
    as its outermost function can be: what is inside counts only where that one passes on all arguments (`*args`).
    """
    for _ in range(_MAX_WRAPPED):
        passes_on = True
        try:
            parameters = inspect.signature(handler, follow_wrapped=False).parameters.values()
        except (TypeError, ValueError):
            # A decorator that is written in C, such as functools.lru_cache, passes on all arguments.
            pass
        else:
            positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
            if len(positional) >= 3:
                return positional[2].default is Parameter.empty or positional[2].name in _SESSION_NAMES
            passes_on = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        inside = getattr(handler, "__wrapped__", None)
        if not passes_on or not callable(inside):
            return False
        handler = inside
    return False


def _bag():
    """A place for attributes, of the kind that nuclio_sdk's Context has."""
    return lambda: None


def _not_loaded(*_):
    raise RuntimeError("the Task is not loaded")
