# SPDX-License-Identifier: MIT
"""What reflection binds is what one would bind by hand: looked at, called, called wrongly, pickled, collected."""
import copy
import gc
import inspect
import pickle
import re
import sys
import weakref

import pytest

import by_hand_ext
import reflected_ext

BOTH = [by_hand_ext, reflected_ext]
CLASSES = [name for name, value in vars(by_hand_ext).items() if isinstance(value, type)]


def normal(text):
    """The same for both modules, and for all places in memory."""
    return text if text is None else re.sub(r" at 0x\w+|by_hand_ext|reflected_ext", "", text)


def outcome(use, module):
    """What an expression gives, or raises, as text."""
    try:
        result = use(module)
    except Exception as error:
        return f"{type(error).__name__}: {normal(str(error))}"
    return normal(repr(result))


def look(value):
    """All that can be seen of an attribute without using it."""
    try:
        signature = str(inspect.signature(value))
    except (TypeError, ValueError) as error:
        signature = type(error).__name__
    return type(value).__name__, normal(getattr(value, "__doc__", None)), getattr(value, "__text_signature__", None), normal(signature)


def test_the_modules_have_the_same_names():
    mine, theirs = ({name for name in dir(module) if not name.startswith("__")} for module in BOTH)
    assert mine == theirs
    assert sorted(by_hand_ext.__all__) == sorted(reflected_ext.__all__)


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_looks_the_same(name):
    hand, reflected = (getattr(module, name) for module in BOTH)
    for attribute in "__name__", "__qualname__", "__doc__", "__text_signature__", "__flags__", "__basicsize__":
        assert getattr(hand, attribute, None) == getattr(reflected, attribute, None), attribute
    assert [normal(str(base)) for base in hand.__mro__] == [normal(str(base)) for base in reflected.__mro__]
    assert look(hand) == look(reflected)
    assert set(vars(hand)) == set(vars(reflected))
    for attribute in vars(hand):
        if attribute != "__module__":
            assert look(getattr(hand, attribute)) == look(getattr(reflected, attribute)), attribute


@pytest.mark.parametrize("name", ["add", "scale", "color_of", "norm", "answer", "motto"])
def test_what_a_namespace_has_looks_the_same(name):
    assert look(getattr(by_hand_ext, name)) == look(getattr(reflected_ext, name))


USES = {
    # An aggregate and its defaults.
    "point": lambda m: (m.Point(1).x, m.Point(1).y, m.Point(1).label, m.Point(x=1, y=3, label="p").length()),
    "point without x": lambda m: m.Point(),
    "point with too many": lambda m: m.Point(1, 2, "x", 4),
    "point of text": lambda m: m.Point("x"),
    "point has no z": lambda m: m.Point(1, z=2),
    "point moves": lambda m: [p := m.Point(1), p.move(by_y=2, by_x=1), p.x, p.y],
    "point field set": lambda m: [p := m.Point(1), setattr(p, "x", 7), p.x],
    "point field set wrongly": lambda m: setattr(m.Point(1), "x", "text"),
    "point field deleted": lambda m: delattr(m.Point(1), "x"),
    "point repr": lambda m: repr(m.Point(1)).split(" at ")[0],
    "point moves wrongly": lambda m: m.Point(1).move(1),
    "points are not equal": lambda m: m.Point(1) == m.Point(1),
    # A base.
    "shape is abstract": lambda m: m.Shape(),
    "square": lambda m: (m.Square(2).area(), m.Square(2).name(), m.Square(side=3).side(), issubclass(m.Square, m.Shape)),
    "square has a color": lambda m: [s := m.Square(2), s.color, setattr(s, "color", m.Color.red), s.color],
    "square color is no number": lambda m: setattr(m.Square(2), "color", 1),
    "square method of another": lambda m: m.Square.area(m.Point(1)),
    "square is final": lambda m: type("Sub", (m.Square,), {}),
    "shape can be derived from": lambda m: type("Sub", (m.Shape,), {}).__name__,
    # Enums.
    "colors": lambda m: list(m.Color),
    "finishes": lambda m: (list(m.Finish), m.Finish.__doc__),
    "perms": lambda m: (list(m.Perm), m.Perm.READ | m.Perm.WRITE, m.Perm.READ.__doc__, m.Perm.__doc__, m.Perm.__mro__[1:]),
    "mode": lambda m: (list(m.Many.Mode), m.Many().mode(), m.Many.Mode.__qualname__),
    # Operators.
    "vec": lambda m: [v := m.Vec(1, 2) + m.Vec(2, 2), v.x(), (v - m.Vec(1, 1)).x(), (-v).x(), (v * 2).x(), v * v],
    "vec in place": lambda m: [v := m.Vec(1, 2), w := v, w.__iadd__(m.Vec(1, 1)) is w, v.x()],
    "vec from the other side": lambda m: ((2 * m.Vec(1, 2)).x(), (m.Vec(1, 2) / 2).x()),
    "vec compared": lambda m: (m.Vec(1, 2) == m.Vec(1, 2), m.Vec(1, 2) != m.Vec(2, 2), m.Vec(1, 2) == 3, bool(m.Vec(0, 0))),
    "vec less": lambda m: m.Vec(1, 2) < m.Vec(1, 2),
    "vec plus text": lambda m: m.Vec(1, 2) + "x",
    "vec times text": lambda m: m.Vec(1, 2) * "x",
    "vec called": lambda m: (m.Vec(1, 2)(1, 1), m.Vec(1, 2)(b=1, a=0)),
    "vec called wrongly": lambda m: m.Vec(1, 2)(1),
    "vec has no items": lambda m: m.Vec(1, 2)[0],
    "vec is not hashable": lambda m: hash(m.Vec(1, 2)),
    "versions": lambda m: (m.Version(1, 2) < m.Version(1, 3), m.Version(1) == m.Version(1, 0), m.Version(2) >= m.Version(3)),
    "version and text": lambda m: m.Version(1) < "1",
    "versions sorted": lambda m: [v.minor_number for v in sorted([m.Version(1, 2), m.Version(1, 1)])],
    # Overloads, static functions, defaults, constants.
    "many made": lambda m: (m.Many().get(), m.Many(3).get(), m.Many("four").get(), m.Many(start=2).get(), m.Many(text="ab").get()),
    "many made wrongly": lambda m: m.Many(1.5),
    "many add": lambda m: (m.Many(1).add(2), m.Many(1).add(2.5), m.Many(1).add(by=2)),
    "many add wrongly": lambda m: m.Many(1).add("x"),
    "many default": lambda m: [x := m.Many(1), x.set(2), x.get(), x.set(2, 5), x.get(), x.set(2, times=6), x.get()],
    "many default wrongly": lambda m: m.Many(1).set(),
    "many static": lambda m: (m.Many.twice(2), m.Many().twice(number=3), m.Many.join("a", "b"), m.Many.join(1, 2)),
    "many static wrongly": lambda m: m.Many.join(1, "b"),
    "many constants": lambda m: (m.Many.limit, m.Many.unit),
    "many keywords of Python": lambda m: m.Many(1).import_(lambda_=2),
    "many unnamed": lambda m: m.Many(1).unnamed(1, 2),
    "many unnamed wrongly": lambda m: m.Many(1).unnamed(1),
    "many fails": lambda m: m.Many().fails(1),
    "many hides": lambda m: [name for name in dir(m.Many) if name in ("hidden", "value_", "any", "gone")],
    # Fields of several kinds.
    "mixed": lambda m: [x := m.Mixed(), x.id, x.flag, x.maybe, x.color, x.title, x.shout()],
    "mixed set": lambda m: [x := m.Mixed(), setattr(x, "maybe", 3), setattr(x, "flag", 7), setattr(x, "title", "t"), x.maybe, x.flag, x.shout()],
    "mixed constant": lambda m: setattr(m.Mixed(), "id", 1),
    "mixed bits": lambda m: setattr(m.Mixed(), "flag", 8),
    "mixed no bits": lambda m: setattr(m.Mixed(), "flag", -1),
    "counter": lambda m: [c := m.Counter(3), c.next(), c.next()],
    # What the class says itself.
    "account": lambda m: [a := m.BankAccount("Ada"), a.owner, a.balance, a.deposit(3), a.deposit(3, "USD"), repr(a), len(a), a[-1], a.wait(seconds=2), a.number],
    "account made": lambda m: m.BankAccount(owner="Ada", balance=3).balance,
    "account index": lambda m: m.BankAccount("Ada")[3],
    "account balance set": lambda m: [a := m.BankAccount("Ada"), setattr(a, "balance", 4), a.balance],
    "account balance set wrongly": lambda m: setattr(m.BankAccount("Ada"), "balance", "x"),
    "account owner set": lambda m: setattr(m.BankAccount("Ada"), "owner", "x"),
    "account number set": lambda m: setattr(m.BankAccount("Ada"), "number", 1),
    "account secret": lambda m: m.BankAccount("Ada").secret(),
    "plain": lambda m: (m.Plain().get(), m.Plain(2).value, hasattr(m.Plain, "unwanted")),
    "plain added": lambda m: m.Plain() + m.Plain(),
    # A namespace.
    "functions": lambda m: (m.add(1, 2), m.add("a", second="b"), m.scale(2), m.scale(2, by=5), m.color_of(True), m.norm(m.Vec(1, 2))),
    "default arguments that are returned": lambda m: (m.or_default(True), m.or_default(False), m.or_default(True, "x"), m.text_or_default(), m.text_or_default("y")),
    "functions called wrongly": lambda m: m.add(1, "b"),
    "norm of text": lambda m: m.norm("x"),
    "constants": lambda m: (m.answer, m.motto),
    "hidden function": lambda m: m.internal(),
    # Copies.
    "pickled": lambda m: (pickle.loads(pickle.dumps(m.Money(3))) == m.Money(3), copy.copy(m.Money(3)).cents()),
    "not pickled": lambda m: pickle.dumps(m.Vec(1, 2)),
    "not copied": lambda m: copy.copy(m.Node()),
}


@pytest.mark.parametrize("use", USES)
def test_use_has_the_same_outcome(use):
    hand, reflected = (outcome(USES[use], module) for module in BOTH)
    assert hand == reflected
    assert not hand.startswith("SystemError")


@pytest.mark.parametrize("module", BOTH, ids=lambda module: module.__name__)
def test_uses_leave_no_references(module):
    def counts():
        gc.collect()
        types = [value for value in vars(module).values() if isinstance(value, type)]
        return [sys.getrefcount(value) for value in types], len(gc.get_objects())

    for _ in range(3):
        for use in USES.values():
            outcome(use, module)
    before, objects = counts()
    for _ in range(20):
        for use in USES.values():
            outcome(use, module)
    after, more_objects = counts()
    assert after == before
    assert more_objects - objects < 20


class Weak:
    pass


@pytest.mark.parametrize("how", ["keep", "put", "stow"])
@pytest.mark.parametrize("module", BOTH, ids=lambda module: module.__name__)
def test_cycles_through_private_fields_are_freed(module, how):
    gc.collect()
    node, seen = module.Node(), Weak()
    seen.node = node
    getattr(node, how)(seen)
    gone = weakref.ref(seen)
    assert gc.is_tracked(node)
    assert seen in gc.get_referents(node)
    del node, seen
    assert gone() is not None
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("module", BOTH, ids=lambda module: module.__name__)
def test_the_collector_is_shown_the_handles_of_a_virtual_base_once(module):
    rack, seen = module.Rack(), Weak()
    rack.lay(seen)
    assert rack.laid() == 1
    assert gc.get_referents(rack).count(seen) == 1
    # Only this function refers to a cycle: taken for garbage, it would be emptied.
    seen.rack = rack
    del rack
    alive = weakref.ref(seen)
    gc.collect()
    assert alive() is seen and type(seen.rack) is module.Rack


@pytest.mark.parametrize("name", CLASSES)
def test_the_collector_tracks_the_same_classes(name):
    collected = 1 << 14  # Py_TPFLAGS_HAVE_GC
    assert len({getattr(module, name).__flags__ & collected for module in BOTH}) == 1


def test_a_failed_bit_field_keeps_its_value():
    mixed = reflected_ext.Mixed()
    with pytest.raises(OverflowError, match="flag has room for 3 bits"):
        mixed.flag = 9
    assert mixed.flag == 1


def test_the_example_of_the_guide():
    from bank_ext import Account, Point, Unit

    account = Account(owner="Ada")
    assert (account.deposit(amount=250), account.owner(), account.open, account == Account("Ada", 250)) == (250, "Ada", True, True)
    assert repr(Point(1, y=2) + Point(1)) == "<2, 2>"
    assert (Point(3).distance, list(Unit)) == (9.0, [Unit.metre, Unit.foot])
    assert Point.__doc__.startswith("Where something is.")
    assert not hasattr(Point, "data")
