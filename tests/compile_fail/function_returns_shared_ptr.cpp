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
std::shared_ptr<Engine> f() { return std::make_shared<Engine>(); }
#else
Bound<Engine> f(Python py) { return Bound<Engine>::new_(py); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
