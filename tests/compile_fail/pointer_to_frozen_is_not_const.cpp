// SPDX-License-Identifier: MIT
// Nothing may change the value of a frozen class.
// FIRST: adder: a pointer to the value of a frozen class is one to const
#include "adder/adder.hpp"
#include "adder/class/holder.hpp"

#include <memory>

using namespace adder;

struct Engine {
  const int power = 0;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static constexpr bool frozen = true;
  using holder = std::shared_ptr<Engine>;
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};
#if ADDER_MUST_NOT_COMPILE
int f(const std::shared_ptr<Engine>& engine) { return engine->power; }
#else
int f(const std::shared_ptr<const Engine>& engine) { return engine->power; }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
