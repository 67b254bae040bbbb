# SPDX-License-Identifier: MIT
"""The sources that static.py compiles: the field's known benchmark, functions that take the permutations of six types and
return the sum of their arguments, or as many classes with a constructor of the six and one method; and small modules.
"""

import dataclasses
import itertools

# One value for each type; their sum is exact in whatever order and type it is taken.
VALUES = {"uint16_t": 40000, "int64_t": 5, "int32_t": 7, "uint64_t": 9, "uint32_t": 11, "float": 0.5}
SUM = sum(VALUES.values())
NAMES = "abcdef"
BINDINGS = list(itertools.permutations(VALUES))


# --- sources ----------------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Task:
    """What is bound, and how much of it."""

    kind: str  # "functions", "named" functions, whose arguments can be keywords, or "classes", which "subclassable" are
    count: int

    @property
    def bindings(self):
        """[(index, types of the six parameters)]; from the 721st on they come again, of functions of their own."""
        return list(zip(range(self.count), itertools.cycle(BINDINGS)))

    @property
    def of_classes(self):
        return self.kind in ("classes", "subclassable")

    @property
    def title(self):
        what = {"functions": "functions", "named": "functions with named arguments", "classes": "final classes",
                "subclassable": "subclassable classes"}[self.kind]
        return f"{self.count} {what}" if self.count > 1 else f"one of the {what}"

    @property
    def stem(self):
        return f"{self.kind}_{self.count}"


def parameters(types):
    return ", ".join(f"{type} {name}" for type, name in zip(types, NAMES))


def declarations(task):
    """What is to be bound, the same for all."""
    if not task.of_classes:
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
    if task.of_classes:
        for index, types in task.bindings:
            yield f"template <>\nstruct adder::PyClass<Struct{index:04}> {{"
            yield f'  static constexpr auto name = "Struct{index:04}";'
            yield "  static constexpr bool subclass = true;" if task.kind == "subclassable" else ""
            yield f"  static void define(ClassBuilder<Struct{index:04}>& cls) {{"
            yield f"    cls.def_new<{', '.join(types)}>();"
            yield f'    cls.def<&Struct{index:04}::sum>("sum");\n  }}\n}};'
    yield f"using adder::arg;\nADDER_MODULE({module}, m) {{"
    names = "".join(f', arg("{name}")' for name in NAMES) if task.kind == "named" else ""
    for index, _ in task.bindings:
        yield (f"  m.add_class<Struct{index:04}>();" if task.of_classes else
               f'  m.def<&test_{index:04}>("test_{index:04}"{names});')
    yield "}"


def bind_source(task, module, header, namespace, macro):
    """nanobind and pybind11, whose spelling is the same."""
    yield f"#include <{header}>\n#include <cstdint>\nnamespace py = {namespace};"
    yield from declarations(task)
    yield f"{macro}({module}, m) {{"
    names = "".join(f', py::arg("{name}")' for name in NAMES) if task.kind == "named" else ""
    for index, types in task.bindings:
        if task.of_classes:
            final = ", py::is_final()" if task.kind == "classes" else ""
            yield f'  py::class_<Struct{index:04}>(m, "Struct{index:04}"{final})'
            yield f"      .def(py::init<{', '.join(types)}>())"
            yield f'      .def("sum", &Struct{index:04}::sum);'
        else:
            yield f'  m.def("test_{index:04}", &test_{index:04}{names});'
    yield "}"


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


def capi_class(index, types, module, subclassable):
    struct, name = f"Struct{index:04}", f'"Struct{index:04}"'
    values, failed = capi_loads(types, name, "args")
    yield f"struct Object{index:04} {{\n  PyObject header;\n  {struct} value;\n}};"
    yield f"PyObject* make_{index:04}(PyTypeObject* type, Args args, Py_ssize_t given) {{"
    yield f"  if (!check_count({name}, given, parameter_count)) return nullptr;"
    yield f"  {values}\n  if ({failed}) return nullptr;"
    make = f"reinterpret_cast<Object{index:04}*>(type->tp_alloc(type, 0))" if subclassable else f"PyObject_New(Object{index:04}, type)"
    yield f"  auto* self = {make};\n  if (self == nullptr) return nullptr;"
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
    base = " | Py_TPFLAGS_BASETYPE" if subclassable else ""
    yield f"                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE{base}, slots_{index:04}}};"


def capi_source(task, module):
    yield '#include "capi.hpp"\n#include <cstddef>\n#include <cstdint>\n#include <new>'
    yield from declarations(task)
    yield "namespace {\nusing namespace capi;"
    for index, types in task.bindings:
        yield from (capi_class(index, types, module, task.kind == "subclassable") if task.of_classes else
                    capi_function(index, types, task.kind == "named"))
    yield "PyMethodDef functions[] = {"
    if not task.of_classes:
        flags = "METH_FASTCALL | METH_KEYWORDS" if task.kind == "named" else "METH_FASTCALL"
        for index, _ in task.bindings:
            yield f'    {{"test_{index:04}", as_cfunction(&call_{index:04}), {flags}, nullptr}},'
    yield "    {nullptr, nullptr, 0, nullptr}};\nint fill([[maybe_unused]] PyObject* module) {"
    if task.of_classes:
        for index, _ in task.bindings:
            yield (f'  if (!add_class(module, "Struct{index:04}", &spec_{index:04}, &vectorcall_{index:04})) '
                   "return -1;")
    yield f"  return {'intern_parameters() ? 0 : -1' if task.kind == 'named' else '0'};\n}}"
    yield "PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void*>(&fill)}, {0, nullptr}};"
    yield f'PyModuleDef definition{{PyModuleDef_HEAD_INIT, "{module}", nullptr, 0, functions, slots,'
    yield "                       nullptr, nullptr, nullptr};"
    yield f"}}  // namespace\nPyMODINIT_FUNC PyInit_{module}(void) {{ return PyModuleDef_Init(&definition); }}"


# --- small modules ----------------------------------------------------------------------------------------------------

METHODS = 10
# Python's operators, and the C++ expressions of them.
BINARY = {"add": "+", "sub": "-", "mul": "*", "truediv": "/"}
COMPARE = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
SMALL = {"hello": "a module with one function", "methods": "a class with ten methods",
         "operators": "a class with twenty operators"}


def small_declarations(kind):
    yield "#include <cstddef>\n#include <cstdint>\nnamespace {"
    if kind == "hello":
        yield "std::int64_t twice(std::int64_t value) { return 2 * value; }"
    elif kind == "methods":
        yield "struct Thing {\n  std::int64_t value;\n  explicit Thing(std::int64_t start) : value(start) {}"
        yield from (f"  std::int64_t method_{i}(std::int64_t a) {{ return value += a + {i}; }}" for i in range(METHODS))
        yield "};"
    else:
        yield "struct Thing {\n  double value;\n  explicit Thing(double start) : value(start) {}"
        for name, sign in BINARY.items():
            yield f"  Thing {name}(const Thing& other) const {{ return Thing(value {sign} other.value); }}"
            yield f"  Thing& i{name}(const Thing& other) {{ value {sign}= other.value; return *this; }}"
        yield from (f"  bool {name}(const Thing& other) const {{ return value {sign} other.value; }}"
                    for name, sign in COMPARE.items())
        yield "  Thing neg() const { return Thing(-value); }\n  Thing pos() const { return *this; }"
        yield "  double to_float() const { return value; }\n  bool to_bool() const { return value != 0; }"
        yield "  std::size_t len() const { return 1; }\n  double call(double by) const { return value * by; }"
        yield "};"
    yield "}  // namespace"


# {method of Python: member function}: twenty.
OPERATORS = {**{f"__{name}__": name for name in BINARY}, **{f"__i{name}__": f"i{name}" for name in BINARY},
             **{f"__{name}__": name for name in COMPARE}, "__neg__": "neg", "__pos__": "pos", "__float__": "to_float",
             "__bool__": "to_bool", "__len__": "len", "__call__": "call"}


def small_adder(kind, module):
    yield "#include <adder/adder.hpp>"
    if kind == "operators":
        yield "#include <adder/class/protocols.hpp>"
    yield from small_declarations(kind)
    if kind != "hello":
        yield "template <>\nstruct adder::PyClass<Thing> {\n  static constexpr auto name = \"Thing\";"
        yield "  static void define(ClassBuilder<Thing>& cls) {"
        yield f"    cls.def_new<{'std::int64_t' if kind == 'methods' else 'double'}>();"
        if kind == "methods":
            yield from (f'    cls.def<&Thing::method_{i}>("method_{i}");' for i in range(METHODS))
        else:
            yield from (f'    cls.def<"{python}", &Thing::{name}>();' for python, name in OPERATORS.items())
        yield "  }\n};"
    yield f"ADDER_MODULE({module}, m) {{"
    yield '  m.def<&twice>("twice", adder::arg("value"));' if kind == "hello" else "  m.add_class<Thing>();"
    yield "}"


def small_bind(kind, module, header, namespace, macro):
    yield f"#include <{header}>"
    yield from small_declarations(kind)
    yield f"namespace py = {namespace};\n{macro}({module}, m) {{"
    if kind == "hello":
        yield '  m.def("twice", &twice, py::arg("value"));'
    else:
        yield '  py::class_<Thing>(m, "Thing", py::is_final())'
        yield f"      .def(py::init<{'std::int64_t' if kind == 'methods' else 'double'}>())"
        if kind == "methods":
            yield from (f'      .def("method_{i}", &Thing::method_{i})' for i in range(METHODS))
        else:
            yield from (f'      .def("{python}", &Thing::{name}{"" if name in ("neg", "pos", "to_float", "to_bool", "len", "call") else ", py::is_operator()"})'
                        for python, name in OPERATORS.items())
        yield "      ;"
    yield "}"


def small_capi(kind, module):
    """Without the operators."""
    yield '#include "capi.hpp"'
    yield from small_declarations(kind)
    yield "namespace {\nusing namespace capi;"
    if kind == "hello":
        yield """PyObject* name_of_value;
PyObject* call_twice(PyObject*, Args args, Py_ssize_t given, PyObject* keywords) {
  if (keywords != nullptr) {
    if (given != 0 || PyTuple_GET_SIZE(keywords) != 1 ||
        (PyTuple_GET_ITEM(keywords, 0) != name_of_value &&
         PyUnicode_Compare(PyTuple_GET_ITEM(keywords, 0), name_of_value) != 0)) {
      PyErr_SetString(PyExc_TypeError, "twice() takes one argument, 'value'");
      return nullptr;
    }
  } else if (!check_count("twice", given, 1)) {
    return nullptr;
  }
  std::int64_t value = 0;
  return load_int(args[0], value, "twice", 1) ? PyLong_FromLong(twice(value)) : nullptr;
}
PyMethodDef functions[] = {{"twice", as_cfunction(&call_twice), METH_FASTCALL | METH_KEYWORDS, nullptr},
                           {nullptr, nullptr, 0, nullptr}};
int fill(PyObject*) {
  name_of_value = PyUnicode_InternFromString("value");
  return name_of_value == nullptr ? -1 : 0;
}"""
    else:
        yield """struct Object { PyObject header; Thing value; };
PyObject* make(PyTypeObject* type, Args args, Py_ssize_t given) {
  std::int64_t start = 0;
  if (!check_count("Thing", given, 1) || !load_int(args[0], start, "Thing", 1)) return nullptr;
  auto* self = PyObject_New(Object, type);
  if (self == nullptr) return nullptr;
  ::new (&self->value) Thing(start);
  return &self->header;
}
PyObject* vectorcall(PyObject* type, Args args, std::size_t flags, PyObject* keywords) {
  if (keywords != nullptr && !refuse_keywords("Thing")) return nullptr;
  return make(reinterpret_cast<PyTypeObject*>(type), args, PyVectorcall_NARGS(flags));
}
PyObject* make_new(PyTypeObject* type, PyObject* args, PyObject* keywords) {
  if (keywords != nullptr && PyDict_GET_SIZE(keywords) != 0 && !refuse_keywords("Thing")) return nullptr;
  return make(type, &PyTuple_GET_ITEM(args, 0), PyTuple_GET_SIZE(args));
}"""
        for i in range(METHODS):
            yield f"PyObject* method_{i}(PyObject* self, PyObject* object) {{"
            yield f'  std::int64_t a = 0;\n  if (!load_int(object, a, "Thing.method_{i}", 1)) return nullptr;'
            yield f"  return PyLong_FromLong(reinterpret_cast<Object*>(self)->value.method_{i}(a));\n}}"
        yield "PyMethodDef methods[] = {"
        yield from (f'  {{"method_{i}", &method_{i}, METH_O, nullptr}},' for i in range(METHODS))
        yield "  {nullptr, nullptr, 0, nullptr}};"
        yield f"""PyType_Slot type_slots[] = {{{{Py_tp_new, reinterpret_cast<void*>(&make_new)}},
    {{Py_tp_dealloc, reinterpret_cast<void*>(&deallocate)}}, {{Py_tp_methods, methods}}, {{0, nullptr}}}};
PyType_Spec spec{{"{module}.Thing", sizeof(Object), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, type_slots}};
PyMethodDef functions[] = {{{{nullptr, nullptr, 0, nullptr}}}};
int fill(PyObject* module) {{ return add_class(module, "Thing", &spec, &vectorcall) ? 0 : -1; }}"""
    yield "PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void*>(&fill)}, {0, nullptr}};"
    yield f'PyModuleDef definition{{PyModuleDef_HEAD_INIT, "{module}", nullptr, 0, functions, slots,'
    yield "                       nullptr, nullptr, nullptr};"
    yield f"}}  // namespace\nPyMODINIT_FUNC PyInit_{module}(void) {{ return PyModuleDef_Init(&definition); }}"


@dataclasses.dataclass(frozen=True)
class Small:
    """One of SMALL."""

    kind: str

    @property
    def title(self):
        return SMALL[self.kind]

    @property
    def stem(self):
        return self.kind


BIND = {"nanobind": ("nanobind/nanobind.h", "nanobind", "NB_MODULE"),
        "pybind11": ("pybind11/pybind11.h", "pybind11", "PYBIND11_MODULE")}


def source(what, peer, module):
    """The text of the module, or None where the peer does not have it."""
    if isinstance(what, Small):
        if peer == "capi" and what.kind == "operators":
            return None
        lines = {"adder": small_adder, "capi": small_capi}.get(peer)
        lines = lines(what.kind, module) if lines else small_bind(what.kind, module, *BIND[peer])
    else:
        lines = {"adder": adder_source, "capi": capi_source}.get(peer)
        lines = lines(what, module) if lines else bind_source(what, module, *BIND[peer])
    return "\n".join(lines) + "\n"
