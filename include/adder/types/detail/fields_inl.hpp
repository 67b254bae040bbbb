// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of fields.hpp.
#pragma once
#include "adder/types/fields.hpp"

#include <string>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC PyErr AttributeStep::missing(std::string_view name) {
  return PyErr::Access::lazy(PyExc_AttributeError, std::string("the attribute '").append(name).append("' is missing"));
}

}  // namespace detail

namespace detail {

ADDER_FUNC std::string AttributeStep::path(std::string_view name) { return std::string(".").append(name); }

ADDER_FUNC PyErr ItemStep::missing(std::string_view name) {
  return PyErr::Access::lazy(PyExc_KeyError, std::string("the key '").append(name).append("' is missing"));
}

ADDER_FUNC std::string ItemStep::path(std::string_view name) { return std::string("['").append(name).append("']"); }

ADDER_COLD ADDER_FUNC PyErr wrong_item_count(Py_ssize_t wanted, Py_ssize_t count) {
  return PyErr::Access::lazy(
      PyExc_ValueError,
      "expected " + std::to_string(wanted) + (wanted == 1 ? " item, got " : " items, got ") + std::to_string(count));
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
