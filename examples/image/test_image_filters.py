# SPDX-License-Identifier: MIT
import pathlib

import image_filters
import pytest

np = pytest.importorskip("numpy", reason="numpy is not installed (Debian: python3-numpy)")

import filter_image  # noqa: E402 (which needs numpy)
import make_ppm  # noqa: E402

RANDOM = np.random.default_rng(20)


def images():
    for shape in ((1, 1), (1, 7), (9, 1), (2, 2), (17, 23), (1, 1, 3), (13, 8, 3)):
        yield RANDOM.integers(0, 256, shape, np.uint8)
    base = RANDOM.integers(0, 256, (20, 30, 3), np.uint8)
    yield from (base[::-2, 3::3], base[..., 1], base.transpose(1, 0, 2), base[:, ::-1, ::-1])
    yield np.broadcast_to(np.uint8(7), (5, 6))


@pytest.mark.parametrize("image", images(), ids=lambda image: f"{image.shape} {image.strides}")
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_the_filters_do_what_numpy_does(image, threads):
    for radius in (0, 1, 4, 30):
        assert np.array_equal(image_filters.blur(image, radius, threads), filter_image.blur_in_numpy(image, radius))
    assert np.array_equal(image_filters.edges(image, threads), filter_image.edges_in_numpy(image))


def test_any_buffer_is_an_image():
    grey = memoryview(bytes(range(12))).cast("B", (3, 4))
    blurred = image_filters.blur(grey, 1)
    assert memoryview(blurred).shape == (3, 4)
    assert memoryview(image_filters.edges(blurred)).shape == (3, 4)  # An Image is one, too.


@pytest.mark.parametrize("image, error, text", [
    (np.zeros((2, 2), np.float32), TypeError, "array of uint8"),
    (np.zeros(5, np.uint8), ValueError, "height, width"),
    (np.zeros((2, 2, 4), np.uint8), ValueError, "height, width, 3"),
    (np.zeros((0, 5), np.uint8), ValueError, "no pixels"),
    ([[1, 2]], TypeError, "image"),
])
def test_what_is_no_image_is_refused(image, error, text):
    for function in (image_filters.blur, image_filters.edges):
        with pytest.raises(error, match=text):
            function(image)


def test_numbers_that_make_no_sense_are_refused():
    image = np.zeros((2, 2), np.uint8)
    for options in ({"radius": -1}, {"radius": 501}, {"threads": 0}, {"threads": 65}):
        with pytest.raises(ValueError):
            image_filters.blur(image, **options)


def test_an_image_is_its_memory():
    image = image_filters.Image(4, 6, 3)
    pixels = np.asarray(image)
    pixels[1:3, 2:5] = (1, 2, 3)
    with pytest.raises(RuntimeError, match="Already borrowed"):
        image.crop(1, 2, 2, 3)
    del pixels
    image.crop(1, 2, 2, 3)
    assert (image.height, image.width) == (2, 3)
    assert np.asarray(image).tolist() == [[[1, 2, 3]] * 3] * 2
    with pytest.raises(ValueError, match="outside"):
        image.crop(0, 0, 3, 1)


def test_the_picture_is_what_the_script_makes(tmp_path, monkeypatch):
    shipped = pathlib.Path(make_ppm.__file__).with_name("hills.ppm").read_bytes()
    monkeypatch.setattr(make_ppm, "__file__", str(tmp_path / "make_ppm.py"))
    make_ppm.main()
    assert (tmp_path / "hills.ppm").read_bytes() == shipped
    assert filter_image.read_ppm(tmp_path / "hills.ppm").shape == (make_ppm.HEIGHT, make_ppm.WIDTH, 3)


def test_files_that_are_no_picture(tmp_path, monkeypatch, capsys):
    for content in (b"", b"P3\n1 1\n255\n0", b"P6\n9 9\n255\nabc", b"P6\nx 9\n255\nabc"):
        path = tmp_path / "bad.ppm"
        path.write_bytes(content)
        monkeypatch.setattr("sys.argv", ["filter_image.py", str(path)])
        assert filter_image.main() == 2
        assert "bad.ppm" in capsys.readouterr().err
