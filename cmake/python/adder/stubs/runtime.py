# SPDX-License-Identifier: MIT
"""What things of a running module say of themselves, where no declaration noted more."""

from __future__ import annotations

import inspect
from typing import Any, Dict, Optional, Tuple

# What C code has by itself, or nobody asks a stub for.
LEFT_OUT_OF_CLASSES = {
    "__abstractmethods__",
    "__adder_types__",
    "__annotations__",
    "__dataclass_params__",
    "__dict__",
    "__doc__",
    "__firstlineno__",
    "__getattribute__",
    "__getstate__",
    "__module__",
    "__new__",
    "__orig_bases__",
    "__parameters__",
    "__qualname__",
    "__reduce__",
    "__reduce_ex__",
    "__setstate__",
    "__static_attributes__",
    "__type_params__",
    "__weakref__",
    "__dictoffset__",
    "__weaklistoffset__",
    "__basicsize__",
    "_abc_impl",
    "__init_subclass__",
    "__subclasshook__",
}
LEFT_OUT_OF_MODULES = {
    "__adder_instances__",
    "__adder_types__",
    "__all__",
    "__annotations__",
    "__builtins__",
    "__cached__",
    "__doc__",
    "__file__",
    "__loader__",
    "__name__",
    "__package__",
    "__path__",
    "__spec__",
}

# Of dunders that a slot made and no declaration noted: what they take and give. Where CPython fills both halves of a
# slot, or all of six comparisons, those that are not declared refuse whatever they are asked.
REFUSED = "typing.NoReturn"
DUNDERS: Dict[str, Tuple[Tuple[str, ...], str]] = {
    "__repr__": ((), "str"),
    "__str__": ((), "str"),
    "__hash__": ((), "int"),
    "__bool__": ((), "bool"),
    "__len__": ((), "int"),
    "__int__": ((), "int"),
    "__float__": ((), "float"),
    "__index__": ((), "int"),
    "__complex__": ((), "complex"),
    "__bytes__": ((), "bytes"),
    "__sizeof__": ((), "int"),
    "__length_hint__": ((), "int"),
    "__eq__": (("object",), "bool"),
    "__ne__": (("object",), "bool"),
    "__contains__": (("object",), "bool"),
    **{f"__{name}__": ((REFUSED,), "bool") for name in ("lt", "le", "gt", "ge")},
    **{
        f"__{side}{name}__": ((REFUSED,), "typing.Any")
        for side in ("", "r", "i")
        for name in (
            "add",
            "sub",
            "mul",
            "matmul",
            "truediv",
            "floordiv",
            "mod",
            "divmod",
            "lshift",
            "rshift",
            "and",
            "or",
            "xor",
        )
    },
    "__pow__": ((REFUSED,), "typing.Any"),
    "__rpow__": ((REFUSED,), "typing.Any"),
    "__setitem__": ((REFUSED, "typing.Any"), "None"),
    "__delitem__": ((REFUSED,), "None"),
    "__setattr__": (("str", "typing.Any"), "None"),
    "__delattr__": (("str",), "None"),
    "__getattr__": (("str",), "typing.Any"),
    "__set__": ((REFUSED, "typing.Any"), "None"),
    "__delete__": ((REFUSED,), "None"),
    "__iter__": ((), "collections.abc.Iterator[typing.Any]"),
    "__next__": ((), "typing.Any"),
    "__getitem__": (("typing.Any",), "typing.Any"),
    "__buffer__": (("int",), "memoryview"),
    "__release_buffer__": (("memoryview",), "None"),
    "__copy__": ((), "typing.Self"),
    "__deepcopy__": (("dict[int, typing.Any]",), "typing.Self"),
}
NAMES = {
    "__setitem__": ("key", "value"),
    "__delitem__": ("key",),
    "__getitem__": ("key",),
    "__contains__": ("key",),
    "__setattr__": ("name", "value"),
    "__delattr__": ("name",),
    "__getattr__": ("name",),
    "__set__": ("instance", "value"),
    "__delete__": ("instance",),
    "__buffer__": ("flags",),
    "__release_buffer__": ("buffer",),
    "__deepcopy__": ("memo",),
}
PAIRS = {
    "__lt__": "__gt__",
    "__gt__": "__lt__",
    "__le__": "__ge__",
    "__ge__": "__le__",
    "__setitem__": "__delitem__",
    "__delitem__": "__setitem__",
    "__set__": "__delete__",
    "__delete__": "__set__",
}
for _name in [name for name in DUNDERS if name.startswith("__r") and f"__{name[3:]}" in DUNDERS]:
    PAIRS.update({_name: f"__{_name[3:]}", f"__{_name[3:]}": _name})


def is_disjoint(cls: type) -> bool:
    """Whether no class can have this one and another such one for its bases, as its objects have a shape of their own: PEP
    800. CPython's shape_differs() says so."""
    base = cls.__base__
    if base is None or cls.__itemsize__ or base.__itemsize__:
        return base is not None and (cls.__basicsize__, cls.__itemsize__) != (base.__basicsize__, base.__itemsize__)
    size = cls.__basicsize__
    for offset in ("__weakrefoffset__", "__dictoffset__"):
        if not getattr(base, offset) and getattr(cls, offset) > 0:
            size -= tuple.__itemsize__  # A pointer.
    return size != base.__basicsize__


def is_function(value: Any) -> bool:
    if isinstance(value, type):
        return False
    return inspect.isroutine(value) or (callable(value) and hasattr(value, "__text_signature__"))


def doc_of(value: Any) -> Optional[str]:
    doc = getattr(value, "__doc__", None)
    return doc if isinstance(doc, str) and doc != type(value).__doc__ else None


def introspected(name: str, value: Any) -> Dict[str, Any]:
    """What is known of a function that no declaration noted."""
    if name in DUNDERS:
        given, result = DUNDERS[name]
        names = NAMES.get(name, ("value",))
        return {
            "parameters": [
                {"name": names[i], "kind": "positional_only", "type": text} for i, text in enumerate(given)
            ],
            "result": result,
        }
    if name == "__replace__":
        changes = {"name": "changes", "kind": "var_keyword", "type": "typing.Any"}
        return {"parameters": [changes], "result": "typing.Self"}
    result = "None" if name == "__init__" else "typing.Any"
    anything = [
        {"name": "args", "kind": "var_positional", "type": "typing.Any"},
        {"name": "kwargs", "kind": "var_keyword", "type": "typing.Any"},
    ]
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return {"parameters": anything, "result": result}
    parameters = []
    for i, each in enumerate(signature.parameters.values()):
        if i == 0 and each.name in ("self", "cls", "$self", "type"):
            continue
        parameter = {"name": each.name, "kind": each.kind.name.lower(), "type": "typing.Any"}
        if each.default is not each.empty:
            parameter["default"] = repr(each.default)
        parameters.append(parameter)
    return {"parameters": parameters, "result": result}
