// SPDX-License-Identifier: MIT
// It is made of the pointer that the object has.
// FIRST: adder: no conversion from a Python object to a std::weak_ptr: take a std::shared_ptr
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
std::weak_ptr<Engine> watched;
#if ADDER_MUST_NOT_COMPILE
void f(std::weak_ptr<Engine> engine) { watched = engine; }
#else
void f(const std::shared_ptr<Engine>& engine) { watched = engine; }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
