# SPDX-License-Identifier: MIT
"""Loads a module of a stub build, and reads what its declarations noted of their types."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import sys
import types
from typing import Any, Dict, List, Optional

VERSION = 1


class Failure(Exception):
    """What is wrong, in words for the one who builds."""


class Notes:
    """The records of one extension module, by who has them and what they are called."""

    def __init__(self, text: str) -> None:
        content = json.loads(text)
        if content.get("version") != VERSION:
            raise Failure(
                f"the module's notes are of version {content.get('version')}, and this adder.stubs reads version "
                f"{VERSION}: take both from one version of adder"
            )
        self.error: Optional[str] = content.get("error")  # What the module's body threw, if it did.
        self.unknown: List[Dict[str, Any]] = []
        self._members: Dict[str, Dict[str, List[Dict[str, Any]]]] = {}
        self._classes: Dict[str, Dict[str, Any]] = {}
        for record in content["records"]:
            kind = record["kind"]
            if kind == "unknown":
                self.unknown.append(record)
            elif kind in ("class", "enum"):
                self._classes[f"{record['owner']}.{record['name']}"] = record
            else:
                self._members.setdefault(record["owner"], {}).setdefault(record["name"], []).append(record)

    def of(self, owner: str, name: str) -> List[Dict[str, Any]]:
        return self._members.get(owner, {}).get(name, [])

    def names(self, owner: str) -> List[str]:
        """In the order of their declarations."""
        return list(self._members.get(owner, {}))

    def of_class(self, full_name: str) -> Dict[str, Any]:
        return self._classes.get(full_name, {})


class Loaded:
    """A module, what it noted, and why its body did not come to its end, if so."""

    def __init__(self, module: types.ModuleType, notes: Notes, broken: Optional[str]) -> None:
        self.module = module
        self.notes = notes
        self.broken = broken


def load(path: str, name: str) -> Loaded:
    """Runs the declarations of the module in the file, which is called `name` by Python, with the packages around it."""
    loader = importlib.machinery.ExtensionFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    assert spec is not None
    broken = None
    try:
        module = importlib.util.module_from_spec(spec)
    except ImportError as error:
        raise Failure(f"{path} cannot be loaded as the module '{name}': {error}") from None
    # What the body calls may import the module by its name.
    sys.modules[name] = module
    try:
        loader.exec_module(module)
    except BaseException as error:  # noqa: BLE001: the body may raise anything, SystemExit too
        broken = f"{type(error).__name__}: {error}"
    noted = getattr(module, "__adder_types__", None)
    if not isinstance(noted, str):
        why = (
            f"its import fails before the first declaration: {broken}"
            if broken
            else "it was compiled without -DADDER_STUBS=1, or is no module of adder's"
        )
        raise Failure(f"the module '{name}' has no notes of types: {why}")
    notes = Notes(noted)
    return Loaded(module, notes, broken or notes.error)
