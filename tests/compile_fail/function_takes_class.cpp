// SPDX-License-Identifier: MIT
// A function of a module is called on no class.
// EXPECT: adder: .*ThisClass
#include "adder/adder.hpp"

using namespace adder;

void probe(ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.def<[](const ThisClass& type) { return type->as_any().is_none(); }>("is_none");
#else
  m.def<[](const Bound<PyType>& type) { return type.as_any().is_none(); }>("is_none");
#endif
}
