"""Import statements in a process with several Tasks: each is answered by the Space of the module that it stands in."""

from __future__ import annotations

import builtins
import importlib._bootstrap_external as _external
import importlib.util
import sys
from importlib.machinery import ExtensionFileLoader, SourceFileLoader, SourcelessFileLoader
from types import ModuleType
from typing import Dict, Iterable

from .spaces import MARK, Space, find
from .world import World

# The same class under its older name, before Python 3.11.
_NamespaceLoader = getattr(_external, "NamespaceLoader", None) or _external._NamespaceLoader


class Imports:
    """Answers the imports of the process, once installed."""

    def __init__(self, world: World):
        self._world = world
        self._import = builtins.__import__
        self._import_module = importlib.import_module

    def install(self) -> None:
        """Answer the imports of the process from now on."""
        builtins.__import__ = self.import_
        importlib.import_module = self.import_module
        sys.meta_path.insert(0, _ActiveFinder(self._world))

    def import_module(self, name, package=None):
        """Import a module. A relative `name` (with leading dots) is looked up from `package`."""
        space = sys._getframe(1).f_globals.get(MARK)
        # For the Task that is shown, the original does all of Python's rules.
        if (
            space is None
            or (space is self._world.active and not self._world.views)
            or (name.startswith(".") and not package)
        ):
            return self._import_module(name, package)
        fullname = importlib.util.resolve_name(name, package)
        top = fullname.partition(".")[0]
        if space.owns(top):
            return space.load(fullname)
        if top in self._world.contested and space is not self._world.active:
            return self._world.shared.load(fullname)
        return self._import_module(fullname)

    def import_(self, name, globals=None, locals=None, fromlist=(), level=0):
        """`builtins.__import__` of the process."""
        scope = sys._getframe(1).f_globals if globals is None else globals
        space = scope.get(MARK)
        if space is None:
            if level == 0:
                full = name
            else:
                package = scope.get("__package__")
                full = package if isinstance(package, str) else ""
            if self._world.poisons(full if "." not in full else full.partition(".")[0], scope):
                fullname = name if level == 0 else _absolute(name, scope, level)
                return _finish(self._world.shared, name, fullname, fromlist, level)
            return self._import(name, globals, locals, fromlist, level)
        if level == 0:
            top = name if "." not in name else name.partition(".")[0]
            if top in space.foreign:
                return self._import(name, globals, locals, fromlist, 0)
            if not space.owns(top):
                if top not in self._world.contested:
                    module = self._import(name, globals, locals, fromlist, 0)
                    space.foreign.add(top)
                    return module
                if self._world.active is space:
                    return self._import(name, globals, locals, fromlist, 0)
                space = self._world.shared
            return _finish(space, name, name, fromlist, 0)
        return _finish(space, name, _absolute(name, scope, level), fromlist, level)


def _absolute(name: str, scope: Dict, level: int) -> str:
    """The full name of a relative import in a module with these globals."""
    package = scope.get("__package__")
    if package is None:
        package = scope["__name__"] if "__path__" in scope else scope["__name__"].rpartition(".")[0]
    if not package:
        raise ImportError("attempted relative import with no known parent package")
    parts = package.rsplit(".", level - 1)
    if len(parts) < level:
        raise ImportError("attempted relative import beyond top-level package")
    return parts[0] + "." + name if name else parts[0]


def _finish(space: Space, name: str, fullname: str, fromlist, level: int) -> ModuleType:
    """Load, and give what an import statement binds: the module for `from`, else the top-level package."""
    module = space.load(fullname)
    if fromlist:
        if hasattr(module, "__path__"):
            _load_from(space, module, fullname, fromlist)
        return module
    if level == 0:
        return space.load(name.partition(".")[0]) if "." in name else module
    if "." not in name:
        return module
    return space.load(fullname[: len(fullname) - len(name) + len(name.partition(".")[0])])


def _load_from(space: Space, package: ModuleType, fullname: str, names: Iterable[str]) -> None:
    """Load the submodules that `from package import names` asks for."""
    for name in names:
        if name == "*":
            _load_from(space, package, fullname, [n for n in getattr(package, "__all__", ()) if n != "*"])
        elif not hasattr(package, name):
            child = fullname + "." + name
            try:
                space.load(child)
            except ModuleNotFoundError as error:
                # The statement itself then says that the name cannot be imported.
                if error.name != child:
                    raise


class _ActiveFinder:
    """Finds the active Task's modules for code that imports by importlib."""

    def __init__(self, world: World):
        self.world = world

    def find_spec(self, fullname, path=None, target=None):
        space = self.world.active
        if space is None or not space.owns(fullname.partition(".")[0]):
            return None
        spec = find(fullname, space.search_path() if path is None else list(path))
        if spec is not None:
            spec.loader = adopting(space, spec.loader)
        return spec


def adopting(space: Space, loader):
    """A loader that makes the module one of the Space before it executes it. All else it does is the given loader's."""
    if loader is None:
        return _AdoptingNamespaceLoader(space)
    if type(loader) in _OF_ONE_MODULE:
        # Made by the finder for this spec alone, so it can be changed. Its type and its other methods stay.
        execute = loader.exec_module
        loader.exec_module = lambda module: _execute(space, module, execute)
        return loader
    return _AdoptingLoader(space, loader)


_OF_ONE_MODULE = (SourceFileLoader, SourcelessFileLoader, ExtensionFileLoader)


def _execute(space: Space, module: ModuleType, execute) -> None:
    name = module.__spec__.name if module.__spec__ is not None else module.__name__
    space.adopt(name, module)
    try:
        execute(module)
    except BaseException:
        space.drop(name)
        raise


class _AdoptingLoader:
    """For loaders that several modules share, such as a zip file's."""

    def __init__(self, space: Space, loader):
        self._space = space
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._loader
        _execute(self._space, module, self._loader.exec_module)


class _AdoptingNamespaceLoader(_NamespaceLoader):  # type: ignore[misc,valid-type]
    """For a package without a file of its own."""

    def __init__(self, space: Space):
        self._space = space

    def create_module(self, spec):
        self._path = spec.submodule_search_locations

    def exec_module(self, module):
        loader = _NamespaceLoader.__new__(_NamespaceLoader)
        loader._path = self._path
        module.__spec__.loader = module.__loader__ = loader
        self._space.adopt(module.__spec__.name, module)
