# SPDX-License-Identifier: MIT
"""What another thread replaces or takes away while C++ looks at it is there until C++ is done with it."""
import functools
import os
import subprocess
import sys
import threading
import time
import weakref

import pytest

import borrowed_lookups_ext as ext


def race(reader, writer, expected=(), seconds=0.5):
    """Has two threads read and one write for a while. Of what is raised `expected` is passed over."""
    end, errors, reads = time.monotonic() + seconds, [], [0]

    def repeat(operation):
        while time.monotonic() < end and not errors:
            for _ in range(50):
                try:
                    operation()
                except expected:
                    pass
                except BaseException as error:
                    errors.append(error)
                    return
            reads[0] += 1

    threads = [threading.Thread(target=repeat, args=(each,)) for each in (reader, reader, writer)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    assert reads[0] > 0


def test_enter_is_assigned_while_with_looks_for_it():
    class Manager:
        # Freed as soon as nobody has it, other than most functions.
        __enter__ = staticmethod(functools.partial(int, 1))

        def __exit__(self, *error):
            return False

    def replace():
        Manager.__enter__ = staticmethod(functools.partial(int, 2))

    def enter():
        assert ext.enter(manager) in (1, 2)

    manager = Manager()
    race(enter, replace, seconds=2)


@pytest.mark.parametrize("read, item", [(ext.ints, int), (ext.doubles, float), (ext.texts, str)])
def test_a_list_changes_while_it_is_converted(read, item):
    shared = []

    def change():
        shared[:] = [item(10**6 + number) for number in range(len(shared) % 300)]
        shared.append(item(10**7))
        shared.sort()
        del shared[10:]
        shared.extend(item(10**6 + number) for number in range(200))

    def convert():
        assert read(shared) <= 301

    race(convert, change)


def test_an_item_that_runs_code_in_the_middle_of_numbers():
    class Number:
        def __index__(self):
            if len(shared) > 150:
                del shared[140:]
            return 5

    shared = [1000] * 139 + [Number()] + [7] * 100
    assert ext.ints(shared) == 140
    assert ext.ints([10**5] * 500) == 500 and ext.ints([]) == 0
    for size in (1, 127, 128, 129, 256):
        assert ext.ints([70000] * size) == size
    with pytest.raises(OverflowError):
        ext.ints([5] * 130 + [2**40])
    with pytest.raises(TypeError):
        ext.ints([5] * 130 + ["x"])


def test_items_of_a_list_go_while_they_are_read():
    shared = [[] for _ in range(100)]

    def change():
        shared[50] = []
        shared.pop()
        shared.append([])

    race(lambda: ext.read_list(shared, 50) + ext.read_list(shared, len(shared) - 1), change, IndexError)


def test_a_dict_changes_while_it_is_read():
    shared = {str(number): 10**6 + number for number in range(50)}
    key = "7"

    def change():
        shared[key] = 10**6 + 7
        shared.pop("8", None)
        shared["8"] = 10**6 + 8

    race(lambda: (ext.sum_dict(shared, key), ext.items(shared)), change, RuntimeError)


def test_keyword_arguments_change_while_they_are_passed():
    class Child(ext.Keywords):
        pass

    shared = {str(number): object() for number in range(20)}

    def change():
        shared.pop("3", None)
        shared.pop("4", None)
        shared["3"] = object()
        shared["4"] = object()

    def construct():
        assert 17 <= ext.call(ext.Keywords, shared).given <= 20
        assert 17 <= ext.call(Child, shared).given <= 20
        # As C code calls it that hands its own dict on.
        assert 17 <= ext.Keywords.__new__(ext.Keywords, **shared).given <= 20

    race(construct, change, RuntimeError)


def test_weak_references_come_and_go():
    held = [ext.Referred()]
    references = [weakref.ref(held[0])]

    def change():
        held[0] = ext.Referred()
        references[0] = weakref.ref(held[0])

    race(lambda: ext.upgrade(references[0]), change)


def test_weak_references_die_beside_their_object():
    def part():
        one = ext.Referred()
        references = [weakref.ref(one, lambda gone: None), weakref.ref(one)]
        thread = threading.Thread(target=references.clear)
        thread.start()
        del one
        thread.join()

    for _ in range(200):
        part()


def test_main_is_replaced_while_code_is_run():
    # In a process of its own, as it is the main module that goes.
    source = """
import sys, threading, types, time
import borrowed_lookups_ext as ext
end = time.monotonic() + 0.5
main = sys.modules["__main__"]
def change():
    while time.monotonic() < end:
        sys.modules["__main__"] = types.ModuleType("__main__")
        time.sleep(0)
    sys.modules["__main__"] = main
def run():
    while time.monotonic() < end: assert ext.evaluate(1) == 2
threads = [threading.Thread(target=each) for each in (change, run, run)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
    paths = [os.path.dirname(ext.__file__), os.environ.get("PYTHONPATH", "")]
    subprocess.run(
        [sys.executable, "-c", source],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        check=True,
        timeout=60,
    )
