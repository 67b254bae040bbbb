// SPDX-License-Identifier: MIT
// Without a token nobody knows on which thread a value is read.
// EXPECT: adder: the values of an unsendable class are for one thread: bind\(py\).get\(\)
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static constexpr bool frozen = true;
  static constexpr bool unsendable = true;
  static void define(ClassBuilder<Thing>&) {}
};

int probe([[maybe_unused]] Python py, const Py<Thing>& thing) {
#if ADDER_MUST_NOT_COMPILE
  return thing.get().value;
#else
  return thing.bind(py).get().value;
#endif
}
