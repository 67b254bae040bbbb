# SPDX-License-Identifier: MIT
"""Has threads do what tsan_stress_ext offers, all at the same moment.

The race detector judges how; what is checked here is that no result is lost, and that nobody hangs.
"""
import contextlib
import faulthandler
import gc
import os
import sys
import sysconfig
import threading
import time
import weakref

import tsan_stress_ext as ext

THREADS = 4
MANY = int(os.environ.get("ADDER_STRESS_ROUNDS", "50000"))  # For each thread; fewer than that miss races.
SOME = MANY // 10  # Where a round is costly.
UNDER_TSAN = "--with-thread-sanitizer" in (sysconfig.get_config_var("CONFIG_ARGS") or "")

cases = []


def case(function):
    cases.append(function)
    return function


def race(*operations):
    """Runs each operation in a thread; all begin at once. Returns their results, raises what the first one raised."""
    barrier = threading.Barrier(len(operations))
    results, errors = [None] * len(operations), []

    def run(place, operation):
        barrier.wait()
        try:
            results[place] = operation()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=both) for both in enumerate(operations)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def repeated(operation, rounds=MANY):
    def run():
        for _ in range(rounds):
            operation()

    return run


def all_the_same(results):
    return all(result is results[0] for result in results)


def first_uses(operation, count=None):
    """Each operation(index) is the first of its kind, in all threads at once. Yields the results."""
    for index in range(ext.FIRST_USES if count is None else count):
        yield race(*[lambda: operation(index)] * THREADS)


# --- Cells ---------------------------------------------------------------------------------------------------------------


@case
def a_static_cell_is_filled_once():
    for results in first_uses(ext.once_cell):
        assert all_the_same(results)
    for results in first_uses(ext.once_lock):
        assert all_the_same(results)
    assert ext.lock_fillings() == ext.FIRST_USES
    race(*[lambda: ext.read_cells(MANY)] * THREADS)


@case
def a_cell_that_is_a_member_is_filled_once():
    for _ in range(SOME // 100):
        cells = ext.Cells()
        results = race(cells.cell, cells.lock, cells.cell, cells.lock)
        assert all_the_same(results[::2]) and all_the_same(results[1::2])
    race(*[repeated(cells.cell)] * 2, *[repeated(cells.lock)] * 2)


# --- Borrows -------------------------------------------------------------------------------------------------------------


@case
def a_borrow_is_granted_or_refused():
    counter = ext.Counter()
    added = race(lambda: counter.add_if_free(MANY), lambda: counter.add_if_free(MANY), lambda: counter.read_if_free(MANY), lambda: counter.read_if_free(MANY))
    assert counter.value == added[0] + added[1] > 0


@case
def methods_and_properties_borrow():
    counter = ext.Counter()
    refused = RuntimeError

    def adding():
        done = 0
        for _ in range(MANY):
            try:
                counter.add()
                done += 1
            except refused:
                pass
        return done

    def reading():
        for _ in range(MANY):
            with contextlib.suppress(refused):
                counter.value
                counter.get()
                counter.same(counter)

    added = race(adding, adding, reading, reading)
    assert counter.value == added[0] + added[1]


@case
def a_frozen_class_counts_with_atomics():
    hits = ext.Hits()
    race(*[repeated(hits.add)] * 2, *[repeated(hits.add_detached)] * 2)
    assert hits.total == 4 * MANY


@case
def an_unsendable_object_refuses_other_threads():
    dropped = []
    usual, sys.unraisablehook = sys.unraisablehook, dropped.append
    canvases = [ext.Canvas() for _ in range(THREADS)]
    try:

        def foreign():
            for _ in range(MANY):
                try:
                    canvases[0].draw()
                    raise AssertionError("drawn by another thread")
                except RuntimeError:
                    pass

        def own():
            canvas = ext.Canvas()
            for _ in range(MANY):
                canvas.draw()
                canvas = ext.Canvas()

        def drop():
            canvases.pop()

        race(foreign, own, drop, own)
    finally:
        sys.unraisablehook = usual
    # Mostly none: an object whose last reference goes elsewhere is handed back to the thread that made it.
    assert len(dropped) <= 1, dropped


# --- Objects -------------------------------------------------------------------------------------------------------------


@case
def attributes_and_weak_references_of_one_object():
    counter = ext.Counter()

    def attributes():
        for i in range(MANY):
            counter.note = i
            counter.note
            vars(counter)

    def references():
        for _ in range(MANY):
            assert weakref.ref(counter)() is counter

    race(attributes, attributes, references, references)


@case
def a_weak_reference_to_what_is_being_dropped():
    for _ in range(SOME // 100):
        holder = [ext.Counter()]
        reference = weakref.ref(holder[0])
        race(holder.clear, reference, reference)
        assert reference() is None


@case
def constructors_that_throw_beside_others():
    before = ext.finalized()

    class Child(ext.Fussy):
        pass

    def failing(cls):
        for _ in range(MANY):
            with contextlib.suppress(ValueError):
                cls(-1)

    def making(cls):
        for i in range(MANY):
            assert cls(i).value == i

    race(lambda: failing(ext.Fussy), lambda: making(ext.Fussy), lambda: failing(ext.Fussy), lambda: making(ext.Fussy))
    assert ext.finalized() - before == 2 * MANY
    race(lambda: failing(Child), lambda: making(Child), lambda: failing(Child), lambda: making(Child))
    assert ext.finalized() - before == 4 * MANY


@case
def the_collector_runs_meanwhile():
    shared = ext.Node(None)
    stop = []

    def build():
        for _ in range(SOME):
            first = ext.Node(None)
            second = ext.Node(first)
            first.next = second
            second.append([first])
            with contextlib.suppress(RuntimeError):
                shared.append(first)

    def change():
        for i in range(SOME):
            with contextlib.suppress(RuntimeError):
                shared.next = ext.Node(shared)
            with contextlib.suppress(RuntimeError):
                shared.next
                shared.size()

    def build_and_stop():
        try:
            build()
            change()
        finally:
            stop.append(None)

    def collect():
        while len(stop) < 3:
            gc.collect()
            time.sleep(0.001)  # It stops all others, who would not get far.

    race(build_and_stop, build_and_stop, build_and_stop, collect)


# --- First uses ----------------------------------------------------------------------------------------------------------


@case
def a_class_is_made_once():
    for make in (ext.lazy_class, ext.lazy_child, ext.lazy_dict):

        def make_and_look(index):
            made = make(index)
            assert made.value == 0
            return type(made), make is ext.lazy_dict or type(made).FIRST

        for results in first_uses(make_and_look):
            assert all_the_same([cls for cls, _ in results]) and all_the_same([first for _, first in results])
    for index in range(ext.FIRST_USES):
        assert ext.is_lazy(ext.lazy_child(index), index)
        base = type(ext.lazy_class(index))
        assert issubclass(type(ext.lazy_child(index)), base)
        assert base.NUMBER == index and type(base.FIRST) is base
        assert base().plus(2) == 6 and base().plus(other=2, scale=1) == 2 and base.twice(number=4) == 8


@case
def a_class_that_was_just_made_is_used():
    used = [type(ext.lazy_class(index)) for index in range(ext.FIRST_USES)]
    for cls in used:

        def use():
            for _ in range(SOME // 100):
                one = cls()
                one.value = 3
                assert one.plus(2, scale=2) == 7 and cls.twice(number=2) == 4 and cls.FIRST is not None

        race(*[use] * THREADS)


@case
def a_name_is_interned_once():
    for results in first_uses(ext.interned_name):
        assert all_the_same(results) and results[0].startswith("name_")

    def take(**keywords):
        return keywords

    for results in first_uses(lambda index: ext.call_by_keyword(take, index)):
        assert all(result == results[0] for result in results)


@case
def a_type_is_imported_once():
    for results in first_uses(ext.imported_type, 14):
        assert all_the_same(results) and isinstance(results[0], type)
    for results in first_uses(lambda index: ext.a_date(index + 1), 3):
        assert len({result.day for result in results}) == 1


@case
def an_exception_class_is_made_once():
    def raised(index):
        try:
            ext.raise_new(index)
        except ValueError as error:
            return type(error)

    for results in first_uses(raised):
        assert all_the_same(results) and results[0] is not ValueError


# --- Functions -----------------------------------------------------------------------------------------------------------


@case
def arguments_by_keyword():
    def by_keyword():
        for i in range(MANY):
            assert ext.weigh(a=i, c="1234") == i + 6

    def shuffled():
        for i in range(MANY):
            assert ext.weigh(b=i, a=1) == i + 6
            assert ext.gather(1, 2, x=3) == 3

    def wrong():
        for _ in range(SOME // 100):
            try:
                ext.weigh(1, wait=3)
                raise AssertionError("no such keyword")
            except TypeError as error:
                assert "unexpected keyword argument 'wait'" in str(error), error

    def overloaded():
        for _ in range(SOME):
            assert ext.overloaded(1) == 1 and ext.overloaded("x") == "x"

    race(by_keyword, shuffled, wrong, overloaded)


@case
def exceptions_cross():
    def failing(kind, expected):
        for _ in range(MANY):
            try:
                ext.fail(kind)
                raise AssertionError("it did not fail")
            except expected:
                pass

    race(lambda: failing(0, RuntimeError), lambda: failing(1, KeyError), lambda: failing(2, IndexError))


@case
def an_error_that_is_shared():
    for i in range(SOME // 100):
        ext.share_error(str(i))
        results = race(*[ext.look_at_error] * THREADS)
        assert all_the_same(results) and results[0].args == (str(i),)


@case
def closures():
    def exclusive(add):
        done = 0
        for _ in range(MANY):
            try:
                add(1)
                done += 1
            except RuntimeError:
                pass
        return done

    add = ext.new_sum()
    assert sum(race(*[lambda: exclusive(add)] * THREADS)) == add(0)
    add = ext.new_shared_sum()
    race(*[repeated(add)] * THREADS)
    assert add(by=0) == THREADS * MANY
    race(*[repeated(lambda: ext.new_sum()(by=2), MANY)] * THREADS)


@case
def locks():
    race(*[repeated(ext.add_guarded, MANY)] * THREADS)
    assert ext.add_guarded() == THREADS * MANY + 1
    race(*[repeated(ext.add_locked, MANY)] * THREADS)
    assert ext.add_locked() == THREADS * MANY + 1
    lock = []
    race(*[repeated(lambda: ext.add_critical(lock))] * THREADS)
    assert ext.add_critical(lock) == THREADS * MANY + 1


# --- References dropped while detached -----------------------------------------------------------------------------------


@case
def references_dropped_while_others_attach():
    class Noted:
        gone = 0
        lock = threading.Lock()

        def __del__(self):
            with Noted.lock:
                Noted.gone += 1

    def drop():
        for _ in range(MANY):
            ext.drop_detached([Noted(), Noted()])
            ext.text_size_detached("some text that is no constant" * 2)

    race(drop, drop, lambda: ext.detach_and_attach(MANY), lambda: ext.detach_and_attach(MANY))
    ext.detach_and_attach(1)
    assert Noted.gone == 4 * MANY


# --- Containers that others change meanwhile -----------------------------------------------------------------------------


@case
def a_list_that_others_change():
    shared = list(range(50))

    def grow_and_shrink():
        for i in range(MANY):
            shared.append(i)
            if len(shared) > 100:
                del shared[30:]
            shared[i % 20] = i

    def read(function):
        for _ in range(MANY):
            with contextlib.suppress(IndexError, RuntimeError):
                function(shared)

    race(grow_and_shrink, grow_and_shrink, lambda: read(ext.sum_list), lambda: read(ext.sum_view), lambda: read(ext.sum_vector), lambda: read(ext.bump_list))


@case
def a_dict_that_others_change():
    shared = {str(i): i for i in range(50)}

    def change():
        for i in range(MANY):
            shared[str(i % 90)] = i
            if i % 3 == 0:
                shared.pop(str(i % 70), None)

    def read(function):
        for _ in range(MANY):
            with contextlib.suppress(RuntimeError):
                function(shared)

    def use():
        for i in range(MANY):
            ext.use_dict(shared, "own")

    race(change, use, lambda: read(ext.sum_dict), lambda: read(ext.sum_dict_view))


def race_the_collector(look):
    """Has three threads look(thread, round), while a fourth collects."""
    looking = [True] * 3

    def keep_looking(thread):
        try:
            for i in range(MANY if UNDER_TSAN else 10 * MANY):
                look(thread, i)
        finally:
            looking[thread] = False

    def collect():
        while any(looking):
            gc.collect()
            time.sleep(0.001)  # As above.

    race(collect, *[lambda thread=thread: keep_looking(thread) for thread in range(3)])


@case
def parts_that_are_found_while_they_are_collected():
    houses = [ext.House() for _ in range(4)]

    def look(thread, i):
        ghost = houses[i % 4].ghost
        assert ghost.age == 7
        ghost.itself = ghost  # Garbage as soon as nobody looks.
        if i % 100 == thread:
            houses[i % 4] = ext.House()
        assert ghost.age == 7

    race_the_collector(look)


@case
def parts_that_are_reached_from_those():
    houses = [ext.House() for _ in range(4)]

    def look(_, i):
        ghost, other = houses[i % 4].ghost, houses[(i + 1) % 4].ghost
        assert getattr(ghost, "friend", other).age == 7
        ghost.friend, other.friend = other, ghost

    race_the_collector(look)


@case
def objects_of_shared_values_that_are_found_while_they_are_collected():
    def look(_, i):
        one = ext.shared_by_cpp(i % 4)
        assert one.value == 7
        one.itself = one  # Garbage as soon as nobody looks.
        with contextlib.suppress(AttributeError):  # The dict is CPython's to clear.
            assert one.itself is one

    race_the_collector(look)


def main():
    # A hang ends with the places where all threads are.
    faulthandler.dump_traceback_later(1500, exit=True)
    if hasattr(sys, "_is_gil_enabled"):
        assert not sys._is_gil_enabled(), "the GIL is on: a module does not say that it needs none"
    wanted = sys.argv[1:]
    for run in cases:
        if wanted and run.__name__ not in wanted:
            continue
        began = time.monotonic()
        print(f"{run.__name__} ... ", end="", flush=True)
        run()
        print(f"{time.monotonic() - began:.1f} s", flush=True)


main()
