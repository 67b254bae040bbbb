// SPDX-License-Identifier: MIT
// An aggregate with a handle among its fields does not cross allow_threads.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?Job
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

void probe(Python py, const Job& value) {
  py.allow_threads([](const auto&) {}, value);
}
