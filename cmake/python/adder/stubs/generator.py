# SPDX-License-Identifier: MIT
"""All stubs of a loaded module."""

from __future__ import annotations

import sys
import types
from typing import Any, Dict, List, Optional, Tuple

from . import spelling
from .describe import File
from .notes import Loaded


class Generator:
    """All stubs of a loaded module: `texts` by the paths of the files, and what is to be said about them."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.notes = loaded.notes
        self.complaints: List[str] = []
        self.modules: Dict[str, types.ModuleType] = {}
        self._places: Dict[int, Tuple[str, str]] = {}  # of each own class: its module, and its name there
        self._by_name: Dict[str, Tuple[str, str, Any]] = {}
        self.hidden: Dict[str, Dict[str, str]] = {}  # of each module: classes it was not given, by full name
        self._find_modules(loaded.module)
        for name, module in self.modules.items():
            self._find_classes(name, vars(module), "")
        for record in self.notes.unknown:
            self.complain(
                f"{record['owner']}.{record['name']}: {record['type']} has no type hint, so it is Any here: its "
                "FromPyObject has no input_type, or its IntoPyObject no output_type"
            )
        self.texts = {self._path(name): File(self, name).text() for name in self.modules}

    def complain(self, words: str) -> None:
        if words not in self.complaints:
            self.complaints.append(words)

    def _find_modules(self, module: types.ModuleType) -> None:
        name = module.__name__
        if name in self.modules:
            return
        self.modules[name] = module
        for key, value in list(vars(module).items()):
            if isinstance(value, types.ModuleType) and value.__name__ == f"{name}.{key}":
                self._find_modules(value)

    def is_package(self, module: str) -> bool:
        return any(other.startswith(f"{module}.") for other in self.modules)

    def _path(self, module: str) -> str:
        root = self.loaded.module.__name__
        parts = (
            [root.rpartition(".")[2], *module[len(root) + 1 :].split(".")]
            if module != root
            else [root.rpartition(".")[2]]
        )
        return "/".join(parts) + ("/__init__.pyi" if self.is_package(module) else ".pyi")

    def is_own(self, cls: type) -> bool:
        """Whether a class is of this module, and not one of others that the module shows, too."""
        home = sys.modules.get(cls.__module__)
        if home is None or cls.__module__ in self.modules:
            return True
        found: Any = home
        for part in cls.__qualname__.split("."):
            found = getattr(found, part, None)
        return found is not cls

    def _find_classes(self, module: str, content: Any, outer: str) -> None:
        for name, value in list(content.items()):
            if not isinstance(value, type) or id(value) in self._places or not self.is_own(value):
                continue
            if outer and value.__qualname__.rpartition(".")[0] != outer:
                continue  # A class that is found elsewhere, too.
            path = f"{outer}.{name}" if outer else name
            if not all(spelling.is_identifier(part) for part in path.split(".")):
                continue
            self._places[id(value)] = (module, path)
            full = f"{value.__module__}.{value.__qualname__}"
            if full in self._by_name and self._by_name[full][2] is not value:
                other = self._by_name[full]
                self.complain(
                    f"two classes are called {full}: {other[0]}.{other[1]} and {module}.{path}. So "
                    "their members are mixed up here, and who names it means the first one"
                )
            self._by_name.setdefault(full, (module, path, value))
            self._by_name.setdefault(f"{module}.{path}", (module, path, value))
            self._find_classes(module, vars(value), path)

    def place_of(self, cls: type) -> Optional[Tuple[str, str]]:
        return self._places.get(id(cls))

    def full_names(self, cls: type) -> List[str]:
        """The names that declarations may know a class by."""
        found = [f"{cls.__module__}.{cls.__qualname__}"]
        place = self.place_of(cls)
        if place is not None:
            found.append(".".join(place))
        return list(dict.fromkeys(found))

    def class_of(self, full: str) -> Optional[type]:
        """The own class of a full name."""
        return self._by_name[full][2] if full in self._by_name else None

    def is_generic(self, cls: Optional[type], full: str = "") -> bool:
        if cls is None:
            return bool(self.notes.of_class(full).get("generic"))
        if "__class_getitem__" not in vars(cls):
            return False
        return any(self.notes.of_class(name).get("generic") for name in self.full_names(cls)) or not any(
            self.notes.of(name, "__class_getitem__") for name in self.full_names(cls)
        )

    def own(self, dotted: str) -> Optional[Tuple[str, str, bool]]:
        if dotted in self._by_name:
            module, path, cls = self._by_name[dotted]
            return module, path, self.is_generic(cls)
        # A class that functions take or return, but nobody added.
        module = dotted
        while "." in module:
            module = module.rpartition(".")[0]
            if module in self.modules:
                name = "_" + dotted[len(module) + 1 :].replace(".", "_").lstrip("_")
                self.hidden.setdefault(module, {}).setdefault(dotted, name)
                return module, name, self.is_generic(None, dotted)
        return None
