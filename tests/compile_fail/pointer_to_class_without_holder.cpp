// SPDX-License-Identifier: MIT
// The value is in the object, which a pointer cannot keep.
// FIRST: adder: a smart pointer to a pyclass whose values are in their objects: give its PyClass the holder
#include "adder/adder.hpp"
#include "adder/class/holder.hpp"  // IWYU pragma: keep (a class without a holder is told so)

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
int f(const std::shared_ptr<Engine>& engine) { return engine->power; }
#else
int f(const Engine& engine) { return engine.power; }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
