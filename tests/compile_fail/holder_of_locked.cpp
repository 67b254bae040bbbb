// SPDX-License-Identifier: MIT
// C++ does not ask the lock.
// FIRST: adder: C\+\+ that holds the value too does not ask its lock
#include "adder/adder.hpp"
#include "adder/class/holder.hpp"
#include "adder/class/locked.hpp"

#include <memory>

using namespace adder;

struct Engine {
  int power = 0;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool locked = true;
  using holder = std::shared_ptr<Engine>;
#else
  using holder = std::shared_ptr<Engine>;
#endif
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Engine>(); }
