# SPDX-License-Identifier: MIT
"""What C++ lends to an operation, and Python code changes or drops meanwhile; the C++ side is lent_ext.cpp."""
import gc

import lent_ext as ext
import pytest


class Item:
    pass


class Drops:
    """Drops what C++ holds where it is hashed or compared."""

    def __hash__(self):
        ext.drop()
        gc.collect()
        return 1

    def __eq__(self, other):
        return self is other


class DropsAtTheEnd:
    """Does it when the collector finds it."""

    def __init__(self, action):
        self.action, self.itself = action, self

    def __del__(self):
        self.action()


@pytest.fixture
def collector_at_every_allocation():
    usual = gc.get_threshold()
    yield lambda: gc.set_threshold(1)
    gc.set_threshold(*usual)


def test_an_argument_lives_until_its_turn_comes():
    for _ in range(50):
        ext.hold(Item())
        made = ext.set_of(Drops())
        assert sorted(type(item).__name__ for item in made) == ["Drops", "Item"]


# Up to 3.11 the collector runs where a container is made.
@pytest.mark.parametrize("make", [ext.tuple_of, lambda first: ext.call_with(lambda lists, item: item)])
def test_an_argument_lives_while_the_collector_runs(make, collector_at_every_allocation):
    for _ in range(50):
        ext.hold(Item())
        DropsAtTheEnd(ext.drop)
        collector_at_every_allocation()
        try:
            made = make(1)
        except IndexError:
            continue  # The collector ran before the call.
        finally:
            gc.set_threshold(0)
        assert "Item" in repr(made)
    ext.drop()


@pytest.mark.parametrize("size", [0, 3, 5000])
def test_a_container_may_change_while_its_list_is_made(size, collector_at_every_allocation):
    for _ in range(20):
        ext.resize(100)
        DropsAtTheEnd(lambda: ext.resize(size))
        collector_at_every_allocation()
        made = ext.entries()
        gc.set_threshold(0)
        assert len(made) in (size, 100) and set(made) <= {7}


@pytest.mark.parametrize("read", [lambda log: log.get(), lambda log: log.entries])
@pytest.mark.parametrize("cls", [ext.Log, type("Child", (ext.Log,), {})])
def test_what_a_method_or_getter_refers_to_is_borrowed_while_it_is_converted(cls, read):
    log = cls()
    for number in range(3):
        log.add(number)
    ext.show_by(lambda number: log.add(number))  # Would move the entries.
    with pytest.raises(RuntimeError, match="Already borrowed: 'Log' object"):
        read(log)
    ext.show_by(str)
    assert read(log) == ["0", "1", "2"]
    log.add(3)  # The borrow is over.
    ext.show_by(None)


def test_a_conversion_that_leads_to_itself_through_a_pointer():
    class Node:
        next = None

    one, two = Node(), Node()
    one.next = two
    assert ext.length(one) == 2
    two.next = one
    with pytest.raises(RecursionError):
        ext.length(one)
    two.next = None
