# SPDX-License-Identifier: MIT
"""What a C++ sequence is made of: what counts as one, how it is read, and where it ends."""
import array
import collections
import os
import sys
import time
import types
import weakref

import pytest

import sequences_ext as ext

try:
    import numpy
except ImportError:
    numpy = None
try:
    import pandas
except ImportError:
    pandas = None

needs_numpy = pytest.mark.skipif(numpy is None, reason="numpy is not installed (Debian: python3-numpy)")
needs_pandas = pytest.mark.skipif(pandas is None, reason="pandas is not installed (Debian: python3-pandas)")

ORDERED = ["vector", "deque", "list"]
OF_THREE = ["array", "triple"]
EVERY = ORDERED + OF_THREE


class Mine(Exception):
    pass


def results(names, value):
    """What each function makes of a value, as a list."""
    return [list(getattr(ext, name)(value)) for name in names]


def refusal(name, value):
    """The text of the TypeError. Keeps nothing, as pytest.raises would."""
    try:
        result = getattr(ext, name)(value)
    except TypeError as error:
        return str(error)
    raise AssertionError(f"{name}() gave {result!r}")


# --- What is a sequence ------------------------------------------------------------------------------------------------


class Squares:
    """A sequence by its methods alone: __len__ and __getitem__."""

    def __len__(self):
        return 3

    def __getitem__(self, index):
        if index >= 3:
            raise IndexError("no such square")
        return index * index


class Registered(Squares):
    def __iter__(self):
        return iter((0, 1, 4))


collections.abc.Sequence.register(Registered)


class Inheriting(collections.abc.Sequence):
    __len__ = Squares.__len__
    __getitem__ = Squares.__getitem__


Named = collections.namedtuple("Named", "a b c")

SEQUENCES = {
    "list": [0, 1, 4],
    "tuple": (0, 1, 4),
    "namedtuple": Named(0, 1, 4),
    "range": range(3),
    "deque": collections.deque([0, 1, 4]),
    "array": array.array("q", [0, 1, 4]),
    "memoryview": memoryview(array.array("q", [0, 1, 4])),
    "UserList": collections.UserList([0, 1, 4]),
    "by its methods": Squares(),
    "registered": Registered(),
    "inheriting": Inheriting(),
}


@pytest.mark.parametrize("value", SEQUENCES.values(), ids=SEQUENCES)
def test_every_sequence_is_taken_wherever_items_have_an_order(value):
    expected = list(value)
    before = sys.getrefcount(value)
    assert results(EVERY, value) == [expected] * len(EVERY)
    assert ext.floats(value) == [float(x) for x in expected]
    assert ext.matrix([value, value]) == [[float(x) for x in expected]] * 2
    assert sys.getrefcount(value) == before


class DuckMapping(collections.abc.Mapping):
    def __getitem__(self, key):
        return {0: 1}[key]

    def __len__(self):
        return 1

    def __iter__(self):
        return iter([0])


class RegisteredMapping:
    def __getitem__(self, key):
        return 1

    def __len__(self):
        return 1


collections.abc.Mapping.register(RegisteredMapping)


class DictSubclass(dict):
    pass


KEPT_MAPPING = collections.UserDict({0: 1})
MAPPINGS = {
    "dict": {0: 1},
    "subclass": DictSubclass({0: 1}),
    "OrderedDict": collections.OrderedDict({0: 1}),
    "UserDict": collections.UserDict({0: 1}),
    "ChainMap": collections.ChainMap({0: 1}),
    "mappingproxy": types.MappingProxyType({0: 1}),
    "of collections.abc": DuckMapping(),
    "registered": RegisteredMapping(),
    "environ": os.environ,
    "a proxy of one": weakref.proxy(KEPT_MAPPING),
}
OTHERS = {
    "str": "012",
    "bytes": b"012",
    "bytearray": bytearray(b"012"),
    "set": {0, 1, 2},
    "frozenset": frozenset([0, 1, 2]),
    "keys": {0: 1}.keys(),
    "values": {0: 1}.values(),
    "generator": (x for x in range(3)),
    "iterator": iter([0, 1, 2]),
    "map": map(int, "012"),
    "int": 3,
    "None": None,
    "class": list,
    "object": object(),
}


@pytest.mark.parametrize("value", [*MAPPINGS.values(), *OTHERS.values()], ids=[*MAPPINGS, *OTHERS])
def test_what_is_none_is_refused_by_name(value):
    before = sys.getrefcount(value)
    type_name = "None" if value is None else type(value).__name__
    for name in ORDERED + ["array", "floats", "texts"]:
        text = refusal(name, value)
        assert text.startswith(f"{name}() argument 1 must be sequence, not ") and text.endswith(type_name)
    for name in ("triple", "pair"):
        text = refusal(name, value)
        assert text.startswith(f"{name}() argument 1 must be tuple, not ") and text.endswith(type_name)
    assert value in (None, 3) or sys.getrefcount(value) == before
    if hasattr(value, "__next__"):
        assert next(value) == 0  # Nothing was taken out of it.


@pytest.mark.parametrize("value", [{"a": 1}, collections.UserDict(a=1), collections.ChainMap({"a": 1}),
                                   types.MappingProxyType({"a": 1}), DictSubclass(a=1)], ids=lambda value: type(value).__name__)
def test_a_mapping_goes_to_the_alternative_that_takes_it(value):
    assert ext.vector_or_map(value) == {"a": 1}
    assert ext.ints_or_counts(value) == "map"
    assert ext.map(value) == {"a": 1}


def test_text_and_what_has_no_items_go_on_to_the_next_alternative_too():
    assert ext.vector_or_map("ab") == "ab"
    assert ext.array_or_number(2.5) == 2.5
    assert ext.array_or_number([1, 2]) == [1, 2]  # Another number of items than the array's is no match.


# --- How it is read ----------------------------------------------------------------------------------------------------


class Logged(list):
    """A list that is not what its own __iter__ says."""

    def __iter__(self):
        return iter([7, 8, 9])


class WrapsAround(list):
    def __getitem__(self, index):
        return super().__getitem__(index % len(self))


class Ring:
    """Without an end of its own but its length."""

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return index % 3


class RingOfAbc(collections.abc.Sequence):
    __len__ = Ring.__len__
    __getitem__ = Ring.__getitem__


class TupleThatIterates(tuple):
    def __iter__(self):
        return iter([7, 8, 9])


def test_a_subclass_is_read_through_its_own_iter():
    assert results(EVERY, Logged([1, 2, 3])) == [[7, 8, 9]] * len(EVERY)
    assert results(EVERY, TupleThatIterates([1, 2, 3])) == [[7, 8, 9]] * len(EVERY)


def test_a_tuple_whose_iter_is_not_its_own_is_read_by_index():
    class Longer(collections.abc.Sequence, tuple):
        def __len__(self):
            return 10**6

        def __getitem__(self, index):
            return tuple.__getitem__(self, index)

    with pytest.raises(IndexError):
        ext.vector(Longer([1, 2, 3]))


@pytest.mark.parametrize("value", [WrapsAround([0, 1, 2]), Ring(), RingOfAbc()], ids=["list", "methods", "abc"])
def test_an_index_that_wraps_around_is_no_endless_sequence(value):
    assert results(EVERY, value) == [[0, 1, 2]] * len(EVERY)


@pytest.mark.parametrize("base", [object, collections.abc.Sequence])
def test_an_index_error_of_the_sequence_s_own_does_not_cut_it_off(base):
    class Row(base):
        def __init__(self, length):
            self.length = length

        def __len__(self):
            return self.length

        def __getitem__(self, index):
            if index == 5:
                raise IndexError("of its own")
            return index

    for name in ORDERED:
        assert getattr(ext, name)(Row(5)) == [0, 1, 2, 3, 4]
        with pytest.raises(IndexError) as caught:
            getattr(ext, name)(Row(10))
        assert str(caught.value) == "of its own"
        if sys.version_info >= (3, 11):
            assert caught.value.__notes__ == [f"{name}() argument 1: [5]"]
    with pytest.raises(IndexError, match="of its own"):
        ext.matrix([[1], Row(10)])


@pytest.mark.parametrize("error", [IndexError, KeyError, StopAsyncIteration, Mine, RecursionError, KeyboardInterrupt])
@pytest.mark.parametrize("where", ["iter", "next", "len"])
def test_what_the_sequence_raises_is_passed_on(error, where):
    class Raising(Squares):
        def __len__(self):
            if where == "len":
                raise error("mine")
            return 3

        def __iter__(self):
            if where == "iter":
                raise error("mine")

            def items():
                yield 0
                if where == "next":
                    raise error("mine")

            return items()

    for name in EVERY:
        with pytest.raises(error, match="mine"):
            getattr(ext, name)(Raising())
    for name in ("vector_or_map", "array_or_number"):
        with pytest.raises(error, match="mine"):
            getattr(ext, name)(Raising())


def test_a_type_error_of_python_code_is_no_mismatch():
    class NoLength(Squares):
        def __len__(self):
            raise TypeError("mine")

    for name in EVERY:
        assert refusal(name, NoLength()) == "mine"


def test_what_is_not_iterable_after_all_is_no_sequence():
    class NotIterable(Squares):
        __iter__ = None

    assert refusal("vector", NotIterable()).endswith("argument 1 must be sequence, not NotIterable")


class Changing(collections.abc.Sequence):
    """Has another length after the first item."""

    def __init__(self, items, then):
        self.items, self.then = items, then

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        item, self.items = self.items[index], self.then
        return item


def test_a_sequence_may_change_while_it_is_read():
    assert ext.vector(Changing([0, 1, 2], [0, 1])) == [0, 1]
    assert ext.vector(Changing([0, 1], [0, 1, 2])) == [0, 1, 2]
    items = collections.deque()
    with pytest.raises(RuntimeError, match="deque mutated"):

        class Clears:
            def __index__(self):
                items.clear()
                return 1

        items.extend([Clears(), 2, 3])
        ext.vector(items)


@pytest.mark.parametrize("length", [0, 1, 3, 4, 10**6, 2**40, sys.maxsize])
def test_a_length_is_a_hint_to_what_has_an_iter(length):
    class Liar(Squares):
        def __len__(self):
            return length

        def __iter__(self):
            return iter([1, 2, 3])

    assert results(EVERY, Liar()) == [[1, 2, 3]] * len(EVERY)


def test_a_long_deque_takes_time_in_proportion_to_its_length():
    def seconds(value):
        start = time.perf_counter()
        assert len(ext.vector(value)) == len(value)
        return time.perf_counter() - start

    values = list(range(400_000))
    in_place = min(seconds(tuple(values)) for _ in range(3))
    # Index by index it would be a thousand times that.
    assert min(seconds(collections.deque(values)) for _ in range(3)) < 100 * in_place + 0.1


# --- Fixed numbers of items --------------------------------------------------------------------------------------------


class Endless(Squares):
    def __iter__(self):
        return iter(int, 1)


@pytest.mark.parametrize("make", [list, tuple, collections.deque, lambda items: array.array("q", items),
                                  collections.UserList], ids=["list", "tuple", "deque", "array", "UserList"])
def test_another_number_of_items_is_a_value_error_with_both(make):
    for name in OF_THREE:
        assert list(getattr(ext, name)(make([1, 2, 3]))) == [1, 2, 3]
        for items in ([], [1], [1, 2], [1, 2, 3, 4], range(100)):
            with pytest.raises(ValueError) as caught:
                getattr(ext, name)(make(items))
            assert str(caught.value) == f"expected 3 items, got {len(items)}"
            assert caught.value.__notes__ == [f"{name}() argument 1"]
    assert ext.pair(make([1, 2])) == (1, 2.0)
    assert ext.empty(make([])) == ()
    with pytest.raises(ValueError, match="expected 0 items, got 1"):
        ext.empty(make([1]))


def test_of_what_has_no_end_no_more_is_read_than_needed():
    for name in OF_THREE:
        with pytest.raises(ValueError, match="expected 3 items, got more"):
            getattr(ext, name)(Endless())


def test_items_of_a_fixed_tuple_are_kept_alive():
    class Fresh(collections.abc.Sequence):
        """Each item is its own object, which nobody else knows."""

        def __len__(self):
            return 3

        def __getitem__(self, index):
            return 10**10 + index

    assert ext.triple(Fresh()) == (10**10, 10**10 + 1, 10**10 + 2)
    assert ext.pairs([Named(1, 2, 3)[:2], collections.deque([3, 4])]) == [(1, 2), (3, 4)]
    with pytest.raises(TypeError) as caught:
        ext.pairs([(1, 2), collections.deque([3, "x"])])
    assert str(caught.value) == "pairs() argument 1: [1][1]: expected int, got str"


# --- Sets --------------------------------------------------------------------------------------------------------------


def test_a_set_takes_what_has_no_order():
    assert ext.set({1, 2}) == ext.set(frozenset([1, 2])) == ext.set({1: 0, 2: 0}.keys()) == {1, 2}
    assert ext.set(x % 2 for x in range(9)) == {0, 1}
    assert ext.unordered_set(map(str, [1, 2, 1])) == {"1", "2"}
    assert ext.optional_set(iter([3])) == {3} and ext.optional_set(None) is None
    for value in ([1], (1,), range(3), {1: 2}, "a", 1):
        assert refusal("set", value).startswith("set() argument 1 must be set, not ")


def test_what_an_iterator_raises_comes_out_of_a_set():
    def items():
        yield 1
        raise Mine

    with pytest.raises(Mine):
        ext.set(items())
    assert refusal("set", iter([1, "x"])) == "set() argument 1: [item 'x']: expected int, got str"


def test_an_iterator_is_not_used_up_by_trying():
    values = iter(["a", "b"])
    assert ext.either_set(values) == {"a", "b"}  # The last alternative may take it all.
    assert ext.either_set({1}) == {1}
    for function, value in [(ext.either_sets, [iter([1, 2])]), (ext.set_or_text, iter([1, 2]))]:
        iterator = value[0] if isinstance(value, list) else value
        with pytest.raises(TypeError):
            function(value)
        assert list(iterator) in ([1, 2], [2])  # The last of several types may have begun.
    assert ext.set_or_text({1, 2}) == "set of 2" and ext.set_or_text("x") == "text"
    assert refusal("set_or_text", iter([1])).count("must be set, not list_iterator") == 1


# --- Bytes -------------------------------------------------------------------------------------------------------------

BYTES = [bytes, bytearray, memoryview, lambda data: array.array("B", data), lambda data: memoryview(data).cast("c"),
         lambda data: memoryview(bytearray(data)).toreadonly(), type("Bytes", (bytes,), {})]
BYTE_FUNCTIONS = [name for name in dir(ext) if name.startswith(("uint8_", "int8_", "char_", "byte_"))]
UNSIGNED = [name for name in BYTE_FUNCTIONS if not name.startswith("int8_")]


@pytest.mark.parametrize("name", BYTE_FUNCTIONS)
def test_bytes_of_every_kind_are_items_of_one_byte(name):
    function = getattr(ext, name)
    for make in BYTES:
        assert function(make(b"a\0\x7f")) == b"a\0\x7f"
        if "array" in name:
            for data in (b"", b"ab", b"abcd"):
                with pytest.raises(ValueError) as caught:
                    function(make(data))
                assert str(caught.value) == f"expected 3 items, got {len(data)}"
                assert caught.value.__notes__ == [f"{name}() argument 1"]
        else:
            assert function(make(b"")) == b"" and function(make(b"ab" * 1000)) == b"ab" * 1000
    assert function(array.array("b", [1, 2, 3])) == b"\1\2\3"
    text = refusal(name, "abc")
    assert text.endswith(", not str") and ("bytes-like object" in text or "sequence" in text)
    source = bytearray(b"abc")
    function(source)
    source.clear()  # No buffer is held any more.
    if numpy is not None:
        assert function(numpy.array([1, 2, 3], "u1")) == function(numpy.array([1, 2, 3], "i1")) == b"\1\2\3"


@pytest.mark.parametrize("make", BYTES)
def test_high_bytes_have_the_value_that_python_gives_them(make):
    for name in UNSIGNED:
        assert getattr(ext, name)(make(b"\x80\xff\1")) == b"\x80\xff\1"
    for name in ("int8_vector", "int8_deque", "int8_array"):
        with pytest.raises((OverflowError, TypeError)) as caught:
            getattr(ext, name)(make(b"\1\x80\1"))
        if caught.type is OverflowError:
            assert str(caught.value) == "128 does not fit into a signed 8-bit integer"
            assert caught.value.__notes__ == [f"{name}() argument 1: [1]"]


def test_signed_bytes_are_numbers_to_numbers_and_bytes_to_bytes():
    value = array.array("b", [-1, 2, 3])
    for name in BYTE_FUNCTIONS:
        if name.startswith("uint8_"):
            with pytest.raises(OverflowError) as caught:
                getattr(ext, name)(value)
            assert str(caught.value) == "-1 does not fit into an unsigned 8-bit integer"
            assert caught.value.__notes__ == [f"{name}() argument 1: [0]"]
        else:
            assert getattr(ext, name)(value) == b"\xff\2\3"


def test_bytes_are_no_sequence_of_wider_numbers():
    for value, type_name in [(b"ab", "bytes"), (bytearray(b"ab"), "bytearray")]:
        for name in ("shorts", "vector", "floats", "triple"):
            text = refusal(name, value)
            assert text == f"{name}() argument 1 must be {'tuple' if name == 'triple' else 'sequence'}, not {type_name}"
    assert ext.shorts(memoryview(b"ab")) == ext.shorts(array.array("B", b"ab")) == [97, 98]


def test_what_is_no_row_of_bytes_is_read_by_its_items():
    view = memoryview(b"abcdef")[::2]
    assert ext.uint8_vector(view) == ext.int8_deque(view) == ext.uint8_array(view) == b"ace"
    assert refusal("byte_vector", view) == "byte_vector() argument 1 must be bytes-like object, not memoryview"
    assert refusal("byte_array", [1, 2, 3]) == "byte_array() argument 1 must be bytes-like object, not list"
    assert ext.char_vector(["a", "b"]) == b"ab"
    assert refusal("char_vector", array.array("i", [1])) == "char_vector() argument 1: [0]: expected str, got int"


# --- numpy and pandas --------------------------------------------------------------------------------------------------


@needs_numpy
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int16", "int32", "uint32", "int64", "uint64"])
def test_numpy_arrays_of_integers(dtype):
    value = numpy.array([1, 2, 3], dtype)
    assert results(EVERY, value) == [[1, 2, 3]] * len(EVERY)
    assert results(EVERY, value[::-1]) == [[3, 2, 1]] * len(EVERY)
    assert results(ORDERED, value[:0]) == [[]] * len(ORDERED)
    assert ext.floats(value) == [1.0, 2.0, 3.0]
    assert ext.matrix(numpy.array([[1, 2], [3, 4]], dtype)) == [[1.0, 2.0], [3.0, 4.0]]
    assert ext.pairs(numpy.array([[1, 2], [3, 4]], dtype)) == [(1, 2), (3, 4)]


@needs_numpy
def test_numpy_arrays_of_other_things():
    assert ext.floats(numpy.array([0.5, 1.5], "f4")) == ext.floats(numpy.array([0.5, 1.5])) == [0.5, 1.5]
    assert ext.bools(numpy.array([True, False])) == [True, False]
    assert ext.texts(numpy.array(["a", "é"])) == ["a", "é"]
    assert ext.vector(numpy.arange(6).reshape(6)[::2]) == [0, 2, 4]
    assert ext.optionals(numpy.array([1, None], object)) == [1, None]
    assert ext.pair(numpy.array([1, 2])) == (1, 2.0)
    assert refusal("vector", numpy.array([0.5])).startswith("vector() argument 1: [0]: expected int, got numpy.float64")
    with pytest.raises(ValueError, match="expected 3 items, got 4"):
        ext.array(numpy.arange(4))


@needs_numpy
@pytest.mark.parametrize("value", ["datetime64('2024-05-01')", "timedelta64(3, 's')", "datetime64('NaT', 's')"])
def test_a_date_of_numpy_is_no_bytes(value):
    date = eval(f"numpy.{value}")  # Its buffer has no strides, although they were asked for.
    before = sys.getrefcount(date)
    for name in BYTE_FUNCTIONS:
        assert refusal(name, date).endswith(f", not numpy.{type(date).__name__}")
    assert sys.getrefcount(date) == before


@needs_numpy
def test_a_numpy_array_without_dimensions_is_no_sequence():
    assert refusal("vector", numpy.array(3)) == "vector() argument 1 must be sequence, not numpy.ndarray"
    assert refusal("triple", numpy.array(3)) == "triple() argument 1 must be tuple, not numpy.ndarray"
    assert ext.array_or_number(numpy.array(2.5)) == 2.5


@needs_pandas
def test_pandas_series_are_sequences_whatever_their_index():
    for index in (None, [3, 4, 5], ["a", "b", "c"], [0, 0, 0]):
        value = pandas.Series([1, 2, 3], index=index)
        assert results(EVERY, value) == [[1, 2, 3]] * len(EVERY)
        assert ext.floats(value) == [1.0, 2.0, 3.0]
    value = pandas.Series([1, 2, 3, 4, 5, 6])
    assert ext.array(value[value % 2 == 0]) == [2, 4, 6]
    assert ext.vector(value[3:]) == [4, 5, 6]
    assert ext.texts(pandas.Series(["a", "b"])) == ["a", "b"]
    assert ext.bools(pandas.Series([True, False])) == [True, False]
    assert ext.pair(pandas.Series([1, 2], index=["x", "y"])) == (1, 2.0)
    assert ext.vector_or_map(pandas.Series([1], index=["a"])) == [1]
    assert ext.ints_or_counts(pandas.Series([1], index=["a"])) == "vector"


@needs_pandas
def test_other_things_of_pandas():
    frame = pandas.DataFrame({"a": [1, 2], "b": [3, 4]})
    assert ext.vector(pandas.Index([1, 2])) == [1, 2]
    assert ext.vector(pandas.RangeIndex(3)) == [0, 1, 2]
    assert ext.texts(pandas.Categorical(["x", "y", "x"])) == ["x", "y", "x"]
    assert ext.texts(frame.columns) == ["a", "b"]
    assert ext.vector(frame["b"]) == [3, 4]
    assert ext.matrix(frame.to_numpy()) == [[1.0, 3.0], [2.0, 4.0]]
    assert [ext.pair(row) for row in frame.itertuples(index=False)] == [(1, 3.0), (2, 4.0)]
    assert ext.set(iter(frame["a"])) == {1, 2}
    assert ext.vector(pandas.array([1, 2])) == [1, 2]
    with pytest.raises(TypeError):
        ext.vector(pandas.array([1, None]))
    with pytest.raises(TypeError, match="expected int, got numpy.float64|expected int, got float"):
        ext.vector(pandas.Series([1, None]))
