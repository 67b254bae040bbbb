// SPDX-License-Identifier: MIT
// A BytesView holds the memory of somebody else for the call: kept in a class, a bytearray could never grow again.
// EXPECT: adder: a pyclass may not keep a view
#include "adder/adder.hpp"
#include "adder/types/bytes_view.hpp"

#include <cstddef>
#include <vector>

using namespace adder;

struct Page {
#if ADDER_MUST_NOT_COMPILE
  BytesView data;
#else
  std::vector<std::byte> data;
#endif
};
template <>
struct adder::PyClass<Page> {
  static constexpr auto name = "Page";
  using fields = FieldList<&Page::data>;
  static void define(ClassBuilder<Page>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Page>(); }
