// SPDX-License-Identifier: MIT
// A view does not keep alive the text that it shows.
// EXPECT: a pointer or a view may lead to what is gone
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

#include <string>
#include <string_view>

using namespace adder;

Bound<PyBuiltinFunction> probe(Python py, std::string_view text) {
#if ADDER_MUST_NOT_COMPILE
  return new_closure<[](const std::string_view& state) { return state.size(); }>(py, "f", text);
#else
  return new_closure<[](const std::string& state) { return state.size(); }>(py, "f", std::string(text));
#endif
}
