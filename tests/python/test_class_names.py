# SPDX-License-Identifier: MIT
"""Names of classes with dots, classes in classes, and what a Python subclass with an __init__ of its own is told."""
import copy
import inspect
import os
import pickle
import subprocess
import sys

import class_names_ext as ext
import pytest

NAMES = {
    "Outer": ext.Outer,
    "Outer.Inner": ext.Outer.Inner,
    "Outer.Inner.Deepest": ext.Outer.Inner.Deepest,
    "Outer.Short": ext.Outer.Short,
    "Outer.Short.Deep": ext.Outer.Short.Deep,
    "Outer.Child": ext.Outer.Child,
    "Space.InSpace": ext.Space.InSpace,
    "Open.InOpen": ext.Open.InOpen,
}
CLASSES = pytest.mark.parametrize("name, cls", NAMES.items(), ids=NAMES)


@CLASSES
def test_a_class_in_a_class_has_the_names_of_one_written_in_python(name, cls):
    assert (cls.__module__, cls.__qualname__, cls.__name__) == (ext.__name__, name, name.rpartition(".")[2])
    assert repr(cls) == f"<class '{ext.__name__}.{name}'>"
    assert repr(cls()).startswith(f"<{ext.__name__}.{name} object at ")
    assert cls.__doc__ == "A class of the tests."
    assert str(inspect.signature(cls)) == "(value=0)"
    assert cls.plus.__qualname__ == f"{name}.plus" and cls.plus.__name__ == "plus"
    assert cls.same.__qualname__ == f"{name}.same" and cls.own_name() == cls.__name__


@CLASSES
@pytest.mark.parametrize("protocol", range(4, pickle.HIGHEST_PROTOCOL + 1))
def test_its_objects_and_methods_are_pickled(name, cls, protocol):
    made = pickle.loads(pickle.dumps(cls(7), protocol))
    assert type(made) is cls and made.value == 7
    assert pickle.loads(pickle.dumps(cls, protocol)) is cls
    assert copy.copy(cls(8)).value == 8
    assert pickle.loads(pickle.dumps(cls(5).plus, protocol))(1) == 6
    assert pickle.loads(pickle.dumps(cls.same, protocol))(3) == 3


def test_messages_name_the_whole():
    inner = ext.Outer.Inner
    for call, text in [
        (lambda: inner(1, 2), "Outer.Inner() takes from 1 to 2 positional arguments but 3 were given"),
        (lambda: inner("x"), "Outer.Inner() argument 'value' must be int, not str"),
        (lambda: inner().plus(), "Outer.Inner.plus() missing 1 required positional argument: 'by'"),
        (lambda: ext.value_of(3), "value_of() argument 'inner' must be Outer.Inner, not int"),
        (lambda: ext.value_of(ext.Outer()), "value_of() argument 'inner' must be Outer.Inner, not class_names_ext.Outer"),
        (lambda: inner().plus(inner()), "Outer.Inner.plus() argument 'by' must be int, not class_names_ext.Outer.Inner"),
        (lambda: ext.Outer.Inner.Deepest(1, 2), "Outer.Inner.Deepest() takes from 1 to 2 positional"),
        (lambda: ext.Open.Several(1, 2), "Open.Several()"),
    ]:
        with pytest.raises(TypeError) as caught:
            call()
        assert str(caught.value).startswith(text)
    with pytest.raises(AttributeError, match="'class_names_ext.Outer.Inner' object has no attribute 'x'|no attribute 'x'"):
        inner().x
    made = inner()
    with pytest.raises(RuntimeError, match="'Outer.Inner' object"):
        ext.twice(made, made)
    assert ext.Open.Several("four").value == 4 and ext.Open.Several.__qualname__ == "Open.Several"


def test_they_are_one_class_each_under_one_name():
    assert not hasattr(ext, "Inner") and not hasattr(ext, "Outer.Inner")
    assert "Inner" not in ext.__all__ and "Outer.Inner" not in ext.__all__ and "Outer" in ext.__all__
    assert issubclass(ext.Outer.Child, ext.Outer) and ext.Outer.Child.Inner is ext.Outer.Inner
    assert [name for name in vars(ext.Outer) if isinstance(vars(ext.Outer)[name], type)] == ["Inner", "Short", "Child"]
    with pytest.raises(TypeError):
        ext.Outer.Inner = int  # As immutable as it is without.


def test_where_there_is_nothing_of_the_first_name_it_goes_to_the_module():
    assert ext.Loose.__qualname__ == "Missing.Loose" and ext.Loose.__name__ == "Loose" and "Loose" in ext.__all__
    assert ext.Loose.__module__ == ext.__name__


def test_a_module_that_the_class_names_may_have_dots():
    cls = ext.Failure
    assert (cls.__module__, cls.__qualname__, cls.__name__) == ("some.package", "Errors.Failure", "Failure")
    assert repr(cls) == "<class 'some.package.Errors.Failure'>"
    assert ext.text_of_error(cls(3)).startswith("some.package.Errors.Failure: ")
    assert issubclass(cls, ValueError)


def test_what_cannot_be_put_there_is_refused():
    assert ext._refused_late.startswith("SystemError: Outer.Late: the class 'class_names_ext.Outer' cannot be changed")
    assert "cls.add_class" in ext._refused_late
    for _ in range(2):
        assert "'Outer.Inner' cannot be a class in 'Taken'" in ext.refused_taken()
        assert "Again.Deep: there is something of that name already" in ext.refused_again()
    assert ext.Outer.Inner.__qualname__ == "Outer.Inner"


def test_in_a_package():
    code = """if True:
        import importlib.util, pickle, sys, types
        sys.modules["pkg"] = types.ModuleType("pkg")
        name = "pkg.class_names_ext"
        spec = importlib.util.spec_from_file_location(name, sys.argv[1])
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for cls, qualname in [(module.Outer, "Outer"), (module.Outer.Inner, "Outer.Inner"),
                              (module.Outer.Short.Deep, "Outer.Short.Deep"), (module.Space.InSpace, "Space.InSpace")]:
            assert (cls.__module__, cls.__qualname__) == (name, qualname), (cls.__module__, cls.__qualname__)
            assert repr(cls) == f"<class '{name}.{qualname}'>"
            assert pickle.loads(pickle.dumps(cls(3))).value == 3
    """
    subprocess.run([sys.executable, "-c", code, ext.__file__], check=True, env=os.environ)


# --- A Python subclass whose __init__ takes other arguments ----------------------------------------------------------


def notes_of(call):
    with pytest.raises(TypeError) as caught:
        call()
    return getattr(caught.value, "__notes__", [])


class Named(ext.Base):
    def __init__(self, value, name):
        self.name = name


class NamedMapping(ext.Mapping):
    def __init__(self, value, name):
        self.name = name


class Grandchild(Named):
    pass


class Made(ext.Base):
    def __new__(cls, value, name):
        return super().__new__(cls, value, name)

    def __init__(self, value, name):
        self.name = name


class Plain(ext.Base):
    pass


@pytest.mark.skipif(sys.version_info < (3, 11), reason="exceptions have notes since CPython 3.11")
def test_the_arguments_of_an_own_init_go_to_the_base_first():
    for cls in (Named, NamedMapping, Grandchild):
        for call in (lambda: cls(1, "x"), lambda: cls(1, name="x"), lambda: cls(name="x", value=1)):
            notes = notes_of(call)
            assert len(notes) == 1 and f"the class '{cls.__name__}' has an __init__ of its own" in notes[0]
            assert "define __new__" in notes[0]


def test_others_are_told_nothing_more():
    for cls in (Plain, ext.Base, ext.Mapping, ext.Outer):
        assert notes_of(lambda: cls(1, 2)) == notes_of(lambda: cls(other=2)) == []
    assert notes_of(lambda: Made(1, "x")) == []  # It has a __new__ of its own.
    assert notes_of(lambda: Named("text")) == [] or sys.version_info < (3, 11)
    # The constructor's own errors, and those of the __init__.
    assert notes_of(lambda: ext.Base.__new__(Plain, 1, 2)) == []
    assert notes_of(lambda: Named(1)) == []


def test_what_the_note_advises_works(assert_no_growth):
    class Advised(ext.Base):
        def __new__(cls, value, name):
            return super().__new__(cls, value)

        def __init__(self, value, name):
            self.name = name

    made = Advised(4, "four")
    assert (made.value, made.name) == (4, "four")

    def refused():
        try:
            Named(1, "x")
        except TypeError:
            pass

    assert_no_growth(refused)
