// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of testing.hpp.
#pragma once
#include "adder/module/testing.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC LinesOfSnippet::~LinesOfSnippet() {
  const ErrorScope pending(token());
  guard_unwind([&] {
    return outer_.is_none() ? PyObject_DelItem(cache_.as_ptr(), file_name_.as_ptr())
                            : PyObject_SetItem(cache_.as_ptr(), file_name_.as_ptr(), outer_.as_ptr());
  });
  PyErr_Clear();  // The lines stay, or are gone already.
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
