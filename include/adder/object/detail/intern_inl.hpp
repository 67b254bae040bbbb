// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of intern.hpp.
#pragma once
#include "adder/object/intern.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC ::PyObject* intern_slowly(Atomic<::PyObject*>& cache, std::string_view text) {
  ::PyObject* string = PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
  if (string != nullptr) PyUnicode_InternInPlace(&string);
  non_null(string);
  ::PyObject* expected = nullptr;
  // ORDER: acq_rel: on a free-threaded build two threads may race; interning gave both the same string.
  if (!cache.compare_exchange(expected, string, Order::acq_rel)) {
    Py_DECREF(string);
    return expected;
  }
  return string;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
