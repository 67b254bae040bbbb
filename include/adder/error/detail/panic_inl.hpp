// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of panic.hpp.
#pragma once
#include "adder/error/detail/panic.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

/// `adder.PanicException`: one class in an interpreter, whatever modules and versions of adder there are. A new
/// reference, or null with an exception pending.
ADDER_FUNC ::PyObject* find_panic_class() noexcept {
  // Without a dict the class is this shared object's own.
  ::PyObject* shared = PyInterpreterState_GetDict(PyInterpreterState_Get());
  ::PyObject* key = PyUnicode_InternFromString("adder.PanicException");
  if (key == nullptr) return nullptr;
  ::PyObject* found = shared == nullptr ? nullptr : PyDict_GetItemWithError(shared, key);
  if (found == nullptr && PyErr_Occurred() == nullptr) {
    ::PyObject* made = guard_rare_unwind(PyErr_NewExceptionWithDoc, "adder.PanicException",
                                         "C++ code threw something that is no std::exception.\n\n"
                                         "Not derived from Exception: what was thrown may mean anything, and code that "
                                         "handles errors in general should not go on as if it knew.",
                                         PyExc_BaseException, nullptr);
    // Another thread may have been first: its class stays.
    found = made == nullptr || shared == nullptr ? made : PyDict_SetDefault(shared, key, made);
    Py_XINCREF(found);
    Py_XDECREF(made);
  } else {
    Py_XINCREF(found);
  }
  Py_DECREF(key);
  return found;
}

ADDER_COLD ADDER_FUNC ::PyObject* panic_type() noexcept {
  ::PyObject* type = panic_class.load(Order::acquire);
  if (type != nullptr) return type;
  const ErrorScope pending(token());
  ::PyObject* found = find_panic_class();
  if (found == nullptr) {
    PyErr_Clear();
    return nullptr;
  }
  make_immortal(found);
  return publish_once(panic_class, found);
}

ADDER_COLD ADDER_FUNC ::PyObject* panic_or_system_error() noexcept {
  ::PyObject* type = panic_type();
  return type == nullptr ? PyExc_SystemError : type;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
