// SPDX-License-Identifier: MIT
// C++ enums as Python's own.
#include <adder/adder.hpp>
#include <adder/class/enum.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/set.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/variant.hpp>
#include <adder/stl/vector.hpp>

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

using namespace adder;

enum class Color { red, green, blue };
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
  static constexpr auto doc = "What a thing looks like.";
  static constexpr EnumMember<Color> members[] = {
      {"RED", Color::red}, {"GREEN", Color::green, "As grass."}, {"BLUE", Color::blue}, {"CRIMSON", Color::red}};
};

enum class Level : std::uint8_t { debug = 10, info = 20, error = 40 };
template <>
struct adder::PyEnum<Level> {
  static constexpr auto name = "Level";
  static constexpr auto kind = EnumKind::int_enum;
  static constexpr EnumMember<Level> members[] = {
      {"DEBUG", Level::debug}, {"INFO", Level::info}, {"ERROR", Level::error}};
};

enum class Perm : unsigned { none = 0, read = 1, write = 2, run = 4, all = 7 };
constexpr Perm operator|(Perm a, Perm b) {
  return static_cast<Perm>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
template <>
struct adder::PyEnum<Perm> {
  static constexpr auto name = "Perm";
  static constexpr auto kind = EnumKind::flag;
  static constexpr EnumMember<Perm> members[] = {
      {"NONE", Perm::none}, {"READ", Perm::read}, {"WRITE", Perm::write}, {"RUN", Perm::run}};
};

enum class Bits : std::uint16_t { low = 1, middle = 0x100, high = 0x8000 };
template <>
struct adder::PyEnum<Bits> {
  static constexpr auto name = "Bits";
  static constexpr auto kind = EnumKind::int_flag;
  static constexpr EnumMember<Bits> members[] = {{"LOW", Bits::low}, {"MIDDLE", Bits::middle}, {"HIGH", Bits::high}};
};

enum class Style { plain, bold, fancy };
template <>
struct adder::PyEnum<Style> {
  static constexpr auto name = "Style";
  static constexpr auto kind = EnumKind::str_enum;
  static constexpr EnumMember<Style> members[] = {
      {"PLAIN", Style::plain}, {"BOLD", Style::bold}, {"FANCY", Style::fancy, "With a text.", "very-fancy"}};
};

// What the types below enums can hold at most, and at least.
enum class Wide : std::uint64_t { none = 0, high = 0x8000'0000'0000'0000, all = 0xFFFF'FFFF'FFFF'FFFF };
template <>
struct adder::PyEnum<Wide> {
  static constexpr auto name = "Wide";
  static constexpr EnumMember<Wide> members[] = {{"NONE", Wide::none}, {"HIGH", Wide::high}, {"ALL", Wide::all}};
};
enum class Depth : std::int64_t {
  lowest = std::numeric_limits<std::int64_t>::min(),
  minus_one = -1,
  zero = 0,
  highest = std::numeric_limits<std::int64_t>::max()
};
template <>
struct adder::PyEnum<Depth> {
  static constexpr auto name = "Depth";
  static constexpr auto kind = EnumKind::int_enum;
  static constexpr EnumMember<Depth> members[] = {
      {"LOWEST", Depth::lowest}, {"MINUS_ONE", Depth::minus_one}, {"ZERO", Depth::zero}, {"HIGHEST", Depth::highest}};
};
enum class Answer : bool { no, yes };
template <>
struct adder::PyEnum<Answer> {
  static constexpr auto name = "Answer";
  static constexpr EnumMember<Answer> members[] = {{"NO", Answer::no}, {"YES", Answer::yes}};
};
enum class Letter : char { a = 'a', z = 'z', high = static_cast<char>(0xE9) };
template <>
struct adder::PyEnum<Letter> {
  static constexpr auto name = "Letter";
  static constexpr EnumMember<Letter> members[] = {{"A", Letter::a}, {"Z", Letter::z}, {"HIGH", Letter::high}};
};
// Without a type of its own: no number above 3 is one of its values.
enum Old { old_one = 1, old_two = 2 };
template <>
struct adder::PyEnum<Old> {
  static constexpr auto name = "Old";
  static constexpr auto kind = EnumKind::int_flag;
  static constexpr EnumMember<Old> members[] = {{"ONE", old_one}, {"TWO", old_two}};
};
enum class Masks : std::uint64_t { low = 1, high = 0x8000'0000'0000'0000 };
template <>
struct adder::PyEnum<Masks> {
  static constexpr auto name = "Masks";
  static constexpr auto kind = EnumKind::flag;
  static constexpr EnumMember<Masks> members[] = {{"LOW", Masks::low}, {"HIGH", Masks::high}};
};

enum class Never { added };
template <>
struct adder::PyEnum<Never> {
  static constexpr auto name = "Never";
  static constexpr EnumMember<Never> members[] = {{"ADDED", Never::added}};
};

struct Car {
  enum class Gear { park = -1, neutral, drive };
  Gear gear = Gear::park;
  Color color = Color::red;
  void shift(Gear to) { gear = to; }
};
template <>
struct adder::PyEnum<Car::Gear> {
  static constexpr auto name = "Gear";
  static constexpr EnumMember<Car::Gear> members[] = {
      {"PARK", Car::Gear::park}, {"NEUTRAL", Car::Gear::neutral}, {"DRIVE", Car::Gear::drive}};
};
struct Lamp {
  Color color;
};
template <>
struct adder::PyClass<Lamp> {
  static constexpr auto name = "Lamp";
  static constexpr auto doc = "Shines.";
  static void define(ClassBuilder<Lamp>& cls) { cls.def_new<Color>(arg("color") = Color::green, "Switched on."); }
};
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<Car>& cls) {
    cls.add_enum<Car::Gear>();
    cls.def_new<>();
    cls.field<&Car::gear>("gear");
    cls.field<&Car::color>("color");
    cls.def<&Car::shift>("shift", arg("to") = Car::Gear::drive);
    cls.def<[](const Car&, Level level) { return level; }>("race", arg("level") = Level::error);
    cls.attr("FIRST", Car::Gear::park);
  }
};

template <class E>
E same(E value) {
  return value;
}
template <class E>
bool is_same_reference(const E& value, E other) {
  return value == other;
}
/// A C++ value that need not be a member.
template <class E>
E made_of(std::underlying_type_t<E> number) {
  return static_cast<E>(number);
}
template <class E>
std::underlying_type_t<E> number_of(E value) {
  return static_cast<std::underlying_type_t<E>>(value);
}
template <class E>
void add(ModuleBuilder& m) {
  m.add_enum<E>();
  const std::string name = PyEnum<E>::name;
  m.def<[](Python py, const Bound<PyAny>& object) {
    const PyResult<E> value = object.try_extract<E>();
    return value.is_ok() ? into_py(py, *value) : PyResult<Bound<PyAny>>(value.error());
  }>(("extract_" + name).c_str());
  m.def<&same<E>>(("same_" + name).c_str(), arg("value"));
  m.def<&made_of<E>>(("make_" + name).c_str());
  m.def<&number_of<E>>(("number_" + name).c_str());
}

std::string of_int(std::int64_t) { return "int"; }
std::string of_str(std::string) { return "str"; }
std::string of_color(Color) { return "Color"; }
std::string of_level(Level) { return "Level"; }
std::string of_style(Style) { return "Style"; }

ADDER_MODULE(enums_ext, m, gil_not_used) {
  add<Color>(m);
  add<Level>(m);
  add<Perm>(m);
  add<Bits>(m);
  add<Style>(m);
  add<Wide>(m);
  add<Depth>(m);
  add<Answer>(m);
  add<Letter>(m);
  add<Masks>(m);
  m.add_enum<Old>();
  m.def<&same<Old>>("same_Old", arg("value"));
  m.add_class<Car>();
  m.add_class<Lamp>();
  m.def<&same<Car::Gear>>("same_Gear");
  m.def<&is_same_reference<Color>>("is_same_reference");
  m.def<[] { return Never::added; }>("return_never");
  m.def<&same<Never>>("same_never", arg("value"));
  m.def<[] { return Perm::read | Perm::write; }>("read_write");

  m.def<[](Color color, Level level, Style style, std::optional<Color> other, Perm perm) {
    return std::vector<std::string>{of_color(color), of_level(level), of_style(style), other ? "some" : "none",
                                    std::to_string(static_cast<unsigned>(perm))};
  }>("defaults", arg("color") = Color::green, arg("level") = Level::info, arg("style") = Style::fancy,
     arg("other") = Color::blue, arg("perm") = Perm::read | Perm::run, "With defaults.");
  m.def<[](Level level) { return level; }>("louder", arg("level") = Level::info);

  m.def<overload<&of_int, &of_color, &of_level, &of_str, &of_style>>("which");
  m.def<[](std::vector<Color> colors) { return colors; }>("colors");
  m.def<[](std::map<Color, int> counts) { return counts; }>("counts");
  m.def<[](std::set<Color> colors) { return colors; }>("set_of_colors");
  m.def<[](std::optional<Color> color) { return color; }>("maybe");
  m.def<[](std::variant<Level, std::int64_t, Color> value) { return value; }>("one_of");
  m.def<[](std::variant<Level, std::int64_t, Color> value) { return static_cast<int>(value.index()); }>("index_of");
  m.add("DEFAULT", Color::blue);

  m.def<overload<&of_int, &of_color>>("with_default", signature(arg("number")), signature(arg("color") = Color::blue));
  m.add_submodule("inner", [](ModuleBuilder& inner) {
    inner.add_enum<Color>();
    inner.def<[](Level level) { return level; }>("louder", arg("level") = Level::info);
  });
}
