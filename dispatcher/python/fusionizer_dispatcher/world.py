"""Which Task's modules `sys.modules` and `sys.path` show, in a process with several Tasks."""

from __future__ import annotations

import os
import sys
import threading
import time
from types import ModuleType
from typing import Any, Dict, List, Optional, Set

from .spaces import MARK, SharedSpace, Space, find, inside

# Milliseconds that a call waits for the event's thread to have changed names.
_MOST_WAITS = 50


class _View:
    """A Space that `sys.modules` shows in place of the event's own, while `count` calls are in it."""

    __slots__ = ("space", "count")

    def __init__(self, space: Space):
        self.space = space
        self.count = 1


class World:
    """All Spaces of the process, and which of them `sys.modules` and `sys.path` show."""

    def __init__(self):
        # What was loaded before any Task wins over a Task's file of that name, as it does when the Task is alone.
        self.baseline = {name.partition(".")[0] for name in sys.modules} | set(sys.builtin_module_names)
        self.contested: Set[str] = set()
        self.folders: List[str] = []
        self.spaces: List[Space] = []
        self.version = 0
        # Whether a contested name is found outside of the Tasks' folders.
        self._outside: Dict[str, bool] = {}
        self.shared = SharedSpace("", None, self)
        # What is shown: that of the last view, else that of the event's thread (`own`).
        # Spaces of Tasks; None before the first event.
        self.active: Any = None
        self.own: Any = None
        self.views: List[_View] = []
        # The event's thread changes names, without the lock.
        self.moving = False
        # The thread in which the event runs.
        self.thread = 0
        # Held while views and their names change, never while code of a Task runs.
        self._switch = threading.RLock()
        self._show_all = sys.modules.update
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def _after_fork(self) -> None:
        """In a forked child there is no other thread that could give the lock back."""
        self._switch = threading.RLock()
        self.moving = False

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

    def begin(self, space: Space) -> None:
        """Show the Space of a new event, whatever threads of earlier events do."""
        with self._switch:
            self.views.clear()
        self.activate(space)

    def activate(self, space: Space) -> None:
        """The event's thread goes on in this Space: show it, unless calls of other threads have one shown.

        It takes no lock as long as there are no such calls: they leave the names alone while it is `moving`.
        """
        self.own = space
        self.moving = True
        if not self.views:
            active = self.active
            plan = space.plans.get(active)
            path = sys.path
            if plan is not None and plan[0] == self.version and plan[1] is None and path and path[0] is active.folder:
                path[0] = space.folder
                self.active = space
                self._show_all(space.table)
            else:
                self._show_space(space)
        self.moving = False
        if self.views or self.active is not space:
            with self._switch:
                self._show_space(self.views[-1].space if self.views else self.own)

    def enter(self, caller: Space, space: Space, current: bool) -> Optional[_View]:
        """A call goes from `caller` into `space`, in another thread than the event's or while such calls go on.

        It shares the view if that shows `space`. It shows `space` if nothing else is in the caller's view, and the
        call is one of the `current` event. Else nothing changes. Returns the view to leave after the call.
        """
        with self._switch:
            views = self.views
            if views and views[-1].space is space:
                views[-1].count += 1
                return views[-1]
            shown = views[-1].space if views else self.own
            if shown is not space and not (current and shown is caller and (not views or views[-1].count == 1)):
                return None
            view = _View(space)
            views.append(view)
            if not self.moving:
                self._show_space(space)
                return view
        # The event's thread changes names just now, and then sees the view. That is soon, unless a signal broke it off.
        for _ in range(_MOST_WAITS):
            if self.active is space and not self.moving:
                break
            time.sleep(0.001)
        return view

    def leave(self, view: _View) -> None:
        """A call is over: what was shown before is shown again, once no call is in the view."""
        with self._switch:
            view.count -= 1
            views = self.views
            left = len(views)
            while left and not views[left - 1].count:
                left -= 1
            if left < len(views):
                # Names first: while there are views, the event's thread changes names only with the lock.
                if not self.moving:
                    self._show_space(views[left - 1].space if left else self.own)
                del views[left:]

    def _show_space(self, space: Space) -> None:
        """Show this Space's modules in `sys.modules`, and its folder in `sys.path`."""
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
