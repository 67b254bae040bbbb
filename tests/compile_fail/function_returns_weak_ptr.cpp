// SPDX-License-Identifier: MIT
// There may be nothing any more: lock() says so.
// FIRST: adder: no conversion from a std::weak_ptr to a Python object: return its lock
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
std::weak_ptr<Engine> f() { return watched; }
#else
std::shared_ptr<Engine> f() { return watched.lock(); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
