# SPDX-License-Identifier: MIT
"""Writes hills.ppm, the picture that filter_image.py works on. Nothing but Python is needed."""
import math
import pathlib

WIDTH, HEIGHT = 160, 120


def ridge(x, base, size, phase):
    return base + size * math.sin(x / 23 + phase) + size / 2 * math.sin(x / 9.1 + 2 * phase)


def pixel(x, y):
    red, green, blue = 90 + y, 140 + y * 3 // 4, 225  # The sky.
    if (x - 118) ** 2 + (y - 28) ** 2 <= 15**2:
        red, green, blue = 255, 225, 120
    for base, size, phase, colour in ((62, 14, 0.4, (110, 125, 165)), (84, 9, 2.1, (75, 125, 95)), (101, 5, 4, (45, 85, 45))):
        if y > ridge(x, base, size, phase):
            red, green, blue = colour
    if 34 <= x < 62 and 78 <= y < 98:  # A house.
        red, green, blue = (225, 205, 175)
        if 45 <= x < 52 and y >= 86 or (37 <= x < 42 or 55 <= x < 60) and 83 <= y < 88:
            red, green, blue = (70, 50, 45)
    if 66 <= y < 78 and abs(x - 47.5) <= (y - 64) * 1.35:
        red, green, blue = (165, 60, 45)
    return red, green, blue


def main():
    pixels = bytes(min(255, part) for y in range(HEIGHT) for x in range(WIDTH) for part in pixel(x, y))
    pathlib.Path(__file__).with_name("hills.ppm").write_bytes(f"P6\n{WIDTH} {HEIGHT}\n255\n".encode() + pixels)


if __name__ == "__main__":
    main()
