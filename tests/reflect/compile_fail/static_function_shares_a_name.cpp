// SPDX-License-Identifier: MIT
// In Python a name is a method or a static method.
// EXPECT: adder: Reflected<T>: a static function and one that is not share a name
#include "adder/adder.hpp"
#include "adder/reflect/reflect.hpp"

struct Shape {
  int sides() const { return 3; }
#if ADDER_MUST_NOT_COMPILE
  static int sides(int of) { return of; }
#else
  [[= adder::renamed("sides_of")]] static int sides(int of) { return of; }
#endif
};
template <>
struct adder::PyClass<Shape> : adder::Reflected<Shape> {};

ADDER_MODULE(shapes, m) { m.add_class<Shape>(); }
