# SPDX-License-Identifier: MIT
"""C++ enums as Python's own: classes, members, what crosses in which direction, and what is refused."""
import copy
import enum
import inspect
import pickle
import sys

import enums_ext as m
import pytest

PLAIN = ["Color", "Level", "Style", "Wide", "Depth", "Answer", "Letter"]
FLAGS = ["Perm", "Bits", "Masks"]


@pytest.mark.parametrize("name, base", [
    ("Color", enum.Enum), ("Level", enum.IntEnum), ("Perm", enum.Flag), ("Bits", enum.IntFlag),
    ("Style", getattr(enum, "StrEnum", enum.Enum)),
])
def test_classes_are_those_of_the_enum_module(name, base):
    cls = getattr(m, name)
    assert base in cls.__bases__
    assert type(cls) is type(enum.Enum)
    assert (cls.__name__, cls.__qualname__, cls.__module__) == (name, name, "enums_ext")
    assert name in m.__all__


def test_members_and_aliases():
    assert list(m.Color) == [m.Color.RED, m.Color.GREEN, m.Color.BLUE]
    assert m.Color.CRIMSON is m.Color.RED
    assert m.Color.RED.name == "RED"
    assert [color.value for color in m.Color] == [0, 1, 2]
    assert list(m.Color.__members__) == ["RED", "GREEN", "BLUE", "CRIMSON"]
    assert m.Color(2) is m.Color.BLUE
    assert m.Color["GREEN"] is m.Color.GREEN
    assert repr(m.Color.RED) == "<Color.RED: 0>"


def test_docstrings():
    assert m.Color.__doc__ == "What a thing looks like."
    assert m.Color.GREEN.__doc__ == "As grass."
    assert m.Style.FANCY.__doc__ == "With a text."
    assert m.Color.RED.__doc__ != "As grass."


def test_members_of_a_str_enum_are_texts():
    assert [style.value for style in m.Style] == ["plain", "bold", "very-fancy"]
    assert m.Style.BOLD == "bold"
    assert str(m.Style.FANCY) == f"{m.Style.FANCY}" == "very-fancy"
    assert m.Style("bold") is m.Style.BOLD


def test_members_of_an_int_enum_are_numbers():
    assert m.Level.INFO == 20
    assert m.Level.DEBUG < m.Level.ERROR


@pytest.mark.parametrize("name", PLAIN + FLAGS)
def test_a_member_crosses_as_itself(name):
    cls = getattr(m, name)
    for member in cls:
        assert getattr(m, "same_" + name)(member) is member
        assert getattr(m, "extract_" + name)(member) is member
        assert getattr(m, "same_" + name)(value=member) is member


@pytest.mark.parametrize("name", [n for n in PLAIN + FLAGS if n not in ("Style", "Letter", "Answer")])
def test_values_are_the_numbers_of_cpp(name):
    for member in getattr(m, name):
        assert getattr(m, "number_" + name)(member) == member.value
        assert getattr(m, "make_" + name)(member.value) is member


def test_the_ends_of_the_types():
    assert m.Wide.HIGH.value == 2**63
    assert m.make_Wide(2**64 - 1) is m.Wide.ALL
    assert m.Depth.LOWEST == -(2**63)
    assert m.make_Depth(-1) is m.Depth.MINUS_ONE
    assert m.make_Depth(2**63 - 1) is m.Depth.HIGHEST
    assert m.make_Answer(True) is m.Answer.YES
    assert [answer.value for answer in m.Answer] == [0, 1]
    assert m.make_Letter("z") is m.Letter.Z
    assert m.Letter.A.value == ord("a")
    assert m.Letter.HIGH.value in (0xE9, 0xE9 - 256)  # char is signed or not


@pytest.mark.parametrize("name, number", [
    ("Color", 5), ("Color", -1), ("Color", 2**31 - 1), ("Color", -(2**31)), ("Level", 0), ("Level", 11), ("Level", 255),
    ("Style", 3), ("Wide", 1), ("Wide", 2**63 - 1), ("Depth", -2), ("Depth", 1), ("Perm", 8), ("Perm", 2**32 - 1),
    ("Masks", 2), ("Masks", 2**64 - 1),
])
def test_a_value_without_a_member_is_a_value_error(name, number):
    with pytest.raises(ValueError) as caught:
        getattr(m, "make_" + name)(number)
    assert str(caught.value) == f"{number} is not a valid {name}"


@pytest.mark.parametrize("name", PLAIN + FLAGS)
def test_nothing_but_members_is_taken(name):
    cls = getattr(m, name)
    same, extract = getattr(m, "same_" + name), getattr(m, "extract_" + name)
    member = next(iter(cls))
    foreign = enum.IntEnum(name, [(member.name, 1)])
    for other in [0, 1, 1.0, member.value, member.name, True, None, object(), cls, m.Car(), foreign(1),
                  next(iter(m.Color if name != "Color" else m.Level))]:
        with pytest.raises(TypeError) as caught:
            same(other)
        text = str(caught.value)
        assert text.startswith(f"same_{name}() argument 'value' must be ")
        assert name in text and ("None" if other is None else type(other).__name__) in text
        with pytest.raises(TypeError):
            extract(other)


def test_an_enum_of_the_same_name_is_told_apart():
    other = enum.Enum("Color", {"RED": 0}, module="elsewhere")
    with pytest.raises(TypeError, match=r"same_Color\(\) argument 'value' must be enums_ext.Color, not elsewhere.Color"):
        m.same_Color(other.RED)


def test_combinations_of_flags_are_python_s():
    assert m.read_write() is m.Perm.READ | m.Perm.WRITE
    assert m.read_write() is m.read_write()
    for number in range(8):
        both = m.make_Perm(number)
        assert both is m.Perm(number)
        assert m.same_Perm(both) is both
        assert m.number_Perm(both) == number
    assert m.same_Perm(~m.Perm.READ) is m.Perm.WRITE | m.Perm.RUN
    assert m.make_Masks(2**63 + 1) is m.Masks.LOW | m.Masks.HIGH
    assert m.number_Masks(m.Masks.LOW | m.Masks.HIGH) == 2**63 + 1
    assert m.Perm.READ in m.read_write()


def test_int_flags_keep_bits_without_a_name():
    assert m.make_Bits(0x8101) is m.Bits.LOW | m.Bits.MIDDLE | m.Bits.HIGH
    assert m.make_Bits(0) == 0 and type(m.make_Bits(0)) is m.Bits
    assert m.make_Bits(6) == m.Bits(6) and type(m.make_Bits(6)) is m.Bits  # Python makes a new one each time
    assert m.number_Bits(m.Bits.LOW | 6) == 7
    assert m.number_Bits(m.Bits(0xFFFF)) == 0xFFFF
    assert m.number_Bits(~m.Bits.LOW) == 0xFFFE
    with pytest.raises(OverflowError, match=r"65536 does not fit into the C\+\+ enum of Bits"):
        m.same_Bits(m.Bits(0x10000))
    with pytest.raises(OverflowError):
        m.same_Bits(m.Bits(2**70))


def test_an_enum_without_a_type_of_its_own_takes_only_the_bits_of_its_members():
    assert m.same_Old(m.Old.ONE | m.Old.TWO) == 3
    with pytest.raises(OverflowError):
        m.same_Old(m.Old(4))


def test_an_enum_in_a_class():
    assert m.Car.Gear.__qualname__ == "Car.Gear"
    assert m.Car.Gear.__module__ == "enums_ext"
    car = m.Car()
    assert car.gear is m.Car.Gear.PARK is m.Car.FIRST
    car.shift()
    assert car.gear is m.Car.Gear.DRIVE
    car.gear = m.Car.Gear.NEUTRAL
    car.color = m.Color.BLUE
    assert (car.gear, car.color) == (m.Car.Gear.NEUTRAL, m.Color.BLUE)
    with pytest.raises(TypeError, match="Gear"):
        car.gear = m.Color.RED
    with pytest.raises(TypeError, match="Color"):
        car.color = 1


def members():
    return [member for name in PLAIN + FLAGS for member in getattr(m, name)] + list(m.Car.Gear) + [m.read_write()]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_members_are_pickled_by_name(protocol):
    for member in members():
        if protocol < 2 and isinstance(member, str) and sys.version_info < (3, 11):
            continue
        assert pickle.loads(pickle.dumps(member, protocol)) is member
    assert pickle.loads(pickle.dumps(m.Car.Gear, max(4, protocol))) is m.Car.Gear


def test_copies_are_the_member():
    for member in members():
        assert copy.copy(member) is member
        assert copy.deepcopy([member])[0] is member
        assert {member: 1}[member] == 1


def test_members_reach_other_processes(run_python):
    run = run_python("""
import multiprocessing
import enums_ext as m
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(m.same_Color, [m.Color.RED, m.Color.BLUE]) == [m.Color.RED, m.Color.BLUE]
""")
    assert run.returncode == 0, run.stderr


def test_match():
    namespace = {"m": m}
    exec("""
def shown(color):
    match color:
        case m.Color.RED: return "red"
        case m.Color.GREEN | m.Color.BLUE: return "other"
        case _: return "none"
""", namespace)
    assert [namespace["shown"](c) for c in [*m.Color, 0]] == ["red", "other", "other", "none"]


def test_defaults():
    assert m.defaults() == ["Color", "Level", "Style", "some", "5"]
    assert m.defaults(other=None)[3] == "none"


def test_containers():
    colors = [m.Color.BLUE, m.Color.RED, m.Color.BLUE]
    assert m.colors(colors) == colors
    assert all(a is b for a, b in zip(m.colors(tuple(colors)), colors))
    assert m.counts({m.Color.BLUE: 3, m.Color.RED: 1}) == {m.Color.RED: 1, m.Color.BLUE: 3}
    assert m.set_of_colors({m.Color.RED}) == {m.Color.RED}
    assert m.maybe(None) is None and m.maybe(m.Color.RED) is m.Color.RED
    with pytest.raises(TypeError, match=r"colors\(\) argument 1: \[1\]: expected Color, got int"):
        m.colors([m.Color.RED, 0])


def test_overloads_go_by_the_object():
    assert m.which(3) == "int"
    assert m.which(True) == "int"
    assert m.which(m.Color.RED) == "Color"
    assert m.which(m.Level.INFO) == "Level"  # also an int
    assert m.which(m.Style.BOLD) == "Style"  # also a str
    assert m.which("bold") == "str"
    assert m.which(m.Depth.ZERO) == "int"  # another enum of numbers is no more than a number
    with pytest.raises(TypeError, match="Color"):
        m.which(m.Perm.READ)


def test_variants():
    assert m.index_of(m.Level.INFO) == 0
    assert m.index_of(20) == 1
    assert m.index_of(m.Color.RED) == 2
    assert m.one_of(m.Color.RED) is m.Color.RED


def test_an_enum_that_was_not_added_says_so():
    for use in (m.return_never, lambda: m.same_never(1)):
        with pytest.raises(SystemError, match=r"Never is in no module yet: add_enum<Never>\(\)"):
            use()


def test_two_modules_share_one_class():
    assert m.inner.Color is m.Color
    assert m.DEFAULT is m.Color.BLUE


def test_references_are_counted(assert_no_growth):
    red, both = m.Color.RED, m.read_write()
    before = sys.getrefcount(red), sys.getrefcount(both)
    for _ in range(1000):
        m.same_Color(red)
        m.same_Perm(both)
        m.colors([red, red])
        m.counts({red: 1})
        for refused in (lambda: m.same_Color(0), lambda: m.make_Color(5), lambda: m.same_Bits(m.Bits(0x10000))):
            with pytest.raises((TypeError, ValueError, OverflowError)):
                refused()
    assert (sys.getrefcount(red), sys.getrefcount(both)) == before

    def cross():
        m.same_Color(red)
        m.same_Perm(both)
        m.make_Bits(6)

    assert_no_growth(cross)


def test_defaults_are_shown_where_inspect_can_read_them_back():
    assert m.louder.__text_signature__ == "($module, /, level=Level.INFO)"
    assert inspect.signature(m.louder).parameters["level"].default is m.Level.INFO
    style = "style=Style.FANCY"
    assert m.defaults.__text_signature__ == f"($module, /, color=..., level=Level.INFO, {style}, other=..., perm=...)"
    assert list(inspect.signature(m.defaults).parameters) == ["color", "level", "style", "other", "perm"]
    shown = "With defaults.\n\nDefaults: color=Color.GREEN, other=Color.BLUE"
    assert m.defaults.__doc__.startswith(shown) and m.defaults.__doc__.count("=") == 3  # A combination of flags, too.
    assert m.Car.shift.__text_signature__ == "($self, /, to=...)"
    assert m.Car.shift.__doc__ == "Defaults: to=Car.Gear.DRIVE"
    if sys.version_info >= (3, 13):
        assert m.Car.race.__text_signature__ == "($self, /, level=Level.ERROR)"
        assert inspect.signature(m.Car.race).parameters["level"].default is m.Level.ERROR
    else:
        assert m.Car.race.__text_signature__ == "($self, /, level=...)"
        assert m.Car.race.__doc__ == "Defaults: level=Level.ERROR"


def test_the_words_of_a_class_come_before_those_of_its_constructor():
    assert m.Lamp.__text_signature__ == "(color=...)"
    assert m.Lamp.__doc__ == "Shines.\n\nSwitched on.\n\nDefaults: color=Color.GREEN"


def test_a_default_from_another_module_is_not_shown_as_if_it_were_there():
    assert m.inner.louder.__text_signature__ == "($module, /, level=...)"
    inspect.signature(m.inner.louder)
    assert m.inner.louder.__doc__ == "Defaults: level=Level.INFO"


def test_overloads_show_their_defaults():
    with pytest.raises(TypeError, match=r"with_default\(color: Color=Color.BLUE\)"):
        m.with_default(1.5)
