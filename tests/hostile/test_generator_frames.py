# SPDX-License-Identifier: MIT
"""What a suspended coroutine keeps in its local variables must break nothing: scopes of threads, destructors that throw
or call Python, the end of the process, chains of thousands."""
import gc
import os
import signal
import subprocess
import sys
import threading

import pytest

import generator_frames_ext as ext


def run(source):
    return subprocess.run([sys.executable, "-c", source], env=os.environ, capture_output=True, text=True, timeout=120)


@pytest.mark.skipif(not ext.checked, reason="checked builds")
@pytest.mark.parametrize("name", ["pooled", "guarded"])
def test_a_scope_of_a_thread_that_lives_across_a_co_yield_ends_the_process(name):
    process = run(f"import generator_frames_ext as ext\nnext(ext.{name}())\nprint('went on')")
    assert process.returncode == -signal.SIGABRT and "went on" not in process.stdout
    assert "lives across a co_yield" in process.stderr


def test_a_scope_within_a_step_is_fine():
    assert list(ext.pooled_for_a_step()) == list(ext.attached_for_a_step()) == [0, 1, 2]


def test_what_a_destructor_throws_at_the_end_is_raised():
    generator = ext.throwing()
    assert next(generator) == 1
    with pytest.raises(RuntimeError, match="thrown by a destructor"):
        next(generator)
    assert ext.destroyed() == 2 and list(generator) == []


def test_what_a_destructor_throws_as_the_generator_dies_is_unraisable(monkeypatch):
    reports = []
    monkeypatch.setattr(sys, "unraisablehook", lambda report: reports.append(repr(report.exc_value)))
    generator = ext.throwing()
    next(generator)
    with pytest.raises(KeyError):
        try:
            raise KeyError("pending")
        finally:
            del generator
    assert reports == ["RuntimeError('thrown by a destructor')"] and ext.destroyed() == 2


@pytest.mark.parametrize("how", ["dies", "ends", "closes", "fails"])
def test_a_destructor_that_uses_the_generator(how):
    answers = []

    def callback():
        if holder:
            for operation in (next, lambda g: g.send(None), lambda g: g.throw(KeyError), lambda g: g.close()):
                try:
                    answers.append(operation(holder[0]))
                except ValueError as error:
                    answers.append(str(error))

    holder = []
    generator = ext.calling(callback)
    assert next(generator) == 1
    if how == "dies":
        del generator
        assert answers == []
        return
    holder.append(generator)
    if how == "ends":
        assert list(generator) == []
    if how == "closes":
        assert generator.close() is None
    if how == "fails":
        with pytest.raises(OSError):
            generator.throw(OSError)
    assert answers == ["generator already executing"] * 4


def test_a_destructor_that_looks_at_everything():
    def callback():
        gc.collect()
        for other in gc.get_objects():
            repr(type(other))

    generators = [ext.calling(callback) for _ in range(3)]
    for generator in generators:
        next(generator)
    del generators, generator


def test_generators_that_are_left_at_the_end_of_the_process():
    process = run(
        """
import sys, threading
import generator_frames_ext as ext

kept = ext.calling(int)
next(kept)
cycle = [ext.calling(int)]
next(cycle[0])
cycle.append(cycle)
chained = ext.chain(ext.chain(range(3)))
next(chained)
sys.kept_beyond_modules = ext.calling(int)
next(sys.kept_beyond_modules)
running = ext.chain(iter(lambda: threading.Event().wait(), 1))
threading.Thread(target=next, args=(running,), daemon=True).start()
"""
    )
    assert process.returncode == 0 and process.stderr == "", process.stderr


def test_a_long_chain_on_a_small_stack():
    sanitized = "asan" in os.environ.get("LD_PRELOAD", "")  # Whose frames are many times as large.
    usual = threading.stack_size(2**22 if sanitized else 2**19)
    results = []

    def go_deep():
        generator = iter(range(3))
        for _ in range(50_000):
            generator = ext.chain(generator)
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(1_000_000)
        try:
            next(generator)
        except RecursionError:
            results.append("RecursionError")
        finally:
            sys.setrecursionlimit(limit)
        del generator
        results.append("gone")

    try:
        thread = threading.Thread(target=go_deep)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(usual)
    assert results == ["RecursionError", "gone"]
