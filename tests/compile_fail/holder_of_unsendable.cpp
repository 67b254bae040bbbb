// SPDX-License-Identifier: MIT
// C++ takes values to other threads.
// FIRST: adder: the values of an unsendable class are for one thread
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
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool unsendable = true;
  using holder = std::shared_ptr<Engine>;
#else
  using holder = std::shared_ptr<Engine>;
#endif
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Engine>(); }
