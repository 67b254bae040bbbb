// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::vector<T>` from any sequence but `str` and `bytes`, and to `list`.
#pragma once
#include "adder/conversions/scalars.hpp"
#include "adder/types/any.hpp"

#include <vector>

namespace adder::inline ADDER_ABI {

template <class T>
struct FromPyObject<std::vector<T>> {
  static constexpr const char* expected() noexcept { return "sequence"; }
  static PyResult<std::vector<T>> extract(const Bound<PyAny>& object) {
    static_assert(!detail::views_object<T>,
                  "adder: a vector of views would outlive the items that they point into: take values, such as "
                  "std::vector<std::string>, or handles");
    ::PyObject* source = object.as_ptr();
    if (PyUnicode_Check(source) || PyBytes_Check(source) || PySequence_Check(source) == 0) {
      return PyErr::Access::mismatch(expected(), source);
    }
    const Py_ssize_t size = detail::guard_unwind([&] { return PySequence_Size(source); });
    if (size < 0) return PyErr::fetch(object.py());
    std::vector<T> result;
    // A hint only: __len__ may lie.
    result.reserve(
        static_cast<std::size_t>(size < 4096 || PyList_CheckExact(source) || PyTuple_CheckExact(source) ? size : 4096));
    // Converting an item may run Python code that changes the sequence: index and size are looked at afresh.
    for (std::size_t index = 0;; ++index) {
      ::PyObject* raw = item(source, static_cast<Py_ssize_t>(index));
      if (raw == nullptr) {
        if (PyErr_Occurred() == nullptr) break;
        return PyErr::fetch(object.py());
      }
      const Bound<PyAny> owned = detail::steal(raw);
      PyResult<T> value = detail::extract_from<T>(owned);
      if (value.is_err()) return detail::at_index(std::move(value).error(), index);
      result.push_back(std::move(value).value());
    }
    return result;
  }

 private:
  /// A new reference; null without an exception at the end.
  ADDER_INLINE static ::PyObject* item(::PyObject* source, Py_ssize_t index) {
#if !defined(Py_GIL_DISABLED)
    if (PyList_CheckExact(source)) {
      return index < PyList_GET_SIZE(source) ? Py_NewRef(PyList_GET_ITEM(source, index)) : nullptr;
    }
#endif
    if (PyTuple_CheckExact(source)) {
      return index < PyTuple_GET_SIZE(source) ? Py_NewRef(PyTuple_GET_ITEM(source, index)) : nullptr;
    }
    ::PyObject* found = detail::guard_unwind([&] { return PySequence_GetItem(source, index); });
    if (found == nullptr && PyErr_ExceptionMatches(PyExc_IndexError) != 0) PyErr_Clear();
    return found;
  }
};

template <class T>
struct IntoPyObject<std::vector<T>> {
  template <class Vector>
  static PyResult<Bound<PyAny>> into_py(Python py, Vector&& values) {
    ::PyObject* raw = PyList_New(static_cast<Py_ssize_t>(values.size()));
    if (raw == nullptr) return PyErr::fetch(py);
    Bound<PyAny> list = detail::steal(raw);
    Py_ssize_t index = 0;
    for (auto&& value : values) {
      PyResult<Bound<PyAny>> item = [&] {
        if constexpr (std::is_lvalue_reference_v<Vector> || std::is_same_v<T, bool>) {
          return adder::into_py(py, static_cast<const T&>(value));
        } else {
          return adder::into_py(py, std::move(value));
        }
      }();
      if (item.is_err()) return detail::at_index(std::move(item).error(), static_cast<std::size_t>(index));
      PyList_SET_ITEM(raw, index++, std::move(item).value().into_ptr());
    }
    return list;
  }
};

}  // namespace adder::inline ADDER_ABI
