# SPDX-License-Identifier: MIT
"""The calls that peers.py measures. peers.py starts this file; it is calls.py with other tasks.

  peer_calls.py MODULES --time RUNS       as in calls.py; MODULES are separated by commas
  peer_calls.py MODULES --count NAME N M
  peer_calls.py MODULES --check           each task once with each module; complains where they differ
"""

import sys

import calls

calls.TASKS = {
    "list of 1000 ints to vector": ("f = m.sum_list; a = list(range(1000))", "f(a)"),
    "vector to list of 1000 ints": ("f = m.make_list", "f()"),
    "dict of 100 to unordered_map": ("f = m.sum_dict; a = {f'key{i}': i for i in range(100)}", "f(a)"),
    "unordered_map to dict of 100": ("f = m.make_dict", "f()"),
}


def check():
    expected = {"sum_list": 499500, "make_list": list(range(1000)), "sum_dict": 4950,
                "make_dict": {f"key{i}": i for i in range(100)}}
    for module in calls.MODULES:
        for name, (setup, expression) in calls.TASKS.items():
            exec(setup, scope := {"m": __import__(module)})
            if eval(expression, scope) != expected[setup.split(";")[0].removeprefix("f = m.")]:
                sys.exit(f"{module}: {name}: something else came out")


if __name__ == "__main__":
    calls.MODULES = tuple(sys.argv[1].split(","))
    if sys.argv[2] == "--check":
        check()
    else:
        calls.main(sys.argv[2:])
