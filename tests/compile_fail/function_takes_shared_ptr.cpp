// SPDX-License-Identifier: MIT
// A Python object owns its value alone: who wants to keep it keeps the object.
// FIRST: adder: no conversion from a Python object to T: the Python object owns the value.*no smart pointer yet. Of a pyclass take const T&
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
int f(std::shared_ptr<Engine> engine) { return engine->power; }
#else
int f(const Bound<Engine>& engine) { return engine.borrow()->power; }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
