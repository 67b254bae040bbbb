// SPDX-License-Identifier: MIT
// Without the GIL a method uses its object, too.
// EXPECT: this type is not Ungil
#include "adder/adder.hpp"

using namespace adder;

class Thing {
 public:
  int get() const { return value_; }

 private:
  int value_ = 1;
};
template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define(ClassBuilder<Thing>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.def<&Thing::get>("get", release_gil);
#else
    cls.def<&Thing::get>("get");
#endif
  }
};
