// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of testing.hpp.
#pragma once
#include "adder/module/testing.hpp"

#include <cstddef>

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

namespace detail {

ADDER_FUNC LinesOfSnippet::LinesOfSnippet(Python py, const char* file_name, std::size_t size, const Bound<PyAny>& lines)
    : cache_(py.import("linecache").getattr("cache"_s)),
      file_name_(PyString::new_(py, file_name)),
      outer_(cache_.call_method("get"_s, file_name_)) {
  cache_.set_item(file_name_, PyTuple::new_(py, size, py.None(), lines, file_name_));
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
