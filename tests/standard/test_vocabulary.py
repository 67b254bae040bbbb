# SPDX-License-Identifier: MIT
"""Types of C++23 and C++26, there and back. Each test is skipped where the standard library lacks its type."""
import gc
import sys
import weakref

import pytest

import vocabulary_ext as m


def needs(name):
    return pytest.mark.skipif(not hasattr(m, name), reason=f"the standard library has not what {name} takes")


@needs("with_own")
def test_an_expected_is_a_value_or_an_exception():
    assert (m.with_py_err(3), m.with_own(4), m.with_text("x"), m.with_code(False)) == (3, 2, "x!", None)
    assert (m.with_exception(0), m.with_exception(2)) == (None, 2)
    for call, error, text in [
        (lambda: m.with_py_err(-1), TypeError, "wrong"),
        (lambda: m.with_own(3), ValueError, "odd"),
        (lambda: m.with_own(-1), KeyError, "negative"),
        (lambda: m.with_text(""), RuntimeError, "there is no text"),
        (lambda: m.with_code(True), FileNotFoundError, "No such file"),
        (lambda: m.with_exception(-1), IndexError, "too low"),
    ]:
        with pytest.raises(error, match=text):
            call()


@needs("flat_map")
def test_a_flat_map_is_a_dict():
    assert m.flat_map({"b": 2, "a": 1}) == {"a": 1, "b": 2, "size": 2}
    assert list(m.flat_map({"z": 1, "b": 2})) == ["b", "size", "z"]
    many = {str(i): i for i in range(100_000)}
    assert m.flat_map(many) == many | {"size": 100_000}  # In no quadratic time.
    with pytest.raises(TypeError, match="argument 'map' must be dict, not list"):
        m.flat_map([1])
    with pytest.raises(TypeError, match=r"\['a'\]: expected int, got str|must be int"):
        m.flat_map({"a": "x"})


@needs("flat_map")
def test_a_flat_map_owns_its_handles():
    value = object()
    before = sys.getrefcount(value)
    back = m.flat_handles({2: value, 1: value})
    assert list(back) == [1, 2] and back[1] is value
    del back
    assert sys.getrefcount(value) == before
    with pytest.raises(TypeError):
        m.flat_handles({1: value, "x": value})
    assert sys.getrefcount(value) == before


@needs("flat_map")
def test_the_collector_sees_what_a_flat_map_holds():
    class Thing:
        pass

    thing, shelf = Thing(), m.Shelf()
    thing.shelf = shelf
    shelf.put(1, thing)
    assert thing in gc.get_referents(shelf)
    gone = weakref.ref(thing)
    del thing, shelf
    gc.collect()
    assert gone() is None


@needs("flat_set")
def test_a_flat_set_is_a_set():
    assert m.flat_set({3, 1}) == {1, 3, 7} and m.flat_set(frozenset()) == {7}
    assert m.flat_set(iter([2, 2])) == {2, 7}
    with pytest.raises(TypeError, match="argument 'set' must be set, not list"):
        m.flat_set([1])


@needs("at_most_three")
def test_an_inplace_vector_takes_no_more_than_it_has_room_for():
    assert m.at_most_three([1, 2, 3]) == [1, 2, 3] and m.at_most_three(()) == [] and m.at_most_two(["a"]) == ["a"]
    assert m.at_most_three(range(2)) == [0, 1]
    for items in [1, 2, 3, 4], range(100), (0,) * 5:
        with pytest.raises(ValueError, match="expected at most 3 items, got more"):
            m.at_most_three(items)
    with pytest.raises(TypeError, match="argument 'items'"):
        m.at_most_three(["x"])
    with pytest.raises(TypeError, match="argument 'items' must be sequence, not int"):
        m.at_most_three(1)


@needs("numbers")
def test_a_generator_that_make_iterator_keeps():
    def nothing():
        pass

    before = sys.getrefcount(nothing)
    numbers = m.numbers(2, nothing)
    assert iter(numbers) is numbers and list(numbers) == [0, 1] and list(numbers) == []
    half_way = m.numbers(5, nothing)
    assert [next(half_way), next(half_way)] == [0, 1]
    assert sys.getrefcount(nothing) == before + 1  # That of the first went at its end.
    assert next(half_way) == 2
    with pytest.raises(IndexError, match="two is enough"):
        next(half_way)
    with pytest.raises(StopIteration):
        next(half_way)
    del numbers, half_way
    assert sys.getrefcount(nothing) == before
    again = m.numbers(3, lambda: next(again))
    next(again)
    with pytest.raises((RuntimeError, ValueError)):
        next(again)


@needs("call_move_only")
def test_a_move_only_function_is_a_callable():
    assert m.call_move_only(lambda x: x + 1) == 4
    assert m.make_move_only(4)(5) == 9


@needs("call_copyable")
def test_a_copyable_function_is_a_callable():
    assert m.call_copyable(lambda x: x + 1) == 4 and m.call_copyable(None) == -1
    assert m.make_copyable(4)(5) == 9
    assert m.call_copyable(m.make_copyable(4)) == 7
    assert m.pass_copyable(m.make_copyable(1))(1) == 2
    with pytest.raises(TypeError, match="argument 'function' must be a callable or None, not int"):
        m.call_copyable(1)
    with pytest.raises(ZeroDivisionError):
        m.call_copyable(lambda x: x // 0)


@needs("call_ref")
def test_a_function_ref_lasts_for_the_call():
    seen = []

    class Callable:
        def __call__(self, number, text):
            seen.append((number, text))
            return number

    function = Callable()
    gone, before = weakref.ref(function), sys.getrefcount(function)
    assert m.call_ref(function) == 3 and seen == [(1, "one"), (2, "two")]
    assert sys.getrefcount(function) == before
    assert m.call_const_ref(function=lambda x: 2 * x, x=4) == 8
    for wrong in None, 1:
        with pytest.raises(TypeError, match="argument 'function' must be a callable, not"):
            m.call_ref(wrong)
    with pytest.raises(ZeroDivisionError):
        m.call_ref(lambda x, y: x // 0)
    with pytest.raises(TypeError):
        m.call_ref(lambda x, y: "text")
    del function
    gc.collect()
    assert gone() is None


@needs("half")
def test_small_floats_are_floats():
    assert (m.half(1.5), m.half(1), m.bfloat(0.5), m.single(1.25)) == (1.5, 1.0, 0.5, 1.25)
    assert m.half(1.1) == pytest.approx(1.1, rel=1e-3) and m.half(1.1) != 1.1
    assert m.half(float("inf")) == float("inf") and m.half(float("nan")) != m.half(float("nan"))
    with pytest.raises(OverflowError, match="65520.0 does not fit into a 16-bit float|does not fit into a 16-bit float"):
        m.half(70000.0)
    with pytest.raises(TypeError, match="argument 'x' must be float, not str"):
        m.half("x")
    assert m.which(1.5) == "double" and "float16" in m.which.__doc__


@needs("wheels_of")
def test_an_optional_reference_borrows_an_object_or_none():
    car = m.Car()
    assert (m.wheels_of(car), m.wheels_of(None), m.wheels_of()) == (4, 0, 0)
    m.set_wheels(car, 3)
    m.set_wheels(None, 5)
    assert car.wheels == 3 and m.both(car, None) == 1 and m.both(m.Car(), car) == 2
    with pytest.raises(RuntimeError, match="Already"):
        m.both(car, car)
    assert m.wheels_of(car) == 3  # Given back.
    with pytest.raises(TypeError, match="argument 'car' must be Car, not int"):
        m.wheels_of(1)
    before = sys.getrefcount(car)
    for _ in range(10):
        m.wheels_of(car)
    assert sys.getrefcount(car) == before


@needs("trace")
def test_an_mdspan_shows_an_array_in_place():
    numpy = pytest.importorskip("numpy")
    assert m.trace(numpy.arange(9.0).reshape(3, 3)) == 12
    matrix = numpy.zeros((3, 2), dtype="float32", order="F")
    m.fill(matrix, 2.5)
    assert (matrix == 2.5).all()
    for wrong in numpy.zeros((3, 2), dtype="float32"), numpy.zeros((2, 3), dtype="float32", order="F"), [1.0]:
        with pytest.raises(TypeError, match="argument 'matrix'"):
            m.fill(wrong, 1)
    with pytest.raises(TypeError):
        m.trace(numpy.zeros(3))
    frozen = numpy.zeros((3, 2), dtype="float32", order="F")
    frozen.flags.writeable = False
    with pytest.raises((TypeError, ValueError, BufferError)):
        m.fill(frozen, 1)
    assert m.small_index(numpy.zeros(100, dtype="int32")) == 100
    with pytest.raises(OverflowError, match="too large for the type of its indices"):
        m.small_index(numpy.zeros(200, dtype="int32"))
    # The places of all items are indices, too.
    assert m.last(numpy.arange(15.0 * 17).reshape(15, 17)) == 254
    assert m.last(numpy.zeros((0, 255))) == m.last(numpy.zeros((255, 0))) == -1
    for shape in (20, 20), (16, 16), (1, 256), (0, 256):
        with pytest.raises(OverflowError, match="too large for the type of its indices"):
            m.last(numpy.zeros(shape))
    assert m.corners(numpy.arange(9, dtype="int32").reshape(3, 3)) == 8
    with pytest.raises(TypeError):
        m.corners(numpy.arange(8, dtype="int32").reshape(4, 2))
