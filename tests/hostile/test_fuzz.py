# SPDX-License-Identifier: MIT
"""Conversions, calls and classes against objects that lie, raise, re-enter and change things under way.

Hypothesis writes a program: some values for a pool, then actions on them. A program is plain data, whose repr is all
that it takes to run it again. What must hold, whatever the program: the process lives; a call returns or raises an
Exception or what a hostile object raised; never a SystemError; afterwards nobody borrows anything, and nothing is left.

By hand: ADDER_FUZZ_EXAMPLES=5000 for more programs; ADDER_FUZZ_SECONDS=600 for as many as fit, from seeds that are
printed (ADDER_FUZZ_SEED=7 says where to begin); ADDER_FUZZ_TRACE=file to find the last program there after a crash;
ADDER_FUZZ_REPLAY=file to run that program alone; ADDER_FUZZ_WATCH=0 not to look at all objects that the collector knows
whenever it runs inside adder. ADDER_COLLECT_ALWAYS=1 has the collector run all the time.
"""
import collections
import collections.abc
import copy
import datetime
import decimal
import enum
import fractions
import gc
import itertools
import operator
import os
import pathlib
import pickle
import random
import sys
import sysconfig
import threading
import time
import types
import weakref

import pytest

pytest.importorskip("hypothesis")
import hypothesis
import hypothesis.strategies as st

import fuzz_ext

# --- Things to pass --------------------------------------------------------------------------------------------------


class Wicked(BaseException):
    """What hostile objects raise that is no Exception."""


class UserSequence(collections.abc.Sequence):
    def __init__(self, items=()):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]


class UserMapping(collections.abc.Mapping):
    def __init__(self, items=()):
        self.items_ = dict(items)

    def __len__(self):
        return len(self.items_)

    def __iter__(self):
        return iter(self.items_)

    def __getitem__(self, key):
        return self.items_[key]


THINGS = [
    lambda: datetime.timedelta(seconds=3),
    lambda: datetime.datetime(2020, 2, 29, 12, tzinfo=datetime.timezone.utc),
    lambda: datetime.datetime(2020, 2, 29, 12),
    lambda: pathlib.Path("some/where"),
    lambda: memoryview(b"memory"),
    lambda: bytearray(b"array"),
    lambda: decimal.Decimal("1.5"),
    lambda: fractions.Fraction(1, 3),
    lambda: enum.IntEnum("Number", "one two").one,
    lambda: (x for x in (1, 2, 3)),
    lambda: iter([1, 2, 3]),
    lambda: range(3),
    lambda: UserSequence([1, 2, 3]),
    lambda: UserMapping({"a": 1, "b": 2}),
    lambda: collections.OrderedDict(a=1, b=2),
    lambda: collections.defaultdict(list, a=[1]),
    lambda: collections.deque([1, 2]),
    lambda: types.SimpleNamespace(x=1, text="t", numbers=[1.5]),
    lambda: types.MappingProxyType({"a": 1}),
    lambda: ValueError("an exception"),
    lambda: {"a": 1}.keys(),
    lambda: {"a": 1}.items(),
    lambda: int,
    lambda: fuzz_ext.Plain,
    lambda: types.ModuleType("module"),
    lambda: len,
    lambda: lambda *args, **kwargs: None,
    lambda: NotImplemented,
    lambda: ...,
    lambda: slice(0, 2),
]
LITERALS = [
    *(None, True, False, 0, 1, 2, 3, 5, -1, -2, 127, 128, 255, 256, -129, 2**15, 2**31 - 1, 2**31, -(2**31) - 1),
    *(2**63 - 1, 2**63, -(2**63) - 1, 2**64 - 1, 2**64, 2**127, 2**128, 10**400),
    *(0.0, 1.5, -0.0, 1e308, float("inf"), float("nan"), 1e39, 2j, 1.5 + 0j),
    *("", "a", "b", "x", "text", "name", "\u00e4", "\U0001f600", "\ud800", "a\0b", "7", "number", "children"),
    *(b"", b"a", b"\xff\x00"),
]
LENGTHS = [-1, 0, 1, 3, 100, 5000, 2**62, 2**64, 1.5, None, True]

CLASSES = {
    name: getattr(fuzz_ext, name)
    for name in (
        *("Plain", "Frozen", "Node", "Slots", "FrozenHolder", "Base", "Derived", "NativeDict", "NativeList"),
        *("NativeSet", "NativeException", "Init", "Variadic", "Pooled", "Mourner"),
    )
}
BASES = {
    **{cls.__name__: cls for cls in (object, int, str, bytes, float, list, tuple, dict, set, frozenset, Exception)},
    **CLASSES,
    "UserSequence": UserSequence,
    "UserMapping": UserMapping,
}
PAIRS = [(name,) for name in BASES] * 3
PAIRS += [("NativeDict", "Node"), ("Derived", "Base"), ("Plain", "UserSequence"), ("list", "Plain"), ("Node", "Plain")]
PAIRS += [("UserMapping", "Node"), ("NativeList", "UserSequence"), ("Exception", "NativeException"), ("int", "Frozen")]
FUNCTIONS = {name: getattr(fuzz_ext, name) for name in dir(fuzz_ext) if name[:2] in ("c_", "f_", "u_", "i_")}
METHODS = sorted({name for cls in CLASSES.values() for name in vars(cls) if not name.startswith("__")})
RAISED = [ValueError, TypeError, IndexError, KeyError, AttributeError, StopIteration, MemoryError, RecursionError]
RAISED += [OverflowError, RuntimeError, UnicodeEncodeError, Wicked]

# What hostile objects override, and what a method answers that has nothing better to say.
BENIGN = {
    "__len__": lambda self: 0,
    "__iter__": lambda self: iter(()),
    "__next__": None,  # StopIteration
    "__getitem__": None,  # IndexError
    "__setitem__": lambda self, key, value: None,
    "__delitem__": lambda self, key: None,
    "__contains__": lambda self, item: False,
    "__length_hint__": lambda self: 0,
    "__reversed__": lambda self: iter(()),
    "__missing__": lambda self, key: 0,
    "__index__": lambda self: 1,
    "__int__": lambda self: 1,
    "__float__": lambda self: 1.0,
    "__complex__": lambda self: 1j,
    "__bool__": lambda self: True,
    "__bytes__": lambda self: b"",
    "__fspath__": lambda self: "path",
    "__eq__": lambda self, other: NotImplemented,
    "__lt__": lambda self, other: NotImplemented,
    "__hash__": lambda self: 1,
    "__repr__": lambda self: "hostile",
    "__str__": lambda self: "hostile",
    "__format__": lambda self, spec: "hostile",
    "__call__": lambda self, *args, **kwargs: None,
    "__getattr__": None,  # AttributeError
    "__getattribute__": None,
    "__setattr__": None,
    "__delattr__": None,
    "__dir__": lambda self: [],
    "__del__": lambda self: None,
    "__class__": None,
    "__new__": None,
    "__init__": None,
    "__add__": lambda self, other: NotImplemented,
    "__radd__": lambda self, other: self,
    "__iadd__": lambda self, other: self,
    "__or__": lambda self, other: NotImplemented,
    "__mod__": lambda self, other: NotImplemented,
    "__neg__": lambda self: 0,
    "__abs__": lambda self: 0,
    "__get__": lambda self, instance, owner=None: self,
    "__reduce_ex__": None,
    "__instancecheck__": lambda cls, other: True,  # These two are the metaclass's.
    "__subclasscheck__": lambda cls, other: True,
    "keys": lambda self: ["a"],
    "items": lambda self: [("a", 1)],
    "values": lambda self: [1],
    "method": lambda self, *args: None,
    "append": lambda self, item: None,
    "update": lambda self, *args, **kwargs: None,
    "get": lambda self, *args: None,
    "utcoffset": lambda self: None,
    "x": None,  # Properties.
    "text": None,
    "number": None,
    "numbers": None,
}
PROPERTIES = {"x", "text", "number", "numbers", "__class__"}
EXHAUSTED = {"__next__": StopIteration, "__getitem__": IndexError, "__getattr__": AttributeError}

# Whether to look at what is half built whenever the collector runs while adder's code does: see Run.watch.
# CPython 3.13 without a GIL never frees classes once there have been threads.
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
# Without a GIL CPython itself shows lists and tuples of other threads that are half filled.
WATCH = os.environ.get("ADDER_FUZZ_WATCH", "0" if FREE_THREADED else "1") != "0"

# --- Running a program -----------------------------------------------------------------------------------------------


def no_system_error(error):
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        assert type(error) is not SystemError, f"SystemError: {error}"
        error = error.__cause__ or error.__context__


def call(function, args, keywords={}):
    return function(*args, **keywords)


class Run:
    """One run of a program. Fuel ends what would go on forever: without it all hostile methods are benign."""

    def __init__(self, program):
        self.values, self.actions = program
        self.pool = []
        self.instances = []  # All instances of the classes of fuzz_ext that the program made.
        self.hostile = []  # Weak references to the classes of all hostile objects.
        self.problems = []
        self.fuel = 300
        self.depth = 0
        self.current = None

    # -- Making objects

    def at(self, index):
        return self.pool[index % len(self.pool)] if self.pool else None

    def make(self, value):
        kind = value[0]
        if kind == "lit":
            return value[1]
        if kind == "ref":
            return self.at(value[1])
        if kind == "list":
            return [self.make(item) for item in value[1]]
        if kind == "many":  # More than free lists hold, and than a hint of the length is believed.
            return [self.make(value[1]) for _ in range(value[2])]
        if kind == "tuple":
            return tuple([self.make(item) for item in value[1]])
        if kind == "set":
            return self.attempt(lambda: {self.make(item) for item in value[1]})
        if kind == "dict":
            return self.attempt(lambda: {self.make(key): self.make(item) for key, item in value[1]})
        if kind == "iter":
            items = self.make(value[1])
            return self.attempt(lambda: iter(items))
        if kind == "type":
            return BASES[value[1]]
        if kind == "thing":
            return THINGS[value[1] % len(THINGS)]()
        if kind == "function":
            return FUNCTIONS[value[1]]
        if kind == "method":
            owner, name = self.make(value[1]), value[2]
            return self.attempt(lambda: getattr(owner, name))
        if kind == "closure":
            return fuzz_ext.new_alone() if value[1] is None else fuzz_ext.new_together(self.make(value[1]))
        if kind == "new":
            return self.new(CLASSES[value[1]], value[2], {})
        if kind == "again":
            return self.again
        if kind == "hostile":
            return self.make_hostile(*value[1:])
        raise AssertionError(value)

    def new(self, cls, args, kwargs):
        args, kwargs = [self.make(arg) for arg in args], self.keywords(kwargs)
        made = self.attempt(lambda: call(cls, args, kwargs))
        self.note(made)
        return made

    def note(self, made):
        if any(base in CLASSES.values() for base in type.mro(type(made)) if base is not object):
            self.instances.append(made)

    def keywords(self, pairs):
        return {(key if type(key) is str else self.make_key(key)): self.make(value) for key, value in pairs}

    def make_key(self, value):
        made = self.make(value)
        return made if str in type.mro(type(made)) else "a"

    def make_hostile(self, bases, methods, content):
        own, meta = {}, {}
        for name, behaviour in methods:
            function = self.method(name, behaviour, [BASES[base] for base in bases])
            if name in ("__instancecheck__", "__subclasscheck__"):
                meta[name] = function
            elif name in PROPERTIES:
                own[name] = property(function)
            elif name == "__new__":
                own[name] = staticmethod(function)
            else:
                own[name] = function
        if "__eq__" in own:
            own.setdefault("__hash__", lambda self: 1)
        metaclass = type("HostileMeta", (type,), meta) if meta else type
        cls = self.attempt(lambda: metaclass("Hostile", tuple(BASES[base] for base in bases), own))
        if cls is None:
            return None
        self.hostile.append(weakref.ref(cls))

        def construct():
            base = BASES[bases[0]]
            items = [self.make(item) for item in content]
            if base in (dict, UserMapping):
                return cls(list(zip(items[::2], items[1::2])))
            if base in (list, tuple, set, frozenset, UserSequence):
                return cls(items)
            if base in (int, float, str, bytes):
                simple = [item for item in items if type(item) is base]
                return cls(*simple[:1])
            return cls(*items) if base is not object else cls()

        made = self.attempt(construct)
        if made is not None:
            self.note(made)
        return made

    def method(self, name, behaviour, bases):
        effects, result = behaviour

        def fallback(args, kwargs):
            for base in bases:
                inherited = getattr(base, name, None)
                if name == "__class__":
                    return type(args[0])
                if inherited is not None and not (name in PROPERTIES and bases[0] is object):
                    if name in PROPERTIES:
                        return inherited.__get__(args[0])
                    if name == "__new__":
                        return inherited(args[0], *([] if base is object else args[1:]), **kwargs)
                    if name == "__init__" and base in (object, int, str, float, bytes, tuple, frozenset):
                        return None
                    return inherited(*args, **kwargs)
            if name in EXHAUSTED:
                raise EXHAUSTED[name](name)
            benign = BENIGN.get(name)
            return benign(*args, **kwargs) if benign is not None else None

        def hostile(*args, **kwargs):
            self.fuel -= 1
            if self.fuel < 0:
                if name in ("__next__", "__getitem__"):
                    raise EXHAUSTED[name]
                return fallback(args, kwargs)
            if self.depth < 12:
                self.depth += 1
                try:
                    for effect in effects:
                        self.effect(effect)
                finally:
                    self.depth -= 1
            if result[0] == "super":
                answer = fallback(args, kwargs)
            elif result[0] == "self":
                answer = args[0] if args else None
            elif result[0] == "argument":
                answer = args[-1] if args else None
            else:
                answer = self.make(result)
            if name == "__hash__" and int not in type.mro(type(answer)):
                raise TypeError("CPython never drops what is no int")
            return answer

        return hostile

    # -- Doing things

    def attempt(self, function):
        """The result, or None where it raised; checks what it raised."""
        try:
            return function()
        except AssertionError:
            raise
        except Exception as error:
            self.check(error)
        except Wicked:
            pass
        return None

    def check(self, error):
        try:
            no_system_error(error)
        except AssertionError as problem:
            self.problems.append(f"{self.current}: {problem}")

    def again(self, *args, **kwargs):
        """Does the action once more that is under way."""
        self.fuel -= 20
        if self.depth < 6 and self.fuel > 0 and self.current is not None:
            self.depth += 1
            try:
                self.act(self.current)
            finally:
                self.depth -= 1

    def look_at_objects(self, kinds):
        """What the collector knows may be seen by anybody, half built or not."""
        objects = gc.get_objects()  # But for those that were there before the program.
        for found in objects[:1000]:
            if type(found) in kinds and found is not objects:
                self.attempt(lambda: (list(found), repr(found) if len(found) < 20 else None))

    def watch(self, phase, info):
        # Straight from adder's code: CPython's own shows what it has half built.
        if sys._getframe(1).f_code is call.__code__ and self.fuel > 0 and self.depth < 12:
            self.fuel -= 5
            self.depth += 1
            try:
                self.look_at_objects((list, tuple, dict, set))
            finally:
                self.depth -= 1

    def effect(self, effect):
        kind = effect[0]
        self.fuel -= 1
        if kind == "raise":
            cls = RAISED[effect[1] % len(RAISED)]
            raise cls("utf-8", "\ud800", 0, 1, "hostile") if cls is UnicodeEncodeError else cls("hostile")
        if kind == "collect":
            gc.collect()
        elif kind == "objects":
            self.look_at_objects((list, dict, set))  # tuple(x) lets everybody see what it has half built.
        elif kind == "watch":
            if WATCH and self.watch not in gc.callbacks:
                gc.callbacks.append(self.watch)
                gc.set_threshold(1, 50, 1000)
        elif kind == "clear":
            target = self.at(effect[1])
            for base in (list, dict, set, bytearray):
                if base in type.mro(type(target)):
                    base.clear(target)
        elif kind == "shrink":
            target = self.at(effect[1])
            if list in type.mro(type(target)):
                list.__delitem__(target, slice(1, None))
        elif kind == "grow":
            target, item = self.at(effect[1]), self.at(effect[2])
            mro = type.mro(type(target))
            if list in mro:
                list.append(target, item)
                list.insert(target, 0, item)
            elif dict in mro:
                self.attempt(lambda: dict.__setitem__(target, f"key {self.fuel}", item))
            elif set in mro:
                self.attempt(lambda: set.add(target, f"item {self.fuel}"))
        elif kind == "replace":
            target, item = self.at(effect[1]), self.at(effect[2])
            if list in type.mro(type(target)) and list.__len__(target):
                list.__setitem__(target, -1, item)
        elif kind == "drop":
            if self.pool:
                self.pool[effect[1] % len(self.pool)] = None
        elif kind == "drop all":
            del self.pool[:]
        elif kind == "delete":
            target = self.at(effect[1])
            self.attempt(lambda: delattr(target, effect[2]))
        elif kind == "set":
            target, item = self.at(effect[1]), self.at(effect[3])
            self.attempt(lambda: setattr(target, effect[2], item))
        elif kind == "class":
            target, other = self.at(effect[1]), self.at(effect[2])
            self.attempt(lambda: setattr(target, "__class__", type(other)))
        elif kind == "again":
            self.again()
        elif kind == "act":
            self.act(effect[1])
        elif kind == "thread":
            thread = threading.Thread(target=self.act, args=(effect[1],))
            thread.start()
            thread.join()
        elif kind == "switch":
            sys.setswitchinterval(1e-6)
        else:
            raise AssertionError(effect)

    def act(self, action):
        outer, self.current = self.current, action
        try:
            result = self.attempt(lambda: self.do(action))
            if len(self.pool) < 30 and result is not None:
                self.note(result)
                self.pool.append(result)
        finally:
            self.current = outer

    def do(self, action):
        kind = action[0]
        if kind == "call":
            args = [self.make(arg) for arg in action[2]]
            return call(FUNCTIONS[action[1]], args, self.keywords(action[3]))
        if kind == "operation":
            args = [self.make(arg) for arg in action[3]]
            return call(FUNCTIONS[action[1]], [action[2] % fuzz_ext.OPERATIONS[action[1]], *args])
        if kind == "method":
            method, args = getattr(self.make(action[1]), action[2]), [self.make(arg) for arg in action[3]]
            return call(method, args)
        if kind == "plain call":
            return self.make(action[1])(*[self.make(arg) for arg in action[2]])
        if kind == "get":
            return getattr(self.make(action[1]), action[2])
        if kind == "set":
            return setattr(self.make(action[1]), action[2], self.make(action[3]))
        if kind == "delete":
            return delattr(self.make(action[1]), action[2])
        if kind == "new":
            return self.new(CLASSES[action[1]], action[2], action[3])
        if kind == "init":
            target = self.make(action[1])
            return type(target).__init__(target, *[self.make(arg) for arg in action[2]])
        if kind == "raw new":
            cls = type(self.make(action[2]))
            made = CLASSES[action[1]].__new__(cls, *[self.make(arg) for arg in action[3]])
            self.note(made)
            return made
        if kind == "copy":
            target, how = self.make(action[1]), action[2] % 3
            return [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))][how](target)
        if kind == "weakref":
            target, callback = self.make(action[1]), self.make(action[2])
            return weakref.ref(target, callback if callable(callback) else None)
        if kind == "operator":
            unary = [len, bool, repr, hash, lambda x: list(itertools.islice(x, 50)), dict, iter, next, dir, vars, str]
            unary.append(format)
            binary = [
                operator.eq, operator.add, operator.contains, operator.getitem, operator.iadd, operator.lt, isinstance,
            ]
            target = self.make(action[2])
            if action[1] < len(unary):
                return unary[action[1]](target)
            return binary[action[1] - len(unary)](target, self.make(action[3]))
        if kind == "effect":
            return self.effect(action[1])
        raise AssertionError(action)

    # -- All of it

    def go(self):
        for value in self.values:
            self.pool.append(self.make(value))
        self.fuel = 300
        for action in self.actions:
            self.act(action)
        self.problems += self.borrowed()

    def borrowed(self):
        return [f"still borrowed: {type(x)}" for x in self.instances if not fuzz_ext.is_free(x)]


def run_program(program):
    """Runs it and checks what must hold."""
    unraisable, interval, threshold = [], sys.getswitchinterval(), gc.get_threshold()
    callbacks = list(gc.callbacks)
    hook, sys.unraisablehook = sys.unraisablehook, lambda args: unraisable.append(args.exc_type)
    live = fuzz_ext.live()
    gc.freeze()  # What was there before is not looked at: a collection is cheap then.
    try:
        run = Run(program)
        run.go()
        hostile, problems = run.hostile, run.problems
        gc.callbacks[:] = callbacks
        for _ in range(5):  # A __del__ may put things back.
            run.pool.clear()
            run.instances.clear()
            gc.collect()
            if fuzz_ext.live() == live and all(cls() is None for cls in hostile):
                break
        if fuzz_ext.live() != live:
            problems.append(f"{fuzz_ext.live() - live} C++ values are left")
        left = [cls for cls in hostile if cls() is not None]
        if left and not FREE_THREADED:
            problems.append(f"{len(left)} classes of hostile objects are left")
        if SystemError in unraisable:
            problems.append("an unraisable SystemError")
    finally:
        gc.callbacks[:] = callbacks
        gc.unfreeze()
        sys.unraisablehook = hook
        sys.setswitchinterval(interval)
        gc.set_threshold(*threshold)
    assert not problems, problems


# --- Writing programs ------------------------------------------------------------------------------------------------

# The kinds of parameters: a name, or a tuple of a container's kind and those of its items.
INTS, STRS, FLOATS, ANYS = ("list", "int"), ("list", "str"), ("list", "float"), ("list", "any")
PARAMETERS = {
    **{f"c_{u}int{bits}": ["int"] for u in ("", "u") for bits in (8, 16, 32, 64)},
    **{f"c_{name}": ["int"] for name in ("int128", "strict_int", "enum", "optional", "pyint", "variant", "bool")},
    **{f"c_{name}": ["float"] for name in ("float", "double", "strict_double", "complex")},
    **{f"c_{name}": ["str"] for name in ("char", "char32", "string", "u16string", "wstring", "string_view", "path")},
    **{f"c_{name}": ["str"] for name in ("backed_str", "pystring")},
    **{f"c_{name}": ["bytes"] for name in ("byte_span", "backed_bytes", "borrowed_bytes", "vector_byte")},
    **{f"c_{name}": [INTS] for name in ("vector_int", "vector_bool", "deque", "array", "pylist", "pysequence")},
    **{f"c_{name}": [ANYS] for name in ("vector_handle", "vector_bound", "array_bound", "pyiterator")},
    **{f"c_{name}": [STRS] for name in ("vector_string", "list", "optional_vector")},
    **{f"c_{name}": ["plain"] for name in (
        "plain", "bound_plain", "plain_const", "plain_mutable", "pyref", "pyref_mut",
    )},
    **{f"c_{name}": [("dict", "int", "any")] for name in ("map_bound", "pydict", "pymapping", "native_dict")},
    "c_vector_double": [FLOATS],
    "c_vector_vector": [("list", INTS)],
    "c_vector_plain": [("list", "plain")],
    "c_vector_node": [("list", "node")],
    "c_vector_attributes": [("list", "attributes")],
    "c_attributes": ["attributes"],
    "c_items": ["items"],
    "c_set": [("set", "str")],
    "c_unordered_set": [("set", "int")],
    "c_pyset": [("set", "any")],
    "c_map": [("dict", "str", "int")],
    "c_unordered_map": [("dict", "int", "float")],
    "c_map_map": [("dict", "str", ("dict", "str", "str"))],
    "c_nest": [("dict", "str", ("list", ("tuple", "int", "str", "float")))],
    "c_pair": [("tuple", "int", "any")],
    "c_tuple": [("tuple", "int", "str", "any")],
    "c_pytuple": [("tuple", "any", "any")],
    "c_py_node": ["node"],
    "c_frozen": ["frozen"],
    "c_base": ["base"],
    "c_duration": ["time"],
    "c_sys_time": ["time"],
    "c_local_time": ["time"],
    "f_typed": ["int", INTS, "str"],
    "f_exclusive": ["plain", "any", "plain"],
    "f_borrow_between": [INTS, "plain", "str"],
    "f_views": ["str", INTS, "bytes"],
    "f_detached": [FLOATS, "str"],
    "f_scalar_overloads": ["int"],
    "f_container_overloads": [INTS],
    "f_class_overloads": ["node", "callback"],
    "f_args_overloads": [ANYS, "int"],
    "i_iterate": [ANYS, "callback"],
    "i_list": [ANYS, "callback"],
    "i_borrowed": [ANYS, "callback"],
    "i_tuple": [("tuple", "any", "any", "any"), "callback"],
    "i_dict": [("dict", "any", "any"), "callback"],
    "i_view": ["str", "callback"],
    "i_bytes": ["bytes", "callback"],
    "i_frozen": ["frozen", "callback"],
    "i_borrow_mut": ["node", "callback"],
    "i_replace": ["node", "callback"],
    "i_swap": ["plain", "plain"],
    **{f"i_{name}": ["plain", "callback"] for name in ("mutable", "const", "borrow", "pyref", "pyref_mut")},
    **{f"i_{name}": ["any", "callback"] for name in ("build", "catch", "result")},
    "u_list": [INTS, "any", "any"],
    "u_dict": [("dict", "any", "int"), "any", "any"],
    "u_set": [("set", "any"), "any", "any"],
}
# What the methods of the classes take, and their attributes.
MEMBERS = {
    "plain": {
        **{name: ["callback"] for name in ("share", "exclude", "by_ref", "by_ref_mut", "by_bound")},
        **{"absorb": ["plain", "plain"], "twin": [], "fail": [], "gather": ["any", "any"]},
        "multiply": ["plain", "int"],
        **{"make": ["any"]},
    },
    "node": {
        **{"add": ["any"], "put": ["str", "any"], "drop": [], "child": ["int"], "each": ["callback"]},
        **{"each_exclusive": ["callback"]},
    },
    "frozen": {"call": ["callback"]},
    "base": {"who": [], "base_exclude": ["callback"], "derived_share": ["callback"]},
    "native": {"hit": [], "exclude": ["callback"], "keep": ["any"]},
    "holder": {"call": ["callback"]},
}
ATTRIBUTES = {
    "plain": {"number": "int", "text": "str", "numbers": INTS, "label": "str"},
    "node": {"value": "any", "children": ANYS, "parent": "node"},
    "slots": {"object": "any", "maybe": "any", "small": "int", "text": "str", "numbers": INTS},
    "native": {"extra": "any", "x": "any"},
    "pooled": {"object": "any"},
    "base": {"got": "any"},
}
CONSTRUCTORS = {
    "Plain": ["int", "str"],
    "Frozen": ["float", "str"],
    "Node": ["any"],
    "Slots": [],
    "FrozenHolder": ["any"],
    "Base": ["callback"],
    "Derived": ["callback", "any"],
    "NativeDict": [],
    "NativeList": [],
    "NativeSet": [],
    "NativeException": ["any", "any"],
    "Init": ["int", "any"],
    "Variadic": ["any", "any"],
    "Pooled": ["any"],
    "Mourner": ["callback"],
}
OF_KIND = {
    "plain": ["Plain"],
    "node": ["Node"],
    "frozen": ["Frozen"],
    "base": ["Base", "Derived"],
    "native": ["NativeDict", "NativeList", "NativeSet", "NativeException"],
    "holder": ["FrozenHolder"],
    "slots": ["Slots"],
    "pooled": ["Pooled"],
    "other": ["Init", "Variadic", "Mourner"],
}
SIMPLE = {
    "int": [x for x in LITERALS if type(x) in (int, bool)],
    "float": [x for x in LITERALS if type(x) in (float, complex, int)],
    "str": [x for x in LITERALS if type(x) is str],
    "bytes": [x for x in LITERALS if type(x) is bytes],
}
RESULTS = {
    **{"__len__": "length", "__length_hint__": "length", "__index__": "int", "__int__": "int", "__hash__": "int"},
    **{"__float__": "float", "__complex__": "float", "__bool__": "bool", "__bytes__": "bytes", "__fspath__": "str"},
    **{"__eq__": "bool", "__lt__": "bool", "__contains__": "bool", "__instancecheck__": "bool", "__repr__": "str"},
    **{"__str__": "str", "__format__": "str", "__dir__": STRS, "__iter__": "iterator", "keys": STRS},
    "__reversed__": ANYS,
    **{"items": ("list", ("tuple", "str", "int")), "values": INTS, "x": "int", "text": "str", "numbers": FLOATS},
    **{"number": "int", "utcoffset": "time", "__class__": "type", "__del__": "any"},
}
EXACT = {
    "int": [0, 1, 2, 3, 5, -1, 127, 128, 255, 2**31, 2**63 - 1, 2**64],
    "float": [0.0, 1.5, 1e39],
    "str": ["a", "b", "x", "\u00e4", "a\0b", "\ud800"],
    "bytes": [b"", b"a"],
}
SPARE = ["x", "text", "numbers", "value", "children", "object", "args", "__class__", "__dict__", "method"]


class Writer:
    """Writes a program from random numbers: mostly things that fit, so that calls get past the first check."""

    def __init__(self, random):
        self.random = random
        self.values = []
        self.depth = 0

    def one(self, *options):
        return self.random.choice(options)

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def several(self, most, make):
        return [make() for _ in range(self.random.randint(0, most))]

    def index(self):
        """Where something is in the pool; mostly the value that is being written."""
        return len(self.values) if self.chance(50) else self.random.randrange(len(self.values) + 1)

    # -- Values

    def fitting(self, kind, pooled=True):
        if self.depth > 4 or self.chance(6):
            return self.shallow()
        self.depth += 1
        try:
            made = self.fit(kind)
        finally:
            self.depth -= 1
        if pooled and self.depth == 0 and self.chance(75):
            self.values.append(made)
            return ("ref", len(self.values) - 1)
        return made

    def shallow(self):
        if self.chance(50):
            return ("ref", self.index())
        if self.chance(70):
            return ("lit", self.random.choice(LITERALS))
        return ("thing", self.random.randrange(len(THINGS)))

    def fit(self, kind):
        if kind == "any":
            kind = self.one(
                *("int", "int", "str", "float", "bytes", "bool", "plain", "node", "native", "holder", "slots"),
            )
            if self.chance(40):
                kind = self.one(
                    "callback", "items", "attributes", INTS, ANYS, ("dict", "any", "any"), ("set", "any"), "odd",
                )
            elif self.chance(30):
                return self.shallow()
        if kind in SIMPLE:
            if self.chance(55):
                return ("lit", self.random.choice(EXACT[kind][:5] if self.chance(75) else SIMPLE[kind]))
            special = {"int": "__index__", "float": "__float__", "str": "__str__", "bytes": "__bytes__"}
            if kind in ("int", "float") and self.chance(60):
                return self.hostile(("object",), [special[kind]])
            return self.hostile((kind,), [special[kind]], [("lit", self.random.choice(SIMPLE[kind]))])
        if kind == "bool":
            return self.hostile(("object",), ["__bool__"]) if self.chance(30) else ("lit", self.chance(50))
        if kind == "length":
            return ("lit", self.random.choice(LENGTHS))
        if kind == "time":
            return self.shallow() if self.chance(10) else ("thing", self.random.randrange(3))
        if kind == "type":
            return ("thing", self.one(22, 23)) if self.chance(50) else ("type", self.random.choice(sorted(BASES)))
        if kind == "iterator":
            if self.chance(50):
                return ("iter", self.fit(ANYS))
            return self.hostile(("object",), ["__next__", "__iter__"])
        if kind == "callback":
            return self.callback()
        if kind == "odd":
            return self.hostile(self.random.choice(PAIRS), self.several(4, lambda: self.random.choice(sorted(BENIGN))))
        if kind == "attributes":
            return self.hostile(("object",), ["x", "text", "numbers"])
        if kind == "items":
            kinds = {"number": "int", "text": "str", "inner": "attributes"}
            return ("dict", [(("lit", name), self.fit(kind)) for name, kind in kinds.items()])
        if kind in OF_KIND:
            name = self.random.choice(OF_KIND[kind])
            args = [self.fitting(p, pooled=False) for p in CONSTRUCTORS[name]]
            if self.chance(25):
                return self.hostile((name,), self.several(2, lambda: self.random.choice(sorted(BENIGN))), args)
            return ("new", name, args)
        return self.container(*kind)

    def container(self, kind, *items):
        if kind == "tuple":
            content = [self.fitting(item, pooled=False) for item in items]
            if self.chance(20):
                names = ["__iter__", "__len__", "__getitem__"][: self.random.randint(0, 3)]
                return self.hostile((self.one("tuple", "list"),), names, content)
            return (self.one("tuple", "tuple", "list"), content)
        if kind == "dict":
            content = self.several(
                5, lambda: (self.fitting(items[0], pooled=False), self.fitting(items[1], pooled=False)),
            )
            if self.chance(65):
                return ("dict", content)
            names = [
                "keys", "items", "__getitem__", "__iter__", "__len__", "__contains__", "__missing__", "__setitem__",
            ]
            base = self.one("dict", "dict", "NativeDict", "UserMapping")
            names = self.random.sample(names, self.random.randint(0, 4))
            return self.hostile((base,), names, [item for pair in content for item in pair])
        if kind == "list" and self.chance(6):
            return (
                "many", self.fitting(items[0], pooled=False), self.one(100, 150, 5000) if items[0] in EXACT else 100
            )
        content = self.several(6, lambda: self.fitting(items[0], pooled=False))
        if kind == "set":
            if self.chance(70):
                return ("set", content)
            return self.hostile((self.one("set", "frozenset", "NativeSet"),), ["__iter__", "__len__"], content)
        if self.chance(60):
            return ("list", content)
        names = ["__getitem__", "__len__", "__iter__", "__length_hint__", "__contains__"]
        base = self.one("list", "list", "tuple", "NativeList", "UserSequence", "object")
        return self.hostile((base,), self.random.sample(names, self.random.randint(0, 3)), content)

    def hostile(self, bases, names, content=()):
        further = self.several(1, lambda: self.random.choice(sorted(BENIGN))) if self.chance(30) else []
        methods = [(name, self.behaviour(name)) for name in dict.fromkeys([*names, *further])]
        return ("hostile", bases, methods, list(content))

    def callback(self):
        if self.chance(20):
            return ("again",)
        if self.chance(20):
            name = self.random.choice(sorted(FUNCTIONS))
            return self.one(("function", name), ("closure", None), ("closure", ("ref", self.index())))
        if self.chance(20):
            kind = self.random.choice(sorted(MEMBERS))
            return ("method", ("ref", self.index()), self.random.choice(sorted(MEMBERS[kind])))
        return ("hostile", ("object",), [("__call__", self.behaviour("__call__"))], [])

    def behaviour(self, name):
        self.depth += 1
        try:
            effects = self.several(2, self.effect) if self.chance(70) else []
            if self.chance(12):
                effects.append(("raise", self.random.randrange(len(RAISED))))
            if name in RESULTS and self.chance(85):
                kind = RESULTS[name]
                result = ("lit", self.random.choice(EXACT[kind])) if kind in EXACT else self.fitting(kind)
            else:
                result = self.one(("super",), ("super",), ("self",), ("argument",), self.shallow(), self.shallow())
            return effects, result
        finally:
            self.depth -= 1

    # -- Actions

    def effect(self):
        kind = self.one(
            *("collect", "objects", "clear", "clear", "clear", "grow", "grow", "replace", "drop", "drop", "drop all"),
            *("delete", "set", "class", "again", "again", "act", "act", "act", "thread", "switch", "shrink", "watch"),
        )
        if kind in ("clear", "drop", "shrink"):
            return (kind, self.index())
        if kind in ("grow", "replace", "class"):
            return (kind, self.index(), self.random.randrange(len(self.values) + 1))
        if kind == "delete":
            return (kind, self.index(), self.random.choice(SPARE))
        if kind == "set":
            return (kind, self.index(), self.random.choice(SPARE), self.index())
        if kind in ("act", "thread"):
            return (kind, self.on_pool()) if self.depth < 4 else ("collect",)
        return (kind,)

    def on_pool(self):
        """An action on something in the pool."""
        target = ("ref", self.index())
        kind = self.random.choice(sorted(MEMBERS))
        if self.chance(40):
            name = self.random.choice(sorted(MEMBERS[kind]))
            return ("method", target, name, [self.fitting(p, pooled=False) for p in MEMBERS[kind][name]])
        if self.chance(30):
            kind = self.random.choice(sorted(ATTRIBUTES))
            name = self.random.choice(sorted(ATTRIBUTES[kind]))
            value = self.fitting(ATTRIBUTES[kind][name], pooled=False)
            return self.one(("set", target, name, value), ("delete", target, name), ("get", target, name))
        name = self.random.choice(sorted(FUNCTIONS))
        return self.call(name, target)

    def call(self, name, first=None):
        kinds = PARAMETERS.get(name, ["any", "any", "any"] if name[0] in "uf" else ["any"])
        args = [self.fitting(kind) for kind in kinds]
        if first is not None:
            args[0] = first
        if name.startswith("u_"):
            return ("operation", name, self.random.randrange(fuzz_ext.OPERATIONS[name]), args)
        keywords = []
        if name.startswith("f_"):
            passed = self.random.randint(0, len(args))
            names = ["a", "b", "c", *self.several(1, lambda: self.one("d", "\u00e4", "\ud800"))]
            keywords = [(self.key(key), value) for key, value in zip(names[passed:], args[passed:] + [("lit", 1)])]
            self.random.shuffle(keywords)
            args = args[:passed] + (self.several(2, self.shallow) if self.chance(10) else [])
        return ("call", name, args, keywords)

    def key(self, name):
        if self.chance(80):
            return name
        return self.hostile(
            ("str",), self.random.sample(["__eq__", "__hash__", "__str__"], self.random.randint(0, 2)), [("lit", name)],
        )

    def action(self):
        which = self.random.randrange(100)
        if which < 50:
            return self.call(self.random.choice(sorted(FUNCTIONS)))
        if which < 66:
            kind = self.random.choice(sorted(MEMBERS))
            name = self.random.choice(sorted(MEMBERS[kind]))
            return ("method", self.fitting(kind), name, [self.fitting(p) for p in MEMBERS[kind][name]])
        if which < 76:
            kind = self.random.choice(sorted(ATTRIBUTES))
            name = self.random.choice(sorted(ATTRIBUTES[kind]))
            target = self.fitting(kind)
            value = self.fitting(ATTRIBUTES[kind][name])
            return self.one(("set", target, name, value), ("delete", target, name), ("get", target, name))
        if which < 84:
            name = self.random.choice(sorted(CLASSES))
            args = [self.fitting(p) for p in CONSTRUCTORS[name]]
            if self.chance(20):
                args = self.several(3, lambda: self.fitting("any"))
            keywords = []
            if self.chance(20):
                keywords.append((self.one("number", "text", "value", "thing", "callback", "x"), self.shallow()))
            return ("new", name, args, keywords)
        if which < 88:
            return ("operator", self.random.randrange(19), self.fitting("any"), self.fitting("any"))
        if which < 91:
            return ("plain call", self.one(("closure", None), self.callback()), self.several(2, self.callback))
        target = self.fitting(self.random.choice(sorted(OF_KIND)))
        return self.one(
            ("init", target, self.several(2, self.shallow)),
            ("raw new", self.random.choice(sorted(CLASSES)), target, self.several(2, self.shallow)),
            ("copy", target, self.random.randrange(3)),
            ("weakref", target, self.callback()),
            ("effect", self.effect()),
            ("effect", ("watch",)),
        )

    def program(self):
        for _ in range(self.random.randint(0, 2)):
            self.fitting("any")
        actions = [self.action() for _ in range(self.random.randint(1, 5))]
        if self.chance(15) and WATCH:
            actions.insert(0, ("effect", ("watch",)))
        return self.values, actions


@st.composite
def programs(draw):
    return Writer(random.Random(draw(st.integers(0, 2**63)))).program()

# --- The tests -------------------------------------------------------------------------------------------------------

SETTINGS = dict(database=None, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), print_blob=False)


def traced(written):
    trace = os.environ.get("ADDER_FUZZ_TRACE")
    if trace:
        with open(trace, "w") as file:
            file.write(repr(written))
    run_program(written)


@pytest.mark.filterwarnings("ignore")
def test_no_program_breaks_anything():
    if "ADDER_FUZZ_REPLAY" in os.environ:
        return run_program(
            eval(open(os.environ["ADDER_FUZZ_REPLAY"]).read(), {"inf": float("inf"), "nan": float("nan")}),
        )
    seconds = float(os.environ.get("ADDER_FUZZ_SECONDS", 0))
    examples = int(os.environ.get("ADDER_FUZZ_EXAMPLES", 100 if FREE_THREADED else 3000))  # Its collector takes long.

    if not seconds:
        hypothesis.settings(derandomize=True, max_examples=examples, **SETTINGS)(hypothesis.given(programs())(traced))()
        return
    seed, end = int(os.environ.get("ADDER_FUZZ_SEED", time.time())), time.monotonic() + seconds
    while time.monotonic() < end:
        print("seed", seed, flush=True)
        hypothesis.seed(seed)(hypothesis.settings(max_examples=300, **SETTINGS)(hypothesis.given(programs())(traced)))()
        seed += 1


@pytest.mark.filterwarnings("ignore")
def test_programs_keep_no_memory(assert_no_growth):
    writers = [Writer(random.Random(seed)).program() for seed in range(20)]

    def run_all():
        for written in writers:
            run_program(written)

    assert_no_growth(run_all, runs=4, allowed=3)


# --- Values that behave ----------------------------------------------------------------------------------------------


def ints(bits, signed):
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    return st.integers(low, high) | st.sampled_from([low, high, 0])


texts = st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
int64, floats = ints(64, True), st.floats(allow_nan=False)
WELL_BEHAVED = {
    **{f"c_int{bits}": ints(bits, True) for bits in (8, 16, 32, 64, 128)},
    **{f"c_uint{bits}": ints(bits, False) for bits in (8, 16, 32, 64)},
    "c_bool": st.booleans(),
    "c_float": st.floats(width=32, allow_nan=False),
    "c_double": floats,
    "c_complex": st.complex_numbers(allow_nan=False),
    "c_char32": st.characters(blacklist_categories=["Cs"]),
    **{f"c_{name}": texts for name in ("string", "u16string", "wstring", "backed_str")},
    "c_byte_span": st.binary(max_size=8),
    "c_vector_byte": st.binary(max_size=8),
    "c_vector_bool": st.lists(st.booleans()),
    "c_vector_int": st.lists(int64, max_size=80),
    "c_vector_double": st.lists(floats, max_size=80),
    "c_vector_string": st.lists(texts),
    "c_vector_handle": st.lists(texts | int64),
    "c_vector_bound": st.lists(texts | int64),
    "c_vector_vector": st.lists(st.lists(int64)),
    "c_deque": st.lists(ints(32, True)),
    "c_list": st.lists(texts),
    "c_array": st.lists(int64, min_size=3, max_size=3),
    "c_set": st.sets(texts),
    "c_unordered_set": st.sets(int64),
    "c_map": st.dictionaries(texts, int64),
    "c_map_bound": st.dictionaries(int64, texts),
    "c_unordered_map": st.dictionaries(int64, floats),
    "c_map_map": st.dictionaries(texts, st.dictionaries(texts, texts)),
    "c_optional": st.none() | int64,
    "c_variant": st.none() | st.booleans() | int64 | texts | st.lists(int64),
    "c_pair": st.tuples(int64, texts),
    "c_tuple": st.tuples(int64, texts, texts),
    "c_nest": st.dictionaries(texts, st.lists(st.tuples(int64, st.none() | texts, floats))),
}


@pytest.mark.parametrize("name", sorted(WELL_BEHAVED))
def test_what_behaves_comes_back_as_it_was(name):
    function = FUNCTIONS[name]

    @hypothesis.settings(derandomize=True, max_examples=40, **SETTINGS)
    @hypothesis.given(WELL_BEHAVED[name])
    def check(given):
        assert function(given) == given
        if type(given) is list:
            assert function(tuple(given)) == function(UserSequence(given)) == given
        if type(given) is dict:
            assert function(UserMapping(given)) == function(types.MappingProxyType(given)) == given

    check()
