# SPDX-License-Identifier: MIT
"""Containers, iteration, calls, attributes and descriptors, beside list, dict and Python's own classes."""
import gc
import inspect
import operator
import sys
import threading
import weakref

import protocols_ext as ext
import pytest

HUGE = [2**31, 2**63 - 1, -(2**63), 2**64, -(2**64)]


def result_of(operation, *arguments):
    try:
        result = operation(*arguments)
        return list(result) if isinstance(result, ext.Ints) else result
    except Exception as error:
        return type(error)


@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_indices_equal_those_of_a_list(size):
    for index in list(range(-size - 2, size + 2)) + HUGE + [True, None, "x", 1.0]:
        twin, ints = list(range(size)), ext.Ints(list(range(size)))
        assert result_of(operator.getitem, ints, index) == result_of(operator.getitem, twin, index)
        assert result_of(operator.setitem, ints, index, 9) == result_of(operator.setitem, twin, index, 9)
        assert list(ints) == twin
        assert result_of(operator.delitem, ints, index) == result_of(operator.delitem, twin, index)
        assert list(ints) == twin


def test_slices_equal_those_of_a_list():
    bounds = [None, -7, -3, -1, 0, 1, 2, 4, 9, 2**80, -(2**80)]
    for start in bounds:
        for stop in bounds:
            for step in [None, 1, 2, -1, -2, 0, 2**80]:
                part = slice(start, stop, step)
                assert result_of(operator.getitem, ext.Ints([0, 1, 2, 3, 4]), part) == result_of(
                    operator.getitem, [0, 1, 2, 3, 4], part)


def test_random_operations_equal_those_of_a_list():
    hypothesis = pytest.importorskip("hypothesis")
    st = hypothesis.strategies
    number, index = st.integers(-(2**40), 2**40), st.integers(-6, 6)
    step = st.one_of(st.tuples(st.just("append"), number), st.tuples(st.just("set"), index, number),
                     st.tuples(st.just("del"), index), st.tuples(st.just("get"), index),
                     st.tuples(st.just("in"), number), st.tuples(st.just("iadd"), st.lists(number, max_size=3)),
                     st.tuples(st.just("twice")), st.tuples(st.just("clear")))

    def apply(target, make, step):
        name, *rest = step
        if name == "append":
            return target.append(*rest)
        if name == "set":
            return target.__setitem__(*rest)
        if name == "del":
            return target.__delitem__(*rest)
        if name == "get":
            return target[rest[0]]
        if name == "in":
            return rest[0] in target
        if name == "iadd":
            target += make(rest[0])
            return None
        if name == "twice":
            target += target
            return list(target + target)
        return target.clear()

    @hypothesis.settings(max_examples=200, deadline=None)
    @hypothesis.given(st.lists(number, max_size=5), st.lists(step, max_size=12))
    def check(start, steps):
        twin, ints = list(start), ext.Ints(start)
        for each in steps:
            assert result_of(apply, ints, ext.Ints, each) == result_of(apply, twin, list, each)
            assert list(ints) == twin and len(ints) == len(twin) and list(reversed(ints)) == twin[::-1]

    check()


def test_what_does_not_convert_is_not_in_the_container():
    ints = ext.Ints([1, 2])
    assert 1 in ints and True in ints and 3 not in ints
    for foreign in ["x", None, 1.5, [], object()]:
        assert foreign not in ints

    class Broken:
        def __index__(self):
            raise LookupError("broken")

    with pytest.raises(LookupError, match="broken"):
        Broken() in ints


def test_the_sequence_protocol_of_c():
    ints = ext.Ints([1, 2, 3])
    assert operator.indexOf(ints, 2) == 1 and operator.countOf(ints, 3) == 1
    assert operator.length_hint(iter(ints)) == 3 and list(map(int, ints)) == [1, 2, 3]
    first, *rest = ints
    assert (first, rest) == (1, [2, 3])


def test_a_mapping():
    table = ext.Table()
    table["b"], table["a"] = 2, 1
    assert (table["a"], len(table), "a" in table, "x" in table, 1 in table) == (1, 2, True, False, False)
    assert (list(table), list(table.values()), list(table.items())) == (["a", "b"], [1, 2], [("a", 1), ("b", 2)])
    for operation in [lambda: table["x"], lambda: operator.delitem(table, "x")]:
        with pytest.raises(KeyError, match="x"):
            operation()
    with pytest.raises(TypeError, match=r"Table.__getitem__\(\) argument 1 must be str, not int"):
        table[1]
    with pytest.raises(TypeError, match=r"Table.__setitem__\(\) argument 2 must be int, not str"):
        table["a"] = "x"
    assert table.first() == ("a", 1)
    del table["a"]
    assert list(table) == ["b"] and list(table.doubled()) == [4]


def test_an_iterator_by_index_sees_its_container_change():
    ints = ext.Ints([1, 2, 3])
    iterator = iter(ints)
    assert next(iterator) == 1
    ints.append(4)
    assert list(iterator) == [2, 3, 4]
    ints.append(5)
    assert list(iterator) == []  # Once at the end it stays there.
    iterator = iter(ints)
    next(iterator)
    ints.clear()
    assert list(iterator) == [] and operator.length_hint(iter(ints)) == 0


def test_an_iterator_that_cannot_be_invalidated_borrows():
    table = ext.Table()
    iterator = table.numbers()
    assert next(iterator) == 1
    with pytest.raises(RuntimeError, match="[Aa]lready"):
        table.add_number(9)
    assert list(iterator) == [2, 3]
    table.add_number(9)
    iterator = table.numbers()
    next(iterator)
    del iterator
    table.add_number(10)
    assert list(table.numbers()) == [1, 2, 3, 9, 10]


def test_an_iterator_keeps_its_object_alive():
    class Own(ext.Ints):
        pass

    ints = Own([1, 2, 3])
    gone, iterator = weakref.ref(ints), iter(ints)
    del ints
    gc.collect()
    assert gone() is not None and list(iterator) == [1, 2, 3]
    gc.collect()
    assert gone() is None


def test_a_cycle_through_an_iterator_is_collected():
    class Own(ext.Ints):
        pass

    ints = Own([1, 2, 3])
    ints.iterator = iter(ints)
    gone = weakref.ref(ints)
    del ints
    gc.collect()
    assert gone() is None


def test_iterators_of_their_own():
    assert list(ext.texts(3)) == ["0", "1", "2"] and list(ext.texts(0)) == []
    countdown = ext.Countdown(3)
    assert iter(countdown) is countdown and operator.length_hint(countdown) == 3
    assert list(countdown) == [3, 2, 1] and next(countdown, "end") == "end"
    with pytest.raises(StopIteration):
        next(countdown)
    with pytest.raises(TypeError, match="cannot create"):
        type(ext.texts(1))()


def test_a_call():
    caller = ext.Caller()
    assert (caller(1), caller(1, 2), caller(b=3, a=2), caller(*[4], **{"b": 5})) == (11, 12, 23, 45)
    for arguments, keywords in [((), {}), ((1, 2, 3), {}), ((1,), {"c": 1}), ((1,), {"a": 1}), (("x",), {})]:
        with pytest.raises(TypeError, match=r"Caller.__call__\(\)"):
            caller(*arguments, **keywords)
    assert callable(caller) and not callable(ext.Table())


def test_attributes_that_are_made_up():
    dynamic = ext.Dynamic()
    assert (dynamic.anything, dynamic.known) == ("made anything", 7)
    assert not hasattr(dynamic, "no_way") and getattr(dynamic, "no_way", 3) == 3
    dynamic.x = 5
    assert dynamic.set_values == {"x": 5}
    del dynamic.x
    assert dynamic.set_values == {}
    with pytest.raises(TypeError, match=r"Dynamic.__setattr__\(\) argument 2 must be int"):
        dynamic.x = "text"


def test_attributes_as_they_are_without_the_dunders():
    counted = ext.Counted()
    counted.x = 5
    before = counted.reads
    assert counted.x == 5 and counted.reads == before + 2
    with pytest.raises(AttributeError, match="not no"):
        counted.no = 1
    del counted.x
    for operation in [lambda: counted.x, lambda: delattr(counted, "x"), lambda: setattr(counted, "reads", 1)]:
        with pytest.raises(AttributeError):
            operation()


def test_an_iterator_over_a_value_of_one_thread():
    iterator = iter(ext.OfThread())
    assert next(iterator) == 1
    caught = []

    def elsewhere():
        with pytest.raises(RuntimeError, match="thread"):
            next(iterator)
        caught.append(True)

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert caught and list(iterator) == [2, 3]


def test_a_descriptor():
    class Owner:
        field = ext.Field()

    assert isinstance(Owner.field, ext.Field) and Owner.field.name == "field"
    owner = Owner()
    owner.field = 4
    assert owner.field == 4 and inspect.isdatadescriptor(Owner.__dict__["field"])
    with pytest.raises(TypeError, match="doesn't support deletion"):
        del owner.field


def test_a_context_manager():
    scope = ext.Scope()
    with scope as entered:
        assert entered is scope and scope.open
    assert not scope.open
    with scope:
        raise ValueError("swallow")
    with pytest.raises(ValueError, match="other"):
        with scope:
            raise ValueError("other")


def test_protocols_leak_nothing():
    ints, table = ext.Ints([1, 2, 3]), ext.Table()
    table["a"] = 1
    counts = [sys.getrefcount(it) for it in (ints, table, type(iter(ints)))]
    for _ in range(200):
        list(ints), list(reversed(ints)), ints[0], ints[:2], 1 in ints, "x" in ints, iter(ints), ints == 1
        list(table.items()), list(table.doubled()), next(table.numbers())
        for operation in (lambda: ints[9], lambda: ints["x"], lambda: table["x"], lambda: table[1]):
            with pytest.raises(Exception):
                operation()
    after = [sys.getrefcount(it) for it in (ints, table, type(iter(ints)))]
    assert all(abs(a - b) < 20 for a, b in zip(counts, after)), (counts, after)
