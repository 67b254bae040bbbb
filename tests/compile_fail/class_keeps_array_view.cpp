// SPDX-License-Identifier: MIT
// A view lives no longer than its array: a class keeps the array.
// EXPECT: adder: .*view
#include "adder/adder.hpp"
#include "adder/array/array.hpp"

#include <cstddef>

using namespace adder;

struct Signal {
#if ADDER_MUST_NOT_COMPILE
  ArrayView<const double, ndim<1>> samples;
#else
  Array<const double, ndim<1>> samples;
#endif
  std::size_t size() const { return samples.size(); }
};
template <>
struct adder::PyClass<Signal> {
  static constexpr auto name = "Signal";
  static void define(ClassBuilder<Signal>& cls) { cls.def<&Signal::size>("size"); }
};

void probe(ModuleBuilder& m) { m.add_class<Signal>(); }
