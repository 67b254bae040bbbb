// SPDX-License-Identifier: MIT
// A cell outlives what its initialiser looked at.
// EXPECT: adder: a GILOnceCell keeps its value: a pointer, reference or view in it may lead to what is gone
#include "adder/adder.hpp"

#include <cstddef>
#include <string>
#include <string_view>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Text = std::string_view;
#else
using Text = std::string;
#endif

std::size_t probe(Python py, std::string_view text) {
  static constinit GILOnceCell<Text> cell;
  return cell.get_or_init(py, [&] { return Text(text); }).size();
}
