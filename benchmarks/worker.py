# SPDX-License-Identifier: MIT
"""Runs tasks in the Python that is measured. compare.py starts this file with a plan, one JSON text:

  {"path": folders, "peers": [names], "tasks": [names], "do": "check" | "time" | "count" | "memory", "runs": number}

and reads one JSON text back; of "count", which runs under callgrind, the counts are in callgrind's file.
"""

import gc
import json
import sys
from itertools import repeat
from time import process_time_ns

PROBES = ("get", "x", "value", "legs")  # What says which value an object of a bound class has.


def module_of(task, peer):
    """The module that has the task, or None where the peer cannot do it."""
    import tasks

    if peer in task.without or peer not in tasks.AREAS[task.area]:
        return None
    if task.area != "native":
        return __import__(f"{task.area}_{peer}")
    module = __import__("native_adder" if peer == "capi" else f"native_{peer}")
    return module if entry_of(task, peer) in module.names() else None


def entry_of(task, peer):
    return f"{task.name}_capi" if peer == "capi" else task.name


def runner(task, peer, module):
    """A function of the number of repetitions, with the set-up done."""
    if task.area == "native":
        return lambda n, run=module.run, entry=entry_of(task, peer): run(entry, n)
    scope = {"m": module}
    exec(task.setup, scope)
    # Parameters, because global variables and cells would be slower than the local variables of ordinary code.
    names = [name for part in task.setup.split(";") if (name := part.split("=")[0].strip())]
    body = f"try: {task.statement}\n  except {task.raises}: pass" if task.raises else task.statement
    source = f"def run(n, {', '.join(f'{x}={x}' for x in names)}):\n for _ in repeat(None, n):\n  {body}\n"
    exec(source, scope | {"repeat": repeat}, made := {})
    return made["run"]


# --- do all the same? ---------------------------------------------------------------------------------------------------


def plain(value):
    """What can be compared between modules."""
    if value is None or isinstance(value, (bool, str, bytes)) or type(value) in (int, float):
        return repr(value)
    if isinstance(value, (list, tuple, set)):
        return [type(value).__name__, *map(plain, value)]
    if isinstance(value, dict):
        return ["dict", *sorted([plain(key), plain(item)] for key, item in value.items())]
    if hasattr(value, "name") and hasattr(value, "__int__"):
        return [value.name, int(value)]
    if callable(value):
        return plain(value(3)) if type(value).__name__ != "Pair" else ["Pair", value[0], value[1]]
    if type(value) is object or type(value).__name__ == "ndarray":
        return type(value).__name__
    name = "" if type(value).__name__.endswith("terator") else type(value).__name__
    probes = ((probe, getattr(value, probe)) for probe in PROBES if hasattr(value, probe))
    return [name, *([probe, plain(found() if probe == "get" else found)] for probe, found in probes if probe != "legs")]


def outcome(task, module):
    scope = {"m": module}
    exec(task.setup, scope)
    try:
        if task.result:
            exec(task.statement, scope)
            return plain(eval(task.result, scope))
        return plain(eval(task.statement, scope))
    except Exception as error:
        # A module's own kinds of errors are no matter.
        return next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins") + \
            ("" if task.raises else f": {error}")


def check(tasks, peers, runs):
    """[what is different]."""
    import tasks as all_tasks

    different = []
    for task in tasks:
        came = {}
        for peer in peers:
            module = module_of(task, peer)
            if module is None:
                continue
            try:
                if task.area != "native":
                    came[peer] = outcome(task, module)
                runner(task, peer, module)(3)
            except Exception as error:
                came[peer] = f"{type(error).__name__}: {error}"
        if len({json.dumps(result) for result in came.values()}) > 1:
            different.append(f"{task.name}: {came}")
        elif task.raises and set(came.values()) != {task.raises}:
            different.append(f"{task.name}: {came}, not {task.raises}")
    for area, agrees in all_tasks.AGREE.items():
        if any(task.area == area for task in tasks):
            different += [f"{area}_{peer}: what the module does is not what is meant" for peer in peers
                          if peer in all_tasks.AREAS[area] and not agrees(__import__(f"{area}_{peer}"))]
    return different


# --- time and instructions ----------------------------------------------------------------------------------------------


def time_one(run, count):
    start = process_time_ns()
    run(count)
    return (process_time_ns() - start) / count


def measure_time(tasks, peers, runs):
    """{task: {peer: ns}}, the least of so many runs, in which the peers take turns: what disturbs one disturbs all."""
    results = {}
    for task in tasks:
        fewest = 1 if task.few else 200
        sides = {peer: runner(task, peer, module) for peer in peers if (module := module_of(task, peer))}
        for run in sides.values():
            run(fewest)  # The interpreter specialises what runs often.
        counts = {peer: max(fewest, int(3e6 / max(1.0, time_one(run, fewest)))) for peer, run in sides.items()}
        least = dict.fromkeys(sides, float("inf"))
        for _ in range(runs):
            for peer, run in sides.items():
                least[peer] = min(least[peer], time_one(run, counts[peer]))
        results[task.name] = least
    return results


def count(tasks, peers, runs):
    """Marks in callgrind's file what two lengths of each task cost."""
    import marks

    [peer] = peers
    jobs = [(task, runner(task, peer, module)) for task in tasks if (module := module_of(task, peer))]
    marks.begin()
    for task, run in jobs:
        few, many = task.counts
        run(few)
        marks.zero()
        run(few)
        marks.dump(f"few {task.name}")
        run(many)
        marks.dump(f"many {task.name}")


def measure_memory(tasks, peers, runs):
    """{peer: bytes of an instance with one int64_t, with so many of them alive}."""
    [peer] = peers
    make = __import__(f"calls_{peer}").Frozen
    kept = [None] * runs
    pages = lambda: int(open("/proc/self/statm").read().split()[1])
    make(5)
    before = pages()
    for i in range(runs):
        kept[i] = make(5)
    return (pages() - before) * 4096 / runs


def import_one(tasks, peers, runs):
    """Marks what the import of a module costs; `tasks` are modules here. The C++ library is there already: to load it is
    4 M instructions, once in a process, whoever needs it first."""
    import ctypes
    import importlib.machinery

    import marks

    ctypes.CDLL("libstdc++.so.6")

    marks.begin()
    for name in tasks:
        path = f"{sys.path[0]}/{name}.so"
        loader = importlib.machinery.ExtensionFileLoader(name, path)
        spec = importlib.machinery.ModuleSpec(name, loader, origin=path)
        marks.zero()
        module = loader.create_module(spec)
        module.__spec__ = spec  # pybind11 asks for it.
        loader.exec_module(module)
        marks.dump(f"import {name}")


def main():
    plan = json.loads(sys.argv[1])
    sys.path[:0] = plan["path"]
    gc.disable()
    wanted = plan["tasks"]
    if plan["do"] in ("check", "time", "count"):
        from tasks import TASKS

        wanted = [task for task in TASKS if task.name in set(wanted)]
    do = {"check": check, "time": measure_time, "count": count, "memory": measure_memory, "import": import_one}
    print(json.dumps(do[plan["do"]](wanted, plan["peers"], plan["runs"])))


if __name__ == "__main__":
    main()
