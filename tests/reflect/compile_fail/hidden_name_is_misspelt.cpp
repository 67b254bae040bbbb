// SPDX-License-Identifier: MIT
// A name that is to be hidden is one that the class has.
// EXPECT: adder: Reflected<T, "name">: the class has no public member of a name that is to be hidden
#include "adder/adder.hpp"
#include "adder/reflect/reflect.hpp"

struct Shape {
  int sides = 3;
  void draw() {}
};
#if ADDER_MUST_NOT_COMPILE
template <>
struct adder::PyClass<Shape> : adder::Reflected<Shape, "drew"> {};
#else
template <>
struct adder::PyClass<Shape> : adder::Reflected<Shape, "draw"> {};
#endif

ADDER_MODULE(shapes, m) { m.add_class<Shape>(); }
