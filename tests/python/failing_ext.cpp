// SPDX-License-Identifier: MIT
// A module whose body fails in the way that sys.failing_ext_asks_for names.
#include <adder/adder.hpp>
#include <adder/stl/string.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

using namespace adder;

namespace {

int twice(int value) { return 2 * value; }
struct Thing {
  int value = 5;
  int get() const { return value; }
};

}  // namespace

template <>
struct adder::PyClass<Thing> {
  static constexpr auto name = "Thing";
  static void define(ClassBuilder<Thing>& cls) {
    cls.def_new<>();
    cls.def<&Thing::get>("get");
  }
};

struct Selfish {
  int value = 5;
};
template <>
struct adder::PyClass<Selfish> {
  static constexpr auto name = "Selfish";
  static void define(ClassBuilder<Selfish>& cls) { cls.def_new<Selfish>(arg("like") = Selfish{}); }
};

ADDER_MODULE(failing_ext, m) {
  const auto wish = m.py().import("sys").getattr("failing_ext_asks_for");
  const auto kind = wish.get_item(0).extract<std::string>();
  m.def<&twice>("twice", arg("value") = wish.get_item(1).extract<int>());
  m.add_class<Thing>();
  if (kind == "python") wish.get_item(2)();
  if (kind == "standard") throw std::out_of_range("in the body");
  if (kind == "unknown") throw 42;
  if (kind == "lazy") throw PyPermissionError::new_err("not today");
  if (kind == "duplicate") m.def<[](int a, int b) { return a + b; }>("wrong", arg("a"), arg("a"));
  if (kind == "no name") m.def<[](int a) { return a; }>("wrong", arg("a b"));
  if (kind == "args") m.def<[](const Args&, int a) { return a; }>("wrong", arg("args"));
  if (kind == "default") m.def<[](std::string_view a) { return a.size(); }>("wrong", arg("a") = std::string("\xff"));
  if (kind == "selfish") m.add_class<Selfish>();
  if (kind == "doc") m.doc("\xff");
}
