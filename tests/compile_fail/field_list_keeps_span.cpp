// SPDX-License-Identifier: MIT
// A class whose fields are listed is looked into.
// EXPECT: adder: a pyclass may not keep a view
// EXPECT: Hold std::string, std::vector, PyBackedStr or Py<T>
#include "adder/adder.hpp"

#include <span>
#include <vector>

using namespace adder;

class Samples {
 private:
  friend struct adder::PyClass<Samples>;
#if ADDER_MUST_NOT_COMPILE
  std::span<const double> values_;
#else
  std::vector<double> values_;
#endif
};
template <>
struct adder::PyClass<Samples> {
  static constexpr auto name = "Samples";
  using fields = FieldList<&Samples::values_>;
  static void define(ClassBuilder<Samples>& cls) { cls.def_new<>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Samples>(); }
