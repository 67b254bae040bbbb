# SPDX-License-Identifier: MIT
"""Measures what many bindings cost to compile and to carry, in adder and in its peers, and prints the tables.

The field's known benchmark: 720 functions that take the permutations of six types and return the sum of their
arguments, or with --classes as many classes with a constructor of the six and one method. The sources are generated
into the build folder, compiled with -Os, linked, stripped, imported and called.

Peers are Debian's newest packages, unpacked below the build folder and not installed. What cannot be had is named and
left out.
"""

import argparse
import dataclasses
import importlib
import itertools
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig

from peer_packages import unpack

HERE = pathlib.Path(__file__).resolve().parent

# One value for each type; their sum is exact in whatever order and type it is taken.
VALUES = {"uint16_t": 40000, "int64_t": 5, "int32_t": 7, "uint64_t": 9, "uint32_t": 11, "float": 0.5}
SUM = sum(VALUES.values())
NAMES = "abcdef"
BINDINGS = list(itertools.permutations(VALUES))


# --- sources ----------------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Task:
    """What is bound, and how much of it."""

    kind: str  # "functions", "named" functions, whose arguments can be keywords, or "classes"
    count: int

    @property
    def bindings(self):
        """[(index, types of the six parameters)]."""
        return list(enumerate(BINDINGS[:self.count]))

    @property
    def title(self):
        return {"functions": f"{self.count} functions", "named": f"{self.count} functions with named arguments",
                "classes": f"{self.count} classes"}[self.kind]

    def one(self):
        return dataclasses.replace(self, count=1)


def parameters(types):
    return ", ".join(f"{type} {name}" for type, name in zip(types, NAMES))


def declarations(task):
    """What is to be bound, the same for all."""
    if task.kind != "classes":
        yield "namespace {"
        for index, types in task.bindings:
            yield f"float test_{index:04}({parameters(types)}) {{ return {' + '.join(NAMES)}; }}"
        yield "}  // namespace"
        return
    yield "namespace {"
    for index, types in task.bindings:
        yield f"struct Struct{index:04} {{"
        yield f"  Struct{index:04}({parameters(types)}) : {', '.join(f'{name}({name})' for name in NAMES)} {{}}"
        yield f"  float sum() const {{ return {' + '.join(NAMES)}; }}"
        yield from (f"  {type} {name};" for type, name in zip(types, NAMES))
        yield "};"
    yield "}  // namespace"


def adder_source(task, module):
    yield "#include <adder/adder.hpp>\n#include <cstdint>"
    yield from declarations(task)
    if task.kind == "classes":
        for index, types in task.bindings:
            yield f"template <>\nstruct adder::PyClass<Struct{index:04}> {{"
            yield f'  static constexpr auto name = "Struct{index:04}";'
            yield f"  static void define(ClassBuilder<Struct{index:04}>& cls) {{"
            yield f"    cls.def_new<{', '.join(types)}>();"
            yield f'    cls.def<&Struct{index:04}::sum>("sum");\n  }}\n}};'
    yield f"using adder::arg;\nADDER_MODULE({module}, m) {{"
    names = "".join(f', arg("{name}")' for name in NAMES) if task.kind == "named" else ""
    for index, _ in task.bindings:
        yield (f"  m.add_class<Struct{index:04}>();" if task.kind == "classes" else
               f'  m.def<&test_{index:04}>("test_{index:04}"{names});')
    yield "}"


def bind_source(task, module, header, namespace, macro):
    """nanobind and pybind11, whose spelling is the same."""
    yield f"#include <{header}>\n#include <cstdint>\nnamespace py = {namespace};"
    yield from declarations(task)
    yield f"{macro}({module}, m) {{"
    names = "".join(f', py::arg("{name}")' for name in NAMES) if task.kind == "named" else ""
    for index, types in task.bindings:
        if task.kind == "classes":
            yield f'  py::class_<Struct{index:04}>(m, "Struct{index:04}")'
            yield f"      .def(py::init<{', '.join(types)}>())"
            yield f'      .def("sum", &Struct{index:04}::sum);'
        else:
            yield f'  m.def("test_{index:04}", &test_{index:04}{names});'
    yield "}"


def nanobind_source(task, module):
    return bind_source(task, module, "nanobind/nanobind.h", "nanobind", "NB_MODULE")


def pybind11_source(task, module):
    return bind_source(task, module, "pybind11/pybind11.h", "pybind11", "PYBIND11_MODULE")


def capi_loads(types, name, objects):
    """The declarations of the six values, and the condition under which one of them did not load."""
    loads = [f"!load_{'float' if type == 'float' else 'int'}({objects}[{i}], {variable}, {name}, {i + 1})"
             for i, (type, variable) in enumerate(zip(types, NAMES))]
    return " ".join(f"{type} {variable};" for type, variable in zip(types, NAMES)), " || ".join(loads)


def capi_function(index, types, named):
    name = f'"test_{index:04}"'
    values, failed = capi_loads(types, name, "args")
    yield (f"PyObject* call_{index:04}(PyObject*, Args args, Py_ssize_t given"
           f"{', PyObject* keywords' if named else ''}) {{")
    if named:
        yield "  PyObject* bound[parameter_count];"
        yield "  if (given != parameter_count || keywords != nullptr) {"
        yield f"    if (!bind({name}, args, given, keywords, bound)) return nullptr;\n    args = bound;\n  }}"
    else:
        yield f"  if (!check_count({name}, given, parameter_count)) return nullptr;"
    yield f"  {values}\n  if ({failed}) return nullptr;"
    yield f"  return PyFloat_FromDouble(test_{index:04}({', '.join(NAMES)}));\n}}"


def capi_class(index, types, module):
    struct, name = f"Struct{index:04}", f'"Struct{index:04}"'
    values, failed = capi_loads(types, name, "args")
    yield f"struct Object{index:04} {{\n  PyObject header;\n  {struct} value;\n}};"
    yield f"PyObject* make_{index:04}(PyTypeObject* type, Args args, Py_ssize_t given) {{"
    yield f"  if (!check_count({name}, given, parameter_count)) return nullptr;"
    yield f"  {values}\n  if ({failed}) return nullptr;"
    yield f"  auto* self = PyObject_New(Object{index:04}, type);\n  if (self == nullptr) return nullptr;"
    yield f"  ::new (&self->value) {struct}({', '.join(NAMES)});\n  return &self->header;\n}}"
    yield f"PyObject* vectorcall_{index:04}(PyObject* type, Args args, std::size_t flags, PyObject* keywords) {{"
    yield f"  if (keywords != nullptr && !refuse_keywords({name})) return nullptr;"
    yield f"  return make_{index:04}(reinterpret_cast<PyTypeObject*>(type), args, PyVectorcall_NARGS(flags));\n}}"
    yield f"PyObject* new_{index:04}(PyTypeObject* type, PyObject* args, PyObject* keywords) {{"
    yield f"  if (keywords != nullptr && PyDict_GET_SIZE(keywords) != 0 && !refuse_keywords({name})) return nullptr;"
    yield f"  return make_{index:04}(type, &PyTuple_GET_ITEM(args, 0), PyTuple_GET_SIZE(args));\n}}"
    yield f"PyObject* sum_{index:04}(PyObject* self, PyObject*) {{"
    yield f"  return PyFloat_FromDouble(reinterpret_cast<Object{index:04}*>(self)->value.sum());\n}}"
    yield f"PyMethodDef methods_{index:04}[] = {{"
    yield f'    {{"sum", &sum_{index:04}, METH_NOARGS, nullptr}}, {{nullptr, nullptr, 0, nullptr}}}};'
    yield f"PyType_Slot slots_{index:04}[] = {{"
    yield f"    {{Py_tp_new, reinterpret_cast<void*>(&new_{index:04})}},"
    yield "    {Py_tp_dealloc, reinterpret_cast<void*>(&deallocate)},"
    yield f"    {{Py_tp_methods, methods_{index:04}}}, {{0, nullptr}}}};"
    yield f'PyType_Spec spec_{index:04}{{"{module}.{struct}", sizeof(Object{index:04}), 0,'
    yield f"                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, slots_{index:04}}};"


def capi_source(task, module):
    yield '#include "capi.hpp"\n#include <cstddef>\n#include <cstdint>\n#include <new>'
    yield from declarations(task)
    yield "namespace {\nusing namespace capi;"
    for index, types in task.bindings:
        yield from (capi_class(index, types, module) if task.kind == "classes" else
                    capi_function(index, types, task.kind == "named"))
    yield "PyMethodDef functions[] = {"
    if task.kind != "classes":
        flags = "METH_FASTCALL | METH_KEYWORDS" if task.kind == "named" else "METH_FASTCALL"
        for index, _ in task.bindings:
            yield f'    {{"test_{index:04}", as_cfunction(&call_{index:04}), {flags}, nullptr}},'
    yield "    {nullptr, nullptr, 0, nullptr}};\nint fill([[maybe_unused]] PyObject* module) {"
    if task.kind == "classes":
        for index, _ in task.bindings:
            yield (f'  if (!add_class(module, "Struct{index:04}", &spec_{index:04}, &vectorcall_{index:04})) '
                   "return -1;")
    yield f"  return {'intern_parameters() ? 0 : -1' if task.kind == 'named' else '0'};\n}}"
    yield "PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void*>(&fill)}, {0, nullptr}};"
    yield f'PyModuleDef definition{{PyModuleDef_HEAD_INIT, "{module}", nullptr, 0, functions, slots,'
    yield "                       nullptr, nullptr, nullptr};"
    yield f"}}  // namespace\nPyMODINIT_FUNC PyInit_{module}(void) {{ return PyModuleDef_Init(&definition); }}"


# --- libraries --------------------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Library:
    title: str
    stem: str  # "nanobind_shared"
    source: object  # (Task, module name) -> lines
    flags: list = dataclasses.field(default_factory=list)
    runtime: tuple = ()  # Source and flags of the library's own code.
    runtime_shared: bool = False


def version(header, *macros):
    """"2.12.0", from the macros that say so."""
    text = header.read_text()
    return ".".join(re.search(rf"#\s*define {macro}\s+(\w+)", text)[1] for macro in macros)


def mirror():
    """Where this machine's packages come from, or None where it has no apt-get."""
    if shutil.which("apt-get") is None:
        return None
    done = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
                          text=True, capture_output=True)
    addresses = [line for line in done.stdout.split() if line.rstrip("/").endswith("/debian")]
    return addresses[0] if addresses else None


def use_suite(folder, suite):
    """Has apt-get look into one suite of Debian, with lists of its own: the machine's are left alone."""
    address = mirror()
    if address is None:
        print(f"Debian {suite} cannot be asked: this machine has no Debian packages")
        return
    lists = folder / "apt" / suite
    for part in ("lists/partial", "cache/archives/partial"):
        (lists / part).mkdir(parents=True, exist_ok=True)
    (lists / "status").touch()
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (lists / "sources.list").write_text(f"deb [signed-by={keyring}] {address} {suite} main\n")
    (lists / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "{lists}/sources.list";\nDir::Etc::sourceparts "-";\nAPT::Sandbox::User "root";\n'
        f'Dir::State::lists "{lists}/lists";\nDir::State::status "{lists}/status";\nDir::Cache "{lists}/cache";\n')
    os.environ["APT_CONFIG"] = str(lists / "apt.conf")
    if shutil.which("apt-get") and not list((lists / "lists").glob("*_Packages*")):
        done = subprocess.run(["apt-get", "update"], text=True, capture_output=True)
        if done.returncode != 0:
            print(f"Debian {suite}: apt-get update failed: {done.stderr.strip()}")


def libraries(options):
    """All that can be had, adder first."""
    found = [Library("adder", "adder", adder_source, ["-std=c++20", f"-I{options.include.resolve()}"])]
    peers = options.build / "peers"
    use_suite(peers, options.suite)
    root = unpack(["nanobind-dev", "robin-map-dev"], peers)
    if root is not None:
        share = root / "usr/share/nanobind"
        name = "nanobind " + version(share / "include/nanobind/nanobind.h", "NB_VERSION_MAJOR", "NB_VERSION_MINOR",
                                     "NB_VERSION_PATCH")
        common = ["-std=c++17", f"-I{share / 'include'}", f"-I{root / 'usr/include'}"]
        # As nanobind's own CMake files build it for size.
        runtime = ["-fno-strict-aliasing", "-DNB_COMPACT_ASSERTIONS"]
        sections = ["-ffunction-sections", "-fdata-sections"]
        source = share / "src/nb_combined.cpp"
        found.append(Library(f"{name}, static", "nanobind", nanobind_source, common + sections, (source, runtime)))
        found.append(Library(f"{name}, shared", "nanobind_shared", nanobind_source, [*common, "-DNB_SHARED"],
                             (source, [*runtime, "-DNB_BUILD"]), True))
    root = unpack(["pybind11-dev"], peers)
    if root is not None:
        name = "pybind11 " + version(root / "usr/include/pybind11/detail/common.h", "PYBIND11_VERSION_MAJOR",
                                     "PYBIND11_VERSION_MINOR", "PYBIND11_VERSION_(?:PATCH|MICRO)")
        found.append(Library(name, "pybind11", pybind11_source, ["-std=c++17", f"-I{root / 'usr/include'}"]))
    found.append(Library("C API", "capi", capi_source, ["-std=c++20", f"-I{HERE / 'bindings_cost'}"]))
    return found


# --- compiling --------------------------------------------------------------------------------------------------------


class CompileError(Exception):
    pass


def run(command, log):
    """(CPU seconds, peak MiB) of the command and its children."""
    command = [str(word) for word in command]
    with log.open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        first = [line for line in log.read_text().splitlines() if "error" in line][:3]
        raise CompileError("\n".join([shlex.join(command), *first, f"the rest is in {log}"]))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


@dataclasses.dataclass
class Build:
    """One library with one compiler: its module of all bindings."""

    library: Library
    compiler: str
    folder: pathlib.Path
    seconds: float = float("inf")
    mebibytes: float = 0
    bytes: int = 0
    runtime_bytes: int = 0

    @property
    def compile(self):
        # The same for all. Without a stack protector, as nanobind's CMake files have it; Debian's compilers have none
        # by default.
        return [self.compiler, "-Os", "-DNDEBUG", "-fPIC", "-fvisibility=hidden", "-fno-stack-protector", "-w",
                f"-I{sysconfig.get_paths()['include']}", *self.library.flags]

    @property
    def link(self):
        return [self.compiler, "-shared", "-s", "-Wl,--gc-sections", "-Wl,-rpath,$ORIGIN"]

    def log(self, name):
        return self.folder / f"{name}.log"

    def module(self, task):
        return f"{task.kind}_{task.count}_{self.library.stem}"

    def prepare(self):
        """Builds the library's own code, which does not count as compiling a module."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.library.runtime:
            return
        source, flags = self.library.runtime
        target = self.runtime_object()
        run([*self.compile, *flags, "-c", source, "-o", target], self.log(target.name))
        if self.library.runtime_shared:
            run([*self.link, target, "-o", self.folder / "libnanobind.so"], self.log("libnanobind"))
            self.runtime_bytes = (self.folder / "libnanobind.so").stat().st_size

    def runtime_object(self):
        return self.folder / f"{self.library.stem}_runtime.o"

    def measure(self, task):
        """Compiles once more; times are the least, memory the most seen."""
        module = self.module(task)
        source, target = self.folder / f"{module}.cpp", self.folder / f"{module}.o"
        source.write_text("\n".join(self.library.source(task, module)) + "\n")
        seconds, mebibytes = run([*self.compile, "-c", source, "-o", target], self.log(module))
        self.seconds, self.mebibytes = min(self.seconds, seconds), max(self.mebibytes, mebibytes)

    def finish(self, task):
        """Links and checks."""
        module = self.module(task)
        shared = self.folder / f"{module}{sysconfig.get_config_var('EXT_SUFFIX')}"
        objects = [self.folder / f"{module}.o"]
        if self.library.runtime_shared:
            objects += [f"-L{self.folder}", "-lnanobind"]
        elif self.library.runtime:
            objects.append(self.runtime_object())
        run([*self.link, *objects, "-o", shared], self.log(module))
        self.bytes = shared.stat().st_size
        run([sys.executable, __file__, "--check", self.folder, module, "--count", task.count], self.log(module))


def check(folder, name):
    """Calls the first, a middle and the last binding of a module, rightly and wrongly."""
    sys.path.insert(0, folder)
    module = importlib.import_module(name)
    count = int(name.split("_")[1])
    for index in {0, count // 2, count - 1}:
        values = [VALUES[type] for type in BINDINGS[index]]
        if name.startswith("classes"):
            call = lambda *arguments, index=index: getattr(module, f"Struct{index:04}")(*arguments).sum()
        else:
            call = getattr(module, f"test_{index:04}")
        assert call(*values) == SUM, f"{name}, {index}: {call(*values)}"
        wrong = BINDINGS[index].index("uint16_t")
        too_large = [70000 if i == wrong else value for i, value in enumerate(values)]
        for arguments in (values[:5], ["x", *values[1:]], too_large):
            try:
                call(*arguments)
            except (TypeError, OverflowError):
                continue
            raise AssertionError(f"{name}, {index} takes {arguments}")
        if name.startswith("named"):
            by_name = dict(zip(NAMES, values))
            assert call(**by_name) == SUM and call(values[0], **dict(list(by_name.items())[:0:-1])) == SUM


# --- tables -----------------------------------------------------------------------------------------------------------


def number(value, digits):
    return f"{value:,.{digits}f}"


def render(header, rows):
    rows = [header, *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    lines = ["| " + " | ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) + " |" for row in rows]
    rule = "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])])
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])


HEADER = ["", "compile, s", "ratio", "peak, MiB", "ratio", "bytes", "ratio", "each, ms", "each, bytes"]


def rows(builds, ones, count):
    """One for each library; `each` is what a binding adds to a module that has one already."""
    base = next((build for build in builds if build.library.stem == "nanobind"), None)
    ratio = lambda field, build: number(getattr(build, field) / getattr(base, field), 2) if base else ""
    for build, one in zip(builds, ones):
        each = lambda field: (getattr(build, field) - getattr(one, field)) / (count - 1) if count > 1 else None
        cells = [build.library.title]
        for field, digits in (("seconds", 2), ("mebibytes", 0), ("bytes", 0)):
            cells += [number(getattr(build, field), digits), ratio(field, build)]
        yield [*cells, *([number(1000 * each("seconds"), 2), number(each("bytes"), 0)] if count > 1 else ["", ""])]


def compiler_name(compiler):
    version_line = subprocess.run([compiler, "--version"], text=True, capture_output=True).stdout.splitlines()[0]
    return f"{compiler} {re.search(r'[0-9]+[.][0-9]+[.][0-9]+', version_line)[0]}"


def measure(options, task, compiler, wanted):
    """The table of one compiler, with what has to be said below it."""
    folder = options.build / compiler
    pairs = []
    for library in wanted:
        pair = [Build(library, compiler, folder) for _ in range(2)]
        try:
            pair[0].prepare()
            for build, what in zip(pair, (task, task.one())):
                build.measure(what)
                build.finish(what)
        except CompileError as error:
            print(f"{library.title} with {compiler} is left out:\n{error}", file=sys.stderr)
        else:
            pairs.append(pair)
    for _ in range(options.runs - 1):  # Mixed: a disturbance hits all.
        for pair in pairs:
            for build, what in zip(pair, (task, task.one())):
                build.measure(what)
    builds = [build for build, _ in pairs]
    table = render(HEADER, rows(builds, [one for _, one in pairs], task.count))
    notes = [f"libnanobind.so, which the shared row's modules need, has {number(build.runtime_bytes, 0)} bytes more."
             for build in builds if build.runtime_bytes]
    return "\n\n".join([f"### {task.title}, {compiler_name(compiler)} -Os", table, *notes])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--classes", action="store_true", help="classes in the place of functions")
    parser.add_argument("--named", action="store_true", help="functions whose arguments have names")
    parser.add_argument("--count", type=int, default=len(BINDINGS), help="how many are bound (at most %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="times are the least of so many compilations")
    parser.add_argument("--compiler", action="append", help="g++ and clang++ by default")
    parser.add_argument("--library", default="", metavar="REGEX", help="only libraries whose name matches")
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parent / "build/bindings_cost", metavar="FOLDER")
    parser.add_argument("--include", type=pathlib.Path, default=HERE.parent / "include", help="adder's headers")
    parser.add_argument("--suite", default="sid", help="the Debian suite that peers are taken from")
    parser.add_argument("--markdown", metavar="FILE", type=pathlib.Path, help="also write the tables to FILE")
    parser.add_argument("--check", nargs=2, metavar=("FOLDER", "MODULE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.check:
        return check(*options.check)
    if options.classes and options.named or not 1 <= options.count <= len(BINDINGS):
        parser.error("--named is about functions, and --count is from 1 to %d" % len(BINDINGS))
    options.build = options.build.resolve()
    task = Task("classes" if options.classes else "named" if options.named else "functions", options.count)
    wanted = [library for library in libraries(options) if re.search(options.library, library.stem)]
    parts = []
    for compiler in options.compiler or ("g++", "clang++"):
        if shutil.which(compiler) is None:
            print(f"{compiler} is missing: its table is left out", file=sys.stderr)
            continue
        parts.append(measure(options, task, compiler, wanted))
        print(f"{parts[-1]}\n", flush=True)
    if options.markdown:
        options.markdown.write_text("\n\n".join(parts) + "\n")


if __name__ == "__main__":
    sys.exit(main())
