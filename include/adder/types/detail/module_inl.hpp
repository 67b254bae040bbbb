// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of module.hpp.
#pragma once
#include "adder/types/module.hpp"

#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

/// CPython's own `__import__`; null until it was seen. Kept for good.
ADDER_HIDDEN inline constinit Atomic<::PyObject*> own_import{nullptr};

/// Whether @p function is CPython's own `__import__`, as it stands in its `builtins`.
ADDER_FUNC bool is_own_import(::PyObject* function, ::PyObject* builtins) noexcept {
  if (!PyCFunction_CheckExact(function)) return false;
  ::PyObject* const self = PyCFunction_GET_SELF(function);
  return self != nullptr && PyModule_CheckExact(self) && PyModule_GetDict(self) == builtins &&
         std::string_view(reinterpret_cast<PyCFunctionObject*>(function)->m_ml->ml_name) == "__import__";
}

/// The same of `builtins[name]`, for who is the first to ask; notes it.
ADDER_COLD ADDER_FUNC bool note_own_import(::PyObject* builtins, ::PyObject* name) noexcept {
  ::PyObject* const function = guard_unwind([&] { return PyObject_GetItem(builtins, name); });
  if (function == nullptr) {
    PyErr_Clear();
    return false;
  }
  const bool is_own = is_own_import(function, builtins);
  if (is_own) {
    publish_once(own_import, function);
  } else {
    release(function);
  }
  return is_own;
}

/// Whether importing is what CPython does, as nobody has put a function of his own in the place of `__import__`.
ADDER_FUNC bool imports_as_cpython() {
  ::PyObject* const name = Interned<"__import__">::get(token());
  ::PyObject* const builtins = PyEval_GetBuiltins();
  if (builtins == nullptr || !PyDict_CheckExact(builtins)) return false;
  const ::PyObject* const known = own_import.load(Order::acquire);
  if (known == nullptr) [[unlikely]]
    return note_own_import(builtins, name);
  // Only compared: it may be gone already.
  const ::PyObject* const function = guard_unwind([&] { return PyDict_GetItemWithError(builtins, name); });
  if (function == nullptr) PyErr_Clear();
  return function == known;
}

/// A new reference to a module, or null with an exception pending. As PyImport_Import, which calls `__import__` with a
/// list made for it; CPython's own statement does not call it either where it is CPython's own.
ADDER_FUNC ::PyObject* import_module(::PyObject* name) {
  if (!imports_as_cpython()) return guard_unwind([&] { return PyImport_Import(name); });
  return guard_unwind([&] {
    ::PyObject* const found = PyImport_ImportModuleLevelObject(name, nullptr, nullptr, nullptr, 0);
    if (found == nullptr || PyUnicode_FindChar(name, '.', 0, PyUnicode_GET_LENGTH(name), 1) < 0) return found;
    // Of a dotted name that was the outermost.
    Py_DECREF(found);
    ::PyObject* const module = PyImport_GetModule(name);
    if (module == nullptr && PyErr_Occurred() == nullptr) PyErr_SetObject(PyExc_KeyError, name);
    return module;
  });
}

}  // namespace detail

ADDER_FUNC Bound<PyModule> PyModule::import(Python, const Name& name) {
  // Anything can stand in sys.modules; what is no module is refused by name, not by luck.
  return detail::steal(detail::non_null(detail::import_module(name.as_ptr()))).downcast<PyModule>();
}

ADDER_FUNC Bound<PyModule> PyModule::import(Python py, const char* name) { return import(py, Name(name)); }

ADDER_FUNC Bound<PyModule> Python::import(const Name& name) const {
  detail::check_token("Python::import");
  return PyModule::import(*this, name);
}

ADDER_FUNC Bound<PyModule> Python::import(const char* name) const {
  detail::check_token("Python::import");
  return PyModule::import(*this, name);
}

ADDER_FUNC Bound<PyModule> PyModule::new_(Python, const char* name) {
  return detail::steal<PyModule>(detail::non_null(detail::guard_rare_unwind([&] { return PyModule_New(name); })));
}

}  // namespace adder::inline ADDER_ABI
