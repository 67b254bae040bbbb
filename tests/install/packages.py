# SPDX-License-Identifier: MIT
"""packages.py CASE SOURCE WORK CXX GENERATOR: adder as packages meet it, and what docs/guide/packaging*.md say, tried.

Its blocks below a line <!-- file: PROJECT/PATH --> are the files of a project, those below <!-- run: CASE --> are run.
Exits with 77, "skipped" to ctest, where something is missing that not every machine has.
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile

SOURCE, WORK = pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
CXX, GENERATOR = sys.argv[4:6]
GUIDE = SOURCE / "docs" / "guide"
PAGE = "\n".join(page.read_text() for page in [GUIDE / "packaging.md", *sorted(GUIDE.glob("packaging-*.md"))])
HERE = pathlib.Path(__file__).parent
CONFIG = (SOURCE / "include" / "adder" / "base" / "config.hpp").read_text()
VERSION = ".".join(re.findall(r"^#define ADDER_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)$", CONFIG, re.MULTILINE))

ENVIRONMENT = {name: value for name, value in os.environ.items()
               if name not in {"LD_PRELOAD", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"}}
ENVIRONMENT.update(CXX=CXX, CMAKE_GENERATOR=GENERATOR, PIP_DISABLE_PIP_VERSION_CHECK="1", ADDER=str(SOURCE),
                   PYTHONDONTWRITEBYTECODE="1")
ENVIRONMENT.pop("PYTHON_GIL", None)  # The modules here do say that they need none.


def skip(reason):
    print("SKIPPED:", reason)
    sys.exit(77)


def run(*command, fails=False, **extra):
    """What the command prints, which is shown too."""
    command = [str(part) for part in command]
    print("+", shlex.join(command), flush=True)
    environment = {**ENVIRONMENT, **{name: str(value) for name, value in extra.pop("env", {}).items()}}
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment,
                          **extra)
    print(done.stdout, flush=True)
    if (done.returncode != 0) != fails:
        sys.exit(f"exit code {done.returncode}")
    return done.stdout


def write_project(name):
    """The files that the page has of a project; of others, the C++ and Python files are those of the first."""
    files = dict(re.findall(r"^<!-- file: (\S+) -->\n(?:<!-- no-test -->\n)?```\w+\n(.*?)^```$", PAGE, re.M | re.S))
    chosen = {path.split("/", 1)[1]: text for path, text in files.items() if path.split("/")[0] == "greeting"} \
        if name in ("meson", "setuptools") else {}
    chosen.update({path.split("/", 1)[1]: text for path, text in files.items() if path.split("/")[0] == name})
    if name in ("meson", "setuptools"):
        del chosen["CMakeLists.txt"]
    for path, text in chosen.items():
        (WORK / name / path).parent.mkdir(parents=True, exist_ok=True)
        (WORK / name / path).write_text(text)
    assert chosen, f"the page has no files of {name}"
    return WORK / name


def page_commands(case, page=PAGE):
    return re.search(rf"^<!-- run: {case} -->\n```sh\n(.*?)^```$", page, re.M | re.S)[1]


def shell(text, **extra):
    # The python3 of these lines, and its python3-config, are those of the build.
    tools = WORK / "tools"
    tools.mkdir(exist_ok=True)
    config = python_config()
    for name, program in ("python3", sys.executable), ("python3-config", config):
        if program:
            (tools / name).write_text(f'#!/bin/sh\nexec {shlex.quote(program)} "$@"\n')
            (tools / name).chmod(0o755)
    path = os.pathsep.join([str(tools), ENVIRONMENT["PATH"]])
    return run("bash", "-euo", "pipefail", "-c", text, env={"PATH": path, **extra.pop("env", {})}, **extra)


def python_config():
    """The python3-config of this Python: beside its program, for a virtual environment beside that of its base."""
    version = sysconfig.get_config_var("LDVERSION")
    for folder in (pathlib.Path(sys.executable).parent, pathlib.Path(sysconfig.get_config_var("BINDIR"))):
        if (config := folder / f"python{version}-config").is_file():
            return str(config)
    return None


def needs_python_config():
    if not python_config():
        skip("this Python has no python3-config (Debian: python3-dev)")


def needs_pypi():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        skip("this Python makes no virtual environments (Debian: python3-venv)")
    environment("tools-of-pip")
    asked = subprocess.run([python("tools-of-pip"), "-m", "pip", "download", "-q", "--no-deps", "--retries", "1",
                            "--timeout", "20", "-d", WORK / "asked", "scikit-build-core"],
                           env=ENVIRONMENT, text=True, capture_output=True)
    if asked.returncode != 0:
        skip(f"PyPI cannot be reached: {(asked.stderr.strip() or 'no reason given').splitlines()[-1]}")


def environment(name, of=sys.executable):
    run(of, "-m", "venv", WORK / name)


def python(name):
    return WORK / name / "bin" / "python"


def build_wheel(project, to, *options, by="tools-of-pip"):
    # Without the cache, which goes by the names of files, and those of this folder come again.
    run(python(by), "-m", "pip", "wheel", "--no-cache-dir", "--no-deps", "-w", to, *options, project)


def build_sdist(project, to):
    run(python("tools-of-pip"), "-m", "pip", "install", "-q", "build")
    run(python("tools-of-pip"), "-m", "build", "--sdist", "-o", to, project)


def wheel_of_adder(to):
    build_wheel(SOURCE, to)
    # A path with a space would be two for pip.
    ENVIRONMENT["PIP_FIND_LINKS"] = " ".join([to.as_uri(), *ENVIRONMENT.get("PIP_FIND_LINKS", "").split()])


def only(folder, pattern):
    found = list(folder.glob(pattern))
    assert len(found) == 1, f"{pattern} in {folder}: {found}"
    return found[0]


def as_if_installed(to="site"):
    """A folder for PYTHONPATH that has what the wheel of adder has, made without pip."""
    build = WORK / "adder-build"
    parts = ("TESTS", "EXAMPLES", "BENCHMARKS")
    run("cmake", "-S", SOURCE, "-B", build, *(f"-DADDER_BUILD_{part}=OFF" for part in parts))
    run("cmake", "--install", build, "--prefix", WORK / to / "adder")
    shutil.copytree(SOURCE / "cmake" / "python" / "adder", WORK / to / "adder", dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("__pycache__"))
    return WORK / to


def configure(project, prefix, *options, **extra):
    # Of an option that is given twice, the second one counts.
    return run("cmake", "-S", project, "-B", WORK / "build", f"-DCMAKE_PREFIX_PATH={prefix}",
               f"-DPython_EXECUTABLE={sys.executable}", *options, **extra)


# --- without PyPI -----------------------------------------------------------------------------------------------------
def versions():
    """All places that name a version name the same one."""
    minor = VERSION.rpartition(".")[0]
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION), VERSION
    assert f"Version {minor}, CPython" in (SOURCE / "README.md").read_text(), "README.md, Status"
    text = (SOURCE / "pyproject.toml").read_text()
    pattern = re.search(r"^regex = '''(.*?)'''$", text, re.M | re.S)[1]
    found = re.search(pattern, CONFIG)
    assert re.search(r'^result = "(.*)"$', text, re.M)[1].format(**found.groupdict()) == VERSION, "pyproject.toml"
    count = 0
    pages = [SOURCE / "README.md", *HERE.glob("**/*.txt")]
    for page in [*pages, *SOURCE.glob("docs/guide/*.md"), *SOURCE.glob("examples/**/*.*")]:
        if page.suffix not in {".md", ".toml", ".txt"}:
            continue
        for named in re.findall(r"find_package\(adder ([\d.]+)", page.read_text()):
            assert named == minor, f"{page} has version {named}, not {minor}"
            count += 1
        for named in re.findall(r"adder-cpp~=([\d.]+)", page.read_text()):
            assert named == f"{minor}.0", f"{page} has version {named}, not {minor}.0"
            count += 1
    assert count >= 8, f"only {count} places were found"
    build = WORK / "adder-build"
    as_if_installed()
    assert f"CMAKE_PROJECT_VERSION:STATIC={VERSION}\n" in (build / "CMakeCache.txt").read_text()
    assert run(sys.executable, "-m", "adder", "--version", env={"PYTHONPATH": WORK / "site"}) == VERSION + "\n"


def quotes():
    """What a page quotes of a file is in the file."""
    count = 0
    for page in SOURCE.glob("docs/guide/*.md"):
        parts = r"^<!-- part of: (\S+) -->\n(?:<!-- no-test -->\n)?```\w+\n(.*?)^```$"
        for path, text in re.findall(parts, page.read_text(), re.M | re.S):
            assert text in (page.parent / path).read_text(), f"{page} quotes of {path} what is not in it:\n{text}"
            count += 1
    assert count >= 3, f"only {count} quotes were found"


def example():
    """examples/wheel by CMake alone, without the compiled core: the bindings of a module in several files."""
    try:
        import pytest  # noqa: F401
    except ImportError:
        skip("this Python has no pytest (Debian: python3-pytest)")
    configure(SOURCE / "examples" / "wheel", as_if_installed() / "adder", "-DADDER_HEADER_ONLY=ON",
              "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror")
    run("cmake", "--build", WORK / "build")
    shutil.copytree(SOURCE / "examples" / "wheel" / "src" / "edits", WORK / "installed" / "edits")
    run("cmake", "--install", WORK / "build", "--prefix", WORK / "installed")
    assert {file.name for file in (WORK / "installed").iterdir()} == {"edits"}
    run(sys.executable, HERE.parent / "python" / "run_pytest.py", "tests", cwd=SOURCE / "examples" / "wheel",
        env={"PYTHONPATH": WORK / "installed"})


def build_edits(prefix, build, precompiled, target, *options):
    """examples/wheel with those options, whose module is imported. The names of the files that were made."""
    project = WORK / f"sources of {build}"
    shutil.copytree(SOURCE / "examples" / "wheel", project)
    if precompiled:
        with open(project / "CMakeLists.txt", "a") as lists:
            lists.write("target_precompile_headers(_core PRIVATE <adder/adder.hpp>)\n")
    run("cmake", "-S", project, "-B", WORK / build, f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Debug",
        f"-DPython_EXECUTABLE={sys.executable}", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror", *options)
    run("cmake", "--build", WORK / build, "--target", target)
    used = "import _core; assert _core.Index(['ab', 'xy']).near('ac') == [('ab', 1), ('xy', 2)]"
    run(sys.executable, "-c", used, env={"PYTHONPATH": WORK / build})
    return [path.relative_to(WORK / build).as_posix() for path in (WORK / build).rglob("*")]


def few_files():
    """What makes a module of several files quick to compile: all in one, or adder's headers compiled first."""
    prefix = as_if_installed() / "adder"

    def unity(made):
        return [name for name in made if name.endswith("/_core.dir/Unity/unity_0_cxx.cxx.o")]

    def precompiled(made):
        return [name for name in made if re.search(r"/_core\.dir/cmake_pch\.hxx\.(gch|pch)$", name)]

    made = build_edits(prefix, "unity", False, "_core", "-DCMAKE_UNITY_BUILD=ON")
    assert unity(made) and not precompiled(made), made
    made = build_edits(prefix, "precompiled", True, "all")
    assert precompiled(made) and not unity(made), made
    assert "def distance(" in (WORK / "precompiled" / "_core.pyi").read_text()
    made = build_edits(prefix, "both", True, "_core", "-DCMAKE_UNITY_BUILD=ON", "-DADDER_HEADER_ONLY=ON")
    assert unity(made) and precompiled(made), made


def compiler():
    needs_python_config()
    shutil.copy(HERE / "hello.cpp", WORK)
    check = f"python3 {shlex.quote(str(HERE / 'check_hello.py'))}\nrm hello.*.so"
    # Each line that compiles is looked at on its own: what one has made would hide that the next makes nothing.
    options, *lines = page_commands("compiler").splitlines()
    assert len(lines) == 2 and options.startswith("options=")
    if " " not in str(WORK):
        for line in lines:
            shell(f"{options}\n{line}\n{check}", cwd=WORK, env={"PYTHONPATH": f"{as_if_installed()}:{WORK}"})
    shell(f"{options}\n{page_commands('spaces')}{check}", cwd=WORK,
          env={"PYTHONPATH": f"{as_if_installed('a site')}:{WORK}"})


def pkg_config():
    needs_python_config()
    if not shutil.which("pkg-config"):
        skip("pkg-config is not installed (Debian: pkg-config)")
    if " " in str(WORK):
        skip(f"there is a space in {WORK}, and the line that is tried would need eval")
    shutil.copy(HERE / "hello.cpp", WORK)
    check = f"python3 {shlex.quote(str(HERE / 'check_hello.py'))}\npkg-config --modversion adder\n"
    printed = shell(page_commands("pkg_config") + check, cwd=WORK, env={"PYTHONPATH": f"{as_if_installed()}:{WORK}"})
    assert printed.splitlines()[-1] == VERSION


def embed():
    needs_python_config()
    if not sysconfig.get_config_var("Py_ENABLE_SHARED"):
        skip("this Python has no shared library to embed")
    (WORK / "main.cpp").write_text((SOURCE / "examples" / "embed" / "embed.cpp").read_text())
    library = sysconfig.get_config_var("LIBDIR")
    run_it = "./main > printed.txt\ncat printed.txt\n"
    shell(page_commands("embed") + run_it, cwd=WORK, env={"LD_LIBRARY_PATH": library, "PYTHONHOME": sys.base_prefix})
    assert (WORK / "printed.txt").read_text()


def stubs():
    """docs/guide/stubs.md and its part on builds: the lines without CMake make the stub that it shows, and so does a host's compiler in CMake."""
    page = (GUIDE / "stubs.md").read_text() + (GUIDE / "stubs-builds.md").read_text()
    blocks = {language: re.search(rf"^```{language}\n(.*?)^```$", page, re.M | re.S)[1] for language in ("cpp", "pyi")}
    project = WORK / "shapes"
    project.mkdir(parents=True)
    (project / "shapes.cpp").write_text(blocks["cpp"])
    site = as_if_installed()
    if " " not in str(WORK):  # packaging-cmake.md says what is written where there is one.
        shell(page_commands("stubs", page), cwd=project, env={"PYTHONPATH": site})
        assert (project / "shapes.pyi").read_text() == blocks["pyi"]

    (project / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(shapes LANGUAGES CXX)\nfind_package(adder REQUIRED)\n"
        "add_library(nowhere SHARED IMPORTED)\nset_target_properties(nowhere PROPERTIES IMPORTED_LOCATION /nowhere.so)\n"
        "adder_add_module(shapes shapes.cpp)\n"
        "target_link_libraries(shapes PRIVATE nowhere)\n"
        "adder_add_stub(shapes OUTPUT \"${CMAKE_CURRENT_BINARY_DIR}/made here\" INSTALL shapes PY_TYPED STRICT)\n")
    # To CMake, a system that is named is another one.
    cross = ["-DADDER_HEADER_ONLY=ON", f"-DCMAKE_SYSTEM_NAME={os.uname().sysname}"]
    printed = configure(project, site / "adder", *cross, fails=True)
    assert "-D ADDER_HOST_CXX=g++ -D ADDER_HOST_PYTHON=/usr/bin/python3" in " ".join(printed.split())
    configure(project, site / "adder", *cross, f"-DADDER_HOST_CXX={CXX}", f"-DADDER_HOST_PYTHON={sys.executable}")
    run("cmake", "--build", WORK / "build", "--target", "shapes_stub")
    made = WORK / "build" / "made here"
    assert (made / "shapes.pyi").read_text() == blocks["pyi"]
    assert {file.name for file in made.iterdir()} == {"shapes.pyi", "py.typed"}
    # Nothing changed, so nothing is done; a source did, so it is.
    stamp = (made / "shapes.pyi").stat().st_mtime_ns
    run("cmake", "--build", WORK / "build", "--target", "shapes_stub")
    assert (made / "shapes.pyi").stat().st_mtime_ns == stamp
    (project / "shapes.cpp").write_text(blocks["cpp"].replace('"areas"', '"all_areas"'))
    run("cmake", "--build", WORK / "build", "--target", "shapes_stub")
    assert (made / "shapes.pyi").read_text() == blocks["pyi"].replace("areas(", "all_areas(").replace('"areas"', '"all_areas"')


def fetch_content():
    project = write_project("fetch_content")
    shutil.copy(HERE / "hello.cpp", project)
    with tarfile.open(WORK / "adder.tar.gz", "w:gz") as archive:
        for part in ("CMakeLists.txt", "LICENSE", "cmake", "include"):
            archive.add(SOURCE / part, f"adder/{part}")
    configure(project, "", f"-DADDER_URL={WORK / 'adder.tar.gz'}", "-DCMAKE_BUILD_TYPE=Debug")
    run("cmake", "--build", WORK / "build")
    run(sys.executable, HERE / "check_hello.py", env={"PYTHONPATH": WORK / "build"})
    # Nor does the project install adder, which would be in its wheels then.
    run("cmake", "--install", WORK / "build", "--prefix", WORK / "prefix")
    assert not (WORK / "prefix").exists()


def bad_python():
    """What find_package(adder) says of a Python that does not do."""
    prefix = as_if_installed() / "adder"
    project = HERE / "find_package"
    printed = configure(project, prefix, f"-DPython_INCLUDE_DIR={WORK / 'nowhere'}", fails=True)
    assert "adder needs the headers of" in printed and "python3-dev" in printed
    shutil.rmtree(WORK / "build")
    printed = configure(project, prefix, f"-DPython_EXECUTABLE={WORK / 'nowhere'}", fails=True)
    assert "adder needs CPython 3.10 or newer" in printed
    shutil.rmtree(WORK / "build")
    # As if the headers that CMake has kept were those of the other kind of Python.
    headers = pathlib.Path(sysconfig.get_path("include"))
    others = WORK / (headers.name.removesuffix("t") if headers.name.endswith("t") else f"{headers.name}t")
    others.symlink_to(headers)
    printed = configure(project, prefix, f"-DPython_INCLUDE_DIR={others}", fails=True)
    assert "one of the two is free-threaded" in " ".join(printed.split())
    shutil.rmtree(WORK / "build")
    run("cmake", "-S", HERE / "maybe_adder", "-B", WORK / "build", f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DPython_EXECUTABLE={WORK / 'nowhere'}")  # Not REQUIRED, so no error.


# --- with PyPI -------------------------------------------------------------------------------------------------------
def pip():
    """The wheel of adder, and that of its source distribution, have what they should; so have environments with it."""
    needs_pypi()
    wheel_of_adder(WORK / "wheels")
    wheel = only(WORK / "wheels", "*")
    assert wheel.name == f"adder_cpp-{VERSION}-py3-none-any.whl", wheel.name
    names = set(zipfile.ZipFile(wheel).namelist())
    headers = {f"adder/{file.relative_to(SOURCE).as_posix()}" for file in SOURCE.glob("include/**/*.hpp")}
    packed = {name for name in names if "/include/" in name}
    assert headers == packed, headers ^ packed
    info = f"adder_cpp-{VERSION}.dist-info"
    sources = SOURCE / "cmake" / "python"
    others = {*(file.relative_to(sources).as_posix() for file in sources.glob("adder/**/*.py")), "adder/py.typed",
              "adder/share/pkgconfig/adder.pc", "adder/share/adder/gdb/adder_printers.py",
              "adder/share/cmake/adder/adder.cppm",
              *(f"{info}/{name}" for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")),
              *(f"adder/share/cmake/adder/adder{name}.cmake"
                for name in ("Config", "ConfigVersion", "Module", "Stubs", "Targets"))}
    assert names - headers == others, names - headers ^ others

    build_sdist(SOURCE, WORK / "sdist")
    with tarfile.open(only(WORK / "sdist", "*")) as archive:
        inside = {name.split("/", 1)[1] for name in archive.getnames()}
    assert {name.split("/")[0] for name in inside} == {
        "CHANGELOG.md", "CMakeLists.txt", "LICENSE", "PKG-INFO", "README.md", "cmake", "include", "pyproject.toml"}
    build_wheel(only(WORK / "sdist", "*"), WORK / "again")
    assert set(zipfile.ZipFile(only(WORK / "again", "*")).namelist()) == names

    environment("an environment")
    user = python("an environment")
    run(user, "-m", "pip", "install", "--no-index", wheel)
    assert run(user, "-m", "adder", "--version", cwd=WORK) == VERSION + "\n"
    root = only(WORK / "an environment", "lib/*/site-packages/adder")
    assert run(user, "-m", "adder", "--cmakedir", cwd=WORK) == f"{root / 'share' / 'cmake' / 'adder'}\n"
    assert run(user, "-m", "adder", "--pkgconfigdir", cwd=WORK) == f"{root / 'share' / 'pkgconfig'}\n"
    options = shlex.split(run(user, "-m", "adder", "--includes", cwd=WORK))
    assert options == [f"-I{root / 'include'}", f"-I{sysconfig.get_path('include')}"], options
    assert "one of the arguments" in run(user, "-m", "adder", cwd=WORK, fails=True)


def test_wheel(wheel, tests, of=sys.executable):
    """Installs a wheel and runs its tests in an environment that has nothing else."""
    name = f"environment of {wheel.parent.name}"
    environment(name, of)
    run(python(name), "-m", "pip", "install", "-q", wheel, "pytest")
    run(python(name), "-m", "pytest", "-q", "-p", "no:cacheprovider", tests, cwd=WORK)


def wheel_example():
    """examples/wheel, in a folder with a space in its name."""
    needs_pypi()
    wheel_of_adder(WORK / "wheels of adder")
    project = WORK / "the example"
    shutil.copytree(SOURCE / "examples" / "wheel", project)
    build_wheel(project, WORK / "dist")
    version = sysconfig.get_config_var("py_version_nodot").rstrip("t")
    flags = "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
    wheel = only(WORK / "dist", f"edits-1.0.0-cp{version}-cp{version}{flags}-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    module = f"edits/_core{sysconfig.get_config_var('EXT_SUFFIX')}"
    assert {name for name in names if not name.startswith("edits-1.0.0.dist-info/")} == {
        "edits/__init__.py", "edits/_core.pyi", "edits/py.typed", module}, names
    test_wheel(wheel, project / "tests")


def sdist_example():
    """The source distribution of examples/wheel."""
    needs_pypi()
    wheel_of_adder(WORK / "wheels")
    build_sdist(SOURCE / "examples" / "wheel", WORK / "sdist")
    # Of the other build type.
    build_wheel(only(WORK / "sdist", "edits-1.0.0.tar.gz"), WORK / "dist", "--config-settings=cmake.build-type=Debug")
    test_wheel(only(WORK / "dist", "*.whl"), SOURCE / "examples" / "wheel" / "tests")


def wheel_freethreaded():
    """examples/wheel by a Python without a GIL, which stays off."""
    needs_pypi()
    found = subprocess.run([SOURCE / "tests" / "freethreaded" / "find_python.sh", "freethreaded"],
                           text=True, capture_output=True)
    if found.returncode == 77:
        skip(found.stderr.strip().removeprefix("SKIPPED: "))
    other = found.stdout.strip()
    wheel_of_adder(WORK / "wheels")
    environment("freethreaded", other)
    build_wheel(SOURCE / "examples" / "wheel", WORK / "dist", "--config-settings=cmake.build-type=Debug",
                by="freethreaded")
    wheel = only(WORK / "dist", "edits-1.0.0-cp3??-cp3??t-*.whl")
    test_wheel(wheel, SOURCE / "examples" / "wheel" / "tests", other)


def greeting():
    needs_pypi()
    shell(page_commands("greeting"), cwd=write_project("greeting"))


def recipe(name):
    needs_pypi()
    wheel_of_adder(WORK / "wheels")
    project = write_project(name)
    build_wheel(project, WORK / "dist")
    test_wheel(only(WORK / "dist", "greeting-1.0.0-*.whl"), project / "tests")


CASES = {case.__name__: case for case in (versions, quotes, example, few_files, compiler, stubs, pkg_config, embed,
                                          fetch_content, bad_python, pip, wheel_example, sdist_example,
                                          wheel_freethreaded, greeting)}
CASES["meson"] = lambda: recipe("meson")
CASES["setuptools"] = lambda: recipe("setuptools")

shutil.rmtree(WORK, ignore_errors=True)
WORK.mkdir(parents=True)
CASES[sys.argv[1]]()
