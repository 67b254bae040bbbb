// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of downcast_error.hpp, and those that make such errors.
#pragma once
#include "adder/object/downcast_error.hpp"

#include <string>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC PyErr downcast_error(::PyObject* object, const char* target, ::PyTypeObject* (*type)()) {
  const KeptAlive source(object);
  std::string message = "'";
  message.append(type_name_of(object)).append("' object is not an instance of '").append(target).append("'");
  ErrState* state = ErrState::make(ErrState::Kind::message, PyExc_TypeError, message, target);
  PyErr error = PyErr::Access::adopt(state);
  state->source = Py_NewRef(object);
  if (type != nullptr) state->target = Py_NewRef(reinterpret_cast<::PyObject*>(type()));
  return error;
}

ADDER_COLD ADDER_FUNC void refuse_downcast(::PyObject* object, const char* target, ::PyTypeObject* (*type)()) {
  throw PyDowncastError(downcast_error(object, target, type));
}

}  // namespace detail

ADDER_FUNC bool PyDowncastError::is_one(const PyErr& error) noexcept {
  return !Access::empty(error) && Access::state(error).source != nullptr;
}

ADDER_FUNC ::PyObject* PyDowncastError::source() const {
  if (Access::empty(*this))
    throw Access::lazy(PyExc_RuntimeError, "a PyDowncastError was used after it was moved from");
  return Access::state(*this).source;
}

ADDER_FUNC ::PyObject* PyDowncastError::target() const {
  (void)source();
  return Access::state(*this).target;
}

ADDER_FUNC std::string PyDowncastError::to_name() const {
  (void)source();
  return std::string(Access::state(*this).got);
}

}  // namespace adder::inline ADDER_ABI
