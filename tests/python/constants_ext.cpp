// SPDX-License-Identifier: MIT
// Constants of modules and classes that are objects of pyclasses, and members of enums.
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"

#include <string>
#include <utility>
#include <vector>

namespace {

struct Point {
  int x = 0, y = 0;
};
/// Which cannot be copied.
struct Token {
  explicit Token(std::string text) : value(std::move(text)) {}
  Token(Token&&) = default;
  Token& operator=(Token&&) = default;
  std::string value;
};
enum class Level { low = 1, high = 2 };
enum class Mode : unsigned { read = 1, write = 2 };
struct Door {};

}  // namespace

template <>
struct adder::PyClass<Point> {
  static constexpr auto name = "Point";
  static void define(ClassBuilder<Point>& cls) {
    cls.def_new<&Point::x, &Point::y>(arg("x"), arg("y"));
    cls.getter<&Point::x>("x");
    cls.getter<&Point::y>("y");
    cls.attr<[](Python py) { return Bound<Point>::new_(py, 1, 1); }>("UNIT");
  }
};
template <>
struct adder::PyClass<Token> {
  static constexpr auto name = "Token";
  static void define(ClassBuilder<Token>& cls) { cls.getter<&Token::value>("value"); }
};
template <>
struct adder::PyEnum<Level> {
  static constexpr auto name = "Level";
  static constexpr auto kind = EnumKind::int_enum;
  static constexpr auto doc = "How much.";
  static constexpr EnumMember<Level> members[] = {{"LOW", Level::low, "Little."}, {"HIGH", Level::high}};
};
template <>
struct adder::PyEnum<Mode> {
  static constexpr auto name = "Mode";
  static constexpr auto kind = EnumKind::flag;
  static constexpr EnumMember<Mode> members[] = {{"READ", Mode::read}, {"WRITE", Mode::write}};
};
template <>
struct adder::PyClass<Door> {
  static constexpr auto name = "Door";
  static void define(ClassBuilder<Door>& cls) {
    cls.attr("DEFAULT", Level::high);
    cls.attr("HANDLE", Point{4, 5});
  }
};

// NOLINTNEXTLINE(misc-use-internal-linkage): it is exported
ADDER_MODULE(constants_ext, m) {
  m.add("ORIGIN", Point{0, 0});  // Its class is made now, and gets its name in the module below.
  m.add("_PRIVATE", Point{7, 7});
  m.add("TOKEN", Token("move"));
  m.add_class<Point>();
  const auto corner = adder::Bound<Point>::new_(m.py(), 2, 3);
  m.add("CORNER", corner);
  m.add("SAME_CORNER", adder::Bound<Point>(corner).unbind());
  m.add("POINTS", std::vector<Point>{{1, 2}, {3, 4}});
  m.add_enum<Level>();
  m.add_enum<Mode>();
  m.add("LEVEL", Level::low);
  m.add("BOTH", static_cast<Mode>(3));
  m.add_class<Door>();
  m.add_submodule("inner", [](adder::ModuleBuilder& inner) {
    inner.add("ORIGIN", Point{9, 9});
    inner.add("LEVEL", Level::high);
  });
  m.def<[](const adder::Bound<adder::PyModule>& module) { return module.getattr("CORNER"); }>("corner_of");
}
