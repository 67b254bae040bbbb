# SPDX-License-Identifier: MIT
"""A module whose body fails: the cause arrives, nothing half-made stays, and the next import starts anew."""
import gc
import inspect
import sys

import pytest


def forget():
    sys.modules.pop("failing_ext", None)


def ask_for(kind, number=1, callback=None):
    sys.failing_ext_asks_for = (kind, number, callback)


@pytest.fixture(autouse=True)
def each_test_imports_afresh():
    forget()
    yield
    forget()
    vars(sys).pop("failing_ext_asks_for", None)


@pytest.mark.parametrize(
    "kind, error, text",
    [
        ("standard", IndexError, "in the body"),
        ("unknown", BaseException, "int"),
        ("lazy", PermissionError, "not today"),
        ("no name", SystemError, "wrong(): 'a b' is no name for a parameter"),
        ("args", SystemError, "wrong(): 'args' is the name of the further arguments already"),
        ("default", UnicodeDecodeError, "invalid start byte"),
        ("selfish", SystemError, "Selfish: define() needs the very type that it is making"),
        ("doc", UnicodeDecodeError, "invalid start byte"),
    ],
)
def test_what_the_body_throws_is_the_error_of_the_import(kind, error, text):
    for _ in range(3):
        ask_for(kind)
        with pytest.raises(error) as caught:
            import failing_ext
        assert type(caught.value) is error or type(caught.value).__name__ == "PanicException"
        assert text in str(caught.value)
        assert "failing_ext" not in sys.modules


def test_two_parameters_of_one_name_are_refused():
    ask_for("duplicate")
    with pytest.raises(SystemError):
        import failing_ext
    assert "failing_ext" not in sys.modules


def test_an_exception_of_python_code_in_the_body_arrives_unchanged():
    error = LookupError("from Python")

    def fail():
        raise error

    ask_for("python", callback=fail)
    with pytest.raises(LookupError) as caught:
        import failing_ext
    assert caught.value is error
    assert "failing_ext" not in sys.modules
    error.__traceback__ = None


def test_a_body_that_failed_can_run_again():
    ask_for("standard")
    with pytest.raises(IndexError):
        import failing_ext
    ask_for("no failure")
    import failing_ext

    assert failing_ext.twice(4) == 8
    assert failing_ext.Thing().get() == 5
    assert sys.modules["failing_ext"] is failing_ext


def test_a_body_that_runs_again_binds_its_new_defaults():
    ask_for("standard", 1)
    with pytest.raises(IndexError):
        import failing_ext
    ask_for("no failure", 30)
    import failing_ext

    assert str(inspect.signature(failing_ext.twice)) == "(value=30)"
    assert failing_ext.twice() == 60


def test_failing_imports_do_not_pile_up_half_made_modules():
    def half_made():
        gc.collect()
        return sum(type(thing) is type(sys) and thing.__name__ == "failing_ext" for thing in gc.get_objects())

    ask_for("standard")
    for _ in range(10):
        with pytest.raises(IndexError):
            import failing_ext
    assert half_made() <= 1  # The one that the type, which is kept, was made for.
