# SPDX-License-Identifier: MIT
"""Structs as data classes: each test runs with the class of C++ and with what @dataclass makes of the same fields."""
import copy
import dataclasses
import gc
import inspect
import pickle
import sys
import threading
import typing
import weakref

import pytest
from hypothesis import given, strategies as st

import data_classes_ext as x


@dataclasses.dataclass
class Point:
    x: float
    y: float
    label: str = "none"


@dataclasses.dataclass(frozen=True, order=True)
class Version:
    major: int
    minor: int = 0
    tag: str = ""


@dataclasses.dataclass(order=True)
class Bag:
    name: str
    items: list = dataclasses.field(default_factory=lambda: [1, 2])
    _: dataclasses.KW_ONLY = None
    weight: typing.Optional[float] = None
    sealed: bool = False


@dataclasses.dataclass
class Line:
    from_: Point
    to: Point


@dataclasses.dataclass(unsafe_hash=True)
class Node:
    value: object
    next: object


@dataclasses.dataclass(frozen=True)
class Fixed:
    a: int = 1
    b: str = "b"


@dataclasses.dataclass
class Nothing:
    pass


class Twins:
    Point, Version, Bag, Line, Node, Fixed, Nothing = Point, Version, Bag, Line, Node, Fixed, Nothing


both = pytest.mark.parametrize("m", [x, Twins], ids=["cpp", "python"])


@both
def test_construction(m):
    point = m.Point(1.0, 2.0)
    assert (point.x, point.y, point.label) == (1.0, 2.0, "none")
    assert m.Point(1.0, label="a", y=2.0) == m.Point(1.0, 2.0, "a")
    assert m.Version(1) == m.Version(1, 0, "") and m.Version(minor=2, major=1) == m.Version(1, 2)
    for arguments, names in (((), {}), ((1.0,), {}), ((1.0, 2.0, "a", 4), {}), ((1.0, 2.0), {"x": 1.0}),
                             ((1.0, 2.0), {"z": 1.0}), ((1.0,), {"label": "a"})):
        with pytest.raises(TypeError, match="Point|__init__"):
            m.Point(*arguments, **names)
    assert m.Fixed() == m.Fixed(1, "b") != m.Fixed(b="c") and m.Fixed(2).b == "b"
    assert m.Nothing() == m.Nothing() and repr(m.Nothing()) == "Nothing()"


@both
def test_keyword_only_and_factories(m):
    bag = m.Bag("a")
    assert bag.items == [1, 2] and bag.weight is None and bag.sealed is False
    assert m.Bag("a", [3], weight=1.5, sealed=True) == m.Bag(name="a", items=[3], sealed=True, weight=1.5)
    with pytest.raises(TypeError):
        m.Bag("a", [3], 1.5)
    other = m.Bag("b")
    other.items = other.items + [3]
    assert m.Bag("c").items == [1, 2] and other.items == [1, 2, 3]


@both
def test_signature(m):
    assert str(inspect.signature(m.Version)).startswith("(major") and \
        [p.default for p in inspect.signature(m.Version).parameters.values()] == [inspect.Parameter.empty, 0, ""]
    kinds = [p.kind.name for p in inspect.signature(m.Bag).parameters.values()]
    assert kinds == ["POSITIONAL_OR_KEYWORD"] * 2 + ["KEYWORD_ONLY"] * 2
    assert inspect.signature(m.Bag).parameters["weight"].default is None


@both
def test_repr(m):
    assert repr(m.Point(1.0, 2.0, "it's")) == 'Point(x=1.0, y=2.0, label="it\'s")'
    assert repr(m.Line(m.Point(0.0, 0.0), m.Point(1.0, 1.0))) == (
        "Line(from_=Point(x=0.0, y=0.0, label='none'), to=Point(x=1.0, y=1.0, label='none'))")
    assert repr(m.Bag("a", [])) == "Bag(name='a', items=[], weight=None, sealed=False)"
    node = m.Node(1, None)
    node.next = node
    assert repr(node) == "Node(value=1, next=...)"


@both
def test_equality(m):
    a, b = m.Point(1.0, 2.0), m.Point(1, 2)
    assert a == b and not a != b and a != m.Point(1.0, 3.0) and a is not b
    assert a != (1.0, 2.0, "none") and a != None and a != m.Version(1)  # noqa: E711
    assert m.Bag("a", [1]) == m.Bag("a", [1]) != m.Bag("a", [2])
    assert m.Node([1], None) == m.Node([1], None) != m.Node([2], None)
    assert a.__eq__(5) is NotImplemented

    class Same:
        def __eq__(self, other):
            return True

    assert a == Same() and Same() == a


@both
def test_order(m):
    assert m.Version(1, 2) < m.Version(1, 3) <= m.Version(1, 3) < m.Version(2)
    assert m.Version(2) > m.Version(1, 9, "z") and m.Version(1) >= m.Version(1)
    assert sorted([m.Version(2), m.Version(1, 1), m.Version(1)]) == [m.Version(1), m.Version(1, 1), m.Version(2)]
    assert m.Bag("a", [1]) < m.Bag("a", [1, 2]) and not m.Bag("b", [1]) < m.Bag("a", [9])
    with pytest.raises(TypeError, match="not supported"):
        m.Version(1) < 5
    with pytest.raises(TypeError, match="not supported"):
        m.Point(1.0, 2.0) < m.Point(2.0, 3.0)
    with pytest.raises(TypeError, match="not supported between instances of 'NoneType' and 'float'"):
        m.Bag("a", [1]) < m.Bag("a", [1], weight=1.0)


versions = st.tuples(st.integers(-2, 2), st.integers(-2, 2), st.sampled_from(["", "a", "b"]))


@given(versions, versions)
def test_all_comparisons_are_those_of_the_twin(a, b):
    mine, theirs = (x.Version(*a), x.Version(*b)), (Version(*a), Version(*b))
    for operation in ("__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"):
        assert getattr(mine[0], operation)(mine[1]) is getattr(theirs[0], operation)(theirs[1])
    assert hash(mine[0]) == hash(theirs[0])


@both
def test_hash(m):
    assert hash(m.Version(1, 2, "a")) == hash((1, 2, "a")) and m.Version(1) in {m.Version(1)}
    assert hash(m.Node(1, None)) == hash((1, None))
    with pytest.raises(TypeError, match="unhashable"):
        hash(m.Point(1.0, 2.0))
    with pytest.raises(TypeError, match="unhashable"):
        hash(m.Node([], None))


@both
def test_attributes(m):
    point = m.Point(1.0, 2.0)
    point.x = 5.0
    assert point == m.Point(5.0, 2.0)
    version = m.Version(1)
    for change in (lambda: setattr(version, "major", 2), lambda: delattr(version, "major")):
        with pytest.raises(AttributeError):
            change()
    assert version.major == 1


@both
def test_match(m):
    match m.Point(1.0, 2.0):
        case m.Point(x, y, label="none"):
            assert (x, y) == (1.0, 2.0)
    match m.Bag("a", weight=2.0):
        case m.Bag("a", [1, 2], weight=weight):
            assert weight == 2.0
    assert m.Point.__match_args__ == ("x", "y", "label") and m.Bag.__match_args__ == ("name", "items")


@both
def test_dataclasses_knows_it(m):
    point = m.Point(1.0, 2.0)
    assert dataclasses.is_dataclass(m.Point) and dataclasses.is_dataclass(point)
    assert [f.name for f in dataclasses.fields(point)] == ["x", "y", "label"]
    x_, _, label = dataclasses.fields(m.Point)
    assert x_.default is dataclasses.MISSING and label.default == "none" and not label.kw_only
    name, items, weight, sealed = dataclasses.fields(m.Bag)
    assert items.default is dataclasses.MISSING and items.default_factory() == [1, 2]
    assert items.default_factory() is not items.default_factory()
    assert weight.kw_only and weight.default is None and sealed.default is False
    assert dataclasses.asdict(m.Line(point, point)) == {"from_": {"x": 1.0, "y": 2.0, "label": "none"},
                                                        "to": {"x": 1.0, "y": 2.0, "label": "none"}}
    assert dataclasses.astuple(point) == (1.0, 2.0, "none")
    assert typing.get_type_hints(m.Version) == {"major": int, "minor": int, "tag": str}
    assert typing.get_type_hints(m.Line)["to"] is m.Point
    assert m.Version.__dataclass_params__.frozen and not m.Point.__dataclass_params__.frozen


@both
def test_replace(m):
    point = m.Point(1.0, 2.0, "a")
    moved = dataclasses.replace(point, x=9.0)
    assert moved == m.Point(9.0, 2.0, "a") and point.x == 1.0 and type(moved) is m.Point
    assert dataclasses.replace(m.Bag("a", [5], sealed=True), name="b") == m.Bag("b", [5], sealed=True)
    with pytest.raises(TypeError):
        dataclasses.replace(point, z=1)
    if sys.version_info >= (3, 13):
        assert copy.replace(point, y=0.0) == m.Point(1.0, 0.0, "a")


@both
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(m, protocol):
    made = [m.Point(1.0, 2.0, "a"), m.Version(1, 2), m.Bag("a", [7], weight=1.0), m.Node({"a": [1]}, None), m.Fixed(2),
            m.Line(m.Point(1.0, 2.0), m.Point(3.0, 4.0)), m.Nothing()]
    back = pickle.loads(pickle.dumps(made, protocol))
    assert back == made and [type(one) for one in back] == [type(one) for one in made]


@both
def test_copy(m):
    node = m.Node([1], None)
    assert copy.copy(node).value is node.value
    deep = copy.deepcopy([node, node])
    assert deep[0] is deep[1] and deep[0] == node and deep[0].value is not node.value


@both
def test_python_classes_derive(m):
    class Named(m.Point):
        extra = 5

    one = Named(1.0, y=2.0)
    assert (one.x, one.y, one.label, one.extra) == (1.0, 2.0, "none", 5)
    assert one != m.Point(1.0, 2.0) and one == Named(1.0, 2.0)
    assert repr(one).endswith("Named(x=1.0, y=2.0, label='none')")

    @dataclasses.dataclass
    class Point3(m.Point):
        z: float = 0.0
        tags: list = dataclasses.field(default_factory=list)

    three = Point3(1.0, 2.0, "a", 3.0)
    assert (three.x, three.y, three.label, three.z, three.tags) == (1.0, 2.0, "a", 3.0, [])
    assert three == Point3(1.0, 2.0, "a", 3.0) != Point3(1.0, 9.0, "a", 3.0)
    assert [f.name for f in dataclasses.fields(Point3)] == ["x", "y", "label", "z", "tags"]
    assert dataclasses.replace(three, y=5.0).y == 5.0 and dataclasses.asdict(three)["z"] == 3.0
    assert repr(three).endswith("Point3(x=1.0, y=2.0, label='a', z=3.0, tags=[])")

    class Chatty(m.Point):
        def __init__(self, both):
            super().__init__(both, both)
            self.more = 1

    chatty = Chatty(4.0)
    assert (chatty.x, chatty.y, chatty.more) == (4.0, 4.0, 1)
    with pytest.raises(TypeError):
        chatty.__init__()
    assert chatty.x == 4.0


def test_what_is_cpp_s_own():
    assert x.sum_of(x.Point(1.0, 2.0)) == 3.0 and x.make_point(3.0) == x.Point(3.0, 3.0, "made")
    with pytest.raises(TypeError, match=r"Point\(\) argument 'x' must be float, not str"):
        x.Point("1", 2.0)
    with pytest.raises(TypeError, match=r"Point\(\) argument 'label' must be str, not ellipsis"):
        x.Point(1.0, 2.0, ...)
    with pytest.raises(TypeError, match="must be float, not str"):
        x.Point(1.0, 2.0).x = "a"
    assert x.Point.x.__doc__ == "Left to right."
    assert x.Point.__text_signature__ == "(x, y, label='none')" if hasattr(x.Point, "__text_signature__") else True
    assert str(inspect.signature(x.Bag)) == "(name, items=Ellipsis, *, weight=None, sealed=False)"


def test_each_object_has_an_initialiser_of_its_own():
    first, second, third = x.Numbered(), x.Numbered(), x.Numbered(1)
    assert second.id == first.id + 1 and third.id == 1


def test_post_init():
    assert (x.Range(1, 2).low, x.Range(1, 2).high) == (1, 2)
    with pytest.raises(ValueError, match="low is above high"):
        x.Range(2, 1)
    with pytest.raises(IndexError, match="empty"):
        x.Range(2, 2)
    with pytest.raises(ValueError, match="low is above high"):
        dataclasses.replace(x.Range(1, 2), low=5)

    class Sub(x.Range):
        pass

    with pytest.raises(ValueError, match="low is above high"):
        Sub(2, 1)
    one = Sub(1, 2)
    with pytest.raises(ValueError, match="low is above high"):
        one.__init__(2, 1)
    assert (one.low, one.high) == (1, 2)
    # What a pickle brings is checked as well.
    function, (cls, state) = x.Range(1, 2).__reduce__()
    assert function(cls, state).high == 2
    with pytest.raises(ValueError, match="low is above high"):
        function(cls, (2, 1))


def test_options():
    silent = x.Silent(1.0)
    assert "object at 0x" in repr(silent) and silent != x.Silent(1.0) and hash(silent) == hash(silent)
    assert not hasattr(x.Silent, "__match_args__")
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(silent)
    assert dataclasses.replace(silent, x=2.0).x == 2.0
    partial = x.Partial(1)
    partial.cache = 9
    assert partial.cache == 9 and partial == x.Partial(1) and repr(partial) == "Partial(shown=1)"
    assert copy.copy(partial).cache == 7


def test_what_define_binds_stays():
    own = x.Own()
    assert own.n == 8 and repr(own) == "own" and own < x.Own() and not own > x.Own() and own == x.Own() and hash(own) == 5
    assert x.Own.__match_args__ == 5 and x.Own.n.__doc__ == "One more."
    assert pickle.loads(pickle.dumps(own)).n == 108
    with pytest.raises(AttributeError):
        own.n = 5


def test_private_fields():
    account = x.Account("Ann", balance=5.0)
    assert account.owner == "Ann" and account.shout() == "Ann!" and repr(account) == "Account(owner='Ann', balance=5.0)"
    assert pickle.loads(pickle.dumps(account)) == account


def test_enums_and_classes_as_fields():
    painted = x.Painted(at=x.Point(1.0, 2.0))
    assert painted.color is x.Color.green and painted == x.Painted(x.Color.green, x.Point(1.0, 2.0))
    assert painted != x.Painted(x.Color.red, x.Point(1.0, 2.0))
    color, at = dataclasses.fields(x.Painted)
    assert color.default is x.Color.green and at.default_factory() == x.Point(0.0, 0.0)


@pytest.mark.parametrize("state", [None, 5, (), (1.0,), (1.0, 2.0, "a", 4), ("a", 2.0, "a"), [1.0, 2.0, "a"]])
def test_pickled_states_are_checked(state):
    function, (cls, good) = x.Point(1.0, 2.0).__reduce__()
    assert function(cls, good) == x.Point(1.0, 2.0)
    with pytest.raises((TypeError, ValueError)):
        function(cls, state)


def test_cycles_are_found():
    class Tracked:
        pass

    tracked = Tracked()
    node = x.Node(tracked, None)
    node.next = node
    gone = weakref.ref(tracked)
    del tracked, node
    gc.collect()
    assert gone() is None


def test_the_collector_sees_a_field_of_a_base_once():
    class Tracked:
        pass

    tracked, kept = Tracked(), Tracked()
    linked = x.Linked(tracked, 5)
    assert gc.get_referents(linked).count(tracked) == 1
    linked.value = [linked, tracked]
    holder = x.Linked(kept)  # Not garbage, however often the collector looks.
    gone = weakref.ref(tracked)
    del tracked, linked
    for _ in range(3):
        gc.collect()
    assert gone() is None and holder.value is kept


def test_hostile_fields():
    class Hostile:
        def __eq__(self, other):
            raise KeyError("eq")

        def __hash__(self):
            raise KeyError("hash")

        def __repr__(self):
            raise KeyError("repr")

    a, b = x.Node(Hostile(), None), x.Node(Hostile(), None)
    for act in (lambda: a == b, lambda: hash(a), lambda: repr(a)):
        with pytest.raises(KeyError):
            act()

    class Changing:
        def __init__(self, act):
            self.act = act

        def __eq__(self, other):
            self.act()
            return True

        def __repr__(self):
            self.act()
            return "c"

    node = x.Node(None, None)
    node.value = Changing(lambda: setattr(node, "value", 5))
    other = x.Node(Changing(lambda: None), None)
    assert node == other and node.value == 5
    node.value = Changing(lambda: setattr(node, "next", 5))
    assert repr(node) == "Node(value=c, next=5)"


def test_pyclasses_derive():
    three = x.Point3(1.0, 2.0, "a", z=3.0)
    assert (three.x, three.label, three.z) == (1.0, "a", 3.0) and repr(three) == "Point3(x=1.0, y=2.0, label='a', z=3.0)"
    assert isinstance(three, x.Point) and three != x.Point(1.0, 2.0, "a") and three == x.Point3(1.0, 2.0, "a", 3.0)
    assert [f.name for f in dataclasses.fields(three)] == ["x", "y", "label", "z"]
    assert pickle.loads(pickle.dumps(three)) == three and dataclasses.replace(three, z=5.0).z == 5.0
    marker = x.Marker(7)
    assert (marker.number, marker.x, x.Marker(number=8).number) == (7, 0.0, 8)
    with pytest.raises(TypeError, match="Marker"):
        x.Marker()

    class Deep(x.Point3):
        pass

    class Numbered(x.Marker):
        pass

    assert Deep(1.0, 2.0, "a", 4.0).z == 4.0 and Numbered(9).number == 9
    with pytest.raises(TypeError, match="Point3"):
        Deep(1.0)


def test_a_constructor_of_the_author_s_own_is_not_called_with_the_fields():
    made = x.Celsius(100.0)
    assert made.degrees == copy.copy(made).degrees == pickle.loads(pickle.dumps(made)).degrees == 100.0
    even = x.Even(half=3)
    assert even.value == copy.copy(even).value == 6 and repr(even) == "Even(value=6)" and even == x.Even(3)


def test_threads_make_one_twin():
    found = []
    threads = [threading.Thread(target=lambda: found.append(x.Account.__dataclass_fields__)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(one is found[0] for one in found) and list(found[0]) == ["owner", "balance"]


def test_no_reference_is_lost_or_kept():
    value = object()

    def use():
        node = x.Node(value, None)
        assert node == x.Node(value, None) and hash(node) and repr(node)
        copy.copy(node)
        dataclasses.replace(node, next=5)
        x.Bag("a").items
        x.Painted()

        class Sub(x.Point):
            pass

        Sub(1.0, 2.0)
        with pytest.raises(TypeError):
            x.Point(1.0, "a")

    use()
    before = sys.getrefcount(value), sys.getrefcount(x.Node)
    for _ in range(50):
        use()
    assert sys.getrefcount(value) == before[0] and sys.getrefcount(x.Node) < before[1] + 10
