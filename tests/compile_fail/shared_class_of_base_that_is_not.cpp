// SPDX-License-Identifier: MIT
// A module that uses a class of another one knows its base from there, too.
// EXPECT: adder: the base of a class that modules share is shared as well: give its PyClass `shared_from`
#include "adder/adder.hpp"
#include "adder/class/shared_from.hpp"

using namespace adder;

struct Shape {
  double size = 1;
};
struct Mesh : Shape {};

template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
#if !ADDER_MUST_NOT_COMPILE
  static constexpr auto shared_from = "geometry";
#endif
  static void define(ClassBuilder<Shape>&) {}
};
template <>
struct adder::PyClass<Mesh> {
  static constexpr auto name = "Mesh";
  static constexpr auto shared_from = "geometry";
  using base = Shape;
  using fields = PartialFieldList<>;
};

Bound<Mesh> probe(Python py) { return Bound<Mesh>::new_(py); }
