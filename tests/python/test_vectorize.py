# SPDX-License-Identifier: MIT
"""vectorize<f>: functions of numbers that take arrays, by numpy's rules."""
import array
import ctypes
import os
import subprocess
import sys
import threading

import pytest

import vectorize_ext as ext

try:
    import numpy as np
except ImportError:
    np = None
needs_numpy = pytest.mark.skipif(np is None, reason="numpy is not installed")
try:
    import hypothesis
    from hypothesis import strategies as st
except ImportError:
    hypothesis = None


def refused(kind, call, *args):
    with pytest.raises(kind) as caught:
        call(*args)
    return str(caught.value)


# --- Numbers ---------------------------------------------------------------------------------------------------------

def test_numbers_give_a_number():
    assert ext.multiply_add(2.0, 3.0, 4.0) == 10.0
    assert type(ext.multiply_add(2, 3)) is float and ext.multiply_add(2, b=3) == 6
    assert ext.multiply_add(a=2, b=3, c=1) == 7
    assert ext.twice(1.5) == 3
    assert ext.minus(1.5, 1) == 0.5
    assert ext.add_ints(2, 3) == 5 and type(ext.add_ints(2, 3)) is int
    assert ext.less(1, 2) is True and ext.less(2, 1) is False
    assert ext.negate(True) is False
    assert ext.times_i(2 + 1j) == -1 + 2j
    assert ext.times_i(2) == 2j
    assert ext.half_of(3.0) == 1.5
    assert ext.low_byte(2**64 - 1) == 255


def test_numbers_are_converted_as_those_of_other_functions():
    assert refused(OverflowError, ext.add_ints, 2**31, 0) == "2147483648 does not fit into a signed 32-bit integer"
    assert refused(TypeError, ext.add_ints, 1.0, 0) == (
        "add_ints() argument 'a' must be an int or an array of int32, not float")
    assert refused(TypeError, ext.multiply_add, 1.0, "x") == (
        "multiply_add() argument 'b' must be a float or an array of float64, not str")
    assert refused(TypeError, ext.multiply_add, [1.0], 1.0) == (
        "multiply_add() argument 'a' must be a float or an array of float64, not list")
    assert refused(TypeError, ext.times_i, None) == (
        "times_i() argument 'z' must be a complex or an array of complex128, not NoneType")
    assert refused(TypeError, ext.half_of, "1") == (
        "half_of() argument 'a' must be a float or an array of float16, not str")
    assert refused(TypeError, ext.negate, 1) == "negate() argument 'a' must be a bool or an array of bool, not int"
    assert refused(TypeError, ext.x_of, 1.0) == (
        "x_of() argument 'point' must be an array of {x: float64, id: int32}, not float")
    assert "missing" in refused(TypeError, ext.multiply_add, 1.0)

    class Broken:
        def __float__(self):
            raise KeyError("mine")

    assert refused(KeyError, ext.twice, Broken()) == "'mine'"


@needs_numpy
def test_scalars_of_numpy_count_as_numbers():
    for scalar in (np.float64(3), np.float32(3), np.float16(3), np.int8(3), np.uint64(3), np.longdouble(3)):
        assert type(ext.twice(scalar)) is float and ext.twice(scalar) == 6
        assert ext.twice(np.array(scalar)) == 6
    assert type(ext.add_ints(np.int32(1), np.int64(2))) is int
    assert ext.add_ints(np.uint8(1), np.array(2)) == 3
    assert ext.less(np.float64(1), np.float64(2)) is True
    assert ext.negate(np.bool_(True)) is False
    assert ext.times_i(np.complex64(1)) == 1j
    assert ext.multiply_add(np.arange(3.0), np.int32(2), np.float64(1)).tolist() == [1, 3, 5]
    assert "does not fit" in refused(OverflowError, ext.add_ints, np.int64(2**40), 1)
    assert refused(TypeError, ext.add_ints, np.float64(1), 1) == (
        "add_ints() argument 'a' must be an int or an array of int32, not numpy.float64")


# --- Arrays ----------------------------------------------------------------------------------------------------------

@needs_numpy
def test_arrays_give_a_new_array_in_c_order():
    a = np.arange(6.0).reshape(2, 3)
    result = ext.twice(a.T)
    assert type(result) is np.ndarray and result.dtype == float
    assert result.flags.c_contiguous and result.flags.writeable
    assert (result == 2 * a.T).all()
    assert not np.shares_memory(result, a)
    result[:] = 7
    assert a[0, 0] == 0
    assert ext.less(a.astype("f4"), 3).dtype == bool
    assert ext.add_ints(np.arange(3, dtype="i4"), 1).dtype == np.int32
    assert ext.times_i(np.ones(2, complex)).tolist() == [1j, 1j]
    assert ext.half_of(np.array([1, 3], np.float16)).tolist() == [0.5, 1.5]
    assert ext.half_of(np.array([1, 3], np.float16)).dtype == np.float16
    assert ext.low_byte(np.array([2**64 - 1, 256], np.uint64)).tolist() == [255, 0]
    assert ext.low_byte(np.array([2**64 - 1, 256], np.uint64)).dtype == np.uint8


@needs_numpy
def test_shapes_are_broadcast_as_numpy_does():
    a, b, c = np.arange(12.0).reshape(4, 3), np.arange(3.0), np.arange(4.0)[:, None]
    assert (ext.multiply_add(a, b, c) == a * b + c).all()
    assert (ext.multiply_add(b, c, 1) == b * c + 1).all()
    assert ext.minus(np.ones((2, 1, 3)), np.ones((5, 1))).shape == (2, 5, 3)
    assert ext.twice(np.ones((0, 3))).shape == (0, 3)
    assert ext.minus(np.ones((0, 1)), np.ones(3)).shape == (0, 3)
    assert ext.minus(np.ones((1, 3)), np.ones((0, 3))).shape == (0, 3)
    assert ext.twice(np.ones((1, 1))).shape == (1, 1)
    assert ext.twice(np.ones(0)).shape == (0,)
    assert ext.twice(np.broadcast_to(3.0, (2, 3))).tolist() == [[6.0] * 3] * 2
    assert ext.minus(np.arange(9.0)[::-2], np.arange(10.0)[::2]).tolist() == [8, 4, 0, -4, -8]
    assert refused(ValueError, ext.minus, np.ones(3), np.ones(4)) == (
        "operands could not be broadcast together with shapes (3,) (4,)")
    assert refused(ValueError, ext.multiply_add, np.ones((2, 3)), 1.0, np.ones((3, 2))) == (
        "operands could not be broadcast together with shapes (2, 3) (3, 2)")
    refused(ValueError, ext.minus, np.ones(3), np.ones(0))


@needs_numpy
def test_shapes_that_are_too_large():
    nine = np.ones((1,) * 9)
    assert refused(ValueError, ext.twice, nine) == "an operand of 9 dimensions: there may be 8"
    assert ext.twice(nine[0]).shape == (1,) * 8
    huge = np.lib.stride_tricks.as_strided(np.ones(1), (2**40, 1), (0, 0))
    assert refused(ValueError, ext.minus, huge, huge.T) == "the shape of an array is too large"
    if "asan" not in os.environ.get("LD_PRELOAD", ""):  # Which ends the process instead.
        with pytest.raises(MemoryError):
            ext.minus(huge, huge[:1, :])


@needs_numpy
def test_large_inputs_in_all_forms():
    rng = np.random.default_rng(1)
    a = rng.random((70, 90))
    assert (ext.multiply_add(a, a.T.copy().T, 2.0) == a * a + 2).all()
    assert (ext.multiply_add(a, a[0], a[:, :1]) == a * a[0] + a[:, :1]).all()
    wide = rng.random((7, 5000))
    assert (ext.multiply_add(wide[::-1, ::-1], wide[:, ::2].repeat(2, 1), wide[3]) ==
            wide[::-1, ::-1] * wide[:, ::2].repeat(2, 1) + wide[3]).all()
    assert (ext.four(wide, wide.astype("f4"), np.int8(3), np.arange(5000)) ==
            wide + 10 * wide.astype("f4") + 300 + 1000 * np.arange(5000.0)).all()


@needs_numpy
def test_types_that_convert_safely_are_converted_and_others_are_refused():
    for kind in ("i1", "u1", "i2", "i4", "u4", "i8", "u8", "f2", "f4", ">f8", ">i4", "?"):
        assert ext.twice(np.arange(2).astype(kind)).tolist() == [0, 2], kind
    assert ext.add_ints(np.arange(3, dtype="i2"), np.arange(3, dtype="u2")).tolist() == [0, 2, 4]
    assert refused(TypeError, ext.add_ints, np.arange(3), 1) == (
        "add_ints() argument 'a' must be an int or an array of int32, not a (3,) array of int64, which does not "
        "convert safely")
    assert refused(TypeError, ext.add_ints, 1, np.ones((1, 2))) == (
        "add_ints() argument 'b' must be an int or an array of int32, not a (1, 2) array of float64, which does not "
        "convert safely")
    refused(TypeError, ext.less, np.ones(3), 1)
    refused(TypeError, ext.twice, np.ones(3, complex))
    refused(TypeError, ext.negate, np.arange(3))
    refused(TypeError, ext.twice, np.array([1.0, None]))
    refused(TypeError, ext.twice, np.array(["1"]))
    assert "datetime64[s], which has no buffer" in refused(TypeError, ext.twice, np.array([1], "M8[s]"))


@needs_numpy
def test_misaligned_items_and_bools_of_any_byte():
    memory = bytearray(8 * 5 + 1)
    a = np.frombuffer(memory, float, 5, 1)
    a[:] = range(5)
    assert ext.twice(a).tolist() == [0, 2, 4, 6, 8]
    assert ext.twice(a[::-2]).tolist() == [8, 4, 0]
    odd = np.frombuffer(bytes([0, 1, 2, 255]), bool)
    result = ext.negate(odd)
    assert result.view("u1").tolist() == [1, 0, 0, 0]


@needs_numpy
def test_buffers_that_are_no_arrays_of_numpy():
    a = array.array("d", [1, 2, 3])
    assert ext.twice(a).tolist() == [2, 4, 6]
    assert ext.twice(memoryview(a)[::-1]).tolist() == [6, 4, 2]
    assert ext.twice((ctypes.c_double * 2)(1, 2)).tolist() == [2, 4]
    assert ext.twice(array.array("i", [1, 2])).tolist() == [2, 4]
    a.append(4)  # It is given back.


class Tensor(ctypes.Structure):
    """DLPack's DLManagedTensor."""
    _fields_ = [("data", ctypes.c_void_p), ("device", ctypes.c_int32), ("device_id", ctypes.c_int32),
                ("ndim", ctypes.c_int32), ("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16),
                ("shape", ctypes.POINTER(ctypes.c_int64)), ("strides", ctypes.c_void_p), ("offset", ctypes.c_uint64),
                ("context", ctypes.c_void_p), ("deleter", ctypes.c_void_p)]


class Exporter:
    def __init__(self, values, device):
        self.memory = (ctypes.c_double * len(values))(*values)
        self.shape = (ctypes.c_int64 * 1)(len(values))
        self.tensor = Tensor(ctypes.addressof(self.memory), device, 0, 1, 2, 64, 1, self.shape)

    def __dlpack_device__(self):
        return 1, 0

    def __dlpack__(self):
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        return new(ctypes.addressof(self.tensor), b"dltensor", None)


@needs_numpy
def test_tensors_of_dlpack():
    assert ext.twice(Exporter([1, 2, 3], 1)).tolist() == [2, 4, 6]
    assert ext.add_ints(1, 1) == 2
    assert "which does not convert safely" in refused(TypeError, ext.add_ints, Exporter([1], 1), 1)

    class Raising(Exporter):
        def __array__(self, *_, **__):
            raise ValueError("mine")

    assert refused(TypeError, ext.add_ints, Raising([1], 1), 1).endswith("of float64, which numpy does not take (ValueError: mine)")
    # It says that it is on the CPU, and is not.
    assert "cuda" in refused(TypeError, ext.twice, Exporter([1, 2, 3], 2))


def test_without_numpy():
    code = """if True:
        import array, sys
        sys.modules["numpy"] = None
        import vectorize_ext as ext
        assert ext.twice(2) == 4
        def message(kind, *args):
            try:
                ext.twice(*args)
            except kind as error:
                return str(error)
        assert "install numpy" in message(ImportError, array.array("d", [1]))
        assert message(TypeError, array.array("i", [1])) == (
            "twice() argument 1 must be a float or an array of float64, not a (1,) array of int32, which only numpy "
            "could convert, and that is not there"), message(TypeError, array.array("i", [1]))
    """
    subprocess.run([sys.executable, "-c", code], check=True)


# --- Structs ---------------------------------------------------------------------------------------------------------

@needs_numpy
def test_structs_by_their_fields():
    padded = np.dtype([("x", float), ("id", "i4")], align=True)
    points = np.array([(1, 2), (3, 4)], padded)
    assert ext.sum_of_points(points) == 14 and ext.x_of(points).tolist() == [1, 3]
    moved = ext.moved(points, np.array([[10.0], [20.0]]))
    assert moved.shape == (2, 2) and moved["x"].tolist() == [[11, 13], [21, 23]] and moved["id"].tolist() == [[2, 4]] * 2
    assert ext.sum_of_points(moved[0]) == 2 * 11 + 4 * 13
    single = ext.moved(points[0], 1.0)
    assert single["x"] == 2 and single["id"] == 2 and single.shape == ()
    assert ext.x_of(points[1]) == 3 and type(ext.x_of(points[1])) is float

    packed = np.array([(1, 2.5), (3, 4)], np.dtype([("kind", "i1"), ("x", float)]))
    assert packed.itemsize == 9
    assert ext.sum_of_packed(packed) == 14.5 and ext.x_of_packed(packed).tolist() == [2.5, 4]


@needs_numpy
def test_bools_in_structs_are_bools():
    switches = np.zeros(4, np.dtype([("id", "i4"), ("on", "?")], align=True))
    switches["on"][2] = True
    assert ext.is_on(switches).tolist() == [0, 0, 1, 0] and ext.is_on(switches[2]) == 1
    switches.view("u1")[4] = 2
    for bad in (switches, switches[::-1], switches[:1], switches[0]):
        with pytest.raises(TypeError, match=r"\} with bools that are neither 0 nor 1$"):
            ext.is_on(bad)


@needs_numpy
def test_a_struct_of_other_fields_is_refused_by_their_names():
    def told(dtype, call=ext.sum_of_points):
        return refused(TypeError, call, np.zeros(2, dtype))

    wanted = "sum_of_points() argument 'points' must be a 1-dimensional array of {x: float64, id: int32}, not a (2,) "
    assert told(np.dtype([("y", float), ("id", "i4")], align=True)) == wanted + "array of {y: float64, id: int32}"
    assert told(np.dtype([("x", "f4"), ("id", "i4")], align=True)) == wanted + "array of {x: float32, id: int32}"
    assert "id: int32" in told(np.dtype([("x", float), ("id", "i4")]))
    assert "{x: float64}" in told(np.dtype([("x", float)]))
    assert told(np.dtype([("x", "f4"), ("id", "i4")]), ext.x_of) == (
        "x_of() argument 'point' must be an array of {x: float64, id: int32}, not a (2,) array of "
        "{x: float32, id: int32}")


# --- The function ----------------------------------------------------------------------------------------------------

@needs_numpy
def test_what_the_function_throws_ends_the_call():
    a = np.ones(10000)
    assert ext.refuse_negative(a).sum() == 10000
    a[9000] = -1
    for array_ in (a, a[9000:9001], a[::-1]):
        assert refused(ValueError, ext.refuse_negative, array_) == "a negative number"
    refused(ValueError, ext.refuse_negative, -1)
    assert refused(KeyError, ext.raised_detached, np.arange(10000.0)) == "'five thousand'"
    assert refused(KeyError, ext.raised_detached, 5000) == "'five thousand'"


@needs_numpy
def test_other_parameters_are_passed_as_they_are():
    assert ext.named("abc", np.arange(2.0)).tolist() == [3, 4]
    assert ext.named("abc", 1) == 4
    assert refused(TypeError, ext.named, 1, 1) == "named() argument 'name' must be str, not int"
    assert ext.power(np.arange(3.0), 2).tolist() == [0, 1, 4]
    assert refused(TypeError, ext.power, 2, [1]) == "power() argument 'exponent' must be int, not list"
    assert "scalar" in refused(TypeError, ext.power, 2, np.arange(3))
    assert ext.scaled(ext.Scale(3), np.arange(3.0)).tolist() == [0, 3, 6]
    assert ext.scaled(a=np.arange(10000.0), scale=ext.Scale(2))[-1] == 2 * 9999


@needs_numpy
def test_the_gil_is_released_for_large_inputs():
    assert ext.attached(1.0) is True and ext.attached(np.ones(4095)).all()
    assert not ext.attached(np.ones(4096)).any()
    assert not ext.attached(np.ones((100, 100))).any()
    assert ext.attached_with_token(np.ones(10000)).all()
    assert ext.attached_with_handle(np.ones(10000), None).all()


@needs_numpy
def test_memory_is_held_while_it_is_read_and_given_back_then():
    source = bytearray(8 * 100000)
    results = []

    def run():
        for _ in range(20):
            results.append(ext.twice(np.frombuffer(source)).sum())

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [0] * 60
    source.append(1)


# --- Against numpy ---------------------------------------------------------------------------------------------------

if np is not None and hypothesis is not None:
    from hypothesis.extra import numpy as hnp

    @st.composite
    def operands(draw):
        shapes = draw(hnp.mutually_broadcastable_shapes(num_shapes=3, max_dims=5, max_side=5, min_side=0)).input_shapes
        return [draw(form_of(draw(hnp.arrays(draw(st.sampled_from(["f8", "f4", "i4", "u1", ">f8", "?"])), shape,
                                              elements=st.integers(0, 1) | st.just(1)))))
                for shape in shapes]

    @st.composite
    def form_of(draw, a):
        """The same items in another form."""
        how = draw(st.sampled_from(["c", "f", "back", "steps", "misaligned", "transposed twice"]))
        if how == "f":
            return np.asfortranarray(a)
        if how == "back" and a.ndim:
            return a[::-1].copy()[::-1]
        if how == "steps" and a.ndim:
            wide = np.zeros(a.shape[:-1] + (2 * a.shape[-1],), a.dtype)
            wide[..., ::2] = a
            return wide[..., ::2]
        if how == "misaligned":
            room = np.zeros(a.nbytes + 1, "u1")
            moved = room[1:].view(a.dtype).reshape(a.shape)
            moved[...] = a
            return moved
        if how == "transposed twice" and a.ndim:
            return a.T.copy().T
        return a

    @hypothesis.settings(deadline=None, max_examples=300)
    @hypothesis.given(operands())
    def test_results_are_numpys(arrays):
        result = ext.multiply_add(*arrays)
        a, b, c = (x.astype(float) for x in arrays)
        expected = a * b + c
        assert np.shape(result) == expected.shape
        assert np.array_equal(result, expected)
        assert (type(result) is float) == (expected.ndim == 0)

    @hypothesis.settings(deadline=None, max_examples=200)
    @hypothesis.given(st.lists(hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3), min_size=2, max_size=2))
    def test_shapes_go_together_where_they_do_in_numpy(shapes):
        first, second = (np.zeros(shape) for shape in shapes)
        try:
            expected = np.broadcast_shapes(*shapes)
        except ValueError:
            refused(ValueError, ext.minus, first, second)
        else:
            assert np.shape(ext.minus(first, second)) == expected
