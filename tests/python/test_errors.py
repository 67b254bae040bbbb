# SPDX-License-Identifier: MIT
"""Errors on their way between C++ and Python: none lost, none changed, none hidden by another."""
import builtins
import errno
import gc
import os
import sys
import threading
import traceback

import errors_ext as ext
import pytest


class Mine(Exception):
    pass


def raiser(error):
    def callback():
        raise error

    return callback


@pytest.fixture(autouse=True)
def nothing_stays_stored():
    yield
    ext.drop_stored()
    ext.call_through(lambda: None)


# --- C++ exceptions seen from Python -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "which, kind",
    [
        ("out_of_range", IndexError),
        ("derived", IndexError),
        ("invalid_argument", ValueError),
        ("domain_error", ValueError),
        ("length_error", ValueError),
        ("range_error", ValueError),
        ("overflow_error", OverflowError),
        ("underflow_error", ArithmeticError),
        ("logic_error", RuntimeError),
        ("runtime_error", RuntimeError),
    ],
)
@pytest.mark.parametrize("text", ["plain", "", "ünïcödé \U0001f600", "100% %s %d {0}", "two\nlines"])
def test_a_standard_exception_becomes_its_python_counterpart_with_its_text(which, kind, text):
    with pytest.raises(Exception) as caught:
        ext.throw_standard(which, text)
    assert type(caught.value) is kind
    assert caught.value.args == (text,)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("which, kind", [("exception", RuntimeError), ("bad_cast", RuntimeError), ("future_error", RuntimeError)])
def test_other_standard_exceptions_are_runtime_errors(which, kind):
    with pytest.raises(Exception) as caught:
        ext.throw_standard(which)
    assert type(caught.value) is kind and str(caught.value)


@pytest.mark.parametrize("which", ["bad_alloc", "bad_array_new_length"])
def test_bad_alloc_is_a_memory_error(which):
    with pytest.raises(MemoryError) as caught:
        ext.throw_standard(which)
    assert type(caught.value) is MemoryError


@pytest.mark.parametrize("which, name", [("int", "int"), ("text", "char const*"), ("struct", "NoStandardException"), ("enum", "Code"), ("null", "nullptr")])
def test_what_is_no_exception_is_a_panic_that_names_the_type(which, name):
    with pytest.raises(BaseException) as caught:
        ext.throw_standard(which)
    assert type(caught.value).__name__ == "PanicException" and not isinstance(caught.value, Exception)
    assert name in str(caught.value)


@pytest.mark.parametrize("how, kind", [("standard", IndexError), ("lazy", ValueError), ("result", ValueError)])
def test_text_that_is_no_utf8_is_escaped_not_lost(how, kind):
    with pytest.raises(kind) as caught:
        ext.throw_not_utf8(how)
    assert caught.value.args == ("a\\xffb",)


def test_a_system_error_text_that_is_no_utf8_is_escaped_not_lost():
    with pytest.raises(FileNotFoundError) as caught:
        ext.throw_not_utf8("system")
    assert caught.value.strerror.startswith("a\\xffb")


@pytest.mark.parametrize("code", [errno.ENOENT, errno.EACCES, errno.EEXIST, errno.EPIPE, errno.EINTR, errno.ETIMEDOUT, errno.EAGAIN, errno.EINVAL, errno.ENOTDIR])
def test_a_system_error_is_the_os_error_of_its_errno(code):
    expected = type(OSError(code, ""))
    for throw, text in [(lambda: ext.throw_system_error(code, "opening the file"), "opening the file"), (lambda: ext.throw_generic_error(code), os.strerror(code))]:
        with pytest.raises(OSError) as caught:
            throw()
        assert type(caught.value) is expected
        assert caught.value.errno == code
        assert text in caught.value.strerror


def test_system_errors_of_other_kinds():
    with pytest.raises(OSError) as caught:
        ext.throw_foreign_error()
    assert type(caught.value) is OSError and caught.value.errno is None
    assert str(caught.value) == "prefix: a foreign error"
    with pytest.raises(FileNotFoundError) as caught:
        ext.throw_filesystem_error()
    assert caught.value.errno == errno.ENOENT and "/no/such/folder/anywhere" in str(caught.value)


# --- Nested exceptions ---------------------------------------------------------------------------------------------------


def test_a_nested_exception_is_the_cause():
    error = Mine("innermost")
    with pytest.raises(RuntimeError, match="^level 0$") as caught:
        ext.throw_nested(["runtime_error", "out_of_range", "system_error"], raiser(error))
    first = caught.value
    second = first.__cause__
    third = second.__cause__
    assert type(second) is IndexError and str(second) == "level 1"
    assert type(third) is FileNotFoundError and third.errno == 2
    assert third.__cause__ is error
    assert first.__suppress_context__ and second.__suppress_context__
    assert traceback.extract_tb(error.__traceback__)[-1].name == "callback"


def test_throw_with_nested_outside_a_handler_has_no_cause():
    with pytest.raises(RuntimeError, match="^alone$") as caught:
        ext.throw_nested_in_nothing()
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("which, kind", [("bad_alloc", MemoryError), ("struct", BaseException), ("python", KeyError)])
def test_a_nested_exception_is_the_cause_whatever_it_is_nested_in(which, kind):
    error = Mine("innermost")
    with pytest.raises(kind) as caught:
        ext.throw_nested([which], raiser(error))
    assert caught.value.__cause__ is error


def test_a_long_chain_of_nested_exceptions_is_translated():
    with pytest.raises(RuntimeError) as caught:
        ext.throw_nested(["runtime_error"] * 200, raiser(Mine()))
    depth, error = 0, caught.value
    while error.__cause__ is not None:
        depth, error = depth + 1, error.__cause__
    assert depth == 200 and type(error) is Mine


# --- Python exceptions through C++ ---------------------------------------------------------------------------------------

PASSES = [ext.call_through, ext.catch_and_rethrow, ext.catch_and_throw_copy, ext.look_and_rethrow, ext.as_result]


@pytest.mark.parametrize("through", PASSES)
@pytest.mark.parametrize("error", [Mine("x"), KeyError("k"), KeyboardInterrupt(), SystemExit(2), GeneratorExit(), StopIteration(1), ExceptionGroup("g", [Mine()]) if sys.version_info >= (3, 11) else Mine()])
def test_an_error_in_a_callback_arrives_as_the_same_object_with_its_traceback(through, error):
    error.__traceback__ = None
    cause = error.__cause__ = Mine("the cause")
    try:
        through(raiser(error))
    except BaseException as caught:
        assert caught is error
        assert caught.__cause__ is cause and caught.__context__ is None
        names = [frame.name for frame in traceback.extract_tb(caught.__traceback__)]
        assert names == ["test_an_error_in_a_callback_arrives_as_the_same_object_with_its_traceback", "callback"]
    else:
        pytest.fail("nothing was raised")
    error.__traceback__ = error.__cause__ = None


@pytest.mark.parametrize("through", PASSES)
def test_an_error_raised_by_c_code_arrives_with_its_arguments(through):
    with pytest.raises(KeyError) as caught:
        through(lambda: {}[(1, 2)])
    assert caught.value.args == ((1, 2),)
    with pytest.raises(UnicodeDecodeError) as caught:
        through(lambda: b"\xff".decode())
    assert caught.value.start == 0
    with pytest.raises(TypeError, match="positional argument"):
        through(lambda missing: None)
    with pytest.raises(TypeError, match="not callable"):
        through(3)


def test_a_context_is_kept():
    try:
        raise Mine("first")
    except Mine as first:
        with pytest.raises(IndexError) as caught:
            ext.throw_standard("out_of_range")
        assert caught.value.__context__ is first
        with pytest.raises(ValueError) as caught:
            ext.call_through(raiser(ValueError("second")))
        assert caught.value.__context__ is first


def test_cpp_catches_by_kind_as_except_does():
    for error, kind in [(KeyError(1), "KeyError"), (IndexError(), "LookupError"), (LookupError(), "LookupError"), (FileNotFoundError(), "OSError"), (Mine(), "Exception"), (KeyboardInterrupt(), "BaseException")]:
        assert ext.caught_by_kind(raiser(error)) == kind
    assert ext.caught_by_kind(lambda: {}[1]) == "KeyError"
    assert ext.caught_by_kind(lambda: None) == "nothing"
    assert ext.matches(raiser(Mine()), Mine) is True
    assert ext.matches(raiser(Mine()), (KeyError, Exception)) is True
    assert ext.matches(raiser(Mine()), (KeyError, OSError)) is False
    assert ext.matches(lambda: {}[1], LookupError) is True


def test_what_is_the_type_and_the_text():
    assert ext.what_of(raiser(ValueError("the text"))) == "ValueError: the text"
    assert ext.what_of(raiser(ValueError())) == "ValueError"
    assert ext.what_of(lambda: {}["k"]) == "KeyError: 'k'"
    assert ext.what_of(raiser(ValueError("lone \udc80"))) == "ValueError: lone \\udc80"
    assert ext.what_of(lambda: ext.throw_standard("out_of_range", "x")) == "IndexError: x"


def test_what_survives_a_str_that_fails():
    class Shy(Exception):
        def __str__(self):
            raise LookupError("no")

    assert ext.what_of(raiser(Shy())).endswith("Shy: <exception str() failed>")


def test_format_is_that_of_the_traceback_module():
    error = Mine("formatted")
    error.__cause__ = KeyError("cause")
    text = ext.format_of(raiser(error))
    assert text == "".join(traceback.format_exception(error))
    assert "formatted" in text and "KeyError: 'cause'" in text and "in callback" in text


# --- Stored and raised later ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raise_again", [ext.raise_stored, ext.return_stored])
def test_a_stored_error_can_be_raised_again_from_another_thread(raise_again):
    error = Mine("stored")
    ext.store_from(raiser(error))
    seen = []

    def work():
        try:
            raise_again()
        except Mine as caught:
            seen.append(caught)

    for _ in range(3):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert [one is error for one in seen] == [True] * 3
    assert "callback" in [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    assert ext.value_of_stored() is error
    error.__traceback__ = None


def test_a_lazy_error_is_made_when_asked_for_and_then_stays_the_same():
    ext.store_lazy("lazy ü")
    assert ext.what_of_stored() == "ValueError: lazy ü"
    assert ext.stored_is_value_error() is True
    value = ext.value_of_stored()
    assert type(value) is ValueError and value.args == ("lazy ü",)
    assert ext.value_of_stored() is value
    with pytest.raises(ValueError) as caught:
        ext.raise_stored()
    assert caught.value is value


def test_copies_of_an_error_that_c_code_raised_are_one_exception():
    ext.store_raised_of_type(ValueError, "text")
    raised = []
    for _ in range(2):
        with pytest.raises(ValueError) as caught:
            ext.raise_stored()
        raised.append(caught.value)
    raised.append(ext.value_of_stored())
    assert raised[0] is raised[1] is raised[2]


def test_two_threads_may_ask_for_the_value_of_one_error_at_once(run_python):
    done = run_python(
        "import errors_ext as ext, os, sys, threading, time\n"
        "class Slow(Exception):\n"
        "    def __init__(self, text):\n"
        "        time.sleep(0.3)\n"
        "        super().__init__(text)\n"
        "ext.store_raised_of_type(Slow, 'the text' * 100)\n"
        "values = []\n"
        "threads = [threading.Thread(target=lambda: values.append(ext.value_of_stored())) for _ in range(4)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()\n"
        "same = len(values) == 4 and all(value is values[0] for value in values)\n"
        "sys.stdout.flush()\n"
        "os._exit(0 if same else 3)\n"  # References were dropped twice: nothing may be freed any more.
    )
    assert done.returncode == 0, (done.returncode, done.stderr[-1000:])


def test_the_value_of_a_lazy_error_is_made_once_even_if_threads_race():
    started = threading.Barrier(4)

    class Slow(Exception):
        def __init__(self, text):
            threading.Event().wait(0.05)
            super().__init__(text)

    ext.store_of_type(Slow, "text")
    values = []

    def work():
        started.wait()
        values.append(ext.value_of_stored())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(values) == 4 and all(value is values[0] for value in values)


def test_from_value_and_from_type_take_exceptions_only():
    error = Mine("given")
    ext.store_value(error)
    with pytest.raises(Mine) as caught:
        ext.raise_stored()
    assert caught.value is error
    error.__traceback__ = None
    ext.store_value(Mine)
    with pytest.raises(Mine) as caught:
        ext.raise_stored()
    assert type(caught.value) is Mine and caught.value.args == ()
    ext.store_of_type(Mine, "text")
    with pytest.raises(Mine, match="^text$"):
        ext.raise_stored()
    for wrong in (3, "text", int, None):
        ext.store_value(wrong)
        with pytest.raises(TypeError, match="^exceptions must derive from BaseException$"):
            ext.raise_stored()
        ext.store_of_type(wrong, "text")
        with pytest.raises(TypeError, match="^exceptions must derive from BaseException$"):
            ext.raise_stored()


def test_what_a_constructor_raises_takes_the_place_of_the_error():
    class Picky(Exception):
        def __init__(self, one, two):
            pass

    ext.store_of_type(Picky, "text")
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'two'"):
        ext.raise_stored()


def test_a_stored_error_is_read_and_dropped_without_the_gil():
    error = Mine("detached")
    callback = raiser(error)
    before = sys.getrefcount(error)
    ext.store_from(callback)
    assert ext.what_of_stored_without_gil().endswith("Mine: detached")
    error.__traceback__ = None
    assert sys.getrefcount(error) > before
    ext.drop_stored()
    ext.call_through(lambda: None)
    assert sys.getrefcount(error) == before


def test_an_error_that_was_moved_from_is_a_system_error():
    with pytest.raises(SystemError, match="a PyErr was used after it was moved from"):
        ext.moved_from()


def test_asking_a_moved_from_error_for_its_kind_does_not_end_the_process(run_python):
    done = run_python("import errors_ext\ntry: errors_ext.moved_from_is_value_error()\nexcept Exception: pass\n")
    assert done.returncode == 0, done.returncode


# --- Set aside and unraisable --------------------------------------------------------------------------------------------


def test_an_error_scope_puts_the_pending_exception_back():
    assert ext.call_in_error_scope(lambda: 5) == 5

    def handles():
        try:
            raise Mine
        except Mine:
            return sys.exc_info()[0]

    assert ext.call_in_error_scope(handles) is Mine
    with pytest.raises(Mine):
        ext.call_in_error_scope(raiser(Mine()))


def test_what_an_error_scope_leaves_pending_is_unraisable(monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda info: seen.append(repr(info.exc_value)))
    with pytest.raises(ValueError, match="^outer$"):
        ext.leave_pending_in_scope()
    assert seen == ["KeyError('inner')"]


def test_write_unraisable_reaches_the_hook(monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda info: seen.append((info.exc_value, info.object)))
    error, context = Mine("nowhere to go"), object()
    ext.write_unraisable(raiser(error), context)
    ext.write_unraisable(raiser(error), None)
    assert seen == [(error, context), (error, None)]
    error.__traceback__ = None


def test_an_unraisable_hook_that_fails_does_no_harm(monkeypatch, capfd):
    monkeypatch.setattr(sys, "unraisablehook", lambda info: 1 / 0)
    ext.write_unraisable(raiser(Mine("nowhere to go")), None)
    assert "ZeroDivisionError" in capfd.readouterr().err


# --- One tag per built-in exception --------------------------------------------------------------------------------------

BUILT_IN = sorted(
    {
        thing.__name__: thing
        for thing in vars(builtins).values()
        if isinstance(thing, type) and issubclass(thing, BaseException)
    }.items()
)
GROUPS = {"BaseExceptionGroup", "ExceptionGroup"}  # Not made from one text.
NEEDS_MORE = {"UnicodeDecodeError", "UnicodeEncodeError", "UnicodeTranslateError"}  # The same.
INNER = {"_IncompleteInputError"}  # Of the codeop module alone.


@pytest.mark.parametrize("name, kind", [row for row in BUILT_IN if row[0] not in GROUPS | INNER])
def test_every_built_in_exception_has_a_tag(name, kind):
    if name in NEEDS_MORE:
        with pytest.raises(NotImplementedError, match="has no new_err"):
            ext.raise_by_tag(name, "text")
    else:
        with pytest.raises(BaseException) as caught:
            ext.raise_by_tag(name, "the text")
        assert type(caught.value) is kind and caught.value.args == ("the text",)
        with pytest.raises(BaseException) as caught:
            ext.raise_bare_by_tag(name)
        assert type(caught.value) is kind and caught.value.args == ()
    made = kind("utf-8", b"", 0, 1, "why") if name == "UnicodeDecodeError" else kind("utf-8", "", 0, 1, "why") if name == "UnicodeEncodeError" else kind("", 0, 1, "why") if name == "UnicodeTranslateError" else kind()
    assert ext.is_a(name, made) is True
    assert ext.is_a(name, BaseException()) is (name == "BaseException")


@pytest.mark.skipif(sys.version_info < (3, 11), reason="exception groups came with 3.11")
def test_exception_groups_have_a_tag():
    assert ext.is_a("BaseExceptionGroup", ExceptionGroup("group", [Mine()])) is True


# --- Leaks ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "operation",
    [
        lambda: ext.throw_standard("out_of_range"),
        lambda: ext.throw_standard("struct"),
        lambda: ext.throw_standard("bad_alloc"),
        lambda: ext.throw_system_error(2, "text"),
        lambda: ext.throw_nested(["runtime_error", "out_of_range"], raiser(Mine())),
        lambda: ext.call_through(raiser(Mine())),
        lambda: ext.catch_and_throw_copy(raiser(Mine())),
        lambda: ext.look_and_rethrow(raiser(Mine())),
        lambda: ext.look_and_rethrow(lambda: {}[1]),
        lambda: ext.as_result(raiser(Mine())),
        lambda: ext.caught_by_kind(raiser(Mine())),
        lambda: ext.what_of(raiser(Mine("x"))),
        lambda: ext.call_in_error_scope(raiser(Mine())),
        lambda: (ext.store_from(raiser(Mine())), ext.value_of_stored(), ext.raise_stored()),
        lambda: (ext.store_lazy("x"), ext.value_of_stored(), ext.raise_stored()),
        lambda: (ext.store_of_type(Mine, "x"), ext.raise_stored()),
        lambda: (ext.store_raised_of_type(Mine, "x"), ext.what_of_stored(), ext.raise_stored()),
        lambda: (ext.store_value(Mine), ext.raise_stored()),
        lambda: (ext.store_from(lambda: {}[1]), ext.drop_stored()),
        lambda: ext.raise_by_tag("ValueError", "x"),
    ],
)
def test_an_error_keeps_nothing_once_it_is_over(operation, assert_no_growth):
    def run():
        try:
            operation()
        except BaseException:
            pass

    assert_no_growth(run)


def test_reference_counts_of_exceptions_are_exact():
    error = Mine("counted")
    callback = raiser(error)
    before = sys.getrefcount(error), sys.getrefcount(Mine)
    for through in PASSES:
        for _ in range(20):
            try:
                through(callback)
            except Mine:
                pass
            error.__traceback__ = None
    gc.collect()
    assert (sys.getrefcount(error), sys.getrefcount(Mine)) == before
