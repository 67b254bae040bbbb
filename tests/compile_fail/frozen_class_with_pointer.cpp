// SPDX-License-Identifier: MIT
// A const pointer leads to what is not const: several threads could change it.
// EXPECT: adder: the values of a frozen class are used by several threads at once, and adder cannot see that this class
#include "adder/adder.hpp"

#include <memory>
#include <optional>

using namespace adder;

struct Shared {
#if ADDER_MUST_NOT_COMPILE
  std::shared_ptr<long> count;
#else
  std::optional<long> count;
#endif
  long get() const { return *count; }
};
template <>
struct adder::PyClass<Shared> {
  static constexpr auto name = "Shared";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<Shared>& cls) { cls.def<&Shared::get>("get"); }
};

void probe(ModuleBuilder& m) { m.add_class<Shared>(); }
