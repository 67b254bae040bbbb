// SPDX-License-Identifier: MIT
// A callable may return an object that others have, too: only a call of a bound function can take the value out of it.
// FIRST: adder: a std::unique_ptr to a pyclass is a parameter or a result of a bound function
#include "adder/adder.hpp"
#include "adder/class/holder.hpp"
#include "adder/stl/functional.hpp"

#include <functional>
#include <memory>

using namespace adder;

struct Engine {
  int power = 0;
};
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
#if ADDER_MUST_NOT_COMPILE
  using holder = std::unique_ptr<Engine>;
#else
  using holder = std::shared_ptr<Engine>;
#endif
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};
int f(const std::function<PyClass<Engine>::holder()>& make) { return make()->power; }

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
