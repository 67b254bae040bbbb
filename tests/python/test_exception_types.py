# SPDX-License-Identifier: MIT
"""Exceptions of one's own, causes, notes, warnings, and translators: what Python and C++ say must be the same."""
import binascii
import gc
import json
import pickle
import re
import sys
import threading
import traceback
import types
import warnings

import exception_types_ext as ext
import pytest


class Mine(Exception):
    pass


def raiser(error):
    def callback(*arguments):
        raise error

    return callback


def caught_from(operation, *arguments):
    with pytest.raises(BaseException) as caught:
        operation(*arguments)
    return caught.value


# --- New exception classes -----------------------------------------------------------------------------------------------

PARSE, TOKEN, PLAIN = (f"exception_types_ext.{name}" for name in ("ParseError", "TokenError", "PlainError"))
FAR = "some.other.place.FarError"


def test_a_new_class_has_its_name_module_base_and_text():
    assert ext.type_of(PARSE) is ext.ParseError
    assert ext.ParseError.__name__ == ext.ParseError.__qualname__ == "ParseError"
    assert ext.ParseError.__module__ == "exception_types_ext"
    assert ext.ParseError.__doc__ == "What the parser says."
    assert ext.ParseError.__bases__ == (ValueError,)
    assert ext.TokenError.__bases__ == (ext.ParseError,)
    assert ext.TokenError.__doc__ is None
    assert ext.type_of(PLAIN).__bases__ == (Exception,)
    assert (ext.type_of(FAR).__module__, ext.type_of(FAR).__name__) == ("some.other.place", "FarError")
    assert ext.type_of(FAR).__bases__ == (KeyError,)


def test_a_class_is_made_once():
    for name in (PARSE, TOKEN, PLAIN, FAR):
        assert ext.type_of(name) is ext.type_of(name)
        assert type(caught_from(ext.raise_by_tag, name, "x")) is ext.type_of(name)
    assert ext.same_class_twice() is True
    assert ext.raced_for_the_class() is True


def test_a_class_of_several_bases_is_each_of_them():
    missing = "exception_types_ext.MissingError"
    assert ext.type_of(missing).__bases__ == (ext.ParseError, KeyError)
    error = caught_from(ext.raise_by_tag, missing, "x")
    assert isinstance(error, KeyError) and isinstance(error, ext.ParseError)
    assert ext.is_a(PARSE, error) == [True] * 3 and ext.is_a(missing, error) == [True] * 3
    assert ext.is_a(missing, ext.ParseError()) == [False] * 3
    with pytest.raises(TypeError, match="multiple bases have instance lay-out conflict"):
        ext.type_of("exception_types_ext.ClashingError")


@pytest.mark.parametrize("name", [PARSE, TOKEN, PLAIN, FAR])
@pytest.mark.parametrize("text", ["plain", "", "ünïcödé \U0001f600", "100% %s {0}", "two\nlines", "nul\0inside"])
def test_cpp_raises_it_with_a_text_or_without(name, text):
    error = caught_from(ext.raise_by_tag, name, text)
    assert type(error) is ext.type_of(name) and error.args == (text,)
    error = caught_from(ext.raise_bare_by_tag, name)
    assert type(error) is ext.type_of(name) and error.args == ()


def test_it_is_an_ordinary_class_to_python():
    class Sub(ext.TokenError):
        pass

    assert ext.caught_by_kind(raiser(Sub())) == "TokenError"
    assert ext.is_a(TOKEN, Sub()) == ext.is_a(PARSE, Sub()) == [True, True, True]
    assert ext.is_a(FAR, Sub()) == [False, False, False]
    error = ext.ParseError("text", 3)
    error.more = "an attribute"
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is ext.ParseError and again.args == ("text", 3) and again.more == "an attribute"
    with pytest.raises(ext.ParseError):
        raise ext.TokenError
    ext.ParseError.note = "kept on the class"
    assert caught_from(ext.raise_by_tag, TOKEN, "x").note == "kept on the class"
    del ext.ParseError.note


def test_cpp_catches_it_by_kind():
    for error, kind in [
        (ext.TokenError(), "TokenError"),
        (ext.ParseError("x"), "ParseError"),
        (ext.type_of(FAR)(1), "FarError"),
        (json.JSONDecodeError("msg", "doc", 0), "JSONDecodeError"),
        (ValueError(), "ValueError"),
        (UnicodeDecodeError("utf-8", b"", 0, 1, "why"), "ValueError"),
        (ext.type_of(PLAIN)(), "PlainError"),
        (KeyError(), "other"),
        (KeyboardInterrupt(), "other"),
    ]:
        assert ext.caught_by_kind(raiser(error)) == kind
    assert ext.caught_by_kind(lambda: None) == "nothing"
    assert ext.caught_by_kind(lambda: ext.raise_by_tag(TOKEN, "x")) == "TokenError"
    assert ext.caught_without_python() == "TokenError: at line 3"


def test_several_arguments_are_given_to_the_class():
    error = caught_from(ext.raise_with_fields)
    assert type(error) is ext.ParseError and error.args == ("text", 3, None, 2.5)
    error = caught_from(ext.raise_os_error, 2)
    assert type(error) is ext.type_of("exception_types_ext.OwnOSError")
    assert (error.errno, error.strerror, error.filename) == (2, "why", "the file")
    error = caught_from(ext.raise_unicode_error)
    assert type(error) is UnicodeDecodeError
    assert (error.encoding, error.object, error.start, error.end, error.reason) == ("utf-8", b"a\xff", 1, 2, "why")


def test_a_detached_thread_may_be_the_first_to_make_the_class():
    assert ext.made_detached() == "DetachedError: far away"
    error = caught_from(ext.raise_detached)
    assert type(error).__name__ == "DetachedError" and error.args == ("far away",)


def test_a_class_can_be_made_while_another_error_is_pending():
    for _ in range(2):
        error = caught_from(ext.raise_with_another_pending)
        assert type(error).__name__ == "PendingError" and error.args == ("replaces it",)
    error = caught_from(ext.import_with_another_pending)
    assert type(error).__name__ == "LZMAError" and error.args == ("replaces it",)


# --- Classes of Python modules -------------------------------------------------------------------------------------------


def test_an_imported_class_is_the_modules_own():
    assert ext.type_of("JSONDecodeError") is json.JSONDecodeError
    assert ext.type_of("Error") is binascii.Error
    error = caught_from(ext.raise_json_error, "line\nof text", 7)
    assert type(error) is json.JSONDecodeError
    assert (error.msg, error.doc, error.pos, error.lineno, error.colno) == ("Expecting", "line\nof text", 7, 2, 3)
    assert ext.caught_by_kind(lambda: json.loads("{")) == "JSONDecodeError"
    assert ext.is_a("JSONDecodeError", ValueError()) == [False, False, False]
    error = caught_from(ext.raise_by_tag, "Error", "wrong padding")
    assert type(error) is binascii.Error and error.args == ("wrong padding",)


def test_what_the_class_says_to_its_arguments_is_raised_in_its_place():
    # JSONDecodeError takes three arguments.
    for operation in (ext.raise_with_too_few, lambda: ext.raise_by_tag("JSONDecodeError", "alone"), lambda: ext.raise_bare_by_tag("JSONDecodeError")):
        error = caught_from(operation)
        assert type(error) is TypeError and "missing" in str(error)


@pytest.mark.parametrize("again", range(2))
def test_what_cannot_be_imported_says_why(again):
    error = caught_from(ext.raise_missing, "module")
    assert type(error) is ModuleNotFoundError and error.name == "there_is"
    error = caught_from(ext.raise_missing, "attribute")
    assert type(error) is AttributeError and "'json' has no attribute 'NoSuchError'" in str(error)
    error = caught_from(ext.raise_missing, "function")
    assert type(error) is TypeError and str(error) == "the tag of json.dumps stands for no type but for a 'function' object"
    error = caught_from(ext.raise_missing, "class")
    assert type(error) in (SystemError, TypeError) and "exception" in str(error).lower()  # From C++ or from Python.
    assert ext.missing_detached() == "ModuleNotFoundError: No module named 'there_is'"
    with pytest.raises(ModuleNotFoundError):
        ext.asks_for_missing(raiser(Mine()))
    assert ext.asks_for_missing(lambda: None) is False


def test_a_class_that_comes_later_is_found_then(monkeypatch):
    with pytest.raises(ModuleNotFoundError):
        ext.raise_missing("late")
    module = types.ModuleType("exception_types_late")
    monkeypatch.setitem(sys.modules, "exception_types_late", module)
    with pytest.raises(AttributeError):
        ext.raise_missing("late")
    module.LateError = type("LateError", (Exception,), {})
    assert type(caught_from(ext.raise_missing, "late")) is module.LateError


def test_a_new_class_may_have_an_imported_base(monkeypatch):
    seen = []

    class Base(Exception):
        def __init_subclass__(cls):
            threading.Event().wait(0.01)  # Lets go of the GIL.
            seen.append(cls.__name__)

    with pytest.raises(ModuleNotFoundError):
        ext.type_of("exception_types_ext.OfImported")
    module = types.ModuleType("exception_types_base")
    module.Base = Base
    monkeypatch.setitem(sys.modules, "exception_types_base", module)
    made = []
    threads = [threading.Thread(target=lambda: made.append(ext.type_of("exception_types_ext.OfImported"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4 and set(made) == {made[0]}
    assert made[0].__bases__ == (Base,) and set(seen) == {"OfImported"}


# --- Cause, context, notes, traceback ------------------------------------------------------------------------------------


def test_cause_and_context_are_those_of_python():
    cause, context = Mine("cause"), Mine("context")

    def chained():
        try:
            raise context
        except Mine:
            raise ValueError("outer") from cause

    assert ext.cause_of(chained) is cause
    assert ext.context_of(chained) is context
    assert ext.cause_of(raiser(Mine())) is None
    assert ext.context_of(raiser(Mine())) is None
    context.__traceback__ = None


def test_set_cause_does_as_raise_from():
    cause = Mine("cause")
    error = caught_from(ext.raise_from, cause)
    assert type(error) is ext.ParseError and error.__cause__ is cause and error.__suppress_context__ is True
    try:
        raise Mine("being handled")
    except Mine as handled:
        error = caught_from(ext.raise_from, None)
        assert error.__cause__ is None and error.__suppress_context__ is True  # As `from None`.
        assert error.__context__ is handled
    error = caught_from(ext.raise_from_lazy)
    assert type(error.__cause__) is ext.TokenError and error.__cause__.args == ("inner",)
    first, second = Mine("first"), KeyError("second")
    before = sys.getrefcount(first), sys.getrefcount(second)
    assert ext.replace_cause(first, second) is second
    assert (sys.getrefcount(first), sys.getrefcount(second)) == before


def test_a_cause_for_an_error_that_was_moved_from_is_not_kept():
    cause = Mine("cause")
    before = sys.getrefcount(cause)
    for _ in range(5):
        with pytest.raises(SystemError):
            ext.moved_from_set_cause(cause)
    assert sys.getrefcount(cause) == before


def test_the_traceback_is_the_one_of_the_raise():
    found = ext.traceback_of(raiser(Mine()))
    assert isinstance(found, types.TracebackType)
    assert [frame.name for frame in traceback.extract_tb(found)] == ["callback"]
    assert ext.traceback_of(lambda: ext.raise_by_tag(PARSE, "from C++")) is not None


def test_notes_are_shown_below_the_message():
    error = caught_from(ext.raise_noted, ["first", "", "thïrd\nof two lines"])
    assert error.__notes__ == ["first", "", "thïrd\nof two lines"]
    assert not hasattr(caught_from(ext.raise_noted, []), "__notes__")
    assert caught_from(ext.note_not_utf8).__notes__ == ["a\\xffb"]
    text = ext.format_noted()
    shown = "exception_types_ext.ParseError: noted\n"
    # Before 3.11 a package that pytest may bring along shows them, for all tracebacks.
    are_shown = sys.version_info >= (3, 11) or "exceptiongroup" in sys.modules
    assert text.endswith(shown + "the note\n" if are_shown else shown)
    assert text.startswith("KeyError: 'the cause'\n\nThe above exception was the direct cause")


def test_a_class_whose_constructor_is_python_code_can_be_raised_bare():
    class Slow(Exception):
        def __init__(self):
            threading.Event().wait(0.01)
            super().__init__("made late")

    try:
        raise Mine("handled")
    except Mine as handled:
        error = caught_from(ext.raise_class, Slow)
        assert type(error) is Slow and error.args == ("made late",) and error.__context__ is handled

    class Failing(Exception):
        def __init__(self):
            raise KeyError("no instance")

    assert type(caught_from(ext.raise_class, Failing)) is KeyError


# --- Warnings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which, category", [("user", UserWarning), ("deprecation", DeprecationWarning), ("own", None)])
def test_a_warning_is_shown_where_the_stack_level_says(which, category):
    category = category or ext.type_of("exception_types_ext.OwnWarning")

    def inner(level):
        ext.warn(which, "the text ü", level)  # Level 1.

    first = inner.__code__.co_firstlineno
    for level, line in [(1, first + 1), (2, first + 6)]:
        with pytest.warns(category, match="^the text ü$") as seen:
            inner(level)  # Level 2.
        assert [(one.category, one.filename, one.lineno) for one in seen] == [(category, __file__, line)]


def test_the_text_of_a_warning_is_shown_whole():
    for text in ("nul\0inside", "100% %s {0}", ""):
        with pytest.warns(UserWarning) as seen:
            ext.warn("user", text)
        assert [str(one.message) for one in seen] == [text]


def test_filters_turn_a_warning_into_an_exception():
    own = ext.type_of("exception_types_ext.OwnWarning")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        error = caught_from(ext.warn, "own", "raised")
        assert type(error) is own and error.args == ("raised",)
        assert ext.warn_and_swallow("swallowed") is True
        warnings.simplefilter("error", DeprecationWarning)
        warnings.simplefilter("ignore", UserWarning)
        assert ext.warn("own", "ignored") is None
        assert ext.warn_and_swallow("ignored") is False
        assert type(caught_from(ext.warn, "deprecation", "raised")) is DeprecationWarning


def test_a_hook_that_fails_is_an_error_too(monkeypatch):
    def showwarning(*arguments, **keywords):
        raise Mine("no place to show it")

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        monkeypatch.setattr(warnings, "showwarning", showwarning)
        assert type(caught_from(ext.warn, "user", "x")) is Mine


# --- What C++ exceptions become ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["leaf", "middle", "base", "leaf2", "middle2", "base2"])
def test_the_translator_of_the_most_derived_type_is_taken(which):
    error = caught_from(ext.throw_cpp, which, "the text")
    assert type(error) is ext.ParseError and error.args == (f"{which}: the text",)
    assert error.__cause__ is None


def test_multiple_and_virtual_bases():
    assert caught_from(ext.throw_cpp, "both", "x").args[0] in ("base: base x", "middle2: middle2 x")
    assert caught_from(ext.throw_cpp, "virtual_leaf").args == ("virtual leaf",)
    assert caught_from(ext.throw_cpp, "virtual_base").args == ("virtual base",)
    assert caught_from(ext.throw_cpp, "plain").args == ("code 7",)


def test_what_has_no_translator_is_unaffected():
    for which, kind in [("unrelated", IndexError), ("runtime_error", RuntimeError), ("bad_alloc", MemoryError), ("py_err", KeyError)]:
        error = caught_from(ext.throw_cpp, which)
        assert type(error) is kind
        assert which == "bad_alloc" or error.args == ("the text",)
    for which in ("int", "pointer"):
        error = caught_from(ext.throw_cpp, which)
        assert type(error).__name__ == "PanicException" and "which is no std::exception" in str(error)


def test_what_a_translator_throws_takes_the_place():
    assert repr(caught_from(ext.throw_cpp, "throws_py_err")) == "KeyError('the text')"
    assert repr(caught_from(ext.throw_cpp, "throws_standard")) == "IndexError('the text')"
    error = caught_from(ext.throw_cpp, "throws_unknown")
    assert type(error).__name__ == "PanicException" and "'int'" in str(error)
    # No translator is asked about what a translator threw.
    assert repr(caught_from(ext.throw_cpp, "throws_translated")) == "RuntimeError('the text')"
    assert type(caught_from(ext.throw_cpp, "returns_moved_from")) is SystemError


def test_a_translator_may_use_python():
    error = caught_from(ext.throw_cpp, "calls_python")
    assert type(error) is ext.ParseError and error.args == ("the text", {})


def test_registering_twice_changes_nothing_and_another_translator_takes_over(run_python):
    done = run_python(
        "import exception_types_ext as ext\n"
        "def text(which):\n"
        "    try: ext.throw_cpp(which, 'x')\n"
        "    except Exception as error: return type(error).__name__ + ' ' + str(error)\n"
        "for _ in range(3): ext.register_twice()\n"
        "assert text('twice') == 'ParseError once: x', text('twice')\n"
        "assert text('late') == 'RuntimeError x'\n"
        "ext.register_late()\n"
        "assert text('late') == 'ParseError late: x'\n"
        "for _ in range(3): ext.register_another()\n"
        "assert text('twice') == 'ParseError another: x', text('twice')\n"
        "ext.register_twice()\n"
        "assert text('twice') == 'ParseError another: x', text('twice')\n"
        "assert text('late') == 'ParseError late: x'\n"
        "assert text('leaf') == 'ParseError leaf: x' and text('base2') == 'ParseError base2: x'\n"
    )
    assert done.returncode == 0, done.stderr


def test_translators_serve_constructors_methods_and_properties():
    assert caught_from(ext.Thrower, "leaf").args == ("leaf: constructed",)
    thing = ext.Thrower("nothing")
    assert caught_from(thing.method).args == ("leaf: method",)
    assert caught_from(lambda: thing.value).args == ("leaf: property",)


@pytest.mark.parametrize(
    "which, kind", [("leaf", ext.ParseError), ("leaf2", ext.ParseError), ("throws_py_err", KeyError), ("throws_standard", IndexError)]
)
def test_what_is_nested_becomes_the_cause_through_a_translator(which, kind):
    innermost = Mine("innermost")
    error = caught_from(ext.throw_nested, [which], raiser(innermost))
    assert type(error) is kind and error.__cause__ is innermost and error.__suppress_context__ is True
    error = caught_from(ext.throw_nested, ["runtime_error", which, "leaf"], raiser(innermost))
    assert type(error) is RuntimeError and type(error.__cause__) is kind
    assert type(error.__cause__.__cause__) is ext.ParseError
    assert error.__cause__.__cause__.__cause__ is innermost
    innermost.__traceback__ = None


def test_what_is_nested_in_a_type_without_virtual_functions_becomes_the_cause():
    innermost = Mine("innermost")
    error = caught_from(ext.throw_nested, ["plain"], raiser(innermost))
    assert type(error) is ext.ParseError and error.args == ("code 8",)
    assert error.__cause__ is innermost


@pytest.mark.parametrize("which", [["wrapper"], ["wrapper", "runtime_error"]])
def test_a_translator_that_gives_the_nested_error_makes_no_circle(which):
    innermost = Mine("innermost")
    error = caught_from(ext.throw_nested, which, raiser(innermost))
    assert error is innermost
    chain = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__
    circle = error is not None
    innermost.__cause__ = None
    assert not circle


def test_a_cause_that_the_translator_set_stays():
    error = caught_from(ext.throw_nested, ["with_own_cause"], raiser(Mine("nested")))
    assert error.args == ("outer",) and repr(error.__cause__) == "KeyError('its own')"


# --- ADDER_TRY -----------------------------------------------------------------------------------------------------------


def test_adder_try_takes_the_value_or_returns_the_error():
    assert ext.twice(21) == 42
    assert ext.sum(1, 2) == 3
    assert ext.of_another_type(4) == "as it was as it was 8"
    seen = []
    assert ext.check(5, seen.append) is None and seen == [10]
    given = [1]
    assert ext.of_handles(given) is given
    for operation in (lambda: ext.twice("x"), lambda: ext.sum(1, "x"), lambda: ext.sum("x", 1), lambda: ext.of_another_type("x"), lambda: ext.check("x", seen.append), lambda: ext.of_handles("x")):
        assert type(caught_from(operation)) is TypeError
    assert seen == [10]
    assert type(caught_from(ext.twice, 1 << 70)) is OverflowError
    assert type(caught_from(ext.check, 1, raiser(Mine()))) is Mine
    assert ext.check_twice(6, seen.append) is None and seen == [10, 12]
    assert type(caught_from(ext.check_twice, 1, raiser(Mine()))) is Mine
    assert type(caught_from(ext.check_twice, None, print)) is TypeError


# --- Errors nobody looks at, and errors as objects -----------------------------------------------------------------------


def test_a_million_ignored_errors_make_no_python_object():
    assert ext.ignored(1000) == 1000
    assert abs(ext.blocks_of_ignored(1_000_000)) < 10


def test_what_is_read_on_a_thread_that_is_not_attached():
    assert ext.what_detached(raiser(ext.TokenError("far"))) == "TokenError: far"
    assert ext.what_detached(lambda: ext.raise_by_tag(PARSE, "lazy")) == "ParseError: lazy"

    class Slow(Exception):
        def __str__(self):
            threading.Event().wait(0.01)
            return f"said on {threading.current_thread() is not threading.main_thread()}"

    error = Slow()
    assert ext.what_detached(raiser(error)).endswith("Slow: said on True")
    error.__traceback__ = None


def test_an_error_is_one_object_wherever_it_goes():
    keys = {}
    error = caught_from(ext.through_a_dict, keys)
    assert list(keys) == [error] and keys[error] == "found"
    assert type(error) is ext.ParseError and error.args == ("key",)
    mine = Mine("kept")
    assert ext.as_value(raiser(mine)) is mine
    assert {mine: 1}[ext.as_value(raiser(mine))] == 1
    mine.__traceback__ = None


# --- At the end of the interpreter ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["bare", "subclass", "handler", "translator"])
def test_a_daemon_thread_that_python_ends_inside_an_error_ends_quietly(which, run_python):
    # Up to 3.13 CPython ends such a thread, by unwinding it, when it asks for the GIL of an interpreter that is going.
    done = run_python(
        "import exception_types_ext as ext, os, sys, threading, time, types\n"
        "entered = threading.Event()\n"
        "def linger(*arguments, entered=entered, sleep=time.sleep):\n"
        "    entered.set()\n"
        "    sleep(0.3)\n"
        "class Slow(Exception):\n"
        "    def __init__(self, linger=linger): linger()\n"
        "    def __init_subclass__(cls, linger=linger): linger()\n"
        "base = sys.modules['exception_types_base'] = types.ModuleType('exception_types_base')\n"
        "base.Base = Slow\n"
        "def work(which):\n"
        "    try: raise KeyError\n"
        "    except KeyError:\n"
        "        if which == 'bare': ext.raise_class(Slow)\n"
        "        if which == 'subclass': ext.type_of('exception_types_ext.OfImported')\n"
        "        if which == 'handler': ext.call_in_handler(linger)\n"
        "        if which == 'translator': ext.call_in_translator(linger)\n"
        f"threading.Thread(target=work, args=({which!r},), daemon=True).start()\n"
        "entered.wait()\n"
        "class Last:\n"
        "    def __del__(self, sleep=time.sleep): sleep(1)\n"
        "sys.last = Last()\n"
    )
    assert (done.returncode, done.stderr) == (0, "")


# --- Leaks ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operation",
    [
        lambda: ext.raise_by_tag(PARSE, "x"),
        lambda: ext.raise_bare_by_tag(PARSE),
        lambda: ext.raise_with_fields(),
        lambda: ext.raise_json_error("doc", 1),
        lambda: ext.raise_with_too_few(),
        lambda: ext.raise_missing("attribute"),
        lambda: ext.raise_missing("function"),
        lambda: ext.raise_detached(),
        lambda: ext.raise_from(Mine()),
        lambda: ext.raise_from(None),
        lambda: ext.raise_from_lazy(),
        lambda: ext.replace_cause(Mine(), Mine()),
        lambda: ext.cause_of(raiser(Mine())),
        lambda: ext.traceback_of(raiser(Mine())),
        lambda: ext.raise_noted(["note"] * 3),
        lambda: ext.format_noted(),
        lambda: ext.moved_from_set_cause(Mine()),
        lambda: ext.throw_cpp("leaf"),
        lambda: ext.throw_cpp("throws_py_err"),
        lambda: ext.throw_cpp("throws_standard"),
        lambda: ext.throw_cpp("throws_unknown"),
        lambda: ext.throw_cpp("calls_python"),
        lambda: ext.throw_nested(["leaf", "runtime_error", "leaf2"], raiser(Mine())),
        lambda: ext.throw_nested(["plain"], raiser(Mine())),
        lambda: ext.Thrower("leaf"),
        lambda: ext.twice("x"),
        lambda: ext.check(1, raiser(Mine())),
        lambda: ext.warn_and_swallow("x"),
        lambda: ext.what_detached(raiser(Mine())),
        lambda: ext.through_a_dict({}),
    ],
)
def test_an_error_keeps_nothing_once_it_is_over(operation, assert_no_growth):
    def run():
        try:
            operation()
        except BaseException:
            pass

    assert_no_growth(run)


def test_errors_are_freed_at_once_not_by_the_collector():
    class Probe(Exception):
        gone = []

        def __del__(self):
            Probe.gone.append(1)

    gc.collect()
    gc.disable()
    try:
        for operation in (lambda: ext.raise_from(Probe()), lambda: ext.throw_nested(["leaf"], lambda: (_ for _ in ()).throw(Probe()))):
            Probe.gone.clear()
            try:
                operation()
            except Exception:
                pass
            assert Probe.gone == [1]
    finally:
        gc.enable()
