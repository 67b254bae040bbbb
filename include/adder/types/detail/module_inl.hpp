// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of module.hpp.
#pragma once
#include "adder/types/module.hpp"

#include <cstddef>
#include <cstring>
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
  ::PyObject* const function = guard_unwind(PyObject_GetItem, builtins, name);
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
  const ::PyObject* const function = guard_unwind(PyDict_GetItemWithError, builtins, name);
  if (function == nullptr) PyErr_Clear();
  return function == known;
}

/// A new reference to a module, or null with an exception pending. As PyImport_Import, which calls `__import__` with a
/// list made for it; CPython's own statement does not call it either where it is CPython's own.
ADDER_FUNC ::PyObject* import_module(::PyObject* name) {
  if (!imports_as_cpython()) return guard_unwind(PyImport_Import, name);
  return guard_unwind([&] {
    Py_ssize_t size = 0;
    const char* const text = PyUnicode_AsUTF8AndSize(name, &size);
    if (text == nullptr) {  // A surrogate: what is to be said of it, CPython says.
      PyErr_Clear();
      return PyImport_Import(name);
    }
    const bool is_dotted = std::memchr(text, '.', static_cast<std::size_t>(size)) != nullptr;
    ::PyObject* found = nullptr;
    if (!is_dotted) {
      // One that is there, and that no other thread is still running: this waits for it as importing does.
      found = PyImport_GetModule(name);
      if ((found != nullptr && found != Py_None) || PyErr_Occurred() != nullptr) return found;
      Py_XDECREF(found);
    }
    found = PyImport_ImportModuleLevelObject(name, nullptr, nullptr, nullptr, 0);
    if (found == nullptr || !is_dotted) return found;
    // Of a dotted name that was the outermost.
    Py_DECREF(found);
    ::PyObject* const module = PyImport_GetModule(name);
    if (module == nullptr && PyErr_Occurred() == nullptr) PyErr_SetObject(PyExc_KeyError, name);
    return module;
  });
}

/// Names of modules that were imported by their text, each at a place that its text says. Kept for good: a program
/// imports few, and a string at each import costs more than half of it.
ADDER_HIDDEN inline constinit Atomic<::PyObject*> imported_names[32] = {};

ADDER_FUNC Bound<PyModule> import_checked(::PyObject* name) {
  // Anything can stand in sys.modules; what is no module is refused by name, not by luck.
  return steal(non_null(import_module(name))).downcast<PyModule>();
}

}  // namespace detail

ADDER_FUNC Bound<PyModule> PyModule::import(Python, const Name& name) { return detail::import_checked(name.as_ptr()); }

ADDER_FUNC Bound<PyModule> PyModule::import(Python, const char* name) {
  unsigned hash = 0;
  for (const char* letter = name; *letter != '\0'; ++letter) hash = 31 * hash + static_cast<unsigned char>(*letter);
  detail::Atomic<::PyObject*>& place = detail::imported_names[hash % 32];
  ::PyObject* known = place.load(detail::Order::acquire);
  if (known != nullptr) {
    const char* const text = PyUnicode_AsUTF8(known);
    if (text != nullptr && std::strcmp(text, name) == 0) return detail::import_checked(known);
  }
  const Name made(name);
  if (known == nullptr) {
    ::PyObject* interned = Py_NewRef(made.as_ptr());
    PyUnicode_InternInPlace(&interned);
    // ORDER: acq_rel: threads may race, with other names as well; a place that is taken stays as it is.
    if (!place.compare_exchange(known, interned, detail::Order::acq_rel)) Py_DECREF(interned);
  }
  return detail::import_checked(made.as_ptr());
}

ADDER_FUNC Bound<PyModule> Python::import(const Name& name) const {
  detail::check_token("Python::import");
  return PyModule::import(*this, name);
}

ADDER_FUNC Bound<PyModule> Python::import(const char* name) const {
  detail::check_token("Python::import");
  return PyModule::import(*this, name);
}

ADDER_FUNC Bound<PyModule> PyModule::new_(Python, const char* name) {
  return detail::steal<PyModule>(detail::non_null(detail::guard_rare_unwind(PyModule_New, name)));
}

}  // namespace adder::inline ADDER_ABI
