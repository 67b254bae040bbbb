// SPDX-License-Identifier: MIT
/// @file
/// @brief PyInt, PyFloat, PyBool, PyNone and the singletons of the token.
#pragma once
#include "adder/types/any.hpp"

namespace adder::inline ADDER_ABI {

/// @brief The tag of `int`.
struct PyInt : detail::FlaggedType<"int", &PyLong_Type, Py_TPFLAGS_LONG_SUBCLASS> {};

/// @brief The methods of a handle to a `float`.
template <class Self>
struct PyFloatMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief The value.
  double value(Where where = Where::current()) const { return PyFloat_AS_DOUBLE(this->use("value", where)); }
};
/// @brief The tag of `float`.
struct PyFloat : detail::StaticType<"float", &PyFloat_Type> {
  template <class Self>
  using Methods = PyFloatMethods<Self>;
  /// @brief A new float.
  static Bound<PyFloat> new_(Python, double value) {
    return detail::steal<PyFloat>(detail::non_null(PyFloat_FromDouble(value)));
  }
};

/// @brief The tag of `bool`, an `int` to Python and here.
struct PyBool : detail::StaticType<"bool", &PyBool_Type> {
  using Base = PyInt;
  /// @brief `True` or `False`.
  static Bound<PyBool> new_(Python, bool value) { return detail::borrow<PyBool>(value ? Py_True : Py_False); }
};

/// @brief The tag of `NoneType`.
struct PyNone {
  using Base = PyAny;
  template <class Self>
  using Methods = PyAnyMethods<Self>;
  static constexpr const char* python_name = "NoneType";
  static ::PyTypeObject* type_object() noexcept { return Py_TYPE(Py_None); }
  static bool is_type_of(::PyObject* object) noexcept { return object == Py_None; }
};

inline Bound<PyNone> Python::None() const noexcept { return detail::borrow<PyNone>(Py_None); }
inline Bound<PyAny> Python::NotImplemented() const noexcept { return detail::borrow(Py_NotImplemented); }
inline Bound<PyAny> Python::Ellipsis() const noexcept { return detail::borrow(Py_Ellipsis); }

}  // namespace adder::inline ADDER_ABI
