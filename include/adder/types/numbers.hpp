// SPDX-License-Identifier: MIT
/// @file
/// @brief PyInt, PyFloat, PyBool, PyComplex, PyNone, PyEllipsis, PyNotImplemented.
#pragma once
#include "adder/call/call.hpp"

#include <concepts>
#include <string_view>
#include <type_traits>

namespace adder::inline ADDER_ABI {

/// @brief The tag of `int`. Its value: `handle.extract<std::int64_t>()`.
/// @pyo3{PyInt}
struct PyInt : detail::FlaggedType<"int", &PyLong_Type, Py_TPFLAGS_LONG_SUBCLASS> {
  /// @brief A new int.
  template <std::integral V>
  static Bound<detail::Late<PyInt, V>> new_(Python py, V value) {
    return detail::steal<detail::Late<PyInt, V>>(adder::into_py(py, value).value().into_ptr());
  }
  /// @brief `int(text, base)`.
  /// @param py    The token.
  /// @param text  Digits, with an optional sign and prefix.
  /// @param base  2 to 36, or 0 to go by the prefix.
  /// @throws PyErr  ValueError.
  template <std::same_as<PyInt> T = PyInt>
  static Bound<T> from_str(Python py, std::string_view text, int base = 10) {
    const detail::AsArgument<std::string_view> string(text);
    (void)py;
    return detail::steal<T>(detail::non_null(PyLong_FromUnicodeObject(string.as_ptr(), base)));
  }
};

/// @brief The methods of a handle to a `float`.
template <class Self>
struct PyFloatMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief The value.
  double value(Where where = Where::current()) const { return PyFloat_AS_DOUBLE(this->use("value", where)); }
};
/// @brief The tag of `float`.
/// @pyo3{PyFloat}
struct PyFloat : detail::StaticType<"float", &PyFloat_Type> {
  template <class Self>
  using Methods = PyFloatMethods<Self>;
  /// @brief A new float.
  template <std::same_as<PyFloat> T = PyFloat>
  static Bound<T> new_(Python, double value) {
    return detail::steal<T>(detail::non_null(PyFloat_FromDouble(value)));
  }
};

/// @brief The methods of a handle to a `bool`.
template <class Self>
struct PyBoolMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief The value.
  bool is_true(Where where = Where::current()) const { return this->use("is_true", where) == Py_True; }
};
/// @brief The tag of `bool`, an `int` to Python and here.
/// @pyo3{PyBool}
struct PyBool : detail::StaticType<"bool", &PyBool_Type> {
  using Base = PyInt;
  template <class Self>
  using Methods = PyBoolMethods<Self>;
  /// @brief `True` or `False`.
  template <std::same_as<PyBool> T = PyBool>
  static Bound<T> new_(Python, bool value) {
    return detail::borrow<T>(value ? Py_True : Py_False);
  }
};

/// @brief The methods of a handle to a `complex`.
template <class Self>
struct PyComplexMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief `self.real`.
  double real(Where where = Where::current()) const { return PyComplex_RealAsDouble(this->use("real", where)); }
  /// @brief `self.imag`.
  double imag(Where where = Where::current()) const { return PyComplex_ImagAsDouble(this->use("imag", where)); }
};
/// @brief The tag of `complex`.
/// @pyo3{PyComplex}
struct PyComplex : detail::StaticType<"complex", &PyComplex_Type> {
  template <class Self>
  using Methods = PyComplexMethods<Self>;
  /// @brief `complex(real, imag)`.
  /// @pyo3{PyComplex::from_doubles}
  template <std::same_as<PyComplex> T = PyComplex>
  static Bound<T> new_(Python, double real, double imag) {
    return detail::steal<T>(detail::non_null(PyComplex_FromDoubles(real, imag)));
  }
};

namespace detail {
/// A tag for a type with one object.
template <FixedString PythonName, class Object>
struct SingletonType {
  using Base = PyAny;
  template <class Self>
  using Methods = PyAnyMethods<Self>;
  static constexpr const char* python_name = PythonName.text;
  static ::PyTypeObject* type_object() noexcept { return Py_TYPE(Object::get_ptr()); }
  static bool is_type_of(::PyObject* object) noexcept { return object == Object::get_ptr(); }
  /// @brief The object.
  template <std::same_as<Object> T = Object>
  static Bound<T> get(Python) noexcept {
    return borrow<T>(Object::get_ptr());
  }
};
}  // namespace detail

/// @brief The tag of `NoneType`.
/// @pyo3{PyNone}
struct PyNone : detail::SingletonType<"NoneType", PyNone> {
  static ::PyObject* get_ptr() noexcept { return Py_None; }
};
/// @brief The tag of the type of `Ellipsis`.
/// @pyo3{PyEllipsis}
struct PyEllipsis : detail::SingletonType<"ellipsis", PyEllipsis> {
  static ::PyObject* get_ptr() noexcept { return Py_Ellipsis; }
};
/// @brief The tag of `NotImplementedType`.
/// @pyo3{PyNotImplemented}
struct PyNotImplemented : detail::SingletonType<"NotImplementedType", PyNotImplemented> {
  static ::PyObject* get_ptr() noexcept { return Py_NotImplemented; }
};

template <class T>
Bound<T> Python::None() const noexcept {
  static_assert(std::is_same_v<T, PyNone>, "adder: None is a PyNone");
  detail::check_token("Python::None");
  return detail::borrow<T>(Py_None);
}
inline Bound<PyAny> Python::NotImplemented() const noexcept {
  detail::check_token("Python::NotImplemented");
  return detail::borrow(Py_NotImplemented);
}
inline Bound<PyAny> Python::Ellipsis() const noexcept {
  detail::check_token("Python::Ellipsis");
  return detail::borrow(Py_Ellipsis);
}

}  // namespace adder::inline ADDER_ABI
