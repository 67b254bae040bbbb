// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of slots.hpp.
#pragma once
#include "adder/class/detail/slots.hpp"

#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_COLD ADDER_FUNC ::PyObject* refuse_depth() noexcept {
  PyErr_SetString(PyExc_RecursionError, "maximum recursion depth exceeded in the dunder methods of a C++ class");
  return nullptr;
}

ADDER_FUNC bool has_type_slot(std::string_view name) noexcept {
  if (!name.starts_with("__") || !name.ends_with("__") || name.size() < 5 || name.find(' ') != std::string_view::npos) {
    return false;
  }
  constexpr std::string_view all = slot_names;
  name.remove_prefix(2);
  name.remove_suffix(2);
  for (std::size_t at = all.find(name, 1); at != std::string_view::npos; at = all.find(name, at + 1)) {
    if (all[at - 1] == ' ' && all[at + name.size()] == ' ') return true;
  }
  return false;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
