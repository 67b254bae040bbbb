// SPDX-License-Identifier: MIT
// A Python object owns its value alone, unless its class has a holder.
// FIRST: adder: a smart pointer to a pyclass converts once its PyClass has a holder
#include "adder/adder.hpp"

#include <memory>

using namespace adder;

struct Engine {
  int power = 0;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};
#if ADDER_MUST_NOT_COMPILE
int f(std::unique_ptr<Engine> engine) { return engine->power; }
#else
int f(const Bound<Engine>& engine) { return engine.borrow()->power; }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
