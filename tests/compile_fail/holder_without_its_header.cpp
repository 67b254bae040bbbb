// SPDX-License-Identifier: MIT
// What holds a value is declared in a header of its own.
// FIRST: adder: `holder` needs its header
#include "adder/adder.hpp"

#include <memory>

using namespace adder;

struct Engine {
  int power = 0;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
#if ADDER_MUST_NOT_COMPILE
  using holder = std::shared_ptr<Engine>;
#endif
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Engine>(); }
