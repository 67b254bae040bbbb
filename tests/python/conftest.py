# SPDX-License-Identifier: MIT
"""What all Python-side tests share: nothing may be left behind, neither cycles nor unraisable errors nor memory."""
import gc
import os
import subprocess
import sys
import sysconfig
import tempfile

import pytest

try:
    import hypothesis
except ImportError:
    pass  # test_functions.py says that it lacks it.
else:
    # No folder of its own in the source tree; the time of a run under a sanitizer says nothing.
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.path.join(tempfile.gettempdir(), "adder-hypothesis"))
    hypothesis.settings.register_profile("adder", database=None, deadline=None)
    hypothesis.settings.load_profile("adder")


def pytest_configure(config):
    # An exception that nobody could raise (PytestUnraisableExceptionWarning), or one in a thread, fails the test.
    config.addinivalue_line("filterwarnings", "error")
    # hypothesis asks the collector who refers to a generator of its own, and warns where a thread's variable alone does.
    config.addinivalue_line("filterwarnings", "ignore:It looks like `register_random` was passed")


@pytest.fixture(autouse=True)
def nothing_is_left_for_the_collector():
    usual = gc.get_threshold()
    if "ADDER_COLLECT_ALWAYS" in os.environ:
        gc.set_threshold(1, 50, 1000)  # The youngest objects at every allocation, the others often.
    yield
    gc.set_threshold(*usual)
    gc.collect()
    assert gc.garbage == []


def _references_of_a_local():
    local = object()
    return sys.getrefcount(local)


# What sys.getrefcount(x) is of an object that only the local variable x has: 3.14 lends it to the call, without a count.
OF_A_LOCAL = _references_of_a_local()


# The free-threaded CPython 3.13 never frees code objects once there have been threads, and keeps blocks of what its
# collector frees: whether the memory grows says nothing there.
GROWTH_MEANS_A_LEAK = sys.version_info >= (3, 14) or not sysconfig.get_config_var("Py_GIL_DISABLED")


def blocks():
    # Methods are looked up through a cache that keeps the names, also those that CPython makes anew each time.
    (getattr(sys, "_clear_internal_caches", None) or sys._clear_type_cache)()
    gc.collect()
    return sys.getallocatedblocks()


def growth_of(operation, runs):
    operation()
    before = blocks()
    for _ in range(runs):
        operation()
    return blocks() - before


@pytest.fixture
def assert_no_growth():
    """Fails when an operation keeps at least one block of memory per run. (PYTHONMALLOC=malloc counts no blocks.)"""

    def check(operation, runs=400, allowed=100):
        if not GROWTH_MEANS_A_LEAK:
            for _ in range(10):
                operation()
            return
        # Caches and free lists grow now and then, by less than a hundred blocks; a leak grows each time.
        grown = []
        while len(grown) < 4 and (not grown or grown[-1] >= allowed):
            grown.append(growth_of(operation, runs))
        assert grown[-1] < allowed < runs, grown

    return check


@pytest.fixture
def run_python():
    """Runs source text in an interpreter of its own: for what may end the process."""

    def run(source, *, timeout=120, **environment):
        return subprocess.run(
            [sys.executable, "-c", source],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=timeout,
        )

    return run
