// SPDX-License-Identifier: MIT
// The value dies with the last handle: that one is kept in a variable.
// EXPECT: (use of deleted function .*get\(|call to deleted member function 'get')
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<Thing>&) {}
};

int probe(Python py) {
#if ADDER_MUST_NOT_COMPILE
  const Thing& thing = Bound<Thing>::new_(py, 1).get();
  return thing.value;
#else
  const auto handle = Bound<Thing>::new_(py, 1);
  const Thing& thing = handle.get();
  return thing.value;
#endif
}
