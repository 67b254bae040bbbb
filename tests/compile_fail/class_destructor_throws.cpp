// SPDX-License-Identifier: MIT
// Python destroys the values of classes where no exception can go.
// EXPECT: adder: the destructor of a pyclass may not throw
#include "adder/adder.hpp"

using namespace adder;

struct Loud {
  Loud() = default;
  Loud(Loud&&) noexcept {}
#if ADDER_MUST_NOT_COMPILE
  ~Loud() noexcept(false) {}
#else
  ~Loud() {}
#endif
};
template <>
struct adder::PyClass<Loud> {
  static constexpr auto name = "Loud";
  static void define(ClassBuilder<Loud>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Loud>(); }
