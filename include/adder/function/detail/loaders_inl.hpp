// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of loaders.hpp.
#pragma once
#include "adder/function/detail/loaders.hpp"

#include <cstddef>
#include <string_view>

namespace adder::inline ADDER_ABI::detail {

ADDER_NOINLINE ADDER_FUNC bool load_other_text(std::string_view& text, ::PyObject* object, CallContext context,
                                               unsigned index) noexcept {
  Loaded how = Loaded::mismatch;
  if (PyUnicode_Check(object)) {
    Py_ssize_t size = 0;
    const char* start = PyUnicode_AsUTF8AndSize(object, &size);
    if (start != nullptr) {
      text = {start, static_cast<std::size_t>(size)};
      return true;
    }
    how = Loaded::raised;
  }
  set_scalar_error(context.record(), index, how, "str", "", object);
  return false;
}

}  // namespace adder::inline ADDER_ABI::detail
