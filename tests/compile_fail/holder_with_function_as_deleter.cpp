// SPDX-License-Identifier: MIT
// Without a value there is no deleter either.
// FIRST: adder: PyClass<T>::holder has to be able to be empty
#include "adder/adder.hpp"
#include "adder/class/holder.hpp"

#include <memory>

using namespace adder;

struct Engine {
  int power = 0;
};
struct Destroy {
  void operator()(Engine* engine) const { delete engine; }
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
#if ADDER_MUST_NOT_COMPILE
  using holder = std::unique_ptr<Engine, void (*)(Engine*)>;
#else
  using holder = std::unique_ptr<Engine, Destroy>;
#endif
  static void define(ClassBuilder<Engine>& cls) { cls.field<&Engine::power>("power"); }
};

void probe(ModuleBuilder& m) { m.add_class<Engine>(); }
