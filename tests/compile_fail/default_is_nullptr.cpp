// SPDX-License-Identifier: MIT
// There are no parameters that are pointers: what may be None is a std::optional or a handle.
// FIRST: adder: a nullptr does not convert: None is py.None.., or std::nullopt
#include "adder/adder.hpp"
#include "adder/stl/optional.hpp"

#include <optional>

using namespace adder;

int twice(std::optional<int> x) { return x ? 2 * *x : 0; }

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<&twice>("twice", arg("x") = nullptr);
#else
  m.def<&twice>("twice", arg("x") = std::nullopt);
#endif
}
