# SPDX-License-Identifier: MIT
"""Classes of all shapes, and attempts to break them: construction, inheritance, garbage, options, attributes, threads."""
import contextlib
import copy
import gc
import inspect
import json
import pickle
import signal
import sys
import sysconfig
import threading
import types
import weakref

import class_shapes_ext as ext
import pytest
from conftest import OF_A_LOCAL

FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
PER_OBJECT = 0 if FREE_THREADED else 1  # References to the type, which is immortal where threads would contend for them.


@pytest.fixture(autouse=True)
def every_cpp_value_is_destroyed():
    gc.collect()
    before = ext.live()
    yield
    ext.set_hook(None)
    ext.forget_cached()
    ext.take_log()
    gc.collect()
    assert ext.live() == before


@contextlib.contextmanager
def unraisable():
    """What goes to sys.unraisablehook meanwhile, as (type, text, object)."""
    seen = []
    hook, sys.unraisablehook = sys.unraisablehook, lambda info: seen.append((info.exc_type, str(info.exc_value), info.object))
    try:
        yield seen
    finally:
        sys.unraisablehook = hook


def error_of(operation, *args, **kwargs):
    """Type and text of what is raised."""
    try:
        operation(*args, **kwargs)
    except BaseException as error:
        error.__traceback__ = None
        return type(error), str(error)
    return None


def in_thread(operation):
    """What the operation returns, or the error that it raises, in a thread of its own."""
    box = []

    def run():
        try:
            box.append(operation())
        except BaseException as error:
            error.__traceback__ = None
            box.append((type(error), str(error)))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return box.pop()


class InDestructor:
    """Calls a function when it dies."""

    def __init__(self, function):
        self.function = function

    def __del__(self):
        self.function()


# --- Construction --------------------------------------------------------------------------------------------------------

MADE = [ext.MadeByValue, ext.MadeByResult, ext.MadeByPy, ext.MadeByBound, ext.MadeByResultPy, ext.MadeByResultBound]
#: Their factories make the object themselves: of the class itself, whichever was called.
MAKES_OBJECTS = MADE[2:]


@pytest.mark.parametrize("cls", MADE)
def test_a_factory_may_return_a_value_a_handle_or_a_result(cls):
    live = ext.live()
    for construct in (cls, lambda *a, **k: cls.__new__(cls, *a, **k), lambda *a, **k: type.__call__(cls, *a, **k)):
        references = sys.getrefcount(cls)
        one = construct(5)
        assert type(one) is cls and one.value == 5
        assert sys.getrefcount(one) == OF_A_LOCAL
        assert construct().value == 1 and construct(value=7).value == 7
        assert ext.live() == live + 1
        assert sys.getrefcount(cls) == references + PER_OBJECT
        assert error_of(construct, "x") == (TypeError, f"{cls.__name__}() argument 'value' must be int, not str")
        assert error_of(construct, 1, 2)[0] is TypeError
        assert error_of(construct, -2) == (ValueError, "thrown by the factory")
        if "Result" in cls.__name__:
            assert error_of(construct, -1) == (KeyError, "'refused'")
        del one
        assert ext.live() == live and sys.getrefcount(cls) == references


@pytest.mark.parametrize("cls", MADE)
def test_a_python_subclass_of_a_class_with_a_factory(cls, assert_no_growth):
    deleted = []

    class Child(cls):
        def __del__(self):
            deleted.append(self.value)

    if cls in MAKES_OBJECTS:  # Of its own class, which Child() would not be.
        assert error_of(Child, 3)[0] is TypeError
        assert_no_growth(lambda: error_of(Child, 3))
        return
    child = Child(3)
    assert type(child) is Child and child.value == 3
    for failing in (-2, "x"):
        assert error_of(Child, failing) is not None
        assert_no_growth(lambda: error_of(Child, failing))
    assert deleted == []
    del child
    assert deleted == [3]


def test_a_factory_may_return_an_object_that_exists_already():
    one, other = ext.Cached(1), ext.Cached(2)
    assert one is not other and ext.Cached(1) is one and ext.Cached(key=2) is other and ext.Cached.__new__(ext.Cached, 1) is one
    references = sys.getrefcount(one)
    for _ in range(20):
        ext.Cached(1)
    assert sys.getrefcount(one) == references

    class Child(ext.Cached):
        pass

    assert error_of(Child, 1) == (
        TypeError,
        "Child() returned a 'class_shapes_ext.Cached' object, which is no 'Child': give the subclass a __new__ of its own",
    )
    assert sys.getrefcount(one) == references

    class WithNew(ext.Cached):
        def __new__(cls, key):
            return ext.Cached(key)

    assert WithNew(1) is one


def test_a_factory_sees_the_class_that_was_called():
    class Child(ext.FromClass):
        pass

    assert ext.FromClass("a").made_by == "FromClass:a"
    assert Child("b").made_by == "Child:b" and type(Child("b")) is Child
    assert ext.FromClass.__new__(Child, "c").made_by == "Child:c"
    assert error_of(ext.FromClass) == (TypeError, "FromClass() missing 1 required positional argument: 'text'")


def test_a_constructor_from_fields():
    made = ext.Fields(5)
    assert (made.x, made.y, made.z) == (5, "default", 7)
    made = ext.Fields(y="y", x=-128)
    assert (made.x, made.y) == (-128, "y")
    assert error_of(ext.Fields, 128)[0] is OverflowError
    assert error_of(ext.Fields, 1, 2) == (TypeError, "Fields() argument 'y' must be str, not int")
    assert error_of(ext.Fields) == (TypeError, "Fields() missing 1 required positional argument: 'x'")
    assert error_of(ext.Fields, 1, "y", 3) == (TypeError, "Fields() takes from 2 to 3 positional arguments but 4 were given")

    class Child(ext.Fields):
        __slots__ = ()

    assert Child(4, "z").y == "z"


def test_a_constructor_of_any_arguments():
    made = ext.Variadic(1, 2, a=3)
    assert made.args == (1, 2) and made.kwargs == {"a": 3} and made.type is ext.Variadic
    empty = ext.Variadic()
    assert empty.args == () and empty.kwargs == {}

    class Child(ext.Variadic):
        def __init__(self, *args, **kwargs):
            self.seen = args, kwargs

    child = Child(1, b=2)
    assert child.args == (1,) and child.kwargs == {"b": 2} and child.type is Child and child.seen == ((1,), {"b": 2})
    given = {"x": 1}
    made = ext.Variadic(**given)
    made.kwargs["y"] = 2
    assert given == {"x": 1}


@pytest.mark.parametrize("keywords", [{1: 2}, {"value": 1, None: 2}])
def test_keywords_that_are_no_text(keywords):
    for cls in (ext.MadeByValue, ext.Variadic, ext.Init, ext.NativePyDict, type("Child", (ext.Variadic,), {})):
        assert error_of(lambda: cls(**keywords)) == (TypeError, "keywords must be strings")
        assert error_of(lambda: cls.__new__(cls, **keywords)) == (TypeError, "keywords must be strings")


def test_new_is_safe_however_it_is_called():
    class Child(ext.Base):
        pass

    assert ext.Base.__new__(ext.Base, "x").name == "x"
    assert ext.Base.__new__(Child, "x").who() == "Base x"
    assert error_of(ext.Base.__new__) == (TypeError, "class_shapes_ext.Base.__new__(): not enough arguments")
    assert error_of(ext.Base.__new__, 3) == (TypeError, "class_shapes_ext.Base.__new__(X): X is not a type object (int)")
    assert error_of(ext.Base.__new__, int) == (TypeError, "class_shapes_ext.Base.__new__(int): int is not a subtype of class_shapes_ext.Base")
    # The constructor of the class that is to be made runs, never only its base's.
    made = ext.Base.__new__(ext.Leaf, "x")
    assert type(made) is ext.Leaf and made.who() == "Leaf x" and made.level == 2
    for cls in (ext.Base, ext.Leaf, ext.Props, ext.Holder, ext.Init, ext.Uncallable, ext.NativePyDict, ext.CodeError):
        assert error_of(object.__new__, cls)[0] is TypeError
    assert error_of(dict.__new__, ext.NativePyDict)[0] is TypeError
    assert error_of(ValueError.__new__, ext.CodeError)[0] is TypeError
    assert error_of(BaseException.__new__, type("Child", (ext.CodeError,), {}))[0] is TypeError

    class Rash(ext.Base):
        def __new__(cls):
            return object.__new__(cls)

    assert error_of(Rash) == (TypeError, "object.__new__(Rash) is not safe, use class_shapes_ext.Base.__new__()")

    class Stubborn(KeyError, ext.CodeError):
        def __new__(cls, code):
            return KeyError.__new__(cls, code)

    assert error_of(Stubborn, 3)[0] is TypeError
    assert type("Mixed", (KeyError, ext.CodeError), {})(3).code == 3


def test_an_init_that_forgets_its_base_has_an_object_nevertheless():
    class Forgetful(ext.Base):
        def __init__(self, name):
            pass

    one = Forgetful("x")
    assert one.who() == "Base x" and ext.who(one) == "Base x"

    class Replaced(ext.Base):
        def __new__(cls):
            return super().__new__(cls, "fixed")

    assert Replaced().name == "fixed"

    class Elsewhere(ext.Base):
        def __new__(cls, name):
            return 3

    assert Elsewhere("x") == 3


def test_a_second_init_changes_nothing_without_def_init():
    one = ext.MadeByValue(3)
    one.__init__()
    one.__init__(5)
    assert one.value == 3


@pytest.mark.parametrize("extra", [{}, {"__slots__": ("a",)}, {"__slots__": ()}, {"__slots__": ("__dict__",)}])
@pytest.mark.parametrize("base", [ext.MadeByValue, ext.CallsBack, ext.Pooled, ext.PooledCollected, ext.NativePyDict, ext.NativePyValueError])
def test_a_constructor_that_throws_leaves_nothing_of_a_python_subclass(base, extra, assert_no_growth):
    seen = []
    if "__dict__" in extra.get("__slots__", ()) and base.__dictoffset__:
        extra = {}
    Child = type("Child", (base,), {"__del__": lambda self: seen.append(1), **extra})

    def throw():
        raise ValueError("callback")

    args = {"CallsBack": (throw,), "Pooled": (-1,), "PooledCollected": (-1,), "MadeByValue": (-2,)}.get(base.__name__, (1, 2, 3))
    live, references = ext.live(), sys.getrefcount(Child)
    for _ in range(20):
        assert error_of(Child, *args)[0] is ValueError
        assert error_of(base, *args)[0] is ValueError
    assert (ext.live(), seen) == (live, [])
    if not FREE_THREADED:  # There such an object is leaked: other threads may need the class's __del__ meanwhile.
        assert sys.getrefcount(Child) == references
        assert_no_growth(lambda: error_of(Child, *args))
    assert_no_growth(lambda: error_of(base, *args))
    good = {"CallsBack": (lambda: 1,)}.get(base.__name__, ())
    one = Child(*good)
    del one
    assert seen == [1]


def test_a_constructor_that_throws_deep_in_a_deallocation():
    seen = []

    class Child(ext.PooledCollected):
        def __del__(self):
            seen.append(1)

    live = ext.live()
    errors = []
    for depth in range(45, 55):
        nested = InDestructor(lambda: errors.append(error_of(Child, -1)))
        for _ in range(depth):
            nested = [nested]
        del nested
    gc.collect()
    assert errors == [(ValueError, "negative")] * 10
    assert (ext.live(), seen) == (live, [])


@pytest.mark.parametrize("child", [False, True])
def test_nobody_sees_a_half_built_object(child):
    Class = type("Child", (ext.CallsBack,), {"__del__": lambda self: None}) if child else ext.CallsBack
    found = []

    def look():
        gc.collect()
        found.append([type(thing) for thing in gc.get_objects() if isinstance(thing, ext.CallsBack)])
        found.append([type(thing) for thing in gc.get_referrers(Class) if isinstance(thing, ext.CallsBack)])
        # Memory pressure: collections of the youngest generation start by themselves.
        for _ in range(2000):
            [[]]
        return "got"

    one = Class(look)
    assert found == [[], []] and one.got == "got"
    look()
    assert found[2] == [Class]

    def nested():
        return Class(look)

    found.clear()
    two = Class(nested)
    assert found == [[Class], [Class]] and two.got.got == "got"


def test_a_constructor_enters_its_own_class_again():
    depth = 0

    class Child(ext.CallsBack):
        pass

    def deeper(fail_at, cls):
        nonlocal depth
        depth += 1
        if depth == fail_at:
            raise LookupError("deep")
        return cls(lambda: deeper(fail_at, cls)) if depth < 30 else "bottom"

    for cls in (ext.CallsBack, Child):
        live, depth = ext.live(), 0
        made = cls(lambda: deeper(0, cls))
        count = 0
        while made != "bottom":
            made, count = made.got, count + 1
        assert count == 30
        depth = 0
        assert error_of(cls, lambda: deeper(20, cls)) == (LookupError, "deep")
        gc.collect()
        assert ext.live() == live


def test_a_class_without_a_constructor_is_not_called():
    assert error_of(ext.Uncallable) == (TypeError, "cannot create 'class_shapes_ext.Uncallable' instances")
    Child = type("Child", (ext.Uncallable,), {})
    assert error_of(Child) == (TypeError, "cannot create 'Child' instances")
    assert error_of(object.__new__, Child)[0] is TypeError
    assert type("Grandchild", (Child,), {"__new__": lambda cls: 5})() == 5
    for method in (object.__new__, ext.UncallableChild.__new__):
        assert error_of(type("Grandchild", (Child,), {"__new__": lambda cls: method(cls)}))[0] is TypeError
    one = ext.UncallableChild()
    assert one.value == 3 and one.more == 4 and isinstance(one, ext.Uncallable)
    assert error_of(copy.copy, one)[0] is TypeError


WRONG = {
    0: (
        SystemError,
        "Wrong: def_new was called twice. Constructors that share the call are bound together: "
        "def_new<overload<constructor<int>, &make>>()",
    ),
    1: (SystemError, "Wrong: the type slot 9 is filled already, or adder's own"),
    2: (SystemError, "Wrong: the type slot 9 is filled already, or adder's own"),
    3: (SystemError, "Wrong: the type slot 9 is filled already, or adder's own"),
    4: (SystemError, "Wrong: the type slot 52 is filled already, or adder's own"),
    5: (SystemError, "Wrong: the type slot 60 is filled already, or adder's own"),
    6: (SystemError, 'Wrong.__bool__ belongs in a type slot, which a method of that name would not fill: write def<"__bool__", ...>()'),
    7: (SystemError, "Wrong.__init__ is not a method like others: write def_new, def_init, or PyClass<T>::finalize"),
    8: (ValueError, "the late attribute fails"),
    9: (SystemError, "Wrong: define() needs the very type that it is making, for a default perhaps"),
    12: (SystemError, "attribute 'two' of 'Wrong' objects: its setter is bound already, as that of attribute 'one' of 'Wrong' objects"),
    17: (SystemError, 'Wrong.__eq__ belongs in a type slot, which a method of that name would not fill: write def<"__eq__", ...>()'),
    18: (SystemError, 'Wrong.__neg__ belongs in a type slot, which a method of that name would not fill: write def<"__neg__", ...>()'),
}


@pytest.mark.parametrize("which", WRONG)
def test_a_class_that_contradicts_itself_is_refused_each_time(which):
    for _ in range(3):
        assert error_of(ext.make_wrong, which) == WRONG[which]


@pytest.mark.parametrize("which", [10, 11, 13, 14, 15])
def test_two_things_of_one_name_in_a_class_are_refused(which):
    for _ in range(2):
        name = "both" if which in (11, 13) else "method"
        said = f"Wrong.{name}: there is something of that name already"
        if which in (10, 14, 15):  # No property.
            said += '. Functions that share a name are bound together: cls.def<overload<&f, &g>>("method")'
        assert error_of(ext.make_wrong, which) == (SystemError, said)


def test_two_inits_are_refused():
    for _ in range(2):
        assert error_of(ext.make_wrong, 16) == (SystemError, "Wrong: the type slot 60 is filled already, or adder's own")


# --- __init__ and slots --------------------------------------------------------------------------------------------------


def test_init_runs_after_construction_and_again():
    one = ext.Init(5)
    assert (one.value, one.times) == (5, 1)
    one.__init__(number=6)
    assert (one.value, one.times) == (6, 2)
    assert ext.Init.__init__(one, 7) is None and one.value == 7
    assert error_of(ext.Init, -1) == (ValueError, "negative")
    assert error_of(one.__init__, -1, text="bad") == (ValueError, "bad")
    assert error_of(ext.Init) == (TypeError, "Init.__init__() missing 1 required positional argument: 'number'")
    assert error_of(ext.Init, "x") == (TypeError, "Init.__init__() argument 'number' must be int, not str")
    assert error_of(ext.Init.__init__, 3, 4)[0] is TypeError
    assert (one.value, one.times) == (7, 3)
    raw = ext.Init.__new__(ext.Init)
    assert (raw.value, raw.times) == (0, 0)


def test_init_of_python_subclasses():
    class Forgets(ext.Init):
        def __init__(self):
            pass

    class Calls(ext.Init):
        def __init__(self, number):
            super().__init__(number, text="x")
            super().__init__(number + 1)

    assert Forgets().times == 0
    assert (Calls(3).value, Calls(3).times) == (4, 2)
    assert type("Inherits", (ext.Init,), {})(8).value == 8
    for _ in range(20):
        assert error_of(Calls, -5) == (ValueError, "x")


def test_a_derived_class_inherits_init():
    assert type("Child", (ext.InitChild,), {})(5).times == 1
    assert ext.InitChild(5).times == 1
    assert error_of(ext.InitChild, -1) == (ValueError, "negative")


def test_a_slot_by_hand():
    assert int(ext.WithSlot()) == 11


def test_an_init_slot_by_hand():
    assert type.__call__(ext.WithSlot).value == 10
    assert ext.WithSlot().value == 10


# --- Inheritance ---------------------------------------------------------------------------------------------------------


def test_a_chain_of_three_classes():
    assert ext.Leaf.__mro__ == (ext.Leaf, ext.Mid, ext.Base, object)
    base, mid, leaf, other = ext.Base("b"), ext.Mid("m"), ext.Leaf("l"), ext.Other("o")
    assert [one.who() for one in (base, mid, leaf, other)] == ["Base b", "Mid m", "Leaf l", "Base o"]
    assert [ext.who(one) for one in (base, mid, leaf, other)] == ["Base b", "Mid m", "Leaf l", "Base o"]
    assert [repr(one) for one in (base, mid, leaf, other)] == ["Base b", "Mid m", "Leaf l", "Base o"]
    assert ext.mid_who(leaf) == "Leaf l" and leaf.level == 2 and mid.level == 1
    assert ext.up(leaf) == "l/Leaf l"
    leaf.name = "renamed"
    assert leaf.who() == "Leaf renamed" and ext.Base.name.__get__(leaf) == "renamed"
    assert ext.Base.who(leaf) == "Leaf renamed" and super(ext.Leaf, leaf).who() == "Leaf renamed"
    assert isinstance(leaf, ext.Base) and issubclass(ext.Leaf, ext.Base) and not isinstance(mid, ext.Leaf)
    assert error_of(ext.mid_who, other) == (TypeError, "mid_who() argument 1 must be Mid, not class_shapes_ext.Other")
    assert error_of(ext.Leaf.leaf_share, mid, 1)[0] is TypeError
    assert error_of(ext.Mid.level.__get__, base)[0] is TypeError
    references = weakref.ref(leaf), weakref.ref(other)
    del leaf, other
    assert [reference() for reference in references] == [None, None]
    assert error_of(ext.Leaf, "bad") == (ValueError, "bad leaf")


def test_one_flag_serves_the_chain():
    class Child(ext.Leaf):
        pass

    for leaf in (ext.Leaf("l"), Child("c")):
        shared = (RuntimeError, "Already mutably borrowed: '{}' object: cannot share what this thread holds exclusively")
        exclusive = (RuntimeError, "Already borrowed: '{}' object: cannot hold exclusively what this thread {}")
        for hold in (leaf.base_exclude, leaf.mid_exclude, leaf.leaf_exclude):
            for name in ("Base", "Mid", "Leaf"):
                for ask in ("share", "exclude"):
                    seen = hold(lambda: error_of(getattr(leaf, f"{name.lower()}_{ask}"), lambda: "never"))
                    wanted = shared if ask == "share" else exclusive
                    assert seen == (wanted[0], wanted[1].format(name, "holds exclusively"))
            assert hold(lambda: ext.base_state(leaf)) == "exclusive" == hold(lambda: ext.leaf_state(leaf))
            assert hold(lambda: error_of(ext.who, leaf))[0] is RuntimeError
        for hold in (leaf.base_share, leaf.mid_share, leaf.leaf_share):
            for name in ("Base", "Mid", "Leaf"):
                assert hold(lambda: getattr(leaf, f"{name.lower()}_share")(lambda: "both")) == "both"
                assert hold(lambda: error_of(getattr(leaf, f"{name.lower()}_exclude"), lambda: "never")) == (exclusive[0], exclusive[1].format(name, "shares"))
            assert hold(lambda: ext.base_state(leaf)) == "shared" == hold(lambda: ext.leaf_state(leaf))
            assert hold(leaf.who) == leaf.who()
        assert ext.base_state(leaf) == "free" == ext.leaf_state(leaf)


def test_python_subclasses_of_several_levels():
    class One(ext.Leaf):
        def who(self):
            return "One over " + super().who()

    class Two(One):
        __slots__ = ("slot",)

    class Three(Two):
        __slots__ = ()

    class Slotted(ext.Leaf):
        __slots__ = ("a", "b")

    class Bare(ext.Leaf):
        __slots__ = ()

    three = Three("x")
    three.slot, three.free = three, three
    assert three.who() == "One over Leaf x" and ext.who(three) == "Leaf x" and three.__dict__ == {"free": three}
    reference = weakref.ref(three)
    del three
    gc.collect()
    assert reference() is None
    slotted = Slotted("s")
    slotted.a = slotted
    assert error_of(setattr, slotted, "c", 1)[0] is AttributeError
    assert not hasattr(slotted, "__dict__")
    reference = weakref.ref(slotted)
    del slotted
    gc.collect()
    assert reference() is None
    bare = Bare("b")
    assert error_of(setattr, bare, "c", 1)[0] is AttributeError and bare.who() == "Leaf b"
    assert error_of(type, "Twice", (ext.Leaf,), {"__slots__": ("__weakref__",)})[0] is TypeError

    class Mixin:
        def who(self):
            return "mixed " + super().who()

    class Mixed(Mixin, ext.Mid, metaclass=type("Meta", (type,), {})):
        pass

    assert Mixed("m").who() == "mixed Mid m"
    for cls in (One, Two, Three, Slotted, Bare, Mixed):
        references = sys.getrefcount(cls)
        many = [cls("y") for _ in range(10)]
        assert sys.getrefcount(cls) == references + 10
        del many
        assert sys.getrefcount(cls) == references


def test_two_derived_classes_cannot_be_combined():
    for bases in [(ext.Leaf, ext.Other), (ext.Other, ext.Mid), (ext.PlainChild1, ext.PlainChild2), (ext.Stranger1, ext.Stranger2), (ext.Base, ext.Holder), (ext.NativePyDict, ext.NativePyList), (ext.NativePyDict, ext.Base), (ext.NativePyKeyError, ext.NativePyValueError), (ext.Base, int), (ext.NativePyDict, list)]:
        assert error_of(type, "Both", bases, {}) == (TypeError, "multiple bases have instance lay-out conflict"), bases
    children = [type("Child", (base,), {}) for base in (ext.PlainChild1, ext.PlainChild2)]
    assert error_of(type, "Both", tuple(children), {}) == (TypeError, "multiple bases have instance lay-out conflict")
    assert type("Both", (ext.Leaf, ext.Base), {})("x").who() == "Leaf x"


def test_the_class_of_an_object_is_not_changed_to_a_foreign_one():
    for slots in ({}, {"__slots__": ()}):
        classes = [ext.PlainChild1, ext.PlainChild2, ext.Stranger1, ext.Stranger2]
        classes += [type("Child" + cls.__name__, (cls,), slots) for cls in classes] + [type("Plain", (), slots)]
        for cls in classes:
            for other in classes:
                one = cls(1) if "PlainChild" in cls.__name__ else cls()
                if (issubclass(other, cls) or issubclass(cls, other)) and cls.__basicsize__ == other.__basicsize__:
                    continue  # Nothing is added: they are interchangeable indeed.
                assert error_of(setattr, one, "__class__", other)[0] is TypeError, (cls, other)
    Child, Twin = type("Child", (ext.Leaf,), {}), type("Twin", (ext.Leaf,), {})
    one = Child("x")
    before = sys.getrefcount(Child), sys.getrefcount(Twin)
    one.__class__ = Twin
    after = sys.getrefcount(Child), sys.getrefcount(Twin)
    assert after == (before[0] - 1, before[1] + 1)
    assert type(one) is Twin and one.who() == "Leaf x"
    assert error_of(setattr, one, "__class__", ext.Leaf)[0] is TypeError
    assert error_of(setattr, ext.Leaf("x"), "__class__", Twin)[0] is TypeError


def test_final_classes_are_not_subclassed():
    for cls in (ext.Automatic, ext.Mourner, ext.UncallableChild, ext.Inner):
        assert error_of(type, "Child", (cls,), {}) == (TypeError, f"type 'class_shapes_ext.{cls.__name__}' is not an acceptable base type")


# --- Built-in bases ------------------------------------------------------------------------------------------------------


def test_a_class_that_is_a_dict():
    one = ext.NativePyDict(a=1)
    one["b"] = 2
    assert one == {"a": 1, "b": 2} and dict(one) == {"a": 1, "b": 2} and json.dumps(one) == '{"a": 1, "b": 2}'
    assert isinstance(one, dict) and (one.hit(), one.hit()) == (1, 2) and len(one) == 2
    assert ext.native_dict_len(one) == 2 and ext.native_dict_len(ext.new_native_dict()) == 0
    assert ext.NativePyDict([(1, 2)]) == {1: 2} and ext.NativePyDict.__new__(ext.NativePyDict, [(1, 2)]) == {}
    assert error_of(ext.NativePyDict, 1, 2) == (TypeError, "dict expected at most 1 argument, got 2")
    assert error_of(ext.NativePyDict, 1, 2, 3) == (ValueError, "three are too many")
    assert error_of(ext.native_dict_len, {}) is not None
    one.__init__(c=3)
    assert one["c"] == 3
    one.free = 1
    assert one.free == 1 and one == {"a": 1, "b": 2, "c": 3}

    class Child(ext.NativePyDict):
        def __init__(self, *args):
            super().__init__(*args)
            self.extra = self.hit()

        def __missing__(self, key):
            return key

    child = Child({1: 2})
    assert child == {1: 2} and child.extra == 1 and child["zz"] == "zz"
    child["self"] = child.me = child
    child.put(child)
    reference, live = weakref.ref(child), ext.live()
    del child
    gc.collect()
    assert reference() is None and ext.live() == live - 1
    assert ext.NativePyDict.fromkeys([1]) == {1: None} and type(ext.NativePyDict.fromkeys([1])) is ext.NativePyDict
    many = [ext.NativePyDict({i: i}) for i in range(100)]
    assert all(one[i] == i for i, one in enumerate(many))


def test_classes_that_are_lists_and_sets():
    one = ext.NativePyList([3, 1, 2])
    one.sort()
    assert one == [1, 2, 3] and one.hit() == 1 and isinstance(one, list) and one[1:] == [2, 3]
    one.append(one)
    one.put(one)
    reference = weakref.ref(one)
    del one
    gc.collect()
    assert reference() is None
    unique = ext.NativePySet([1, 2, 1])
    assert unique == {1, 2} and unique.hit() == 1 and type(unique | {3}) in (set, ext.NativePySet)
    reference = weakref.ref(unique, lambda dead: log.append(dead))
    log = []
    del unique
    assert log == [reference] and reference() is None
    nested = None
    for _ in range(100000):
        nested = ext.NativePyList([nested])
    del nested
    Child = type("Child", (ext.NativePyList,), {})
    nested = None
    for _ in range(100000):
        nested = Child([nested])
    del nested


@pytest.mark.parametrize("name", ["Exception", "ValueError", "OSError", "KeyError", "StopIteration", "ImportError"])
def test_classes_that_are_exceptions(name):
    cls, builtin = getattr(ext, "NativePy" + name), getattr(__import__("builtins"), name)
    Child = type("Child", (cls,), {})
    for kind in (cls, Child):
        one = kind(2, "text")
        assert isinstance(one, builtin) and one.args == (2, "text") and str(one) == str(builtin(2, "text"))
        assert one.hit() == 1
        one.free = 1
        assert one.__dict__ == {"free": 1}
        with pytest.raises(builtin) as caught:
            raise one
        assert caught.value is one and one.__traceback__ is not None
        try:
            raise kind() from one
        except kind as error:
            assert error.__cause__ is one and error.args == ()
            error.put(error)
        one.put(one)
        one.__traceback__ = None
        reference, live = weakref.ref(one), ext.live()
        del caught, one
        gc.collect()
        assert reference() is None and ext.live() < live
        assert error_of(kind, 1, 2, 3) == (ValueError, "three are too many")
    if name == "OSError":
        assert (cls(2, "text").errno, cls(2, "text").strerror, cls(2, "text", "file", None).filename) == (2, "text", "file")
        assert str(cls(2, "text")) == "[Errno 2] text"
    if name == "StopIteration":
        assert cls(4).value == 4 and cls().value is None

        def generator():
            yield 1
            return 7

        with pytest.raises(StopIteration) as stop:
            next(iter(generator().__next__, None)), next(g := generator()), next(g)
        del stop
    if name == "ImportError":
        assert cls("text", name="n", path="p").name == "n" and cls("x").msg == "x"
    if name == "KeyError":
        assert str(cls("x")) == "'x'"


def test_an_exception_with_a_constructor_of_its_own():
    one = ext.CodeError(5)
    assert repr(one) == "CodeError(5)" and one.args == (5,) and one.code == 5
    assert ext.CodeError(code=6).args == () and ext.CodeError(code=6).code == 6
    assert error_of(ext.CodeError, -1) == (ValueError, "code may not be negative")
    assert error_of(ext.CodeError, "x") == (TypeError, "CodeError() argument 'code' must be int, not str")
    one.__init__(7, 8)
    assert one.args == (5,)
    assert repr(ext.new_native_error()) == "NativePyValueError()"

    class Child(ext.CodeError):
        def __init__(self, code, text=""):
            super().__init__(code)
            self.text = text

        def __new__(cls, code, text=""):
            return super().__new__(cls, code)

    child = Child(3, text="t")
    assert (child.code, child.text, child.args) == (3, "t", (3,))
    for _ in range(10):
        assert error_of(Child, -1) == (ValueError, "code may not be negative")


class Reduced(ext.CodeError):
    def __reduce__(self):
        return type(self), (self.code,)


def test_exceptions_that_hold_a_value_are_not_pickled_or_copied():
    # BaseException.__reduce__ calls the class with `args`, and would lose what was changed since, and keywords.
    one = ext.CodeError(5)
    one.note = "note"
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert error_of(pickle.dumps, one, protocol) == (TypeError, "cannot pickle 'class_shapes_ext.CodeError' object: it holds a C++ value")
    assert error_of(copy.copy, one)[0] is error_of(copy.deepcopy, one)[0] is TypeError


def test_exceptions_of_a_python_subclass_are_pickled_as_that_says():
    twin = pickle.loads(pickle.dumps(Reduced(5)))
    assert type(twin) is Reduced and (twin.code, twin.args) == (5, (5,))


def test_other_objects_are_not_pickled():
    for one in (ext.Leaf("x"), ext.Props(), ext.Holder(), ext.Pooled(), ext.Final(), type("Child", (ext.Base,), {})("x"), ext.Generic(), ext.Elsewhere()):
        assert error_of(copy.copy, one)[0] is TypeError
        assert error_of(copy.deepcopy, one)[0] is TypeError
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises((TypeError, pickle.PicklingError)):
                pickle.loads(pickle.dumps(one, protocol))


@pytest.mark.parametrize("cls", [ext.NativePyDict, ext.NativePyList])
def test_copies_of_objects_with_a_built_in_base_do_not_lose_the_value(cls):
    def hits_of_a_copy():
        one = cls()
        one.hit()
        return copy.copy(one).hit()

    result = error_of(hits_of_a_copy) or hits_of_a_copy()
    assert result == 2 or isinstance(result, tuple) and result[0] is TypeError


@pytest.mark.parametrize("name, text", [("PyInt", "int"), ("PyTuple", "tuple"), ("PyBool", "bool"), ("PyFunction", "function")])
def test_built_in_types_that_cannot_be_bases(name, text):
    for _ in range(2):
        assert error_of(ext.make_impossible, "Native" + name) == (TypeError, f"Bad{name}: '{text}' cannot be the base of a pyclass")


# --- Garbage -------------------------------------------------------------------------------------------------------------

FIELDS = ["py", "optional", "vector", "map", "unique_ptr", "variant", "tuple", "pair", "array", "aggregate", "deep", "pointer to aggregate", "vector of pairs", "typed"]


@pytest.mark.parametrize("where", FIELDS)
@pytest.mark.parametrize("child", [False, True])
def test_cycles_through_all_kinds_of_fields_are_collected(where, child):
    Class = type("Child", (ext.Holder,), {}) if child else ext.Holder
    live = ext.live()
    one, two = Class(), Class()
    one.put(where, two)
    two.put(where, one)
    assert two in gc.get_referents(one) and one in gc.get_referents(two)
    assert gc.is_tracked(one) and Class in gc.get_referents(one)
    references = [weakref.ref(one), weakref.ref(two)]
    gc.collect()
    assert ext.live() == live + 2
    del one, two
    assert gc.collect() >= 2
    assert [reference() for reference in references] == [None, None] and ext.live() == live


def test_handles_are_visited_once_each():
    one = ext.Holder()
    thing = object()
    for count, where in enumerate(FIELDS[:-1], 1):
        one.put(where, thing)
        assert gc.get_referents(one).count(thing) == count
    assert sys.getrefcount(thing) == OF_A_LOCAL + len(FIELDS) - 1
    one.put("typed", one)
    del one
    gc.collect()
    assert sys.getrefcount(thing) == OF_A_LOCAL


@pytest.mark.parametrize("put", ["put", "put_deep"])
def test_the_fields_of_aggregates_are_found(put):
    live = ext.live()
    things = []
    one = ext.Automatic(things)
    assert gc.get_referents(one).count(things) == 2  # In first, and in the pocket.
    getattr(one, put)(one)
    reference = weakref.ref(one)
    del one
    gc.collect()
    assert reference() is None and ext.live() == live
    things.append(ext.Automatic(things))
    reference = weakref.ref(things[0])
    del things
    gc.collect()
    assert reference() is None


def test_traversal_by_hand():
    one = ext.ByHand(None)
    one.put(one)
    reference = weakref.ref(one)
    del one
    gc.collect()
    assert reference() is None
    Child = type("Child", (ext.ByHand,), {})
    child = Child([])
    child.put(child)
    child.me = child
    reference = weakref.ref(child)
    del child
    gc.collect()
    assert reference() is None


def test_a_cycle_through_a_cell_is_collected():
    live = ext.live()
    one = ext.CellHolder()
    assert gc.is_tracked(one)
    one.fill(one)
    reference = weakref.ref(one)
    del one
    gc.collect()
    assert reference() is None and ext.live() == live


def test_frozen_objects_in_cycles():
    live = ext.live()
    box = []
    box.append(ext.FrozenHolder(box))
    reference = weakref.ref(box[0])
    del box
    gc.collect()
    assert reference() is None
    holder = ext.Holder()
    holder.put("py", ext.FrozenHolder(holder))
    del holder
    gc.collect()
    child = type("Child", (ext.FrozenHolder,), {})(1)
    child.me = child
    del child
    gc.collect()
    assert ext.live() == live


@pytest.mark.parametrize("cls", [ext.CallsBack, ext.PooledCollected, ext.Final, ext.FinalChild, ext.Stranger1])
def test_cycles_through_a_dict_are_collected(cls):
    live = ext.live()
    one = cls(lambda: 1) if cls is ext.CallsBack else cls()
    one.me = one
    dead = []
    reference = weakref.ref(one, dead.append)
    del one
    gc.collect()
    assert reference() is None and dead == [reference] and ext.live() == live


def seen_by_weakref_callbacks(make, link):
    """Whether the callbacks of a pair of garbage see the object that they are for, and one of the two otherwise."""
    seen = []
    one, two = make(), make()
    link(one, two)
    link(two, one)
    references = [weakref.ref(thing, lambda dead: seen.append((dead() is None, two_alive() is None))) for thing in (one, two)]
    two_alive = weakref.ref(two)
    del one, two
    gc.collect()
    gc.collect()  # From 3.15 on the callbacks may have had the object in hand.
    assert [reference() for reference in references] == [None, None] and two_alive() is None
    return seen


def test_weakref_callbacks_run_before_the_cycle_is_taken_apart():
    class Plain:
        def put(self, other):
            self.other = other

    of_python = seen_by_weakref_callbacks(Plain, Plain.put)
    assert len(of_python) == 2 and all(dead for dead, _ in of_python)
    assert seen_by_weakref_callbacks(ext.Holder, lambda one, two: one.put("py", two)) == of_python
    # Of an object whose last reference goes, while its destructor has not run.
    live = ext.live()
    one = ext.Link(None)
    seen = []
    reference = weakref.ref(one, lambda dead: seen.append((dead(), ext.live())))
    del one
    assert reference() is None and seen == [(None, live + 1)]


def test_what_is_held_while_the_collector_runs_stays_whole():
    one, other = ext.Holder(), ext.Holder()
    for where in FIELDS[:-1]:
        one.put(where, other)
    other.put("py", one)
    live = ext.live()

    def collect(state):
        gc.collect()
        assert ext.holder_state(one) == state
        assert gc.get_referents(one) == [ext.Holder]
        return ext.live()

    assert one.exclude(lambda: collect("exclusive")) == live
    assert one.share(lambda: collect("shared")) == live  # Who reads may change what is mutable.
    assert ext.holder_state(one) == "free" and gc.get_referents(one).count(other) == len(FIELDS) - 1
    references = weakref.ref(one), weakref.ref(other)
    del one, other
    gc.collect()
    assert [reference() for reference in references] == [None, None]


def test_a_method_that_loses_its_last_reference_but_its_own():
    box = [ext.Holder()]
    box[0].put("py", box)
    live = ext.live()
    during = box[0].exclude(lambda: (box.clear(), gc.collect(), ext.live())[2])
    after = ext.live()
    assert (during, after) == (live, live - 1)


def test_a_cleared_object_says_so():
    def cycle():
        one, two = ext.Mourner(), ext.Mourner()
        one.mourn(two)
        two.mourn(one)

    live = ext.live()
    for _ in range(10):
        cycle()
        gc.collect()
    log = ext.take_log()
    assert ext.live() == live
    # One of the two was emptied; the other dies thereby, and its destructor meets the first. Without a GIL the collector
    # empties both before one dies.
    text = "RuntimeError: 'Mourner' object was taken apart by the garbage collector"
    assert log == ([] if FREE_THREADED else [text] * 10)


def test_a_frozen_object_of_a_cycle_is_usable_to_the_end():
    one = ext.Mourner()
    one.mourn(ext.FrozenHolder(one))
    del one
    gc.collect()
    log = ext.take_log()
    assert log in ([], ["6"])


def test_del_methods_of_a_cycle_run_while_all_is_whole():
    seen = []

    class Child(ext.Holder):
        def __del__(self):
            seen.append((self.touch(), self.other.touch(), ext.holder_state(self.other)))

    one, two = Child(), Child()
    one.other, two.other = two, one
    one.put("vector", two)
    two.put("map", one)
    del one, two
    gc.collect()
    assert seen == [(1, 1, "free")] * 2


@pytest.mark.parametrize("cls", [ext.Link, type("Child", (ext.Link,), {}), type("Slotted", (ext.Link,), {"__slots__": ("a",)}), type("Deleted", (ext.Link,), {"__del__": lambda self: None})], ids=lambda cls: cls.__name__)
def test_a_deep_chain_dies_without_overflowing_the_stack(cls):
    live = ext.live()
    chain, references = None, []
    for number in range(200000):
        chain = cls(chain)
        if number % 1000 == 0:
            references.append(weakref.ref(chain))
    assert ext.live() == live + 200000
    del chain
    assert ext.live() == live and {reference() for reference in references} == {None}


@pytest.mark.parametrize("cls", [ext.PooledCollected, type("Child", (ext.PooledCollected,), {}), ext.CallsBack, type("OfFrozen", (ext.FrozenHolder,), {}), ext.NativePyList, ext.NativePyDict, type("Dict", (ext.NativePyDict,), {}), ext.Final], ids=lambda cls: cls.__name__)
def test_a_deep_chain_of_dicts_dies_without_overflowing_the_stack(cls):
    live = ext.live()
    args = {"CallsBack": (lambda: 1,), "OfFrozen": (1,)}.get(cls.__name__, ())
    chain = None
    for _ in range(100000):
        one = cls(*args)
        one.next, chain = chain, one
    del one
    alive = ext.live()
    del chain
    assert alive >= live + 100000 and ext.live() == live


def test_deep_chains_of_mixed_objects():
    live = ext.live()
    chain = None
    Child = type("Child", (ext.Link,), {})
    for number in range(60000):
        chain = [lambda: ext.Link([chain]), lambda: Child((chain,)), lambda: ext.NativePyList([chain]), lambda: {1: ext.FrozenHolder(chain)}][number % 4]()
    del chain
    assert ext.live() == live
    error = None
    for number in range(100000):
        last, error = error, ext.CodeError(number)
        error.__context__ = last
    del last, error
    assert ext.live() == live


def test_a_deep_chain_that_is_garbage():
    live = ext.live()
    first = chain = ext.Link(None)
    for _ in range(100000):
        chain = ext.Link(chain)
    first.next = chain
    del first, chain
    assert gc.collect() > 100000
    assert ext.live() == live


def test_weak_references_to_postponed_objects_are_dead():
    """Deep in a chain objects wait for their destruction: nobody may get at them meanwhile."""
    references, seen = [], []

    def look():
        seen.append({reference() for reference in references})

    chain = InDestructor(look)
    for _ in range(300):
        chain = ext.Link(chain)
        references.append(weakref.ref(chain))
    del chain
    assert seen == [{None}]


# --- Finalizers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [ext.Final, ext.FinalChild, type("Child", (ext.Final,), {}), type("Slotted", (ext.FinalChild,), {"__slots__": ()})], ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("in_cycle", [False, True])
def test_a_finalizer_runs_once_with_the_object_whole(cls, in_cycle):
    seen = []
    ext.set_hook(lambda final: seen.append((type(final), final.value)))
    one = cls()
    one.value = 7
    if in_cycle:
        one.put(one)
    live = ext.live()
    del one
    gc.collect()
    assert seen == [(cls, 7)] and ext.live() == live - 1


@pytest.mark.parametrize("cls", [ext.Final, ext.FinalChild, type("Child", (ext.Final,), {})], ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("in_cycle", [False, True])
def test_a_finalizer_may_keep_the_object(cls, in_cycle):
    kept, calls = [], []

    def keep(final):
        calls.append(1)
        kept.append(final)

    ext.set_hook(keep)
    one = cls()
    one.value = 7
    if in_cycle:
        one.put(one)
    reference, references, live = weakref.ref(one), sys.getrefcount(cls), ext.live()
    del one
    gc.collect()
    assert len(kept) == 1 and kept[0].value == 7 and type(kept[0]) is cls and gc.is_tracked(kept[0])
    assert ext.live() == live and sys.getrefcount(cls) == references
    kept[0].value = 8
    if in_cycle:
        kept[0].put(None)
    assert kept.pop().value == 8
    gc.collect()
    assert calls == [1] and reference() is None and ext.live() == live - 1


def test_an_exception_in_a_finalizer():
    def fail(final):
        raise LookupError("in the finalizer")

    ext.set_hook(fail)
    try:
        raise ZeroDivisionError("pending")
    except ZeroDivisionError as error:
        one = ext.Final()
        with unraisable() as seen:
            del one
        assert str(error) == "pending"
    assert [entry[:2] for entry in seen] == [(LookupError, "in the finalizer")]
    # The hook was given the object, and kept it alive: it is not finalized again.
    assert type(seen[0][2]) is ext.Final
    with unraisable() as again:
        seen.clear()
    assert again == []


def test_finalizers_and_del_of_python_classes():
    seen = []
    ext.set_hook(lambda final: seen.append("c++"))

    class Replaces(ext.Final):
        def __del__(self):
            seen.append("python")

    class Calls(ext.FinalChild):
        def __del__(self):
            seen.append("python")
            super().__del__()

    Replaces()
    assert seen == ["python"]
    seen.clear()
    Calls()
    assert seen == ["python", "c++"]
    seen.clear()
    one = ext.Final()
    one.__del__()
    del one
    assert seen == ["c++"] * 2


# --- Options -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", [ext.CallsBack, ext.Final, ext.PooledCollected, ext.NativePyDict, ext.FinalChild], ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("child", [False, True])
def test_dict_is_an_attribute(cls, child):
    Class = type("Child", (cls,), {}) if child else cls
    one = Class(lambda: 1) if cls is ext.CallsBack else Class()
    assert one.__dict__ == {}
    one.x = 1
    assert one.__dict__ == {"x": 1} == vars(one) and "x" in dir(one)
    one.__dict__["y"] = 2
    assert one.y == 2
    one.__dict__ = {"z": 3}
    assert one.z == 3 and not hasattr(one, "x")
    assert error_of(setattr, one, "__dict__", 3)[0] is TypeError
    del one.z
    assert vars(one) == {}


def test_classes_without_the_options_lack_them():
    one = ext.Props()
    kind, text = error_of(setattr, one, "zz", 1)  # 3.13 says more.
    assert kind is AttributeError and text.startswith("'class_shapes_ext.Props' object has no attribute 'zz'")
    assert error_of(weakref.ref, one) == (TypeError, "cannot create weak reference to 'class_shapes_ext.Props' object")
    assert error_of(setattr, ext.Base("x"), "zz", 1)[0] is AttributeError
    assert error_of(lambda: ext.Props[int])[0] is TypeError
    assert not gc.is_tracked(one) and not gc.is_tracked(ext.Base("x"))


@pytest.mark.parametrize("cls", [ext.Pooled, ext.PooledCollected], ids=lambda cls: cls.__name__)
def test_pooled_objects_are_used_again_without_their_past(cls):
    live, references = ext.live(), sys.getrefcount(cls)
    first = [cls(i) for i in range(6)]
    ids, weak = {id(one) for one in first}, [weakref.ref(one) for one in first]
    if cls is ext.PooledCollected:
        for one in first:
            one.stale = one.value
        del one
    del first
    assert ext.live() == live and sys.getrefcount(cls) == references and [reference() for reference in weak] == [None] * 6
    second = [cls() for _ in range(6)]
    assert len({id(one) for one in second} & ids) >= 4 or sys.flags.dev_mode or FREE_THREADED  # There is no pool, then.
    assert [one.value for one in second] == [0] * 6 and all(weakref.getweakrefcount(one) == 0 for one in second)
    assert not any(hasattr(one, "stale") for one in second)
    assert [reference() for reference in weak] == [None] * 6
    assert sys.getrefcount(cls) == references + 6 * PER_OBJECT and ext.live() == live + 6
    assert all(gc.is_tracked(one) == (cls is ext.PooledCollected) for one in second)
    for _ in range(20):
        assert error_of(cls, -1) == (ValueError, "negative")
    assert sys.getrefcount(cls) == references + 6 * PER_OBJECT
    # Python subclasses neither give to the pool nor take from it.
    Child = type("Child", (cls,), {"__slots__": ("a",)})
    children = [Child(i) for i in range(6)]
    for child in children:
        child.a = 1
    del second, children, child
    third = [cls(1), Child(2)]
    assert type(third[0]) is cls and type(third[1]) is Child and not hasattr(third[1], "a")
    Plain = type("Plain", (cls,), {})
    for _ in range(10):
        one = Plain(1)
        one.attribute = one
    del one, third
    gc.collect()
    assert ext.live() == live


def test_pooled_objects_of_a_cycle_and_of_a_resurrection():
    live = ext.live()
    for _ in range(10):
        one = ext.PooledCollected(1)
        one.me = one
        reference = weakref.ref(one)
        del one
        gc.collect()
        assert reference() is None
        fresh = [ext.PooledCollected(2) for _ in range(6)]
        assert all(not gc.is_finalized(one) and gc.is_tracked(one) and not hasattr(one, "me") for one in fresh)
        del fresh
    assert ext.live() == live


def test_classes_are_immutable_unless_they_say_otherwise():
    assert error_of(setattr, ext.Props, "zz", 1) == (TypeError, "cannot set 'zz' attribute of immutable type 'class_shapes_ext.Props'")
    assert error_of(delattr, ext.Props, "small")[0] is TypeError
    ext.Changeable.zz = 1
    try:
        assert ext.Changeable().zz == 1
    finally:
        del ext.Changeable.zz
    ext.Changeable.__repr__ = lambda self: "patched"
    try:
        assert repr(ext.Changeable()) == "patched"
    finally:
        del ext.Changeable.__repr__


def test_the_construction_of_a_changeable_class_can_be_changed():
    called = []
    ext.Changeable.__init__ = lambda self, value=0: called.append(value)
    try:
        assert ext.Changeable(4).value == 4 and ext.Changeable(value=5).value == 5
    finally:
        del ext.Changeable.__init__
    assert called == [4, 5]
    assert ext.Changeable(6).value == 6


def test_a_changed_init_of_a_base_reaches_derived_classes():
    called = []
    Child = type("Child", (ext.PlainChild1,), {})
    ext.PlainBase.__init__ = lambda self, value: called.append((type(self), value))
    try:
        assert ext.PlainChild1(4).value == 4 and Child(5).value == 5
    finally:
        del ext.PlainBase.__init__
    assert called == [(ext.PlainChild1, 4), (Child, 5)]
    assert ext.PlainChild1(6).value == 6


def test_a_generic_class():
    alias = ext.Generic[int]
    assert type(alias) is types.GenericAlias and alias.__origin__ is ext.Generic and alias.__args__ == (int,)
    assert type(alias()) is ext.Generic and ext.Generic[int, str].__args__ == (int, str)

    class Child(ext.Generic[int]):
        pass

    assert Child[str].__origin__ is Child and Child.__orig_bases__ == (ext.Generic[int],)


def test_names_and_docs():
    assert (ext.Elsewhere.__module__, ext.Elsewhere.__name__, ext.Elsewhere.__qualname__) == ("some.where", "Elsewhere", "Elsewhere")
    assert ext.Elsewhere.__doc__ == "Lives elsewhere: ä." and repr(ext.Elsewhere) == "<class 'some.where.Elsewhere'>"
    assert str(inspect.signature(ext.Elsewhere)) == "(value=2)"
    assert (ext.Props.__module__, ext.Props.__qualname__, ext.Props.__doc__) == ("class_shapes_ext", "Props", "Attributes of all kinds.")
    assert ext.Never.__doc__ == "Cannot be made." and error_of(ext.Never) == (TypeError, "cannot create 'class_shapes_ext.Never' instances")
    assert ext.Base.__doc__ in (None, "")
    assert str(inspect.signature(ext.Mid)) == "(name, level=1)"
    assert str(inspect.signature(ext.Props)) == "()"
    assert str(inspect.signature(ext.Variadic)) == "(*args, **kwargs)"
    assert str(inspect.signature(ext.Fields)) == "(x, y='default')"
    assert str(inspect.signature(ext.Props.multiply)) == "(a, b=2)" and ext.Props.multiply.__doc__ == "Multiply."
    assert str(inspect.signature(ext.Props.label)) == "(a=1)" and ext.Props.label.__doc__ == "Label it."
    assert str(inspect.signature(ext.Props().label)) == "(a=1)"
    assert str(inspect.signature(ext.Props.count)) == "(*args)"
    assert ext.Props.multiply.__qualname__ == "Props.multiply" and ext.Props.multiply.__module__ == "class_shapes_ext"
    assert ext.Props.label.__qualname__ == "Props.label"
    assert ext.Props.small.__doc__ == "A small number." and ext.Props.readonly.__doc__ == "Cannot be set."
    assert ext.Props.small.__name__ == "small" and ext.Props.small.__qualname__ == "Props.small" and ext.Props.text.__doc__ is None
    assert ext.Props.quiet.__qualname__ == "Props.quiet"


def test_help_shows_a_class():
    import pydoc

    shown = pydoc.plain(pydoc.render_doc(ext.Props))
    for line in ("Attributes of all kinds.", "label(a=1)", "multiply(a, b=2)", "A small number.", "ANSWER = 42"):
        assert line in shown


def test_the_types_are_made_once():
    assert ext.UncallableChild.__base__ is ext.Uncallable and ext.Leaf.__base__.__base__ is ext.Base
    assert type(ext.Leaf("x")) is ext.Leaf
    for cls in (ext.Props, ext.Leaf, ext.Holder, ext.NativePyDict):
        assert gc.is_tracked(cls) != FREE_THREADED  # There types are immortal.


# --- Attributes ----------------------------------------------------------------------------------------------------------


def test_attributes_read_and_written():
    one = ext.Props()
    assert (one.small, one.text, one.numbers, one.inner.number, one.readonly) == (3, "text", [1, 2], 0, "text")
    one.small, one.text, one.numbers, one.inner = -128, "ä", (5, 6), ext.Inner(9)
    assert (one.small, one.text, one.numbers, one.inner.number, one.readonly) == (-128, "ä", [5, 6], 9, "ä")
    # Fields are copied out.
    one.numbers.append(7)
    one.inner.number = 10
    assert one.numbers == [5, 6] and one.inner.number == 9 and one.inner is not one.inner
    assert one.bound == "Props" and type("Child", (ext.Props,), {})().bound == "Child"


def test_attributes_refuse_what_they_cannot_take():
    one = ext.Props()
    attribute = "attribute '{}' of 'Props' objects"
    assert error_of(setattr, one, "small", "x") == (TypeError, attribute.format("small") + " must be int, not str")
    kind, text = error_of(setattr, one, "small", 128)
    assert kind is OverflowError and text
    assert error_of(setattr, one, "text", 3) == (TypeError, attribute.format("text") + " must be str, not int")
    assert error_of(setattr, one, "numbers", 3)[0] is TypeError
    assert error_of(setattr, one, "inner", 3) == (TypeError, attribute.format("inner") + " must be Inner, not int")
    assert error_of(setattr, one, "readonly", "x") == (AttributeError, "attribute 'readonly' of 'class_shapes_ext.Props' objects is not writable")
    assert error_of(delattr, one, "readonly")[0] is AttributeError
    assert error_of(delattr, one, "small") == (AttributeError, attribute.format("small") + " cannot be deleted")
    assert error_of(delattr, one, "text") == (AttributeError, attribute.format("text") + " cannot be deleted")
    assert error_of(lambda: one.writeonly) == (AttributeError, "attribute 'writeonly' of 'class_shapes_ext.Props' objects is not readable")
    assert error_of(delattr, one, "writeonly") == (AttributeError, attribute.format("writeonly") + " cannot be deleted")
    assert error_of(lambda: one.deleteonly) == (AttributeError, "attribute 'deleteonly' of 'class_shapes_ext.Props' objects is not readable")
    assert error_of(setattr, one, "deleteonly", 1) == (AttributeError, attribute.format("deleteonly") + " is not writable")
    assert error_of(setattr, one, "getdel", 1) == (AttributeError, attribute.format("getdel") + " is not writable")
    assert error_of(lambda: one.shout) == (AttributeError, "no shouting") and not hasattr(one, "shout")
    assert (one.small, one.text) == (3, "text") and ext.state(one) == "free"


def test_computed_attributes():
    one = ext.Props()
    one.writeonly = 5
    assert one.all == 5 == one.getdel
    del one.deleteonly
    assert one.all == -1
    del one.getdel
    assert one.all == -2
    one.all = 8
    assert one.getdel == 8
    one.setdel = 9
    assert one.all == 9
    del one.setdel
    assert one.all == -3
    assert error_of(lambda: one.setdel)[0] is AttributeError
    assert error_of(setattr, one, "writeonly", 13)[0] in (IndexError, ValueError) and error_of(setattr, one, "writeonly", 13)[1] == "thirteen"
    assert error_of(setattr, one, "all", 13) == (LookupError, "no thirteen")
    assert error_of(delattr, one, "all") == (PermissionError, "never")
    assert error_of(setattr, one, "all", "x") == (TypeError, "attribute 'all' of 'Props' objects must be int, not str")
    assert one.all == -3 and ext.state(one) == "free"


def test_reference_counts_of_attribute_access(assert_no_growth):
    one, text, number = ext.Props(), "a text of its own", 10**10
    operations = [
        lambda: setattr(one, "text", text),
        lambda: one.text,
        lambda: setattr(one, "small", number),
        lambda: setattr(one, "writeonly", text),
        lambda: setattr(one, "all", 13),
        lambda: delattr(one, "all"),
        lambda: delattr(one, "setdel"),
        lambda: delattr(one, "small"),
        lambda: one.inner,
        lambda: one.shout,
        lambda: one.bound,
    ]
    for operation in operations:
        before = [sys.getrefcount(thing) for thing in (one, text, number, ext.Props, None)][:4]
        for _ in range(20):
            error_of(operation)
        assert [sys.getrefcount(thing) for thing in (one, text, number, ext.Props)] == before, inspect.getsource(operation)
        assert_no_growth(lambda: error_of(operation))
        assert ext.state(one) == "free"


def test_class_attributes_and_functions_of_the_class():
    Child = type("Child", (ext.Props,), {})
    for owner in (ext.Props, ext.Props(), Child, Child()):
        name = (owner if isinstance(owner, type) else type(owner)).__name__
        assert owner.ANSWER == 42 and type(owner.UNIT) is ext.Props and owner.UNIT is ext.Props.UNIT
        assert owner.multiply(3) == 6 and owner.multiply(a=3, b=3) == 9 and owner.count(1, 2, 3) == 3
        assert owner.label() == name + "1" and owner.label(a=2) == name + "2"
        assert owner.named(x=1) == name + "{'x': 1}" and owner.classless() == 3
        assert owner.secret_of(ext.Props()) == 0
        assert error_of(owner.multiply) == (TypeError, "Props.multiply() missing 1 required positional argument: 'a'")
        assert error_of(owner.multiply, "x") == (TypeError, "Props.multiply() argument 'a' must be int, not str")
        assert error_of(owner.classless, 1) == (TypeError, "Props.classless() takes 1 positional argument but 2 were given")
        assert error_of(owner.label, "x") == (TypeError, "Props.label() argument 'a' must be int, not str")
        assert error_of(owner.secret_of, 3) == (TypeError, "Props.secret_of() argument 'props' must be Props, not int")
    one = ext.Props()
    before = [sys.getrefcount(thing) for thing in (one, ext.Props, Child)]
    for _ in range(20):
        one.label(), ext.Props.label(), Child.label(), one.multiply(1), error_of(one.label, "x")
    assert [sys.getrefcount(thing) for thing in (one, ext.Props, Child)] == before
    assert error_of(setattr, one, "ANSWER", 1)[0] is AttributeError


RECEIVERS = {
    "lvalue_const": "shared",
    "lvalue": "exclusive",
    "rvalue": "exclusive",
    "quiet": "shared",
    "quiet_mutable": "exclusive",
    "receive_const": "shared",
    "receive_mutable": "exclusive",
    "receive_rvalue": "exclusive",
    "receive_ref": "shared",
    "receive_ref_value": "shared",
    "receive_ref_mut": "exclusive",
    "receive_bound": "free",
    "receive_bound_value": "free",
    "receive_py": "free",
    "receive_borrowed": "free",
    "let_go": "free",
}


@pytest.mark.parametrize("name", RECEIVERS)
@pytest.mark.parametrize("child", [False, True])
def test_every_receiver_borrows_what_it_says(name, child):
    one = (type("Child", (ext.Props,), {}) if child else ext.Props)()
    method = getattr(one, name)
    references = sys.getrefcount(one)
    assert method(lambda: ext.state(one)) == RECEIVERS[name]
    assert ext.state(one) == "free"
    if not name.startswith("quiet"):  # noexcept: an exception would end the process.

        def throw():
            raise LookupError("callback")

        for _ in range(5):
            assert error_of(method, throw) == (LookupError, "callback")
            assert ext.state(one) == "free"
    assert error_of(method)[0] is TypeError and error_of(method, 1, 2)[0] is TypeError and ext.state(one) == "free"
    assert sys.getrefcount(one) == references
    # Within another borrow.
    wanted = RECEIVERS[name] if name != "let_go" else "exclusive"
    exclusive_text = f"Already borrowed: 'Props' object: cannot hold exclusively what this thread {{}}"
    share_text = f"Already mutably borrowed: 'Props' object: cannot share what this thread holds exclusively"
    inside = one.receive_mutable(lambda: error_of(method, lambda: 1))
    assert inside == {"free": None, "shared": (RuntimeError, share_text), "exclusive": (RuntimeError, exclusive_text.format("holds exclusively"))}[wanted]
    inside = one.receive_const(lambda: error_of(method, lambda: 1))
    assert inside == (None if wanted != "exclusive" else (RuntimeError, exclusive_text.format("shares")))
    assert ext.state(one) == "free"


# --- Borrows -------------------------------------------------------------------------------------------------------------


def test_arguments_borrow_and_give_back():
    one = ext.Props()
    assert ext.take_const(one, lambda: ext.state(one)) == "shared"
    assert ext.take_mutable(one, lambda: ext.state(one)) == "exclusive"
    assert error_of(ext.take_mutable, one, lambda: 1 / 0)[0] is ZeroDivisionError and ext.state(one) == "free"
    assert ext.take_two_const(one, one) == 0
    for function, name in [(ext.take_two, "two"), (ext.take_mixed, "mixed")]:
        kind, text = error_of(function, one, one)
        assert kind is RuntimeError and f"Already borrowed: 'Props' object: cannot hold exclusively what this thread {'shares' if name == 'mixed' else 'holds exclusively'}" in text
        assert ext.state(one) == "free"
    assert error_of(ext.take_two, one, 3) == (TypeError, "take_two() argument 'b' must be Props, not int") and ext.state(one) == "free"


def test_conversions_of_other_arguments_that_enter_again():
    one = ext.Props()
    seen = []

    class Number:
        def __index__(self):
            seen.append((ext.state(one), error_of(lambda: one.small)))
            return 4

    assert ext.take_number(one, Number()) == 4
    assert ext.state(one) == "free" and len(seen) == 1 and seen[0][0] == "exclusive" and seen[0][1][0] is RuntimeError
    # A setter converts before it borrows.
    seen.clear()
    one.small = Number()
    assert one.small == 4 and seen == [("free", None)]


def test_a_value_whose_del_enters_again():
    one = ext.Holder()
    seen = []
    one.put("py", InDestructor(lambda: seen.append(error_of(one.touch))))
    one.put("py", None)
    text = f"Already mutably borrowed: 'Holder' object: cannot share what this thread holds exclusively"
    assert seen == [(RuntimeError, text)] and ext.holder_state(one) == "free"


def test_a_signal_handler_that_enters_again():
    one = ext.Props()
    seen = []
    before = signal.signal(signal.SIGUSR1, lambda *_: seen.append(error_of(lambda: setattr(one, "small", 1))))
    try:

        def interrupt(method):
            # Blocked until the method looks for signals itself.
            thread = threading.get_ident()
            signal.pthread_kill(thread, signal.SIGUSR1)
            method()

        one.receive_bound(lambda: interrupt(one.check_signals_shared))
        interrupt(one.check_signals_exclusive)
        signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert len(seen) == 3 and seen[2] is None and ext.state(one) == "free"
    for entry in seen[:2]:
        assert entry is None or entry[0] is RuntimeError


def test_borrows_of_other_threads():
    one = ext.Props()

    def while_held(method, look, threads=1):
        inside, looked = threading.Barrier(threads + 1), threading.Event()

        def hold():
            inside.wait(20)
            assert looked.wait(20)

        holders = [threading.Thread(target=method, args=(hold,)) for _ in range(threads)]
        for holder in holders:
            holder.start()
        inside.wait(20)
        try:
            result = look()
        finally:
            looked.set()
            for holder in holders:
                holder.join()
        assert ext.state(one) == "free"
        return result

    share, exclude = lambda: error_of(one.receive_const, lambda: 1), lambda: error_of(one.receive_mutable, lambda: 1)
    share_text, exclude_text = "Already mutably borrowed: 'Props' object: cannot share what ", "Already borrowed: 'Props' object: cannot hold exclusively what "
    assert while_held(one.receive_mutable, share) == (RuntimeError, share_text + "another thread holds exclusively")
    assert while_held(one.receive_mutable, exclude) == (RuntimeError, exclude_text + "another thread holds exclusively")
    assert while_held(one.receive_const, exclude) == (RuntimeError, exclude_text + "another thread shares")
    assert while_held(one.receive_const, share) is None
    assert while_held(one.receive_const, exclude, threads=3) == (RuntimeError, exclude_text + "several threads share")
    # This thread and another.
    assert while_held(one.receive_const, lambda: one.receive_const(exclude)) == (RuntimeError, exclude_text + "several threads share")


def test_too_many_readers_are_refused():
    one = ext.Props()
    text = ext.share_too_often(one)
    assert text == "RuntimeError: Too many borrows: 'Props' object: no more can share it" and ext.state(one) == "free"


# --- Threads -------------------------------------------------------------------------------------------------------------

UNSENDABLE = [ext.ForOneThread, ext.FrozenForOneThread]


@pytest.mark.parametrize("cls", UNSENDABLE, ids=lambda cls: cls.__name__)
def test_an_unsendable_object_is_for_its_own_thread(cls):
    one = cls(None)
    take = ext.take_for_one if cls is ext.ForOneThread else ext.take_frozen_for_one
    text = f"'{cls.__name__}' object is unsendable: only the thread that made it may use it"
    assert (one.get(), one.value, take(one)) == (4, 4, 4)
    assert in_thread(one.get) == (RuntimeError, text)
    assert in_thread(lambda: one.value) == (RuntimeError, text)
    kind, argument_text = in_thread(lambda: take(one))
    assert kind is RuntimeError and text in argument_text
    if cls is ext.ForOneThread:
        assert in_thread(lambda: setattr(one, "value", 1)) == (RuntimeError, text)
        assert in_thread(lambda: one.put(1)) == (RuntimeError, text)
    assert in_thread(lambda: isinstance(one, cls)) is True
    assert (one.get(), one.value, take(one)) == (4, 4, 4)
    # One that another thread made, which has ended.
    other = in_thread(lambda: [cls(None)])
    assert error_of(other[0].get) == (RuntimeError, text)
    in_thread(lambda: None)
    assert in_thread(other[0].get) == (RuntimeError, text)
    leak_on_purpose(other.clear, cls)


def leak_on_purpose(drop, cls):
    """Drops an object of another thread: one value is leaked, and that is reported."""
    before = ext.live()
    with unraisable() as seen:
        drop()
    text = f"'class_shapes_ext.{cls.__name__}' object is unsendable, but its last reference went on another thread: the value is leaked"
    assert seen == [(RuntimeError, text, cls)] and ext.live() == before
    leaked.append(cls)


leaked = []


@pytest.fixture(autouse=True)
def leaks_on_purpose_are_counted(every_cpp_value_is_destroyed):
    leaked.clear()
    before = ext.live()
    yield
    gc.collect()
    extra = ext.live() - before
    if leaked:
        assert extra == len(leaked)
        ext.forget_leaks(len(leaked))


@pytest.mark.parametrize("cls", UNSENDABLE, ids=lambda cls: cls.__name__)
def test_an_unsendable_object_that_dies_on_another_thread_is_leaked(cls):
    box = [cls(None)]
    reference = weakref.ref(box[0])
    box[0].attribute = marker = type("Marker", (), {})()
    weak_marker = weakref.ref(marker)
    del marker
    if FREE_THREADED:  # There it goes back to its own thread.
        live = ext.live()
        in_thread(box.clear)
        assert ext.live() == live - 1
    else:
        leak_on_purpose(lambda: in_thread(box.clear), cls)
    assert reference() is None and weak_marker() is None
    box = [cls(None)]
    live = ext.live()
    box.clear()
    assert ext.live() == live - 1


def test_garbage_of_an_unsendable_class_waits_for_its_own_thread():
    one = ext.ForOneThread(None)
    one.put(one)
    reference = weakref.ref(one)
    gc.disable()
    try:
        del one
        in_thread(gc.collect)
        assert reference() is not None and reference().get() == 4
        gc.collect()
        assert reference() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("cls", UNSENDABLE, ids=lambda cls: cls.__name__)
def test_garbage_through_the_dict_is_collected_on_any_thread(cls):
    one = cls(None)
    one.me = one
    reference = weakref.ref(one)
    gc.disable()
    try:
        del one
        leak_on_purpose(lambda: in_thread(gc.collect), cls)
    finally:
        gc.enable()
    assert reference() is None
