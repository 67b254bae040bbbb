// SPDX-License-Identifier: MIT
// Python would change what C++ has as const.
// FIRST: adder: a pointer to const would become an object that Python may change
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
std::shared_ptr<const Engine> f() { return std::make_shared<const Engine>(); }
#else
std::shared_ptr<Engine> f() { return std::make_shared<Engine>(); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
