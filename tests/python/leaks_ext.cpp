// SPDX-License-Identifier: MIT
// Objects that live too long, and those that only look like it.
#include <adder/adder.hpp>
#include <adder/class/holder.hpp>
#include <adder/class/part.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include "adder/module/testing.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace adder;

namespace {

/// Holds Python objects, and does not say so: cycles through it are leaks.
class Silent {
 public:
  void push(Py<PyAny> item) { items_.push_back(std::move(item)); }

 private:
  std::vector<Py<PyAny>> items_;
};
/// Says so.
class Honest {
 public:
  void push(Py<PyAny> item) { items_.push_back(std::move(item)); }

 private:
  std::vector<Py<PyAny>> items_;
  friend struct PyClass<Honest>;
};
/// Trivial: nothing but memory.
struct Number {
  int value = 0;
};
struct Text {
  std::string text{};
};
struct Shared {
  std::string text{};
};

std::vector<Py<PyAny>>& kept() {
  static auto* const all = new std::vector<Py<PyAny>>;
  return *all;
}

}  // namespace

template <>
struct adder::PyClass<Silent> {
  static constexpr auto name = "Silent";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Silent>& cls) {
    cls.def_new<>();
    cls.def<&Silent::push>("push");
  }
};
template <>
struct adder::PyClass<Honest> {
  static constexpr auto name = "Honest";
  using fields = FieldList<&Honest::items_>;
  static void define(ClassBuilder<Honest>& cls) {
    cls.def_new<>();
    cls.def<&Honest::push>("push");
  }
};
template <>
struct adder::PyClass<Number> {
  static constexpr auto name = "Number";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Number>& cls) {
    cls.def_new<&Number::value>(arg("value") = 0);
    cls.attr("ZERO", Text{});  // Belongs to the class.
  }
};
template <>
struct adder::PyClass<Text> {
  static constexpr auto name = "Text";
  static constexpr int freelist = 4;
  static void define(ClassBuilder<Text>& cls) { cls.def_new<>(); }
};
template <>
struct adder::PyClass<Shared> {
  static constexpr auto name = "Shared";
  using holder = std::shared_ptr<Shared>;
  static void define(ClassBuilder<Shared>& cls) { cls.def_new<>(); }
};

ADDER_MODULE(leaks_ext, m) {
  m.add_class<Silent>();
  m.add_class<Honest>();
  m.add_class<Text>();
  m.add_class<Number>();
  m.add_class<Shared>();
  m.add("ONE", Number{1});  // Belongs to the module.
  m.def<[](Py<PyAny> object) { kept().push_back(std::move(object)); }>("keep");
  m.def<[] { kept().clear(); }>("drop");
  m.def<[](int value) { return Number{value}; }>("make_number");
  m.def<[] { return std::make_shared<Shared>(); }>("make_shared");
  m.add("checked", can_track_instances);
#if ADDER_CHECKED
  m.def<[](Python py, const Bound<PyAny>& block) { no_leaks(py, [&] { block(); }); }>("no_leaks");
#endif
  m.def<[](Python py, bool on) { track_instances(py, on); }>("track");
  m.def<[](Python py) { return live_instances(py).size(); }>("live");
}
