# SPDX-License-Identifier: MIT
"""Classes bound from C++: construction, methods, borrows, and what happens to those who break the rules."""
import contextlib
import copy
import gc
import inspect
import pickle
import re
import sys
import sysconfig
import threading
import weakref

import classes_ext as ext
import pytest
from classes_ext import Counter
from conftest import OF_A_LOCAL

# What a borrow that was refused says, and of whom.
NOT_SHARED = "Already mutably borrowed: 'Counter' object: cannot share what "
NOT_ALONE = "Already borrowed: 'Counter' object: cannot hold exclusively what "
SHARED_HERE = "this thread shares"
ALONE_HERE = "this thread holds exclusively"
SHARED_ELSEWHERE = "another thread shares"
SHARED_BY_SEVERAL = "several threads share"
ALONE_ELSEWHERE = "another thread holds exclusively"
FREE_THREADED = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
PER_OBJECT = 0 if FREE_THREADED else 1  # References to the type, which is immortal where threads would contend for them.
PATIENCE = 20.0  # Seconds that a thread waits for another one before the test fails.


@pytest.fixture(autouse=True)
def every_cpp_value_is_destroyed():
    gc.collect()
    before = ext.live()
    yield
    gc.collect()
    assert ext.live() == before


def is_free(counter):
    """Whether nobody borrows the counter."""
    alone = "shared / RuntimeError: " + NOT_ALONE + SHARED_HERE  # It tries while it shares.
    return ext.try_both(counter) == alone and counter.grow() == counter.total


@contextlib.contextmanager
def refused(text, where=None):
    """Expects a RuntimeError with just this text, and this note or none."""
    try:
        yield
    except RuntimeError as error:
        assert (str(error), getattr(error, "__notes__", [])) == (text, [] if where is None else [where])
    else:
        pytest.fail("nothing was raised")


# --- Construction --------------------------------------------------------------------------------------------------------


def test_a_constructor_takes_positions_keywords_and_defaults():
    assert Counter().total == 0 and Counter().name == "nameless"
    assert Counter(5).total == 5
    assert Counter(start=6, name="x").name == "x"
    assert Counter(name="y").total == 0
    assert Counter(7, "z").name == "z"
    assert Counter.__new__(Counter, 8).total == 8
    assert Counter.__new__(Counter, name="n", start=9).total == 9
    assert Counter.__new__(Counter).total == 0
    assert type.__call__(Counter, 3, name="w").total == 3


def test_constructor_errors_are_those_of_a_python_class_but_for_the_name():
    class Twin:
        def __init__(self, start=0, name="nameless"):
            pass

    for args, kwargs in [((1, 2, 3), {}), ((1,), {"start": 2}), ((), {"zz": 1}), ((1, 2), {"name": 3}), ((1, 2, 3, 4), {"zz": 1})]:
        with pytest.raises(TypeError) as expected:
            Twin(*args, **kwargs)
        wanted = str(expected.value).split(".__init__", 1)[-1]
        for construct in (Counter, lambda *a, **k: Counter.__new__(Counter, *a, **k)):
            with pytest.raises(TypeError) as caught:
                construct(*args, **kwargs)
            assert str(caught.value) == "Counter" + wanted
    with pytest.raises(TypeError, match=r"^Point\(\) missing 2 required positional arguments: 'x' and 'y'$"):
        ext.Point()
    with pytest.raises(TypeError, match=r"^Counter\(\) argument 'start' must be int, not str$"):
        Counter("x")
    with pytest.raises(OverflowError):
        Counter(2**63)


def test_constructor_keywords_that_are_no_text_are_refused():
    with pytest.raises(TypeError):
        Counter(**{1: 2})
    with pytest.raises(TypeError):
        Counter.__new__(Counter, **{1: 2})


@pytest.mark.parametrize("start, error, text", [(-1, ValueError, "start may not be -1"), (-2, KeyError, "'start may not be -2'"), (-3, BaseException, None)])
def test_a_constructor_that_throws_leaves_nothing_behind(start, error, text, assert_no_growth):
    types_before = sys.getrefcount(Counter)
    for construct in (Counter, lambda n: Counter(start=n), lambda n: Counter.__new__(Counter, n)):
        for _ in range(50):
            with pytest.raises(error) as caught:
                construct(start)
            assert text is None or str(caught.value) == text
    del caught
    gc.collect()
    assert ext.live() == 0
    assert sys.getrefcount(Counter) == types_before

    def fail():
        try:
            Counter(start)
        except BaseException as error:
            assert type(error).__name__ in ("ValueError", "KeyError", "PanicException")

    assert_no_growth(fail)


def test_instances_hold_one_reference_to_their_type():
    before = sys.getrefcount(Counter)
    many = [Counter() for _ in range(100)]
    assert sys.getrefcount(Counter) == before + 100 * PER_OBJECT
    many += ext.make_many(50) + [ext.make_one(1), ext.make_bound(2)]
    assert sys.getrefcount(Counter) == before + 152 * PER_OBJECT
    assert ext.live() == 152
    del many
    assert sys.getrefcount(Counter) == before


def test_a_class_without_a_constructor_cannot_be_made_from_python():
    with pytest.raises(TypeError, match="cannot create 'classes_ext.Token' instances"):
        ext.Token()
    with pytest.raises((TypeError, AttributeError)):
        ext.Token.__new__(ext.Token)
    with pytest.raises(TypeError):
        object.__new__(ext.Token)
    assert ext.make_token().get() == 7


def test_no_detour_makes_an_object_without_its_value():
    with pytest.raises(TypeError, match="not safe"):
        object.__new__(Counter)
    with pytest.raises(TypeError, match="is not a subtype"):
        Counter.__new__(int)
    with pytest.raises(TypeError):
        Counter.__new__(object)
    for duplicate in (copy.copy, copy.deepcopy, pickle.dumps):
        for thing in (Counter(1), ext.Point(1, 2), ext.make_token(), ext.Empty()):
            with pytest.raises(TypeError, match="cannot pickle"):
                duplicate(thing)

    class Plain:
        pass

    with pytest.raises(TypeError):
        Plain().__class__ = Counter
    with pytest.raises(TypeError):
        Counter().__class__ = Plain
    with pytest.raises(TypeError):
        Counter().__class__ = ext.Odd


# --- The type ------------------------------------------------------------------------------------------------------------


def test_the_type_says_where_it_comes_from():
    assert Counter.__name__ == Counter.__qualname__ == "Counter"
    assert Counter.__module__ == "classes_ext"
    assert Counter.__doc__ == "Counts things."
    assert repr(Counter) == "<class 'classes_ext.Counter'>"
    assert Counter.add.__doc__ == "Add `by`; return the new total."
    assert Counter.add.__name__ == "add" and Counter.add.__qualname__ == "Counter.add"
    assert Counter.total.__doc__ == "What was counted."
    assert Counter.name.__doc__ is None
    assert not ext.Empty.__doc__


def test_signatures_are_those_of_a_python_class():
    class Twin:
        def __init__(self, start=0, name="nameless"):
            pass

        def sum3(self, /, a, b=0, c=0):
            pass

    assert inspect.signature(Counter) == inspect.signature(Twin)
    assert inspect.signature(Counter.sum3) == inspect.signature(Twin.sum3)
    assert inspect.signature(Counter().sum3) == inspect.signature(Twin().sum3)
    assert str(inspect.signature(Counter().grow)) == "()"
    assert str(inspect.signature(ext.Empty)) == "()"


def test_subclassing_is_refused():
    with pytest.raises(TypeError, match="type 'classes_ext.Counter' is not an acceptable base type"):

        class Sub(Counter):
            pass

    with pytest.raises(TypeError, match="not an acceptable base type"):
        type("Sub", (Counter,), {})


def test_a_class_that_is_only_added_can_be_subclassed_where_it_says_so():
    class Sub(ext.Open):
        def __init__(self, number):
            self.doubled = 2 * number

    made = Sub(4)
    assert (made.number, made.doubled, type(made), Sub.__mro__) == (4, 8, Sub, (Sub, ext.Open, object))
    with pytest.raises(TypeError, match="type 'classes_ext.Empty' is not an acceptable base type"):
        type("Sub", (ext.Empty,), {})


def test_the_type_is_immutable():
    for change in (lambda: setattr(Counter, "x", 1), lambda: setattr(Counter, "add", None), lambda: delattr(Counter, "add")):
        with pytest.raises(TypeError, match="immutable type 'classes_ext.Counter'"):
            change()
    with pytest.raises(TypeError):
        Counter.__name__ = "Other"
    with pytest.raises(TypeError):
        Counter.__bases__ = (int,)


def test_instances_take_no_attributes_of_their_own():
    counter = Counter()
    with pytest.raises(AttributeError):
        counter.other = 1
    with pytest.raises(AttributeError, match="attribute 'total' of 'classes_ext.Counter' objects is not writable"):
        counter.total = 3
    with pytest.raises(AttributeError):
        del counter.total
    assert not hasattr(counter, "__dict__")
    with pytest.raises(TypeError):
        weakref.ref(counter)


def test_methods_refuse_another_kind_of_self():
    for call in (
        lambda: Counter.add(3),
        lambda: Counter.add(),
        lambda: Counter.add(ext.Point(1, 2), 1),
        lambda: Counter.grow(object()),
        lambda: Counter.total.__get__(3),
        lambda: Counter.__len__([]),
        lambda: Counter.__repr__(ext.make_token()),
        lambda: Counter.__bool__(1),
    ):
        with pytest.raises(TypeError):
            call()


# --- Methods, getters, dunders -------------------------------------------------------------------------------------------


def test_methods_and_getters_reach_the_value():
    counter = Counter(10)
    assert counter.add() == 11 and counter.add(2) == 13 and counter.add(by=-3) == 10
    assert counter.sum3(1) == 11 and counter.sum3(1, c=2) == 13
    assert counter.rename("new") is None and counter.name == "new"
    assert counter.growing == 11 and counter.total == 11
    assert counter.twin().total == 11 and counter.twin() is not counter
    assert Counter.add(counter, 1) == 12


def test_method_errors_are_those_of_a_python_class():
    class Twin:
        def add(self, by=1):
            pass

        def sum3(self, a, b=0, c=0):
            pass

        def rename(self, arg0, /):
            pass

        def grow(self):
            pass

    Twin.__qualname__ = "Counter"
    for name in ("add", "sum3", "rename", "grow"):
        getattr(Twin, name).__qualname__ = f"Counter.{name}"
    counter, twin = Counter(), Twin()
    cases = [
        ("add", (1, 2), {}),
        ("add", (1,), {"by": 2}),
        ("add", (), {"zz": 2}),
        ("sum3", (), {}),
        ("sum3", (), {"b": 1}),
        ("sum3", (1, 2, 3, 4), {}),
        ("sum3", (1, 2, 3, 4), {"zz": 1}),
        ("rename", (), {}),
        ("rename", ("a", "b"), {}),
    ]
    for name, args, kwargs in cases:
        with pytest.raises(TypeError) as expected:
            getattr(twin, name)(*args, **kwargs)
        with pytest.raises(TypeError) as caught:
            getattr(counter, name)(*args, **kwargs)
        assert str(caught.value) == str(expected.value)
    with pytest.raises(TypeError, match=r"Counter\.grow\(\) takes no arguments \(1 given\)"):
        counter.grow(1)
    with pytest.raises(TypeError, match=r"Counter\.grow\(\) takes no keyword arguments"):
        counter.grow(a=1)
    with pytest.raises(TypeError, match=r"^Counter\.add\(\) argument 'by' must be int, not str$"):
        counter.add("x")
    with pytest.raises(TypeError, match=r"^Counter\.rename\(\) argument 1 must be str, not int$"):
        counter.rename(1)


def test_dunders_go_to_the_slots():
    counter = Counter(3, "text")
    assert len(counter) == 3 and counter.__len__() == 3
    assert repr(counter) == "Counter(3)" and str(counter) == "text" and f"{counter}" == "text"
    assert bool(counter) is True and bool(Counter(0)) is False


def test_a_length_or_repr_that_python_cannot_take_is_an_error():
    with pytest.raises(ValueError, match=r"__len__\(\) should return >= 0"):
        len(ext.Odd(-1))
    with pytest.raises(ValueError, match=r"__len__\(\) should return >= 0"):
        len(ext.Odd(-(2**63)))
    assert len(ext.Odd(sys.maxsize)) == sys.maxsize
    with pytest.raises(TypeError, match=r"__repr__\b.* int\b"):
        repr(ext.Odd(1))
    with pytest.raises(ValueError, match="^neither$"):
        bool(ext.Odd(1))


def test_a_frozen_class_has_no_borrows_to_conflict():
    fresh = ext.Point(1.5, 2)  # Not `point`, which the lambdas below have as well.
    assert sys.getrefcount(fresh) == OF_A_LOCAL
    point = fresh
    assert point.norm1 == 3.5 and ext.point_sum(point) == 3.5 and ext.point_value(point) == 3.5
    assert point.call(lambda: point.call(lambda: point.norm1)) == 3.5
    empty = ext.Empty()
    assert sys.getrefcount(empty) == OF_A_LOCAL and empty.yes() is True


# --- Borrows -------------------------------------------------------------------------------------------------------------


def test_shared_borrows_nest():
    counter = Counter(4)
    assert counter.call_shared(lambda: counter.call_shared(lambda: counter.total)) == 4
    assert counter.call_shared(lambda: ext.read_twice(counter, counter)) == 8
    assert counter.call_shared(lambda: ext.by_ref(counter) + ext.by_ref_value(counter)) == 8
    assert counter.call_shared(lambda: (len(counter), repr(counter), bool(counter))) == (4, "Counter(4)", True)
    assert is_free(counter)


WRITES = [
    lambda c: c.add(1),
    lambda c: c.grow(),
    lambda c: c.growing,
    lambda c: c.call_exclusive(lambda: None),
    lambda c: c.absorb(Counter(1)),
    lambda c: ext.call_with_borrow_mut(c, lambda: None),
]
READS = [
    lambda c: c.total,
    lambda c: c.twin(),
    lambda c: len(c),
    lambda c: bool(c),
    lambda c: repr(c),
    lambda c: str(c),
    lambda c: c.call_shared(lambda: None),
    lambda c: ext.call_with_borrow(c, lambda: None),
]
READ_HOLDERS = [lambda c, f: c.call_shared(f), ext.call_with_borrow]
WRITE_HOLDERS = [lambda c, f: c.call_exclusive(f), ext.call_with_borrow_mut, ext.call_with_reference]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(
    "hold, held", [(hold, SHARED_HERE) for hold in READ_HOLDERS] + [(hold, ALONE_HERE) for hold in WRITE_HOLDERS]
)
def test_a_write_during_any_borrow_is_refused_and_the_flag_restored(hold, held, write):
    counter = Counter(4)
    seen = []

    def attempt():
        with refused(NOT_ALONE + held):
            write(counter)
        seen.append(True)
        raise LookupError("on the way out")

    for _ in range(3):
        with pytest.raises(LookupError, match="on the way out"):
            hold(counter, attempt)
    assert seen == [True] * 3
    assert is_free(counter)


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("hold", WRITE_HOLDERS)
def test_a_read_during_a_write_is_refused_and_the_flag_restored(hold, read):
    counter = Counter(4)

    def attempt():
        with refused(NOT_SHARED + ALONE_HERE):
            read(counter)
        return "through"

    for _ in range(3):
        assert hold(counter, attempt) == "through"
    assert is_free(counter)


def test_a_refused_argument_names_the_function_and_the_argument():
    counter = Counter(4)

    def attempt():
        for call, function, argument in [
            (lambda: ext.by_ref(counter), "by_ref", "counter"),
            (lambda: ext.by_value(counter), "by_value", "counter"),
            (lambda: ext.read_twice(Counter(), counter), "read_twice", "b"),
            (lambda: Counter().absorb(counter), "Counter.absorb", "other"),
        ]:
            with refused(NOT_SHARED + ALONE_HERE, where=f"{function}() argument '{argument}'"):
                call()
        with refused(NOT_ALONE + ALONE_HERE, where="by_ref_mut() argument 'counter'"):
            ext.by_ref_mut(counter)
        with refused(NOT_SHARED + ALONE_HERE, where="sum_by_value() argument 'counters': [1]"):
            ext.sum_by_value([Counter(), counter])

    counter.call_exclusive(attempt)
    assert is_free(counter)


def test_the_same_object_as_two_arguments_is_refused_unless_both_only_read():
    counter = Counter(4)
    for _ in range(3):
        with refused(NOT_SHARED + ALONE_HERE, where="write_and_read() argument 'source'"):
            ext.write_and_read(counter, counter)
        with refused(NOT_ALONE + SHARED_HERE, where="read_and_write() argument 'target'"):
            ext.read_and_write(counter, counter)
        with refused(NOT_ALONE + ALONE_HERE, where="write_twice() argument 'b'"):
            ext.write_twice(counter, counter)
        with refused(NOT_ALONE + SHARED_HERE):
            counter.absorb(counter)  # Arguments are borrowed before the receiver.
        assert counter.same_total(counter) is True
        assert ext.read_twice(counter, counter) == 8
    assert is_free(counter)
    assert ext.write_and_read(Counter(1), Counter(2)) == 3
    assert ext.read_and_write(Counter(1), Counter(2)) == 3


def test_the_flag_is_free_again_after_cpp_exceptions():
    counter = Counter(4)
    for _ in range(3):
        for fail, error in [(counter.throw_shared, RuntimeError), (counter.throw_exclusive, RuntimeError), (counter.fail_exclusive, ValueError)]:
            with pytest.raises(error):
                fail()
            assert is_free(counter)
        with pytest.raises(TypeError):
            ext.write_and_read(counter, 3)
        with pytest.raises(TypeError):
            ext.by_ref_mut(counter, "x")
        with pytest.raises(TypeError):
            ext.write_twice(Counter(), object())
    assert is_free(counter)


def test_try_borrow_reports_instead_of_throwing():
    counter = Counter(1)
    assert ext.try_both(counter) == "shared / RuntimeError: " + NOT_ALONE + SHARED_HERE
    assert counter.call_exclusive(lambda: ext.try_both(counter)) == (
        "RuntimeError: " + NOT_SHARED + ALONE_HERE + " / RuntimeError: " + NOT_ALONE + ALONE_HERE
    )
    assert is_free(counter)


def test_an_argument_conversion_may_use_the_receiver():
    counter = Counter(10)

    class Sneaky:
        def __index__(self):
            return counter.add(5)

    assert counter.add(Sneaky()) == 30
    assert counter.sum3(Sneaky(), Sneaky(), c=Sneaky()) == 45 + 35 + 40 + 45
    with refused(NOT_ALONE + ALONE_HERE, where="reference_then_number() argument 2"):
        ext.reference_then_number(counter, Sneaky())  # Arguments are borrowed from left to right.
    assert is_free(counter)


def test_a_ref_keeps_the_object_alive():
    owner = [Counter(77)]
    assert ext.unsafe_drop(owner[0], owner) == 77
    assert owner == []


def test_the_receiver_may_lose_its_last_name_during_the_call():
    holder = {"counter": Counter(5)}
    holder["counter"].call_exclusive(lambda: holder.clear() or gc.collect())
    assert holder == {}
    assert ext.live() == 0


def test_values_are_copied_in_and_out():
    counter = Counter(1)
    assert ext.by_value(counter) == 1001 and counter.total == 1
    assert ext.sum_by_value([Counter(1), Counter(2), counter]) == 4
    made = ext.make_many(5)
    assert [type(one) for one in made] == [Counter] * 5
    assert [one.total for one in made] == list(range(5))
    assert ext.make_one(9).total == 9 and ext.make_bound(8).name == "bound"
    assert ext.same(counter) is counter
    with pytest.raises(TypeError, match=r"^by_value\(\) argument 'counter' must be Counter, not int$"):
        ext.by_value(3)
    with pytest.raises(TypeError, match=r"^same\(\) argument 'counter' must be Counter, not Point$|^same\(\) argument 'counter' must be Counter, not classes_ext\.Point$"):
        ext.same(ext.Point(1, 2))
    with pytest.raises(ValueError, match="start may not be -1"):
        ext.make_one(-1)
    with pytest.raises(KeyError):
        ext.make_bound(-2)


def test_a_pretended_class_is_not_believed():
    class Pretender:
        __class__ = Counter

    assert isinstance(Pretender(), Counter)
    for function in (ext.by_ref, ext.by_value, ext.by_ref_mut, ext.same, lambda x: ext.read_twice(x, x)):
        with pytest.raises(TypeError):
            function(Pretender())


# --- Threads -------------------------------------------------------------------------------------------------------------


def test_another_thread_is_refused_in_the_middle_of_an_exclusive_borrow():
    counter = Counter(0)
    not_shared, allowed, wrong = [], [], []
    done = threading.Event()
    # With a GIL only the slow call is ever seen in the middle.
    seen = [ALONE_ELSEWHERE] + ([SHARED_ELSEWHERE, SHARED_BY_SEVERAL] if FREE_THREADED else [])
    not_alone = [NOT_ALONE + held for held in seen]

    def look():
        while not done.is_set():
            try:
                if counter.total % 2:
                    wrong.append("torn")
                allowed.append(1)
            except RuntimeError as error:
                if str(error) != NOT_SHARED + ALONE_ELSEWHERE:
                    wrong.append(str(error))
                not_shared.append(1)
            try:
                counter.add(2)
            except RuntimeError as error:
                if str(error) not in not_alone:
                    wrong.append(str(error))

    lookers = [threading.Thread(target=look) for _ in range(3)]
    for looker in lookers:
        looker.start()
    slow = 0
    for attempt in range(3000):
        if attempt >= 30 and slow:  # Without a GIL the others are in the way most of the time.
            break
        try:
            counter.slow_add_two(3)
            slow += 1
        except RuntimeError as error:
            if str(error) not in not_alone:
                wrong.append(str(error))
    done.set()
    for looker in lookers:
        looker.join()
    assert wrong == [] and not_shared and slow
    assert counter.total % 2 == 0
    assert is_free(counter)


def test_readers_in_several_threads_share_and_keep_a_writer_out():
    counter = Counter(1)
    results = []
    met, leave = threading.Barrier(5), [threading.Event() for _ in range(4)]

    def read(may_leave):
        def inside():
            met.wait(PATIENCE)
            total = counter.slow_total(50)
            may_leave.wait(PATIENCE)
            return total

        results.append(counter.call_shared(inside))

    readers = [threading.Thread(target=read, args=(may_leave,)) for may_leave in leave]
    for reader in readers:
        reader.start()
    met.wait(PATIENCE)
    for reader, may_leave in zip(readers, leave):
        with refused(NOT_ALONE + SHARED_BY_SEVERAL):
            counter.add(1)
        with refused(NOT_ALONE + SHARED_BY_SEVERAL):  # Also once there is but one.
            counter.call_shared(lambda: counter.add(1))
        may_leave.set()
        reader.join()
    assert results == [1] * 4
    assert is_free(counter)


def test_a_single_reader_in_another_thread_keeps_a_writer_out():
    counter = Counter(1)
    met, leave = threading.Barrier(2), threading.Event()

    def stay():
        met.wait(PATIENCE)
        leave.wait(PATIENCE)

    reader = threading.Thread(target=lambda: counter.call_shared(lambda: counter.call_shared(stay)))
    reader.start()
    met.wait(PATIENCE)
    with refused(NOT_ALONE + SHARED_ELSEWHERE):
        counter.add(1)
    leave.set()
    reader.join()
    assert is_free(counter)
    with refused(NOT_ALONE + SHARED_HERE):
        counter.call_shared(lambda: counter.call_shared(lambda: counter.add(1)))
    assert is_free(counter)


# --- Destruction ---------------------------------------------------------------------------------------------------------


def test_a_destructor_that_runs_python_keeps_the_pending_exception():
    log = []

    def callback():
        try:
            raise LookupError("caught inside")
        except LookupError:
            log.append("ran")

    # The interpreter drops the argument, its last reference, with the TypeError pending.
    with pytest.raises(TypeError, match=r"^by_ref\(\) argument 'counter' must be Counter, not "):
        ext.by_ref(ext.Loud(callback))
    assert log == ["ran"]


def test_an_exception_in_a_destructor_goes_to_the_unraisable_hook(monkeypatch):
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda info: seen.append((info.exc_value, info.object)))
    inner = LookupError("in the destructor")

    def callback():
        raise inner

    with pytest.raises(TypeError, match=r"^by_ref\(\) argument 'counter' must be Counter, not "):
        ext.by_ref(ext.Loud(callback))
    ext.Loud(callback)
    assert seen == [(inner, callback)] * 2
    inner.__traceback__ = None


def test_a_chain_of_objects_is_freed():
    chain = ext.Node(None)
    for _ in range(1000):
        chain = ext.Node(chain)
    assert ext.live() == 1001
    del chain
    assert ext.live() == 0


def test_a_very_long_chain_of_objects_is_freed_without_overflowing_the_stack(run_python):
    done = run_python(
        "import classes_ext\n"
        "chain = None\n"
        "for _ in range(1000000): chain = classes_ext.Node(chain)\n"
        "del chain\n"
        "assert classes_ext.live() == 0\n"
    )
    assert done.returncode == 0, (done.returncode, done.stderr[-500:])


def test_objects_without_traverse_are_not_tracked_by_the_collector():
    assert not gc.is_tracked(Counter())
    counter = Counter()
    gc.collect()
    assert counter.total == 0


def test_reference_counts_are_exact_around_every_operation():
    counter, other, callback = Counter(5), Counter(6), lambda: None
    operations = [
        lambda: counter.add(1),
        lambda: counter.total,
        lambda: counter.name,
        lambda: counter.rename("x"),
        lambda: counter.call_shared(callback),
        lambda: counter.call_exclusive(callback),
        lambda: counter.absorb(other),
        lambda: counter.same_total(counter),
        lambda: counter.absorb(counter),
        lambda: counter.throw_exclusive(),
        lambda: counter.add("x"),
        lambda: counter.twin(),
        lambda: (len(counter), repr(counter), str(counter), bool(counter)),
        lambda: ext.write_and_read(counter, other),
        lambda: ext.write_and_read(counter, counter),
        lambda: ext.by_ref(counter),
        lambda: ext.by_ref_value(counter),
        lambda: ext.by_ref_mut(counter),
        lambda: ext.by_ref_mut(counter, "x"),
        lambda: ext.by_value(counter),
        lambda: ext.sum_by_value([counter, other, 3]),
        lambda: ext.same(counter),
        lambda: ext.same(callback),
        lambda: ext.call_with_borrow(counter, callback),
        lambda: ext.call_with_borrow_mut(counter, callback),
        lambda: ext.try_both(counter),
    ]
    for operation in operations:
        before = [sys.getrefcount(thing) for thing in (counter, other, callback, Counter)]
        for _ in range(20):
            try:
                operation()
            except (TypeError, RuntimeError):
                pass
        assert [sys.getrefcount(thing) for thing in (counter, other, callback, Counter)] == before, inspect.getsource(operation)


def test_making_and_dropping_objects_keeps_no_memory(assert_no_growth):
    assert_no_growth(lambda: Counter(3, "some name that is long enough for the heap").twin())
    assert_no_growth(lambda: ext.make_many(10))
    assert_no_growth(lambda: ext.Point(1, 2))
    assert_no_growth(lambda: ext.Empty())
    assert_no_growth(lambda: ext.Node(ext.Node(None)))
    assert_no_growth(lambda: ext.Loud(lambda: None))
    assert_no_growth(lambda: Counter.__new__(Counter, 1, name="n"))
