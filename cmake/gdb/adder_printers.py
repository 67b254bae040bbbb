# SPDX-License-Identifier: MIT
"""gdb shows what is behind adder's handles, errors and cells:

    (gdb) source adder_printers.py
    (gdb) print names
    $1 = Bound<PyList>: list at 0x7ffff7a3c100, 2 references
    (gdb) print counter
    $2 = Py<Counter>: Counter at 0x7ffff7a3c180, 1 reference, read by 1 = {n = 5}

Only memory is read, nothing is called: so it works for core dumps, and in a process that holds locks. The program needs
debug information (-g); Python does not.
"""
import re

import gdb
import gdb.printing

HEAP_TYPE, BASE_TYPE = 1 << 9, 1 << 10  # Of tp_flags.
IMMORTAL = {0xFFFFFFFF, 0x3FFFFFFF, 0x7FFFFFFF, 3 << 30, 0x7FFFFFFFFFFFFFFF >> 2, (1 << 62) - 1}
EXCLUSIVE, CLEARED, PART, WATCHED = 0xFFFF, 0xFFFE, 0xFFFD, 0x8000


def unwrapped(value):
    """The value of a detail::Atomic."""
    try:
        return value["value_"]
    except gdb.error:
        return value


def template_argument(value):
    """`PyList` of a Bound<adder::v0::PyList>."""
    name = str(value.type.strip_typedefs().unqualified())
    inside = name[name.index("<") + 1:name.rindex(">")].strip()
    return re.sub(r"\badder::(v0\w*::)?", "", inside)


def without_reference(value):
    """What a parameter such as `const Bound<PyAny>&` refers to."""
    kind = value.type.strip_typedefs().code
    return value.referenced_value() if kind in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF) else value


def raw_type():
    return gdb.lookup_type("PyTypeObject").pointer()


class Object:
    """What a PyObject* leads to."""

    def __init__(self, pointer):
        self.pointer = pointer
        self.address = int(pointer)
        self.type = pointer.dereference()["ob_type"].cast(raw_type())

    def type_name(self):
        return self.type["tp_name"].string()

    def references(self):
        head = self.pointer.dereference()
        try:
            if "ob_ref_shared" in [field.name for field in head.type.fields()]:  # Without a GIL.
                local = int(head["ob_ref_local"])
                if local == 0xFFFFFFFF:
                    return "immortal"
                count = local + (int(unwrapped(head["ob_ref_shared"])) >> 2)
            else:
                count = int(head["ob_refcnt"])
                if count & 0xFFFFFFFF in IMMORTAL or count in IMMORTAL or count & 0xFFFFFFFF >= 3 << 29:
                    return "immortal"
        except gdb.error:
            return "references unknown"
        return "1 reference" if count == 1 else f"{count} references"

    def __str__(self):
        return f"{self.type_name()} at {self.address:#x}, {self.references()}"

    def has_native_base(self):
        """Whether something of a built-in type stands in front of what C++ has."""
        kind = self.type
        while int(kind):
            if not int(kind["tp_flags"]) & HEAP_TYPE:
                return kind["tp_name"].string() != "object"
            kind = kind["tp_base"].cast(raw_type())
        return False

    def is_for_subclasses(self):
        """Whether the class, or one that it derives from, may be derived from."""
        kind = self.type
        while int(kind) and int(kind["tp_flags"]) & HEAP_TYPE:
            if int(kind["tp_flags"]) & BASE_TYPE:
                return True
            kind = kind["tp_base"].cast(raw_type())
        return False

    def cell(self, cpp_type):
        """How the value is borrowed, and the value; a None for what is not known. See class/detail/layout.hpp."""
        try:
            layout = gdb.lookup_type(f"{namespace()}::detail::Layout<{cpp_type}>")
            state = member_type(layout, "State")
            stored = member_type(layout, "Stored").strip_typedefs()
        except (gdb.error, KeyError):
            return None, None
        if self.has_native_base():
            return None, None
        header = self.pointer.dereference().type.sizeof
        size = 0 if not [field for field in state.fields() if field.type.sizeof > 1] else state.sizeof
        at = self.pointer.cast(gdb.lookup_type("char").pointer())
        borrowed = None
        if size:
            try:
                flag = (at + header).cast(state.pointer()).dereference()["flag"]
                borrowed = describe_flag(int(unwrapped(flag["state_"])) & 0xFFFF)
            except gdb.error:
                pass  # The one of a locked class is another.
        if "HolderSlot" in str(stored):
            return borrowed, None
        alignment = max(stored.alignof, 8) if self.is_for_subclasses() else stored.alignof
        if stored.alignof > 16:
            return borrowed, None
        place = header + size
        place += -place % alignment
        return borrowed, (at + place).cast(stored.pointer()).dereference()


def member_type(owner, name):
    for field in owner.fields():
        if field.name == name:
            return field.type
    return gdb.lookup_type(f"{owner}::{name}")


def describe_flag(state):
    if state == 0:
        return "not borrowed"
    if state == EXCLUSIVE:
        return "borrowed exclusively"
    if state == CLEARED:
        return "cleared by the garbage collector"
    if state == PART:
        return "part of another object"
    readers = state & ~WATCHED
    return f"read by {readers}" if readers else "not borrowed"


def namespace():
    """adder::v0_checked or the like: what this program was compiled with."""
    for name in ("v0_checked", "v0", "v0_checked_compiled", "v0_compiled"):
        try:
            gdb.lookup_type(f"adder::{name}::PyAny")
            return f"adder::{name}"
        except gdb.error:
            continue
    raise KeyError("adder")


def owned_pointer(handle):
    """The OwnedPtr at the heart of a handle."""
    while True:
        names = {field.name for field in handle.type.strip_typedefs().fields()}
        if "ptr_" in names:
            return handle
        if "storage_" in names:
            handle = handle["storage_"]
        elif "bound_" in names:
            handle = handle["bound_"]
        else:  # Of Borrowed and Py: an anonymous union.
            handle = handle[next(field for field in handle.type.strip_typedefs().fields()
                                 if not field.name and not field.is_base_class)]


class HandlePrinter:
    """Bound, Borrowed, Py."""

    def __init__(self, value):
        self.value = without_reference(value)

    def to_string(self):
        tag = template_argument(self.value)
        kind = re.search(r"(Bound|Borrowed|Py)<", str(self.value.type.strip_typedefs()))[1]
        try:
            owned = owned_pointer(self.value)
            pointer = owned["ptr_"]
            if int(pointer) == 0:
                return f"{kind}<{tag}>: moved from"
            target = Object(pointer)
            text = f"{kind}<{tag}>: {target}"
            borrowed, value = target.cell(self.argument())
            if borrowed:
                text += f", {borrowed}"
            if value is not None:
                text += f" = {value}"
            return text + made_at(owned)
        except (gdb.error, StopIteration) as error:
            return f"{kind}<{tag}>: not readable ({error})"

    def argument(self):
        return str(self.value.type.strip_typedefs().template_argument(0))


def made_at(owned):
    """In checked builds a handle knows where it was made."""
    try:
        place = owned["made_"]
        if int(place["file"]) == 0:
            return ""
        return f", made at {place['file'].string().rsplit('/', 1)[-1]}:{int(place['line'])}"
    except gdb.error:
        return ""


class BorrowPrinter:
    """PyRef, PyRefMut."""

    def __init__(self, value):
        self.value = without_reference(value)

    def to_string(self):
        kind = re.search(r"(PyRef|PyRefMut)<", str(self.value.type.strip_typedefs()))[1]
        return f"{kind} of {HandlePrinter(self.value['owner_']).to_string()}"


class ErrorPrinter:
    """PyErr."""

    def __init__(self, value):
        self.value = without_reference(value)

    def to_string(self):
        return "PyErr: " + describe_error(self.value)


def describe_error(value):
    try:
        return describe_error_state(value)
    except gdb.error:  # g++ describes such a class only beside its virtual functions.
        return "not known, as adder's core was compiled without debug information"


def describe_error_state(value):
    pointer = value["state_"]
    if int(pointer) == 0:
        return "moved from"
    state = pointer.dereference()
    text = unwrapped(state["text"])
    raised = unwrapped(state["value"])
    if int(raised):
        kind = Object(raised).type_name()
    elif int(state["type"]):
        kind = state["type"].cast(raw_type())["tp_name"].string()
    else:
        kind = "error"
    if int(text):
        return text.string(errors="replace")
    path, message = view(state["path"]), view(state["message"])
    place = f"{path}: " if path else ""
    if str(state["kind"]).endswith("message"):
        return f"{kind}: {place}{message}"
    if str(state["kind"]).endswith("mismatch"):
        return f"{kind}: {place}expected {message}, got {view(state['got'])}"
    return kind


def view(string_view):
    """The text of a std::string_view."""
    for data, size in (("_M_str", "_M_len"), ("__data", "__size"), ("__data_", "__size_")):
        try:
            return string_view[data].string(length=int(string_view[size]))
        except gdb.error:
            continue
    return str(string_view)


class ResultPrinter:
    """PyResult<T>."""

    def __init__(self, value):
        self.value = without_reference(value)

    def to_string(self):
        kind = f"PyResult<{template_argument(self.value)}>"
        if not bool(self.value["ok_"]):
            return f"{kind}: failed, {describe_error(self.value['error_'])}"
        if kind == "PyResult<void>":
            return f"{kind}: success"
        return f"{kind}: {self.value['value_']}"


class CellPrinter:
    """GILOnceCell<T>."""

    def __init__(self, value):
        self.value = without_reference(value)

    def to_string(self):
        kind = f"GILOnceCell<{template_argument(self.value)}>"
        state = int(unwrapped(self.value["state_"]))
        if state == 0:
            return f"{kind}: empty"
        if state == 1:
            return f"{kind}: being filled"
        return f"{kind}: {self.value['value_']}"


def make():
    printers = gdb.printing.RegexpCollectionPrettyPrinter("adder")
    space = r"^adder::(v0\w*::)?"
    printers.add_printer("handle", space + r"(Bound|Borrowed|Py)<.*>$", HandlePrinter)
    printers.add_printer("borrow", space + r"(PyRef|PyRefMut)<.*>$", BorrowPrinter)
    printers.add_printer("PyErr", space + "PyErr$", ErrorPrinter)
    printers.add_printer("PyResult", space + r"PyResult<.*>$", ResultPrinter)
    printers.add_printer("GILOnceCell", space + r"GILOnceCell<.*>$", CellPrinter)
    return printers


gdb.printing.register_pretty_printer(gdb.current_objfile(), make(), replace=True)
