// SPDX-License-Identifier: MIT
// A destructor that runs without the GIL may not touch handles that are tied to it, whatever else the author vouches
// for.
// EXPECT: adder: this type is not Ungil: it is, or holds, something tied to the GIL
#include "adder/adder.hpp"

#include <optional>

using namespace adder;

struct Job {
  std::optional<Bound<PyAny>> input;
};
template <>
struct adder::PyClass<Job> {
  static constexpr auto name = "Job";
  static constexpr bool unsafe_send = true;
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool drop_detached = true;
#endif
  static void define(ClassBuilder<Job>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Job>(); }
