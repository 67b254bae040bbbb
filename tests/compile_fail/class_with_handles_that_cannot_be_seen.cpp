// SPDX-License-Identifier: MIT
// A handle that the collector cannot find would keep cycles alive: the fields have to be listed.
// EXPECT: adder: the fields of this aggregate cannot be told apart
#include "adder/adder.hpp"

#include <optional>

using namespace adder;

struct Entry {
  std::optional<Py<PyAny>> value;
  char name[16];
};
template <>
struct adder::PyClass<Entry> {
  static constexpr auto name = "Entry";
#if !ADDER_MUST_NOT_COMPILE
  using fields = FieldList<&Entry::value, &Entry::name>;
#endif
  static void define(ClassBuilder<Entry>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Entry>(); }
