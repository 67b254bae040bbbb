# SPDX-License-Identifier: MIT
"""adder.pytest_plugin: tests that leave objects of C++ classes behind fail, and say which."""
import os
import pathlib
import subprocess
import sys

import leaks_ext as ext
import pytest

plugin = pathlib.Path(__file__).parents[2] / "cmake" / "python"
pytestmark = pytest.mark.skipif(not plugin.is_dir(), reason="the plugin is not beside the tests")
checked = pytest.mark.skipif(not ext.checked, reason="only checked builds know which objects are alive")

leaky = """
import leaks_ext as ext
import pytest

@pytest.fixture(scope="module")
def shared():
    return ext.Number(1)

def leak():
    silent = ext.Silent()
    silent.push(silent)

def test_clean(shared):
    honest = ext.Honest()
    honest.push([honest, shared, ext.Number(2)])

def test_leak():
    leak()

@pytest.mark.adder_no_leaks
def test_marked():
    leak()

@pytest.mark.adder_may_leak("it is what it tests")
def test_spared():
    leak()

def test_fails():
    kept = ext.Number(1)
    assert kept is None
"""


def run(tmp_path, *options, text=leaky):
    (tmp_path / "test_leaky.py").write_text(text)
    path = os.pathsep.join([str(plugin), os.path.dirname(ext.__file__)])
    done = subprocess.run([sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", "-p", "adder.pytest_plugin", "-rA", *options, tmp_path],
                          capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path}, cwd=tmp_path)
    return done.stdout + done.stderr


@checked
def test_every_test_is_looked_at(tmp_path):
    said = run(tmp_path, "--adder-leaks")
    assert "PASSED test_leaky.py::test_clean" in said and "PASSED test_leaky.py::test_spared" in said
    assert "ERROR test_leaky.py::test_leak" in said and "ERROR test_leaky.py::test_marked" in said
    assert "FAILED test_leaky.py::test_fails" in said and "ERROR test_leaky.py::test_fails" not in said
    assert said.count("objects of C++ classes outlived the test:") == 2, said
    assert "  1 of leaks_ext.Silent, made at " in said and "test_leaky.py:10" in said
    assert "The fields of leaks_ext.Silent are private, and its PyClass does not declare them" in said


@checked
def test_a_marked_test_is_looked_at_without_the_option(tmp_path):
    said = run(tmp_path)
    assert "ERROR test_leaky.py::test_marked" in said and "ERROR test_leaky.py::test_leak\n" not in said
    assert said.count("outlived the test:") == 1


def test_it_says_where_it_cannot_look(tmp_path):
    said = run(tmp_path, "--adder-leaks", text="def test_nothing(): pass\n")
    assert "adder: nobody looked for leaks" in said and "1 passed" in said
