# SPDX-License-Identifier: MIT
"""Calls from Python into bench_adder_ext and its hand-written twin bench_capi_ext. run.py starts this file.

  calls.py --time RUNS       both modules by turns; prints {task: {module: nanoseconds}} as JSON
  calls.py --count NAME N M  runs task NAME N times with module M: to be counted by callgrind
  calls.py --check           each task once with both modules; complains where they differ
  calls.py --list            the names of the tasks

Imports little on purpose: under callgrind the start of the interpreter is most of the work.
"""

import gc
import sys
from itertools import repeat
from time import process_time_ns

MODULES = ("bench_adder_ext", "bench_capi_ext")

# name: (set-up, the statement that is measured). `m` is the module; what the set-up assigns are local variables.
# Tasks called `..._wrong_...` raise a TypeError and `raise_...` a ValueError, which is caught around the statement.
TASKS = {
    "call_python_function": ("f = lambda: None", "f()"),  # for scale: no binding at all
    "call_noop": ("f = m.noop", "f()"),
    "call_identity_object": ("f = m.identity; o = object()", "f(o)"),
    "call_add_positional": ("f = m.add; a = 17; b = 25", "f(a, b)"),
    "call_add_keywords_unused": ("f = m.add_named; a = 17; b = 25", "f(a, b)"),
    "call_add_keyword": ("f = m.add_named; a = 17; b = 25", "f(a, b=b)"),
    "call_scale_default": ("f = m.scale; a = 17", "f(a)"),
    "call_length_str": ("f = m.length; s = 'a text of some length'", "f(s)"),
    "call_mixed_six": ("f = m.mixed; a = 17; b = 2.5; c = True; d = 'text'; e = None; g = 200", "f(a, b, c, d, e, g)"),
    "call_greet_str": ("f = m.greet; s = 'a text of some length'", "f(s)"),
    "call_doubled_100": ("f = m.doubled; v = list(range(100))", "f(v)"),
    "construct_counter": ("f = m.Counter; a = 5", "f(a)"),
    "call_method_inc": ("c = m.Counter(5)", "c.inc()"),
    "call_method_add": ("c = m.Counter(5); a = 1", "c.add(a)"),
    "call_method_get": ("c = m.Counter(5)", "c.get()"),
    "get_total": ("c = m.Counter(5)", "c.total"),
    "read_field": ("c = m.Counter(5)", "c.field"),
    "write_field": ("c = m.Counter(5); a = 9", "c.field = a"),
    "pass_counter": ("f = m.pass_counter; c = m.Counter(5)", "f(c)"),
    "return_counter": ("f = m.return_counter; a = 5", "f(a)"),
    "subclass_inc": ("c = type('Sub', (m.OpenCounter,), {})(5)", "c.inc()"),
    "subclass_construct": ("f = type('Sub', (m.OpenCounter,), {}); a = 5", "f(a)"),
    "frozen_construct": ("f = m.Frozen; a = 5", "f(a)"),
    "frozen_get": ("c = m.Frozen(5)", "c.get()"),
    "frozen_read_field": ("c = m.Frozen(7)", "c.field"),
    "frozen_pass": ("f = m.pass_frozen; c = m.Frozen(5)", "f(c)"),
    "frozen_return": ("f = m.return_frozen; a = 5", "f(a)"),
    "pass_enum": ("f = m.pass_enum; c = m.Shape.CIRCLE", "f(c)"),
    "return_enum": ("f = m.return_enum; a = 4", "f(a)"),
    "op_add": ("a = m.Pair(1.0, 2.0); b = m.Pair(3.0, 4.0)", "a + b"),
    "op_iadd": ("a = m.Pair(1.0, 2.0); b = m.Pair(3.0, 4.0)", "a += b"),
    "op_item": ("a = m.Pair(1.0, 2.0); i = 1", "a[i]"),
    "op_len": ("a = m.Pair(1.0, 2.0)", "len(a)"),
    "op_eq": ("a = m.Pair(1.0, 2.0); b = m.Pair(1.0, 2.0)", "a == b"),
    "op_eq_foreign": ("a = m.Pair(1.0, 2.0); b = None", "a == b"),
    "op_hash": ("a = m.Pair(1.0, 2.0)", "hash(a)"),
    "op_in": ("a = m.Pair(1.0, 2.0); b = 2.0", "b in a"),
    "op_call": ("a = m.Pair(1.0, 2.0); b = 3.0; c = 4.0", "a(b, c)"),
    # Kept: a block of memory that is freed at once can be the last one of its pool, which costs more, at random.
    "iterate_1000": ("f = __import__('_collections').deque; a = m.Row(1000)", "f(a)"),
    "frozen_subclass_get": ("c = type('Sub', (m.OpenFrozen,), {})(5)", "c.get()"),
    "call_add_wrong_type": ("f = m.add; a = 'x'; b = 25", "f(a, b)"),
    "call_add_wrong_count": ("f = m.add; a = 17", "f(a)"),
    "raise_by_value": ("f = m.reject", "f()"),
    "raise_by_throw": ("f = m.reject_by_throw", "f()"),
}

MISSING = {}  # {module: tasks that it does not have}
LARGE = set()  # tasks on so many items that few runs are enough


def has(module, name):
    return name not in MISSING.get(module, ())


def raised(name):
    """The name of the exception that a task raises, if any."""
    return "TypeError" if "wrong" in name else "ValueError" if name.startswith("raise_") else None


def runner(name, module):
    """A function of the number of repetitions, with the set-up done."""
    setup, statement = TASKS[name]
    scope = {"m": module}
    exec(setup, scope)
    # Parameters, because global variables and cells would be slower than the local variables of ordinary code.
    names = [part.split("=")[0].strip() for part in setup.split(";")]
    body = f"try: {statement}\n  except {raised(name)}: pass" if raised(name) else statement
    source = f"""
def run(n, {", ".join(f"{x}={x}" for x in names)}):
 for _ in repeat(None, n):
  {body}
"""
    exec(source, scope | {"repeat": repeat}, made := {})
    return made["run"]


def time_one(run, count):
    start = process_time_ns()
    run(count)
    return (process_time_ns() - start) / count


def time_all(runs):
    """The least of RUNS times, in which the modules take turns: what disturbs one disturbs the other."""
    results = {}
    for name in TASKS:
        fewest = 5 if name in LARGE else 1000
        sides = {module: runner(name, __import__(module)) for module in MODULES if has(module, name)}
        for run in sides.values():
            run(fewest)  # the interpreter specialises what runs often
        first = next(iter(sides.values()))
        count = max(fewest, int(8e6 / max(1.0, time_one(first, 2 * fewest))))  # about 8 ms a run
        least = dict.fromkeys(sides, float("inf"))
        for _ in range(runs):
            for module, run in sides.items():
                least[module] = min(least[module], time_one(run, count))
        results[name] = least
    return results


def outcome(module, name):
    setup, expression = TASKS[name]
    scope = {"m": module}
    exec(setup, scope)
    if name == "write_field":
        exec(expression, scope)
        return scope["c"].field, scope["c"].total
    if name == "op_iadd":
        expression = "a.__iadd__(b)"
    try:
        value = eval(expression, scope)
    except (TypeError, ValueError) as error:
        return type(error).__name__
    if type(value) is object:
        return value is scope["o"]
    if hasattr(value, "get"):
        return value.get()
    if type(value).__name__ == "Pair":
        return value[0], value[1]
    return value, getattr(scope.get("c"), "get", int)()


def check():
    adder, capi = map(__import__, MODULES)
    different = [name for name in TASKS if outcome(adder, name) != outcome(capi, name)]
    for name in TASKS:
        came = outcome(adder, name)
        if raised(name) != (came if came in ("TypeError", "ValueError") else None):
            different.append(name)
        for module in (adder, capi):
            runner(name, module)(3)
    if different:
        sys.exit(f"the modules do not do the same: {', '.join(different)}")


def main(arguments):
    gc.disable()
    if arguments[0] == "--count":
        name, count, module = arguments[1:]
        runner(name, __import__(module))(int(count))
    elif arguments[0] == "--time":
        import json

        print(json.dumps(time_all(int(arguments[1]))))
    elif arguments[0] == "--check":
        check()
    elif arguments[0] == "--list":
        print("\n".join(TASKS))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
