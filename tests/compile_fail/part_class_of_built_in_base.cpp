// SPDX-License-Identifier: MIT
// An object of a class that derives from a built-in type is more than its C++ value.
// EXPECT: adder: a class that derives from a built-in type has no parts
#include "adder/adder.hpp"
#include "adder/class/part.hpp"

using namespace adder;

struct Table {
  int size = 0;
};
template <>
struct adder::PyClass<Table> {
  static constexpr auto name = "Table";
  static constexpr bool part = true;
#if ADDER_MUST_NOT_COMPILE
  using base = PyDict;
#endif
  static void define(ClassBuilder<Table>&) {}
};
void probe(ModuleBuilder& m) { m.add_class<Table>(); }
