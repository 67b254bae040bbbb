// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of conversion.hpp.
#pragma once
#include "adder/base/detail/text_builder.hpp"
#include "adder/object/conversion.hpp"

#include <cstddef>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC PyErr at_step(PyErr error, std::string_view step) {
  if (PyErr::Access::empty(error) || is_recursion_error(error)) return error;
  return PyErr::Access::with_path(error, step);
}

ADDER_COLD ADDER_FUNC PyErr at_key(PyErr error, ::PyObject* key, const char* what) {
  if (PyErr::Access::empty(error) || is_recursion_error(error)) return error;
  const ErrorScope pending(token());
  const OwnedPtr shown(Steal(), guard_unwind(PyObject_Repr, key), {});
  const char* text = shown.as_ptr() == nullptr ? nullptr : PyUnicode_AsUTF8(shown.as_ptr());
  if (text == nullptr) PyErr_Clear();
  const TextBuilder step({"[", what, text == nullptr ? type_name_of(key) : text, "]"});
  return at_step(std::move(error), step.view());
}

ADDER_COLD ADDER_FUNC Refusal refusal_of(const PyErr& error) noexcept {
  if (PyErr::Access::empty(error)) return Refusal::serious;
  const ErrState& state = PyErr::Access::state(error);
  ::PyObject* value = state.value.load(Order::acquire);
  if (value == nullptr && state.type == PyExc_TypeError) return Refusal::type;  // Nearly always.
  ::PyObject* raised = value == nullptr ? state.type : value;
  const auto is = [&](::PyObject* type) { return PyErr_GivenExceptionMatches(raised, type) != 0; };
  if (is(PyExc_TypeError)) return Refusal::type;
  if (is(PyExc_ValueError) || is(PyExc_OverflowError)) return Refusal::value;
  if (!is(PyExc_AttributeError) && !is(PyExc_KeyError)) return Refusal::serious;
  // From Python code, which has a mistake then, these have a traceback.
  const OwnedPtr traceback(Steal(), value == nullptr ? nullptr : PyException_GetTraceback(value), {});
  return traceback.as_ptr() == nullptr ? Refusal::type : Refusal::serious;
}

ADDER_COLD ADDER_FUNC PyErr at_refused_key(::PyObject* key, const char* what) {
  PyErr error = PyErr::fetch(token());
  // CPython's own "unhashable type: 'dict'" names no place, so one that does is put in its stead. What Python code
  // raised, in a `__hash__`, has a traceback and is left as it is.
  constexpr std::string_view prefix = "TypeError: ";
  ::PyObject* value = PyErr::Access::state(error).value.load(Order::acquire);
  if (value != nullptr && Py_IS_TYPE(value, reinterpret_cast<::PyTypeObject*>(PyExc_TypeError))) {
    const OwnedPtr traceback(Steal(), PyException_GetTraceback(value), {});
    const std::string_view text = error.what();
    if (traceback.as_ptr() == nullptr && starts_with(text, prefix)) {
      error = PyErr::Access::lazy(PyExc_TypeError, text.substr(prefix.size()));
    }
  }
  return at_key(std::move(error), key, what);
}

}  // namespace detail

namespace detail {

ADDER_COLD ADDER_FUNC PyErr at_index(PyErr error, std::size_t index) {
  TextBuilder step;
  return at_step(std::move(error), step.append("[").append_number(index).append("]").view());
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
