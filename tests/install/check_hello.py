# SPDX-License-Identifier: MIT
"""Calls what hello.cpp binds."""
import hello

assert hello.add(1, 2) == 3
assert hello.add(a=1, b=2) == 3
print("hello.add(1, 2) == 3")
