# SPDX-License-Identifier: MIT
"""The calls that peers.py measures. peers.py starts this file; it is calls.py with other tasks, which depend on the
modules: conversions of containers for peer_*, and what is inside an object for parts_*.

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


def choose_tasks():
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


def check():
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
