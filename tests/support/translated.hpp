// SPDX-License-Identifier: MIT
// What a C++ exception becomes in Python.
#pragma once
#include "adder/error/err.hpp"
#include "adder/exception/translate.hpp"

#include <string>

namespace test {

/// "ValueError: the message", of a copy of @p thrown.
template <class E>
std::string translated(adder::Python py, E thrown) {
  try {
    throw thrown;
  } catch (...) {
    adder::detail::translate_current_exception();
  }
  return adder::PyErr::fetch(py).what();
}

}  // namespace test
