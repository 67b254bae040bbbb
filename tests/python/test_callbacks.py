# SPDX-License-Identifier: MIT
import functools
import gc
import subprocess
import sys
import threading
import weakref

import callbacks_ext as m
import pytest


# --- Python callables that C++ calls


class Callable:
    def __call__(self, x):
        return x * 10

    def method(self, x):
        return x * 100


@pytest.mark.parametrize("function, result", [
    (lambda x: x + 1, 4), (abs, 3), (int, 3), (Callable(), 30), (Callable().method, 300),
    (functools.partial(max, 7), 7), (m.adding(1), 4), ([1, 2, 3, 4].__getitem__, 4)])
def test_anything_callable_is_called(function, result):
    assert m.call(function, 3) == result


def test_arguments_and_results_are_converted():
    seen = []

    def function(*args):
        seen.extend(args)
        return "done"

    assert m.describe(function) == "done"
    assert seen == ["name", [1, 2, 3], None]
    thing = object()
    assert m.pass_object(lambda x: x, thing) is thing


def test_none_is_the_empty_function():
    assert m.is_empty(None) and m.is_empty() and not m.is_empty(print)
    assert m.same(None) is None
    assert m.what_is_thrown(None) == "bad_function_call"
    with pytest.raises(RuntimeError, match="bad_function_call"):
        m.run()


@pytest.mark.parametrize("wrong", [1, "print", [], object()])
def test_what_cannot_be_called_is_refused(wrong):
    with pytest.raises(TypeError, match=r"call\(\).*'function'.*a callable or None") as caught:
        m.call(wrong, 1)
    assert type(wrong).__name__ in str(caught.value)


def test_the_result_of_a_void_function_is_dropped():
    m.run(lambda: "ignored")


def test_results_of_the_wrong_type_name_the_function():
    def answers(x):
        return "text"

    with pytest.raises(TypeError, match="answers") as caught:
        m.call(answers, 1)
    assert "int" in str(caught.value) and "str" in str(caught.value)
    with pytest.raises(OverflowError):
        m.call(lambda x: 2**40, 1)


class NamedBadly:
    def __getattr__(self, name):
        raise KeyError("no " + name)

    def __call__(self, x):
        return "text"


def test_a_callable_whose_name_raises_is_named_by_its_type():
    with pytest.raises(TypeError, match="NamedBadly"):
        m.call(NamedBadly(), 1)


def test_exceptions_pass_through_cpp_as_they_are():
    error = ValueError("mine")

    def fails(x):
        raise error

    with pytest.raises(ValueError) as caught:
        m.call(fails, 1)
    assert caught.value is error
    assert m.what_is_thrown(fails) == "ValueError: mine"
    with pytest.raises(SystemExit):
        m.run(lambda: sys.exit(3))
    with pytest.raises(TypeError, match="positional argument"):
        m.call(lambda: 1, 1)


def test_recursion_ends_in_python_s_error():
    def again():
        m.run(again)

    with pytest.raises(RecursionError):
        again()


# --- There and back


def test_a_python_callable_comes_back_as_itself():
    def function(x):
        return x

    for way in (m.same, m.copied):
        assert way(function) is function
        assert way(way(function)) is function
    assert m.widened(function) is function
    assert m.same(len) is len


def test_a_cpp_function_keeps_no_python_between():
    function = m.adding(5)
    assert callable(function) and function(1) == 6
    assert m.is_adder(function) and m.call(function, 1) == 6
    assert m.is_adder(m.same(m.same(function)))
    assert not m.is_adder(lambda x: x)
    assert m.is_doubled(m.plain(True)) and m.plain(True)(4) == 8
    assert m.plain(False) is None


def test_another_signature_goes_by_way_of_the_function():
    wide = m.widened(m.adding(5))
    assert wide(1) == 6
    with pytest.raises(OverflowError):
        wide(2**40)


def test_cpp_functions_die_with_their_python_functions():
    before = m.living_adders()
    function = m.adding(1)
    assert m.living_adders() == before + 1
    again = m.same(function)
    assert m.living_adders() == before + 2
    del function, again
    assert m.living_adders() == before


def test_cpp_functions_check_their_arguments():
    function = m.repeating()
    assert function("ab", 3) == "ababab"
    for arguments in [(), ("a",), (1, 2), ("a", "b"), ("a", 1, 2)]:
        with pytest.raises(TypeError, match="function"):
            function(*arguments)


def test_what_cpp_functions_throw_is_raised():
    with pytest.raises(ValueError, match="from C"):
        m.failing("std")()
    with pytest.raises(KeyError, match="from C"):
        m.run(m.failing("python"))
    assert m.failing("nothing")() is None


def test_a_function_that_cannot_be_copied_says_so():
    with pytest.raises(RuntimeError, match="not to be copied"):
        m.set_slot(m.uncopyable())


def test_references_are_returned():
    def function(x):
        return x

    before = sys.getrefcount(function)
    for _ in range(100):
        m.call(function, 1)
        m.same(function)
        m.copied(function)
    assert sys.getrefcount(function) == before


# --- Threads


def test_a_thread_without_python_calls_and_copies():
    seen = []
    m.on_thread(lambda: seen.append(threading.get_ident()))
    assert len(seen) == 1 and seen[0] != threading.get_ident()


def test_what_is_raised_on_another_thread_can_cross_to_this_one():
    with pytest.raises(ZeroDivisionError):
        m.on_thread(lambda: 1 / 0)


def test_a_function_without_the_gil_takes_callbacks():
    calls = []
    m.detached(lambda: calls.append(1), 5)
    assert len(calls) == 5
    with pytest.raises(ZeroDivisionError):
        m.detached(lambda: 1 / 0, 5)


def test_the_last_copy_may_die_on_any_thread():
    class Token:
        pass

    token = Token()
    alive = weakref.ref(token)
    m.dropped_on_thread(lambda token=token: None)
    del token
    m.run(lambda: None)  # What was dropped without the GIL is released at the next opportunity.
    gc.collect()
    assert alive() is None


def test_many_threads_share_one_callable():
    lock = threading.Lock()
    calls = []

    def function(x):
        with lock:
            calls.append(x)
        return x

    before = sys.getrefcount(function)
    assert m.from_many_threads(function, 4, 100) == 400
    assert len(calls) == 400
    m.run(lambda: None)
    assert sys.getrefcount(function) == before
    assert m.from_many_threads(m.adding(1), 4, 100) == 800


def test_many_threads_copy_one_function_at_once():
    def function(x):
        return x

    before = sys.getrefcount(function)
    for _ in range(100):
        assert m.copied_at_once(function, 4) == 4
    m.run(lambda: None)
    assert sys.getrefcount(function) == before


def test_a_callback_outlives_the_interpreter():
    code = "import callbacks_ext as m; m.keep(lambda: print('never'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "InterpreterUnavailable\n", "")


# --- In objects


def test_a_field_holds_a_callback():
    clicks = []
    button = m.Button()
    assert button.on_click is None
    button.click()
    button.on_click = handler = lambda: clicks.append(1)
    assert button.on_click is handler
    button.click()
    assert clicks == [1]
    button.on_click = None
    button.click()
    assert clicks == [1]
    with pytest.raises(TypeError):
        button.on_click = 3


def test_a_cycle_through_a_callback_is_collected():
    gc.collect()

    class Marker:
        pass

    marker = Marker()
    alive = weakref.ref(marker)
    button = m.Button()
    button.on_click = lambda: (button, marker)
    signal = m.Signal()
    signal.connect(lambda: (signal, marker))
    del marker, button, signal
    gc.collect()
    assert alive() is None


def test_a_shared_callback_is_not_taken_for_garbage():
    class Marker:
        pass

    marker = Marker()
    alive = weakref.ref(marker)
    button = m.Button()

    def handler():
        gc.collect()
        return button, alive()

    handler.marker = marker
    button.on_click = handler
    del marker
    button.click_copy()
    assert alive() is not None and button.on_click is handler


def test_a_function_may_be_replaced_while_it_runs():
    done = []

    def first():
        m.set_slot(None)
        gc.collect()
        done.append(1)

    m.set_slot(first)
    del first
    m.call_slot()
    assert done == [1]


def test_a_signal_may_grow_while_it_is_emitted():
    signal, seen = m.Signal(), []
    signal.connect(lambda: seen.append("first"))
    signal.connect(lambda: seen.append("second"))
    signal.emit()
    assert seen == ["first", "second"]


def test_a_struct_with_a_callback_is_cloned():
    button = m.Button()
    button.on_click = print
    assert m.copies_made(button) == 1
