// SPDX-License-Identifier: MIT
// A slice has the same items as the list.
// FIRST: adder: a live container of what cannot be copied, such as Py<T>
#include "adder/adder.hpp"
#include "adder/class/containers.hpp"
#include "adder/class/part.hpp"

#include <vector>

using namespace adder;

struct Basket {
#if ADDER_MUST_NOT_COMPILE
  std::vector<Py<PyAny>> items;
#else
  std::vector<int> items;
#endif
};
template <>
struct adder::PyClass<Basket> {
  static constexpr auto name = "Basket";
  static void define(ClassBuilder<Basket>& cls) { cls.part<&Basket::items>("items"); }
};

void probe(ModuleBuilder& m) { m.add_class<Basket>(); }
