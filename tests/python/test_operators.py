# SPDX-License-Identifier: MIT
"""Operators, comparison and hash, beside classes of Python that define the same."""
import functools
import math
import operator
import random
import sys

import operators_ext as ext
import pytest

BINARY = ["add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "lshift", "rshift", "and", "xor", "or",
          "pow"]
UNARY = ["neg", "pos", "abs", "invert"]


class Twins:
    """The classes of the extension, written in Python."""


def text_of(operand):
    if isinstance(operand, Twins.Term):
        return operand.text
    return str(int(operand)) if isinstance(operand, int) else None


def binary(name):
    def method(self, other):
        text = text_of(other)
        return NotImplemented if text is None else Twins.Term(f"{name}({self.text},{text})")

    return method


def in_place(name):
    def method(self, other):
        text = text_of(other)
        if text is None:
            return NotImplemented
        self.text = f"{name}({self.text},{text})"
        return self

    return method


def unary(name):
    return lambda self: Twins.Term(f"{name}({self.text})")


def init(self, text):
    self.text = text


def of_term(name):
    def method(self, other):
        return Twins.Term(f"{name}({self.text},{other.text})") if isinstance(other, Twins.Term) else NotImplemented

    return method


FORWARD = {f"__{name}__": binary(f"__{name}__") for name in BINARY}
REFLECTED = {f"__r{name}__": binary(f"__r{name}__") for name in BINARY}
IN_PLACE = {f"__i{name}__": in_place(f"__i{name}__") for name in BINARY if name != "divmod"}
Twins.Term = type("Term", (), {"__init__": init, **{f"__{name}__": unary(name) for name in UNARY}})
Twins.Full = type("Full", (Twins.Term,), {**FORWARD, **REFLECTED, **IN_PLACE})
Twins.Forward = type("Forward", (Twins.Term,), FORWARD)
Twins.Reflected = type("Reflected", (Twins.Term,), REFLECTED)
Twins.FullWithAdd = type("FullWithAdd", (Twins.Full,), {"__add__": of_term("own_add")})
Twins.FullWithRadd = type("FullWithRadd", (Twins.Full,), {"__radd__": of_term("own_radd")})


def with_subclasses(module):
    classes = {name: getattr(module, name) for name in
               ["Full", "Forward", "Reflected", "FullWithAdd", "FullWithRadd"]}
    for base in ["Full", "Forward", "Reflected"]:
        classes[f"Sub{base}"] = type(f"Sub{base}", (classes[base],), {})
        own = lambda self, other: f"python({self.text})"  # noqa: E731
        classes[f"SubAdd{base}"] = type(f"SubAdd{base}", (classes[base],), {"__add__": own, "__radd__": own})
    return classes


NATIVE, TWINS = with_subclasses(ext), with_subclasses(Twins)
FOREIGN = {"int": 3, "bool": True, "float": 2.5, "str": "x", "none": None, "list": [1]}


def shown(value):
    if isinstance(value, (ext.Term, Twins.Term)):
        return type(value).__name__, value.text
    return value


def result_of(operation, *operands):
    try:
        return shown(operation(*operands))
    except TypeError as error:
        return TypeError, str(error).replace("operators_ext.", "")


def operands(classes, a, b):
    make = lambda name, text: classes[name](text) if name in classes else FOREIGN[name]  # noqa: E731
    return make(a, "a"), make(b, "b")


@pytest.mark.parametrize("name", BINARY)
def test_a_binary_operator_equals_that_of_a_python_class(name):
    operation = divmod if name == "divmod" else getattr(operator, f"__{name}__")
    names = list(NATIVE) + list(FOREIGN)
    asked = 0
    for a in names:
        for b in names:
            if a in FOREIGN and b in FOREIGN:
                continue
            assert result_of(operation, *operands(NATIVE, a, b)) == result_of(operation, *operands(TWINS, a, b)), (a, b)
            asked += 1
    assert asked > 200


@pytest.mark.parametrize("name", [name for name in BINARY if name != "divmod"])
def test_an_operator_in_place_equals_that_of_a_python_class(name):
    operation = getattr(operator, f"__i{name}__")
    for a in NATIVE:
        for b in list(NATIVE) + list(FOREIGN):
            of_native, of_twins = operands(NATIVE, a, b), operands(TWINS, a, b)
            found, wanted = (result_of(operation, *pair) for pair in (of_native, of_twins))
            if found[0] is TypeError:  # Of Python subclasses `a += b` is said to be `a + b`: CPython's own doing.
                found, wanted = ((kind, text.replace("+=", "+")) for kind, text in (found, wanted))
            assert found == wanted, (a, b)
            assert shown(of_native[0]) == shown(of_twins[0])


@pytest.mark.parametrize("name", UNARY)
def test_a_unary_operator_is_that_function(name):
    assert shown(getattr(operator, name)(ext.Full("a"))) == ("Term", f"{name}(a)")


@pytest.mark.parametrize("name", BINARY)
def test_dunders_can_be_called_by_name(name):
    a, b = ext.Full("a"), ext.Full("b")
    assert getattr(a, f"__{name}__")(b).text == f"__{name}__(a,b)"
    assert getattr(a, f"__{name}__")(2.5) is NotImplemented
    assert not hasattr(-ext.Full("a"), f"__{name}__")
    assert not hasattr(ext.Forward("a"), f"__r{name}__") and not hasattr(ext.Reflected("a"), f"__{name}__")


def test_three_arguments_of_pow():
    assert (ext.Vec(2, 3) ** 2).y == 3
    assert pow(ext.Vec(2, 3), 2, 7).y == 7
    with pytest.raises(TypeError, match="unsupported operand"):
        pow(ext.Vec(2, 3), 2, "x")
    with pytest.raises(TypeError, match="unsupported operand"):
        pow(ext.Full("a"), 2, 7)
    with pytest.raises(TypeError, match="unsupported operand"):
        pow(2, ext.Vec(2, 3), 7)


def test_in_place_returns_the_same_object():
    v = same = ext.Vec(1, 2)
    v += ext.Vec(1, 1)
    v -= ext.Vec(0, 1)
    assert v is same and (v.x, v.y) == (2, 2)


def test_an_object_added_to_itself_in_place():
    v = same = ext.Vec(1, 2)
    v += v
    assert v is same and (v.x, v.y) == (2, 4)
    v -= v
    assert v is same and (v.x, v.y) == (0, 0)
    alone = ext.Unique(2)
    with pytest.raises(RuntimeError, match="[Aa]lready"):
        alone += alone
    alone += ext.Unique(3)
    assert alone.value == 5


def test_an_object_added_to_itself_by_an_overload_set():
    full = same = ext.Full("a")
    full += full
    assert full is same and full.text == "__iadd__(a,a)"
    full **= full
    assert full is same and full.text == "__ipow__(__iadd__(a,a),__iadd__(a,a))"


def test_what_a_function_raises_is_raised():
    with pytest.raises(KeyError, match="no"):
        ext.Vec(1, 2) @ ext.Vec(1, 2)
    v = ext.Vec(1, 2)
    with pytest.raises(ValueError, match="frozen"):
        v *= 2


def test_what_a_conversion_raises_is_raised():
    class Broken:
        def __index__(self):
            raise RuntimeError("broken")

        def __float__(self):
            raise LookupError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        ext.Full("a") + Broken()
    with pytest.raises(RuntimeError, match="broken"):
        ext.Vec(1, 2) | Broken()
    with pytest.raises(LookupError, match="broken"):
        ext.Vec(1, 2) * Broken()
    with pytest.raises(OverflowError, match="1000 does not fit") as caught:
        ext.Vec(1, 2) | 1000
    assert caught.value.__notes__ == ["Vec.__or__() argument 1"]
    with pytest.raises(OverflowError):
        ext.Full("a") + 2**70
    with pytest.raises(OverflowError):
        2**70 + ext.Reflected("a")


def test_an_operand_that_says_it_is_no_number_is_asked_itself():
    class Many:
        """As numpy's arrays, which are no number unless they have one item."""

        def __float__(self):
            raise TypeError("only size-1 arrays can be converted")

        def __rmul__(self, other):
            return "many"

    class Mute:
        def __float__(self):
            raise TypeError("only size-1 arrays can be converted")

    vec = ext.Vec(1, 2)
    assert vec * Many() == "many" and vec.__mul__(Mute()) is NotImplemented
    with pytest.raises(TypeError, match="unsupported operand"):
        vec * Mute()
    numpy = pytest.importorskip("numpy")
    product = vec * numpy.array([1.0, 2.0], dtype=object)
    assert len(product) == 2 and product[1].x == 2.0


def test_an_operand_that_is_borrowed_is_no_foreign_type():
    v = ext.Vec(1, 2)
    with pytest.raises(RuntimeError, match="[Aa]lready"):
        v << v
    assert v << ext.Vec(3, 4) == (1, 4)


def test_numbers():
    counter = ext.Counter(5)
    assert (int(counter), float(counter), complex(counter), bool(counter)) == (5, 5.0, 5 + 1j, True)
    assert [10, 11, 12, 13, 14, 15][counter] == 15 and hex(counter) == "0x5" and not ext.Counter(0)
    assert (round(counter), round(counter, 2), math.trunc(counter)) == (500, 502, 5)
    assert (math.floor(counter), math.ceil(counter)) == (4, 6)
    assert f"{counter:>3}" == "5>3" and format(counter) == "5"


@pytest.mark.parametrize("make", [ext.ByOne, ext.BySix, ext.Derived])
def test_comparison(make):
    for a in range(-2, 3):
        for b in range(-2, 3):
            for name in ["lt", "le", "eq", "ne", "gt", "ge"]:
                compare = getattr(operator, name)
                assert compare(make(a), make(b)) is compare(a, b)
    values = list(range(20))
    random.Random(1).shuffle(values)
    assert sorted(map(make, values)) == [make(value) for value in range(20)]
    assert max(map(make, values)) == make(19)


@pytest.mark.parametrize("make", [ext.ByOne, ext.BySix, ext.Derived, ext.OnlyEq, ext.EqAndLess])
@pytest.mark.parametrize("foreign", [None, 1, "x", object(), float("nan")])
def test_comparison_with_a_foreign_type(make, foreign):
    assert (make(1) == foreign) is False and (foreign == make(1)) is False
    assert (make(1) != foreign) is True and (foreign != make(1)) is True
    assert make(1).__eq__(foreign) is NotImplemented
    with pytest.raises(TypeError, match="not supported between instances"):
        make(1) < foreign


def test_comparison_asks_the_other_operand():
    class Anything:
        def __eq__(self, other):
            return "eq"

        def __gt__(self, other):
            return "gt"

    for make in [ext.ByOne, ext.BySix, ext.Derived]:
        assert (make(1) == Anything()) == "eq" and (make(1) < Anything()) == "gt"


def test_unordered_values():
    nan = ext.Derived(math.nan)
    for name in ["lt", "le", "eq", "gt", "ge"]:
        assert getattr(operator, name)(nan, ext.Derived(1)) is False
    assert nan != nan


def test_hash():
    assert hash(ext.BySix(7)) == 7 and hash(ext.Derived(7.0)) == 7
    assert {ext.BySix(1): "a"}[ext.BySix(1)] == "a" and len({ext.Derived(1), ext.Derived(1.0)}) == 1
    assert hash(ext.BySix(-1)) == -2  # -1 would be an error.


@pytest.mark.parametrize("make", [ext.ByOne, ext.OnlyEq, ext.EqAndLess])
def test_equality_without_hash_makes_unhashable(make):
    assert make.__hash__ is None
    with pytest.raises(TypeError, match="unhashable type"):
        hash(make(1))


def test_order_alone_leaves_equality_and_hash():
    a, b = ext.OnlyLess(1), ext.OnlyLess(1)
    assert a == a and a != b and hash(a) == object.__hash__(a)
    assert a < ext.OnlyLess(2) and ext.OnlyLess(2) > a


def test_a_derived_class_keeps_the_comparisons_of_its_base():
    a, b = ext.EqAndLess(1), ext.EqAndLess(1)
    assert a == b and not a != b and a < ext.EqAndLess(2)
    assert a == ext.OnlyEq(1) and ext.OnlyEq(1) == a


def test_total_ordering_completes_a_python_subclass():
    @functools.total_ordering
    class Own(ext.OnlyEq):
        def __lt__(self, other):
            return False

    assert (Own(1) <= Own(1)) is True and (Own(1) > Own(2)) is True


def test_python_subclasses_override():
    class Own(ext.OnlyEq):
        def __eq__(self, other):
            return super().__eq__(other) is True and "both"

        __hash__ = object.__hash__

    assert (Own(1) == Own(1)) == "both" and (Own(1) == 1) is False and hash(Own(1)) is not None


def test_operators_leak_nothing():
    v, w = ext.Vec(1, 2), ext.Full("a")
    counts = [sys.getrefcount(it) for it in (v, w, NotImplemented, None)]
    for _ in range(200):
        v + v, v * 2, 2 * v, w + w, w + 1, 1 + w, v == v, v == 1, v != "x", v.__add__(1), w.__radd__(None)
        v += ext.Vec(0, 0)
        v += v
        for operation in (lambda: v + 1, lambda: "x" + w, lambda: v @ v, lambda: pow(w, 1, 2)):
            with pytest.raises((TypeError, KeyError)):
                operation()
    after = [sys.getrefcount(it) for it in (v, w, NotImplemented, None)]
    assert all(abs(a - b) < 20 for a, b in zip(counts, after)), (counts, after)
