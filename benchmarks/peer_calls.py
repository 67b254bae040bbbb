# SPDX-License-Identifier: MIT
"""The calls that peers.py measures. peers.py starts this file; it is calls.py with other tasks, which depend on the
modules: conversions of containers for peer_*, what is inside an object for parts_*, and what C++ owns too for sharing_*.

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


def choose_tasks():
    if any(module.startswith("sharing_") for module in calls.MODULES):
        calls.TASKS = SHARING
        return
    parts = [module for module in calls.MODULES if module.startswith("parts_")]
    calls.TASKS = PARTS if parts else CONVERSIONS
    if "parts_copy" in parts:
        calls.TASKS = {name: task for name, task in PARTS.items() if name == "read through a part"}


def check_parts():
    for module in calls.MODULES:
        m = __import__(module)
        for name in calls.TASKS:
            calls.runner(name, m)(3)
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
        for name in calls.TASKS:
            calls.runner(name, m)(3)
        scope = {"m": m}
        exec(CAT + "c = C(); n = m.Node(); n.value = 5; m.keep(n)", scope)
        came = [m.count_legs(scope["c"], 2), m.count_legs(m.Dog(), 2), m.count_legs(m.make_animal(), 2), m.last().value,
                m.read(scope["n"]), m.call(lambda x: x + 1, 2), m.call(m.adding(3), 2), m.adding(3)(4),
                m.last() is scope["n"], type(m.make_animal()) is m.Dog]
        if came != [5, 7, 7, 5, 5, 3, 7, 7, True, True]:
            sys.exit(f"{module}: something else came out: {came}")


def check():
    if calls.TASKS is SHARING:
        return check_sharing()
    if calls.TASKS is not CONVERSIONS:
        return check_parts()
    expected = {"sum_list": 499500, "make_list": list(range(1000)), "sum_dict": 4950,
                "make_dict": {f"key{i}": i for i in range(100)}}
    for module in calls.MODULES:
        for name, (setup, expression) in calls.TASKS.items():
            exec(setup, scope := {"m": __import__(module)})
            if eval(expression, scope) != expected[setup.split(";")[0].removeprefix("f = m.")]:
                sys.exit(f"{module}: {name}: something else came out")


if __name__ == "__main__":
    calls.MODULES = tuple(sys.argv[1].split(","))
    choose_tasks()
    if sys.argv[2] == "--check":
        check()
    else:
        calls.main(sys.argv[2:])
