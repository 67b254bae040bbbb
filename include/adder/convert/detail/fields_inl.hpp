// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of fields.hpp.
#pragma once
#include "adder/convert/fields.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC PyErr AttributeStep::missing(std::string_view name) {
  return PyErr::Access::lazy(PyExc_AttributeError, std::string("the attribute '").append(name).append("' is missing"));
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
