# SPDX-License-Identifier: MIT
"""Arrays in and out by DLPack, with exporters that are honest, and some that are not."""
import enum
import subprocess
import sys

import pytest

import dlpack_ext as ext

try:
    import numpy as np
except ImportError:
    np = None
needs_numpy = pytest.mark.skipif(np is None, reason="numpy is not installed")
try:
    import torch
except ImportError:
    torch = None
needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")


def capsule(version=1, flags=0, shape=(3,), strides=None, ndim=None, code=2, bits=64, lanes=1, device=1, offset=0,
            lie=""):
    return ext.capsule(version, flags, list(shape), None if strides is None else list(strides),
                       len(shape) if ndim is None else ndim, code, bits, lanes, device, offset, lie)


class Tensor:
    """An array that has DLPack and nothing else."""

    def __init__(self, device=1, old=False, **told):
        self.told = dict(told, device=device, version=told.get("version", 0 if old else 1))
        self.device = device
        self.old = old
        self.asked = []

    def __dlpack_device__(self):
        return (self.device, 3)

    def __dlpack__(self, **how):
        self.asked.append(how)
        if self.old and how:
            raise TypeError("__dlpack__() got an unexpected keyword argument")
        return capsule(**self.told)


@pytest.fixture(autouse=True)
def each_tensor_is_deleted_once():
    made, deleted = ext.counts()
    yield
    now_made, now_deleted = ext.counts()
    assert now_made - made == now_deleted - deleted


def test_tensors_of_both_kinds_are_taken():
    new, old = Tensor(), Tensor(old=True)
    assert ext.sum(new) == ext.sum(old) == ext.sum_detached(Tensor()) == 3
    assert new.asked == [{"max_version": (1, 0), "copy": False}]
    assert old.asked == [{"max_version": (1, 0), "copy": False}, {}]
    assert ext.sum(Tensor(shape=(2, 3))) == 15
    assert ext.sum(Tensor(shape=(2, 3), strides=(1, 2))) == 15
    assert ext.strides(Tensor(shape=(2, 3), strides=(-1, 2), offset=8)) == [-8, 16]
    assert ext.sum(Tensor(shape=(2,), offset=16)) == 5
    assert ext.sum(Tensor(shape=())) == 0
    assert ext.sum(Tensor(shape=(0, 5), lie="no data")) == 0
    assert ext.sum(Tensor(shape=(3, 4), strides=(0, 0))) == 0
    assert ext.strides(Tensor(shape=(2, 3, 4))) == [96, 32, 8]
    assert ext.strides(Tensor(shape=(1,) * 64)) == [8] * 64
    assert ext.sum_c(Tensor(shape=(2, 3))) == 15
    ext.fill(Tensor(), 3)


def test_types_of_tensors():
    assert ext.float32(Tensor(bits=32)) == ext.float16(Tensor(bits=16)) == 3
    assert ext.int8(Tensor(code=0, bits=8)) == ext.uint16(Tensor(code=1, bits=16)) == 3
    assert ext.int64(Tensor(code=0)) == 3 and ext.bool(Tensor(code=6, bits=8, shape=(2,))) == 2
    assert ext.brain_sum(Tensor(code=4, bits=16)) == 0
    with pytest.raises(TypeError, match=r"sum\(\) argument 'a' must be an array of float64, not a \(3,\) array of bfloat16"):
        ext.sum(Tensor(code=4, bits=16))
    with pytest.raises(TypeError, match=r"not a \(3,\) array of type 12 of DLPack with bits 8"):
        ext.sum(Tensor(code=12, bits=8))
    with pytest.raises(TypeError, match="must be an array of bfloat16, not a"):
        ext.brain_sum(Tensor(bits=16))
    with pytest.raises(TypeError, match="C-contiguous 2-dimensional array of float64, not an F-contiguous"):
        ext.sum_c(Tensor(shape=(2, 3), strides=(1, 2)))
    assert ext.sum_c_converted(Tensor(shape=(2, 3), strides=(1, 2))) == 15
    with pytest.raises(TypeError, match="misaligned"):
        ext.sum(Tensor(offset=4))


def test_read_only_tensors_are_not_written():
    assert ext.sum(Tensor(flags=1)) == 3
    with pytest.raises(TypeError, match="must be a writable array of float64, not a read-only"):
        ext.fill(Tensor(flags=1), 1)
    assert ext.sum(Tensor(flags=2)) == 3
    with pytest.raises(BufferError, match="what is written there would be lost"):
        ext.fill(Tensor(flags=2), 1)


@pytest.mark.parametrize("told, why", [
    (dict(version=2), "another version of DLPack"),
    (dict(ndim=65), "too many dimensions"),
    (dict(ndim=-1), "too many dimensions"),
    (dict(lie="no shape"), "it has no shape"),
    (dict(lie="no data"), "it has no memory"),
    (dict(lanes=4), "its items are vectors"),
    (dict(lanes=0), "its items are vectors"),
    (dict(bits=4), "no whole bytes"),
    (dict(bits=0), "no whole bytes"),
    (dict(shape=(-1,)), "its shape is negative"),
    (dict(shape=(2**40, 2**40)), "its shape is too large"),
    (dict(shape=(2**61,)), "its shape is too large"),
    (dict(shape=(2, 2), strides=(2**62, 1)), "its strides are too large"),
])
def test_tensors_that_make_no_sense_are_refused(told, why):
    for version in (1, 0):
        if "version" in told and version == 0:
            continue
        with pytest.raises(BufferError, match=why):
            ext.sum(Tensor(**{"version": version, **told}))


def test_exporters_that_misbehave():
    used = capsule()

    class Answers:
        def __init__(self, answer, device=(1, 0)):
            self.answer = answer
            self.device = device

        def __dlpack_device__(self):
            return self.device

        def __dlpack__(self, **_):
            if isinstance(self.answer, BaseException):
                raise self.answer
            return self.answer

    assert ext.sum(Answers(used)) == 3
    with pytest.raises(BufferError, match="it was used before"):
        ext.sum(Answers(used))
    with pytest.raises(BufferError, match="a capsule of something else"):
        ext.sum(Answers(ext.other_capsule()))
    with pytest.raises(TypeError, match="must return a capsule, not int"):
        ext.sum(Answers(3))
    with pytest.raises(KeyError):
        ext.sum(Answers(KeyError("no")))
    with pytest.raises(TypeError, match="own"):
        ext.sum(Answers(TypeError("own")))
    for device in (None, (1,), (1, 2, 3), [1, 0], (1.5, 0), ("cpu", 0)):
        with pytest.raises(TypeError):
            ext.sum(Answers(3, device))
    with pytest.raises((BufferError, OverflowError)):
        ext.sum(Answers(3, (2**40, 0)))

    class NoDevice:
        def __dlpack__(self, **_):
            return capsule()

    with pytest.raises(AttributeError):
        ext.sum(NoDevice())

    class OnInstance:
        pass

    object = OnInstance()
    object.__dlpack__ = lambda **_: capsule()
    with pytest.raises(TypeError, match="not OnInstance"):
        ext.sum(object)

    class Device(enum.IntEnum):
        CPU = 1

    assert ext.sum(Answers(capsule(), (Device.CPU, 0))) == 3
    # It says one device, and its tensor another.
    with pytest.raises(TypeError, match="on cuda"):
        ext.sum(Answers(capsule(device=2)))
    capsule()  # Never used: it frees its memory itself.


def test_memory_of_a_device_is_passed_through():
    assert ext.on_cuda(Tensor(device=2, shape=(4, 5), bits=32, offset=16)) == (0xdead0010, 4, 3)
    assert ext.anywhere(Tensor(device=10, bits=32)) == (0xdead0000, 10)
    assert ext.anywhere(Tensor(bits=32))[1] == 1
    with pytest.raises(TypeError, match=r"must be an array of float64, not Tensor on cuda"):
        ext.sum(Tensor(device=2))
    with pytest.raises(TypeError, match=r"must be a writable 2-dimensional array of float32 on cuda, not Tensor on cpu"):
        ext.on_cuda(Tensor(shape=(2, 2), bits=32))
    with pytest.raises(TypeError, match="on cuda, not bytes"):
        ext.on_cuda(b"abcd")
    with pytest.raises(TypeError, match="on device type 99"):
        ext.sum(Tensor(device=99))


def test_tensors_are_let_go_of_anywhere():
    ext.drop_elsewhere(Tensor())
    ext.keep(Tensor())
    made, deleted = ext.counts()
    ext.drop_kept()
    assert ext.counts() == (made, deleted + 1)


def test_a_tensor_that_outlives_the_interpreter_does_no_harm():
    code = """
import dlpack_ext as ext
class Tensor:
    def __dlpack_device__(self): return (1, 0)
    def __dlpack__(self, **_): return ext.capsule(1, 0, [3], None, 1, 2, 64, 1, 1, 0, "")
ext.keep(Tensor())
ext.take(ext.grid(2, 3).__dlpack__(max_version=(1, 0)))
ext.end_taken_at_exit()
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_owned_array_as_a_tensor():
    before = ext.destroyed_count()
    grid = ext.grid(2, 3)
    assert grid.__dlpack_device__() == (1, 0)
    seen = ext.take(grid.__dlpack__(max_version=(1, 0), copy=False, dl_device=(1, 0), stream=None))
    assert seen == ("dltensor_versioned", 1, 0, [2, 3], [3, 1], 2, 64)
    ext.peek_taken(9)
    assert ext.sum(grid) == 16.5
    del grid
    assert ext.destroyed_count() == before
    ext.end_taken()
    assert ext.destroyed_count() == before + 1
    for how in ({}, dict(max_version=None), dict(max_version=(0, 8))):
        assert ext.take(ext.grid(1, 1).__dlpack__(**how))[0] == "dltensor"
        ext.end_taken()
    assert ext.destroyed_count() == before + 4
    ext.grid(1, 1).__dlpack__()  # Never used.
    assert ext.destroyed_count() == before + 5
    assert ext.take(ext.fixed().__dlpack__(max_version=(1, 3))) == ("dltensor_versioned", 1, 1, [2, 2], [1, 2], 2, 64)
    ext.end_taken()
    copied = ext.grid(1, 1)
    assert ext.take(copied.__dlpack__(max_version=(1, 0), copy=True))[2] == 2
    assert ext.peek_taken(5) == 1.5 and ext.sum(copied) == 1.5
    ext.end_taken()


def test_what_cannot_be_a_tensor_is_refused():
    with pytest.raises(BufferError, match="read-only"):
        ext.fixed().__dlpack__()
    with pytest.raises(BufferError, match="DLPack has no such items"):
        ext.long_doubles().__dlpack__(max_version=(1, 0))
    grid = ext.grid(1, 1)
    with pytest.raises(BufferError, match="no stream"):
        grid.__dlpack__(stream=1)
    with pytest.raises(BufferError, match="on the CPU"):
        grid.__dlpack__(dl_device=(2, 0))
    for wrong in (dict(max_version=1), dict(max_version=(1,)), dict(nonsense=1), dict(dl_device="cpu"),
                  dict(max_version=("a", "b"))):
        with pytest.raises(TypeError):
            grid.__dlpack__(**wrong)
    with pytest.raises((ValueError, OverflowError)):
        grid.__dlpack__(max_version=(-1, 0))
    with pytest.raises(TypeError):
        grid.__dlpack__(None, None)


@needs_numpy
def test_numpy_takes_and_gives_tensors():
    if not hasattr(np, "from_dlpack"):
        pytest.skip("this numpy has no from_dlpack")
    before = ext.destroyed_count()
    grid = ext.grid(2, 3)
    array = np.from_dlpack(grid)
    assert array.shape == (2, 3) and array.sum() == 9
    assert array.ctypes.data == np.asarray(grid).ctypes.data
    del grid, array
    assert ext.destroyed_count() == before + 1

    class Only:
        """Without a buffer."""

        def __init__(self, array):
            self.array = array

        def __dlpack_device__(self):
            return self.array.__dlpack_device__()

        def __dlpack__(self, **how):
            return self.array.__dlpack__(**how)

    values = np.arange(6.0).reshape(2, 3)
    assert ext.sum(Only(values)) == ext.sum(Only(values.T)) == ext.sum_c(Only(values)) == 15
    count = sys.getrefcount(values)
    assert ext.strides(Only(values[:, ::-1])) == [24, -8]
    ext.drop_elsewhere(Only(values))
    ext.fill(Only(values), 2)
    total, now = values.sum(), sys.getrefcount(values)
    assert total == 12 and now == count
    assert ext.sum_converted(Only(np.arange(3.0))) == 3


@needs_torch
def test_tensors_of_torch():
    t = torch.arange(6, dtype=torch.float64).reshape(2, 3)
    assert ext.sum(t) == ext.sum(t.T) == ext.sum_c(t) == 15
    ext.fill(t[:, 1], 7)
    assert t[:, 1].tolist() == [7, 7]
    assert ext.brain_sum(torch.tensor([0.5, 2], dtype=torch.bfloat16)) == 2.5
    with pytest.raises(TypeError, match=r"must be an array of float64, not a \(2,\) array of int64"):
        ext.sum(torch.tensor([1, 2]))
    back = torch.from_dlpack(ext.grid(2, 3))
    assert back.shape == (2, 3) and back.sum() == 9
    brain = torch.from_dlpack(ext.brain_floats())
    assert brain.dtype == torch.bfloat16 and brain.tolist() == [0.5, 2]
