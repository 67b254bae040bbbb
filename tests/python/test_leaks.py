# SPDX-License-Identifier: MIT
"""Which objects of pyclasses live too long, and what says so."""
import gc
import inspect
import os
import pathlib
import subprocess
import sys

import leaks_ext as ext
import pytest

checked = pytest.mark.skipif(not ext.checked, reason="only checked builds know which objects are alive")


@pytest.fixture
def tracked():
    ext.track(True)
    yield ext.__adder_instances__
    ext.track(False)
    ext.drop()


def line_of_caller():
    frame = inspect.currentframe().f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


@checked
def test_what_is_alive_is_listed_by_class_and_place(tracked):
    numbers = [ext.Number(n) for n in range(3)]; place = line_of_caller()
    other = ext.make_number(7); other_place = line_of_caller()
    text = ext.Text(); shared = ext.make_shared(); third = line_of_caller()
    assert sorted(tracked(None)) == sorted([
        ("leaks_ext.Number", place, 3, False),
        ("leaks_ext.Number", other_place, 1, False),
        ("leaks_ext.Text", third, 1, False),
        ("leaks_ext.Shared", third, 1, False),
    ])
    assert ext.live() == 4 and tracked(None)[0][0] == "leaks_ext.Number"
    del numbers[1:], text, shared
    assert sorted(tracked(None)) == [("leaks_ext.Number", place, 1, False), ("leaks_ext.Number", other_place, 1, False)]
    del numbers, other
    assert tracked(None) == []


@checked
@pytest.mark.skipif(sys.version_info < (3, 11), reason="code always says its lines")
def test_code_without_lines_is_named_by_its_file(tracked):
    code = compile("kept = ext.Number(1)", "silent.py", "exec").replace(co_linetable=b"")
    names = {"ext": ext}
    exec(code, names)
    assert tracked(None) == [("leaks_ext.Number", "silent.py", 1, False)]


@checked
def test_python_subclasses_have_their_own_name(tracked):
    class Sub(ext.Number):
        pass

    sub = Sub(1)
    assert [entry[0] for entry in tracked(None)] == [f"{__name__}.test_python_subclasses_have_their_own_name.<locals>.Sub"]
    del sub
    assert tracked(None) == []


@checked
def test_an_object_is_noted_whatever_its_class_and_file_are_called(tracked):
    asked = []

    class Meta(type):
        def __getattribute__(cls, name):
            asked.append(name)
            raise KeyError(name)

    namespace = {"Odd": Meta("Odd", (ext.Number,), {"__module__": "some\udcffwhere"}), "Number": ext.Number}
    nowhere = type("Nowhere", (ext.Number,), {"__module__": 5})
    exec(compile("kept = Odd(1), Number(2)", "bad\udcffname.py", "exec"), namespace)
    other = nowhere(3)
    assert sorted(tracked(None))[:2] == [("Nowhere", tracked(None)[0][1], 1, False), ("leaks_ext.Number", r"bad\udcffname.py:1", 1, False)]
    assert [entry[0] for entry in tracked(None)][-1] == r"some\udcffwhere.Odd"
    assert not asked  # No Python code runs in the middle of a construction.
    del namespace, other


@checked
def test_nothing_is_noted_before_or_after():
    number = ext.Number(1)
    ext.track(True)
    assert ext.__adder_instances__(None) == []
    other = ext.Number(2)
    ext.track(False)
    assert ext.__adder_instances__(None) == []
    del number, other
    assert ext.__adder_instances__(None) == []


@checked
def test_an_object_that_its_finalizer_keeps_is_alive(tracked):
    saved = []

    class Phoenix(ext.Silent):
        def __del__(self):
            saved.append(self)

    Phoenix()
    gc.collect()
    assert len(saved) == 1 and len(tracked(None)) == 1
    saved.clear()
    assert tracked(None) == []


@checked
def test_a_class_that_hides_its_fields_is_named(tracked):
    silent, honest = ext.Silent(), ext.Honest()
    silent.push(silent)
    honest.push(honest)
    del silent, honest
    gc.collect()
    assert [(entry[0], entry[3]) for entry in tracked(None)] == [("leaks_ext.Silent", True)]


@checked
def test_a_block_without_leaks():
    def block():
        honest = ext.Honest()
        honest.push(honest)
        ext.Number(1)
        once.append(ext.Text()) if not once else None

    once = []
    ext.no_leaks(block)


@checked
def test_a_block_that_leaks_is_told_what_and_where():
    def block():
        silent = ext.Silent(); block.place = line_of_caller()
        silent.push(silent)

    with pytest.raises(RuntimeError) as caught:
        ext.no_leaks(block)
    words = str(caught.value)
    assert f"each run of the block leaves behind:\n  1 of leaks_ext.Silent, made at {block.place}\n" in words
    assert "its PyClass does not declare them" in words and "using fields = adder::FieldList<...>" in words

    with pytest.raises(RuntimeError, match="2 of leaks_ext.Number, made at"):
        ext.no_leaks(lambda: [ext.keep(ext.Number(n)) for n in range(2)])
    ext.drop()


@checked
def test_what_the_block_raises_comes_through():
    with pytest.raises(ZeroDivisionError):
        ext.no_leaks(lambda: 1 / 0)
    assert ext.live() == 0


def at_exit(code, **environment):
    run = subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path!r}\nimport leaks_ext as ext\n{code}"],
                         capture_output=True, text=True, env={**os.environ, **environment})
    assert run.returncode == 0, run.stderr
    return run.stderr


@checked
def test_what_outlives_the_interpreter_is_reported():
    said = at_exit("kept = ext.Silent()\nkept.push(kept)\next.keep(ext.Number(1))\ndel kept", ADDER_LEAKS="1")
    assert said.startswith("adder: 2 objects outlived the interpreter:\n")
    assert "  1 of leaks_ext.Silent, made at <string>:3\n    The fields of this class are private" in said
    assert "  1 of leaks_ext.Number, made at <string>:5\n" in said


@pytest.mark.parametrize("environment", [{}, {"ADDER_LEAKS": "0"}, {"ADDER_LEAKS": ""}])
def test_nothing_is_reported_unasked(environment):
    assert at_exit("kept = ext.Silent()\nkept.push(kept)", **environment) == ""


def test_a_clean_program_prints_nothing():
    code = "kept = ext.Honest()\nkept.push(kept)\nnumbers = [ext.Number(1), ext.make_shared(), ext.Text()]\nimport atexit; atexit.register(ext.Number)"
    assert at_exit(code, ADDER_LEAKS="1") == ""


@pytest.mark.skipif(ext.checked, reason="unchecked builds do not know")
def test_unchecked_builds_know_nothing():
    assert not hasattr(ext, "__adder_instances__") and ext.live() == 0


# --- adder.pytest_plugin ---

plugin = pathlib.Path(__file__).parents[2] / "cmake" / "python"
has_plugin = pytest.mark.skipif(not plugin.is_dir(), reason="the plugin is not beside the tests")

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


def run_pytest(tmp_path, *options, text=leaky):
    (tmp_path / "test_leaky.py").write_text(text)
    path = os.pathsep.join([str(plugin), os.path.dirname(ext.__file__), *filter(None, sys.path)])
    # With $CI the summary of pytest 9 says all of an error once more.
    plain = {name: value for name, value in os.environ.items() if name not in {"CI", "BUILD_NUMBER"}}
    done = subprocess.run([sys.executable, "-B", "-m", "pytest", "-p", "no:cacheprovider", "-p", "adder.pytest_plugin", "-rA", *options, tmp_path],
                          capture_output=True, text=True, env={**plain, "PYTHONPATH": path}, cwd=tmp_path)
    return done.stdout + done.stderr


@checked
@has_plugin
def test_every_test_is_looked_at(tmp_path):
    said = run_pytest(tmp_path, "--adder-leaks")
    assert "PASSED test_leaky.py::test_clean" in said and "PASSED test_leaky.py::test_spared" in said
    assert "ERROR test_leaky.py::test_leak" in said and "ERROR test_leaky.py::test_marked" in said
    assert "FAILED test_leaky.py::test_fails" in said and "ERROR test_leaky.py::test_fails" not in said
    assert said.count("objects of C++ classes outlived the test:") == 2, said
    assert "  1 of leaks_ext.Silent, made at " in said and "test_leaky.py:10" in said
    assert "The fields of leaks_ext.Silent are private, and its PyClass does not declare them" in said


@checked
@has_plugin
def test_a_marked_test_is_looked_at_without_the_option(tmp_path):
    said = run_pytest(tmp_path)
    assert "ERROR test_leaky.py::test_marked" in said and "ERROR test_leaky.py::test_leak\n" not in said
    assert said.count("outlived the test:") == 1


@checked
@has_plugin
def test_a_module_is_looked_at_once_and_lazy_ones_are_left_alone(tmp_path):
    said = run_pytest(tmp_path, "--adder-leaks", text="""
import sys
import leaks_ext as ext

class Lazy(type(sys)):
    def __getattribute__(self, name):
        raise ImportError("it was imported")

sys.modules["other_name"], sys.modules["lazy"] = ext, Lazy("lazy")

def test_leak():
    silent = ext.Silent()
    silent.push(silent)
""")
    assert said.count("of leaks_ext.Silent, made at ") == said.count("objects of C++ classes outlived the test:"), said
    assert "ERROR test_leaky.py::test_leak" in said and "it was imported" not in said


@has_plugin
def test_tests_that_run_in_other_processes_are_not_judged_here(tmp_path):
    (tmp_path / "conftest.py").write_text("def pytest_addoption(parser):\n    parser.addoption('--dist', default='load')\n")
    said = run_pytest(tmp_path, "--adder-leaks", text="def test_nothing(): pass\n")
    assert "nobody looked for leaks" not in said and "1 passed" in said


@has_plugin
def test_it_says_where_it_cannot_look(tmp_path):
    said = run_pytest(tmp_path, "--adder-leaks", text="def test_nothing(): pass\n")
    assert "adder: nobody looked for leaks" in said and "1 passed" in said
