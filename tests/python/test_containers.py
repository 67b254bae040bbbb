# SPDX-License-Identifier: MIT
"""Classes with the methods of list and dict, driven beside list and dict themselves."""
import collections.abc
import copy
import operator
import os
import pickle
import sys

import pytest
from hypothesis import given, settings, strategies as st

import containers_ext as x

small = st.integers(-3, 3)
places = st.one_of(st.integers(-6, 6), st.just(sys.maxsize), st.just(-sys.maxsize - 1))
bounds = st.one_of(st.none(), places)
slices = st.builds(slice, bounds, bounds, st.one_of(st.none(), st.integers(-3, 3), st.just(sys.maxsize)))
keys = st.one_of(places, slices)


def outcome(act):
    """What a call gives: its result, or the type of its exception."""
    try:
        return act()
    except Exception as error:
        return type(error)


def plain(value):
    return list(value) if isinstance(value, x.Ints) else dict(value) if isinstance(value, (x.Counts, x.Table)) else value


list_steps = st.lists(
    st.one_of(
        st.tuples(st.just("get"), keys),
        st.tuples(st.just("set"), places, small),
        st.tuples(st.just("set"), slices, st.lists(small, max_size=4)),
        st.tuples(st.just("del"), keys),
        st.tuples(st.just("append"), small),
        st.tuples(st.just("extend"), st.lists(small, max_size=3)),
        st.tuples(st.just("insert"), places, small),
        st.tuples(st.just("pop")),
        st.tuples(st.just("pop"), places),
        st.tuples(st.just("remove"), small),
        st.tuples(st.just("reverse")),
        st.tuples(st.just("sort")),
        st.tuples(st.just("clear")),
        st.tuples(st.just("index"), small),
        st.tuples(st.just("index"), small, places),
        st.tuples(st.just("index"), small, places, places),
        st.tuples(st.just("count"), small),
        st.tuples(st.just("in"), small),
        st.tuples(st.just("mul"), st.integers(-1, 3)),
        st.tuples(st.just("imul"), st.integers(-1, 2)),
        st.tuples(st.just("iadd"), st.lists(small, max_size=3)),
        st.tuples(st.just("self"), slices),
    ),
    max_size=12)


def list_step(target, name, arguments):
    if name == "get":
        return plain(target[arguments[0]])
    if name == "set":
        target[arguments[0]] = arguments[1]
    elif name == "del":
        del target[arguments[0]]
    elif name == "in":
        return arguments[0] in target
    elif name == "mul":
        return plain(target * arguments[0]), plain(arguments[0] * target)
    elif name == "imul":
        same = target
        same *= arguments[0]
        assert same is target
    elif name == "iadd":
        same = target
        same += arguments[0]
        assert same is target
    elif name == "self":
        target[arguments[0]] = target  # The container itself, as it was before.
    else:
        return getattr(target, name)(*arguments)


@given(st.lists(small, max_size=6), list_steps)
@settings(max_examples=400, deadline=None)
def test_a_list_class_does_what_a_list_does(start, steps):
    mine, model = x.Ints(start), list(start)
    for name, *arguments in steps:
        assert outcome(lambda: list_step(mine, name, arguments)) == outcome(lambda: list_step(model, name, arguments)), name
        assert list(mine) == model and len(mine) == len(model) and list(reversed(mine)) == model[::-1]
        if len(model) > 100:
            break


@given(st.lists(small, max_size=4), st.lists(small, max_size=4))
def test_lists_compare_as_lists(a, b):
    for operation in (operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge):
        assert operation(x.Ints(a), x.Ints(b)) is operation(a, b)
        texts = [str(i) for i in a], [str(i) for i in b]
        assert operation(x.Texts(texts[0]), x.Texts(texts[1])) is operation(*texts)
    assert list(x.Ints(a) + x.Ints(b)) == a + b


words = st.sampled_from(["a", "b", "c", ""])
dict_steps = st.lists(
    st.one_of(
        st.tuples(st.just("get_item"), words),
        st.tuples(st.just("set"), words, small),
        st.tuples(st.just("del"), words),
        st.tuples(st.just("in"), words),
        st.tuples(st.just("get"), words),
        st.tuples(st.just("get"), words, st.just("none")),
        st.tuples(st.just("pop"), words),
        st.tuples(st.just("pop"), words, st.just("none")),
        st.tuples(st.just("setdefault"), words, small),
        st.tuples(st.just("update"), st.dictionaries(words, small, max_size=3)),
        st.tuples(st.just("update"), st.lists(st.tuples(words, small), max_size=3)),
        st.tuples(st.just("ior"), st.dictionaries(words, small, max_size=3)),
        st.tuples(st.just("clear")),
        st.tuples(st.just("popitem_empty")),
    ),
    max_size=12)


def dict_step(target, name, arguments):
    if name == "get_item":
        return target[arguments[0]]
    if name == "set":
        target[arguments[0]] = arguments[1]
    elif name == "del":
        del target[arguments[0]]
    elif name == "in":
        return arguments[0] in target
    elif name == "ior":
        same = target
        same |= arguments[0]
        assert same is target
    elif name == "popitem_empty":
        return target.popitem() if not target else None
    else:
        return getattr(target, name)(*arguments)


@given(st.dictionaries(words, small), dict_steps)
@settings(max_examples=400, deadline=None)
def test_a_dict_class_does_what_a_dict_does(start, steps):
    mine, model = x.Counts(start), dict(start)
    for name, *arguments in steps:
        assert outcome(lambda: dict_step(mine, name, arguments)) == outcome(lambda: dict_step(model, name, arguments)), name
        assert dict(mine) == model and len(mine) == len(model)
        assert list(mine) == sorted(model) and list(reversed(mine)) == sorted(model, reverse=True)
        assert mine.keys() == model.keys() and mine.items() == model.items()
        assert sorted(mine.values()) == sorted(model.values())
        assert mine == x.Counts(model)


def test_construction():
    assert list(x.Ints()) == [] and list(x.Ints(i for i in range(3))) == [0, 1, 2] and list(x.Ints(x.Ints([1]))) == [1]
    assert list(x.Texts("abc")) == ["a", "b", "c"] and list(x.Flags([True, False])) == [True, False]
    assert dict(x.Counts({"a": 1}, b=2)) == {"a": 1, "b": 2} == dict(x.Counts([("a", 1), ("b", 2)]))
    for wrong in (5, None, [1, "a"], ["a"], [1.5]):
        with pytest.raises(TypeError):
            x.Ints(wrong)
    with pytest.raises(OverflowError):
        x.Ints([2**70])
    for wrong in (5, {"a": "b"}, {1: 1}, [1]):
        with pytest.raises((TypeError, ValueError)):
            x.Counts(wrong)
    with pytest.raises(TypeError):
        x.Ints(iterable=[1])


def test_text():
    assert repr(x.Ints([1, 2])) == "Ints([1, 2])" and repr(x.Counts({"a": 1})) == "Counts({'a': 1})"


@pytest.mark.parametrize("act, kind, text", [
    (lambda: x.Ints([1])[5], IndexError, "Ints index out of range"),
    (lambda: x.Ints([1]).__setitem__(-2, 5), IndexError, "Ints assignment index out of range"),
    (lambda: x.Ints().pop(), IndexError, "pop from empty Ints"),
    (lambda: x.Ints([1]).pop(5), IndexError, "Ints pop index out of range"),
    (lambda: x.Ints([1]).remove(5), ValueError, "5 is not in Ints"),
    (lambda: x.Ints([1]).index("a"), ValueError, "'a' is not in Ints"),
    (lambda: x.Ints([1]).__setitem__(slice(None, None, 2), [1, 2]), ValueError, "sequence of size 2 to extended slice of size 1"),
    (lambda: x.Ints([1])["a"], TypeError, "'a'|str"),
    (lambda: x.Ints([1]).append("a"), TypeError, r"append\(\) argument 1 must be int, not str|object"),
    (lambda: x.Counts()["a"], KeyError, "'a'"),
    (lambda: x.Counts()[5], KeyError, "5"),
    (lambda: x.Counts().pop(5), KeyError, "5"),
    (lambda: x.Counts().popitem(), KeyError, "empty"),
    (lambda: hash(x.Ints()), TypeError, "unhashable"),
    (lambda: hash(x.Counts()), TypeError, "unhashable"),
    (lambda: x.Ints([1]) * sys.maxsize * 2, MemoryError, "^$"),
])
def test_errors(act, kind, text):
    with pytest.raises(kind, match=text):
        act()


def test_abstract_classes_and_match():
    assert isinstance(x.Ints(), collections.abc.MutableSequence) and isinstance(x.Counts(), collections.abc.MutableMapping)
    match x.Ints([1, 2, 3]):
        case [first, *rest]:
            assert first == 1 and list(rest) == [2, 3]
        case _:
            pytest.fail("no sequence")
    match x.Counts({"a": 1, "b": 2}):
        case {"a": value, **rest}:
            assert value == 1 and rest == {"b": 2}
        case _:
            pytest.fail("no mapping")
    assert isinstance(x.Counts().keys(), collections.abc.KeysView)
    assert x.Counts({"a": 1}).keys() & {"a", "b"} == {"a"} and ("a", 1) in x.Counts({"a": 1}).items()


def test_functions_share_the_container():
    ints = x.Ints([1])
    x.push_seven(ints)
    assert list(ints) == [1, 7] and x.size_of(ints) == 2 and ints.total() == 8
    assert type(x.make_ints()) is x.Ints and type(x.make_counts()) is x.Counts
    for wrong in ([1], (1,), None):
        with pytest.raises(TypeError, match="Ints"):
            x.push_seven(wrong)
    shelf = x.Shelf()
    shelf.numbers = ints
    shelf.numbers.append(5)  # A copy, as all that is read from a field.
    assert list(shelf.numbers) == [1, 7]


def test_sort():
    ints = x.Ints([3, 1, 2])
    ints.sort(key=lambda i: -i)
    assert list(ints) == [3, 2, 1]
    ints.sort(reverse=False)
    assert list(ints) == [1, 2, 3]
    with pytest.raises(TypeError):
        ints.sort(lambda i: i)
    with pytest.raises(ZeroDivisionError):
        ints.sort(key=lambda i: 1 / 0)
    assert list(ints) == [1, 2, 3]
    with pytest.raises(ValueError, match="modified during sort"):
        ints.sort(key=lambda i: ints.append(i) or i)
    assert sorted(ints)[:3] == [1, 1, 2]


def test_changes_during_iteration():
    ints, seen = x.Ints([1, 2, 3]), []
    for one in ints:
        seen.append(one)
        if len(seen) < 5:
            ints.append(one + 3)
    assert seen == [1, 2, 3, 4, 5, 6, 7]
    iterator = iter(ints)
    next(iterator)
    ints.clear()
    assert list(iterator) == [] and list(iterator) == []
    counts = x.Counts({"a": 1, "b": 2})
    for key in counts:
        counts[key] = 5  # Values may change.
    assert dict(counts) == {"a": 5, "b": 5}
    with pytest.raises(RuntimeError, match="changed size during iteration"):
        for key in counts:
            counts[key + "x"] = 1
    iterator = iter(counts)
    counts.clear()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="changed size"):
            next(iterator)


class Acting:
    """Does something to the container while it is converted or compared."""

    def __init__(self, act, value=1):
        self.act, self.value = act, value

    def __index__(self):
        self.act()
        return self.value

    def __eq__(self, other):
        self.act()
        return False


def test_what_changes_the_container_meanwhile():
    ints = x.Ints([1, 2, 3, 4])
    assert list(ints[Acting(ints.clear, 0):2]) == []
    ints.extend([1, 2, 3])
    del ints[Acting(ints.clear, 0):2]
    assert list(ints) == []

    def items():
        yield 5
        ints.append(9)
        yield 6

    ints.extend(items())
    assert list(ints) == [9, 5, 6]
    ints[0:1] = items()
    assert list(ints) == [5, 6, 5, 6, 9]

    def failing():
        yield 1
        raise KeyError("no more")

    for act in (lambda: ints.extend(failing()), lambda: ints.__setitem__(slice(0, 2), failing()), lambda: x.Ints(failing())):
        with pytest.raises(KeyError, match="no more"):
            act()
    assert list(ints) == [5, 6, 5, 6, 9]
    ints.extend(ints)
    ints += ints
    assert len(ints) == 20
    ints[:] = ints[::-1]
    assert ints[0] == 9

    class Hostile:
        def keys(self):
            return ["a"]

        def __getitem__(self, key):
            counts.clear()
            return 5

    counts = x.Counts({"b": 1})
    counts.update(Hostile())
    assert dict(counts) == {"a": 5}
    counts.update(counts)
    counts |= counts
    assert dict(counts) == {"a": 5}


def test_items_that_are_classes():
    points = x.Points([x.Point(1, 2), x.Point(3, 4)])
    points[0].x = 9  # A copy.
    assert points[0] == x.Point(1, 2) and points.index(x.Point(3, 4)) == 1 and x.Point(1, 2) in points
    assert points.count(x.Point(3, 4)) == 1 and points == x.Points(list(points)) != x.Points()
    points.remove(x.Point(1, 2))
    assert len(points) == 1 and points.pop().y == 4
    with pytest.raises(TypeError):
        points.append((1, 2))
    with pytest.raises(TypeError, match="not supported between instances"):
        x.Points([x.Point(1, 2)]) < x.Points([x.Point(2, 3)])
    places_ = x.Places({1: x.Point(1, 2)})
    assert places_[1].y == 2 and places_ == x.Places({1: x.Point(1, 2)}) and places_.pop(1).x == 1


def test_all_that_is_counted_is_looked_at_once():
    points = x.Points([x.Point(1, 2)]) * 20_000  # Minutes, where each that is found begins anew.
    assert points.count(x.Point(1, 2)) == 20_000 and points.count(x.Point(2, 1)) == points.count(3) == 0
    assert (x.Ints([1, 2]) * 20_000).count(2) == 20_000 and x.Ints([1]).count("1") == 0


@pytest.mark.skipif("asan" in os.environ.get("LD_PRELOAD", ""), reason="it ends the process instead")
def test_a_list_that_no_memory_can_hold_is_refused_before_it_is_filled(run_python):
    done = run_python("""
import resource
import containers_ext as x
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
ints = x.Ints([1, 2])
for product in (lambda: ints * 10**9, lambda: 10**9 * ints, lambda: ints.__imul__(10**9)):
    try:
        product()
    except MemoryError:
        pass
    else:
        raise AssertionError
assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "filled"
assert list(ints) == [1, 2]
""")
    assert done.returncode == 0, done.stderr


def test_flags():
    flags = x.Flags([True, False])
    flags[1] = True
    flags.append(False)
    assert list(flags) == [True, True, False] and flags[-1] is False and flags.count(True) == 2
    flags.reverse()
    assert list(flags[::2]) == [False, True] and flags == x.Flags([False, True, True])
    with pytest.raises(TypeError):
        flags.append(5)


@pytest.mark.parametrize("make", [lambda: x.Ints([1, 2]), lambda: x.Texts(["a"]), lambda: x.Counts({"a": 1}),
                                  lambda: x.Table({1: "a"}), lambda: x.Points([x.Point(1, 2)])])
def test_pickle_and_copy(make):
    made = make()
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        back = pickle.loads(pickle.dumps(made, protocol))
        assert back == made and type(back) is type(made)
    for other in (copy.copy(made), copy.deepcopy(made), made.copy()):
        assert other == made and other is not made
        other.clear()
        assert len(made) != 0


def test_subclasses():
    class Mine(x.Texts):
        def shout(self):
            return [text.upper() for text in self]

    mine = Mine(["a"])
    mine.extra = 1
    mine += ["b"]
    assert mine.shout() == ["A", "B"] and type(mine) is Mine and mine == Mine(["a", "b"]) == x.Texts(["a", "b"])

    class Default(x.Counts):
        def __missing__(self, key):
            return 0

    assert isinstance(Default(), collections.abc.MutableMapping)


def test_no_reference_is_lost_or_kept():
    value = "a text of its own"

    def use():
        texts = x.Texts([value])
        texts.append(value)
        value in texts
        texts.index(value)
        counts = x.Counts({value: 1})
        counts[value]
        list(counts.items())
        counts.get(value), counts.get("b", value), counts.pop("b", value)
        for _ in counts:
            break
        with pytest.raises(KeyError):
            counts["b"]

    use()
    before = sys.getrefcount(value), sys.getrefcount(x.Texts)
    for _ in range(50):
        use()
    assert sys.getrefcount(value) == before[0] and sys.getrefcount(x.Texts) < before[1] + 10
