"""Which Task's modules `sys.modules` and `sys.path` show, in a process with several Tasks."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Dict, List, Set

from .spaces import MARK, SharedSpace, Space, find, inside


class World:
    """All Spaces of the process, and which of them `sys.modules` and `sys.path` show."""

    def __init__(self):
        # What was loaded before any Task wins over a Task's file of that name, as it does when the Task is alone.
        self.baseline = {name.partition(".")[0] for name in sys.modules} | set(sys.builtin_module_names)
        # A nuclio_sdk among the Task's own files is the one it gets.
        self.baseline.discard("nuclio_sdk")
        self.contested: Set[str] = set()
        self.folders: List[str] = []
        self.spaces: List[Space] = []
        self.version = 0
        # Whether a contested name is found outside of the Tasks' folders.
        self._outside: Dict[str, bool] = {}
        self.shared = SharedSpace("", None, self)
        # The Space that is shown: that of the Task whose handler the main thread runs. None before the first event.
        self.active: Any = None
        self._show_all = sys.modules.update

    def add(self, name: str, folder: str) -> Space:
        space = Space(name, folder, self)
        self.spaces.append(space)
        self.folders.append(folder)
        return space

    def contest(self, top: str) -> None:
        """From now on `top` means different modules to different Tasks."""
        if top not in self.contested:
            self.contested.add(top)
            for space in self.spaces:
                space.foreign.discard(top)

    def poisons(self, top: str, scope: Dict[str, Any]) -> bool:
        """Whether the active Task's own module `top` would get into a module that all Tasks share (`scope`).

        That is so for a file such as html.py when a module of the standard library imports the library's html. What is
        found in the Task's folder alone is no poison: the shared module looks for what its user provides.
        """
        if top not in self.contested and (top in sys.modules or self.active is None or not self.active.owns(top)):
            return False
        outside = self._outside.get(top)
        if outside is None:
            outside = self._outside[top] = find(top, self.shared.search_path()) is not None
        return outside and self._is_shared(scope)

    def _is_shared(self, scope: Dict[str, Any]) -> bool:
        """Whether globals are those of a module outside of the Tasks' folders. What code is executed in has no file."""
        file = scope.get("__file__")
        return isinstance(file, str) and not any(inside(folder, file) for folder in self.folders)

    def activate(self, space: Space) -> None:
        """Show this Space's modules in `sys.modules`, and its folder in `sys.path`. Called on the main thread."""
        active = self.active
        if active is space:
            return
        path = sys.path
        if active is None:
            path.insert(0, space.folder)
            self._change([], list(space.table))
        else:
            plan = space.plans.get(active)
            if plan is None or plan[0] != self.version:
                plan = self._plan(active, space)
            change = plan[1]
            if change is not None:
                self._change(*change)
            if path and path[0] is active.folder:
                path[0] = space.folder
            else:
                path[:] = [space.folder if entry is active.folder else entry for entry in path]
        self.active = space
        self._show_all(space.table)

    def _plan(self, active: Space, space: Space) -> tuple:
        """What differs in names when `space` follows `active`: (version, None or (names to hide, new names))."""
        version = self.version  # Before the names: another thread may add some meanwhile.
        shown, table = list(active.table), list(space.table)
        change = ([name for name in shown if name not in table], [name for name in table if name not in shown])
        plan = space.plans[active] = (version, change if any(change) else None)
        return plan

    def _change(self, gone: List[str], new: List[str]) -> None:
        """Let go of names in `sys.modules`; behind them, and behind new ones, may be modules that no Task owns."""
        shared = self.shared.table
        for name in gone:
            if name in shared:
                sys.modules[name] = shared[name]
            else:
                sys.modules.pop(name, None)
        for name in new:
            if name in sys.modules:
                shared[name] = sys.modules[name]

    def show(self, space: Space, name: str, module: ModuleType) -> None:
        """Put a module that is about to be executed into `sys.modules`, where dataclasses and others look for it."""
        if self.active is not space:
            sys.modules.setdefault(name, module)
            return
        before = sys.modules.get(name)
        if before is not None and MARK not in getattr(before, "__dict__", ()):
            self.shared.table[name] = before
        sys.modules[name] = module

    def hide(self, name: str, module: ModuleType) -> None:
        """Take a module out of `sys.modules`, if it is in there."""
        if sys.modules.get(name) is module:
            del sys.modules[name]

    def settle(self, space: Space, name: str, module: ModuleType) -> ModuleType:
        """After execution: the module, or what it put into `sys.modules` in its own place."""
        if self.active is space:
            shown = sys.modules.get(name, module)
            if shown is not module:
                space.table[name] = shown
            return shown
        self.hide(name, module)
        return module
