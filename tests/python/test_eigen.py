# SPDX-License-Identifier: MIT
"""Eigen's matrices, vectors and sparse matrices as parameters and results."""
import array
import gc
import os
import subprocess
import sys

import pytest

import eigen_ext as ext

np = pytest.importorskip("numpy", reason="numpy is not installed")
try:
    import scipy.sparse as sparse
except ImportError:
    sparse = None
needs_scipy = pytest.mark.skipif(sparse is None, reason="scipy is not installed")
try:
    import hypothesis
    from hypothesis import strategies as st
except ImportError:
    hypothesis = None

GRID = np.arange(6.0).reshape(2, 3)


def address(a):
    return a.__array_interface__["data"][0]


def refused(kind, call, *args):
    with pytest.raises(kind) as caught:
        call(*args)
    return str(caught.value)


# --- By value --------------------------------------------------------------------------------------------------------

def test_matrices_and_vectors_are_copied():
    for call in (ext.same, ext.same_rows):
        for form in (GRID, np.asfortranarray(GRID), GRID[::-1, ::-1], GRID.T, np.ones((0, 3)), np.ones((4, 8))[::3, ::2],
                     np.broadcast_to(2.0, (3, 4))):
            result = call(form)
            assert result.shape == form.shape and (result == form).all()
            assert not np.shares_memory(result, form)
    assert ext.same(GRID).flags.f_contiguous and ext.same_rows(GRID).flags.c_contiguous
    assert ext.same_vector(np.arange(4.0)[::-2]).tolist() == [3, 1]
    assert ext.same_vector(array.array("d", [1, 2])).tolist() == [1, 2]
    assert ext.same_vector(np.ones(0)).shape == (0,)
    row = ext.same_row(np.arange(3, dtype="f4"))
    assert row.shape == (3,) and row.dtype == np.float32
    assert ext.transposed(np.arange(9.0).reshape(3, 3)).tolist() == np.arange(9.0).reshape(3, 3).T.tolist()
    assert ext.negated(np.arange(3, dtype=np.intc)).tolist() == [0, -1, -2]
    assert (ext.squares(GRID) == GRID**2).all()
    assert (ext.conjugate(GRID * 1j) == GRID * -1j).all()
    assert ext.inverted(np.array([True, False])).tolist() == [False, True]
    assert ext.three_columns(np.ones((4, 3))).shape == (4, 3)


def test_other_arrays_are_refused():
    def told(call, argument, wanted, got, name="m"):
        assert refused(TypeError, call, argument) == f"{call.__name__}() argument '{name}' must be {wanted}, not {got}"

    told(ext.transposed, np.ones((3, 2)), "a (3, 3) array of float64", "a (3, 2) array of float64")
    told(ext.transposed, np.ones((3, 3), "f4"), "a (3, 3) array of float64", "a (3, 3) array of float32")
    told(ext.transposed, [[1.0]], "a (3, 3) array of float64", "list")
    told(ext.same, np.ones(3), "a 2-dimensional array of float64", "a (3,) array of float64")
    told(ext.same_vector, np.ones((3, 1)), "a 1-dimensional array of float64", "a (3, 1) array of float64", "v")
    told(ext.three_columns, np.ones((3, 4)), "a (n, 3) array of float64", "a (3, 4) array of float64")
    told(ext.inverted, np.frombuffer(b"\x02", bool), "a 1-dimensional array of bool",
         "a (1,) array of bool with bytes other than 0 and 1", "v")
    assert ext.small(np.ones((3, 2))).shape == (3, 2) and ext.small_vector(np.ones(3)).shape == (3,)
    told(ext.small, np.ones((2, 4)), "a 2-dimensional array of float64 of up to (3, 3) items", "one of shape (2, 4)")
    told(ext.small_vector, np.ones(4), "a 1-dimensional array of float64 of up to (3,) items", "one of shape (4,)", "v")
    if "asan" not in os.environ.get("LD_PRELOAD", ""):  # Which ends the process instead.
        with pytest.raises(MemoryError):
            ext.same(np.broadcast_to(1.0, (2**20, 2**25)))
    assert (ext.same_converted(np.ones((2, 2), "i4")) == 1).all()
    refused(TypeError, ext.same_converted, np.ones((2, 2), complex))


# --- By reference ----------------------------------------------------------------------------------------------------

def test_references_are_to_the_array_itself():
    by_columns = np.asfortranarray(GRID)
    assert ext.address_of_ref(by_columns) == address(by_columns)
    assert ext.address_of_row_ref(GRID) == address(GRID)
    assert ext.address_of_vector(GRID[1]) == address(GRID) + 24
    for form in (GRID, by_columns, np.ones((4, 8))[::3, ::2]):
        assert ext.address_of_any(form) == address(form)
        assert ext.sum_any(form) == form.sum()
    assert ext.sum(by_columns) == ext.sum_rows(GRID) == ext.sum_vector(np.arange(6.0)) == 15
    assert ext.sum(np.asfortranarray(np.ones((5, 4)))[1:3, ::2]) == 4  # A block.
    assert ext.sum(np.ones((3, 1))) == ext.sum(np.ones((1, 3))) == 3
    assert ext.sum(np.ones((0, 3))) == ext.sum(np.ones((3, 0))) == ext.sum_vector(np.ones(0)) == 0
    assert ext.sum_strided(np.arange(6.0)[::3]) == 3
    assert ext.sum_every_second(np.arange(6.0)[::2]) == 6
    assert ext.trace3(np.asfortranarray(np.eye(3))) == 3


def test_references_write():
    a = np.asfortranarray(GRID)
    assert ext.scale(a, 2) is None and (a == 2 * GRID).all()
    block = a[:, 1:]
    ext.scale(block, 2)
    assert a.tolist() == [[0, 4, 8], [6, 16, 20]]
    rows = GRID.copy()
    ext.scale_rows(rows[:, :2], 10)
    assert rows.tolist() == [[0, 10, 2], [30, 40, 5]]
    v = np.ones(4)
    ext.scale_vector(v[1:3], 5)
    ext.scale_row(v[:1], 7)
    assert v.tolist() == [7, 5, 5, 1]
    wide = np.ones((4, 4))
    ext.scale_any(wide[::2, ::2], 3)
    assert wide.sum() == 16 + 4 * 2
    memory = bytearray(16)
    ext.scale_vector(memoryview(memory).cast("d"), 2)
    memory.append(1)


def test_references_to_another_layout_are_refused():
    def told(call, argument, wanted, got, *more):
        assert refused(TypeError, call, argument, *more) == f"{call.__name__}() argument {wanted}, not {got}"

    columns = "the items of each column side by side, as in Fortran order"
    rows = "the items of each row side by side, as in C order"
    told(ext.sum, GRID, "'m' must be a 2-dimensional array of float64 with " + columns,
         "one with strides of (24, 8) bytes")
    told(ext.sum_rows, GRID.T, "'m' must be a 2-dimensional array of float64 with " + rows,
         "one with strides of (8, 24) bytes")
    told(ext.scale, GRID, "'m' must be a writable 2-dimensional array of float64 with " + columns,
         "one with strides of (24, 8) bytes", 2)
    told(ext.sum_vector, GRID[:, 0], "'v' must be a 1-dimensional array of float64 with its items side by side",
         "one with strides of (24,) bytes")
    for form in (np.arange(4.0)[::-1], np.broadcast_to(1.0, 3)):
        refused(TypeError, ext.sum_vector, form)
        refused(TypeError, ext.sum_strided, form)
    for form in (GRID[::-1], GRID[:, ::-1], np.broadcast_to(1.0, (2, 3)), np.broadcast_to(GRID[0], (2, 3))):
        refused(TypeError, ext.sum_any, form)
    assert "the strides and alignment that the Eigen::Ref has" in refused(
        TypeError, ext.sum_every_second, np.arange(6.0)[::3])
    if ext.REF_COPIES:  # Eigen would make a copy for this one, until 3.4.
        refused(TypeError, ext.sum_copied, np.asfortranarray(GRID))
    else:
        assert ext.sum_copied(np.asfortranarray(GRID)) == GRID.sum()
        refused(TypeError, ext.sum_copied, GRID)
    refused(TypeError, ext.trace3, np.ones((3, 2)))
    refused(TypeError, ext.trace3, np.eye(3))
    memory = np.zeros(4 * 8 + 16, "u1")
    start = -address(memory) % 16
    aligned = memory[start:start + 32].view(float)
    assert ext.sum_aligned(aligned) == 0
    refused(TypeError, ext.sum_aligned, aligned[1:])
    # Strides that are no whole items.
    packed = np.zeros(3, np.dtype([("x", float), ("y", "i1")]))["x"]
    refused(TypeError, ext.sum_strided, packed)


def test_references_that_write_refuse_what_is_read_only():
    a = np.asfortranarray(GRID)
    a.flags.writeable = False
    assert refused(TypeError, ext.scale, a, 2) == (
        "scale() argument 'm' must be a writable 2-dimensional array of float64, not a read-only (2, 3) array of "
        "float64")
    assert ext.sum(a) == 15
    refused(TypeError, ext.scale_vector, np.ones(3, "f4"), 2)
    refused(TypeError, ext.scale_any, np.broadcast_to(1.0, (2, 3)), 2)


if hypothesis is not None:
    @hypothesis.settings(deadline=None, max_examples=200)
    @hypothesis.given(st.tuples(*[st.integers(0, 4)] * 2), st.tuples(*[st.integers(-3, 3).filter(bool)] * 2),
                      st.booleans())
    def test_items_are_found_whatever_the_strides(shape, steps, flipped):
        whole = np.arange(400.0).reshape(20, 20)
        form = (whole.T if flipped else whole)[::steps[0], ::steps[1]][:shape[0], :shape[1]]
        assert np.array_equal(ext.same(form), form) and np.array_equal(ext.same_rows(form), form)
        weights = 1 + 10 * np.arange(shape[0])[:, None] + np.arange(shape[1])
        for call, expected in ((ext.weighted_any, (weights * form).sum()), (ext.sum, form.sum()),
                               (ext.sum_rows, form.sum())):
            try:
                result = call(form)
            except TypeError:
                copy = np.asfortranarray(form.copy()) if call is not ext.sum_rows else form.copy()
                result = call(copy)  # The layout alone was refused.
            assert result == expected


# --- Results ---------------------------------------------------------------------------------------------------------

def test_results_are_not_copied():
    a = ext.make_and_tell(50)
    assert type(a) is np.ndarray and address(a) == ext.told()
    assert a.flags.writeable and a[3, 4] == 34
    a[3, 4] = 7
    b = a[1:]
    del a
    gc.collect()
    assert b[2, 4] == 7
    for shape in ((0, 0), (0, 3), (3, 0), (1, 1)):
        assert ext.make(*shape).shape == shape


def test_maps_and_references_are_copied_as_results():
    first, second = ext.map_of_kept(), ext.map_of_kept()
    assert first.tolist() == [[0, 1], [10, 11]] and not np.shares_memory(first, second)
    assert ext.ref_to_kept().tolist() == [[0, 1, 2], [10, 11, 12]]


# --- Sparse ----------------------------------------------------------------------------------------------------------

@needs_scipy
def test_sparse_matrices_go_both_ways():
    rng = np.random.default_rng(2)
    for shape in ((4, 7), (7, 4), (1, 1), (0, 3), (3, 0), (60, 50)):
        full = np.where(rng.random(shape) < 0.3, rng.random(shape), 0)
        by_columns, by_rows = sparse.csc_matrix(full), sparse.csr_matrix(full)
        result = ext.same_sparse(by_columns)
        assert sparse.isspmatrix_csc(result) and result.shape == shape and (result.toarray() == full).all()
        result = ext.same_sparse_rows(by_rows)
        assert sparse.isspmatrix_csr(result) and (result.toarray() == full).all()
        assert result.nnz == by_rows.nnz and result.has_sorted_indices
        assert (ext.dense(by_columns) == full).all()
        assert ext.sum_sparse(by_rows) == pytest.approx(full.sum())
    assert ext.sparse_complex(sparse.csc_matrix(np.array([[0, 1j]], "c8"))).toarray().tolist() == [[0, 1j]]
    made = ext.sparse_of(4)
    assert made.toarray().tolist() == np.diag([1.0, 2, 3, 4])[:, ::-1].tolist()
    made.data[:] = 5
    assert made.sum() == 20


@needs_scipy
def test_sparse_indices_are_sorted_and_those_that_occur_twice_added_up():
    m = sparse.csc_matrix((np.array([1.0, 2, 3]), np.array([2, 0, 2]), np.array([0, 3, 3])), shape=(3, 2))
    result = ext.same_sparse(m)
    assert result.indices.tolist() == [0, 2] and result.data.tolist() == [2, 4]
    assert (ext.dense(m) == m.toarray()).all()
    long = sparse.csr_matrix(np.eye(3))
    long.indices, long.indptr = long.indices.astype("i8"), long.indptr.astype("i8")
    assert ext.sum_sparse(long) == 3


@needs_scipy
def test_other_sparse_matrices_are_refused():
    rows = sparse.csr_matrix(np.eye(3))
    assert refused(TypeError, ext.same_sparse, rows) == (
        "same_sparse() argument 'm' must be a scipy.sparse.csc_matrix of float64, not csr_matrix")
    assert "csr_matrix of float64, not numpy.ndarray" in refused(TypeError, ext.sum_sparse, np.eye(3))
    assert "not int" in refused(TypeError, ext.sum_sparse, 1)
    assert refused(TypeError, ext.sum_sparse, rows.astype("f4")) == (
        "sum_sparse() argument 'm': .data: expected a 1-dimensional array of float64, got a (3,) array of float32")


class Fake:
    format = "csr"

    def __init__(self, shape, data, indices, indptr):
        self.shape, self.data = shape, np.array(data, float)
        self.indices, self.indptr = np.array(indices, "i4"), np.array(indptr, "i4")


def test_a_sparse_matrix_that_contradicts_itself_is_refused():
    assert ext.sum_sparse(Fake((2, 2), [1, 2], [0, 1], [0, 1, 2])) == 3
    for why, fake in {
            "its shape is negative": Fake((-1, 2), [], [], [0]),
            "its shape is no tuple of two ints": Fake([1, 2], [], [], [0, 0]),
            "its shape is too large": Fake((1, 2**40), [], [], [0, 0]),
            "its indptr is of another length": Fake((2, 2), [1], [0], [0, 1]),
            "its indptr does not ascend from 0": Fake((2, 2), [1, 2], [0, 1], [0, 2, 1]),
            "its indptr leads beyond its items": Fake((2, 2), [1, 2], [0, 1], [0, 1, 3]),
            "it has an index out of range": Fake((2, 2), [1, 2], [0, 2], [0, 1, 2]),
    }.items():
        assert refused(ValueError, ext.sum_sparse, fake) == "a sparse matrix is not used, as " + why
    assert "ascend" in refused(ValueError, ext.sum_sparse, Fake((1, 2), [1], [0], [1, 1]))
    assert "range" in refused(ValueError, ext.sum_sparse, Fake((1, 2), [1], [-1], [0, 1]))
    assert "beyond" in refused(ValueError, ext.sum_sparse, Fake((1, 2), [1, 2], [1], [0, 2]))
    refused(TypeError, ext.sum_sparse, Fake((1, "2"), [1], [0], [0, 1]))
    fake = Fake((1, 1), [1], [0], [0, 1])
    fake.indices = np.array([0.0])
    assert "argument 'm': .indices: expected" in refused(TypeError, ext.sum_sparse, fake)

    class Raising(Fake):
        @property
        def format(self):
            raise KeyError("mine")

    assert refused(KeyError, ext.sum_sparse, Raising((1, 1), [1], [0], [0, 1])) == "'mine'"

    class RaisesOnce:
        asked = 0

        def __dlpack__(self, **_):
            return self.indices.__dlpack__()

        def __dlpack_device__(self):
            self.asked += 1
            if self.asked == 1:
                raise KeyError("once")
            return (1, 0)

    fake = Fake((1, 1), [1], [0], [0, 1])
    RaisesOnce.indices, fake.indices = np.array([0]), RaisesOnce()
    assert "once" in refused(KeyError, ext.sum_sparse, fake) and fake.indices.asked == 1


def test_without_scipy():
    code = """if True:
        import sys
        sys.modules["scipy"] = sys.modules["scipy.sparse"] = None
        import eigen_ext as ext
        try:
            ext.sparse_of(2)
        except ImportError as error:
            assert str(error) == (
                "a sparse matrix is returned here, and scipy.sparse cannot be imported: install scipy"), error
        else:
            raise AssertionError("it returned")
    """
    subprocess.run([sys.executable, "-c", code], check=True)
