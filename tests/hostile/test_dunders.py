# SPDX-License-Identifier: MIT
"""Dunders whose functions, operands and classes do what nobody should."""
import copy
import gc
import itertools
import operator
import sys
import weakref

import dunders_ext as ext
import pytest


class Base:
    def __add__(self, other):
        return "Base.add" if isinstance(other, int) else NotImplemented

    def __radd__(self, other):
        return "Base.radd" if isinstance(other, Base) else NotImplemented

    def __pow__(self, other):
        return "Base.pow" if isinstance(other, int) else NotImplemented

    def __rpow__(self, other):
        return "Base.rpow" if isinstance(other, Base) else NotImplemented


class WithAdd(Base):
    def __add__(self, other):
        return "WithAdd.add" if isinstance(other, int) else NotImplemented

    def __pow__(self, other):
        return "WithAdd.pow" if isinstance(other, int) else NotImplemented


class WithRadd(Base):
    def __radd__(self, other):
        return "WithRadd.radd" if isinstance(other, int) else NotImplemented


def family(base, with_add, with_radd):
    own = lambda self, other: "own.add" if isinstance(other, int) else NotImplemented  # noqa: E731
    classes = [base, with_add, with_radd]
    for parent in (base, with_add, with_radd):
        classes += [type("Empty", (parent,), {}), type("Adds", (parent,), {"__add__": own}),
                    type("Radds", (parent,), {"__radd__": own})]
    return [cls() for cls in classes] + [1, "text"]


def result_of(operation, a, b):
    try:
        return operation(a, b)
    except TypeError:
        return TypeError


@pytest.mark.parametrize("operation", [operator.add, operator.pow])
def test_the_operators_of_bases_are_asked_as_in_python(operation):
    native = family(ext.Base, ext.WithAdd, ext.WithRadd)
    twins = family(Base, WithAdd, WithRadd)
    for i, j in itertools.product(range(len(twins)), repeat=2):
        if i < 12 or j < 12:
            assert result_of(operation, native[i], native[j]) == result_of(operation, twins[i], twins[j]), (i, j)


@pytest.mark.parametrize("operation", [
    lambda it: it.x, lambda it: setattr(it, "x", 1), lambda it: it["x"], lambda it: it + 1, operator.neg, hash, len,
    bool])
def test_endless_recursion_is_an_error(operation):
    with pytest.raises(RecursionError):
        operation(ext.Endless())
    assert ext.Endless() is not None  # The stack is as it was.


def test_getattr_can_be_overridden():
    class Own(ext.Made):
        def __getattr__(self, name):
            return "Own." + name

    class Asks(ext.Made):
        def __getattr__(self, name):
            return "Asks:" + super().__getattr__(name)

    class Empty(ext.Made):
        pass

    class Always(ext.Made):
        def __getattribute__(self, name):
            raise AttributeError(name)

    assert (Own().x, Asks().x, Empty().x, Always().x) == ("Own.x", "Asks:Made.x", "Made.x", "Made.x")
    assert ext.MadeToo().x == "MadeToo.x" and ext.MadeToo().who() == "base"
    for made in (ext.Made(), Empty()):
        assert not hasattr(made, "none")


def test_a_base_that_is_changed():
    kept = ext.Made.__getattr__, ext.Made.__delattr__
    derived = ext.MadeToo()
    try:
        ext.Made.__getattr__ = lambda self, name: "patched"
        ext.Made.__delattr__ = lambda self, name: None
        assert ext.Made().x == "patched" and derived.x == "MadeToo.x" and derived.__class__ is ext.MadeToo
        del derived.x
        derived.x = 1
    finally:
        ext.Made.__getattr__, ext.Made.__delattr__ = kept


def test_inequality_alone_leaves_the_hash():
    it = ext.OnlyNe()
    assert hash(it) == object.__hash__(it) and it == it and not it != it


def test_what_is_virtual_is_not_sliced():
    shape, big = ext.Shape(), ext.Big()
    shape += shape
    shape += big
    assert shape.total == 101
    big += ext.Big()
    assert big.total == 100
    with pytest.raises(RuntimeError, match="[Aa]lready"):
        big += big
    assert big.total == 100


def test_cycles_through_iterators_are_collected():
    for make in (lambda items: ext.iterate(items), lambda items: iter(ext.Holder(items))):
        class Item:
            pass

        item = Item()
        item.iterator = make([item])
        gone = weakref.ref(item)
        del item
        gc.collect()
        assert gone() is None


@pytest.mark.parametrize("make", [lambda: iter(ext.Items()), lambda: ext.Items().copied(), ext.Next])
def test_an_iterator_that_is_dropped_while_it_runs(make):
    # islice lets go of its iterator when that raises: here inside of the call that it makes.
    pieces = itertools.islice(make(), 3)

    def again():
        with pytest.raises(RuntimeError):
            next(pieces)
        gc.collect()
        return "item"

    ext.set_hook(again)
    assert list(pieces) in ([], ["item"])
    ext.set_hook(lambda: None)


@pytest.mark.parametrize("make", [iter, reversed])
def test_numbers_that_are_in_use_while_somebody_iterates(make):
    numbers = ext.Numbers([1, 2, 3])
    iterator = make(numbers)
    assert next(iterator) == (1 if make is iter else 3)
    seen = []

    def refused():
        with pytest.raises(RuntimeError, match="[Aa]lready"):
            next(iterator)
        seen.append(operator.length_hint(iterator))

    numbers.change(refused)
    assert next(iterator) == 8  # Which has not moved on meanwhile, nor ended.
    numbers.look(lambda: seen.append(next(iterator)))
    assert seen == [0, 9 if make is iter else 7]
    assert list(iterator) == [] and operator.length_hint(iterator) == 0
    numbers.change(lambda: None)
    assert list(iterator) == []
    assert list(make(numbers)) == list(make([7, 8, 9]))


def test_an_iterator_over_numbers_lets_go_of_them():
    numbers = ext.Numbers([1, 2])
    count = sys.getrefcount(numbers)
    iterator = iter(numbers)
    assert sys.getrefcount(numbers) == count + 1
    assert [next(iterator), next(iterator), next(iterator, None)] == [1, 2, None]
    assert sys.getrefcount(numbers) == count
    assert next(iterator, None) is None


def test_numbers_that_are_in_use_are_no_operands():
    numbers, other = ext.Numbers([1]), ext.Numbers([2])

    def refused():
        for attempt in (lambda: numbers == other, lambda: other == numbers, lambda: numbers + other,
                        lambda: other + numbers, lambda: other.__iadd__(numbers), lambda: numbers == numbers):
            with pytest.raises(RuntimeError, match="[Aa]lready"):
                attempt()

    numbers.change(refused)
    other.look(lambda: [pytest.raises(RuntimeError, other.__iadd__, numbers), other + numbers])
    assert list(other + numbers) == [2, 7, 8, 9] and other == other and numbers != other
    other += numbers
    assert list(other) == [2, 7, 8, 9]


def test_operands_of_a_class_that_is_not_complete():
    assert list(ext.Numbers.SUM) == [2, 3]


def test_an_operand_of_a_class_that_is_never_made():
    # Nothing can be of it, so nobody has to make it to find that out.
    for operand in (1, None, ext.Stranger()):
        with pytest.raises(TypeError, match="unsupported operand"):
            ext.Stranger() + operand


def test_an_object_that_changes_its_class_while_it_is_pickled():
    class Other(ext.State):
        pass

    def make():
        class Own(ext.State):
            def __getstate__(self):
                self.__class__ = Other
                gc.collect()
                return {"a": 1}

        return Own(3)

    made = make()
    function, arguments, state = made.__reduce__()
    gc.collect()
    assert arguments[0].__name__ == "Own" and arguments[1] == 3 and state == {"a": 1}
    assert copy.copy(ext.State(4)).__reduce__()[1][1] == 4
