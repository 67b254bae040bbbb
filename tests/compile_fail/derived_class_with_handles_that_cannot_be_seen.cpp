// SPDX-License-Identifier: MIT
// Fields behind a base class cannot be told apart from the base's: they have to be listed.
// EXPECT: adder: the fields of this aggregate cannot be told apart, because of a base class
#include "adder/adder.hpp"

#include <optional>

using namespace adder;

struct Base {
  int x = 0;
};
struct Holder : Base {
  std::optional<Py<PyAny>> value;
};
template <>
struct adder::PyClass<Base> {
  static constexpr auto name = "Base";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Base>&) {}
};
template <>
struct adder::PyClass<Holder> {
  static constexpr auto name = "Holder";
  using base = Base;
#if !ADDER_MUST_NOT_COMPILE
  using fields = FieldList<&Holder::value>;
#endif
  static void define(ClassBuilder<Holder>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Holder>(); }
