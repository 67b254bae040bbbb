# SPDX-License-Identifier: MIT
"""Array<T, ...> as a parameter, OwnedArray<T, ...> as a result."""
import array
import ctypes
import gc
import subprocess
import sys
import threading

import pytest

import arrays_ext as ext
from conftest import OF_A_LOCAL

try:
    import numpy as np
except ImportError:
    np = None
needs_numpy = pytest.mark.skipif(np is None, reason="numpy is not installed")


def doubles(*values):
    return array.array("d", values)


def plane(rows, columns):
    return memoryview(doubles(*range(rows * columns))).cast("B").cast("d", (rows, columns))


def address(buffer):
    return ctypes.addressof(ctypes.c_char.from_buffer(buffer))


# --- Without numpy ---------------------------------------------------------------------------------------------------

def test_takes_whatever_exports_the_right_items():
    assert ext.sum(doubles(1, 2, 3)) == ext.sum_detached(doubles(1, 2, 3)) == 6
    assert ext.sum((ctypes.c_double * 2)(1, 2)) == 3
    assert ext.sum(plane(2, 3)) == ext.sum_c(plane(2, 3)) == 15
    assert ext.sum(memoryview(doubles(1, 2, 3))[::-2]) == 4
    assert ext.sum(doubles()) == 0
    assert ext.items_2d(plane(2, 3)) == [0, 1, 2, 3, 4, 5]
    assert ext.scalar(ctypes.c_double(2.5)) == 2.5
    assert ext.form(b"abc")[:3] == ([3], [1], 3)
    source = bytearray(3)
    assert ext.form(source)[3] == address(source)
    assert ext.optional_size() == ext.optional_size(None) == -1
    assert ext.optional_size(doubles(1)) == 1
    assert ext.size_of_all([doubles(1), doubles(1, 2)]) == 3
    assert ext.by_value(doubles(1, 2)) == 3
    assert ext.moved(doubles(5), doubles(2)) == 3
    assert ext.sum_of_rows(plane(2, 3)) == 15


@needs_numpy
def test_helpers_take_views_that_say_less():
    items = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    wanted = (items * [[0, 1, 2], [10, 11, 12]]).sum()
    for any_order in (items, np.asfortranarray(items), np.repeat(items, 2, axis=1)[:, ::2], items[::-1].copy()[::-1]):
        assert ext.seen_by_helpers(any_order, items, np.asfortranarray(items)) == [wanted] * 6 + [15]


def test_refusals_say_what_was_wanted_and_what_came():
    def refused(call, argument, wanted, got):
        with pytest.raises(TypeError) as caught:
            call(argument)
        assert str(caught.value) == f"{call.__name__}() argument 'a' must be {wanted}, not {got}"

    refused(ext.sum, [1.0], "an array of float64", "list")
    refused(ext.sum, 1.0, "an array of float64", "float")
    refused(ext.sum, array.array("i", [1, 2]), "an array of float64", "a (2,) array of int32")
    refused(ext.points, plane(4, 2), "a C-contiguous (n, 3) array of float64", "a (4, 2) array of float64")
    refused(ext.points, memoryview(bytes(32)).cast("i", (4, 2)), "a C-contiguous (n, 3) array of float64",
            "a (4, 2) array of int32")
    refused(ext.points, doubles(1, 2, 3), "a C-contiguous (n, 3) array of float64", "a (3,) array of float64")
    refused(ext.sum_c, memoryview(doubles(1, 2, 3))[::2], "a C-contiguous array of float64",
            "a strided (2,) array of float64")
    refused(ext.items_2d, ctypes.c_double(1), "a 2-dimensional array of float64", "a 0-dimensional array of float64")
    refused(ext.items_f, plane(2, 3), "an F-contiguous 2-dimensional array of float64",
            "a C-contiguous (2, 3) array of float64")
    refused(ext.trues, memoryview(bytes([0, 2])).cast("?"), "an array of bool",
            "a (2,) array of bool with bytes other than 0 and 1")
    refused(ext.float64, (ctypes.c_double.__ctype_be__ * 2)(), "an array of float64",
            "a (2,) array of big-endian float64")
    with pytest.raises(TypeError, match=r"fill\(\) argument 'a' must be a writable array of float64, "
                                        r"not a read-only \(1,\) array of float64"):
        ext.fill(memoryview(doubles(1)).toreadonly(), 2)
    with pytest.raises(TypeError, match="misaligned"):
        ext.float64(memoryview(bytearray(17))[1:].cast("d"))


def test_writes_go_through():
    a = doubles(1, 2, 3)
    ext.fill(memoryview(a)[::2], 7)
    assert list(a) == [7, 2, 7]
    p = plane(2, 2)
    ext.scale(p, 10)
    assert p.tolist() == [[0, 10], [20, 30]]


def test_bounds_are_looked_at_where_it_says_so():
    p = plane(2, 3)
    assert ext.at(p, 1, 2) == 5
    for i, j, axis, size in ((2, 0, 0, 2), (0, 3, 1, 3)):
        with pytest.raises(IndexError, match=f"out of bounds for axis {axis} with size {size}"):
            ext.at(p, i, j)
    with pytest.raises(IndexError, match="index -1 is out of bounds"):
        ext.at_negative(doubles(1), -1)
    assert ext.at_any(doubles(1, 2), 1) == 2
    with pytest.raises(IndexError, match="an array of 2 dimensions is given 1 index"):
        ext.at_any(p, 0)


def test_an_array_that_was_moved_from_has_no_items():
    three = doubles(1, 2, 3)
    assert ext.left_behind(three) == ext.left_behind_three(three) == ext.left_behind_ordered(three) == 3
    assert ext.left_behind_single(memoryview(doubles(1)).cast("B").cast("d", ())) == 1
    assert ext.never_assigned() == 0
    for call, given in ((ext.left_behind_at, three), (ext.left_behind_at_none, memoryview(doubles(1)).cast("B").cast("d", ()))):
        with pytest.raises(IndexError, match="moved from"):
            call(given)


def test_rows_without_items_lead_nowhere():
    assert ext.empty_rows() == [0, 0, 0]  # The sanitizer sees who goes away from a null pointer.


def test_the_exporter_is_held_for_as_long_as_the_array():
    source = bytearray(3)
    before = sys.getrefcount(source)
    with pytest.raises(BufferError):
        ext.meanwhile(source, lambda: source.append(1))
    ext.drop_elsewhere(source)
    ext.form(b"")
    source.append(1)
    ext.keep(source)
    assert ext.kept_size() == 4
    with pytest.raises(BufferError):
        source.append(1)
    ext.keep(b"")
    source.append(1)
    assert sys.getrefcount(source) == before
    samples = doubles(1, 2)
    signal = ext.make_signal(samples)
    assert signal.at(1) == 2
    with pytest.raises(IndexError):
        signal.at(2)
    with pytest.raises(BufferError):
        samples.append(1)
    del signal
    samples.append(1)


def test_a_failing_call_lets_go_as_well():
    source = bytearray(8)
    before = sys.getrefcount(source)
    for call in (ext.float64, ext.points, ext.overloaded, ext.two):
        try:
            call(source)
        except TypeError:
            pass
    source.append(1)
    assert sys.getrefcount(source) == before


def test_an_array_that_outlives_the_interpreter_does_no_harm():
    code = "import arrays_ext; arrays_ext.keep(bytearray(3)); x = arrays_ext.zeros(2, 3, 4); m = memoryview(x)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_overloads_choose_by_type_and_rank():
    assert ext.overloaded(doubles(1)) == "float64"
    assert ext.overloaded(array.array("f", [1])) == "float32"
    assert ext.overloaded(plane(2, 3)) == "writable float64 plane"
    assert ext.overloaded(plane(2, 3).toreadonly()) == "float64 plane"
    assert ext.overloaded(array.array("i", [1])) == "int32"
    assert ext.overloaded(memoryview(bytes(8)).cast("i", (1, 2))) == "object"
    assert ext.overloaded(1.5) == "number"
    assert ext.overloaded([1.5]) == "object"
    with pytest.raises(TypeError, match="1-dimensional array of int32") as caught:
        ext.two(array.array("h", [1]))
    assert "array of float64" in str(caught.value)


def test_an_owned_array_is_a_buffer():
    before = ext.destroyed_count()
    made = ext.counted(3)
    view = memoryview(made)
    assert (view.format, view.shape, view.tolist(), view.readonly) == ("d", (3,), [1.5] * 3, False)
    view[1] = 4.0
    assert ext.sum(made) == 7 and repr(made) == "<adder array of float64, (3,)>"
    del made
    assert ext.destroyed_count() == before
    view.release()
    assert ext.destroyed_count() == before + 1
    cube = ext.zeros(2, 3, 4)
    assert memoryview(cube).shape == (2, 3, 4) and memoryview(cube).tolist()[1][2][3] == 123
    assert memoryview(ext.zeros(0, 3, 4)).nbytes == 0
    assert memoryview(ext.bools()).tolist() == [False, True]
    rows = ext.view_of(2)
    assert type(rows) is memoryview and rows.readonly and rows.tolist() == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(TypeError):
        rows[0, 0] = 1
    assert memoryview(ext.moved_result()).tolist() == [7, 1, 2]
    with pytest.raises(RuntimeError, match="moved from"):
        ext.no_array()
    with pytest.raises(TypeError):
        type(ext.counted(1))()


def test_an_owned_array_keeps_its_owner():
    source = bytes(bytearray(range(5)))
    before = sys.getrefcount(source)
    made = ext.of_bytes(source)
    assert sys.getrefcount(source) == before + 1
    assert ext.form(made)[3] == ext.form(source)[3]
    with pytest.raises(TypeError):
        ctypes.c_char.from_buffer(made)
    with pytest.raises(TypeError):
        memoryview(made)[0] = 1
    del made
    assert sys.getrefcount(source) == before


def test_shapes_that_do_not_fit_are_refused():
    assert memoryview(ext.shaped([1, 2, 3, 4, 5, 6], [2, 3])).tolist() == [[1, 2, 3], [4, 5, 6]]
    for shape in ([2, 2], [7], [2**62, 2**62], [-1], [1] * 9, [2**32, 2**32]):
        with pytest.raises(ValueError):
            ext.shaped([1, 2, 3, 4, 5, 6], shape)
    with pytest.raises(ValueError, match=r"is made where an array of float64|\(n, 3\) array of float64 is declared"):
        ext.wrong_shape(3)
    with pytest.raises(ValueError, match="negative"):
        ext.negative_shape()


def test_an_array_without_dimensions_is_a_single_item():
    for made in (ext.shaped([7], []), ext.single(7)):
        view = memoryview(made)
        assert view.shape == () and view.ndim == 0 and view[()] == 7 and view.nbytes == 8
        assert repr(made) == "<adder array of float64, 0-dimensional>" and ext.scalar(made) == 7
    with pytest.raises(ValueError, match=r"an array of shape \(\) is made of 2 items"):
        ext.shaped([1, 2], [])


def test_bfloat16_has_no_buffer():
    with pytest.raises(BufferError, match="use DLPack"):
        memoryview(ext.brain_floats())


def test_conversion_needs_no_numpy_for_another_order():
    a = memoryview(doubles(1, 2, 3))
    assert ext.sum_c_converted(a[::2]) == 4
    assert ext.items_f_converted(plane(2, 3)) == [0, 3, 1, 4, 2, 5]
    shifted = memoryview(bytearray(17))[1:].cast("d")
    assert ext.sum_c_converted(shifted) == 0


def test_without_numpy_it_is_said():
    code = """
import sys, array
sys.modules["numpy"] = None
import arrays_ext as ext
assert ext.sum_converted(array.array("d", [1])) == 1
for call in (lambda: ext.sum_converted([1.0]), lambda: ext.sum_converted(array.array("i", [1]))):
    try:
        call()
    except TypeError as error:
        assert "must be an array of float64, not" in str(error), error
        assert "which only numpy could convert" in str(error), error
    else:
        raise AssertionError
try:
    ext.numpy_iota(3)
except ImportError as error:
    assert "install numpy" in str(error) and isinstance(error.__cause__, ImportError)
else:
    raise AssertionError
assert memoryview(ext.zeros(1, 1, 1)).tolist() == [[[0]]]
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_threads_take_and_drop():
    source = doubles(*range(100))

    def work():
        for _ in range(300):
            assert ext.sum_detached(source) == 4950
            ext.drop_elsewhere(bytes(3))
            memoryview(ext.counted(3)).release()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ext.form(b"")
    gc.collect()
    source.append(1)


# --- With numpy ------------------------------------------------------------------------------------------------------

NAMES = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32", "float64",
         "complex64", "complex128", "longdouble", "bool"]


@needs_numpy
def test_types_of_numpy():
    for name in NAMES:
        for other in NAMES:
            values = np.zeros((2, 3), other)
            if name == other:
                assert getattr(ext, name)(values) == 6
            else:
                got = np.dtype(other).name
                with pytest.raises(TypeError, match=rf"must be an array of {np.dtype(name).name}, "
                                                    rf"not an? \(2, 3\) array of {got}$"):
                    getattr(ext, name)(values)
    for other in ("S3", "U3", "O"):
        with pytest.raises(TypeError, match="must be an array of float64, not a"):
            ext.float64(np.zeros(3, other))
    with pytest.raises(TypeError, match=r"datetime64\[s\], which has no buffer"):
        ext.float64(np.zeros(3, "M8[s]"))
    assert ext.float64(np.float64(3)) == 1 and ext.half_sum(np.array([0.5, 2], "e")) == 2.5


def outcome(f, *args):
    try:
        return f(*args)
    except (TypeError, ValueError, BufferError) as error:
        return str(error).replace("numpy.ndarray", "memoryview").replace("ndarray", "memoryview")


@needs_numpy
def test_numpys_own_arrays_are_taken_as_their_buffers_are():
    # An array of numpy's is read in place; a memoryview of it goes through the buffer protocol.
    ext.sum(np.ones(3))
    odd = np.frombuffer(bytes(25), "u1")[1:].view("f8")
    fixed = np.arange(6.0).reshape(2, 3)
    fixed.flags.writeable = False
    arrays = [np.zeros((2, 3), code) for code in "?bBhHiIlLqQefdgFD"]
    arrays += [np.ones((2, 3), code) for code in (">f8", ">i4", "<f8", "V8", "S1", "S8", "O")]
    arrays += [np.arange(6.0).reshape(shape) for shape in ((6,), (1, 6), (2, 3), (3, 2, 1), (1, 2, 1, 3), (1, 1, 1, 2, 3))]
    arrays += [np.array(3.0), np.zeros((0, 3)), np.zeros((3, 0)), np.arange(6.0)[::-2], np.arange(6.0).reshape(2, 3).T,
               np.arange(24.0).reshape(2, 3, 4)[:, 1:, ::-1], np.broadcast_to(np.float64(2), (3, 4)), odd, fixed,
               np.full((2, 3), 2, "u1").view("?"), np.arange(6.0).reshape(2, 3).view(np.matrix),
               np.lib.stride_tricks.as_strided(np.zeros(1), (3, 1), (0, 7))]
    takers = [getattr(ext, name) for name in NAMES]
    takers += [ext.sum, ext.sum_c, ext.items, ext.items_2d, ext.items_f, ext.points, ext.form, ext.trues, ext.overloaded,
               ext.by_value, lambda a: ext.scale(a, 1.0), lambda a: ext.fill(a, 1.0)]
    for a in arrays:
        for take in takers:
            before = sys.getrefcount(a)
            assert outcome(take, a) == outcome(take, memoryview(a)), (a, take)
            assert sys.getrefcount(a) == before


@needs_numpy
@pytest.mark.filterwarnings("ignore:Setting the shape")
def test_an_array_of_numpys_is_kept_while_it_is_looked_at():
    a = np.arange(5, dtype="u1")
    ext.uint8(a)
    ext.keep(a)
    before = sys.getrefcount(a)
    with pytest.raises(ValueError, match="cannot resize"):
        a.resize(100000)
    a.shape = (5, 1)
    assert ext.kept_size() == 5
    del a
    gc.collect()
    assert before > OF_A_LOCAL and ext.kept_size() == 5
    ext.keep(b"")


@needs_numpy
def test_a_class_that_only_has_the_name_is_not_read_as_numpys():
    class Other(bytearray):
        pass

    Other.__name__, Other.__module__ = "ndarray", "numpy"
    named = type("numpy.ndarray", (bytearray,), {})
    assert ext.uint8(named(b"123")) == ext.uint8(Other(b"123")) == 3


@needs_numpy
def test_structs_of_numpy():
    dtype = np.dtype([("x", "f8"), ("id", "i4")], align=True)
    particles = np.array([(1.5, 2), (2, 3)], dtype)
    assert ext.particle_sum(particles) == ext.particle_sum(particles[::-1]) == 9
    ext.number_particles(particles[::-1])
    assert particles["id"].tolist() == [1, 0]
    with pytest.raises(TypeError, match=r"array of \{x: float64, id: int32\}, not a \(2,\) array of \{x: float64"):
        ext.particle_sum(np.zeros(2, [("x", "f8"), ("id", "i8")]))
    assert ext.sum(particles["x"]) == 3.5  # Every 16 bytes.
    packed = np.zeros(2, [("x", "f8"), ("id", "i4")])
    with pytest.raises(TypeError, match="misaligned"):
        ext.sum(packed["x"])
    made = ext.particles()
    assert made.dtype.names == ("x", "id") and made.itemsize == 16 and made.tolist() == [(1.5, 1), (2.5, 2)]


@needs_numpy
def test_copies_lie_as_the_items_ask_for():
    for count in range(1, 20):
        wide = np.zeros(count, [("v", "f8", (8,))])
        wide["v"][:, 7] = 1
        assert ext.wide_sum(wide[::-1]) == count


@needs_numpy
def test_arrays_for_which_numpy_has_no_buffer():
    class Stamps(np.ndarray):
        pass

    stamps = np.zeros(2, "M8[s]")
    for given in (stamps, stamps.view(Stamps), stamps[0:1]):
        for call, wanted in ((ext.sum, "an array of float64"), (ext.sum_c_converted, "a C-contiguous array of float64")):
            with pytest.raises(TypeError, match=r"\(\) argument 'a' must be " + wanted + r", not a numpy\.ndarray of datetime64\[s\], which has no buffer$"):
                call(given)
    with pytest.raises(TypeError, match=r"of \{'names': .*, which has no buffer$"):
        ext.particle_sum(np.zeros(2, np.dtype(dict(names=["x", "id"], formats=["f8", "i4"], offsets=[0, 0], itemsize=16))))

    class Raises(np.ndarray):
        @property
        def dtype(self):
            raise KeyError("mine")

    with pytest.raises(ValueError, match="cannot include dtype 'M' in a buffer"):
        ext.sum(stamps.view(Raises))
    assert ext.overloaded(stamps) == "object"


@needs_numpy
def test_bools_in_structs_are_bools():
    switch = np.dtype([("id", "i4"), ("on", "?", (2,))], align=True)
    board = np.dtype([("volts", "f8"), ("switches", switch, (2,))], align=True)
    switches, boards = np.zeros(5, switch), np.zeros(3, board)
    switches["on"][1] = boards["switches"]["on"][2, 1] = True
    assert ext.switched_on(switches) == ext.switched_on_converted(switches[::-1]) == 2 and ext.boards_on(boards) == 1
    switches.view("u1").reshape(5, -1)[3, 5] = 2
    boards.view("u1").reshape(3, -1)[1, 8 + 8 + 4] = 3
    for call, bad, more in ((ext.switched_on, switches, ""), (ext.switched_on_converted, switches[::-1], ""),
                            (ext.switched_on, switches[::-1], ""), (ext.boards_on, boards, "volts: float64, ")):
        with pytest.raises(TypeError, match=r"\} with bools that are neither 0 nor 1$") as raised:
            call(bad)
        assert more in str(raised.value)
    assert ext.switched_on(switches[::2]) == 0  # The one in question is not looked at.


@needs_numpy
def test_structs_that_differ_in_nothing_but_their_layout():
    packed = np.zeros(2, [("x", "f8"), ("id", "i4")])
    with pytest.raises(TypeError, match=r"not a \(2,\) array of \{x: float64, id: int32\} in 12 bytes, not 16$"):
        ext.particle_sum(packed)
    late = np.zeros(2, np.dtype(dict(names=["x", "id"], formats=["f8", "i4"], offsets=[0, 12], itemsize=16)))
    with pytest.raises(TypeError, match=r"int32\} with the layout T\{d:x:xxxxi:id:\}, not T\{\^d:x:\^i:id:4x\}$"):
        ext.particle_sum(late)


@needs_numpy
def test_read_only_and_broadcast_arrays():
    fixed = np.arange(3.0)
    fixed.flags.writeable = False
    assert ext.sum(fixed) == 3
    with pytest.raises(TypeError, match="not a read-only"):
        ext.fill(fixed, 1)
    wide = np.broadcast_to(np.float64(2), (3, 4))
    assert ext.sum(wide) == 24 and ext.items_2d(wide) == [2.0] * 12
    shared = np.lib.stride_tricks.as_strided(np.zeros(1), (3,), (0,))
    with pytest.raises(TypeError, match="not a broadcast"):
        ext.fill(shared, 1)
    ext.fill(np.zeros((0, 3)), 1)


@needs_numpy
def test_items_are_numpys():
    hypothesis = pytest.importorskip("hypothesis")
    from hypothesis import strategies as st

    @hypothesis.settings(max_examples=200, deadline=None)
    @hypothesis.given(st.data())
    def check(data):
        shape = data.draw(st.lists(st.integers(0, 4), max_size=6))
        base = np.arange(int(np.prod(shape)), dtype="f8").reshape(shape)
        base = base.transpose(data.draw(st.permutations(range(len(shape)))))
        index = tuple(slice(None, None, data.draw(st.sampled_from([1, 2, -1, -2]))) for _ in base.shape)
        a = base[index] if index else base
        assert ext.items(a) == a.ravel().tolist()
        assert ext.sum(a) == ext.sum_converted(a.astype(data.draw(st.sampled_from(["i4", "f4", ">f8", "u2"])))) == a.sum()
        if a.flags.c_contiguous:
            assert ext.sum_c(a) == a.sum()
        else:
            with pytest.raises(TypeError):
                ext.sum_c(a)
        assert ext.sum_c_converted(a) == a.sum()
        if a.ndim:
            expected = [x for row in a for x in row.ravel().tolist()] if a.ndim > 1 else a.tolist()
            assert ext.items_of_any_rows(a) == expected
        if a.ndim == 2:
            assert ext.items_2d(a) == a.ravel().tolist()
            assert ext.items_f_converted(a) == a.ravel(order="F").tolist()
        if a.ndim == 3:
            assert ext.items_of_rows(a) == a.ravel().tolist()
        ext.fill(a, -1)
        assert (a == -1).all() and (base == -1).sum() == a.size

    check()


@needs_numpy
def test_conversion_is_asked_for_and_loses_no_more_than_precision():
    for call in (ext.sum, ext.sum_c, ext.points):
        with pytest.raises(TypeError):
            call(np.ones((2, 3), "i4"))
    assert ext.sum_converted([1, 2.5, 3]) == 6.5
    assert ext.sum_converted([[1, 2], [3, 4]]) == 10
    assert ext.sum_converted(3) == 3
    assert ext.sum_converted(np.arange(4, dtype=">i2")) == 6
    assert ext.points_converted([[1, 2, 3], [4, 5, 6]]) == 126
    assert ext.points_converted(np.asfortranarray(np.ones((2, 3)))) == 2
    assert ext.optional_size_converted([1, 2]) == 2 and ext.optional_size_converted(None) == -1
    for wrong in (1j, ["a"], [[1], [1, 2]], {"a": 1}, None, "abc"):
        with pytest.raises(TypeError, match=r"sum_converted\(\) argument 'a' must be an array of float64, not "):
            ext.sum_converted(wrong)
    with pytest.raises(TypeError, match=r"\(n, 3\) array of float64, not a \(2, 2\) array of float64"):
        ext.points_converted([[1, 2], [3, 4]])
    assert ext.two_converting([1.5]) == "float64" and ext.two_converting(np.zeros(1, "i4")) == "int32"
    assert ext.two_converting(np.zeros(1, "i2")) == "float64"


def writeable_again(array):
    try:
        array.flags.writeable = False
        array.flags.writeable = True
    except ValueError as error:
        return str(error)


@needs_numpy
def test_results_are_what_asarray_makes_of_the_object():
    forms = ext.in_both_forms()
    assert len(forms) == 46
    for made, source in zip(forms[::2], forms[1::2]):
        other = np.asarray(source)
        assert type(made) is np.ndarray and made.dtype == other.dtype and made.dtype.char == other.dtype.char
        assert made.shape == other.shape and made.strides == other.strides and made.tobytes() == other.tobytes()
        assert made.flags.num == other.flags.num and (made.size == 0 or not made.flags.owndata), made.dtype
        assert made.size == 0 or made.ctypes.data == other.ctypes.data
        assert writeable_again(made) == writeable_again(other)
        assert memoryview(made).format == memoryview(other).format


@needs_numpy
def test_the_memory_of_results_goes_with_the_last_array():
    ext.numpy_counted(5)  # The first of all looks for numpy.
    gc.collect()
    before = ext.destroyed_count()
    kept = ext.numpy_counted(5)[1:3]
    gc.collect()
    assert ext.destroyed_count() == before and kept.tolist() == [1.5, 1.5]
    counts = [sys.getrefcount(thing) for thing in (np.ndarray, np.dtype("f8"), type(kept.base))]
    for _ in range(1000):
        ext.numpy_counted(5)
    after = [sys.getrefcount(thing) for thing in (np.ndarray, np.dtype("f8"), type(kept.base))]
    assert all(abs(new - old) < 100 for old, new in zip(counts, after)), (counts, after)
    assert ext.destroyed_count() == before + 1000
    del kept
    assert ext.destroyed_count() == before + 1001


@needs_numpy
def test_results_are_arrays_of_the_same_memory():
    made = ext.numpy_iota(10)
    assert type(made) is np.ndarray and made.flags.writeable and made.tolist() == list(range(10))
    assert np.shares_memory(made, np.asarray(made)) and ext.form(made.view("u1"))[3] == made.ctypes.data
    grid = ext.numpy_grid(2, 3)
    assert grid.flags.c_contiguous and grid.tolist() == [[0, 1, 2], [3, 4, 5]]
    fortran = ext.numpy_f(2, 3)
    assert fortran.flags.f_contiguous and fortran.tolist() == [[0, 2, 4], [1, 3, 5]]
    assert ext.numpy_iota(0).shape == (0,) and ext.numpy_grid(0, 3).shape == (0, 3)
    one, two, three = ext.thrice()
    three[1] = 9
    assert two[1] == 9 and np.asarray(one)[1] == 9 and np.asarray(one).ctypes.data == three.ctypes.data
    assert np.asarray(ext.halves()).tolist() == [0.5, 2] and np.asarray(ext.halves()).dtype == np.float16
    assert np.asarray(ext.complexes()).tolist() == [1 + 2j, 3 + 4j]
    before = ext.destroyed_count()
    kept = np.asarray(ext.counted(5))[1:3]
    gc.collect()
    assert ext.destroyed_count() == before and kept.tolist() == [1.5, 1.5]
    del kept
    assert ext.destroyed_count() == before + 1
