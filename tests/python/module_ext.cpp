// SPDX-License-Identifier: MIT
// A module with a bit of everything for test_module.py.
#include <adder/adder.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

using namespace adder;

namespace {

int times_run = 0;
int combine(int left, int right) { return 10 * left + right; }
int negate(int value) { return -value; }
int flip(int value) { return -value; }

struct Early {
  explicit Early(int given) : value(given) {}
  int value;
  int get() const { return value; }
};
struct Late {
  int get() const { return 1; }
  int get_again() const { return 2; }
};

int negate_again(int value) { return -value; }

}  // namespace

template <>
struct adder::PyClass<Early> {
  static constexpr auto name = "Early";
  static void define(ClassBuilder<Early>& cls) {
    cls.def_new<int>(arg("value") = 3);
    cls.getter<&Early::get>("value");
  }
};
template <>
struct adder::PyClass<Late> {
  static constexpr auto name = "Late";
  static void define(ClassBuilder<Late>& cls) {
    cls.def_new<>();
    cls.def<&Late::get>("get");
    cls.def<&Late::get_again>("get_again");
  }
};

ADDER_MODULE(module_ext, m) {
  ++times_run;
  m.doc("A module with a bit of everything.\n\nÄnd non-ASCII text.");
  m.add("answer", 42);
  m.add("pi", 3.25);
  m.add("greeting", std::string("hello\0there", 11));
  m.add("yes", true);
  m.add("nothing", m.py().None());
  m.add("primes", std::vector<int>{2, 3, 5});
  m.add("largest", std::numeric_limits<std::uint64_t>::max());
  m.add("itself", m.module());
  m.def<[] { return times_run; }>("times_run");
  m.def<&combine>("combine", arg("left"), arg("right") = 1, "Two digits.");
  // The same function under further names, with parameters of their own.
  m.def<&combine>("mix", arg("first") = 7, arg("second") = 8, "Under another name.");
  m.def<&combine>("positional");
  m.def<&negate>("negate", arg("value"));
  m.def<&flip>("redefined", arg("value"));
  m.module().delattr("redefined"_s);  // Or the name would be taken.
  m.def<&flip>("redefined", arg("other") = 5);
  // The older function object stays, and goes by the calling convention that it was made with.
  m.def<&negate_again>("convention");
  m.add("older_convention", m.module().getattr("convention"_s));
  m.module().delattr("convention"_s);
  m.def<&negate_again>("convention", arg("value") = 4);
  // An instance is needed before its class is added.
  m.def<[](const Bound<Early>& early) { return early.borrow()->value; }>("early_value", arg("early") = Early(11));
  m.add_class<Early>();
  m.add_class<Late>();
  m.add_class<Late>();
}
