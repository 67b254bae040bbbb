// SPDX-License-Identifier: MIT
// Options that classes share by inheritance are looked at as well.
// FIRST: adder: PyClass<T>: hashable and is_hashable are no options: the option is .hash.
#include "adder/adder.hpp"
#include "adder/class/protocols.hpp"  // IWYU pragma: keep (eq)

using namespace adder;

struct Counter {
  int total = 0;
  bool operator==(const Counter&) const = default;
};
struct Value {
  static constexpr bool frozen = true, eq = true;
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool hashable = true;
#endif
};
/// The names of helpers, types and bases are the author's own.
struct ordered {};

template <>
struct adder::PyClass<Counter> : Value, ordered {
  static constexpr auto name = "Counter";
  using ordering = int;
  static int sequence() { return 1; }
  static void define(ClassBuilder<Counter>& cls) { cls.getter<&Counter::total>("total"); }
};

void probe(ModuleBuilder& m) { m.add_class<Counter>(); }
