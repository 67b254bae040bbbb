# SPDX-License-Identifier: MIT
"""Nothing that user code throws ends the process, wherever Python calls it, and nothing is lost."""
import contextlib
import gc
import importlib.util
import shutil
import sys
import threading
import weakref

import pytest
import throwing_ext as ext

Panic = ext.panic_type()


@contextlib.contextmanager
def unraisable():
    """What sys.unraisablehook gets: type, text, object."""
    seen, usual = [], sys.unraisablehook  # Not a fixture: pytest has a hook of its own for each phase.
    sys.unraisablehook = lambda hook: seen.append((hook.exc_type, str(hook.exc_value), str(hook.object)))
    try:
        yield seen
    finally:
        sys.unraisablehook = usual


def let_pending_calls_run():
    for _ in range(1000):
        pass


# --- PanicException ----------------------------------------------------------------------------------------------------


def test_what_is_no_exception_is_no_exception_to_python_either():
    assert Panic.__mro__ == (Panic, BaseException, object)
    assert (Panic.__module__, Panic.__qualname__) == ("adder", "PanicException") and Panic.__doc__
    swallowed = False
    with pytest.raises(Panic):
        try:
            ext.throw_of_kind("int")
        except Exception:
            swallowed = True
    assert not swallowed


@pytest.mark.parametrize("kind, text", [("int", "'int'"), ("text", "'char const*'"), ("class", "Strange")])
@pytest.mark.parametrize(
    "call",
    [
        ext.throw_of_kind,
        ext.Thrower,
        ext.Thrower().method,
        lambda kind: type("Derived", (), {"f": staticmethod(ext.throw_of_kind)}).f(kind),
    ],
)
def test_the_panic_names_the_type_that_was_thrown(call, kind, text):
    with pytest.raises(Panic) as caught:
        call(kind)
    assert type(caught.value) is Panic and text in str(caught.value) and "is no std::exception" in str(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: x.attribute,
        lambda x: setattr(x, "attribute", 1),
        len,
        repr,
        bool,
        lambda x: ext.new_closure(x, False, False)(None),
    ],
)
def test_a_panic_leaves_every_entry_point(call):
    thrower = ext.Thrower()
    before = sys.getrefcount(thrower)
    for _ in range(3):
        with pytest.raises(Panic):
            call(thrower)
    assert sys.getrefcount(thrower) == before


def test_other_exceptions_are_what_they_were():
    with pytest.raises(KeyError):
        ext.throw_of_kind("python")
    with pytest.raises(IndexError):
        ext.throw_of_kind("standard")


def test_cpp_knows_the_panic_by_its_tag():
    assert ext.seen_in_cpp(lambda: ext.throw_of_kind("int")).startswith("panic: PanicException: a C++ exception")
    assert ext.seen_in_cpp(lambda: [][0]).startswith("IndexError")
    with pytest.raises(Panic, match="^by its tag$"):
        ext.raise_panic()


def test_all_modules_of_an_interpreter_share_the_class(tmp_path):
    copy = tmp_path / "throwing_ext_copy.so"
    shutil.copy(ext.__file__, copy)
    spec = importlib.util.spec_from_file_location("throwing_ext", copy)
    other = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(other)
    assert other.Thrower is not ext.Thrower and other.panic_type() is Panic
    with pytest.raises(Panic):
        other.throw_of_kind("int")


def test_threads_find_one_class():
    found = []
    threads = [threading.Thread(target=lambda: found.append(ext.panic_type())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Panic] * 8


# --- What exceptions say of themselves, and what is nested in them -------------------------------------------------------


@pytest.mark.parametrize(
    "kind, error", [("system", FileNotFoundError), ("foreign", OSError), ("standard", IndexError), ("other", RuntimeError)]
)
def test_an_exception_whose_text_is_null_says_nothing(kind, error):
    with pytest.raises(error) as caught:
        ext.throw_silent(kind)
    assert caught.value.args[-1] == ""


def test_a_destructor_of_a_capsule_may_throw_what_says_nothing():
    with unraisable() as seen:
        ext.new_silent_capsule()
    assert [(kind, text) for kind, text, _ in seen] == [(RuntimeError, "")]


def test_an_exception_that_is_nested_in_itself_is_told_once():
    with pytest.raises(RuntimeError, match="^outer$") as caught:
        ext.throw_circle(False)
    assert caught.value.__cause__ is None
    with pytest.raises(RuntimeError, match="^outer$") as caught:
        ext.throw_circle(True)
    assert str(caught.value.__cause__) == "inner" and caught.value.__cause__.__cause__ is None


# --- Where nothing may throw ------------------------------------------------------------------------------------------


def collect():
    """What is reported during a collection and right after it."""
    with unraisable() as seen:
        gc.collect()
        let_pending_calls_run()
    return seen


def with_a_traverse_that_throws(make, *args):
    """Makes an object. A debug build of CPython traverses each one as it is made, and reports then already."""
    with unraisable() as seen:
        made = make(*args)
        let_pending_calls_run()
    assert not seen or hasattr(sys, "gettotalrefcount")
    return made


@pytest.mark.parametrize("kind, error", [("int", Panic), ("standard", IndexError), ("python", KeyError)])
def test_what_traverse_throws_is_reported_and_ends_nothing(kind, error):
    shown, unshown = ext.ByHand(), ext.ByHand()
    value = ext.ByHand()
    value.first, value.second = shown, unshown
    counts = [sys.getrefcount(x) for x in (value, shown, unshown)]
    value.kind = "traverse " + kind
    for _ in range(3):
        reports = collect()
        assert {report[0] for report in reports} == {error}
        assert {report[2] for report in reports} == {"PyClass::traverse of 'ByHand'"}
    value.kind = ""
    assert collect() == []
    assert [sys.getrefcount(x) for x in (value, shown, unshown)] == counts
    assert value.first is shown and value.second is unshown


def test_a_traverse_that_throws_keeps_a_cycle_alive_and_no_longer():
    value, other = with_a_traverse_that_throws(ext.ByHand, "traverse int"), ext.ByHand()
    value.second, other.first = other, value  # Not shown: behind the throw.
    alive = weakref.ref(value)
    del value, other
    reports = collect()
    assert alive() is not None and reports
    alive().kind = ""
    assert collect() == [] and alive() is None


def test_what_is_shown_before_the_throw_is_shown():
    value = with_a_traverse_that_throws(ext.ByHand, "traverse int")
    value.first = value
    alive = weakref.ref(value)
    del value
    assert {report[0] for report in collect()} == {Panic}
    assert alive() is None


def test_what_a_trait_throws_hides_its_part_alone():
    value = with_a_traverse_that_throws(ext.Whole, True)
    value.other = value
    alive = weakref.ref(value)
    del value
    assert {report[2] for report in collect()} == {"adder::Traverse::visit"}
    assert alive() is None
    value = with_a_traverse_that_throws(ext.Whole, True)
    value.set_item(value)
    alive = weakref.ref(value)
    del value
    assert {report[0] for report in collect()} == {Panic}
    assert alive() is not None
    alive().calm()
    assert collect() == [] and alive() is None


def test_a_traverse_of_the_state_of_a_closure_may_throw():
    holder = ext.ByHand()
    holder.first = with_a_traverse_that_throws(ext.new_closure, holder, True, False)
    alive = weakref.ref(holder)
    del holder
    assert {report[0] for report in collect()} == {Panic}
    alive().first = None
    assert alive() is None


def test_a_clear_of_the_state_of_a_closure_may_throw():
    closure = ext.new_closure(0, False, True)
    holder = ext.ByHand()
    closure(holder)
    holder.first = closure
    alive = weakref.ref(holder)
    del holder, closure  # The older one of the two is cleared first.
    assert [report[0] for report in collect()] == [Panic]
    assert alive() is None


def test_what_clear_throws_is_reported():
    value = ext.ByHand("clear")
    value.first = value
    alive = weakref.ref(value)
    del value
    assert [report[0] for report in collect()] == [Panic]
    assert alive() is None


@pytest.mark.parametrize("make", [ext.Dying, ext.new_capsule])
def test_what_a_finalizer_or_the_destructor_of_a_capsule_throws_is_reported(make):
    with unraisable() as reports:
        make()
    assert [report[0] for report in reports] == [Panic]
