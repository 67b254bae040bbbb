// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of rank.hpp.
#pragma once
#include "adder/function/detail/rank.hpp"

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC bool is_serious() noexcept {
  return PyErr_ExceptionMatches(PyExc_TypeError) == 0 && PyErr_ExceptionMatches(PyExc_ValueError) == 0 &&
         PyErr_ExceptionMatches(PyExc_OverflowError) == 0;
}

ADDER_FUNC Rank unless_serious() noexcept {
  if (is_serious()) return Rank::raised;
  PyErr_Clear();
  return Rank::none;
}

ADDER_COLD ADDER_FUNC Rank rank_of_error(const PyErr& error) noexcept {
  if (refusal_of(error) != Refusal::serious) return Rank::none;
  error.restore(token());
  return Rank::raised;
}

ADDER_COLD ADDER_FUNC Rank rank_of_thrown() noexcept {
  try {
    throw;
  } catch (const PyErr& error) {
    return rank_of_error(error);
  } catch (...) {
    translate_current_exception();
    return unless_serious();
  }
}

ADDER_FUNC Rank RankOf<bool>::of(::PyObject* object) noexcept {
  if (PyBool_Check(object)) return Rank::exact;
  bool value = false;
  const Loaded how = Scalar<bool>::load(object, value);
  return how == Loaded::ok ? Rank::lossless : how == Loaded::raised ? unless_serious() : Rank::none;
}

ADDER_FUNC Rank rank_of_real(::PyObject* object, Loaded how, double value) noexcept {
  if (how == Loaded::raised) return unless_serious();
  if (how != Loaded::ok) return Rank::none;
  if (PyFloat_Check(object)) {
    const double given = PyFloat_AS_DOUBLE(object);
    if (given == given && given != value) return Rank::lossy;
    return PyFloat_CheckExact(object) ? Rank::exact : Rank::subclass;
  }
  if (!PyLong_Check(object)) return Rank::lossy;  // What __float__ gives may have lost something.
  long small = 0;
  if (compact_int(object, small)) return value == static_cast<double>(small) ? Rank::lossless : Rank::lossy;
  ::PyObject* back = PyLong_FromDouble(value);
  ::PyObject* equal = back == nullptr ? nullptr : PyLong_Type.tp_richcompare(object, back, Py_EQ);
  const bool is_same = equal == Py_True;
  Py_XDECREF(back);
  if (equal == nullptr) return unless_serious();
  Py_DECREF(equal);
  return is_same ? Rank::lossless : Rank::lossy;
}

}  // namespace adder::inline ADDER_ABI::detail
