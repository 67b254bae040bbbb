# SPDX-License-Identifier: MIT
"""numpy itself, beside vectorize."""


def multiply_add(a, b, c):
    return a * b + c
