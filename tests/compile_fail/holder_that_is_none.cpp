// SPDX-License-Identifier: MIT
// adder has to know the pointer.
// FIRST: adder: PyClass<T>::holder is std::shared_ptr<T>, std::unique_ptr<T>
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
#if ADDER_MUST_NOT_COMPILE
  using holder = Engine*;
#else
  using holder = std::shared_ptr<Engine>;
#endif
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Engine>(); }
