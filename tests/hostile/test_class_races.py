# SPDX-License-Identifier: MIT
"""Threads that make one class, or run one module's body, at the same moment: nobody waits, and all get the same."""
import os
import subprocess
import sys

import pytest

import class_races_ext as ext

PREAMBLE = """
import faulthandler, importlib.util, inspect, os, signal, sys, threading, time, types, warnings
warnings.simplefilter("ignore")  # 3.12 and newer warn of os.fork in a process with several threads.
faulthandler.register(signal.SIGALRM, chain=True)
signal.alarm(200)  # A hang; under the thread sanitizer, what takes a second may take twenty.

def together(*operations):
    start, results, errors = threading.Barrier(len(operations)), [None] * len(operations), []
    def run(place, operation):
        try:
            start.wait()
            results[place] = operation()
        except BaseException as error:
            errors.append(error)
    threads = [threading.Thread(target=run, args=both) for both in enumerate(operations)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    if errors: raise errors[0]
    return results
"""


def run_python(source):
    """Runs the source text in a process of its own, as it may hang or end the process."""
    paths = [os.path.dirname(ext.__file__), os.environ.get("PYTHONPATH", "")]
    process = subprocess.run(
        [sys.executable, "-c", PREAMBLE + source],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert (process.returncode, process.stderr) == (0, ""), process.stdout + process.stderr
    return process.stdout


def test_a_class_whose_making_imports_a_module_that_uses_the_class():
    run_python(
        """
import importlib.abc, importlib.machinery
import class_races_ext as ext

class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name.startswith("class_races_module") else None
    def exec_module(self, module):
        kind = int(module.__name__[-1])
        begun[kind].set()
        time.sleep(0.05)  # Who makes the class arrives at the import meanwhile.
        module.one = ext.importing(kind)
sys.meta_path.insert(0, Finder())

begun = [threading.Event() for _ in range(8)]
def use(kind):
    begun[kind].wait()  # Another thread has the import's lock.
    return ext.importing(kind)

for kind in range(8):
    name = f"class_races_module{kind}"
    module, one, other = together(
        lambda: importlib.import_module(name), lambda: use(kind), lambda: use(kind))
    assert type(one) is type(other) is type(module.one), kind
"""
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_fork_while_another_thread_makes_the_class():
    run_python(
        """
import class_races_ext as ext
ext.hold(True)
for kind in range(4):
    maker = threading.Thread(target=ext.slow, args=(kind,))
    maker.start()
    while ext.inside() != kind + 1: time.sleep(0.001)
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        ext.hold(False)
        one = ext.slow(kind)
        one.value = 5
        os._exit(0 if one.value == 5 and type(one)().value == kind else 3)
    # Nor does anybody else wait in the parent. What runs in the maker's place decides.
    assert os.waitpid(child, 0)[1] == 0, kind
    ext.hold(False)
    maker.join()
    assert type(ext.slow(kind))().value == kind
    ext.hold(True)
    class_of = type(ext.slow(kind))
    assert class_of is type(ext.slow(kind))
"""
    )


def test_nobody_waits_for_the_thread_that_makes_a_class():
    run_python(
        """
import class_races_ext as ext
ext.hold(True)
made = []
maker = threading.Thread(target=lambda: made.append(ext.slow(0)))
maker.start()
while ext.inside() == 0: time.sleep(0.001)
second = threading.Thread(target=lambda: made.append(ext.slow(0)))
second.start()
while ext.inside() == 1: time.sleep(0.001)
ext.hold(False)
maker.join()
second.join()
assert type(made[0]) is type(made[1]) is type(ext.slow(0))
"""
    )


def test_classes_with_instances_of_each_other_are_made_by_two_threads():
    run_python(
        """
import class_races_ext as ext
def look_at(one):
    # Whoever gets at a class gets at a whole one, by whatever way.
    other = type(one).OTHER
    for half in (one, type(one).OWN, other, type(other).OTHER, type(other).OWN):
        assert (type(half).OTHER.number, type(half).OWN.number, half.number) == (kind,) * 3
    return one

for kind in range(8):
    objects = together(*[lambda: look_at(ext.left(kind)), lambda: look_at(ext.right(kind))] * 2)
    left, right = type(objects[0]), type(objects[1])
    assert [type(one) for one in objects] == [left, right] * 2
    assert type(ext.left(kind)) is left and type(ext.right(kind)) is right
    assert type(left.OTHER) is right and type(right.OTHER) is left, kind
    assert type(left.OWN) is left and type(right.OWN) is right, kind
    assert left.OTHER is left.OTHER and left.OWN.number == kind
before = ext.late_values()
ext.left(0), ext.right(0)
assert ext.late_values() == before
"""
    )


def test_a_class_with_an_instance_of_a_derived_class_is_made_by_two_threads():
    run_python(
        """
import class_races_ext as ext

def look_at(one):
    assert type(type(one).UNIT).__mro__[1].UNIT is type(one).UNIT
    return one

for kind in range(8):
    objects = together(*[lambda: look_at(ext.shape(kind)), lambda: look_at(ext.circle(kind))] * 2)
    shape, circle = type(objects[0]), type(objects[1])
    assert [type(one) for one in objects] == [shape, circle] * 2
    assert type(shape.UNIT) is circle and circle.__base__ is shape
"""
    )


def test_a_late_attribute_that_fails_is_made_by_the_next_one_who_needs_the_class():
    for _ in range(2):
        with pytest.raises(ValueError, match="not yet"):
            ext.failing()
    ext.let_fail(False)
    one = ext.failing()
    assert type(one).second == 5
    assert type(type(one).first) is type(one) is type(ext.failing())


EXECUTED = """
spec = importlib.util.find_spec("class_races_ext")

def run(module):
    spec.loader.exec_module(module)
    return check(module)

def check(module):
    for _ in range(20):
        assert module.add(1) == 41 and module.add(b=2, a=3) == 5 and module.scale(4.0) == 8.0
        assert module.joined(["a", "b"]) == "a, b" and module.joined(parts=["a", "b"], by="-") == "a-b"
        assert module.count_all(1, 2, a=3) == 3 and module.module_name() == "class_races_ext"
        assert module.either(1) == 2 and module.either(1, b=5) == 6 and module.either(1.5) == 3.0
        assert module.total() >= 1
        for cls in (module.Rich0, module.Rich1, module.inner.Rich2):
            one = cls()
            assert one.x == 1.5 and cls.DEFAULT.x == 7.5 and cls.SIZE == 12 and cls(x=3.0).scaled(2.0) == 6.0
            assert one.twice() == 6 and one.twice(by=2) == 10 and one.calls == 10
            one.x, one.calls = 4.0, 3
            assert one.either(2.0) == 8.0 and one.either("?") == one.either(suffix="?") == "rich?"
            assert cls.made_of() == 12 and cls.made_of(3, b=4) == 34 and cls.class_name() == cls.__name__
            del one.x
            assert one.x == -1.0
            for wrong in (lambda: one.twice(by="x"), lambda: cls(y=1), lambda: cls.made_of(c=1),
                          lambda: setattr(one, "calls", "x"), lambda: module.add(), lambda: module.either([])):
                try:
                    wrong()
                except TypeError as error:
                    assert "argument" in str(error) or "attribute" in str(error) or "overload" in str(error), error
                else:
                    raise AssertionError("not refused")
        assert module.inner.plus() == 3 and module.inner.plus(right=5) == 6
    assert str(inspect.signature(module.add)) == "(a, b=40)" and module.add.__doc__ == "The sum."
    assert str(inspect.signature(module.joined)) == "(parts, *, by=', ')"
    assert set(module.__all__) >= {"add", "scale", "either", "Rich0", "total", "inner"}
    return module
"""


def test_eight_threads_run_the_body_of_one_module():
    for _ in range(6):
        run_python(
            EXECUTED
            + """
# Not by the threads: where a definition is first met, CPython 3.13 enters it without a lock.
made = [importlib.util.module_from_spec(spec) for _ in range(8)]
modules = together(*[lambda module=module: run(module) for module in made])
assert len({id(module) for module in modules}) == 8
for name in ("Rich0", "Rich1"):
    assert len({id(getattr(module, name)) for module in modules}) == 1
for module in modules: check(module)
"""
        )
