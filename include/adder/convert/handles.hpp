// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversions of handles, of the token's singletons, and of PyErr.
#pragma once
#include "adder/object/any.hpp"

#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
/// A handle of kind Owner to the object, if it is of the right type.
template <class Owner, class T>
struct FromPyHandle {
  static constexpr const char* expected() noexcept { return PyTypeInfo<T>::name(); }
  static PyResult<Owner> extract(const Bound<PyAny>& object) {
    const CheckedForType<T> kept(object.as_ptr());
    try {
      if (!PyTypeInfo<T>::is_type_of(kept)) return PyErr::Access::mismatch(PyTypeInfo<T>::name(), kept);
    } catch (const PyErr& error) {
      return error;  // The type had to be imported, or has an __instancecheck__.
    }
    return Owner(borrow<T>(kept));
  }
};
template <class T>
inline constexpr bool extracts_quietly<Bound<T>> = true;
template <class T>
inline constexpr bool extracts_quietly<Py<T>> = true;
}  // namespace detail

template <class T>
struct FromPyObject<Bound<T>> : detail::FromPyHandle<Bound<T>, T> {};
template <class T>
struct FromPyObject<Py<T>> : detail::FromPyHandle<Py<T>, T> {};

template <class T>
struct IntoPyObject<Bound<T>> {
  ADDER_INLINE static PyResult<Bound<PyAny>> into_py(Python, Bound<T>&& value) {
    if (value.as_ptr() == nullptr) [[unlikely]]
      return moved_from();
    return std::move(value).into_any();
  }
  ADDER_INLINE static PyResult<Bound<PyAny>> into_py(Python, const Bound<T>& value) {
    if (value.as_ptr() == nullptr) [[unlikely]]
      return moved_from();
    return detail::borrow(value.as_ptr());
  }

  // Written out, as the long way would need room for an error in each function that returns a handle.
  using PointerMaker = IntoPyObject;
  ADDER_INLINE static ::PyObject* into_ptr(Bound<T>&& value) {
    return value.as_ptr() != nullptr ? std::move(value).into_ptr() : refuse();
  }
  ADDER_INLINE static ::PyObject* into_ptr(const Bound<T>& value) {
    return value.as_ptr() != nullptr ? Py_NewRef(value.as_ptr()) : refuse();
  }

 private:
  ADDER_COLD static PyErr moved_from() {
    return PyErr::Access::lazy(PyExc_RuntimeError, "a C++ handle was converted after it was moved from");
  }
  ADDER_COLD static ::PyObject* refuse() {
    moved_from().restore(detail::token());
    return nullptr;
  }
};
template <class T>
struct IntoPyObject<Borrowed<T>> {
  ADDER_INLINE static PyResult<Bound<PyAny>> into_py(Python py, const Borrowed<T>& value) {
    return IntoPyObject<Bound<T>>::into_py(py, value.as_bound());
  }
};
template <class T>
struct IntoPyObject<Py<T>> {
  ADDER_INLINE static PyResult<Bound<PyAny>> into_py(Python py, Py<T>&& value) {
    return IntoPyObject<Bound<T>>::into_py(py, std::move(value).into_bound(py));
  }
  ADDER_INLINE static PyResult<Bound<PyAny>> into_py(Python py, const Py<T>& value) {
    return IntoPyObject<Bound<T>>::into_py(py, value.bind(py));
  }
};
template <>
struct IntoPyObject<PyErr> {
  static PyResult<Bound<PyAny>> into_py(Python py, const PyErr& error);  // exceptions.hpp
};

}  // namespace adder::inline ADDER_ABI
