# SPDX-License-Identifier: MIT
"""Usage: pyo3_names.py <docs/guide/pyo3-names.md> <file to write>

The page is a map from PyO3's names to adder's. This writes a program that compiles, and links, each line's C++; it need
not run it. And the names that adder promises are all on the page.
"""
import pathlib
import re
import sys

PROMISED = """
Python Python::attach Python::with_gil Python::try_attach Python::detach Python::allow_threads Python::initialize
prepare_freethreaded_python Python::assume_attached Python::assume_gil_acquired Python::assume_attached_unchecked
Python::acquire_gil GILGuard GILGuard::python Send Ungil Python::eval Python::run Python::import Python::get_type
Python::is_instance Python::is_subclass Python::None Python::NotImplemented Python::new_pool GILPool GILPool::python
Python::checked_cast_as Python::cast_as Python::from_owned_ptr Python::from_owned_ptr_or_err
Python::from_owned_ptr_or_opt Python::from_borrowed_ptr Python::from_borrowed_ptr_or_err
Python::from_borrowed_ptr_or_opt Python::release Python::xdecref Python::check_signals PyTypeObject PyTypeInfo
PyNativeType AsPyPointer IntoPyPointer FromPyPointer PyTryFrom PyDowncastError CastError PyErr PyResult #[pyfunction]
wrap_pyfunction! PyModule::new PyModule::add_function into_py_dict PyRuntimeError new_err PyString PyString::new PyDict
PyDict::new PyBytes as_bytes get_item Bound::cast Bound::cast_into Bound::cast_exact PyAny::downcast extract
GILOnceCell new Default get get_or_init get_or_try_init get_mut set take into_inner GILOnceCell::clone_ref Sync PyAny
getattr setattr call repr PyObject PyTuple PyList PyList::empty append PyCell PyCell::new try_borrow try_borrow_mut PyRef
PyRefMut PyClass AsPyRef::as_ref PyObject::cast_as as_ref into to_object Py::from Py unbind Py::bind clone_ref #[pyclass]
#[pymethods] #[pyclass(frozen)] #[pyclass(unsendable)] GILProtected PyOnceLock #[new] #[getter] #[setter] #[pyo3(get)]
#[classattr] #[staticmethod] #[classmethod] #[pyclass(extends)] #[pyclass(subclass)] #[pyclass(eq)] #[pyclass(ord)]
#[pyclass(hash)] hasattr is_none call0 call1
""".split()

HEAD = """#include <adder/adder.hpp>
{includes}
#include <atomic>
#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

using namespace adder;

namespace {{
struct Counter {{
  int count = 0;
  int next() const {{ return count + 1; }}
  void reset(int next) {{ count = next - 1; }}
}};
struct Steps : Counter {{}};
struct Frozen {{
  const int x = 0;
  auto operator<=>(const Frozen&) const = default;
}};
struct OneThread {{
  int x = 0;
}};
int twice(int x) {{ return 2 * x; }}
int plus(const int& state, int x) {{ return state + x; }}
adder::Bound<adder::PyAny> made_by(adder::ThisClass cls) {{ return (*cls)(); }}
}}  // namespace

template <>
struct std::hash<Frozen> {{
  std::size_t operator()(const Frozen& frozen) const {{ return static_cast<std::size_t>(frozen.x); }}
}};

template <>
struct adder::PyClass<Counter> {{
  static constexpr auto name = "Counter";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Counter>& cls) {{ cls.def_new<>(); }}
}};
template <>
struct adder::PyClass<Frozen> {{
  static constexpr auto name = "Frozen";
  static constexpr bool frozen = true, eq = true, order = true, hash = true;
  static void define(ClassBuilder<Frozen>&) {{}}
}};
template <>
struct adder::PyClass<Steps> {{
  static constexpr auto name = "Steps";
  using base = Counter;
  static void define(ClassBuilder<Steps>&) {{}}
}};
template <>
struct adder::PyClass<OneThread> {{
  static constexpr auto name = "OneThread";
  static constexpr bool unsendable = true;
  static void define(ClassBuilder<OneThread>&) {{}}
}};

namespace {{

static_assert(IsPyClass<Frozen> && IsPyClass<OneThread> && IsPyClass<Steps>);

"""
# What the page calls by name.
NAMES = {"py": "Python", "any": "Bound<PyAny>&", "list": "Bound<PyList>&", "dict": "Bound<PyDict>&",
         "module": "Bound<PyModule>&", "stored": "Py<PyAny>&", "counter": "Bound<Counter>&", "cls": "ClassBuilder<Counter>&",
         "cell": "GILOnceCell<Py<PyList>>&", "pointer": "::PyObject*", "number": "int", "pool": "GILPool&",
         "guard": "GILGuard&"}
PARAMETERS = ", ".join(f"[[maybe_unused]] {kind} {name}" for name, kind in NAMES.items())
CALL = """void line_{number}({parameters}) {{
  (void)({form});
}}
"""


def main():
    page = pathlib.Path(sys.argv[1])
    named, headers, body, calls = set(), {"adder/token/gil_guard.hpp", "adder/token/gil_pool.hpp"}, [], []
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if not line.startswith("| ") or line.startswith("| PyO3 |"):
            continue
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) < 3:
            sys.exit(f"{page.name}:{number}: not a line of four columns")
        named.update(re.findall(r"`([^`]+)`", cells[0]))
        kind, form = cells[1], cells[2].strip("`")
        headers.update(re.findall(r"adder/[a-z_/]+\.hpp", "".join(cells[3:])))
        guarded = "GILProtected" in form  # Which does not compile without a GIL.
        if guarded:
            body.append("#if !defined(Py_GIL_DISABLED)")
        if kind == "call":
            body.append(CALL.format(number=number, form=form, parameters=PARAMETERS))
            calls.append(f"&line_{number}")
        elif kind == "type":
            body.append(f"static_assert(sizeof({form}) != 0);")
        elif kind == "concept":
            body.append(f"static_assert({form});")
        else:
            sys.exit(f"{page.name}:{number}: '{kind}' is neither call, type nor concept")
        if guarded:
            body.append("#endif")
    if missing := [name for name in PROMISED if name not in named]:
        sys.exit(f"{page.name} does not name {', '.join(missing)}")

    head = HEAD.format(includes="\n".join(f"#include <{header}>" for header in sorted(headers)))
    tail = ("\n}  // namespace\n\n// Read, so that what they call has to be there.\n"
            f"void (*volatile lines[])({', '.join(NAMES.values())}) = {{" + ", ".join(calls) + "};\n"
            "int main() { return lines[0] == nullptr ? 1 : 0; }\n")
    text = head + "\n".join(body) + tail
    target = pathlib.Path(sys.argv[2])
    if not target.is_file() or target.read_text() != text:
        target.write_text(text)


main()
