// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of intern.hpp.
#pragma once
#include "adder/object/intern.hpp"

#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC ::PyObject* intern_slowly(Atomic<::PyObject*>& cache, std::string_view text) {
  ::PyObject* string = PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
  if (string != nullptr) PyUnicode_InternInPlace(&string);
  return publish_once(cache, non_null(string));
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
