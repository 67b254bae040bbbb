# SPDX-License-Identifier: MIT
"""BytesView: bytes-like objects of every kind, read in place, held for the call and no longer."""
import array
import ctypes
import mmap
import sys
import threading

import pytest

import bytes_views_ext as ext

try:
    import numpy
except ImportError:
    numpy = None

FUNCTIONS = [ext.sum, ext.sum_by_value, ext.sum_detached, ext.sum_by_value_detached, ext.given_away, ext.lent]


def mapped(data):
    memory = mmap.mmap(-1, len(data))
    memory[:] = data
    return memory


MAKERS = {
    "bytes": bytes,
    "subclass": type("Bytes", (bytes,), {}),
    "bytearray": bytearray,
    "memoryview": memoryview,
    "part": lambda data: memoryview(b"x" + data + b"x")[1:-1],
    "array": lambda data: array.array("B", data),
    "ctypes": lambda data: (ctypes.c_ubyte * len(data))(*data),
    "mmap": mapped,
    "two dimensions": lambda data: memoryview(bytearray(data)).cast("B", (2, len(data) // 2)),
}
if numpy is not None:
    MAKERS["numpy"] = lambda data: numpy.frombuffer(data, "u1")


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_every_bytes_like_object_is_taken(function, make):
    data = bytes(range(256)) * 4
    value = make(data)
    before = sys.getrefcount(value)
    for _ in range(100):
        assert function(value) == sum(data)
    assert sys.getrefcount(value) == before
    assert ext.copied(value) == data and ext.size_of(value) == ext.extracted(value) == 1024


def test_other_items_are_the_bytes_that_they_consist_of():
    value = array.array("i", [1, -1])
    assert ext.copied(value) == value.tobytes()
    assert ext.sum(b"") == ext.sum(bytearray()) == 0


def test_nothing_is_copied():
    value = bytearray(b"x" * 1000)
    address = ctypes.addressof((ctypes.c_char * 1000).from_buffer(value))
    assert ext.address(value) == address
    assert ext.address(memoryview(value)[10:]) == address + 10


@pytest.mark.parametrize("function", [*FUNCTIONS, ext.size_of_all], ids=lambda function: function.__name__)
@pytest.mark.parametrize("value, type_name", [("text", "str"), (1, "int"), (None, "None"), ([1], "list"), (object(), "object")])
def test_what_is_not_bytes_like_is_refused_by_name(function, value, type_name):
    if function is ext.size_of_all:
        value = [b"", value]
    with pytest.raises(TypeError) as caught:
        function(value)
    text = str(caught.value)
    assert "bytes-like object" in text and text.endswith((f"not {type_name}", f"got {type_name}"))
    if function is ext.sum:
        assert text == f"sum() argument 'data' must be bytes-like object, not {type_name}"
    with pytest.raises(TypeError, match="bytes-like object"):
        ext.size_of(value)


def test_bytes_in_several_pieces_are_a_buffer_error():
    view = memoryview(b"abcdef")[::2]
    for function in FUNCTIONS:
        with pytest.raises(BufferError):
            function(view)
    with pytest.raises(BufferError):
        ext.size_of(view)
    released = memoryview(b"a")
    released.release()
    with pytest.raises(ValueError, match="released memoryview"):
        ext.sum(released)


def test_the_memory_is_held_for_the_call_and_no_longer():
    value = bytearray(b"abc")

    def grow(size):
        with pytest.raises(BufferError):
            value.append(1)
        return size

    assert ext.meanwhile(value, grow) == 3
    value.append(1)
    with pytest.raises(ZeroDivisionError):
        ext.meanwhile(value, lambda size: 1 // 0)
    value.append(1)
    for function in FUNCTIONS:
        function(value)
        value.append(1)
    with pytest.raises(TypeError):
        ext.size_of_all([value, "x"])
    value.append(1)
    assert len(value) == 3 + 2 + len(FUNCTIONS) + 1


def test_optional_and_containers():
    assert ext.optional_size() == ext.optional_size(None) == -1 and ext.optional_size(data=bytearray(b"ab")) == 2
    with pytest.raises(TypeError):
        ext.optional_size("ab")
    assert ext.size_of_all([b"a", bytearray(b"bc"), memoryview(b"d")]) == 4
    assert ext.alternative("a") == "text" and ext.alternative(b"a") == "bytes"
    assert ext.alternative(bytearray(b"a")) == "bytes"


def test_overloads():
    assert ext.overloaded("x") == "text" and ext.overloaded(1.5) == "number"
    value = bytearray(b"x")
    assert ext.overloaded(value) == ext.overloaded(b"x") == ext.overloaded(memoryview(b"x")) == "bytes"
    value.append(1)
    with pytest.raises(TypeError, match="must be bytes-like object, not list"):
        ext.overloaded([])


def test_a_view_moves():
    assert ext.moves(bytearray(b"a"), bytearray(b"bc"))
    first, second = bytearray(b"a"), bytearray(b"bc")
    ext.moves(first, second)
    first.append(1)
    second.append(1)


def test_a_method_takes_one():
    counter = ext.Counter()
    counter.add(b"abc")
    counter.add(data=bytearray(2))
    assert counter.total == 5


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python code can write a __buffer__ since Python 3.12")
def test_a_buffer_written_in_python():
    class Mine(Exception):
        pass

    class Exporter:
        released = 0

        def __buffer__(self, flags):
            return memoryview(b"abc")

        def __release_buffer__(self, view):
            self.released += 1
            view.release()

    class Raising:
        def __buffer__(self, flags):
            raise Mine

    exporter = Exporter()
    for function in FUNCTIONS:
        assert function(exporter) == sum(b"abc")
        with pytest.raises(Mine):
            function(Raising())
    assert exporter.released == len(FUNCTIONS)


def test_threads_read_one_object_at_once():
    value, wrong = bytearray(b"\1" * 100_000), []

    def work():
        for _ in range(50):
            if ext.sum_detached(value) != 100_000 or ext.given_away(value) != 100_000:
                wrong.append(threading.current_thread())

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    value.append(1)


def test_nothing_is_kept(assert_no_growth):
    def calls():
        for function in FUNCTIONS:
            function(b"abc")
            for wrong in ("x", memoryview(b"abc")[::2]):
                with pytest.raises((TypeError, BufferError)):
                    function(wrong)

    assert_no_growth(calls, runs=100, allowed=80)
