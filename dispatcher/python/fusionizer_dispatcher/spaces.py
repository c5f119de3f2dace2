"""Modules of Tasks that share a process: each Task imports from its own folder, under the names it has when alone.

A module of a Task carries its Space in its globals (`MARK`); imports that run in it are answered by that Space, in any
thread. Other code (pickle, importlib in installed packages) asks `sys.modules`, which shows the modules of the *active*
Task: the one whose code the event runs.
"""

from __future__ import annotations

import importlib.util
import os
import pkgutil
import sys
import threading
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Dict, List, Optional, Set

MARK = "__fusionizer_task__"

_guard = threading.Lock()
_waiting: Dict[int, "_Loading"] = {}


class _Loading:
    """A module that is being executed, by the thread `owner`."""

    def __init__(self, owner: int):
        self.owner = owner
        self.done = threading.Event()


def _waits_for(thread: int, me: int) -> bool:
    """Whether `thread` waits, by any chain of loads, for one that `me` executes. Called with `_guard` held."""
    while thread != me:
        loading = _waiting.get(thread)
        if loading is None:
            return False
        thread = loading.owner
    return True


class NamespacePath(List[str]):
    """The folders of a namespace package. importlib.resources wants the name of Python's own class in its text."""

    def __repr__(self) -> str:
        return "_NamespacePath(%s)" % list.__repr__(self)


def find(fullname: str, path: List[str]) -> Optional[ModuleSpec]:
    """The spec of a module on a path; like PathFinder, but the path of a namespace package is a list.

    PathFinder's own namespace paths follow `sys.path`, which here changes with the active Task.
    """
    portions: List[str] = []
    for entry in path:
        finder = pkgutil.get_importer(entry)
        spec = finder.find_spec(fullname) if finder is not None else None
        if spec is None:
            continue
        if spec.loader is not None:
            return spec
        portions.extend(spec.submodule_search_locations or ())
    if not portions:
        return None
    spec = ModuleSpec(fullname, None, is_package=True)
    spec.submodule_search_locations = NamespacePath(portions)
    return spec


def inside(folder: str, path: str) -> bool:
    """Whether `path` is `folder` or lies below it."""
    return path == folder or path.startswith(folder + os.sep)


class Space:
    """The modules of one Task, by full name. `folder` is absolute; None for what no Task owns."""

    def __init__(self, name: str, folder: Optional[str], world):
        self.name = name
        # A str; None for what no Task owns.
        self.folder: Any = folder
        self.world = world
        self.table: Dict[str, ModuleType] = {}
        self.owned: Set[str] = set()
        self.foreign: Set[str] = set()
        self.loading: Dict[str, _Loading] = {}
        self.plans: Dict[Space, tuple] = {}

    def owns(self, top: str) -> bool:
        """Whether the top-level name `top` is a module of this Task's folder, by the search order it has when alone."""
        if top in self.owned:
            return True
        if top in self.foreign or top in self.world.baseline:
            return False
        spec = find(top, self.search_path())
        if spec is None:
            return False
        places = [spec.origin] if spec.has_location else spec.submodule_search_locations or []
        if any(inside(self.folder, place or "") for place in places):
            self.owned.add(top)
            self.world.contest(top)
            return True
        return False

    def search_path(self) -> List[str]:
        """`sys.path` as this Task has it when alone: its own folder, and nothing of another Task's."""
        folders = self.world.folders
        path = [] if self.folder is None else [self.folder]
        for index, entry in enumerate(sys.path):
            if entry in folders:
                # Entries that the Task put before its folder stay before it.
                if path and path[0] == self.folder and index:
                    path.append(path.pop(0))
            elif (self.folder is not None and inside(self.folder, entry)) or not any(
                inside(folder, entry) for folder in folders
            ):
                path.append(entry)
        return path

    def load(self, fullname: str) -> ModuleType:
        """The module `fullname`, executed if it was not yet. Raises what its code raises, or ModuleNotFoundError."""
        module = self.table.get(fullname)
        if module is not None and fullname not in self.loading:
            return module
        parent_name, _, child = fullname.rpartition(".")
        parent = self.load(parent_name) if parent_name else None
        me = threading.get_ident()
        while True:
            with _guard:
                module = self.table.get(fullname)
                loading = self.loading.get(fullname)
                if loading is None:
                    if module is not None:
                        return module
                    mine = self.loading[fullname] = _Loading(me)
                    break
                if _waits_for(loading.owner, me) and module is not None:
                    return module  # A circular import: what is there so far, as Python does it.
                _waiting[me] = loading
            loading.done.wait()
            with _guard:
                _waiting.pop(me, None)
        try:
            return self._execute(fullname, parent, child)
        finally:
            with _guard:
                del self.loading[fullname]
            mine.done.set()

    def _execute(self, fullname: str, parent: Optional[ModuleType], child: str) -> ModuleType:
        if parent is None:
            path = self.search_path()
        elif hasattr(parent, "__path__"):
            path = list(parent.__path__)
        else:
            raise ModuleNotFoundError(
                "No module named %r; %r is not a package" % (fullname, parent.__name__), name=fullname
            )
        spec = find(fullname, path)
        if spec is None:
            raise ModuleNotFoundError("No module named %r" % fullname, name=fullname)
        module = importlib.util.module_from_spec(spec)
        self.adopt(fullname, module)
        self.world.show(self, fullname, module)
        if parent is not None and self.world.active is not self:
            # `from package import child` in a circle falls back on sys.modules, which shows another Task now.
            setattr(parent, child, module)
        # Python's own messages about circular imports ask for this.
        spec._initializing = True  # type: ignore[attr-defined]
        try:
            if spec.loader is not None:
                spec.loader.exec_module(module)
        except BaseException:
            self.drop(fullname)
            self.world.hide(fullname, module)
            raise
        finally:
            spec._initializing = False  # type: ignore[attr-defined]
        module = self.world.settle(self, fullname, module)
        if parent is not None:
            setattr(parent, child, module)
        return module

    def adopt(self, fullname: str, module: ModuleType) -> None:
        """Make a module, not executed yet, one of this Space."""
        if self.folder is not None:
            module.__dict__[MARK] = self
        self.table[fullname] = module
        self.world.version += 1

    def drop(self, fullname: str) -> None:
        """Forget a module whose execution failed."""
        self.table.pop(fullname, None)
        self.world.version += 1


class SharedSpace(Space):
    """The modules that no Task owns, but whose names some Task uses for its own."""

    def load(self, fullname: str) -> ModuleType:
        shown = sys.modules.get(fullname)
        if fullname not in self.table and shown is not None and MARK not in getattr(shown, "__dict__", ()):
            return shown
        return super().load(fullname)
