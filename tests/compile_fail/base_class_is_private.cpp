// SPDX-License-Identifier: MIT
// What is private in C++ cannot be a base in Python.
// EXPECT: adder: a pyclass whose base is another pyclass derives from it in C\+\+ as well, publicly and once
#include "adder/adder.hpp"

using namespace adder;

struct Base {
  int x = 0;
};
#if ADDER_MUST_NOT_COMPILE
class Derived : Base {
#else
class Derived : public Base {
#endif
 public:
  int y = 0;
};

template <>
struct adder::PyClass<Base> {
  static constexpr auto name = "Base";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Base>&) {}
};
template <>
struct adder::PyClass<Derived> {
  static constexpr auto name = "Derived";
  using base = Base;
  static void define(ClassBuilder<Derived>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Derived>(); }
