# SPDX-License-Identifier: MIT
"""pytest finds objects of C++ classes that outlive the test that made them: `pytest -p adder.pytest_plugin --adder-leaks`.

Works with extension modules that are compiled with run-time checks (a debug build, or ADDER_CHECKED=1); others are passed
over. `@pytest.mark.adder_no_leaks` looks at one test without the option, `@pytest.mark.adder_may_leak("why")` spares one.
"""
import gc
import sys
import types

import pytest

looked_at = pytest.StashKey[bool]()


def pytest_addoption(parser):
    group = parser.getgroup("adder")
    group.addoption("--adder-leaks", action="store_true", help="fail tests that leave objects of C++ classes behind")


def pytest_configure(config):
    config.addinivalue_line("markers", "adder_no_leaks: the test leaves no objects of C++ classes behind")
    config.addinivalue_line("markers", "adder_may_leak(reason): --adder-leaks does not look at this test")


def trackers():
    """The functions of checked extension modules that know what is alive."""
    found = {}  # A module may be there by several names.
    for module in list(sys.modules.values()):
        if issubclass(type(module), types.ModuleType):
            # Not its attributes: a lazy module would be imported.
            function = object.__getattribute__(module, "__dict__").get("__adder_instances__")
            if function is not None:
                found[id(function)] = function
    return list(found.values())


def is_wanted(item):
    if item.get_closest_marker("adder_may_leak"):
        return False
    return item.config.getoption("adder_leaks") or item.get_closest_marker("adder_no_leaks") is not None


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item):
    # What fixtures made, for several tests perhaps, is not the test's.
    if is_wanted(item):
        for track in trackers():
            track(True)
    outcome = yield
    # The traceback of a test that failed keeps what it used.
    item.stash[looked_at] = outcome.excinfo is None


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item):
    if not is_wanted(item) or not item.stash.get(looked_at, False):
        return
    known = trackers()
    for _ in range(3):  # Finalizers make garbage, too.
        gc.collect()
    left = [entry for track in known for entry in track(None)]
    for track in known:
        track(False)
    if left:
        pytest.fail(describe(left), pytrace=False)


def describe(left):
    lines = ["objects of C++ classes outlived the test:"]
    lines += [f"  {count} of {name}, " + (f"made at {place}" if place else "made by C++") for name, place, count, _ in left]
    lines += [f"The fields of {name} are private, and its PyClass does not declare them: if they hold Python objects, cycles "
              "through them are never found" for name in sorted({name for name, _, _, hides in left if hides})]
    return "\n".join(lines)


def pytest_terminal_summary(terminalreporter, config):
    # With pytest-xdist it is other processes that import the modules.
    if config.getoption("adder_leaks") and config.getoption("dist", "no") == "no" and not trackers():
        terminalreporter.write_line("adder: nobody looked for leaks: no extension module was imported that is compiled "
                                    "with run-time checks (a debug build, or ADDER_CHECKED=1)")
