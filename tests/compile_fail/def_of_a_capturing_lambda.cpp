// SPDX-License-Identifier: MIT
// A lambda with captures is no method, and no function either: new_closure takes a function and its state.
// EXPECT: A function with a state, not a lambda with captures, is made by new_closure
#include "adder/adder.hpp"

using namespace adder;

struct Scale {
  int factor = 2;
};
template <>
struct adder::PyClass<Scale> {
  static constexpr auto name = "Scale";
  static void define(ClassBuilder<Scale>& cls) {
#if ADDER_MUST_NOT_COMPILE
    const int extra = 3;
    cls.def("scaled", [extra](const Scale& scale, int x) { return scale.factor * x + extra; });
#else
    cls.def<[](const Scale& scale, int x) { return scale.factor * x + 3; }>("scaled");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Scale>(); }
