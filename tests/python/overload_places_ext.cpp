// SPDX-License-Identifier: MIT
// Overload sets as constructors, static methods, class methods, setters and __init__; names that are taken.
#include <adder/adder.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/string.hpp>

#include <cstdint>
#include <string>

using namespace adder;

namespace {

struct Length {
  Length() = default;
  explicit Length(double value) : metres(value) {}
  static Length parse(const std::string& text) { return Length(std::stod(text)); }
  void set_number(double value) { metres = value; }
  void set_text(const std::string& text) { metres = std::stod(text); }
  static std::string of_number(std::int64_t) { return "number"; }
  static std::string of_text(const std::string&) { return "text"; }
  double metres = 0;
};

struct Named {
  std::string text = "new";
  void init_number(std::int64_t number) { text = "number " + std::to_string(number); }
  void init_text(const std::string& value) { text = "text " + value; }
};

int one() { return 1; }
int two() { return 2; }

}  // namespace

template <>
struct adder::PyClass<Length> {
  static constexpr auto name = "Length";
  static constexpr auto doc = "How long.";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Length>& cls) {
    cls.def_new<overload<constructor<>, constructor<double>, &Length::parse>>(signature(), signature(arg("metres")),
                                                                              signature(arg("text")));
    cls.getter<[](const Length& self) { return self.metres; }>("metres");
    cls.setter<overload<&Length::set_number, &Length::set_text>>("metres");
    cls.def_staticmethod<overload<&Length::of_number, &Length::of_text>>("kind");
    cls.def_classmethod<overload<&Length::of_text, &Length::of_number>>("class_kind", "Of a class.");
  }
};
template <>
struct adder::PyClass<Named> {
  static constexpr auto name = "Named";
  static void define(ClassBuilder<Named>& cls) {
    cls.def_new<[](const Args&, const Kwargs&) { return Named(); }>();
    cls.def_init<overload<&Named::init_number, &Named::init_text>>(signature(arg("number")), signature(arg("text")));
    cls.getter<&Named::text>("text");
  }
};
/// Its definition gives it two constructors.
struct Twice {};
template <>
struct adder::PyClass<Twice> {
  static constexpr auto name = "Twice";
  static void define(ClassBuilder<Twice>& cls) {
    cls.def_new<>();
    cls.def_new<[](int) { return Twice(); }>();
  }
};

ADDER_MODULE(overload_places_ext, m) {
  m.add_class<Length>();
  m.add_class<Named>();
  m.def<[](Python) { (void)PyTypeInfo<Twice>::type_object(); }>("make_twice");
  m.def<&one>("one");
  m.add("value", 1);
  m.add("value", 2);  // Of values the last one counts.
  m.def<[](Python py, int way) {
    const auto made = PyModule::new_(py, "made");
    ModuleBuilder builder(made.as_ptr());
    builder.def<&one>("name");
    if (way == 0) builder.def<&two>("name");
    if (way == 1) builder.add_class<Length>(), builder.def<&two>("Length");
    if (way == 2) builder.def<&two>("Length"), builder.add_class<Length>();
    if (way == 3) builder.add_class<Length>(), builder.add_class<Length>();
  }>("fill");
}
