// SPDX-License-Identifier: MIT
// Without the GIL only values that nobody changes behind the reader's back are read.
// EXPECT: adder: Py<T>::get\(\) is for frozen pyclasses: others need bind\(py\).borrow\(\)
#include "adder/adder.hpp"

using namespace adder;

struct Thing {
  int value = 0;
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define(ClassBuilder<Thing>&) {}
};

int probe([[maybe_unused]] Python py, const Py<Thing>& thing) {
#if ADDER_MUST_NOT_COMPILE
  return thing.get().value;
#else
  return thing.bind(py).borrow()->value;
#endif
}
