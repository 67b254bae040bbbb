# SPDX-License-Identifier: MIT
"""check_stubs.py CASE SOURCE WORK CXX [ARGUMENT...]: what adder_add_stub() wrote, looked at.

Exits with 77, "skipped" to ctest, where something is missing that not every machine has. With ADDER_UPDATE_EXPECTED=1, what
is expected is written anew.
"""

import difflib
import importlib.util
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile

CASE, SOURCE, WORK, CXX = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), sys.argv[4]
ARGUMENTS = sys.argv[5:]
HERE = pathlib.Path(__file__).parent
PACKAGE = SOURCE / "cmake" / "python"
# Tools are no modules of adder's, and need no sanitizers.
PLAIN = {name: value for name, value in os.environ.items() if name not in {"LD_PRELOAD", "PYTHONPATH", "PYTHON_GIL"}}
TOOLS = WORK / "tools"


def skip(reason):
    print("SKIPPED:", reason)
    sys.exit(77)


def run(*command, fails=False, env=None, **extra):
    command = [str(part) for part in command]
    print("+", shlex.join(command), flush=True)
    done = subprocess.run(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env or PLAIN, **extra
    )
    print(done.stdout, flush=True)
    if fails is not None and (done.returncode != 0) != fails:
        sys.exit(f"exit code {done.returncode}")
    return done.stdout


def stubs(*arguments, **extra):
    compiler = [] if "--compiler" in arguments or not arguments else ["--compiler", CXX]
    return run(
        sys.executable,
        "-B",
        "-m",
        "adder.stubs",
        *arguments,
        *compiler,
        env={**PLAIN, "PYTHONPATH": str(PACKAGE)},
        **extra,
    )


def same(found, name):
    """The text is that of the file in expected/."""
    file = HERE / "expected" / name
    if os.environ.get("ADDER_UPDATE_EXPECTED"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found)
    expected = file.read_text()
    if found != expected:
        sys.stdout.writelines(
            difflib.unified_diff(
                expected.splitlines(True), found.splitlines(True), f"expected/{name}", "what was made"
            )
        )
        sys.exit("what was made is not what is expected. If it is better: ADDER_UPDATE_EXPECTED=1")


def generate(objects, *options):
    """What the generator makes of the objects, twice, and what it says."""
    texts = []
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            said = stubs(*objects, "--output", folder, *options)
            files = sorted(pathlib.Path(folder).rglob("*.pyi"))
            texts.append((said, {str(file.relative_to(folder)): file.read_text() for file in files}))
    assert texts[0] == texts[1], "two runs differ"
    return texts[0]


# --- what is written --------------------------------------------------------------------------------------------------
def names():
    said, files = generate(ARGUMENTS)
    same(said, "names.txt")
    assert set(files) == {"names/__init__.pyi", "names/other.pyi"}, files.keys()
    for name, text in files.items():
        same(text, name)


def broken():
    said, files = generate(ARGUMENTS)
    same(said, "broken.txt")
    same(files["broken.pyi"], "broken.pyi")
    # With what is strict, the same is a failure.
    with tempfile.TemporaryDirectory() as folder:
        stubs(*ARGUMENTS, "--output", folder, "--strict", fails=True)


def expected():
    for folder in map(pathlib.Path, ARGUMENTS):
        for file in folder.glob("*.pyi"):
            if file.name in {"scene_graph.pyi", "word_count.pyi"}:
                same(file.read_text(), file.name)


def nothing_to_load():
    """What is no module of a stub build, or does not get as far as its declarations: words, and no files."""

    def compiled(name, text):
        source = WORK / f"{name}.cpp"
        source.write_text(text)
        run(CXX, "-fPIC", "-c", source, "-o", source.with_suffix(".o"), f"-I{sysconfig.get_path('include')}")
        return source.with_suffix(".o")

    def refused(words, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            printed = stubs(*arguments, "--output", folder, fails=True)
            assert words in " ".join(printed.split()), f"nothing of: {words}"
            assert not os.listdir(folder)

    WORK.mkdir(parents=True, exist_ok=True)
    module = """#include <Python.h>
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "plain"};
PyMODINIT_FUNC PyInit_plain(void) { return PyModule_Create(&definition); }
"""
    refused("it was compiled without -DADDER_STUBS=1, or is no module of adder's", compiled("plain", module))
    refused("the object files have no ADDER_MODULE", compiled("empty", "int x;"))
    refused("there is no file", WORK / "nowhere.o")
    crash = "#include <cstdlib>\n#include <csignal>\nstatic const int x = (std::raise(SIGSEGV), 1);\n"
    refused("SIGSEGV while the declarations", compiled("crash", crash + module))
    inside = "static int f() noexcept; extern int missing(int); static int f() noexcept { return missing(1); }\n"
    refused(
        "where no exception may be thrown, calls missing(int)",
        compiled("inside", inside + module.replace("{ return", "{ f(); return")),
    )
    refused("the compiler '/nowhere' cannot be run", WORK / "plain.o", "--compiler", "/nowhere")
    refused(
        "the object files have the modules",
        compiled("plain", module),
        compiled("second", module.replace("plain", "second").replace("definition", "other")),
    )
    # A static object that does the same loses itself alone.
    held = module.replace(
        "static PyModuleDef",
        "extern int missing(int); static const int x = missing(2);\n"
        "struct Y { Y() noexcept { missing(3); } } y;\nstatic PyModuleDef",
    )
    refused("a static object calls missing(int)", compiled("held", held))


# --- what tools say of it -----------------------------------------------------------------------------------------------
def tool(name, *packages):
    """A program of PyPI's, in an environment that the build keeps."""
    program = TOOLS / "bin" / name
    if program.exists():
        return program
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        skip("this Python makes no virtual environments (Debian: python3-venv)")
    if not (TOOLS / "bin" / "python").exists():
        run(sys.executable, "-m", "venv", "--system-site-packages", TOOLS)
    done = subprocess.run(
        [
            TOOLS / "bin" / "python",
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "--retries",
            "1",
            "--timeout",
            "20",
            *packages,
        ],
        env=PLAIN,
        text=True,
        capture_output=True,
    )
    if done.returncode != 0 or not program.exists():
        skip(
            f"{packages[0]} is not here, and PyPI cannot be reached: "
            f"{(done.stderr.strip() or 'no reason given').splitlines()[-1]}"
        )
    return program


def mypy_program():
    return tool("mypy", "mypy>=1.18")


def pyright_program():
    program = tool("pyright", "pyright")
    done = subprocess.run([program, "--version"], env=PLAIN, text=True, capture_output=True)
    if done.returncode != 0:
        skip("pyright fetches a part of itself from npm, which cannot be reached")
    return program


def pyi_files():
    files = [file for folder in ARGUMENTS for file in sorted(pathlib.Path(folder).glob("*.pyi"))]
    assert len(files) >= 6, files
    if importlib.util.find_spec("numpy") is None:
        print("this Python has no numpy (Debian: python3-numpy): what names its types is left out")
        files = [file for file in files if "numpy" not in file.read_text()]
    return [*files, HERE / "expected" / "names", HERE / "expected" / "broken.pyi"]


def mypy():
    run(mypy_program(), "--strict", "--cache-dir", WORK / "mypy_cache", *pyi_files())


def pyright():
    run(pyright_program(), "--pythonpath", sys.executable, *pyi_files())


def stubtest():
    """The running modules are what their stubs say."""
    mypy_program()
    path = os.pathsep.join(ARGUMENTS)
    environment = {"MYPYPATH": path, "PYTHONPATH": os.pathsep.join([path, os.environ["PYTHONPATH"]])}
    for file in pyi_files()[:-2]:
        # In a folder without the files of others, and with the environment of tests: it imports the module.
        command = [TOOLS / "bin" / "python", "-B", "-m", "mypy.stubtest", file.stem]
        run(*command, cwd=file.parent, env={**os.environ, **environment})


def clients():
    """Programs that use the examples: type checkers find what is wrong, and nothing else."""
    path = os.pathsep.join(ARGUMENTS)
    checkers = {
        "mypy": [
            mypy_program(),
            "--strict",
            "--no-error-summary",
            "--hide-error-context",
            "--no-pretty",
            "--cache-dir",
            WORK / "mypy_cache",
        ],
        "pyright": [pyright_program()],
    }
    for file in sorted((HERE / "clients").glob("*.py")):
        wrong = {i for i, line in enumerate(file.read_text().splitlines(), 1) if "# wrong" in line}
        for name, command in checkers.items():
            with tempfile.TemporaryDirectory() as folder:
                if name == "pyright":
                    extra = ", ".join(f'"{each}"' for each in ARGUMENTS)
                    (pathlib.Path(folder) / "pyrightconfig.json").write_text(
                        f'{{"include": ["."], "extraPaths": [{extra}], "typeCheckingMode": "strict"}}'
                    )
                shutil.copy(file, folder)
                printed = run(
                    *command,
                    file.name if name == "mypy" else "-p",
                    *([] if name == "mypy" else [folder]),
                    cwd=folder,
                    env={**PLAIN, "MYPYPATH": path},
                    fails=None,
                )
            found = {int(line) for line in re.findall(rf"{file.name}:(\d+):(?:\d+)?.*error", printed)}
            assert found == wrong, f"{name} of {file.name}: wrong are the lines {wrong}, found are {found}"


# --- what ships -----------------------------------------------------------------------------------------------------------
def same_module():
    """The module is the same, to the byte, whether or not its types are asked for."""
    project, build = WORK / "same", WORK / "same-build"
    project.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCE / "tests" / "install" / "hello.cpp", project)
    made = []
    for asks in "", "adder_add_stub(hello)\n":
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(hello LANGUAGES CXX)\n"
            f"add_subdirectory([[{SOURCE}]] adder)\nadder_add_module(hello hello.cpp)\n{asks}"
        )
        shutil.rmtree(build, ignore_errors=True)
        run(
            "cmake",
            "-G",
            "Ninja",
            "-S",
            project,
            "-B",
            build,
            "-DADDER_HEADER_ONLY=ON",
            "-DCMAKE_BUILD_TYPE=Debug",
            f"-DCMAKE_CXX_COMPILER={CXX}",
            f"-DPython_EXECUTABLE={sys.executable}",
        )
        run("cmake", "--build", build)
        (module,) = build.glob("hello.*.so")
        made.append(module.read_bytes())
        assert (build / "hello.pyi").exists() == bool(asks)
    assert made[0] == made[1] and b"__adder_types__" not in made[0]


if __name__ == "__main__":
    {
        "names": names,
        "broken": broken,
        "expected": expected,
        "nothing_to_load": nothing_to_load,
        "mypy": mypy,
        "pyright": pyright,
        "stubtest": stubtest,
        "clients": clients,
        "same_module": same_module,
    }[CASE]()
