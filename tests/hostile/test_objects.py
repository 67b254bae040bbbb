# SPDX-License-Identifier: MIT
"""Objects in states that no constructor made; the C++ side is objects_ext.cpp."""
import copy
import datetime
import gc
import pickle
import subprocess
import sys
import textwrap
import threading

import objects_ext as ext
import pytest


def error_of(operation, *args):
    try:
        operation(*args)
    except BaseException as error:
        error.__traceback__ = None
        return error
    return None


@pytest.fixture(autouse=True)
def all_values_are_destroyed():
    before = ext.live()
    yield
    gc.collect()
    assert ext.live() == before


# --- Built-in types and those of the standard library as bases --------------------------------------------------------

# Runs in a process of its own, with CPython's checks of its memory: places for bases are few, and types stay.
TRY_BASES = """
import gc, sys, weakref, faulthandler
sys.path.insert(0, {path!r})
import objects_ext as ext

ARGUMENTS = {{
    "datetime.date": (2020, 2, 29), "datetime.datetime": (2020, 2, 29), "datetime.time": (1, 2, 3),
    "datetime.timedelta": (1, 2, 3), "datetime.timezone": (__import__("datetime").timedelta(0),),
    "builtins.dict": ({{"a": []}},), "builtins.list": ([[]],), "builtins.set": ([1],), "builtins.frozenset": ([1],),
    "builtins.str": ("text",), "builtins.float": (1.5,), "builtins.complex": (1.0,), "builtins.bytearray": (b"x",),
    "builtins.enumerate": ([1],), "builtins.zip": ([1], [2]), "builtins.map": (len, []), "builtins.filter": (len, []),
    "builtins.reversed": ([1],), "builtins.property": (len,), "builtins.classmethod": (len,),
    "builtins.staticmethod": (len,), "builtins.super": (), "builtins.module": ("m",), "weakref.ReferenceType": (set,),
    "builtins.UnicodeDecodeError": (), "collections.deque": ([1],), "collections.defaultdict": (list,),
    "itertools.count": (1,), "itertools.cycle": ([1],), "itertools.repeat": (1,), "itertools.chain": ([1],),
    "types.SimpleNamespace": (), "builtins.OSError": (2, "text"), "builtins.BaseExceptionGroup": ("g", [OSError()]),
}}
def all_types():
    found, todo = [], [object]
    while todo:
        for cls in type.__subclasses__(todo.pop()):
            if cls not in found:
                found.append(cls)
                todo.append(cls)
    return [t for t in found if not t.__flags__ & (1 << 9) and t.__flags__ & (1 << 10)]  # static, and a base

import collections, itertools, io, functools, types, datetime, weakref, random, struct, operator, ctypes, decimal, array
# CPython itself crashes where the repr() of a subclass of SignalDictMixin is asked for.
types_here = [t for t in all_types() if t.__name__ != "SignalDictMixin"]
types_here = sorted(types_here, key=lambda t: (t.__module__, t.__qualname__))
types_here = types_here[{first} : {first} + 8]
made = 0
for place, base in enumerate(types_here):
    name = base.__module__ + "." + base.__qualname__
    args = ARGUMENTS.get(name, ())
    try:
        cls = ext.class_on(place, base, len(args))
    except TypeError as error:
        assert "cannot be the base of a pyclass" in str(error) or "is not an acceptable base type" in str(error), (name, error)
        continue
    class Child(cls):
        pass
    for kind in (cls, Child):
        for _ in range(50):
            try:
                one = kind(*args)
            except Exception as error:
                assert not isinstance(error, SystemError), (name, error)
                break  # The base wants other arguments.
            assert one.cpp_get() == 42 and one.cpp_add(3) == 45, name
            assert one.cpp_text().startswith("a text that is too long"), name
            assert gc.is_tracked(one), name
            reference = weakref.ref(one)
            try:
                repr(one)
            except Exception:
                pass
            gc.collect(0)
            one = [one]
            one.append(one)
            del one
        else:
            made += 1
    gc.collect()
    for reached in gc.get_objects():
        type(reached)
gc.collect()
assert ext.live() == 0, ext.live()
print("kinds made:", made, "of", 2 * len(types_here))
"""


@pytest.mark.parametrize("first", range(0, 128, 8))
def test_every_static_type_is_a_sound_base_or_refused_in_words(first, run_python):
    path = ext.__file__.rsplit("/", 1)[0]
    result = run_python(TRY_BASES.format(path=path, first=first), PYTHONMALLOC="debug")
    assert result.returncode == 0, result.stderr[-2000:]
    assert "kinds made:" in result.stdout


def test_a_datetime_base_has_the_memory_it_needs(assert_no_growth):
    one = ext.moment.Moment(2020, 1, 2)
    one.note = [one]
    assert (one.year, one.month, one.day, one.number) == (2020, 1, 2, 42) and one == datetime.datetime(2020, 1, 2)
    assert gc.is_tracked(one)
    assert_no_growth(lambda: ext.moment.Moment(2020, 1, 2))


# --- Tracked by the base ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [ext.Conf, ext.Row, ext.Members])
def test_a_base_that_tracks_itself_is_tracked_once(cls):
    class Child(cls):
        pass

    for kind in (cls, Child):
        content = {"a": []} if cls is ext.Conf else [(1, 2)]
        one = kind(content)
        assert gc.is_tracked(one) and one.get_value() == 42 and len(one) == 1
        if cls is ext.Conf:
            one["self"] = one
        elif cls is ext.Row:
            one.append(one)


# --- Objects without a value ------------------------------------------------------------------------------------------


def unbuilt(name):
    """An object of a class that CPython, or Python code, made past its __new__; None where that is impossible."""
    if name == "day":
        made = ext.day.Day(2020, 1, 2).replace(year=2000)
    elif name == "day_child":
        made = type("Child", (ext.day.Day,), {})(2020, 1, 2).replace(year=2000)
    elif name == "moment":
        try:
            made = ext.moment.Moment(2020, 1, 2).replace(year=2000)
        except TypeError:
            return None  # From 3.13 on the class is called, with more arguments than this one takes.
    elif name == "bag":
        made = ext.bag.Bag() | {1}
    elif name == "loose_dict":
        made = past_new(ext.loose_dict.LooseDict, dict)
    else:
        module = getattr(ext, name.removesuffix("_child"))
        cls = next(value for value in vars(module).values() if isinstance(value, type))
        if name.endswith("_child"):
            cls = type("Child", (cls,), {})
        made = past_new(cls, object)
    return made


def past_new(cls, base):
    """Leaves the class as it is then: up to 3.13 CPython does not find back to the __new__ that was there."""
    if cls.__flags__ & 1 << 7 and hasattr(sys, "gettotalrefcount"):
        return None  # A class without instances gets a __new__: a debug build of CPython aborts.
    try:
        cls.__new__ = lambda cls: base.__new__(cls)
        return cls()
    except TypeError as error:
        assert "is not safe" in str(error), error
        return None


def module_of(name):
    return getattr(ext, name.removesuffix("_child"))


def has_value(one, module):
    try:
        return module.can_borrow(one) if type(one).__name__ not in ("date", "datetime", "set") else None
    except TypeError:
        return None


def test_a_finalizer_is_not_shown_an_object_without_a_value():
    ext.take_finalized()
    one = ext.loose_derived.LooseDerived(1)
    del one
    gc.collect()
    assert ext.take_finalized() == 1
    one = unbuilt("loose")
    assert one is not None and error_of(lambda: one.get()) is not None
    del one
    gc.collect()
    assert ext.take_finalized() == 0


def test_classes_of_objects_without_a_value_cannot_be_exchanged():
    one = ext.loose_unsendable.LooseUnsendable(1)
    for other in (ext.loose.Loose, ext.loose_frozen.LooseFrozen, ext.loose_without_new.LooseWithoutNew):
        assert type(error_of(setattr, one, "__class__", other)) is TypeError
    child = type("Child", (ext.loose.Loose,), {})
    assert type(error_of(setattr, child, "__bases__", (ext.loose_frozen.LooseFrozen,))) is TypeError


NAMES = [
    "day", "day_child", "moment", "bag", "loose", "loose_child", "loose_derived", "loose_frozen", "loose_frozen_child",
    "loose_unsendable", "loose_without_new", "loose_without_new_child", "loose_dict",
]  # fmt: skip
READS = ["get", "same", "get_ref", "plus", "__repr__", "__len__", "__bool__"]


@pytest.mark.parametrize("name", NAMES)
def test_an_object_without_a_value_says_so_wherever_it_is_met(name):
    module = module_of(name)
    one = unbuilt(name)
    if one is None or has_value(one, module) is not False:
        # CPython made one of the base's own type, or went through __new__ (3.13), or refused.
        assert one is None or isinstance(one, (datetime.date, set)) or has_value(one, module)
        return
    text = " object has no C++ value: it was made without the class's __new__"

    def refused(operation, *args):
        error = error_of(operation, *args)
        assert type(error) is RuntimeError and text in str(error), (operation, error)

    refused(lambda: one.get())
    refused(lambda: one.plus(1))
    refused(lambda: one.get_ref())
    refused(lambda: one.number)
    refused(lambda: type(one).__repr__(one))
    refused(lambda: type(one).__len__(one))
    refused(lambda: bool(one))
    assert one.same() is one
    for taker in ("by_const", "by_value", "by_ref", "by_handle", "by_mut", "by_ref_mut", "by_handle_mut", "by_get"):
        if hasattr(module, taker):
            refused(getattr(module, taker), one)
    if hasattr(one, "add"):
        refused(lambda: one.add(1))
        refused(lambda: one.add_ref(1))
        refused(lambda: setattr(one, "number", 1))
        refused(lambda: delattr(one, "number"))
    if hasattr(one, "bound_get"):
        refused(lambda: one.bound_get())
    # The collector, a thread, copies, weak references, the end.
    gc.collect()
    thread = threading.Thread(target=refused, args=(lambda: one.get(),))
    thread.start()
    thread.join()
    if hasattr(one, "__dict__"):
        one.itself = one
    del one
    gc.collect()


@pytest.mark.parametrize("name", ["firm", "firm_child", "firm_derived_child", "firm_derived"])
def test_classes_of_an_immutable_root_cannot_be_without_a_value(name):
    """Not even one that can be changed itself: CPython's own check sees to it, and methods do not ask."""
    module = module_of(name)
    cls = next(value for value in vars(module).values() if isinstance(value, type))
    if name.endswith("_child"):
        cls = type("Child", (cls,), {})
    assert type(error_of(object.__new__, cls)) is TypeError
    assert type(error_of(setattr, ext.firm.Firm, "__new__", object.__new__)) is TypeError
    assert cls(3).get() == 3
    if name != "firm":
        assert past_new(cls, object) is None


# --- Values that copies would lose ------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [lambda: ext.Failure(3), lambda: type("Child", (ext.Failure,), {})(3)])
def test_what_copying_would_lose_is_not_copied(make):
    one = make()
    one.add(4)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert "cannot pickle" in str(error_of(pickle.dumps, one, protocol))
    for operation in (copy.copy, copy.deepcopy):
        error = error_of(operation, one)
        assert type(error) is TypeError and "holds a C++ value" in str(error)
    for other in (ext.day.Day(2020, 1, 2), ext.moment.Moment(2020, 1, 2), ext.Conf({}), ext.Row([]), ext.Members([])):
        assert type(error_of(copy.copy, other)) is TypeError
        assert type(error_of(pickle.dumps, other)) is TypeError


def test_an_exception_whose_class_keeps_nothing_is_copied():
    one = pickle.loads(pickle.dumps(ext.EmptyFailure()))
    assert type(one) is ext.EmptyFailure


# --- Keyword arguments that change while they are counted -------------------------------------------------------------


class Empties:
    """Empties a dict when the collector finds it, over and over."""

    def __init__(self, words):
        self.words = words
        self.itself = self

    def __del__(self):
        self.words.clear()


# Up to 3.11 the collector runs in the middle of an allocation.
@pytest.mark.parametrize("how", ["clear", "grow"])
@pytest.mark.parametrize("cls", [ext.ThreeWords, ext.Options])
def test_a_dict_of_keywords_may_change_during_the_call(cls, how):
    class Child(cls):
        pass

    class Changes(Empties):
        def __del__(self):
            self.words.clear() if how == "clear" else self.words.update(extra="x")

    usual = gc.get_threshold()
    for kind in (cls, Child):
        for _ in range(200):
            words = {"a": "one", "b": "two"}
            Changes(words)
            gc.set_threshold(1)
            try:
                kind.__new__(kind, **words)
                kind(**words)
                # The very dict, not a copy of it.
                type.__call__(kind, *(), **words)
            except TypeError:
                pass
            finally:
                gc.set_threshold(*usual)


def test_the_very_dict_of_keywords_is_read_once():
    import functools

    class Key(str):
        """A key whose comparison changes the dict."""

        def __eq__(self, other):
            words.pop("b", None)
            return str.__eq__(self, other)

        __hash__ = str.__hash__

    for cls in (ext.ThreeWords, type("Child", (ext.ThreeWords,), {})):
        words = {Key("a"): "one", "b": "two"}
        made = error_of(functools.partial(cls, **words))
        assert made is None or isinstance(made, (TypeError, RuntimeError))


# --- Classes that others derive from, and that need nothing else -------------------------------------------------------


OPEN = [ext.OpenNumber, ext.OpenValue]
EXTRAS = [{}, {"__slots__": ()}, {"__slots__": ("a",)}, {"__slots__": ("__weakref__",)}]


@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.parametrize("cls", OPEN)
def test_the_collector_knows_the_objects_of_python_subclasses_alone(cls, extra):
    Child = type("Child", (cls,), extra)
    Grandchild = type("Grandchild", (Child,), {})
    assert not gc.is_tracked(cls(1))
    # As CPython decides: today all Python classes are, whatever their objects hold.
    is_collected = (Child.__flags__ & 1 << 14) != 0
    assert gc.is_tracked(Child(1)) == gc.is_tracked(Child.__new__(Child, 1)) == is_collected
    one = Grandchild(5)
    assert gc.is_tracked(one) and one.get() == 5
    one.itself = one
    live = ext.live()
    del one
    gc.collect()
    assert ext.live() == live - (cls is ext.OpenValue)


@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.parametrize("cls", OPEN)
def test_nothing_is_left_where_the_value_of_an_open_class_cannot_be_built(cls, extra, assert_no_growth):
    seen = []
    plain = type("Plain", (cls,), extra)
    finalized = type("Finalized", (cls,), {"__del__": lambda self: seen.append(1), **extra})
    below = type("Below", (plain,), {})
    for kind in (cls, plain, finalized, below):
        if kind is finalized and hasattr(sys, "_is_gil_enabled"):
            continue  # May be leaked: other threads may need the class's __del__ meanwhile.
        kind(1)  # What the first object of a class caches.
        seen.clear()
        live, references = ext.live(), sys.getrefcount(kind)
        kept = [kind(number) for number in range(100)]
        for _ in range(100):
            assert type(error_of(kind, -1)) is ValueError
        assert seen == []
        assert [one.get() for one in kept] == list(range(100))
        del kept
        # Their values were destroyed, whatever objects there have been at those places.
        kept = [kind(number) for number in range(300)]
        del kept
        assert (ext.live(), sys.getrefcount(kind)) == (live, references)
        assert len(seen) == (400 if kind is finalized else 0)
        assert_no_growth(lambda: error_of(kind, -1))


@pytest.mark.parametrize("cls", OPEN)
def test_an_open_class_fails_to_build_a_value_deep_in_deallocations(cls):
    Child = type("Child", (cls,), {})
    errors = []

    class Fails:
        def __del__(self):
            errors.append(type(error_of(Child, -1)))
            errors.append(type(error_of(cls, -1)))

    live = ext.live()
    for depth in (10, 45, 49, 50, 51, 55, 200):
        nested = Fails()
        for _ in range(depth):
            nested = [nested]
        del nested
        # A chain of objects of the class itself goes as well.
        head = None
        for number in range(3):
            one = Child(number)
            one.next, head = head, one
        del one, head
    gc.collect()
    assert errors == [ValueError] * 14
    assert ext.live() == live


def test_an_open_class_whose_factory_returns_what_is_there_already():
    same = ext.OpenMade(1000)
    assert ext.OpenMade(1000) is same and ext.OpenMade.__new__(ext.OpenMade, 1000) is same
    assert not gc.is_tracked(same)
    Child = type("Child", (ext.OpenMade,), {})
    assert type(error_of(Child, 1000)) is TypeError
