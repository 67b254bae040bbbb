// SPDX-License-Identifier: MIT
// What a call brings is gone after it, also where it is kept further inside.
// EXPECT: adder: a pyclass may not keep a view
// EXPECT: Hold std::string, std::vector, PyBackedStr or Py<T>
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Text = std::string_view;
#else
using Text = std::string;
#endif

struct Line {
  int number;
  Text text;
};
struct Page {
  std::vector<Line> lines;
};
template <>
struct adder::PyClass<Page> {
  static constexpr auto name = "Page";
  static void define(ClassBuilder<Page>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Page>(); }
