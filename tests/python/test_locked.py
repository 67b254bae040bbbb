# SPDX-License-Identifier: MIT
"""Locked classes: calls that overlap wait for each other, and what would wait for itself is an error."""
import os
import signal
import threading
import time

import pytest

import locked_ext as ext
from locked_ext import Counter, Derived


def run(*functions):
    """Runs them in threads of their own. Returns the seconds it took, and raises what one of them raised."""
    errors = []

    def guarded(function):
        try:
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(function,), daemon=True) for function in functions]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "waits for ever"
    if errors:
        raise errors[0]
    return time.monotonic() - begun


def repeat(times, function, *args):
    def call():
        for _ in range(times):
            function(*args)
    return call


def test_calls_that_change_follow_one_another():
    counter = Counter()
    took = run(*[repeat(5, counter.add_slowly, 4)] * 4)
    assert counter.n == 20 and took >= 20 * 0.004


def test_calls_that_read_overlap_and_no_change_comes_between():
    counter = Counter()
    assert run(*[repeat(1, counter.get_slowly, 150)] * 4) < 4 * 0.150
    run(repeat(20, counter.get_slowly, 3), repeat(20, counter.get_slowly, 2), repeat(20, counter.add_slowly, 1),
        repeat(20, counter.get_slowly, 1))
    assert counter.n == 20


def test_nobody_starves():
    counter = Counter()
    stop = threading.Event()

    def hog():
        while not stop.is_set():
            counter.add_slowly(1)

    def others():
        for _ in range(20):
            counter.get_slowly(0)
            counter.add()
        stop.set()

    run(hog, others)


def test_it_is_an_error_to_wait_for_oneself():
    counter = Counter()
    with pytest.raises(RuntimeError, match="Already mutably borrowed: 'Counter' object.* this thread holds exclusively"):
        counter.call(counter.get)
    with pytest.raises(RuntimeError, match="Already borrowed: 'Counter' object.* this thread holds exclusively"):
        counter.call(counter.add)
    with pytest.raises(RuntimeError, match="Already borrowed: 'Counter' object"):
        counter.call_shared(counter.add)
    with pytest.raises(RuntimeError, match="Already borrowed: 'Counter' object"):
        counter.take(counter)
    with pytest.raises(RuntimeError, match="Already borrowed: 'Counter' object"):
        ext.swap_slowly(counter, counter)
    assert counter.call_shared(counter.get) == 0
    assert counter.call_shared(lambda: counter.call_shared(counter.get)) == 0
    counter.add()
    assert counter.n == 1


def test_a_reader_among_several_cannot_wait_for_itself():
    for first in (True, False):
        counter = Counter()
        inside = threading.Barrier(2)
        done = threading.Event()

        def reader(is_first):
            def inner():
                inside.wait(30)
                if is_first == first:
                    try:
                        with pytest.raises(RuntimeError, match="Already borrowed"):
                            counter.add()
                    finally:
                        done.set()
                else:
                    done.wait(30)
            if not is_first:
                time.sleep(0.02)
            counter.call_shared(inner)

        run(lambda: reader(True), lambda: reader(False))
        counter.add()  # Nothing is left of the readers.
        assert ext.is_free(counter)


def test_readers_come_and_go_in_any_order():
    counter = Counter()
    events = [threading.Event() for _ in range(3)]
    entered = [threading.Event() for _ in range(3)]

    def reader(number):
        counter.call_shared(lambda: (entered[number].set(), events[number].wait(30)))
        counter.add()  # It reads no more, and may wait for those who do.

    threads = []
    for number in range(3):
        threads.append(threading.Thread(target=reader, args=(number,)))
        threads[-1].start()
        assert entered[number].wait(30)
    for number in (0, 2, 1):
        events[number].set()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert counter.n == 3 and ext.is_free(counter)


def test_two_objects_are_locked_in_one_order():
    a, b, c = Counter(), Counter(), Counter()
    a.n, b.n, c.n = 100, 200, 300
    times = 30
    run(repeat(times, ext.swap_slowly, a, b), repeat(times, ext.swap_slowly, b, a), repeat(times, a.take_slowly, b),
        repeat(times, b.take_slowly, c), repeat(times, c.take_slowly, a), repeat(times, ext.swap, b, c),
        repeat(times, ext.total, c, b, a), repeat(times, lambda: a == b), repeat(times, lambda: b == a),
        repeat(times, a.get_slowly, 1))
    assert a.n + b.n + c.n == 600


def test_in_place_operators_lock_both():
    a, b = Counter(), Counter()
    a.n, b.n = 1, 0

    def add_in_place(left, right):
        for _ in range(10):
            left += right

    run(lambda: add_in_place(a, b), lambda: add_in_place(b, a))
    assert a.n >= 1 and ext.is_free(a) and ext.is_free(b)


def test_threads_that_wait_for_each_other_are_told():
    a, b = Counter(), Counter()
    inside = threading.Barrier(2)
    errors = []

    def nested(mine, others):
        def inner():
            inside.wait(30)
            others.add()
        try:
            mine.call(inner)
        except RuntimeError as error:
            errors.append(str(error))

    run(lambda: nested(a, b), lambda: nested(b, a))
    assert len(errors) == 1 and "Deadlock: 'Counter' object" in errors[0]
    assert a.n + b.n == 1 and ext.is_free(a) and ext.is_free(b)


def test_a_circle_of_three_is_found_as_well():
    counters = [Counter() for _ in range(3)]
    inside = threading.Barrier(3)
    errors = []

    def nested(number):
        def inner():
            inside.wait(30)
            counters[(number + 1) % 3].add()
        try:
            counters[number].call_shared(inner)
        except RuntimeError as error:
            errors.append(str(error))

    run(*[lambda number=number: nested(number) for number in range(3)])
    assert len(errors) >= 1 and all("Deadlock" in error for error in errors)
    assert sum(counter.n for counter in counters) == 3 - len(errors)


def test_parts_wait_for_their_owner():
    counter = Counter()
    part = counter.inner

    def use(number):
        for i in range(300):
            part.add()
            counter.items.append(number * 1000 + i)

    run(*[lambda number=number: use(number) for number in range(4)])
    assert part.n == 1200 and sorted(counter.items) == [n * 1000 + i for n in range(4) for i in range(300)]
    waiter = threading.Thread(target=counter.add_slowly, args=(100,))
    waiter.start()
    while ext.is_free(counter):
        pass
    part.add()
    assert counter.n == 1 and part.n == 1201
    waiter.join()


def test_cpp_waits_by_borrow_and_not_by_try_borrow():
    counter = Counter()
    waiter = threading.Thread(target=counter.add_slowly, args=(100,))
    waiter.start()
    while ext.is_free(counter):
        pass
    assert ext.borrow_mut(counter) == 1
    waiter.join()
    assert ext.call_mapped(counter, counter.get) == 1
    with pytest.raises(RuntimeError):
        ext.call_mapped(counter, counter.add)
    assert ext.is_free(counter)


def test_derived_and_python_classes_share_the_lock_of_their_base():
    class Sub(Counter):
        pass

    for counter in (Derived(), Sub()):
        run(*[repeat(10, counter.add_slowly, 1)] * 3)
        assert counter.n == 30
    derived = Derived()
    with pytest.raises(RuntimeError):
        derived.call(derived.add_extra)
    derived.add_extra()
    assert derived.extra == 1


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers here")
def test_who_waits_can_be_interrupted():
    counter = Counter()
    holder = threading.Thread(target=counter.add_slowly, args=(700,))

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        holder.start()
        while ext.is_free(counter):
            pass
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(KeyboardInterrupt):
            counter.add()
        assert holder.is_alive()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        holder.join()
    assert counter.n == 1 and ext.is_free(counter)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # From 3.12 on: fork with threads.
@pytest.mark.parametrize("hold, wait", [("call", "add"), ("call", "get"), ("call_shared", "add")])
def test_the_child_of_a_fork_gives_nothing_to_threads_that_are_gone(hold, wait):
    counter = Counter()
    waiting = threading.Thread(target=getattr(counter, wait), daemon=True)

    def fork():
        waiting.start()
        time.sleep(0.05)
        return os.fork()

    child = getattr(counter, hold)(fork)
    if child == 0:
        signal.alarm(10)
        try:
            n = counter.get()
            counter.add()
            # Those who wait for each other in the child are woken there, and counted.
            run(*[repeat(5, counter.add_slowly, 1)] * 3, repeat(5, counter.get_slowly, 1))
            os._exit(0 if counter.n == n + 16 and ext.is_free(counter) else 1)
        except BaseException:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    waiting.join(60)
    assert not waiting.is_alive() and ext.is_free(counter)
