# SPDX-License-Identifier: MIT
"""Whatever Python code does to the class of an enum, its members stay what they were, and nothing else becomes one."""
import enum
import sys
import threading

import pytest
import tampered_enums_ext as m

Color, Perm, Wide = m.Color, m.Perm, m.Wide
RED, GREEN, BLUE = Color


@pytest.fixture
def patched(monkeypatch):
    """Sets an attribute of an enum past the metaclass, for the time of a test."""
    undone = []

    def patch(cls, name, value):
        missing = object()
        old = cls.__dict__.get(name, missing)
        type.__setattr__(cls, name, value)
        undone.append((cls, name, old, missing))

    yield patch
    for cls, name, old, missing in reversed(undone):
        type.__delattr__(cls, name) if old is missing else type.__setattr__(cls, name, old)


def test_members_that_are_deleted_or_replaced_are_the_same_in_cpp(monkeypatch):
    saved = dict(Color._member_map_), dict(Color._value2member_map_), list(Color._member_names_)
    try:
        Color._member_map_.clear()
        Color._value2member_map_.clear()
        Color._member_names_.clear()
        assert [m.color(number) for number in range(3)] == [RED, GREEN, BLUE]
        assert [m.number_of_color(color) for color in (RED, GREEN, BLUE)] == [0, 1, 2]
        Color._value2member_map_[0] = "something else"
        assert m.color(0) is RED
        with pytest.raises(ValueError, match="3 is not a valid Color"):
            m.color(3)
    finally:
        Color._member_map_.update(saved[0])
        Color._value2member_map_.update(saved[1])
        Color._member_names_.extend(saved[2])


def test_values_that_are_changed_do_not_count():
    GREEN._value_ = 77
    try:
        assert m.number_of_color(GREEN) == 1
        assert m.color(1) is GREEN
    finally:
        GREEN._value_ = 1


@pytest.mark.parametrize("value", [None, "1", 1.0, -1, 8, 255, 256, 2**64, 2**100, -(2**100), object()])
def test_a_combination_whose_value_was_changed_is_refused(value):
    both = Perm.READ | Perm.WRITE
    try:
        both._value_ = value
        with pytest.raises((TypeError, ValueError)):
            m.number_of_perm(both)
    finally:
        both._value_ = 3
    assert m.number_of_perm(both) == 3


def test_a_combination_without_a_value():
    both = Perm.WRITE | Perm.RUN
    del both._value_
    try:
        with pytest.raises(AttributeError):
            m.number_of_perm(both)
    finally:
        both._value_ = 6


def test_equality_and_hash_are_never_asked(patched):
    class Equal:
        def __eq__(self, other):
            return True

        def __hash__(self):
            return hash(RED)

    with pytest.raises(TypeError, match=r"number_of_color\(\) argument 'color' must be Color, not Equal"):
        m.number_of_color(Equal())

    def no(*args):
        raise AssertionError("not asked")

    patched(Color, "__eq__", no)
    patched(Color, "__hash__", no)
    patched(Color, "__getattribute__", no)
    assert m.number_of_color(RED) == 0 and m.color(2) is BLUE and m.count([RED, BLUE]) == 2


def test_what_looks_like_a_member_is_none():
    for imitation in (object.__new__(Color), enum.Enum("Color", {"RED": 0}).RED):
        with pytest.raises((TypeError, ValueError), match="Color"):
            m.number_of_color(imitation)
    with pytest.raises((TypeError, ValueError, AttributeError)):
        m.number_of_perm(object.__new__(Perm))
    with pytest.raises(TypeError):

        class Sub(Color):
            pass


def test_a_class_that_makes_something_else_of_a_combination(patched):
    patched(Wide, "_missing_", classmethod(lambda cls, value: 5))
    with pytest.raises((TypeError, ValueError)):
        m.wide(6)
    patched(Wide, "__new__", lambda cls, value: "no flag")
    with pytest.raises(TypeError, match="Wide has made a 'str' object"):
        m.wide(7)


def test_a_combination_that_raises_or_calls_back(patched):
    def missing(cls, value):
        m.color(1), m.number_of_perm(Perm.READ)
        raise KeyError("from _missing_")

    patched(Wide, "_missing_", classmethod(missing))
    with pytest.raises(KeyError):
        m.wide(10)


def test_a_value_that_drops_its_flags():
    class Value(int):
        pass

    flags = [Wide(2**31 + 6)]
    flags[0]._value_ = Value(1)
    assert m.number_of_wide(flags.pop()) == 1


FAKES = """
import enum, sys, types
{patch}
try:
    import tampered_enums_ext
except {error} as error:
    print("refused:", error)
"""


@pytest.mark.parametrize("patch, error", [
    ("enum.Enum = None", "TypeError"),
    ("del enum.Enum", "AttributeError"),
    ("enum.Enum = lambda *a, **k: int", "(AttributeError, TypeError)"),
    ("enum.Enum = lambda *a, **k: 'no class'", "TypeError"),
    ("enum.Enum = lambda *a, **k: type('Color', (), {'RED': 1, 'GREEN': 2, 'BLUE': 3})", "TypeError"),
    ("def same(*a, **k):\n    cls = type('Color', (), {})\n    cls.RED = cls.GREEN = cls.BLUE = cls()\n    return cls\n"
     "enum.Enum = same", "TypeError"),
    ("def fail(*a, **k): raise ZeroDivisionError\nenum.Enum = fail", "ZeroDivisionError"),
    ("sys.modules['enum'] = types.ModuleType('enum')", "AttributeError"),
    ("sys.modules['enum'] = None", "ImportError"),
])
def test_a_patched_enum_module_is_a_failed_import(run_python, patch, error):
    run = run_python(FAKES.format(patch=patch, error=error))
    assert run.returncode == 0 and run.stdout.startswith("refused:"), (run.stdout, run.stderr)


def test_an_import_that_failed_can_be_tried_again(run_python):
    run = run_python("""
import enum, sys
saved, enum.Flag = enum.Flag, None
try:
    import tampered_enums_ext
except TypeError:
    pass
enum.Flag = saved
import tampered_enums_ext as m
assert m.perm(3) is m.Perm.READ | m.Perm.WRITE and m.color(0) is m.Color.RED
""")
    assert run.returncode == 0, run.stderr


def test_threads_that_use_and_combine_at_once():
    barrier = threading.Barrier(4)
    found = [[] for _ in range(4)]

    def work(results):
        barrier.wait()
        for round in range(2000):
            results.append((m.perm(round % 8), m.wide(2**31 + 1), m.number_of_perm(Perm(round % 8)), m.color(round % 3)))

    threads = [threading.Thread(target=work, args=(results,)) for results in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for results in found:
        for round, (perm, wide, number, color) in enumerate(results):
            assert perm is Perm(round % 8) and number == round % 8
            assert wide is Wide.LOW | Wide.HIGH
            assert color is (RED, GREEN, BLUE)[round % 3]


def test_threads_that_make_an_enum_at_once(run_python):
    run = run_python("""
import sys, threading
import tampered_enums_ext as m
sys.setswitchinterval(1e-6)
barrier = threading.Barrier(8)
found = []
def work():
    barrier.wait()
    found.append(m.new_holder().late)
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert len(found) == 8 and len(set(map(id, found))) == 1, found
assert found[0] is type(m.new_holder()).Late.C and found[0].value == 1000
""")
    assert run.returncode == 0, run.stderr


def test_references_of_what_is_refused(assert_no_growth):
    imitation = object.__new__(Color)
    before = sys.getrefcount(imitation), sys.getrefcount(Color)

    def refuse():
        for call in (lambda: m.number_of_color(imitation), lambda: m.color(9), lambda: m.number_of_perm(RED),
                     lambda: m.number_of_wide(Wide(2**40)), lambda: m.count([RED, 1])):
            try:
                call()
            except (TypeError, ValueError, OverflowError):
                continue
            raise AssertionError("not refused")

    assert_no_growth(refuse)
    assert (sys.getrefcount(imitation), sys.getrefcount(Color)) == before
