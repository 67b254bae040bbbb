// SPDX-License-Identifier: MIT
// A part has no value of its own.
// FIRST: adder: a class with a holder has no parts of its own
#include "adder/adder.hpp"
#include "adder/class/holder.hpp"
#include "adder/class/part.hpp"

#include <memory>

using namespace adder;

struct Engine {
  int power = 0;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool part = true;
  using holder = std::shared_ptr<Engine>;
#else
  using holder = std::shared_ptr<Engine>;
#endif
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Engine>(); }
