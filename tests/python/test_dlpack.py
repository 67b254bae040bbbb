# SPDX-License-Identifier: MIT
"""Arrays in and out by DLPack, with exporters that are honest, and some that are not."""
import enum
import subprocess
import sys
import threading

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
try:
    import tvm_ffi
except ImportError:
    tvm_ffi = None
needs_tvm_ffi = pytest.mark.skipif(tvm_ffi is None, reason="apache-tvm-ffi is not installed")
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
    (dict(shape=(2**61,), strides=(0,)), "its shape is too large"),
    (dict(shape=(2**31, 2**30), strides=(0, 1)), "its shape is too large"),
    (dict(shape=(2, 2), strides=(2**62, 1)), "its strides are too large"),
])
def test_tensors_that_make_no_sense_are_refused(told, why):
    for version in (1, 0):
        if "version" in told and version == 0:
            continue
        for call in (ext.sum, ext.sum_converted, ext.sum_c_converted):
            with pytest.raises(BufferError, match=why):
                call(Tensor(**{"version": version, **told}))


def test_rows_without_items_lead_nowhere():
    assert ext.strides(Tensor(shape=(3, 0), strides=(2**59, 1))) == [0, 0]
    assert ext.strides(Tensor(shape=(3, 3, 0), strides=(2**59, 2**59, 1))) == [0, 0, 0]
    assert ext.strides(Tensor(shape=(3, 0), strides=(7, 1), lie="no data")) == [0, 0]
    assert ext.strides(Tensor(shape=(3, 0), strides=(7, 1))) == [56, 8]


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


def test_one_of_several_threads_gets_the_tensor():
    class Shared:
        def __init__(self):
            self.capsule = capsule()

        def __dlpack_device__(self):
            return (1, 0)

        def __dlpack__(self, **_):
            return self.capsule

    tensors = [Shared() for _ in range(300)]
    start, sums, refused = threading.Barrier(4), [], []

    def take():
        for tensor in tensors:
            start.wait()
            try:
                sums.append(ext.sum(tensor))
            except BufferError:
                refused.append(1)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sums == [3] * 300 and len(refused) == 900


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


def exchanging(lie="", base=Tensor):
    """A type of tensors that have DLPack's C exchange."""

    class Exchanging(base):
        __dlpack_c_exchange_api__ = ext.exchange_api(lie)

        def exchange(self):
            self.asked.append("exchange")
            if isinstance(self.told.get("raises"), BaseException):
                raise self.told["raises"]
            return capsule(**self.told)

    return Exchanging


def test_the_c_exchange_is_used_where_there_is_one():
    for lie in ("", "chain"):
        kind = exchanging(lie)
        tensor = kind()
        assert ext.sum(tensor) == ext.sum_detached(tensor) == ext.sum_converted(tensor) == 3
        assert tensor.asked == ["exchange"] * 3
    assert ext.sum(exchanging()(shape=(2, 3), strides=(1, 2))) == 15
    assert ext.strides(exchanging()(shape=(2, 3), strides=(-1, 2), offset=8)) == [-8, 16]
    assert ext.sum(exchanging()(shape=())) == 0
    assert ext.sum(exchanging()(shape=(0, 5), lie="no data")) == 0
    assert ext.strides(exchanging()(shape=(1,) * 64)) == [8] * 64
    assert ext.sum_c_converted(exchanging()(shape=(2, 3), strides=(1, 2))) == 15
    assert ext.sum(exchanging("fast")()) == 3
    ext.drop_elsewhere(exchanging()())
    ext.keep(exchanging()())
    ext.drop_kept()

    class Only:
        """Without `__dlpack__`."""

        __dlpack_c_exchange_api__ = ext.exchange_api("")

        def exchange(self):
            return capsule()

    assert ext.sum(Only()) == 3


def test_the_c_exchange_of_a_subclass():
    kind = exchanging()

    class Sub(kind):
        pass

    class Without(kind):
        __dlpack_c_exchange_api__ = None

    sub, without = Sub(), Without()
    assert ext.sum(sub) == ext.sum(without) == 3
    assert sub.asked == ["exchange"] and len(without.asked) == 1 and without.asked != sub.asked
    # It is asked of the type each time.
    del kind.__dlpack_c_exchange_api__
    assert ext.sum(sub) == 3 and sub.asked[1:] == without.asked
    kind.__dlpack_c_exchange_api__ = ext.exchange_api("")
    assert ext.sum(sub) == 3 and sub.asked[2:] == ["exchange"]
    on_object = Tensor()
    on_object.__dlpack_c_exchange_api__ = ext.exchange_api("silent")
    assert ext.sum(on_object) == 3


@pytest.mark.parametrize("lie", ["ancient", "newer", "circle", "null", "name", "no name"])
def test_another_c_exchange_leads_to_dlpack(lie):
    tensor = exchanging(lie)()
    assert ext.sum(tensor) == 3
    assert tensor.asked == [{"max_version": (1, 0), "copy": False}]


@pytest.mark.parametrize("what", [3, None, "text", Tensor, property(lambda self: 1 / 0), ext.other_capsule()])
def test_what_is_no_c_exchange_leads_to_dlpack(what):
    class Odd(Tensor):
        __dlpack_c_exchange_api__ = what

    assert ext.sum(Odd()) == 3


def test_a_c_exchange_that_refuses_or_raises():
    for error in (KeyError, TypeError, MemoryError):
        with pytest.raises(error, match="own"):
            ext.sum(exchanging()(raises=error("own")))
    # A BufferError leaves the word to `__dlpack__`.
    tensor = exchanging()()
    tensor.exchange = lambda: (_ for _ in ()).throw(BufferError("own"))
    assert ext.sum(tensor) == 3 and len(tensor.asked) == 1

    class Only:
        __dlpack_c_exchange_api__ = ext.exchange_api("")

        def exchange(self):
            raise BufferError("own")

    with pytest.raises(BufferError, match="own"):
        ext.sum(Only())
    for lie in ("silent", "nothing"):
        with pytest.raises(SystemError, match="exchange of 'Exchanging' object gave neither a tensor nor an exception"):
            ext.sum(exchanging(lie)())
    with pytest.raises(KeyError, match="and a tensor"):
        ext.sum(exchanging("both")())


def test_tensors_of_a_c_exchange_are_looked_at():
    for told, why in (
        (dict(version=2), "another version of DLPack"),
        (dict(shape=(-1,)), "its shape is negative"),
        (dict(shape=(2**40, 2**40)), "its shape is too large"),
        (dict(ndim=65), "too many dimensions"),
        (dict(lie="no shape"), "it has no shape"),
        (dict(lie="no data"), "it has no memory"),
        (dict(lanes=4), "its items are vectors"),
    ):
        with pytest.raises(BufferError, match="the DLPack tensor is not used, as .*" + why):
            ext.sum(exchanging()(**told))
    with pytest.raises(TypeError, match="must be a writable array of float64, not a read-only"):
        ext.fill(exchanging()(flags=1), 1)
    with pytest.raises(BufferError, match="what is written there would be lost"):
        ext.fill(exchanging()(flags=2), 1)
    with pytest.raises(TypeError, match="misaligned"):
        ext.sum(exchanging()(offset=4))
    with pytest.raises(TypeError, match=r"not a \(3,\) array of float32"):
        ext.sum(exchanging()(bits=32))


def test_memory_of_a_device_is_waited_for():
    # The C exchange does not wait for what is computed there, `__dlpack__` does.
    tensor = exchanging()(device=2, shape=(4, 5), bits=32)
    assert ext.on_cuda(tensor) == (0xdead0000, 4, 3)
    assert ext.anywhere(tensor) == (0xdead0000, 2)
    assert [how for how in tensor.asked if how != "exchange"] == [{"max_version": (1, 0), "copy": False}] * 2
    tensor.asked.clear()
    with pytest.raises(TypeError, match="must be an array of float64, not Exchanging on cuda"):
        ext.sum(tensor)
    assert tensor.asked == ["exchange"]
    tensor = exchanging()(bits=32)
    assert ext.anywhere(tensor)[1] == 1 and tensor.asked == ["exchange"]


def test_the_c_exchange_of_an_owned_array():
    before = ext.destroyed_count()
    grid = ext.grid(2, 3)
    assert ext.has_no_stream(grid)
    assert ext.take(ext.exchanged(grid, grid)) == ("dltensor_versioned", 1, 0, [2, 3], [3, 1], 2, 64)
    ext.peek_taken(9)
    assert ext.sum(grid) == 16.5
    del grid
    assert ext.destroyed_count() == before
    ext.end_taken()
    assert ext.destroyed_count() == before + 1
    fixed = ext.fixed()
    assert ext.take(ext.exchanged(fixed, fixed)) == ("dltensor_versioned", 1, 1, [2, 2], [1, 2], 2, 64)
    ext.end_taken()
    with pytest.raises(BufferError, match="DLPack has no such items"):
        ext.exchanged(fixed, ext.long_doubles())
    for other in (3, None, type(fixed), Tensor()):
        with pytest.raises(TypeError, match="the DLPack exchange of adder.OwnedArray takes no"):
            ext.exchanged(fixed, other)
    # Without a buffer: this is how it is taken.
    assert ext.brain_sum(ext.brain_floats()) == 2.5
    with pytest.raises(TypeError, match=r"must be an array of bfloat16, not a \(1, 1\) array of float64"):
        ext.brain_sum(ext.grid(1, 1))
    with pytest.raises(TypeError, match="must be an array of bfloat16, not a"):
        ext.brain_sum(ext.long_doubles())


def test_an_owned_array_is_made_of_a_tensor():
    grid = ext.grid(1, 1)
    made, deleted = ext.counts()
    array = ext.imported(grid, capsule(shape=(2, 3), strides=(1, 2)))
    assert type(array) is type(grid) and repr(array) == "<adder array of float64, (2, 3)>"
    assert memoryview(array).tolist() == [[0, 2, 4], [1, 3, 5]]
    assert ext.sum(array) == 15 and ext.strides(array) == [8, 16]
    ext.fill(array, 2)
    assert ext.sum(array) == 12
    view = memoryview(array)
    del array
    assert ext.counts() == (made + 1, deleted)
    view.release()
    assert ext.counts() == (made + 1, deleted + 1)
    back = ext.imported(grid, capsule(shape=(2, 2), strides=(-2, 1), offset=16))
    assert ext.take(back.__dlpack__(max_version=(1, 0), copy=True)) == ("dltensor_versioned", 1, 2, [2, 2], [2, 1], 2, 64)
    assert ext.peek_taken(5) == 2
    ext.end_taken()
    assert memoryview(back).tolist() == [[2, 3], [0, 1]]
    assert ext.take(ext.exchanged(back, back))[3:5] == ([2, 2], [-2, 1])
    del back
    assert ext.counts() == (made + 2, deleted + 1)
    ext.end_taken()  # On a thread without Python: another library's deleter is called by the next that has it.
    ext.sum_detached(ext.grid(1, 1))
    assert ext.counts() == (made + 2, deleted + 2)
    assert memoryview(ext.imported(grid, capsule(flags=1))).readonly
    assert memoryview(ext.imported(grid, capsule(shape=(0, 2), lie="no data"))).tolist() == []
    assert memoryview(ext.imported(grid, capsule(shape=(), offset=8))).tolist() == 1
    assert repr(ext.imported(grid, capsule(code=4, bits=16))) == "<adder array of bfloat16, (3,)>"
    assert ext.sum(ext.imported(grid, ext.exchanged(grid, grid))) == 1.5
    for told, why in (
        (dict(device=2), "it is not on the CPU"),
        (dict(code=12, bits=8), "its items are of no type that adder has"),
        (dict(shape=(1,) * 9), "it has more than 8 dimensions"),
        (dict(shape=(-1,)), "its shape is negative"),
        (dict(version=2), "another version"),
    ):
        with pytest.raises(BufferError, match=why):
            ext.imported(grid, capsule(**told))


def test_tensors_are_allocated_for_others():
    grid = ext.grid(1, 1)
    for shape in ([], [3], [2, 3], [0, 4], [1] * 8):
        array = ext.imported(grid, ext.allocated(grid, shape, 2, 64, 1))
        view = memoryview(array)
        assert list(view.shape) == shape and view.format == "d" and not view.readonly
        assert ext.sum(array) == 0
    assert ext.take(ext.allocated(grid, [2, 3], 5, 128, 1)) == ("dltensor_versioned", 1, 0, [2, 3], [3, 1], 5, 128)
    ext.end_taken()
    for how, why in (
        (([3], 2, 64, 2), "BufferError: adder makes tensors on the CPU alone"),
        (([3], 12, 8, 1), "BufferError: adder has no such items"),
        (([1] * 9, 2, 64, 1), "BufferError: adder makes tensors of up to 8 dimensions"),
        (([-1], 2, 64, 1), "BufferError: .*negative"),
        (([3], 2, 64, 0), "BufferError: the prototype has no shape"),
        (([2**40, 2**40], 2, 64, 1), "BufferError: .*too large"),
    ):
        with pytest.raises(BufferError, match=why):
            ext.allocated(grid, *how)


@needs_tvm_ffi
def test_tensors_of_tvm_ffi():
    from tvm_ffi import core

    if not hasattr(core, "DLTensorTestWrapper"):
        pytest.skip("this apache-tvm-ffi has no type with a C exchange of its own")
    made = tvm_ffi.from_dlpack(ext.grid(2, 3))
    wrapped = core.DLTensorTestWrapper(made)
    assert ext.sum(made) == ext.sum(wrapped) == 9
    ext.fill(wrapped, 2)
    assert ext.sum(made) == 12
    # An adder array goes there by the C exchange, and comes back as one.
    grid = ext.grid(2, 3)
    echo = tvm_ffi.convert(lambda x: x)
    back = echo(grid)
    assert type(back) is type(grid)
    ext.fill(back, 4)
    assert ext.sum(grid) == 24
    before = ext.destroyed_count()
    del grid, back, made, wrapped
    assert ext.destroyed_count() == before + 2


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
