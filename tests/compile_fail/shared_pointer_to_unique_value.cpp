// SPDX-License-Identifier: MIT
// The same of a result.
// FIRST: adder: a result cannot be a shared_ptr to a class whose holder is a unique_ptr
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
  using holder = std::unique_ptr<Engine>;
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};
#if ADDER_MUST_NOT_COMPILE
std::shared_ptr<Engine> f() { return std::make_shared<Engine>(); }
#else
std::unique_ptr<Engine> f() { return std::make_unique<Engine>(); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
