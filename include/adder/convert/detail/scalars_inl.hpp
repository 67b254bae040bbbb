// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of scalars.hpp.
#pragma once
#include "adder/base/detail/text_builder.hpp"
#include "adder/convert/scalars.hpp"

#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_NOINLINE ADDER_FUNC Loaded load_signed(::PyObject* object, long long low, long long high,
                                             long long& value) noexcept {
  int overflow = 0;
  if (PyLong_Check(object)) [[likely]] {  // Of which no code is asked, and nothing is raised.
    value = PyLong_AsLongLongAndOverflow(object, &overflow);
    return overflow == 0 && value >= low && value <= high ? Loaded::ok : Loaded::out_of_range;
  }
  if (PyIndex_Check(object) == 0) return Loaded::mismatch;
  ::PyObject* number = guard_unwind(PyNumber_Index, object);
  if (number == nullptr) return Loaded::raised;
  value = PyLong_AsLongLongAndOverflow(number, &overflow);
  const bool failed = value == -1 && overflow == 0 && PyErr_Occurred() != nullptr;
  const bool fits = overflow == 0 && value >= low && value <= high;
  const Loaded result = failed ? Loaded::raised : fits ? Loaded::ok : Loaded::out_of_range;
  Py_DECREF(number);
  return result;
}

ADDER_NOINLINE ADDER_FUNC Loaded load_unsigned(::PyObject* object, unsigned long long high,
                                               unsigned long long& value) noexcept {
  ::PyObject* number = object;
  if (PyLong_Check(object)) {
    Py_INCREF(number);
  } else {
    if (PyIndex_Check(object) == 0) return Loaded::mismatch;
    number = guard_unwind(PyNumber_Index, object);
    if (number == nullptr) return Loaded::raised;
  }
  value = PyLong_AsUnsignedLongLong(number);
  Loaded result = Loaded::ok;
  if (value == static_cast<unsigned long long>(-1) && PyErr_Occurred() != nullptr) {
    result = Loaded::raised;
    if (PyErr_ExceptionMatches(PyExc_OverflowError) != 0) {  // Negative or too large.
      PyErr_Clear();
      result = Loaded::out_of_range;
    }
  } else if (value > high) {
    result = Loaded::out_of_range;
  }
  Py_DECREF(number);
  return result;
}

ADDER_NOINLINE ADDER_FUNC Loaded load_double(::PyObject* object, double& value) noexcept {
  if (!PyFloat_Check(object)) {
    const PyNumberMethods* as_number = Py_TYPE(object)->tp_as_number;
    if (as_number == nullptr || (as_number->nb_float == nullptr && as_number->nb_index == nullptr)) {
      return Loaded::mismatch;
    }
  }
  if (PyLong_CheckExact(object)) {
    value = PyLong_AsDouble(object);
    if (value != -1.0 || PyErr_Occurred() == nullptr) return Loaded::ok;
    if (PyErr_ExceptionMatches(PyExc_OverflowError) == 0) return Loaded::raised;
    PyErr_Clear();
    return Loaded::out_of_range;
  }
  value = guard_unwind(PyFloat_AsDouble, object);
  return value == -1.0 && PyErr_Occurred() != nullptr ? Loaded::raised : Loaded::ok;
}

ADDER_NOINLINE ADDER_FUNC Loaded load_foreign_bool(::PyObject* object, bool& out) noexcept {
  const std::string_view name = Py_TYPE(object)->tp_name;
  if (name != "numpy.bool_" && name != "numpy.bool") return Loaded::mismatch;
  const int truth = guard_unwind(PyObject_IsTrue, object);
  out = truth == 1;
  return truth < 0 ? Loaded::raised : Loaded::ok;
}

/// "300 does not fit into an unsigned 8-bit integer".
ADDER_COLD ADDER_FUNC PyErr out_of_range(::PyObject* object, const char* range) {
  const bool is_int = PyLong_Check(object) != 0;
  TextBuilder text;
  if (!is_int && PyFloat_Check(object) == 0) {
    text.append("the value");
  } else {
    // As int or float shows it: the __repr__ of a subclass is somebody's code.
    const OwnedPtr digits(Steal(), (is_int ? PyLong_Type : PyFloat_Type).tp_repr(object), {});
    const char* shown = digits.as_ptr() == nullptr ? nullptr : PyUnicode_AsUTF8(digits.as_ptr());
    if (shown == nullptr) PyErr_Clear();  // An int of very many digits refuses to be shown.
    text.append(shown == nullptr ? "the int" : shown);
  }
  return PyErr::Access::lazy(PyExc_OverflowError, text.append(" does not fit into ").append(range).view());
}

ADDER_COLD ADDER_FUNC PyErr load_error(Loaded how, const char* expected, const char* range, ::PyObject* object) {
  switch (how) {
    case Loaded::mismatch:
      return PyErr::Access::mismatch(expected, object);
    case Loaded::out_of_range:
      return out_of_range(object, range);
    default:
      return PyErr::fetch(token());
  }
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
