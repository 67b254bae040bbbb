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

/// What the Python that runs here says to the same mistake in Python code: other versions have other words for it.
inline std::string python_error_of(adder::Python py, const char* code) {
  return error_of([&] { py.run(code); });
}

}  // namespace test
