// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of chars.hpp.
#pragma once
#include "adder/convert/chars.hpp"

#include <cstdio>
#include <string>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC PyErr not_one_character(::PyObject* string) {
  return PyErr::Access::lazy(PyExc_ValueError,
                             "expected a str of length 1, got length " + std::to_string(PyUnicode_GET_LENGTH(string)));
}

ADDER_COLD ADDER_FUNC PyErr character_too_large(Py_UCS4 character, const char* what) {
  char text[64];
  std::snprintf(text, sizeof text, "U+%04lX does not fit into %s", static_cast<unsigned long>(character), what);
  return PyErr::Access::lazy(PyExc_ValueError, text);
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
