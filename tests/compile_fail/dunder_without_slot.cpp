// SPDX-License-Identifier: MIT
// `with` looks for __enter__ by its name: it is a method like others.
// FIRST: adder: unknown dunder name: most need #include <adder/class/protocols.hpp>. .*cls.def<&T::f>
#include "adder/adder.hpp"

using namespace adder;

struct Door {
  bool open = false;
  void enter() { open = true; }
};
template <>
struct adder::PyClass<Door> {
  static constexpr auto name = "Door";
  static void define(ClassBuilder<Door>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<"__enter__", &Door::enter>();
#else
    cls.def<&Door::enter>("__enter__");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Door>(); }
