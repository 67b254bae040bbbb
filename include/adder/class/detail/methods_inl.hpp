// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of methods.hpp.
#pragma once
#include "adder/class/detail/methods.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC int refuse_deletion(const FunctionRecord& setter) noexcept {
  PyErr_Format(PyExc_AttributeError, "%s cannot be deleted", setter.name);
  return -1;
}

ADDER_COLD ADDER_FUNC ::PyObject* refuse_reference(const char* class_name) noexcept {
  return PyErr_Format(PyExc_SystemError,
                      "a method of %s returned a reference to another object than its own: let it return a copy, by "
                      "value, or the Python object, or bind it with part_of",
                      class_name);
}

ADDER_FUNC int set_or_delete(::PyObject* self, ::PyObject* value, void* closure) noexcept {
  const auto& accessors = *static_cast<const Accessors*>(closure);
  if (value == nullptr) return accessors.del(self);
  if (accessors.set != nullptr) return accessors.set(self, value, nullptr);
  PyErr_Format(PyExc_AttributeError, "%s is not writable", accessors.name);
  return -1;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
