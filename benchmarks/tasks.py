# SPDX-License-Identifier: MIT
"""The tasks that compare.py measures: one list for all peers.

A task has the module of its area, `calls_adder`, `calls_nanobind` and so on; all of an area have the same names. What the
set-up assigns are local variables of the measured loop. Whoever adds a task binds what it needs in every module of the
area, peers/AREA_PEER.cpp, or says below who cannot do it.
"""

import dataclasses
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
CAPI, ADDER, NANOBIND, PYBIND11, CYTHON, PYO3 = PEERS = ["capi", "adder", "nanobind", "pybind11", "cython", "pyo3"]


@dataclasses.dataclass(frozen=True)
class Task:
    name: str
    group: str
    area: str
    setup: str  # `m` is the module
    statement: str  # What is measured; of a native task the name of an entry, which repeats itself.
    raises: str = ""  # The exception that it raises each time, and that is caught around the statement.
    result: str = ""  # What shows that all did the same, where that is not the value of the statement.
    few: bool = False  # So long that few repetitions are enough.
    core: bool = False  # The guard counts it.
    flag: bool = False  # adder's class has a borrow flag, which no other has.
    without: tuple = ()  # Peers that cannot do it.

    @property
    def counts(self):
        """Two lengths of a run, whose difference is what the instructions are taken from."""
        return (10, 30) if self.few else (500, 1500)


# The areas, and who has a module for them. Of the native one adder's module has the twins by hand too.
AREAS = {
    "calls": PEERS,
    "containers": [CAPI, ADDER, NANOBIND, PYBIND11, CYTHON],
    "parts": [ADDER, NANOBIND, PYBIND11],
    "sharing": [ADDER, NANOBIND, PYBIND11],
    "arrays": [CAPI, ADDER, NANOBIND, PYBIND11],
    "native": [CAPI, ADDER, NANOBIND, PYBIND11],
    "threads": [ADDER, NANOBIND, PYBIND11],  # Of threads.py.
}
TASKS = []


def task(group, area, name, setup, statement, **more):
    TASKS.append(Task(name, group, area, setup, statement, **more))


# --- calls ------------------------------------------------------------------------------------------------------------

for count in (0, 1, 2, 3, 4, 6, 8, 12, 16):
    names = [f"a{i}" for i in range(count)]
    task("calls", "calls", f"{count} ints", "; ".join([f"f = m.take_{count}", *(f"{a} = {17 + i}" for i, a in enumerate(names))]),
         f"f({', '.join(names)})", core=count in (0, 2, 6))
TWO = "a = 17; b = 25"
task("calls", "calls", "two named ints, by position", f"f = m.add_named; {TWO}", "f(a, b)")
task("calls", "calls", "the second by keyword", f"f = m.add_named; {TWO}", "f(a, b=b)", core=True)
task("calls", "calls", "both by keyword", f"f = m.add_named; {TWO}", "f(a=a, b=b)")
task("calls", "calls", "both by keyword, the other way round", f"f = m.add_named; {TWO}", "f(b=b, a=a)")
task("calls", "calls", "a default", "f = m.scale; a = 17", "f(a)", core=True)
SIX = "f = m.mixed; a = 17; b = 2.5; c = True; d = 'text'; e = None; g = 200"
task("calls", "calls", "six of different types", SIX, "f(a, b, c, d, e, g)", core=True)
task("calls", "calls", "six, three by keyword", SIX.replace("mixed", "mixed_named"), "f(a, b, c, d=d, e=e, f=g)")
task("calls", "calls", "overloads, the first", "f = m.over; a = 17", "f(a)", without=(CYTHON, PYO3))
task("calls", "calls", "overloads, the second", "f = m.over; a = 2.5", "f(a)", without=(CYTHON, PYO3))
task("calls", "calls", "overloads, the third", "f = m.over; a = 'text'", "f(a)", without=(CYTHON, PYO3))

# --- values -----------------------------------------------------------------------------------------------------------

task("values", "calls", "an object there and back", "f = m.identity; o = object()", "f(o)", core=True)
task("values", "calls", "an object, kept by its handle", "f = m.identity_kept; o = object()", "f(o)")
task("values", "calls", "bool", "f = m.not_; a = True", "f(a)", core=True)
task("values", "calls", "double", "f = m.half; a = 2.5", "f(a)", core=True)
task("values", "calls", "a wide int", "f = m.take_1; a = 1 << 60", "f(a)")
task("values", "calls", "uint8", "f = m.byte; a = 200", "f(a)")
task("values", "calls", "str to string_view", "f = m.length; s = 'a text of some length'", "f(s)", core=True)
task("values", "calls", "str to string", "f = m.length_of_string; s = 'a text of some length'", "f(s)")
task("values", "calls", "string to str", "f = m.text", "f()")
task("values", "calls", "str there and back", "f = m.greet; s = 'a text of some length'", "f(s)", core=True)
task("values", "calls", "bytes", "f = m.count_bytes; b = b'a text of some length'", "f(b)")
task("values", "calls", "bytes there and back", "f = m.same_bytes; b = b'a text of some length'", "f(b)")
task("values", "calls", "optional, None", "f = m.or_seven; a = None", "f(a)")
task("values", "calls", "pair there and back", "f = m.swapped; a = (17, 25)", "f(a)")
task("values", "calls", "enum to C++", "f = m.pass_enum; c = m.Shape.CIRCLE", "f(c)", without=(CYTHON, PYO3))
task("values", "calls", "enum to Python", "f = m.return_enum; a = 4", "f(a)", without=(CYTHON, PYO3))

# --- containers -------------------------------------------------------------------------------------------------------

task("containers", "calls", "list of 100 there and back", "f = m.doubled; v = list(range(100))", "f(v)", few=True)
task("containers", "containers", "list of 1000 ints to vector", "f = m.sum_list; a = list(range(1000))", "f(a)", few=True)
task("containers", "containers", "vector to list of 1000 ints", "f = m.make_list", "f()", few=True)
task("containers", "containers", "dict of 100 to unordered_map", "f = m.sum_dict; a = {f'key{i}': i for i in range(100)}", "f(a)", few=True)
task("containers", "containers", "unordered_map to dict of 100", "f = m.make_dict", "f()", few=True)

# --- classes ----------------------------------------------------------------------------------------------------------

NEW = "c = m.Counter(5)"
FROZEN = "c = m.Frozen(5)"
task("classes", "calls", "construct", "f = m.Counter; a = 5", "f(a)", core=True)
task("classes", "calls", "construct, frozen", "f = m.Frozen; a = 5", "f(a)")
task("classes", "calls", "method without arguments", NEW, "c.inc()", flag=True, core=True, result="c.get()")
task("classes", "calls", "method with one", f"{NEW}; a = 1", "c.add(a)", flag=True, core=True)
task("classes", "calls", "method with two", f"{NEW}; a = 1; b = 2", "c.add_two(a, b)", flag=True)
task("classes", "calls", "method that reads", NEW, "c.get()", flag=True)
task("classes", "calls", "method that reads, frozen", FROZEN, "c.get()")
task("classes", "calls", "property read", NEW, "c.total", flag=True)
task("classes", "calls", "property written", f"{NEW}; a = 9", "c.total = a", flag=True, result="c.get()")
task("classes", "calls", "field read", NEW, "c.field", flag=True, core=True)
task("classes", "calls", "field read, frozen", FROZEN, "c.field")
task("classes", "calls", "field written", f"{NEW}; a = 9", "c.field = a", flag=True, result="c.field")
task("classes", "calls", "as an argument", f"f = m.pass_counter; {NEW}", "f(c)", flag=True, core=True)
task("classes", "calls", "as an argument, frozen", f"f = m.pass_frozen; {FROZEN}", "f(c)")
task("classes", "calls", "returned", "f = m.return_counter; a = 5", "f(a)", core=True)
task("classes", "calls", "returned, frozen", "f = m.return_frozen; a = 5", "f(a)")
SUB = "type('Sub', (m.OpenCounter,), {})"
task("classes", "calls", "Python subclass: construct", f"f = {SUB}; a = 5", "f(a)")
task("classes", "calls", "Python subclass: method", f"c = {SUB}(5)", "c.inc()", flag=True, result="c.get()")
task("classes", "calls", "Python subclass: method, frozen", "c = type('Sub', (m.OpenFrozen,), {})(5)", "c.get()")
PAIR = "a = m.Pair(1.0, 2.0)"
OTHER = f"{PAIR}; b = m.Pair(3.0, 4.0)"
task("operators", "calls", "a + b, a new object", OTHER, "a + b", flag=True, core=True)
task("operators", "calls", "a += b", OTHER, "a += b", flag=True, result="a[0]")
task("operators", "calls", "a[1]", f"{PAIR}; i = 1", "a[i]", flag=True, core=True)
task("operators", "calls", "a[1] = x", f"{PAIR}; i = 1; x = 3.0", "a[i] = x", flag=True, result="a[1]")
task("operators", "calls", "len(a)", PAIR, "len(a)", flag=True)
task("operators", "calls", "a == b", OTHER, "a == b", flag=True)
task("operators", "calls", "a == None", f"{PAIR}; b = None", "a == b", flag=True)
task("operators", "calls", "a < b", OTHER, "a < b", flag=True)
task("operators", "calls", "hash(a)", PAIR, "hash(a)", flag=True)
task("operators", "calls", "2.0 in a", f"{PAIR}; b = 2.0", "b in a", flag=True)
task("operators", "calls", "a(3.0, 4.0)", f"{PAIR}; b = 3.0; c = 4.0", "a(b, c)", flag=True)
# Kept: a block of memory that is freed at once can be the last one of its pool, which costs more, at random.
task("operators", "calls", "iterate over 1000", "f = __import__('_collections').deque; a = m.Row(1000)", "f(a)", few=True,
     flag=True, result="sum(a)")

# --- errors -----------------------------------------------------------------------------------------------------------

task("errors", "calls", "an argument of the wrong type", "f = m.add; a = 'x'; b = 25", "f(a, b)", raises="TypeError", core=True)
task("errors", "calls", "an argument is missing", "f = m.add; a = 17", "f(a)", raises="TypeError")
task("errors", "calls", "an unknown keyword", f"f = m.add_named; {TWO}", "f(a, c=b)", raises="TypeError")
task("errors", "calls", "error as a value", "f = m.reject", "f()", raises="ValueError", core=True,
     without=(NANOBIND, PYBIND11))
task("errors", "calls", "error by throw", "f = m.reject_by_throw", "f()", raises="ValueError", core=True,
     without=(CYTHON, PYO3))
task("errors", "calls", "a standard exception", "f = m.reject_standard", "f()", raises="ValueError", core=True,
     without=(PYO3,))

# --- parts: what Python gets is the member itself ----------------------------------------------------------------------

for name, setup, statement, result in [
    ("read through a part", "a = m.Car()", "a.engine.power", ""),
    ("write through a part", "a = m.Car(); b = 7", "a.engine.power = b", "a.engine.power"),
    ("method of a part", "a = m.Car()", "a.engine.start()", "a.engine.power"),
    ("read through a part that is kept", "a = m.Car(); e = a.engine", "a.engine.power", ""),
    ("read of a kept part", "e = m.Car().engine", "e.power", ""),
    ("write to a kept part", "e = m.Car().engine; b = 7", "e.power = b", "e.power"),
    ("method of a kept part", "e = m.Car().engine", "e.start()", "e.power"),
    ("item through a part: a.numbers[i]", "a = m.Car(); i = 500", "a.numbers[i]", ""),
    ("ints: v[i]", "v = m.Car().numbers; i = 500", "v[i]", ""),
    ("ints: v[i] = b", "v = m.Car().numbers; i = 500; b = 7", "v[i] = b", "v[500]"),
    ("ints: len(v)", "v = m.Car().numbers", "len(v)", ""),
    ("ints: iterate over 1000", "v = m.Car().numbers", "for x in v: pass", "sum(v)"),
    ("ints: append", "v = m.Car().numbers; b = 7", "v.append(b)", "(len(v), v[1000])"),
    ("structs: v[i].pressure", "v = m.Car().wheels; i = 500", "v[i].pressure", ""),
    ("structs: v[i].pressure, v[i] kept", "v = m.Car().wheels; i = 500; w = v[i]", "v[i].pressure", ""),
    ("structs: w.pressure of a kept item", "v = m.Car().wheels; w = v[500]", "w.pressure", ""),
    ("structs: len(v)", "v = m.Car().wheels", "len(v)", ""),
    ("structs: iterate over 1000", "v = m.Car().wheels", "for w in v: pass", "sum(w.pressure for w in v)"),
    ("structs: iterate over 1000, keep", "v = m.Car().wheels; f = list", "f(v)", "len(list(v))"),
    ("structs: append", "v = m.Car().wheels; w = m.Wheel()", "v.append(w)", "len(v)"),
    ("dict: d[k]", "d = m.Car().counts; k = 'key50'", "d[k]", ""),
    ("dict: len(d)", "d = m.Car().counts", "len(d)", ""),
    ("dict: k in d", "d = m.Car().counts; k = 'key50'", "k in d", ""),
    ("dict: d[k] = b", "d = m.Car().counts; k = 'key50'; b = 7", "d[k] = b", "d['key50']"),
]:
    task("parts", "parts", name, setup, statement, result=result, few="1000" in name)

# --- what C++ owns too ------------------------------------------------------------------------------------------------

# A Python class is made as its name says.
CAT = "C = type('C', (m.Animal,), {'legs': lambda self, more: 2 + more}); "
PLAIN = "C = type('C', (m.Animal,), {}); "
for name, setup, statement in [
    ("construct, shared_ptr", "f = m.Node", "f()"),
    ("method, shared_ptr", "o = m.Node()", "o.get()"),
    ("field, shared_ptr", "o = m.Node()", "o.value"),
    ("shared_ptr returned, the object is there", "o = m.Node(); k = m.keep(o); f = m.last", "f()"),
    ("shared_ptr returned, a new object", "f = m.fresh", "f()"),
    ("shared_ptr passed", "o = m.Node(); f = m.read", "f(o)"),
    ("shared_ptr passed, of an instance that C++ made", "o = m.fresh(); f = m.read", "f(o)"),
    ("list of 100 shared_ptr passed", "v = [m.Node() for i in range(100)]; f = m.sum", "f(v)"),
    ("list of 100 shared_ptr returned", "k = m.clear(); v = [m.Node() for i in range(100)]; l = [m.keep(o) for o in v]; f = m.all", "f()"),
    ("result of a derived class", "f = m.make_animal", "f()"),
    ("100 calls of an override", CAT + "c = C(); f = m.count_legs", "f(c, 100)"),
    ("100 calls, not overridden", PLAIN + "c = C(); f = m.count_legs", "f(c, 100)"),
    ("100 calls, an object of C++", "c = m.Dog(); f = m.count_legs", "f(c, 100)"),
    ("100 calls of a std::function of Python", "g = lambda x: x; f = m.call", "f(g, 100)"),
    ("100 calls of a std::function of C++", "g = m.adding(1); f = m.call", "f(g, 100)"),
    ("std::function there and back", "g = lambda x: x; f = m.same", "f(g)"),
    ("call of a std::function from Python", "f = m.adding(1); x = 3", "f(x)"),
]:
    task("callbacks" if "calls" in name or "function" in name else "shared", "sharing", name, setup, statement,
         few="100" in name)

# --- arrays of numpy ---------------------------------------------------------------------------------------------------

NUMPY = "numpy = __import__('numpy'); "
for name, setup, statement, result, without in [
    ("take (1000,), return the sum", NUMPY + "f = m.sum; a = numpy.arange(1000.0)", "f(a)", "", ()),
    ("take (2, 3)", NUMPY + "f = m.first; a = numpy.ones((2, 3))", "f(a)", "", ()),
    ("return 10 numbers", "f = m.make; a = 10", "f(a)", "f(10).tolist()", ()),
    ("return 1e6 numbers", "f = m.make; a = 1000000", "f(a)", "f(9).tolist()", ()),
    ("a[i, j] *= b over 1000 x 1000", NUMPY + "f = m.scale; a = numpy.ones((1000, 1000)); b = 1.0", "f(a, b)",
     "float(a.sum())", ()),
    ("vectorize of a * b + c over 1e6", NUMPY + "f = m.multiply_add; a = numpy.arange(1e6); b = a + 1; c = a + 2",
     "f(a, b, c)", "f(a[:9], b[:9], c[:9]).tolist()", (NANOBIND,)),
    ("numpy.asarray of an object", NUMPY + "o = m.Image(); f = numpy.asarray", "f(o)", "f(o).tolist()", (NANOBIND,)),
    ("array in an attribute", "o = m.Image()", "o.pixels", "o.pixels.tolist()", ()),
]:
    task("arrays", "arrays", name, setup, statement, result=result, without=without, few="1e6" in name or "x 1000" in name)


def refuses(f, *args):
    try:
        f(*args)
    except (TypeError, ValueError, BufferError):
        return True
    return False


def arrays_agree(m):
    """What is not meant is refused, in place of a copy, and what is given out points to the object and keeps it."""
    import numpy

    a = numpy.arange(12.0).reshape(3, 4)
    read_only = a.copy()
    read_only.flags.writeable = False
    made, b = m.make(10), a.copy()
    m.scale(b, 2.0)
    came = [m.sum(a[1]) == 22.0, m.first(a[1:, ::2]) == 4.0, (b == 2 * a).all(), type(made) is numpy.ndarray,
            made.dtype == float, made.flags.writeable, not made.flags.owndata]
    wrong = a[0].astype(numpy.float32), a[0].astype(int), a[0].astype(">f8"), a[0][::2], a, [1.0, 2.0], None
    came += [refuses(m.sum, x) for x in wrong]
    came += [refuses(m.first, x) for x in (a[0], a.astype(numpy.float32), None)]
    came += [refuses(m.scale, x, 2.0) for x in (read_only, a.T, a[0], a.astype(int))]
    image = m.Image()
    image.pixels[3, 4] = 7.0
    view = image.pixels
    del image
    return all(came) and view.shape == (20, 30) and view[3, 4] == 7.0 and view.sum() == 905.5


def sharing_agrees(m):
    scope = {"m": m}
    exec(CAT + "c = C(); n = m.Node(); n.value = 5; m.keep(n)", scope)
    return [m.count_legs(scope["c"], 2), m.count_legs(m.Dog(), 2), m.count_legs(m.make_animal(), 2), m.last().value,
            m.read(scope["n"]), m.call(lambda x: x + 1, 2), m.call(m.adding(3), 2), m.adding(3)(4), m.last() is scope["n"],
            type(m.make_animal()) is m.Dog] == [5, 7, 7, 5, 5, 3, 7, 7, True, True]


AGREE = {"arrays": arrays_agree, "sharing": sharing_agrees}

# --- C++ that works with Python: each entry repeats itself ---------------------------------------------------------------

NATIVE = {"handle": "handles", "gil": "attach and detach", "any": "Python from C++", "types": "Python from C++",
          "conversions": "conversions in C++"}
for source, group in NATIVE.items():
    for entry in re.findall(r"^BENCH\((\w+)\)", (HERE / f"peers/native_{source}.cpp").read_text(), re.MULTILINE):
        if not entry.endswith("_capi"):
            task(group, "native", entry, "", entry, few="10mb" in entry or "_1000" in entry or "_100" in entry or
                 entry == "extract_list_wrong_item")
