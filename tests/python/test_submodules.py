# SPDX-License-Identifier: MIT
"""Modules inside modules, __all__, and what an import that fails leaves behind: nothing."""
import gc
import importlib
import importlib.util
import inspect
import pickle
import pydoc
import sys
import threading
import types

import pytest
import submodules_ext as ext
from submodules_ext.inner.deep import only_deep

NAMES = ["submodules_ext" + rest for rest in ("", ".inner", ".inner.deep", ".empty", ".größe")]


def entries():
    return {name: module for name, module in sys.modules.items() if name.split(".")[0] == "submodules_ext"}


@pytest.fixture(autouse=True)
def the_modules_are_those_from_before():
    before = entries()
    yield
    for name in entries():
        del sys.modules[name]
    sys.modules.update(before)
    for name in ("submodules_ext_wish", "submodules_ext_callback"):
        vars(sys).pop(name, None)


def forget():
    for name in entries():
        del sys.modules[name]


def wish(what, callback=None):
    sys.submodules_ext_wish, sys.submodules_ext_callback = what, callback


def import_afresh():
    return importlib.import_module("submodules_ext")


# --- Imports ---------------------------------------------------------------------------------------------------------


def test_every_form_of_import_finds_a_submodule():
    import submodules_ext.inner
    import submodules_ext.inner.deep as deep
    from submodules_ext import inner
    from submodules_ext.inner import deep as again, number

    assert submodules_ext is ext and submodules_ext.inner is inner is ext.inner
    assert deep is again is ext.inner.deep and number == 7 and only_deep() == 3
    assert importlib.import_module(".inner.deep", "submodules_ext") is deep
    assert importlib.import_module("submodules_ext.größe").value == 1
    assert {name: sys.modules[name] for name in NAMES} == dict(
        zip(NAMES, [ext, inner, deep, ext.empty, getattr(ext, "größe")])
    )
    assert sorted(entries()) == sorted(NAMES)


@pytest.mark.parametrize("first", NAMES)
def test_a_submodule_can_be_imported_first(first, run_python):
    done = run_python(
        f"import {first}\n"
        "import sys\n"
        f"assert sorted(name for name in sys.modules if name.startswith('submodules')) == {sorted(NAMES)}\n"
        "assert submodules_ext.inner.deep.Deep().get() == 3 and submodules_ext.times_run() == 1\n"
    )
    assert done.returncode == 0 and done.stderr == "", done.stderr[-1000:]


@pytest.mark.parametrize("missing", ["nothing", "inner.nothing", "inner.deep.nothing", "answer"])
def test_a_submodule_that_is_not_there_is_not_found(missing):
    with pytest.raises(ModuleNotFoundError, match=missing.split(".")[-1]):
        importlib.import_module("submodules_ext." + missing)
    assert sorted(entries()) == sorted(NAMES)


def test_names_docs_and_types_are_those_of_modules():
    assert [sys.modules[name].__name__ for name in NAMES] == NAMES
    assert all(type(sys.modules[name]) is types.ModuleType for name in NAMES)
    assert ext.__doc__ == "The outermost module." and ext.inner.__doc__ == "A module inside, with “text”."
    assert ext.inner.deep.__doc__ == "Modules all the way down." and ext.empty.__doc__ is None
    assert "submodules_ext.inner" in repr(ext.inner)
    assert "    number = 7" in pydoc.plain(pydoc.render_doc(ext.inner))


def test_functions_and_classes_belong_to_the_module_around_them():
    inner, deep = ext.inner, ext.inner.deep
    for module, name in [(ext, "scale"), (inner, "scale"), (deep, "scale"), (deep, "only_deep"), (ext, "times_run")]:
        function = getattr(module, name)
        assert function.__module__ == module.__name__ and function.__name__ == name
    for module, name, value in [
        (ext, "Outermost", 1),
        (inner, "Inner", 2),
        (deep, "Deep", 3),
        (ext, "After", 4),
    ]:
        cls = getattr(module, name)
        assert cls.__module__ == module.__name__ and cls().get() == value and cls.__qualname__ == name
    assert type(inspect.signature(inner.on_demand).parameters["made"].default) is type(...)
    assert inner.on_demand() == 5


def test_functions_of_submodules_can_be_pickled_by_name():
    assert pickle.loads(pickle.dumps(only_deep)) is only_deep
    assert pickle.loads(pickle.dumps(ext.scale)) is ext.scale
    assert pickle.loads(pickle.dumps(ext.inner.Inner)) is ext.inner.Inner


def test_one_function_under_one_name_in_several_modules_keeps_each_signature():
    assert str(inspect.signature(ext.inner.deep.scale)) == "(value, deep=1000.0)"
    assert str(inspect.signature(ext.inner.scale)) == "(value, factor=10.0)"
    assert str(inspect.signature(ext.scale)) == "(value, by=2.0)"
    assert (ext.scale(1), ext.inner.scale(1), ext.inner.deep.scale(1)) == (2.0, 10.0, 1000.0)
    assert ext.scale(3, by=3) == 9.0 and ext.inner.scale(3, factor=4) == 12.0
    assert ext.scale.__doc__ == "Scales by two." and ext.inner.scale.__doc__ == "Scales by ten."
    assert ext.inner.deep.scale.__doc__ is None


# --- __all__ ---------------------------------------------------------------------------------------------------------


def test_all_has_what_was_added_once_and_in_order():
    assert ext.__all__ == [
        *("Outermost", "scale", "times_run", "answer", "inner", "After", "empty", "größe", "last"),
    ]
    assert ext.inner.__all__ == ["number", "Inner", "scale", "on_demand", "deep"]
    assert ext.inner.deep.__all__ == ["Deep", "scale", "only_deep"]
    assert ext.answer == 43 and ext._private == 1 and ext.inner._hidden == 8


def test_a_star_import_takes_what_all_has():
    for module in (ext, ext.inner, ext.inner.deep):
        names = {}
        exec(f"from {module.__name__} import *", names)
        names.pop("__builtins__")
        assert sorted(names) == sorted(module.__all__)
        assert all(value is getattr(module, name) for name, value in names.items())
    names = {}
    exec("from submodules_ext.empty import *", names)
    assert set(names) == {"__builtins__"}


# --- Once more -------------------------------------------------------------------------------------------------------


def test_reload_keeps_the_modules():
    before, runs = entries(), ext.times_run()
    for _ in range(2):
        assert importlib.reload(ext) is ext
    assert entries() == before and ext.inner.deep.only_deep() == 3
    assert ext.times_run() == runs  # CPython runs the body of an extension once for each module.


def test_a_module_that_was_taken_out_can_be_imported_again():
    old, inner = ext, ext.inner
    del sys.modules["submodules_ext"]
    new = import_afresh()
    assert new is not old and new.times_run() == old.times_run()
    assert new.inner is inner and sys.modules["submodules_ext.inner"] is inner  # It was there.
    forget()
    newest = import_afresh()
    assert newest.inner is not inner and newest.inner.deep is not inner.deep
    assert sorted(entries()) == sorted(NAMES) and entries()["submodules_ext.inner.deep"] is newest.inner.deep
    assert old.inner.deep.only_deep() == newest.inner.deep.only_deep() == 3
    assert newest.inner.Inner is inner.Inner  # A class is made once.
    assert newest.inner.on_demand() == 5


def test_a_submodule_that_was_taken_out_is_made_again_with_the_outer_one():
    inner, deep = ext.inner, ext.inner.deep
    inner.mine = "kept"
    names = list(deep.__all__)
    del sys.modules["submodules_ext.inner"], sys.modules["submodules_ext"]
    new = import_afresh()
    assert new.inner is not inner and new.inner is sys.modules["submodules_ext.inner"]
    assert new.inner.deep is deep is inner.deep and deep.__all__ == names
    assert not hasattr(new.inner, "mine") and inner.mine == "kept"


def test_modules_made_again_do_not_pile_up():
    def alive():
        gc.collect()
        return sum(type(thing) is types.ModuleType and thing.__name__ in NAMES for thing in gc.get_objects())

    forget()
    import_afresh()
    before = alive()
    for _ in range(10):
        forget()
        import_afresh()
    assert alive() <= before


def test_two_threads_may_import_at_once():
    for _ in range(10):
        forget()
        found = []
        barrier = threading.Barrier(4)

        def work():
            barrier.wait(20)
            import submodules_ext

            found.append(submodules_ext.inner.deep.only_deep())

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert found == [3] * 4 and sorted(entries()) == sorted(NAMES)


# --- Failure ---------------------------------------------------------------------------------------------------------

PLACES = ["outer before", "outer after", "inner before", "inner after", "deep"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "kind, error, text",
    [("standard", IndexError, "fails at {}"), ("lazy", PermissionError, "fails at {}"), ("unknown", BaseException, "int")],
)
def test_an_import_that_fails_names_the_cause_and_leaves_nothing(place, kind, error, text):
    for name in NAMES:
        forget()
        wish(f"{place} {kind}")
        with pytest.raises(error) as caught:
            importlib.import_module(name)
        assert type(caught.value) is error or type(caught.value).__name__ == "PanicException"
        assert text.format(place) in str(caught.value)
        assert entries() == {}
    wish("")
    assert import_afresh().inner.deep.only_deep() == 3 and sorted(entries()) == sorted(NAMES)


@pytest.mark.parametrize("place", PLACES)
def test_an_exception_of_python_code_in_a_body_arrives_unchanged(place):
    error, seen = LookupError("from Python"), []

    def fail():
        seen.extend(entries())
        raise error

    forget()
    wish(f"{place} python", fail)
    with pytest.raises(LookupError) as caught:
        import_afresh()
    assert caught.value is error and entries() == {}
    assert ("submodules_ext.inner" in seen) == (place != "outer before")
    error.__traceback__ = None


@pytest.mark.parametrize("place", ["outer after", "inner after", "deep"])
def test_what_was_in_sys_modules_before_stays_when_an_import_fails(place):
    inner = ext.inner
    forget()
    other = types.ModuleType("submodules_ext.other")
    sys.modules.update({"submodules_ext.inner": inner, "submodules_ext.other": other})
    wish(f"{place} standard")
    with pytest.raises(IndexError):
        import_afresh()
    assert entries() == {"submodules_ext.inner": inner, "submodules_ext.other": other}


def test_a_body_may_take_its_submodules_out_itself_before_it_fails():
    def fail():
        sys.modules.pop("submodules_ext.inner.deep")
        sys.modules["submodules_ext.inner"] = None
        raise LookupError("after that")

    forget()
    wish("outer after python", fail)
    with pytest.raises(LookupError, match="after that"):
        import_afresh()
    assert entries() == {}


@pytest.mark.parametrize("thing", [None, 5, "text", object()])
def test_what_is_no_module_in_the_place_of_a_submodule_does_no_harm(thing):
    forget()
    sys.modules["submodules_ext.inner"] = thing
    new = import_afresh()
    assert type(new.inner) is types.ModuleType and sys.modules["submodules_ext.inner"] is new.inner
    assert new.inner.deep.only_deep() == 3


@pytest.mark.parametrize("thing", [None, 5])
def test_a_half_made_submodule_does_not_stay_in_the_place_of_what_was_no_module(thing):
    forget()
    sys.modules["submodules_ext.inner"] = thing
    wish("outer after standard")
    with pytest.raises(IndexError):
        import_afresh()
    assert entries() in ({}, {"submodules_ext.inner": thing})


def test_a_module_imported_by_the_body_stays_when_the_body_fails(tmp_path, monkeypatch):
    (tmp_path / "submodules_another.py").write_text("value = 5\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    def import_another():
        import submodules_another  # noqa: F401

        raise LookupError("after the import")

    forget()
    wish("outer after python", import_another)
    try:
        with pytest.raises(LookupError):
            import_afresh()
        assert entries() == {} and sys.modules["submodules_another"].value == 5
    finally:
        sys.modules.pop("submodules_another", None)


def test_a_body_that_imports_the_same_extension_under_another_name_keeps_both_apart():
    path = ext.__file__

    def load(name):
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    # The second body runs inside the first one, succeeds, and keeps its modules although the first one fails.
    loaded = []

    def load_inside():
        wish("")
        loaded.append(load("submodules_twin.submodules_ext"))
        raise LookupError("after that")

    forget()
    wish("inner after python", load_inside)
    try:
        with pytest.raises(LookupError, match="after that"):
            import_afresh()
        assert entries() == {}
        twins = sorted(name for name in sys.modules if name.startswith("submodules_twin"))
        assert twins == sorted("submodules_twin." + name for name in NAMES[1:])
        assert loaded[0].inner.deep.only_deep() == 3
        # And the other way round: the inner one fails, the outer one goes on.
        for name in twins:
            del sys.modules[name]

        def fail_inside():
            def fail():
                raise KeyError("inside")

            wish("deep python", fail)
            with pytest.raises(KeyError):
                load("submodules_twin.submodules_ext")
            assert not any(name.startswith("submodules_twin") for name in sys.modules)
            raise LookupError("outside")

        wish("outer after python", fail_inside)
        with pytest.raises(LookupError, match="outside"):
            import_afresh()
        assert entries() == {}
    finally:
        for name in [name for name in sys.modules if name.startswith("submodules_twin")]:
            del sys.modules[name]


def test_a_package_may_have_the_extension_inside(tmp_path, run_python):
    package = tmp_path / "package_of_submodules"
    package.mkdir()
    (package / "__init__.py").write_text("from .submodules_ext import *\n")
    (package / ext.__file__.rsplit("/", 1)[1]).symlink_to(ext.__file__)
    done = run_python(
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import package_of_submodules\n"
        "import package_of_submodules.submodules_ext.inner.deep as deep\n"
        "assert deep.__name__ == 'package_of_submodules.submodules_ext.inner.deep', deep.__name__\n"
        "assert deep.Deep.__module__ == deep.__name__ and deep.only_deep.__module__ == deep.__name__\n"
        "assert package_of_submodules.inner is package_of_submodules.submodules_ext.inner\n"
    )
    assert done.returncode == 0 and done.stderr == "", done.stderr[-1000:]


def test_failing_imports_do_not_pile_up_half_made_modules():
    def alive():
        gc.collect()
        return sum(type(thing) is types.ModuleType and thing.__name__ in NAMES for thing in gc.get_objects())

    forget()
    import_afresh()
    forget()
    before = alive()
    for place in PLACES:
        for _ in range(5):
            wish(f"{place} standard")
            with pytest.raises(IndexError):
                import_afresh()
    assert alive() <= before


def test_a_class_whose_first_module_is_gone_still_works():
    forget()
    wish("outer after standard")
    with pytest.raises(IndexError):
        import_afresh()
    wish("")
    new = import_afresh()
    assert new.inner.Inner().get() == 2 and new.inner.Inner.__module__ == "submodules_ext.inner"
