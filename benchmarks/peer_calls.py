# SPDX-License-Identifier: MIT
"""The calls that peers.py measures. peers.py starts this file; it is calls.py with other tasks, which depend on the
modules: conversions of containers for peer_*, what is inside an object for parts_*, what C++ owns too for sharing_*, and
arrays of numpy for arrays_*.

  peer_calls.py MODULES --time RUNS       as in calls.py; MODULES are separated by commas
  peer_calls.py MODULES --count NAME N M
  peer_calls.py MODULES --check           each task once with each module; complains where they differ
"""

import sys

import calls

CONVERSIONS = {
    "list of 1000 ints to vector": ("f = m.sum_list; a = list(range(1000))", "f(a)"),
    "vector to list of 1000 ints": ("f = m.make_list", "f()"),
    "dict of 100 to unordered_map": ("f = m.sum_dict; a = {f'key{i}': i for i in range(100)}", "f(a)"),
    "unordered_map to dict of 100": ("f = m.make_dict", "f()"),
}
# What Python gets is the member itself; of parts_copy a copy, which only the first tasks do.
PARTS = {
    "read through a part": ("a = m.Car()", "a.engine.power"),
    "write through a part": ("a = m.Car(); b = 7", "a.engine.power = b"),
    "method of a part": ("a = m.Car()", "a.engine.start()"),
    "read through a part that is kept": ("a = m.Car(); e = a.engine", "a.engine.power"),
    "read of a kept part": ("e = m.Car().engine", "e.power"),
    "write to a kept part": ("e = m.Car().engine; b = 7", "e.power = b"),
    "method of a kept part": ("e = m.Car().engine", "e.start()"),
    "item through a part: a.numbers[i]": ("a = m.Car(); i = 500", "a.numbers[i]"),
    "ints: v[i]": ("v = m.Car().numbers; i = 500", "v[i]"),
    "ints: v[i] = b": ("v = m.Car().numbers; i = 500; b = 7", "v[i] = b"),
    "ints: len(v)": ("v = m.Car().numbers", "len(v)"),
    "ints: iterate over 1000": ("v = m.Car().numbers", "for x in v: pass"),
    "ints: append": ("v = m.Car().numbers; b = 7", "v.append(b)"),
    "structs: v[i].pressure": ("v = m.Car().wheels; i = 500", "v[i].pressure"),
    "structs: v[i].pressure, v[i] kept": ("v = m.Car().wheels; i = 500; w = v[i]", "v[i].pressure"),
    "structs: w.pressure of a kept item": ("v = m.Car().wheels; w = v[500]", "w.pressure"),
    "structs: len(v)": ("v = m.Car().wheels", "len(v)"),
    "structs: iterate over 1000": ("v = m.Car().wheels", "for w in v: pass"),
    "structs: iterate over 1000, keep": ("v = m.Car().wheels; f = list", "f(v)"),
    "structs: append": ("v = m.Car().wheels; w = m.Wheel()", "v.append(w)"),
    "dict: d[k]": ("d = m.Car().counts; k = 'key50'", "d[k]"),
    "dict: len(d)": ("d = m.Car().counts", "len(d)"),
    "dict: k in d": ("d = m.Car().counts; k = 'key50'", "k in d"),
    "dict: d[k] = b": ("d = m.Car().counts; k = 'key50'; b = 7", "d[k] = b"),
}

# A Python class is made as its name says.
CAT = "C = type('C', (m.Animal,), {'legs': lambda self, more: 2 + more}); "
PLAIN = "C = type('C', (m.Animal,), {}); "
SHARING = {
    "construct": ("f = m.Node", "f()"),
    "method": ("o = m.Node()", "o.get()"),
    "field": ("o = m.Node()", "o.value"),
    "shared_ptr returned, the object is there": ("o = m.Node(); k = m.keep(o); f = m.last", "f()"),
    "shared_ptr returned, a new object": ("f = m.fresh", "f()"),
    "shared_ptr passed": ("o = m.Node(); f = m.read", "f(o)"),
    "shared_ptr passed, of an instance that C++ made": ("o = m.fresh(); f = m.read", "f(o)"),
    "list of 100 shared_ptr passed": ("v = [m.Node() for i in range(100)]; f = m.sum", "f(v)"),
    "list of 100 shared_ptr returned": ("v = [m.Node() for i in range(100)]; k = [m.keep(o) for o in v]; f = m.all", "f()"),
    "result of a derived class": ("f = m.make_animal", "f()"),
    "100 calls of an override": (CAT + "c = C(); f = m.count_legs", "f(c, 100)"),
    "100 calls, not overridden": (PLAIN + "c = C(); f = m.count_legs", "f(c, 100)"),
    "100 calls, an object of C++": ("c = m.Dog(); f = m.count_legs", "f(c, 100)"),
    "100 calls of a std::function of Python": ("g = lambda x: x; f = m.call", "f(g, 100)"),
    "100 calls of a std::function of C++": ("g = m.adding(1); f = m.call", "f(g, 100)"),
    "std::function there and back": ("g = lambda x: x; f = m.same", "f(g)"),
    "call of a std::function from Python": ("f = m.adding(1); x = 3", "f(x)"),
}

NUMPY = "numpy = __import__('numpy'); "
VECTORIZE = "vectorize of a * b + c over 1e6"
ASARRAY = "numpy.asarray of an object"
ARRAYS = {
    "take (1000,), return the sum": (NUMPY + "f = m.sum; a = numpy.arange(1000.0)", "f(a)"),
    "take (2, 3)": (NUMPY + "f = m.first; a = numpy.ones((2, 3))", "f(a)"),
    "return 10 numbers": ("f = m.make; a = 10", "f(a)"),
    "return 1e6 numbers": ("f = m.make; a = 1000000", "f(a)"),
    "a[i, j] *= b over 1000 x 1000": (NUMPY + "f = m.scale; a = numpy.ones((1000, 1000)); b = 1.0", "f(a, b)"),
    VECTORIZE: (NUMPY + "f = m.multiply_add; a = numpy.arange(1e6); b = a + 1; c = a + 2", "f(a, b, c)"),
    ASARRAY: (NUMPY + "o = m.Image(); f = numpy.asarray", "f(o)"),
    "array in an attribute": ("o = m.Image()", "o.pixels"),
}
LARGE = {"return 1e6 numbers", "a[i, j] *= b over 1000 x 1000", VECTORIZE}
calls.LARGE |= LARGE
calls.MISSING |= {
    "parts_copy": PARTS.keys() - {"read through a part"},
    "arrays_nanobind": {VECTORIZE, ASARRAY},
    "arrays_numpy": ARRAYS.keys() - {VECTORIZE},
}


def run_all(module):
    for name in calls.TASKS:
        if calls.has(module, name):
            calls.runner(name, __import__(module))(3)


def check_parts():
    for module in calls.MODULES:
        m = __import__(module)
        run_all(module)
        a = m.Car()
        if module == "parts_copy":
            continue
        a.engine.power = 7
        a.engine.start()
        a.wheels[3].pressure = 5
        a.numbers.append(8)
        a.counts["key7"] = 9
        came = [a.engine.power, a.wheels[3].pressure, len(a.numbers), a.numbers[1000], sum(a.numbers), a.counts["key7"]]
        if came != [8, 5.0, 1001, 8, 499508, 9]:
            sys.exit(f"{module}: something else came out: {came}")


def check_sharing():
    for module in calls.MODULES:
        m = __import__(module)
        run_all(module)
        scope = {"m": m}
        exec(CAT + "c = C(); n = m.Node(); n.value = 5; m.keep(n)", scope)
        came = [m.count_legs(scope["c"], 2), m.count_legs(m.Dog(), 2), m.count_legs(m.make_animal(), 2), m.last().value,
                m.read(scope["n"]), m.call(lambda x: x + 1, 2), m.call(m.adding(3), 2), m.adding(3)(4),
                m.last() is scope["n"], type(m.make_animal()) is m.Dog]
        if came != [5, 7, 7, 5, 5, 3, 7, 7, True, True]:
            sys.exit(f"{module}: something else came out: {came}")


def refuses(f, *args):
    try:
        f(*args)
    except (TypeError, ValueError, BufferError):
        return True
    return False


def check_arrays():
    import numpy

    a = numpy.arange(12.0).reshape(3, 4)
    read_only = a.copy()
    read_only.flags.writeable = False
    for module in calls.MODULES:
        m = __import__(module)
        run_all(module)
        came = []
        if calls.has(module, VECTORIZE):
            made = m.multiply_add(numpy.arange(3.0), numpy.arange(3.0), numpy.ones(3))
            came += [made.tolist() == [1.0, 2.0, 5.0], made.dtype == float]
        if module != "arrays_numpy":
            made, b = m.make(10), a.copy()
            m.scale(b, 2.0)
            came += [m.sum(a[1]) == 22.0, m.first(a[1:, ::2]) == 4.0, (b == 2 * a).all(), type(made) is numpy.ndarray,
                     made.tolist() == list(range(10)), made.dtype == float, made.flags.writeable, not made.flags.owndata]
            # What is not meant is refused, in place of a copy.
            wrong = a[0].astype(numpy.float32), a[0].astype(int), a[0].astype(">f8"), a[0][::2], a, [1.0, 2.0], None
            came += [refuses(m.sum, x) for x in wrong]
            came += [refuses(m.first, x) for x in (a[0], a.astype(numpy.float32), None)]
            came += [refuses(m.scale, x, 2.0) for x in (read_only, a.T, a[0], a.astype(int))]
            image = m.Image()
            image.pixels[3, 4] = 7.0
            views = [image.pixels, *([numpy.asarray(image)] if calls.has(module, ASARRAY) else [])]
            del image  # The arrays keep the object.
            came += [view.shape == (20, 30) and view.dtype == float and view[3, 4] == 7.0 and view.sum() == 905.5
                     for view in views]
        if not all(came):
            sys.exit(f"{module}: something else came out: {came}")


def check_conversions():
    expected = {"sum_list": 499500, "make_list": list(range(1000)), "sum_dict": 4950,
                "make_dict": {f"key{i}": i for i in range(100)}}
    for module in calls.MODULES:
        for name, (setup, expression) in calls.TASKS.items():
            exec(setup, scope := {"m": __import__(module)})
            if eval(expression, scope) != expected[setup.split(";")[0].removeprefix("f = m.")]:
                sys.exit(f"{module}: {name}: something else came out")


KINDS = {"peer": (CONVERSIONS, check_conversions), "parts": (PARTS, check_parts), "sharing": (SHARING, check_sharing),
         "arrays": (ARRAYS, check_arrays)}

if __name__ == "__main__":
    calls.MODULES = tuple(sys.argv[1].split(","))
    calls.TASKS, check = KINDS[calls.MODULES[0].split("_")[0]]
    if sys.argv[2] == "--check":
        check()
    else:
        calls.main(sys.argv[2:])
