// SPDX-License-Identifier: MIT
// What tests use to look at errors.
#pragma once
#include "adder/adder.hpp"

#include <exception>
#include <string>
#include <utility>

namespace test {

/// The text of the PyErr that `f()` throws, "C++: " and the text of another exception, or "no error".
template <class F>
std::string error_of(F&& f) {
  try {
    (void)std::forward<F>(f)();
  } catch (const adder::PyErr& error) {
    return error.what();
  } catch (const std::exception& error) {
    return std::string("C++: ") + error.what();
  }
  return "no error";
}

}  // namespace test
