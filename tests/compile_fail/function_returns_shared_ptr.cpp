// SPDX-License-Identifier: MIT
// A Python object owns its value alone: a result is moved into a new object.
// FIRST: adder: no conversion from T to a Python object: the Python object owns the value.*no smart pointer yet. Return the value
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
std::shared_ptr<Engine> f() { return std::make_shared<Engine>(); }
#else
Bound<Engine> f(Python py) { return Bound<Engine>::new_(py); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
