// SPDX-License-Identifier: MIT
// The fields of an aggregate are looked into at any depth.
// EXPECT: not Ungil: it is, or holds, something tied to the GIL
// EXPECT: is_ungil<(const )?Batch
#include "adder/adder.hpp"

#include <optional>

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
using Handle = Bound<PyAny>;
#else
using Handle = Py<PyAny>;
#endif

struct Job {
  int id;
  std::optional<Handle> input;
};
struct Batch {
  Job first;
  int count;
};

void probe(Python py, const Batch& value) {
  py.allow_threads([](const auto&) {}, value);
}
