# SPDX-License-Identifier: MIT
"""Attributes of a class itself that are computed: read and written on the class, its objects and its subclasses."""
import abc
import gc
import inspect
import pickle
import pydoc
import sys

import pytest

import static_properties_ext as ext
from static_properties_ext import Config, Dict, Fixed, Open, Sub


@pytest.fixture(autouse=True)
def one_level():
    Config.use(1)
    yield
    Config.use(1)


class Py(Config):
    pass


class Slotted(Sub):
    __slots__ = ("extra",)


def test_reading_calls_the_function_each_time():
    before = ext.reads()
    assert [Config.current, Config().current, Sub.current, Sub().current, Py.current, Py().current] == [1] * 6
    assert ext.reads() == before + 6
    Config.use(5)
    assert Config.current == Config().current == Py.current == Config.read() == 5
    assert Sub.twice == Sub().twice == Slotted.twice == 10 and not hasattr(Config, "twice")


@pytest.mark.parametrize("cls", [Config, Sub, Py, Slotted])
def test_assigning_to_the_class_calls_the_setter(cls):
    cls.current = 7
    assert Config.current == Sub.current == Py.current == 7
    assert "current" not in Py.__dict__ and "current" not in Slotted.__dict__ and "current" not in Sub.__dict__
    setattr(cls, "current", 8)
    assert Config.current == 8


@pytest.mark.parametrize("cls", [Config, Sub, Py, Slotted])
def test_assigning_to_an_object_calls_the_setter(cls):
    cls().current = 7
    assert Config.current == 7
    with pytest.raises(AttributeError, match="cannot be deleted"):
        del cls().current


@pytest.mark.parametrize("place", [Config, Config(), Py, Py(), Sub])
def test_a_value_of_another_type_is_refused(place):
    with pytest.raises(TypeError, match=r"^attribute 'current' of class 'Config' must be int, not str"):
        place.current = "x"
    with pytest.raises(ValueError, match="no such level"):
        place.current = -1
    with pytest.raises(OverflowError):
        place.current = 1 << 70
    assert Config.current == 1


def test_what_has_no_setter_is_not_written():
    for place in (Config(), Sub(), Py(), Fixed()):
        name = "version" if place.__class__ is not Fixed else "current"
        with pytest.raises(AttributeError, match=f"attribute '{name}' of class '.*' is not writable"):
            setattr(place, name, "2")
    with pytest.raises(AttributeError, match="not writable"):
        Config.version = "2"
    with pytest.raises(AttributeError, match="not writable"):
        Py.version = "2"
    assert Config.version == Py.version == "1.0"
    with pytest.raises(TypeError):
        Fixed.current = 3  # The class is immutable.
    assert Fixed.current == 1


def test_what_has_no_getter_is_not_read():
    Config.only_written = True
    for place in (Config, Config(), Py):
        with pytest.raises(AttributeError, match="attribute 'only_written' of class 'Config' is not readable"):
            place.only_written


def test_a_class_without_a_setter_has_no_metaclass():
    assert type(Fixed) is type

    class Both(Fixed, abc.ABC):
        pass

    assert Both().current == 1
    Both.current = 3  # As in Python where nothing says otherwise.
    assert Both.current == 3 and Both().current == 3 and Fixed.current == 1


def test_the_metaclass_is_inherited_and_can_be_derived_from():
    meta = type(Config)
    assert type(Sub) is type(Py) is type(Slotted) is type(Open) is type(Dict) is meta and issubclass(meta, type)
    assert meta.__module__ == "adder"
    with pytest.raises(TypeError, match="metaclass"):
        type("Both", (Config, abc.ABC), {})

    class Meta(meta, abc.ABCMeta):
        pass

    class Both(Config, abc.ABC, metaclass=Meta):
        @abc.abstractmethod
        def f(self):
            pass

    Both.current = 4
    Both.other = 5
    assert Config.current == 4 and Both.other == 5 and isinstance(Both, abc.ABCMeta)


def test_other_attributes_of_classes_are_as_ever():
    with pytest.raises(TypeError, match="immutable"):
        Config.LIMIT = 3
    with pytest.raises(TypeError, match="immutable"):
        Config.other = 3
    with pytest.raises(TypeError, match="immutable"):
        del Config.current
    with pytest.raises(AttributeError):
        del Py.current
    Py.other = 3
    assert Py.other == Py().other == 3
    del Py.other
    assert not hasattr(Py, "other") and Config.LIMIT == 9
    Open.other = 1
    assert Open.other == 1
    del Open.other
    with pytest.raises(TypeError):
        type(Config).__setattr__(Config, 1, 2)


def test_a_subclass_may_have_an_attribute_of_that_name():
    class Own(Config):
        current = "mine"

    assert Own.current == Own().current == "mine"
    Own.current = "other"
    assert Own.current == "other" and Config.current == 1

    class Below(Own):
        pass

    Below.current = "below"  # The nearest one counts.
    assert Below.current == "below" and Own.current == "other"


def test_an_attribute_in_the_dict_of_an_object_does_not_hide_it():
    thing = Open()
    thing.__dict__["shared"] = 1
    assert thing.shared is Open.shared == {}
    for place in (thing, Open):
        with pytest.raises(KeyError, match="taken"):
            place.shared = "taken"
    del Open.shared  # The class can be changed: it is gone.
    assert thing.shared == 1 and not hasattr(Open, "shared")


def test_objects_are_made_and_called_as_ever():
    assert Config(own=3).own == 3 and Config(4).own == 4 and Py(5).own == 5
    assert isinstance(Sub(), Config) and issubclass(Py, Config) and not isinstance(1, Config)
    with pytest.raises(TypeError):
        Config(1, 2)
    assert pickle.loads(pickle.dumps(Config)) is Config
    assert repr(Config) == "<class 'static_properties_ext.Config'>" and Config.__qualname__ == "Config"


def test_a_class_with_a_built_in_base():
    class Mine(Dict):
        pass

    Dict.current = 2
    Mine.current += 1
    assert Mine().current == Dict().current == 3 and Mine.fromkeys("ab") == {"a": None, "b": None}


def test_exceptions_pass_through():
    for place in (Fixed, Fixed()):
        with pytest.raises(LookupError, match="nothing there"):
            place.refused
    assert not hasattr(Fixed, "missing")


def test_the_docstring_is_that_of_the_descriptor():
    descriptor = inspect.getattr_static(Config, "current")
    assert descriptor.__doc__ == inspect.getdoc(descriptor) == "What is in use." and descriptor.__name__ == "current"
    assert inspect.getattr_static(Config, "version").__doc__ is None
    assert inspect.isdatadescriptor(descriptor)
    assert "What is in use." in pydoc.render_doc(descriptor)
    assert "current = 1" in pydoc.plain(pydoc.render_doc(Config))
    with pytest.raises(TypeError):
        type(descriptor)()


def test_a_descriptor_can_be_called_with_anything():
    descriptor = inspect.getattr_static(Config, "current")
    assert descriptor.__get__(None, int) == descriptor.__get__(1) == descriptor.__get__(None, Config) == 1
    descriptor.__set__(None, 3)
    assert Config.current == 3
    with pytest.raises(AttributeError):
        descriptor.__delete__(None)


def test_a_name_is_bound_once():
    for make in (ext.named_twice, ext.taken_by_method):
        with pytest.raises(SystemError, match="there is something of that name already"):
            make()


def test_nothing_is_counted_for_good():
    descriptor = inspect.getattr_static(Config, "current")
    value = 1 << 40
    things = (Config, Py, type(Config), descriptor, Config(), value)

    def use(place):
        place.current = value
        place.current
        with pytest.raises(ValueError):
            place.current = -1
        with pytest.raises(AttributeError):
            place.version = 1

    def counts():
        gc.collect()
        return [sys.getrefcount(thing) for thing in things]

    use(Config)
    before, nones = counts(), sys.getrefcount(None)
    for place in (Config, Py, things[4]):
        for _ in range(50):
            use(place)
    del place
    assert counts() == before and sys.getrefcount(None) < nones + 50


@pytest.mark.parametrize("order", [5, None, "text", [Config]])
def test_a_metaclass_that_lies_about_the_order_of_bases_is_refused(order):
    class Meta(type(Config)):
        __mro__ = property(lambda self: order)

    class Lying(Config, metaclass=Meta):
        pass

    with pytest.raises(TypeError, match="expected a tuple of classes as __mro__, got"):
        Lying.current = 1
    assert Config.current == 1


def test_what_is_no_class_among_the_bases_is_passed_over():
    class Meta(type(Config)):
        __mro__ = property(lambda self: (None, 5, Config))

    class Lying(Config, metaclass=Meta):
        pass

    Lying.current = 2
    assert Config.current == 2


def test_a_class_owns_its_metaclass():
    gc.collect()
    before = sys.getrefcount(type(Config))
    late = ext.late()
    gc.collect()
    after = sys.getrefcount(type(Config))
    assert after == before + 1 and type(late) is type(Config)


def test_subclasses_that_die_leave_nothing():
    meta = type(Config)
    gc.collect()
    before = sys.getrefcount(meta)
    for _ in range(20):
        cls = type("Short", (Config,), {})
        cls.current = 2
        del cls
    gc.collect()
    assert sys.getrefcount(meta) == before
