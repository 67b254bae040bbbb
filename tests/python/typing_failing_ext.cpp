// SPDX-License-Identifier: MIT
// A stub build of a module whose body does not get to its end.
#include <adder/adder.hpp>

using namespace adder;

namespace {

struct Broken {
  int x = 0;
  int get() const { return x; }
};
struct Fine {
  int x = 0;
};
int before(int x) { return x; }
Broken make() { return {}; }

}  // namespace

template <>
struct adder::PyClass<Broken> {
  static constexpr auto name = "Broken";
  static void define(ClassBuilder<Broken>& cls) {
    cls.def<&Broken::get>("get");
    cls.def_new<>();
    cls.def_new<>();
  }
};
template <>
struct adder::PyClass<Fine> {
  static constexpr auto name = "Fine";
  static void define(ClassBuilder<Fine>& cls) { cls.field<&Fine::x>("x"); }
};

ADDER_MODULE(typing_failing_ext, m) {
  m.def<&before>("before", arg("x"));
  m.def<&make>("make");
  m.add_class<Fine>();
  m.add_class<Broken>();
  m.def<&before>("after", arg("x"));
}
