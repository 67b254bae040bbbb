// SPDX-License-Identifier: MIT
// An option that adder does not know yet is refused, not ignored: what it promises would not hold.
// EXPECT: adder: of the options of a pyclass there are name, doc and frozen so far
#include "adder/adder.hpp"
using namespace adder;
struct Thing {};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool unsendable = true;
#endif
  static void define(ClassBuilder<Thing>& cls) { cls.def_new<>(); }
};
ADDER_MODULE(probe, m) { m.add_class<Thing>(); }
