// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of code.hpp.
#pragma once
#include "adder/base/detail/text_builder.hpp"
#include "adder/types/code.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC ::PyObject* compile_source(std::string_view source, const char* file_name, int start) {
  if (source.find('\0') != std::string_view::npos) {
    throw PyErr::Access::lazy(PyExc_ValueError, "source code string cannot contain null bytes");
  }
  const TextBuilder text({source});
  // What the text says about its own coding does not count: it is UTF-8.
  PyCompilerFlags flags{PyCF_SOURCE_IS_UTF8 | PyCF_IGNORE_COOKIE, PY_MINOR_VERSION};
  return non_null(guard_unwind(Py_CompileStringExFlags, text.c_str(), file_name, start, &flags, -1));
}

ADDER_FUNC ::PyObject* run_code(::PyObject* code, const Namespace& globals, const Namespace& locals) {
  ::PyObject* global_names = globals.as_ptr();
  if (global_names == nullptr) {
#if PY_VERSION_HEX >= 0x030D0000
    const Bound<PyAny> main = steal(non_null(PyImport_AddModuleRef("__main__")));
    global_names = Py_NewRef(PyModule_GetDict(main.as_ptr()));
#else
    global_names = Py_NewRef(PyModule_GetDict(non_null(PyImport_AddModule("__main__"))));
#endif
  } else {
    Py_INCREF(global_names);
  }
  // Held, as the code may throw its own namespace away.
  const Bound<PyAny> held_globals = steal(global_names);
  const Bound<PyAny> held_locals = borrow(locals.as_ptr() == nullptr ? global_names : locals.as_ptr());
  // A namespace without builtins would see those of the code that happens to be running, or none.
  ::PyObject* builtins = Interned<"__builtins__">::get(token());
  const int has_builtins = non_negative(PyDict_Contains(global_names, builtins));
  if (has_builtins == 0) non_negative(PyDict_SetItem(global_names, builtins, PyEval_GetBuiltins()));
  return non_null(guard_unwind(PyEval_EvalCode, code, held_globals.as_ptr(), held_locals.as_ptr()));
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
