# SPDX-License-Identifier: MIT
import first_module, second_module

assert first_module.add(1) == 3 and second_module.plus(1) == 6000
assert first_module.add(1, b=2) == 3 and second_module.plus(y=1, x=1) == 2000
assert first_module.Counter is not second_module.Counter
assert first_module.Counter.__module__ == "first_module" and second_module.Counter.__module__ == "second_module"
assert first_module.read(first_module.Counter(7)) == 7 and second_module.read(second_module.Counter(8)) == 8
try:
    second_module.read(first_module.Counter(7))
except TypeError as error:
    assert str(error) == "read() argument 1 must be Counter, not first_module.Counter", error
else:
    raise AssertionError("a Counter of another module was taken")
