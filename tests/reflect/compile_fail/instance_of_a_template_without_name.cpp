// SPDX-License-Identifier: MIT
// An instance of a template is called something in Python that its author says.
// EXPECT: adder: Reflected<T>: an instance of a template has no name of its own
#include "adder/adder.hpp"
#include "adder/reflect/reflect.hpp"

template <class T>
struct Pair {
  T first{}, second{};
};
template <>
struct adder::PyClass<Pair<int>> : adder::Reflected<Pair<int>> {
#if !ADDER_MUST_NOT_COMPILE
  static constexpr auto name = "IntPair";
#endif
};

ADDER_MODULE(pairs, m) { m.add_class<Pair<int>>(); }
