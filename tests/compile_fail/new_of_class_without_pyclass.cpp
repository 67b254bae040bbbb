// SPDX-License-Identifier: MIT
// The same where an object is made.
// FIRST: adder: new_ makes objects of pyclasses.* specialise adder::PyClass<T>
#include "adder/adder.hpp"

using namespace adder;

struct Engine {};
#if !ADDER_MUST_NOT_COMPILE
template <>
struct adder::PyClass<Engine> {
  static constexpr auto name = "Engine";
  static void define(ClassBuilder<Engine>& cls) { cls.def_new<>(); }
};
#endif

Bound<Engine> probe(Python py) { return Bound<Engine>::new_(py); }
