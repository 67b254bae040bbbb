// SPDX-License-Identifier: MIT
// A class whose fields are listed is looked into: it holds no handle that is tied to the GIL.
// EXPECT: adder: a pyclass may not hold Bound, Borrowed, Python or raw PyObject. members
// EXPECT: Hold Py<T>
#include "adder/adder.hpp"

#include <utility>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Handle = Bound<PyAny>;
#else
using Handle = Py<PyAny>;
#endif

class Job {
 public:
  explicit Job(Handle input) : input_(std::move(input)) {}

 private:
  friend struct adder::PyClass<Job>;
  Handle input_;
};
template <>
struct adder::PyClass<Job> {
  static constexpr auto name = "Job";
  using fields = FieldList<&Job::input_>;
  static void define(ClassBuilder<Job>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Job>(); }
