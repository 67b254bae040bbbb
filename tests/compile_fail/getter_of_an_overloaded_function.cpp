// SPDX-License-Identifier: MIT
// The same for a getter that is there twice, once for const objects.
// EXPECT: no matching .*overloaded. static_cast<int .T::..\(\) const>.&T::f
#include "adder/adder.hpp"

using namespace adder;

struct Engine {
  int power = 0;
  int& get() { return power; }
  const int& get() const { return power; }
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static void define(ClassBuilder<Engine>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.getter<&Engine::get>("power");
#else
    cls.getter<static_cast<const int& (Engine::*)() const>(&Engine::get)>("power");
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Engine>(); }
