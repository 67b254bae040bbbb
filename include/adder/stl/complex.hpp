// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::complex<T>` from `complex` and what has `__complex__`, `__float__` or `__index__`.
#pragma once
#include "adder/convert/basic.hpp"

#include <complex>

namespace adder::inline ADDER_ABI {

template <class T>
struct FromPyObject<std::complex<T>> {
  static constexpr const char* expected() noexcept { return "complex"; }
  static PyResult<std::complex<T>> extract(const Bound<PyAny>& object) {
    ::PyObject* source = object.as_ptr();
    if (!PyComplex_Check(source) && PyNumber_Check(source) == 0 && !has_complex(source)) {
      return PyErr::Access::mismatch(expected(), source);
    }
    const Py_complex value = detail::guard_unwind(PyComplex_AsCComplex, source);
    if (value.real == -1.0 && PyErr_Occurred() != nullptr) return PyErr::fetch(object.py());
    T real = 0, imag = 0;
    if (detail::narrow(value.real, real) != detail::Loaded::ok ||
        detail::narrow(value.imag, imag) != detail::Loaded::ok) {
      return PyErr::Access::lazy(PyExc_OverflowError, "the value does not fit into a complex of 32-bit floats");
    }
    return std::complex<T>(real, imag);
  }

 private:
  static bool has_complex(::PyObject* object) {
    return _PyType_Lookup(Py_TYPE(object), Interned<"__complex__">::get(detail::token())) != nullptr;
  }
};
template <class T>
struct IntoPyObject<std::complex<T>> {
  static PyResult<Bound<PyAny>> into_py(Python py, const std::complex<T>& value) {
    ::PyObject* object = PyComplex_FromDoubles(static_cast<double>(value.real()), static_cast<double>(value.imag()));
    if (object == nullptr) return PyErr::fetch(py);
    return detail::steal(object);
  }
};

}  // namespace adder::inline ADDER_ABI
