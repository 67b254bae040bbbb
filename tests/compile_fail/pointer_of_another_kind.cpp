// SPDX-License-Identifier: MIT
// Two kinds of owners would both delete the value.
// FIRST: adder: a parameter cannot be a unique_ptr to the value of a class whose holder is shared
#include "adder/adder.hpp"
#include "adder/class/holder.hpp"

#include <memory>

using namespace adder;

struct Engine {
  int power = 0;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  using holder = std::shared_ptr<Engine>;
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};
#if ADDER_MUST_NOT_COMPILE
int f(std::unique_ptr<Engine> engine) { return engine->power; }
#else
int f(std::shared_ptr<Engine> engine) { return engine->power; }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
