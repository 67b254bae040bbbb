# SPDX-License-Identifier: MIT
import array
import collections.abc
import ctypes
import gc
import io
import itertools
import random
import re
import struct
import sys
import threading
import weakref

import class_buffers_ext as ext
import pytest

try:
    import numpy
except ImportError:
    numpy = None
needs_numpy = pytest.mark.skipif(numpy is None, reason="numpy is not installed")

SIMPLE, WRITABLE, FORMAT, ND, STRIDES = 0, 1, 4, 8, 0x18
C, F, ANY, INDIRECT = 0x20 | STRIDES, 0x40 | STRIDES, 0x80 | STRIDES, 0x100 | STRIDES
FULL_RO, FULL = INDIRECT | FORMAT, INDIRECT | FORMAT | WRITABLE


def refused(text):
    return pytest.raises(BufferError, match=re.escape(text))


def address(view):
    return ext.address_of(view)


# --- What Python sees ---------------------------------------------------------------------------------------------------


def test_a_memoryview_reads_and_writes_in_place():
    image = ext.Image(2, 3)
    view = memoryview(image)
    assert (view.format, view.itemsize, view.shape, view.strides, view.readonly) == ("f", 4, (2, 3), (12, 4), False)
    assert view.obj is image and address(view) == image.address
    view[1, 2] = 4.5
    assert image.sum() == 4.5 and view.tolist() == [[0, 0, 0], [0, 0, 4.5]]


@needs_numpy
def test_numpy_reads_and_writes_in_place():
    image = ext.Image(2, 3)
    a = numpy.asarray(image)
    assert a.dtype == numpy.float32 and a.shape == (2, 3) and a.flags.writeable
    assert a.__array_interface__["data"][0] == image.address
    a += 1
    assert image.sum() == 6
    assert ext.total(image) == 6  # An Array parameter.


def test_whoever_writes_into_buffers_can():
    image = ext.Image(1, 2)
    assert io.BytesIO(struct.pack("ff", 1, 2)).readinto(image) == 8
    assert image.sum() == 3
    struct.pack_into("f", image, 4, 7)
    assert image.sum() == 8 and bytes(image) == struct.pack("ff", 1, 7)
    assert (ctypes.c_float * 2).from_buffer(image)[1] == 7


def test_integers_for_lengths_and_a_pointer():
    grid = ext.Grid(2, 3)
    view = memoryview(grid)
    assert (view.format, view.shape, view.readonly) == ("h", (2, 3), False)
    view[0, 1] = -7
    assert memoryview(grid.cells).tolist() == [[0, -7, 0], [0, 0, 0]]


def test_a_c_array_in_the_object():
    fixed = ext.Fixed()
    memoryview(fixed)[1] = 9
    assert bytes(fixed) == b"\x01\x09\x03\x04"


@pytest.mark.parametrize("thing", [ext.Constants([1.0, 2.0]), ext.Table([1.0, 2.0]), ext.OwnedGrid(1, 2), ext.Flags()])
def test_what_is_const_can_only_be_read(thing):
    view = memoryview(thing)
    assert view.readonly
    with pytest.raises(TypeError, match="read-only"):
        view[(0,) * view.ndim] = 0
    name = type(thing).__name__
    with refused(f"'{name}' object: its memory is read-only"):
        ext.request(thing, WRITABLE)


@needs_numpy
def test_structs():
    drawing = ext.Drawing()
    points = numpy.asarray(drawing)
    assert points["id"].tolist() == [2, 3] and points.flags.writeable
    points["x"][1] = 9
    assert numpy.asarray(drawing)["x"].tolist() == [1.5, 9]
    marks = numpy.asarray(drawing.marks)  # With a bool, of which a byte of 2 would be none.
    assert marks["is_set"].tolist() == [True] and not marks.flags.writeable


def test_a_frozen_class_has_an_array():
    table = ext.Table([1.0, 2.0])
    view = memoryview(table.values)
    assert view.readonly and view.tolist() == [1, 2]
    assert address(view) == address(table)


# --- Requests -----------------------------------------------------------------------------------------------------------


def test_requests_get_what_they_ask_for():
    image = ext.Image(2, 3)
    assert ext.request(image, SIMPLE) == (24, 4, 1, False, "", [], [])
    assert ext.request(image, WRITABLE) == (24, 4, 1, False, "", [], [])
    assert ext.request(image, FORMAT) == (24, 4, 1, False, "f", [], [])
    assert ext.request(image, ND) == (24, 4, 2, False, "", [2, 3], [])
    assert ext.request(image, STRIDES) == (24, 4, 2, False, "", [2, 3], [12, 4])
    assert ext.request(image, FULL) == (24, 4, 2, False, "f", [2, 3], [12, 4])
    for flags in (C, ANY, FULL_RO):
        ext.request(image, flags)
    with refused("'Image' object: its memory is not F-contiguous"):
        ext.request(image, F)
    image.resize(5, 5)  # All have been given back.


def test_strides_by_hand():
    plot = ext.Plot(2, 3, 4)
    view = memoryview(plot)
    assert (view.shape, view.strides, view.tolist()) == ((2, 3), (32, 8), [[0, 1, 2], [4, 5, 6]])
    view.release()
    for flags, text in ((SIMPLE, "has strides"), (ND, "has strides"), (C, "is not C-contiguous"),
                        (F, "is not F-contiguous"), (ANY, "is not contiguous")):
        with refused(f"'Plot' object: its memory {text}"):
            ext.request(plot, flags)
    plot.mode = "flip"
    assert memoryview(plot).tolist() == [[4, 5, 6], [0, 1, 2]]
    plot.mode = "columns"
    assert memoryview(plot).tolist() == [[0, 4], [1, 5], [2, 6]]
    plot.mode = "repeat"
    assert memoryview(plot).tolist() == [[0, 1, 2]] * 3
    plot.mode = "tail"
    assert memoryview(plot).tolist() == [1, 2, 3, 4, 5, 6, 7]
    plot.mode = "scalar"
    view = memoryview(plot)
    assert (view.shape, view.ndim, view[()]) == ((), 0, 0)
    view.release()
    plot.mode = "empty"
    view = memoryview(plot)
    assert (view.shape, view.nbytes, view.tolist()) == ((0, 5), 0, [])
    view.release()
    plot.mode = "nothing"
    assert memoryview(plot).tolist() == []
    assert address(plot) != 0
    packed = ext.Plot(3, 1, 1)
    packed.mode = "columns"
    ext.request(packed, F)


@pytest.mark.parametrize("mode, text", [
    ("beyond", "its shape is (3, 3), which with its strides reaches beyond memory of 8 items"),
    ("before", "its shape is (2, 3), which with its strides reaches beyond memory of 8 items"),
    ("offset", "its items begin behind its memory"),
    ("uneven", "its shape and its strides are of different length"),
    ("negative", "its shape is negative, or too large"),
    ("huge", "its shape is too large"),
    ("huge stride", "its shape is too large"),
    ("furthest", "its shape is (3, 2), which with its strides reaches beyond memory of 8 items"),
    ("nine", "its shape has more than 8 dimensions"),
])
def test_what_does_not_lie_in_the_memory_is_refused(mode, text):
    plot = ext.Plot(2, 3, 4)
    plot.mode = mode
    with refused(f"'Plot' object: {text}"):
        memoryview(plot)
    with refused(f"'Plot' object: {text}"):
        plot.view
    plot.mode = ""  # The borrow was given back.


def test_strides_are_judged_by_where_they_lead():
    chance, refusals = random.Random(20), 0
    for _ in range(3000):
        dims, count, offset = chance.randint(0, 3), chance.randint(0, 30), chance.randint(0, 31)
        shape = [chance.randint(0, 4) for _ in range(dims)]
        strides = [chance.randint(-9, 9) for _ in range(dims)]
        places = [offset + sum(i * s for i, s in zip(index, strides)) for index in
                  itertools.product(*map(range, shape))]
        good = offset <= count and all(0 <= place < count for place in places)
        told = ext.Told(count, shape, strides, offset)
        if not good:
            refusals += 1
            with refused("'Told' object: its "):
                memoryview(told)
            continue
        flat = memoryview(told).tolist()
        for _ in range(dims - 1):
            flat = [item for row in flat for item in row]
        assert (flat if dims else [flat]) == places
    assert 500 < refusals < 2500
    top = 2**63 - 1
    for shape, strides in (([top, top], [1, 1]), ([2], [top]), ([2], [-top - 1]), ([3], [-(2**62)]), ([top], [top]),
                           ([2, 2], [2**62, 2**62]), ([top // 2 + 1], [1])):
        with refused("'Told' object: its "):
            memoryview(ext.Told(30, shape, strides, 5))


def test_a_shape_that_is_not_that_of_the_memory_is_refused():
    image = ext.Image(2, 3)
    for height in (1, 3, 2**63, 2**62):
        image.lie(height)
        with pytest.raises(BufferError, match="'Image' object: its shape is"):
            memoryview(image)
    image.lie(3)
    with refused("'Image' object: its shape is (3, 3), but it has memory of 6 items"):
        image.pixels
    image.lie(2)
    memoryview(image)


def test_what_the_function_throws_is_raised():
    plot = ext.Plot(2, 3, 4)
    plot.mode = "fail"
    for get in (memoryview, lambda p: p.view):
        with pytest.raises(ValueError, match="no memory today"):
            get(plot)
    plot.mode = ""


def test_an_empty_image():
    for shape in ((0, 3), (3, 0), (0, 0)):
        image = ext.Image(*shape)
        for view in (memoryview(image), memoryview(image.pixels), memoryview(image.flat)):
            assert view.nbytes == 0 and address(view) != 0
        assert memoryview(image).shape == shape and ext.total(image) == 0 and bytes(image) == b""
        if numpy is not None:
            assert numpy.asarray(image).shape == shape and numpy.from_dlpack(image.pixels).shape == shape


def test_a_null_pointer():
    nowhere = ext.Nowhere()
    assert memoryview(nowhere).tolist() == []
    nowhere.size = 1
    with refused("'Nowhere' object: it has no memory"):
        memoryview(nowhere)


def test_a_request_without_a_view_is_refused():
    with refused("a buffer is asked for, and no Py_buffer to fill is given"):
        ext.obsolete_request(ext.Image(1, 1))


# --- The borrow ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("get", [memoryview, lambda image: image.pixels, lambda image: image.flat])
def test_nobody_changes_the_object_meanwhile(get):
    image = ext.Image(2, 3)
    view, second = get(image), get(image)
    with pytest.raises(RuntimeError, match="Already borrowed: 'Image' object"):
        image.resize(9, 9)
    assert image.sum() == 0  # Who reads may.
    del view
    with pytest.raises(RuntimeError, match="Already borrowed: 'Image' object"):
        image.resize(9, 9)
    del second
    image.resize(9, 9)
    assert memoryview(image).shape == (9, 9)


def test_a_view_outlives_all_names_of_the_object():
    image = ext.Image(1, 2)
    died = weakref.ref(image)
    view = memoryview(image)
    slices = [view.cast("B")[i:] for i in range(5)]
    del image
    gc.collect()
    assert died() is not None
    view[0, 0] = 2
    view.release()
    assert bytes(slices[0]) == struct.pack("ff", 2, 0)
    del slices
    assert died() is None


def test_an_array_outlives_all_names_of_the_object():
    image = ext.Image(1, 2)
    died = weakref.ref(image)
    pixels = image.pixels
    view = memoryview(pixels)
    del image, pixels
    gc.collect()
    view[0, 1] = 3
    assert died() is not None and died().sum() == 3
    del view
    assert died() is None


def test_references_are_counted():
    image = ext.Image(2, 2)
    before = sys.getrefcount(image)
    for _ in range(50):
        memoryview(image)
        ext.request(image, FULL)
        image.pixels
        image.flat
        bytes(image)
        with pytest.raises(BufferError):
            ext.request(image, F)
    assert sys.getrefcount(image) == before
    views = [memoryview(image) for _ in range(3)]
    assert sys.getrefcount(image) == before + 3
    del views
    assert sys.getrefcount(image) == before


def test_no_export_while_the_object_is_changed():
    image, seen = ext.Image(2, 3), []

    def look():
        for get in (memoryview, bytes, lambda i: ext.request(i, SIMPLE)):
            with refused("'Image' object cannot show its memory: Already mutably borrowed: 'Image' object"):
                get(image)
        with pytest.raises(RuntimeError, match="Already mutably borrowed"):
            image.pixels
        seen.append(1)

    ext.busy(image, look)
    assert seen == [1]
    memoryview(image)


def test_an_export_outlives_the_call_in_which_it_is_made():
    image, views = ext.Image(2, 3), []
    ext.busy_reading(image, lambda: views.append(memoryview(image)))
    with pytest.raises(RuntimeError):
        image.resize(1, 1)
    views.clear()
    image.resize(1, 1)


def test_python_writes_while_a_method_reads():
    image = ext.Image(1, 2)
    view = memoryview(image)
    assert image.sum_twice(lambda: view.__setitem__((0, 0), 5.0)) == 5


def test_a_function_that_is_not_const_gives_memory_to_one_at_a_time():
    grid = ext.Grid(1, 2)
    view = memoryview(grid)
    with refused("'Grid' object cannot show its memory: Already borrowed: 'Grid' object"):
        memoryview(grid)
    assert memoryview(grid.cells).shape == (1, 2)  # By the field, which shares.
    with pytest.raises(RuntimeError):
        grid.rows = 5
    view.release()
    grid.rows = 1
    memoryview(grid)


def test_more_exports_than_can_be_counted():
    image = ext.Image(1, 1)
    views = []
    with pytest.raises(BufferError, match="'Image' object cannot show its memory: Too many borrows"):
        for _ in range(100_000):
            views.append(memoryview(image))
    assert len(views) > 1000
    views.clear()
    image.resize(1, 2)


def test_views_are_given_back_in_any_order():
    image = ext.Image(2, 2)
    views = [memoryview(image) for _ in range(4)] + [memoryview(image.pixels), image.flat]
    for i in (3, 0, 5, 1, 4, 2):
        with pytest.raises(RuntimeError):
            image.resize(1, 1)
        views[i].release()
    image.resize(1, 1)
    with pytest.raises(ValueError, match="released"):
        views[0][0, 0]


# --- Subclasses ---------------------------------------------------------------------------------------------------------


class Marked(ext.Image):
    pass


@pytest.mark.parametrize("make", [lambda: ext.Titled(2, 3, "x"), lambda: Marked(2, 3)])
def test_what_derives_inherits_it(make):
    thing = make()
    view = memoryview(thing)
    view[0, 0] = 1
    assert view.obj is thing and thing.sum() == 1
    with pytest.raises(RuntimeError):
        thing.resize(1, 1)
    view.release()
    thing.resize(1, 1)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="__buffer__ is there since Python 3.12")
def test_buffer_as_a_method():
    image = ext.Image(1, 2)
    assert isinstance(image, collections.abc.Buffer)
    view = image.__buffer__(FULL_RO)
    with pytest.raises(RuntimeError):
        image.resize(1, 1)
    image.__release_buffer__(view)
    image.resize(1, 1)
    with pytest.raises(ValueError):
        view[0]
    other = memoryview(ext.Image(1, 1))
    with pytest.raises(ValueError):
        image.__release_buffer__(other)
    with pytest.raises(TypeError):
        image.__release_buffer__(memoryview(b"x").obj)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="__buffer__ is there since Python 3.12")
@pytest.mark.parametrize("releases", ["no", "super", "nothing", "raises"])
def test_python_overrides_buffer(releases):
    calls = []

    class Own(ext.Image):
        def __buffer__(self, flags):
            calls.append("get")
            return super().__buffer__(flags)

    class Releasing(Own):
        def __release_buffer__(self, view):
            calls.append("release")
            if releases == "super":
                super().__release_buffer__(view)
            if releases == "raises":
                raise KeyError("release")

    made = (Own if releases == "no" else Releasing)(1, 2)
    hook, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        for _ in range(10):
            view = memoryview(made)
            view[0, 0] = 3
            with pytest.raises(RuntimeError):
                made.resize(1, 1)
            view.release()
            bytes(made)
            ext.request(made, SIMPLE)
        del view
        gc.collect()
    finally:
        sys.unraisablehook = hook
    assert made.sum() == 3 and "get" in calls
    made.resize(1, 1)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="__release_buffer__ is there since Python 3.12")
@pytest.mark.parametrize("calls_super", [True, False])
def test_python_overrides_only_the_release(calls_super):
    kept = []

    class Own(ext.Image):
        def __release_buffer__(self, view):
            kept.append(view)
            if calls_super:
                super().__release_buffer__(view)

    own = Own(1, 2)
    for _ in range(5):
        view = memoryview(own)
        with pytest.raises(RuntimeError):
            own.resize(1, 1)
        view.release()
        own.resize(1, 2)
    assert len(kept) == 5
    for view in kept:
        with pytest.raises(ValueError):
            view[0, 0]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="__buffer__ is there since Python 3.12")
@pytest.mark.parametrize("releases", [True, False])
def test_python_gives_a_view_of_something_else(releases):
    other = ext.Image(1, 1)

    class Own(ext.Image):
        def __buffer__(self, flags):
            return memoryview(other)

        if releases:
            def __release_buffer__(self, view):
                pass

    class Wrong(ext.Image):
        def __buffer__(self, flags):
            return b"no view"

    own = Own(4, 4)
    view = memoryview(own)
    view[0, 0] = 8
    assert other.sum() == 8 and own.sum() == 0
    own.resize(2, 2)
    del view
    gc.collect()
    other.resize(2, 2)
    with pytest.raises(TypeError):
        memoryview(Wrong(1, 1))


# --- Parts, threads, the collector ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("get", [memoryview, lambda photo: memoryview(photo.bytes)])
def test_a_part_borrows_its_owner(get):
    album = ext.Album()
    view = get(album.cover)
    view[0] = 9
    with pytest.raises(RuntimeError, match="'Album'"):
        album.grow()
    with pytest.raises(RuntimeError, match="'Album'"):
        album.cover.grow()
    del album
    gc.collect()
    assert view.tolist() == [9, 2, 3]


def test_a_part_gives_the_borrow_back():
    album = ext.Album()
    before = sys.getrefcount(album)
    view = memoryview(album.cover)
    view.release()
    del view
    album.grow()
    content = bytes(album.cover)
    assert content == b"\x01\x02\x03\x00"
    assert sys.getrefcount(album) == before


def test_parts_that_can_only_be_read():
    for part, content in ((ext.Album().last, [4, 5]), (ext.Vault().inside, [7, 8])):
        view = memoryview(part)
        assert view.readonly and view.tolist() == content
    photo = ext.Photo()
    photo.grow()
    assert not memoryview(photo).readonly


def test_a_part_of_a_locked_object_is_not_exported():
    safe = ext.Safe()
    for get in (memoryview, lambda photo: photo.bytes):
        with refused("'Photo' object: it is a part of a locked object"):
            get(safe.inside)
    safe.inside.grow()


def test_an_unsendable_object_is_exported_on_its_thread_and_let_go_on_any():
    local = ext.Local()
    errors = []

    def elsewhere():
        for get in (memoryview, lambda x: x.values):
            try:
                get(local)
            except (BufferError, RuntimeError) as error:
                errors.append((type(error), str(error)))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    text = "'Local' object is unsendable: only the thread that made it may use it"
    assert errors == [(BufferError, "'Local' object cannot show its memory: " + text), (RuntimeError, text)]
    views = [memoryview(local), memoryview(local.values)]
    thread = threading.Thread(target=views.clear)
    thread.start()
    thread.join()
    local.grow()


def test_exports_end_on_threads_without_python():
    image = ext.Image(1, 2)
    ext.drop_on_a_thread(image)
    ext.drop_on_a_thread(image.pixels)
    with pytest.raises(RuntimeError):
        image.resize(1, 1)
    ext.come_back()
    image.resize(1, 1)


def test_threads_make_and_drop_exports():
    image, failures = ext.Image(8, 8), []

    def work(n):
        for i in range(300):
            try:
                view = memoryview(image) if i % 2 else memoryview(image.pixels)
                if view.shape == (8, 8):
                    view[n, 0] = n
                del view
            except (BufferError, RuntimeError) as error:
                failures.append(str(error))
            try:
                image.resize(8, 8)
            except RuntimeError:
                pass

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all("borrowed" in text for text in failures)
    image.resize(1, 1)


def test_a_cycle_through_a_view_is_collected():
    node = ext.Node()
    node.view = memoryview(node)
    died = weakref.ref(node)
    del node
    gc.collect()
    assert died() is None


def test_the_collector_leaves_what_is_exported_alone():
    node = ext.Node()
    node.self = node
    view = memoryview(node)
    del node
    gc.collect()
    assert view.tolist() == [1, 2, 3]


class Weird(ext.Image):
    def __del__(self):
        Weird.last = memoryview(self)


def test_an_object_that_is_exported_by_its_own_del_lives_on():
    Weird(1, 2)
    gc.collect()
    view, Weird.last = Weird.last, None
    view[0, 1] = 6
    assert view.obj.sum() == 6


def test_compared_and_hashed_views_see_the_object():
    constants = ext.Constants([1.0, 2.0])
    assert memoryview(constants) == array.array("d", [1, 2])
    assert hash(memoryview(ext.Flags()).cast("B")) == hash(b"\x01\x00\x01")


# --- Arrays -------------------------------------------------------------------------------------------------------------


def test_an_array_is_the_memory_of_the_object():
    image = ext.Image(2, 3)
    pixels = image.pixels
    view = memoryview(pixels)
    assert address(view) == image.address and view.shape == (2, 3)
    view[0, 0] = 1
    assert image.sum() == 1 and ext.Image.pixels.__doc__ == "The pixels, in place."
    flat = image.flat
    assert isinstance(flat, memoryview) and flat.readonly and flat.shape == (6,) and flat[0] == 1
    assert pixels.__dlpack_device__() == (1, 0)
    with pytest.raises(AttributeError):
        image.pixels = pixels


@needs_numpy
def test_an_array_as_a_numpy_array():
    image = ext.Image(2, 3)
    a = image.numpy
    assert type(a) is numpy.ndarray and a.__array_interface__["data"][0] == image.address
    a[:] = 2
    assert image.sum() == 12
    b = a[1:, ::2]
    del a
    with pytest.raises(RuntimeError):
        image.resize(1, 1)
    del b
    image.resize(1, 1)


@needs_numpy
def test_an_array_by_dlpack():
    image = ext.Image(2, 3)
    a = numpy.from_dlpack(image.pixels)
    assert a.ctypes.data == image.address
    with pytest.raises(RuntimeError):
        image.resize(1, 1)
    del a
    image.resize(1, 1)
    capsule = image.pixels.__dlpack__()
    with pytest.raises(RuntimeError):
        image.resize(1, 1)
    del capsule
    image.resize(1, 1)


@needs_numpy
def test_strides_as_an_array():
    plot = ext.Plot(2, 3, 4)
    plot.mode = "flip"
    a = numpy.asarray(plot.view)
    assert a.tolist() == [[4, 5, 6], [0, 1, 2]] and a.strides == (-32, 8)
    a[0, 0] = 44
    del a
    plot.mode = ""
    assert memoryview(plot)[1, 0] == 44
