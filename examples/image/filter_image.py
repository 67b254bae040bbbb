# SPDX-License-Identifier: MIT
"""Blurs a picture and finds its edges with the extension module image_filters, compares with numpy, and shows all.

Exit status: 0 both agree, 1 they do not, 2 nothing could be filtered, 77 numpy is missing.
"""
import argparse
import pathlib
import sys
import time

try:
    import image_filters
except ImportError as error:
    print(f"filter_image.py: {error}. Build the extension module first, and name its folder in PYTHONPATH; README.md "
          "has the command.", file=sys.stderr)
    sys.exit(2)
try:
    import numpy as np
except ImportError:
    print("SKIPPED: numpy is not installed (Debian: python3-numpy)")
    sys.exit(77)

HILLS = pathlib.Path(__file__).with_name("hills.ppm")


def read_ppm(path):
    """A binary PPM or PGM file, without comments, as a view of its bytes: nothing is copied."""
    data = pathlib.Path(path).read_bytes()
    fields = data.split(maxsplit=4)
    if len(fields) != 5 or fields[0] not in (b"P5", b"P6") or fields[3] != b"255":
        raise ValueError("no binary PPM or PGM file of 8 bits")
    width, height, channels = int(fields[1]), int(fields[2]), 3 if fields[0] == b"P6" else 1
    start = data.index(fields[3], data.index(fields[2], data.index(fields[1], 2) + len(fields[1])) + len(fields[2])) + 4
    pixels = np.frombuffer(data, np.uint8, width * height * channels, start)
    return pixels.reshape((height, width, 3) if channels == 3 else (height, width))


def blur_in_numpy(image, radius):
    size = 2 * radius + 1
    sums = np.pad(image, [(radius, radius)] * 2 + [(0, 0)] * (image.ndim - 2), "edge").astype(np.int64)
    for axis in (0, 1):
        sums = np.insert(sums.cumsum(axis), 0, 0, axis)
        sums = np.take(sums, range(size, sums.shape[axis]), axis) - np.take(sums, range(sums.shape[axis] - size), axis)
    return ((sums + size**2 // 2) // size**2).astype(np.uint8)


def edges_in_numpy(image):
    grey = image.astype(np.int32)
    if image.ndim == 3:
        grey = (77 * grey[..., 0] + 150 * grey[..., 1] + 29 * grey[..., 2]) >> 8
    g = np.pad(grey, 1, "edge")
    dx = (g[:-2, 2:] + 2 * g[1:-1, 2:] + g[2:, 2:]) - (g[:-2, :-2] + 2 * g[1:-1, :-2] + g[2:, :-2])
    dy = (g[2:, :-2] + 2 * g[2:, 1:-1] + g[2:, 2:]) - (g[:-2, :-2] + 2 * g[:-2, 1:-1] + g[:-2, 2:])
    return np.minimum(255, np.sqrt((dx**2 + dy**2).astype(np.float32))).astype(np.uint8)


def best_of(runs, function):
    """The shortest time in seconds, and the last result."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - start)
    return min(times), result


def write_png(path, pictures):
    """By matplotlib or Pillow, whichever there is. @return Which; None where neither is there."""
    try:
        import matplotlib
        matplotlib.use("Agg")
        import matplotlib.pyplot as plt
    except ImportError:
        try:
            from PIL import Image
        except ImportError:
            return None
        colour = [p if p.ndim == 3 else np.repeat(p[..., None], 3, axis=2) for p in map(np.asarray, pictures.values())]
        Image.fromarray(np.concatenate(colour, axis=1)).save(path)
        return "Pillow"
    figure, axes = plt.subplots(1, len(pictures), figsize=(4 * len(pictures), 3.4), layout="constrained")
    for axis, (title, picture) in zip(axes, pictures.items()):
        axis.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        axis.set_title(title)
        axis.axis("off")
    figure.savefig(path, dpi=100)
    return "matplotlib"


def main():
    parser = argparse.ArgumentParser(description="Blur a picture, find its edges, and compare with numpy.")
    parser.add_argument("path", nargs="?", default=HILLS, help="a binary PPM or PGM file (default: hills.ppm)")
    parser.add_argument("--radius", type=int, default=3, metavar="N", help="of the blur, in pixels (default: 3)")
    parser.add_argument("--threads", type=int, default=2, metavar="N", help="default: 2")
    parser.add_argument("--tiles", type=int, default=10, metavar="N", help="N x N copies are timed (default: 10)")
    parser.add_argument("--png", default="filtered.png", metavar="PATH", help="default: filtered.png")
    options = parser.parse_args()
    try:
        picture = read_ppm(options.path)
        blurred = image_filters.blur(picture, options.radius, options.threads)
        edges = image_filters.edges(picture, options.threads)
    except (OSError, ValueError) as error:
        print(f"filter_image.py: {options.path}: {error}", file=sys.stderr)
        return 2
    agree = (np.array_equal(blurred, blur_in_numpy(picture, options.radius)) and
             np.array_equal(edges, edges_in_numpy(picture)))

    large = np.tile(picture, (options.tiles, options.tiles) + (1,) * (picture.ndim - 2))
    print(f"{large.shape[1]} x {large.shape[0]} pixels\n{'':<8}{'adder, 1 thread':>16}{f'{options.threads} threads':>12}{'numpy':>12}")
    for name, ours, theirs in (
            ("blur", lambda n: image_filters.blur(large, options.radius, n), lambda: blur_in_numpy(large, options.radius)),
            ("edges", lambda n: image_filters.edges(large, n), lambda: edges_in_numpy(large))):
        (one, _), (several, found), (numpy_time, expected) = (
            best_of(3, lambda: ours(1)), best_of(3, lambda: ours(options.threads)), best_of(2, theirs))
        agree = agree and np.array_equal(found, expected)
        print(f"{name:<8}{one * 1e3:>13.1f} ms{several * 1e3:>9.1f} ms{numpy_time * 1e3:>9.1f} ms")

    pictures = {"the picture": picture, f"blur, radius {options.radius}": blurred, "edges": edges}
    writer = write_png(options.png, pictures)
    if writer is None:
        print("\nNo PNG: neither matplotlib nor Pillow is installed (Debian: python3-matplotlib, python3-pil).")
    else:
        print(f"\n{options.png}: written by {writer}")
    print("Both agree on every pixel." if agree else "The two do NOT agree.")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
