# SPDX-License-Identifier: MIT
"""PyBuffer and PyUntypedBuffer: any exporter, honest or not."""
import array
import ctypes
import mmap
import subprocess
import sys
import threading

import pytest

import buffers_ext as ext

try:
    import numpy as np
except ImportError:
    np = None
needs_numpy = pytest.mark.skipif(np is None, reason="numpy is not installed")


def exporter(format="d", itemsize=8, len=24, shape=(3,), strides=(8,), ndim=1, readonly=False, lie=""):
    return ext.make_exporter(format, itemsize, len, None if shape is None else list(shape),
                             None if strides is None else list(strides), ndim, readonly, lie)


def test_tells_what_the_exporter_says():
    assert ext.facts(b"abc") == ("B", 1, 1, [3], [1], 3, True, True, True)
    assert ext.facts(bytearray(2))[6] is False
    assert ext.facts(array.array("d", [1, 2])) == ("d", 8, 1, [2], [8], 16, False, True, True)
    two = memoryview(bytes(12)).cast("B").cast("h", (2, 3))
    assert ext.facts(two) == ("h", 2, 2, [2, 3], [6, 2], 12, True, True, False)
    assert ext.facts(memoryview(b"abcdef")[::-2]) == ("B", 1, 1, [3], [-2], 3, True, False, False)
    assert ext.facts((ctypes.c_int * 3)())[:4] == ("<i", 4, 1, [3])
    assert ext.facts(ctypes.c_double(1))[:5] == ("<d", 8, 0, [], [])
    with mmap.mmap(-1, 16) as m:
        assert ext.facts(m)[:4] == ("B", 1, 1, [16])
        with pytest.raises(BufferError):
            ext.meanwhile(m, m.close)


def test_items_of_the_right_type_only():
    assert ext.float64(array.array("d", [1, 2])) == [1, 2]
    assert ext.int64(array.array("l", [1, -2])) == [1, -2]
    assert ext.int64(array.array("q", [1, -2])) == [1, -2]
    assert ext.uint8(b"ab") == b"ab"
    assert ext.uint8((ctypes.c_char * 2)(b"a", b"b")) == b"ab"
    assert ext.int32((ctypes.c_int32 * 2)(1, 2)) == [1, 2]
    with pytest.raises(TypeError, match="must be a buffer of float64, not a buffer of int32"):
        ext.span_sum(array.array("i", [1]))
    with pytest.raises(TypeError, match=r"span_sum\(\) argument 'values' must be a buffer of float64, not list"):
        ext.span_sum([1.0])
    with pytest.raises(TypeError, match="must be an object with the buffer protocol, not int"):
        ext.facts(1)
    big = (ctypes.c_double.__ctype_be__ * 2)()
    with pytest.raises(TypeError, match="not a buffer of big-endian float64"):
        ext.span_sum(big)


def test_spans_of_contiguous_items_only():
    a = array.array("d", range(6))
    assert ext.span_sum(a) == ext.span_sum_detached(a) == 15
    with pytest.raises(BufferError, match="of float64 is no span, as its items do not lie side by side"):
        ext.span_sum(memoryview(a)[::2])
    assert ext.float64(memoryview(a)[::-2]) == [5, 3, 1]
    source = bytearray(range(4))
    view = ext.address(source)
    assert view == ctypes.addressof(ctypes.c_char.from_buffer(source))
    ext.fill(a, 7.0)
    assert list(a) == [7.0] * 6
    ext.write(memoryview(a)[::-2], [1, 2, 3])
    assert list(a) == [7, 3, 7, 2, 7, 1]


def test_writing_is_refused_where_it_is_not_allowed():
    a = memoryview(array.array("d", [1, 2])).toreadonly()
    assert ext.span_sum(a) == 3
    with pytest.raises(BufferError, match="read-only"):
        ext.fill(a, 0)
    with pytest.raises(BufferError, match="read-only"):
        ext.write(a, [1, 2])
    with pytest.raises(BufferError, match="has 2 items, not 3"):
        ext.write(array.array("d", [1, 2]), [1, 2, 3])
    with pytest.raises(BufferError, match="has 2 items, not 1"):
        ext.read_into(a, 1)


def test_the_exporter_is_held_and_let_go_of():
    source = bytearray(3)
    before = sys.getrefcount(source)
    with pytest.raises(BufferError):
        ext.meanwhile(source, lambda: source.append(1))
    for drop in (ext.drop_elsewhere, ext.drop_detached):
        drop(source)
        source.append(1)
    for _ in range(3):
        assert ext.assigned(source, b"ab") == 2
    with pytest.raises(RuntimeError, match="moved from"):
        ext.moved_from(source)
    ext.keep(source)
    with pytest.raises(BufferError):
        source.append(1)
    ext.drop_kept()
    source.append(1)
    assert sys.getrefcount(source) == before


def test_a_class_may_keep_a_buffer():
    source = array.array("d", [4])
    holder = ext.make_holder(source)
    with pytest.raises(BufferError):
        source.append(1)
    assert holder.first() == 4
    del holder
    source.append(1)


def test_threads_drop_while_others_work():
    source = bytearray(8)

    def work():
        for _ in range(200):
            ext.drop_elsewhere(source)
            ext.address(source)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ext.address(b"")
    ext.drop_detached(b"")
    source.append(1)


def test_a_buffer_that_outlives_the_interpreter_does_no_harm():
    code = "import buffers_ext, array; buffers_ext.keep(bytearray(3)); buffers_ext.keep(array.array('d', [1]))"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("told, why", [
    (dict(len=25), "do not make up its length"),
    (dict(shape=(2,)), "do not make up its length"),
    (dict(itemsize=0, len=0), "its items have no size"),
    (dict(itemsize=-8), "its items have no size"),
    (dict(len=-8, shape=(-1,)), "it has no memory"),
    (dict(shape=(-3,)), "its shape is negative"),
    (dict(ndim=65), "too many dimensions"),
    (dict(ndim=-1), "too many dimensions"),
    (dict(ndim=2, shape=None), "it has no shape"),
    (dict(ndim=2, shape=(2**62, 4), strides=(8, 8), len=0), "its shape is too large"),
    (dict(ndim=2, shape=(2**61, 1), strides=(8, 8), len=0), "do not make up its length"),
    (dict(strides=(2**62,)), "its strides are too large"),
    (dict(strides=(-2**63,)), "its strides are too large"),
    (dict(lie="no buf"), "it has no memory"),
    (dict(lie="no obj"), "nothing keeps its memory"),
])
def test_an_exporter_that_contradicts_itself_is_refused(told, why):
    object = exporter(**told)
    with pytest.raises(BufferError, match=why):
        ext.facts(object)
    gets, releases = ext.counts(object)
    assert gets == 1 and releases == (0 if told.get("lie") == "no obj" else 1)


def test_an_exporter_may_leave_things_out():
    assert ext.facts(exporter(strides=None))[4] == [8]
    assert ext.facts(exporter(shape=None, strides=None))[3] == [3]
    assert ext.facts(exporter(lie="no format", itemsize=1, len=3, strides=(1,)))[0] == "B"
    assert ext.facts(exporter(ndim=2, shape=(0, 2**62), strides=None, len=0))[3] == [0, 2**62]
    assert ext.facts(exporter(ndim=2, shape=(3, 0), strides=(2**62, 8), len=0))[4] == [0, 0]
    assert ext.facts(exporter(ndim=0, shape=None, strides=None, len=8))[2] == 0
    many = ext.facts(exporter(ndim=64, shape=(1,) * 64, strides=None, len=8))
    assert many[3] == [1] * 64 and many[4] == [8] * 64
    object = exporter()
    ext.facts(object)
    ext.float64(object)
    assert ext.counts(object) == (2, 2)


def test_misaligned_items_are_copied_and_are_no_span():
    object = exporter("i", 4, 8, (2,), (5,))
    assert len(ext.int32(object)) == 2
    memory = bytearray(9)
    shifted = memoryview(memory)[1:].cast("i")
    assert ext.int32(shifted) == [0, 0]
    with pytest.raises(BufferError, match="misaligned"):
        ext.span_sum_int32(shifted)


def test_items_behind_pointers_are_copied_and_are_no_span():
    object = ext.make_indirect()
    assert list(ext.uint8(object)) == [1, 2, 3, 11, 12, 13]
    with pytest.raises(BufferError, match="behind pointers"):
        ext.address(object)
    assert ext.facts(object)[7:] == (False, False)


def test_bytes_that_are_no_bools_are_refused():
    assert ext.bools(memoryview(bytes([0, 1, 1])).cast("?")) == [False, True, True]
    for call in (ext.bools, ext.bool_span):
        with pytest.raises(BufferError, match="neither 0 nor 1"):
            call(memoryview(bytes([0, 2, 1])).cast("?"))


def test_bools_in_structs_are_bools():
    class Flagged(ctypes.Structure):
        _fields_ = [("id", ctypes.c_int32), ("on", ctypes.c_bool)]

    flags = (Flagged * 3)()
    flags[1].on = True
    for call in (ext.on_in_span, ext.on_in_copy, ext.on_in_vec):
        assert call(flags) == 1
    ctypes.memset(ctypes.addressof(flags) + 4, 2, 1)
    for call in (ext.on_in_span, ext.on_in_copy, ext.on_in_vec):
        with pytest.raises(BufferError, match=r"the buffer of \{id: int32, on: bool\} is not read, as some of its bools are neither"):
            call(flags)


def test_what_keeps_the_memory_may_have_no_buffer_itself():
    object = exporter(lie="kept by a capsule")
    assert len(ext.float64(object)) == 3
    with pytest.raises(TypeError):
        ext.int32(object)
    with pytest.raises(BufferError):  # An exception is pending when it is let go of.
        ext.float64(exporter(lie="kept by a capsule", len=3))


def test_an_exporter_that_raises_is_heard():
    view = memoryview(b"abc")
    view.release()
    with pytest.raises(ValueError, match="released"):
        ext.facts(view)
    if sys.version_info < (3, 12):
        return

    class Raises:
        def __buffer__(self, flags):
            raise KeyError("no")

    class Odd:
        released = 0

        def __buffer__(self, flags):
            return memoryview(b"abc")

        def __release_buffer__(self, view):
            Odd.released += 1
            raise ValueError("late")

    class Wrong:
        def __buffer__(self, flags):
            return 3

    with pytest.raises(KeyError):
        ext.facts(Raises())
    with pytest.raises(TypeError):
        ext.facts(Wrong())
    hooked = []
    hook, sys.unraisablehook = sys.unraisablehook, hooked.append
    try:
        assert ext.uint8(Odd()) == b"abc"
        with pytest.raises(TypeError, match="not a buffer of uint8"):
            ext.float64(Odd())
    finally:
        sys.unraisablehook = hook
    assert Odd.released == 2 and len(hooked) == 2


class Struct(ctypes.Structure):
    _fields_ = [("x", ctypes.c_double), ("id", ctypes.c_int32)]


class OtherStruct(ctypes.Structure):
    _fields_ = [("x", ctypes.c_double), ("id", ctypes.c_float)]


class Packed(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("tag", ctypes.c_int8), ("x", ctypes.c_double)]


def test_structs_of_ctypes():
    assert ext.particles((Struct * 2)((1.5, 3), (2.5, 4))) == [(1.5, 3), (2.5, 4)]
    with pytest.raises(TypeError, match="not a buffer of {x: float64, id: float32}"):
        ext.particles((OtherStruct * 1)())


@needs_numpy
def test_structs_of_numpy():
    aligned = np.dtype([("x", "f8"), ("id", "i4")], align=True)
    assert ext.particles(np.array([(1.5, 3), (2.5, 4)], aligned)) == [(1.5, 3), (2.5, 4)]
    assert ext.particles(np.array([(1.5, 3), (2.5, 4)], aligned)[::-1]) == [(2.5, 4), (1.5, 3)]
    packed = np.dtype([("tag", "i1"), ("x", "f8")])
    assert ext.packed_sum(np.array([(2, 1.5), (1, 2)], packed)) == 5
    for wrong in ([("x", "f8"), ("id", "i4")], [("id", "i4"), ("x", "f8")], [("x", "f8"), ("id", "u4"), ("p", "i4")],
                  [("y", "f8"), ("id", "i4"), ("p", "i4")], [("x", ">f8"), ("id", "i4"), ("p", "i4")]):
        with pytest.raises(TypeError, match="must be a buffer of {x: float64, id: int32}, not a buffer of {"):
            ext.particles(np.zeros(2, wrong))


@needs_numpy
def test_types_of_numpy():
    for name in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32",
                 "float64", "complex64", "complex128"):
        call = getattr(ext, name)
        values = np.array([1, 0, 3], name)
        assert list(call(values)) == [1, 0, 3]
        for other in ("int8", "uint8", "int32", "uint64", "float16", "float64", "complex64", "S1", "U1", "M8[s]", "O"):
            if other != name and not (name == "uint8" and other == "S1"):
                with pytest.raises(TypeError):
                    call(np.zeros(3, other))
        if values.itemsize > 1:
            with pytest.raises(TypeError, match="big-endian " + name):
                call(values.astype(values.dtype.newbyteorder(">")))
    assert ext.int64(np.array([1], "l")) == ext.int64(np.array([1], "q")) == [1]
    with pytest.raises((BufferError, TypeError)):
        ext.facts(np.zeros(2, "V0"))
    assert ext.facts(np.zeros((0, 3)))[3] == [0, 3]


@needs_numpy
def test_copies_are_numpys():
    hypothesis = pytest.importorskip("hypothesis")
    from hypothesis import strategies as st

    @hypothesis.settings(max_examples=150, deadline=None)
    @hypothesis.given(st.data())
    def check(data):
        shape = data.draw(st.lists(st.integers(0, 4), max_size=5))
        base = np.arange(int(np.prod(shape)), dtype="f8").reshape(shape)
        base = base.transpose(data.draw(st.permutations(range(len(shape)))))
        index = tuple(slice(None, None, data.draw(st.sampled_from([1, 2, -1, -2]))) for _ in base.shape)
        view = base[index] if index else base
        facts = ext.facts(view)
        assert facts[3] == list(view.shape)
        if not (view.flags.c_contiguous or view.flags.f_contiguous):
            assert facts[4] == list(view.strides)
        assert facts[7:] == (view.flags.c_contiguous, view.flags.f_contiguous)
        assert ext.float64(view) == view.ravel().tolist()
        ext.write(view, [-x for x in ext.float64(view)])
        assert (base <= 0).sum() >= view.size

    check()
