// SPDX-License-Identifier: MIT
// A class holds no handle: its values outlive the GIL's hold.
// EXPECT: a pyclass may not hold Bound, Borrowed, Python or raw PyObject. members
// EXPECT: Hold Py<T>
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Handle = Bound<PyAny>;
#else
using Handle = Py<PyAny>;
#endif

struct Job {
  int id;
  Handle input;
};
template <>
struct adder::PyClass<Job> {
  static constexpr auto name = "Job";
  static void define(ClassBuilder<Job>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Job>(); }
