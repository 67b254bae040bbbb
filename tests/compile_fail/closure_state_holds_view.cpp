// SPDX-License-Identifier: MIT
// A view in the state does not keep alive the text that it shows.
// EXPECT: adder: a closure owns its state: a pointer or a view may lead to what is gone
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"

#include <string>
#include <string_view>

using namespace adder;

struct State {
  int calls;
#if ADDER_MUST_NOT_COMPILE
  std::string_view text;
#else
  std::string text;
#endif
};

Bound<PyBuiltinFunction> probe(Python py, const std::string& text) {
  return new_closure<[](const State& state) { return state.text.size(); }>(py, "f", State{0, text});
}
