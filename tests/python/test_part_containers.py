# SPDX-License-Identifier: MIT
"""Containers that are parts of an object, driven beside list, dict and set; and classes that are containers."""
import collections.abc
import copy
import gc
import operator
import pickle
import sys
import weakref

import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

import part_containers_ext as x
from conftest import OF_A_LOCAL

small = st.integers(-3, 3)
places = st.one_of(st.integers(-7, 7), st.just(sys.maxsize), st.just(-sys.maxsize - 1))
bounds = st.one_of(st.none(), places)
slices = st.builds(slice, bounds, bounds, st.one_of(st.none(), st.integers(-3, 3), st.just(sys.maxsize), st.just(-sys.maxsize)))
words = st.sampled_from(["a", "b", "c", ""])


def outcome(act):
    """What a call gives: its result, or the type of its exception."""
    try:
        return plain(act())
    except Exception as error:
        return type(error)


def plain(value):
    if isinstance(value, x.Point):
        return value.x
    if isinstance(value, (list, tuple)) or isinstance(value, collections.abc.MutableSequence):
        return [plain(one) for one in value]
    if isinstance(value, collections.abc.Mapping):
        return {key: plain(one) for key, one in value.items()}
    return value


class Lists(RuleBasedStateMachine):
    """A list of numbers and a list of parts, beside lists; elements of the latter are held meanwhile."""

    def __init__(self):
        super().__init__()
        self.box = x.Box()
        self.ints, self.points = self.box.ints, self.box.points  # The views are held all the time.
        self.model, self.xs = [], []
        self.held, self.iterators = {}, []

    def both(self, act):
        """The same on the numbers and on the parts."""
        assert outcome(lambda: act(self.ints, lambda i: i)) == outcome(lambda: act(self.model, lambda i: i))
        assert outcome(lambda: act(self.points, x.Point)) == outcome(lambda: act(self.xs, lambda i: i))

    @rule(at=st.one_of(places, slices))
    def get(self, at):
        self.both(lambda target, _: target[at])

    @rule(at=places, value=small)
    def set(self, at, value):
        self.both(lambda target, make: operator.setitem(target, at, make(value)))

    @rule(at=slices, values=st.lists(small, max_size=4))
    def set_slice(self, at, values):
        self.both(lambda target, make: operator.setitem(target, at, [make(value) for value in values]))

    @rule(at=slices, part=slices)
    def set_slice_to_own(self, at, part):
        self.both(lambda target, _: operator.setitem(target, at, target[part]))

    @rule(at=st.one_of(places, slices))
    def delete(self, at):
        self.both(lambda target, _: operator.delitem(target, at))

    @rule(value=small)
    def append(self, value):
        self.both(lambda target, make: target.append(make(value)))

    @rule(values=st.lists(small, max_size=3))
    def extend(self, values):
        self.both(lambda target, make: target.extend(make(value) for value in values))

    @rule()
    def extend_with_itself(self):
        if len(self.model) + len(self.xs) < 60:
            self.both(lambda target, _: target.extend(target))
            self.both(lambda target, _: target.extend(target[:2]))

    @rule(at=places, value=small)
    def insert(self, at, value):
        self.both(lambda target, make: target.insert(at, make(value)))

    @rule(at=st.one_of(st.just(-1), places))
    def pop(self, at):
        self.both(lambda target, _: target.pop(at))

    @rule(value=small)
    def remove_and_find(self, value):
        self.both(lambda target, make: (target.count(make(value)), make(value) in target))
        self.both(lambda target, make: target.index(make(value)))
        self.both(lambda target, make: target.remove(make(value)))

    @rule(value=small, start=places, stop=places)
    def find_between(self, value, start, stop):
        self.both(lambda target, make: target.index(make(value), start, stop))

    @rule()
    def reverse(self):
        self.both(lambda target, _: target.reverse())

    @rule(back=st.booleans())
    def sort(self, back):
        self.both(lambda target, _: target.sort(key=lambda one: getattr(one, "x", one), reverse=back))

    @rule(times=st.integers(-1, 2))
    def multiply(self, times):
        if len(self.model) + len(self.xs) < 60:
            self.both(lambda target, _: target * times)
            self.both(lambda target, _: times * target)
            self.both(lambda target, _: operator.imul(target, times))

    @rule(values=st.lists(small, max_size=3))
    def add(self, values):
        self.both(lambda target, make: target + [make(value) for value in values])
        self.both(lambda target, make: [make(value) for value in values] + target)
        self.both(lambda target, make: target + target)
        self.both(lambda target, make: operator.iadd(target, [make(value) for value in values]))

    @rule(values=st.lists(small, max_size=3))
    def compare(self, values):
        for operation in (operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge):
            assert operation(self.ints, values) is operation(self.model, values)
            assert operation(values, self.ints) is operation(values, self.model)
        assert (self.points == [x.Point(value) for value in values]) is (self.xs == values)

    @rule()
    def clear(self):
        self.both(lambda target, _: target.clear())

    @rule(values=st.lists(small, max_size=4))
    def assign(self, values):
        self.box.ints, self.model = values, list(values)
        self.box.points = [x.Point(value) for value in values]
        self.xs = list(values)

    @rule()
    def assign_itself(self):
        self.box.ints = self.box.ints
        self.box.points = self.box.points
        self.box.points = self.box.points[::-1]
        self.xs = self.xs[::-1]

    @rule(value=small)
    def filter(self, value):
        self.box.points = (point for point in self.box.points if point.x != value)
        self.xs = [one for one in self.xs if one != value]

    # The owner's own methods.
    @rule(value=small)
    def push(self, value):
        self.box.push(value)
        self.model.append(value)

    @rule(size=st.integers(0, 8))
    def resize(self, size):
        self.box.resize(size)
        self.model = (self.model + [0] * size)[:size]
        self.box.resize_points(size)
        self.xs = (self.xs + [0] * size)[:size]

    @rule(size=st.integers(0, 8), value=small)
    def replace(self, size, value):
        self.box.replace_points(size, value)
        self.xs = [value] * size

    # Elements that are held.
    @rule(at=places)
    def hold(self, at):
        if -len(self.xs) <= at < len(self.xs):
            part = self.points[at]
            index = at % len(self.xs)
            assert self.held.setdefault(index, part) is part

    @rule(at=places)
    def let_go(self, at):
        self.held.pop(at, None)

    @rule(by=small)
    def change_held(self, by):
        for index, part in self.held.items():
            if index < len(self.xs):
                part.move(by)
                self.xs[index] += by
            else:
                with pytest.raises(IndexError):
                    part.move(by)

    @rule(back=st.booleans())
    def iterate(self, back):
        self.iterators.append([(reversed if back else iter)(target) for target in (self.ints, self.model)])

    @rule(back=st.booleans())
    def iterate_parts(self, back):
        self.iterators.append([(reversed if back else iter)(target) for target in (self.points, self.xs)])

    @rule()
    def collect(self):
        gc.collect(0)

    @invariant()
    def all_is_as_it_should_be(self):
        assert list(self.ints) == self.model and self.ints == self.model and len(self.ints) == len(self.model)
        assert [point.x for point in self.points] == self.xs == [point.x for point in reversed(self.points)][::-1]
        assert self.box.sum() == sum(self.model) + sum(self.xs)
        assert self.box.ints is self.ints and self.box.points is self.points
        assert repr(self.ints) == repr(self.model)
        for index, part in self.held.items():
            if index < len(self.xs):
                assert part.x == self.xs[index] and self.points[index] is part
            else:
                with pytest.raises(IndexError):
                    part.x

    def teardown(self):
        for mine, _ in self.iterators:
            list(mine)


class Dicts(RuleBasedStateMachine):
    """A dict of numbers and a dict of parts, beside dicts."""

    def __init__(self):
        super().__init__()
        self.box = x.Box()
        self.counts, self.places = self.box.counts, self.box.places
        self.views = self.places.keys(), self.places.values(), self.places.items()
        self.model, self.xs, self.held = {}, {}, {}

    def both(self, act):
        assert outcome(lambda: act(self.counts, lambda i: i)) == outcome(lambda: act(self.model, lambda i: i))
        assert outcome(lambda: act(self.places, x.Point)) == outcome(lambda: act(self.xs, lambda i: i))

    @rule(key=words)
    def get(self, key):
        self.both(lambda target, _: target[key])
        self.both(lambda target, _: (target.get(key), target.get(key, 5), key in target, 5 in target, target.get(5)))
        self.both(lambda target, _: target[5])

    @rule(key=words, value=small)
    def set(self, key, value):
        self.both(lambda target, make: operator.setitem(target, key, make(value)))

    @rule(key=words, value=small)
    def set_default(self, key, value):
        self.both(lambda target, make: target.setdefault(key, make(value)))

    @rule(key=words)
    def delete(self, key):
        self.both(lambda target, _: operator.delitem(target, key))

    @rule(key=words)
    def pop(self, key):
        self.both(lambda target, _: target.pop(key))
        self.both(lambda target, _: target.pop(key, None))

    @rule()
    def pop_item(self):
        for mine, model in ((self.counts, self.model), (self.places, self.xs)):
            if model:
                key, value = mine.popitem()
                assert model.pop(key) == plain(value)
            else:
                with pytest.raises(KeyError):
                    mine.popitem()

    @rule(values=st.dictionaries(words, small, max_size=3), pairs=st.booleans())
    def update(self, values, pairs):
        def act(target, make):
            made = {key: make(value) for key, value in values.items()}
            target.update(list(made.items()) if pairs else made)
            target.update(c=make(9))

        self.both(act)

    @rule(values=st.dictionaries(words, small, max_size=3))
    def join(self, values):
        def made(make):
            return {key: make(value) for key, value in values.items()}

        self.both(lambda target, make: target | made(make))
        self.both(lambda target, make: made(make) | target)
        self.both(lambda target, make: operator.ior(target, made(make)))
        self.both(lambda target, make: operator.ior(target, target))
        assert (self.counts == values) is (self.model == values) and (values == self.counts) is (values == self.model)

    @rule()
    def clear(self):
        self.both(lambda target, _: target.clear())

    @rule(values=st.dictionaries(words, small, max_size=3))
    def assign(self, values):
        self.box.counts, self.model = values, dict(values)
        self.box.places, self.xs = {key: x.Point(value) for key, value in values.items()}, dict(values)

    @rule()
    def assign_itself(self):
        self.box.counts = self.box.counts
        self.box.places = self.box.places
        self.box.places = dict(self.box.places)

    @rule(key=words, value=small)
    def learn(self, key, value):
        self.box.learn(key, value)
        self.xs[key] = value

    @rule(key=words)
    def forget(self, key):
        self.box.forget(key)
        self.xs.pop(key, None)

    @rule()
    def forget_all(self):
        self.box.forget_all()
        self.xs.clear()

    @rule(key=words)
    def hold(self, key):
        if key in self.xs:
            part = self.places.get(key)
            assert self.held.setdefault(key, part) is part

    @rule(key=words)
    def let_go(self, key):
        self.held.pop(key, None)

    @rule(by=small)
    def change_held(self, by):
        for key, part in self.held.items():
            if key in self.xs:
                part.move(by)
                self.xs[key] += by
            else:
                with pytest.raises(KeyError):
                    part.move(by)

    @invariant()
    def all_is_as_it_should_be(self):
        assert dict(self.counts) == self.model and list(self.counts) == sorted(self.model)
        assert plain(self.places) == self.xs and list(reversed(self.places)) == sorted(self.xs, reverse=True)
        assert len(self.places) == len(self.xs) and self.box.places is self.places
        keys, values, items = self.views
        assert set(keys) == set(self.xs) and sorted(one.x for one in values) == sorted(self.xs.values())
        assert {key: one.x for key, one in items} == self.xs and len(items) == len(self.xs)
        for key, part in self.held.items():
            if key in self.xs:
                assert part.x == self.xs[key] and self.places[key] is part
            else:
                with pytest.raises(KeyError):
                    part.x


class Sets(RuleBasedStateMachine):
    """A sorted set of numbers and a hashed set of texts, beside sets."""

    def __init__(self):
        super().__init__()
        self.box = x.Box()
        self.some, self.tags = self.box.some, self.box.tags
        self.model, self.texts = set(), set()

    def both(self, act):
        assert outcome(lambda: act(self.some, lambda i: i)) == outcome(lambda: act(self.model, lambda i: i))
        assert outcome(lambda: act(self.tags, str)) == outcome(lambda: act(self.texts, str))

    @rule(value=small)
    def one(self, value):
        self.both(lambda target, make: (make(value) in target, None in target))
        self.both(lambda target, make: target.add(make(value)))

    @rule(value=small)
    def lose(self, value):
        self.both(lambda target, make: target.discard(make(value)))
        self.both(lambda target, make: target.remove(make(value)))

    @rule(name=st.sampled_from(["union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset",
                                "isdisjoint", "update", "intersection_update", "difference_update",
                                "symmetric_difference_update"]),
          values=st.lists(small, max_size=4), own=st.booleans())
    def with_an_iterable(self, name, values, own):
        self.both(lambda target, make: getattr(target, name)(target if own else [make(value) for value in values]))

    @rule(name=st.sampled_from(["or_", "and_", "sub", "xor", "ior", "iand", "isub", "ixor", "le", "lt", "eq", "ne", "ge", "gt"]),
          values=st.sets(small, max_size=4), kind=st.sampled_from([set, frozenset, list]), back=st.booleans(), own=st.booleans())
    def with_a_set(self, name, values, kind, back, own):
        def act(target, make):
            other = target if own else kind(make(value) for value in sorted(values))
            result = getattr(operator, name)(*((other, target) if back and name[0] != "i" else (target, other)))
            return result if result is True or result is False else set(result)

        self.both(act)

    @rule()
    def pop(self):
        for mine, model in ((self.some, self.model), (self.tags, self.texts)):
            if model:
                model.remove(mine.pop())
            else:
                with pytest.raises(KeyError):
                    mine.pop()

    @rule(values=st.sets(small, max_size=4))
    def assign(self, values):
        self.box.some, self.model = values, set(values)
        self.box.some = self.box.some
        self.box.tags = self.texts = {str(value) for value in values}

    @rule()
    def clear(self):
        self.both(lambda target, _: target.clear())

    @invariant()
    def all_is_as_it_should_be(self):
        assert list(self.some) == sorted(self.model) and set(self.tags) == self.texts and self.some == self.model
        assert len(self.some) == len(self.model) and self.box.tags == self.texts and self.box.some is self.some
        assert set(eval(repr(self.tags))) == self.texts if self.texts else True
        self.texts = set(self.texts)


for machine in (Lists, Dicts, Sets):
    machine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLists, TestDicts, TestSets = Lists.TestCase, Dicts.TestCase, Sets.TestCase


# --- All kinds of fields ---------------------------------------------------------------------------------------------


FIELDS = {
    "ints": [3, 1, 2], "reals": [2.5, 1.0], "words": ["b", "a"], "trio": [7, 8, 9], "flags": [True, False, True],
    "bytes": [1, 255], "grid": [[1], [], [2, 3]], "bits": [[True], []], "counts": {"a": 1, "b": 2},
    "names": {1: "one"}, "lists": {"a": [1, 2], "b": []}, "some": {1, 2}, "tags": {"a", "b"},
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_of_each_kind(name):
    box, start = x.Box(), FIELDS[name]
    view = getattr(box, name)
    setattr(box, name, start)
    assert getattr(box, name) is view and view == start and start == view and view == type(start)(start)
    assert len(view) == len(start) and eval(repr(view)) == start
    setattr(box, name, view)
    setattr(box, name, getattr(box, name))
    setattr(box, name, x.Box() and view)
    assert view == start
    for made in (copy.copy(view), copy.deepcopy(view), view.copy(), pickle.loads(pickle.dumps(view)),
                 *(pickle.loads(pickle.dumps(view, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1))):
        assert type(made) is type(start) and made == start
    kind = {list: collections.abc.MutableSequence if name != "trio" else collections.abc.Sequence,
            dict: collections.abc.MutableMapping, set: collections.abc.MutableSet}[type(start)]
    assert isinstance(view, kind) and view != 5 and view != None  # noqa: E711
    with pytest.raises(TypeError):
        hash(view)
    with pytest.raises(TypeError):
        type(view)()
    with pytest.raises(TypeError):
        object.__new__(type(view))
    with pytest.raises((TypeError, AttributeError)):
        delattr(box, name)
    assert gc.is_tracked(view) and weakref.ref(view)() is view
    if name != "trio":
        view.clear()
        assert len(getattr(box, name)) == 0 and view == type(start)()


def test_what_is_new_is_plain():
    box = x.Box()
    box.ints, box.grid, box.counts, box.some = [1, 2], [[1]], {"a": 1}, {1}
    for made, kind in ((box.ints[:], list), (box.ints + [1], list), ([1] + box.ints, list), (box.ints * 2, list),
                       (2 * box.ints, list), (box.ints.copy(), list), (box.grid.copy()[0], list), (box.counts | {}, dict),
                       ({} | box.counts, dict), (box.counts.copy(), dict), (box.some | {2}, set), (box.some.copy(), set),
                       (box.some.union([1]), set), ({1} ^ box.some, set), (box.grid.pop(), list)):
        assert type(made) is kind


def test_nested_containers_are_live():
    box = x.Box()
    box.grid = [[1], [2, 3]]
    row = box.grid[1]
    row.append(4)
    box.grid[0][0] = 9
    assert box.grid == [[9], [2, 3, 4]] and box.grid[1] is row and box.grid[-1] is row
    assert [sum(one) for one in box.grid] == [9, 9] and [2, 3, 4] in box.grid and box.grid.index([9]) == 0
    box.grid.insert(0, (5, 6))
    assert row == [9]
    box.grid[0] = row
    assert box.grid == [[9], [9], [2, 3, 4]]
    box.grid[0].extend(box.grid[2])
    box.grid.append(box.grid[0])
    box.grid.append(box.grid[0][:1])
    assert box.grid[3] == [9, 2, 3, 4] and box.grid[4] == [9]
    last = box.grid[4]
    box.grid.sort(key=len)
    del box.grid[-1]
    for act in (lambda: len(last), lambda: last.append(1), lambda: list(last), lambda: last == [1], lambda: repr(last),
                lambda: 1 in last, lambda: last[0], lambda: copy.copy(last), lambda: last.sort(), lambda: box.grid.append(last)):
        with pytest.raises(IndexError, match="item 4"):
            act()
    box.lists = {"a": [1]}
    box.lists["a"].append(2)
    box.lists["b"] = box.lists["a"]
    box.lists["b"] += [3]
    assert box.lists == {"a": [1, 2], "b": [1, 2, 3]} and box.lists.setdefault("c", []) is box.lists["c"]
    one = box.lists["a"]
    assert box.lists.pop("a") == [1, 2]
    with pytest.raises(KeyError, match="a"):
        one.append(1)
    box.deep = {"a": {1: x.Point(1)}}
    box.deep["a"][1].x = 8
    box.deep["a"][2] = box.deep["a"][1]
    assert plain(box.deep) == {"a": {1: 8, 2: 8}}
    point = box.deep["a"][2]
    box.deep = {"a": {2: x.Point(4)}}
    assert point.x == 4
    box.deep = {}
    with pytest.raises(KeyError):
        point.x
    box.shelves.append(x.Shelf())
    box.shelves[0].books.append(1)
    box.shelves[0].spots["a"] = x.Point(3)
    spot = box.shelves[0].spots["a"]
    spot.move(1)
    assert box.shelves[0].books == [1] and box.shelves[-1].spots["a"].x == 4
    box.shelves.insert(0, x.Shelf())
    with pytest.raises(KeyError):
        spot.x
    del box.shelves[0]
    assert spot.x == 4
    box.bits = [[True], [False]]
    box.bits[0].append(False)
    box.bits[1][0] = True
    assert box.bits == [[True, False], [True]]


def test_other_elements_are_copied():
    box = x.Box()
    box.plains = [x.Plain(1)]
    box.plains[0].move(5)
    for plain_one in box.plains:
        plain_one.move(5)
    assert box.plains[0].x == 1 and box.plains == [x.Plain(1)] and x.Plain(1) in box.plains
    box.points = [x.Point(1)]
    box.points[0].move(5)
    for point in box.points:
        point.move(5)
    assert box.points[0].x == 11
    made = copy.copy(box.points)
    made[0].move(1)
    assert type(made[0]) is x.Point and box.points[0].x == 11


def test_arrays():
    box = x.Box()
    assert box.trio == [1, 2, 3] and box.trio[1:] == [2, 3] and box.trio + [4] == [1, 2, 3, 4]
    box.trio[1] = 5
    box.trio[::2] = [7, 8]
    box.trio.reverse()
    box.trio.sort()
    assert box.trio == [5, 7, 8]
    for name in ("append", "pop", "clear", "insert", "remove", "extend", "__delitem__", "__iadd__"):
        assert not hasattr(box.trio, name)
    for wrong in ([1, 2], [1, 2, 3, 4]):
        with pytest.raises(ValueError):
            box.trio = wrong
        with pytest.raises(ValueError):
            box.trio[:] = wrong
    box.ends[0].x = 3
    assert box.ends[-2].x == 3 and [end.x for end in box.ends] == [3, 0]
    box.ends = reversed(box.ends)
    assert [end.x for end in box.ends] == [0, 3]


def test_const_fields_can_only_be_read():
    fixed = x.Box().fixed
    assert fixed == [1, 2] and fixed[0] == 1 and list(fixed) == [1, 2] and fixed + [3] == [1, 2, 3]
    for act in (lambda: fixed.append(1), lambda: fixed.__setitem__(0, 1), lambda: fixed.clear(), lambda: fixed.sort(),
                lambda: fixed.extend([1]), lambda: fixed.pop(), lambda: fixed.reverse(), lambda: fixed.__delitem__(0)):
        with pytest.raises(RuntimeError, match="const"):
            act()
    with pytest.raises(AttributeError):
        x.Box().fixed = [1]


@pytest.mark.parametrize("name, value, text", [
    ("ints", [1, "a"], r"'ints'.*'?Box'?.*\[1\].*int.*str"),
    ("ints", 5, "'ints'.*Box.*int"),
    ("ints", None, "'ints'.*Box.*None"),
    ("ints", "12", "'ints'.*Box.*str"),
    ("ints", {1: 2}, "'ints'.*Box.*dict"),
    ("grid", [[1], [2, "a"]], r"'grid'.*Box.*\[1\]\[1\].*int.*str"),
    ("grid", [[1], 5], r"'grid'.*Box.*\[1\].*int"),
    ("points", [x.Point(), 5], r"'points'.*Box.*\[1\].*Point.*int"),
    ("counts", [1], "'counts'.*Box.*mapping.*list"),
    ("counts", {"a": "b"}, r"'counts'.*Box.*\['a'\].*int.*str"),
    ("counts", {1: 1}, r"'counts'.*Box.*\[key 1\].*str.*int"),
    ("deep", {"a": {1: 5}}, r"'deep'.*Box.*\['a'\]\[1\].*Point.*int"),
    ("some", {"a"}, r"'some'.*Box.*\[item 'a'\].*int.*str"),
    ("tags", "ab", "'tags'.*Box.*str"),
    ("classed", [1], "'classed'.*Box.*Ints.*list"),
])
def test_what_cannot_be_assigned(name, value, text):
    box = x.Box()
    before = copy.copy(getattr(box, name))
    with pytest.raises(TypeError, match=text):
        setattr(box, name, value)
    assert getattr(box, name) == before


def test_what_is_assigned():
    box = x.Box()
    box.ints = (i for i in range(3))
    box.words = {"b": 1}.keys()
    box.bytes = b"ab"
    box.counts = [("a", 1)] and {"a": 1}
    assert box.ints == [0, 1, 2] and box.words == ["b"] and box.bytes == [97, 98]
    box.ints = box.trio
    box.reals = box.ints
    assert box.ints == [1, 2, 3] and box.reals == [1.0, 2.0, 3.0]
    box.some = box.ints
    assert box.some == {1, 2, 3}
    with pytest.raises(ZeroDivisionError):
        box.ints = (1 // i for i in (1, 0))
    assert box.ints == [1, 2, 3]


# --- Python code in the middle ---------------------------------------------------------------------------------------


class Acting:
    """Does something to the container while it is converted, compared or hashed."""

    def __init__(self, act, value=1):
        self.act, self.value = act, value

    def __index__(self):
        self.act()
        return self.value

    def __eq__(self, other):
        self.act()
        return False

    def __hash__(self):
        self.act()
        return 1

    __lt__ = __gt__ = __eq__


def test_what_changes_the_container_meanwhile():
    box = x.Box()
    for act in (lambda: box.resize(0), lambda: setattr(box, "ints", []), box.ints.clear):
        box.ints = range(100)
        with pytest.raises(IndexError):
            box.ints[Acting(act, 50)]
        box.ints = range(100)
        with pytest.raises(IndexError):
            box.ints[Acting(act, 50)] = 1
        box.ints = range(100)
        with pytest.raises(IndexError):
            del box.ints[Acting(act, 50)]
        box.ints = range(100)
        with pytest.raises(IndexError):
            box.ints.pop(Acting(act, 50))
        box.ints = range(100)
        assert box.ints[Acting(act, 1):50] == []
        box.ints = range(100)
        box.ints[Acting(act, 1):50] = [1, 2]
        assert box.ints == [1, 2]
        box.ints = range(100)
        with pytest.raises(ValueError):
            box.ints[Acting(act, 1):50:2] = range(25)
        box.ints = range(100)
        del box.ints[Acting(act, 1):50]
        box.ints = range(100)
        box.ints.insert(Acting(act, 50), 3)
        assert box.ints == [3]
        box.ints = range(100)
        Acting(act) in box.ints, box.ints.count(Acting(act))
        box.ints = range(100)
        with pytest.raises(ValueError):
            box.ints.remove(Acting(act))
        box.ints = range(100)
        box.ints == [Acting(act)] * 100
        box.ints = range(100)
        box.ints < [Acting(act)] * 100


def test_sorting_with_functions_that_change_the_list():
    box = x.Box()
    for change in (lambda: box.ints.append(1), lambda: box.resize(2), lambda: setattr(box, "ints", [])):
        box.ints = [3, 1, 2]
        with pytest.raises(ValueError, match="modified"):
            box.ints.sort(key=lambda i: change() or i)
    for change in (lambda: box.points.append(x.Point()), lambda: box.replace_points(1, 5), lambda: box.points.clear()):
        box.points = [x.Point(3), x.Point(1)]
        with pytest.raises((ValueError, IndexError)):
            box.points.sort(key=lambda point: (point.x, change())[0])
    box.points = [x.Point(3), x.Point(1), x.Point(2)]
    with pytest.raises(ZeroDivisionError):
        box.points.sort(key=lambda point: 1 // (point.x - 2))
    first = box.points[0]
    box.points.sort(key=lambda point: point.x)
    assert first.x == 1 and [point.x for point in box.points] == [1, 2, 3]
    with pytest.raises(TypeError):
        box.points.sort()


def test_comparing_with_what_changes_the_container():
    box = x.Box()
    for change in (lambda: box.chatty.clear(), lambda: box.chatty.append(x.Chatty(9)), lambda: setattr(box, "chatty", [])):
        for act in (lambda: x.Chatty(7) in box.chatty, lambda: box.chatty.index(x.Chatty(7)), lambda: box.chatty.remove(x.Chatty(7)),
                    lambda: box.chatty.count(x.Chatty(7)), lambda: box.chatty == [x.Chatty(7)] * 3,
                    lambda: box.chatty == box.chatty, lambda: box.chatty[0] == box.chatty[1]):
            box.chatty = [x.Chatty(1), x.Chatty(2), x.Chatty(3)]
            calls = []

            def callback():
                if not calls:
                    calls.append(1)
                    try:
                        change()
                    except RuntimeError as error:  # While elements are compared they are borrowed.
                        assert "orrowed" in str(error)

            x.set_callback(callback)
            try:
                act()
            except (ValueError, IndexError, RuntimeError):
                pass
            finally:
                x.set_callback(None)
            len(box.chatty)


def test_keys_and_items_that_change_the_dict_and_set():
    box = x.Box()
    for act in (lambda: setattr(box, "names", {}), box.names.clear):
        for use in (lambda: box.names[Acting(act)], lambda: box.names.get(Acting(act)), lambda: Acting(act) in box.names,
                    lambda: box.names.pop(Acting(act), None), lambda: operator.delitem(box.names, Acting(act)),
                    lambda: box.names.setdefault(Acting(act), "b"), lambda: operator.setitem(box.names, Acting(act), "b"),
                    lambda: box.names == {1: Acting(act)}, lambda: {1: Acting(act)} == box.names,
                    lambda: box.names.update({Acting(act): "c"}), lambda: box.names | {Acting(act): 1}):
            box.names = {1: "a", 2: "b"}
            try:
                use()
            except (KeyError, TypeError):
                pass
            len(box.names), dict(box.names)
    for act in (lambda: setattr(box, "some", {}.keys()), box.some.clear):
        for use in (lambda: Acting(act) in box.some, lambda: box.some.add(Acting(act)), lambda: box.some.discard(Acting(act)),
                    lambda: box.some | {Acting(act)}, lambda: box.some.update([Acting(act)]), lambda: box.some == {Acting(act)},
                    lambda: box.some.issubset([Acting(act)]), lambda: operator.ior(box.some, {Acting(act)})):
            box.some = {1, 2}
            try:
                use()
            except (KeyError, TypeError):
                pass
            len(box.some), set(box.some)


def test_items_that_come_from_the_container_itself():
    box = x.Box()
    box.ints = [1, 2, 3]

    def items(change):
        for one in box.ints:
            change()
            yield one

    box.ints.extend(items(lambda: None))
    assert box.ints == [1, 2, 3] * 2
    box.ints[1:1] = items(lambda: box.ints and box.ints.pop())
    assert box.ints == [1, 1, 2, 3, 2, 3]
    box.ints = items(box.ints.clear)
    assert box.ints == [1]
    box.points = [x.Point(1), x.Point(2)]
    box.points.extend(box.points)
    box.points[1:2] = box.points
    assert [point.x for point in box.points] == [1, 1, 2, 1, 2, 1, 2]
    box.points = [point for point in box.points if point.x == 2]
    box.points += [box.points[0], box.points[0]]
    box.points[0].move(1)
    assert [point.x for point in box.points] == [3, 2, 2, 2, 2]
    with pytest.raises(IndexError):
        box.points = (box.points.clear() or point for point in list(box.points))


def test_iterators_while_the_container_changes():
    box = x.Box()
    for name, make in (("ints", int), ("points", x.Point), ("words", str), ("flags", bool), ("reals", float)):
        view = getattr(box, name)
        setattr(box, name, [make(i) for i in range(3)])
        seen = []
        for one in view:
            seen.append(one)
            if len(seen) < 6:
                view.append(make(7))
        assert len(seen) == 8
        iterator, back = iter(view), reversed(view)
        next(iterator), next(back)
        setattr(box, name, [])
        assert list(iterator) == [] and list(iterator) == []
        assert list(back) == []
        view.append(make(1))
        assert list(iterator) == [] and list(back) == []
        assert operator.length_hint(iter(view)) in (0, 1) and operator.length_hint(reversed(view)) == 1
    box.places = {"a": x.Point(1), "b": x.Point(2)}
    for key in box.places:
        box.places[key] = x.Point(5)
    with pytest.raises(RuntimeError, match="changed size"):
        for key in box.places:
            box.learn(key + "x", 1)
    iterator = iter(box.places.values())
    next(iterator)
    box.forget_all()
    with pytest.raises(RuntimeError, match="changed size"):
        next(iterator)
    box.some = {1, 2}
    with pytest.raises(RuntimeError, match="changed size"):
        for one in box.some:
            box.some.add(one + 10)


def test_a_busy_owner_refuses():
    box = x.Box()
    box.ints, box.points = [1], [x.Point(1)]
    view, points, part = box.ints, box.points, box.points[0]
    iterator = iter(points)

    def exclusive():
        for act in (lambda: view[0], lambda: len(view), lambda: list(view), lambda: view == [1], lambda: view.append(1),
                    lambda: repr(view), lambda: part.x, lambda: points[0], lambda: next(iterator), lambda: 1 in view,
                    lambda: setattr(box, "ints", []), lambda: view.copy(), lambda: pickle.dumps(view), lambda: view.sort()):
            with pytest.raises(RuntimeError, match="orrowed"):
                act()

    def shared():
        assert view[0] == 1 and view == [1] and part.x == 1 and points[0] is part
        for act in (lambda: view.append(1), lambda: view.clear(), lambda: part.move(1), lambda: points.pop(), view.sort,
                    lambda: setattr(box, "ints", []), lambda: box.push(1)):
            with pytest.raises(RuntimeError, match="orrowed"):
                act()

    box.call_exclusive(exclusive)
    box.call_shared(shared)
    assert next(iterator) is part and box.sum() == 2


# --- Classes that are containers -------------------------------------------------------------------------------------


def test_classes_as_parts():
    box = x.Box()
    assert type(box.classed) is x.Ints and box.classed is box.classed and box.classed == x.Ints([1])
    box.classed.append(2)
    view = box.classed
    box.classed = x.Ints([5, 6])
    assert list(view) == [5, 6] and view == x.Ints([5, 6]) and type(view[:1]) is x.Ints and type(view + view) is x.Ints
    own = copy.copy(view)
    own.append(1)
    assert type(own) is x.Ints and len(view) == 2 and type(pickle.loads(pickle.dumps(view))) is x.Ints
    box.classed = view
    assert list(view) == [5, 6] and x.Ints(view) == view


def test_classes_with_elements_that_are_parts():
    points = x.Points([[x.Point(1)], [x.Point(2), x.Point(3)]])
    part = points[1][0]
    part.move(5)
    assert points[1][0].x == 7 and points[1][0] is part and points[1] is points[-1]
    copied = points[1:]
    copied[0][0].move(1)
    assert type(copied) is x.Points and part.x == 7
    points.insert(0, [x.Point(9), x.Point(8)])
    assert part.x == 1
    points.clear()
    with pytest.raises(IndexError):
        part.x
    table = x.Table({1: x.Point(1)})
    one = table[1]
    one.move(1)
    table[2] = one
    table.update({3: one})
    assert table[1] is one and table.get(1) is one and {key: value.x for key, value in table.items()} == {1: 2, 2: 2, 3: 2}
    assert pickle.loads(pickle.dumps(table))[1].x == 2 and table == x.Table(table) and table != x.Table()
    del table[1]
    with pytest.raises(KeyError, match="1"):
        one.x
    assert table.setdefault(5, x.Point(6)) is table[5]
    group = x.Group([3, 1])
    assert list(group) == [1, 3] and group | {2} == x.Group([1, 2, 3]) and type(group | {2}) is x.Group
    with pytest.raises(TypeError):
        group |= [1]


# --- References ------------------------------------------------------------------------------------------------------


def test_views_hold_one_reference_to_their_owner():
    box = x.Box()
    before = sys.getrefcount(box)
    view = box.points
    view.append(x.Point(1))
    part, iterator = view[0], iter(view)
    assert sys.getrefcount(box) == before + 1
    list(iterator), part.x, repr(view), view.copy(), view == [], view[:], view.pop()
    del iterator, part, view
    assert sys.getrefcount(box) == before
    gone = weakref.ref(box)
    keys = box.places.keys()
    box.learn("a", 1)
    del box
    assert list(keys) == ["a"] and gone() is not None
    del keys
    gc.collect()
    assert gone() is None


def test_cycles_by_views_and_iterators():
    for make in (lambda box: box.points, lambda box: iter(box.points), lambda box: reversed(box.ints), lambda box: iter(box.ints),
                 lambda box: box.places.items(), lambda box: iter(box.places), lambda box: iter(box.some),
                 lambda box: box.grid[0], lambda box: iter(box.lists.values())):
        box = x.Box()
        box.grid = [[1]]
        box.mine = make(box)
        gone = weakref.ref(box)
        del box
        gc.collect()
        assert gone() is None


def test_no_reference_is_lost_or_kept(assert_no_growth):
    box = x.Box()
    text = "a text of its own"

    def use():
        box.ints, box.words, box.points = [1, 2], [text, text], [x.Point(1), x.Point(2)]
        box.places, box.grid, box.lists = {text: x.Point(1)}, [[1], [2]], {text: [1]}
        for view in (box.ints, box.words, box.points, box.grid):
            list(view), view[0], view[:], view + view, view * 2, view == view, repr(view), view.copy(), view.pop()
            view.extend(view)
            view[0:1] = view
            view.reverse()
            iter(view), reversed(view)
        for view in (box.places, box.lists):
            dict(view), view[text], view.get(text), list(view.items()), view | view.copy(), view == view, repr(view)
            view.setdefault("b", view[text])
            view.pop("b"), view.get("c"), view.pop("c", None), view.popitem()
        box.tags = {text}
        text in box.tags, box.tags | {text}, list(box.tags), box.tags.pop()
        for act in (lambda: box.ints["a"], lambda: box.places["c"], lambda: setattr(box, "ints", ["a"]), lambda: box.grid[9],
                    lambda: setattr(box, "lists", {text: ["b"]}), lambda: box.ints.append("a")):
            with pytest.raises((TypeError, LookupError)):
                act()

    use()
    before = sys.getrefcount(text), sys.getrefcount(box)
    assert_no_growth(use)
    assert (sys.getrefcount(text), sys.getrefcount(box)) == before


def test_live_containers_of_other_types_compare_and_join():
    box = x.Box()
    box.ints = [1, 2]
    box.reals = [1, 2]
    assert box.ints == box.reals and not box.ints != box.reals and box.ints <= box.reals
    assert box.ints + box.reals == [1, 2, 1, 2]
    box.reals.append(3)
    assert box.ints != box.reals and box.ints < box.reals
