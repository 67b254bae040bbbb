// SPDX-License-Identifier: MIT
// Several threads use the values of a frozen class at once: what may change has to synchronise itself.
// EXPECT: adder: the values of a frozen class are used by several threads at once, and adder cannot see that this class
// EXPECT: (std::atomic, PyMutex).*static constexpr bool sync = true
#include "adder/adder.hpp"

#include <atomic>

using namespace adder;

struct Hits {
  int limit = 3;
#if ADDER_MUST_NOT_COMPILE
  mutable long count = 0;
#else
  mutable std::atomic<long> count = 0;
#endif
  long hit() const { return ++count; }
};
template <>
struct adder::PyClass<Hits> {
  static constexpr auto name = "Hits";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<Hits>& cls) { cls.def<&Hits::hit>("hit"); }
};

void probe(ModuleBuilder& m) { m.add_class<Hits>(); }
