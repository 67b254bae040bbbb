// SPDX-License-Identifier: MIT
// Believes other things of the classes of shared_home_ext than are true.
#include <adder/adder.hpp>
#include <adder/class/holder.hpp>
#include <adder/class/shared_from.hpp>
#include <adder/stl/string.hpp>

#include <memory>
#include <string>

using namespace adder;

namespace shared_classes {
struct Point {
  double x = 0;
};
struct Fragile {
  std::string content;
  ~Fragile() { content.clear(); }
};
struct Owned {
  std::string text;
};
struct Tag {
  int number = 0;
};
struct Register {
  int asked = 0;
};
struct Ended {};
struct Absent {};
struct Stray {};
struct Other {};
struct Plain {};
}  // namespace shared_classes
using shared_classes::Absent, shared_classes::Stray, shared_classes::Other, shared_classes::Plain;

template <>
struct adder::PyClass<shared_classes::Point> {
  static constexpr auto name = "Point";
  static constexpr auto shared_from = "shared_home_ext";
  static constexpr bool subclass = true;
};
template <>
struct adder::PyClass<shared_classes::Fragile> {
  static constexpr auto name = "Fragile";
  static constexpr auto shared_from = "shared_home_ext";
  static constexpr bool weakref = true;
};
template <>
struct adder::PyClass<shared_classes::Owned> {
  static constexpr auto name = "Owned";
  static constexpr auto shared_from = "shared_home_ext";
  using holder = std::shared_ptr<shared_classes::Owned>;
};
template <>
struct adder::PyClass<shared_classes::Tag> {
  static constexpr auto name = "Outer.Tag";
  static constexpr auto shared_from = "shared_home_ext";
};
template <>
struct adder::PyClass<shared_classes::Register> {
  static constexpr auto name = "Register";
  static constexpr auto shared_from = "shared_home_ext";
};
template <>
struct adder::PyClass<shared_classes::Ended> {
  static constexpr auto name = "Ended";
  static constexpr auto shared_from = "shared_home_ext";
  static constexpr bool dict = true, subclass = true;
};
template <>
struct adder::PyClass<Absent> {
  static constexpr auto name = "Absent";
  static constexpr auto shared_from = "shared_home_ext";
};
template <>
struct adder::PyClass<Stray> {
  static constexpr auto name = "Stray";
  static constexpr auto shared_from = "no_such_module";
};
template <>
struct adder::PyClass<Other> {
  static constexpr auto name = "Shift";
  static constexpr auto shared_from = "shared_user_ext";
};
template <>
struct adder::PyClass<Plain> {
  static constexpr auto name = "OrderedDict";
  static constexpr auto shared_from = "collections";
};

ADDER_MODULE(shared_stranger_ext, m) {
  m.def<[](const shared_classes::Point&) {}>("take_point", arg("point"));
  m.def<[](const shared_classes::Fragile&) {}>("take_fragile", arg("fragile"));
  m.def<[](const shared_classes::Owned&) {}>("take_owned", arg("owned"));
  m.def<[](const shared_classes::Tag&) {}>("take_tag", arg("tag"));
  m.def<[](const shared_classes::Register&) {}>("take_register", arg("register"));
  m.def<[](const shared_classes::Ended&) {}>("take_ended", arg("ended"));
  m.def<[](const Absent&) {}>("take_absent", arg("absent"));
  m.def<[](const Stray&) {}>("take_stray", arg("stray"));
  m.def<[](const Other&) {}>("take_other", arg("other"));
  m.def<[](const Plain&) {}>("take_plain", arg("plain"));
}
