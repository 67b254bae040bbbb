// SPDX-License-Identifier: MIT
// Comparisons are one slot, which is filled by hand for now.
// FIRST: adder: unknown dunder name: all comparisons are one C function, cls.slot\(Py_tp_richcompare
#include "adder/adder.hpp"

using namespace adder;

struct Counter {
  int total = 0;
  bool equals(const Counter& other) const { return total == other.total; }
};
::PyObject* compare(::PyObject*, ::PyObject*, int) { Py_RETURN_NOTIMPLEMENTED; }
template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<"__eq__", &Counter::equals>();
#else
    cls.slot(Py_tp_richcompare, reinterpret_cast<void*>(&compare));
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
