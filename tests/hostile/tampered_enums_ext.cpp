// SPDX-License-Identifier: MIT
// Enums whose Python classes are patched, imitated, or made while others do.
#include <adder/adder.hpp>
#include <adder/class/enum.hpp>
#include <adder/stl/vector.hpp>

#include <cstdint>
#include <vector>

using namespace adder;

enum class Color { red, green, blue };
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red}, {"GREEN", Color::green}, {"BLUE", Color::blue}};
};

enum class Perm : std::uint8_t { read = 1, write = 2, run = 4 };
template <>
struct adder::PyEnum<Perm> {
  static constexpr auto name = "Perm";
  static constexpr auto kind = EnumKind::flag;
  static constexpr EnumMember<Perm> members[] = {{"READ", Perm::read}, {"WRITE", Perm::write}, {"RUN", Perm::run}};
};

enum class Wide : std::uint32_t { low = 1, high = 0x8000'0000 };
template <>
struct adder::PyEnum<Wide> {
  static constexpr auto name = "Wide";
  static constexpr auto kind = EnumKind::int_flag;
  static constexpr EnumMember<Wide> members[] = {{"LOW", Wide::low}, {"HIGH", Wide::high}};
};

// Added only when a test says so, and then by several threads.
enum class Late { a, b, c = 1000, d = -1000 };
template <>
struct adder::PyEnum<Late> {
  static constexpr auto name = "Late";
  static constexpr EnumMember<Late> members[] = {{"A", Late::a}, {"B", Late::b}, {"C", Late::c}, {"D", Late::d}};
};
/// A class whose type, and with it the enum inside, is made at its first use.
struct Holder {
  Late late = Late::c;
};
template <>
struct adder::PyClass<Holder> {
  static constexpr auto name = "Holder";
  static void define(ClassBuilder<Holder>& cls) {
    cls.add_enum<Late>();
    cls.getter<&Holder::late>("late");
  }
};

template <class E>
std::int64_t number_of(E value) {
  return static_cast<std::int64_t>(value);
}
template <class E>
E made_of(std::int64_t number) {
  return static_cast<E>(number);
}

ADDER_MODULE(tampered_enums_ext, m, gil_not_used) {
  m.add_enum<Color>();
  m.add_enum<Perm>();
  m.add_enum<Wide>();
  m.def<&number_of<Color>>("number_of_color", arg("color"));
  m.def<&number_of<Perm>>("number_of_perm", arg("perm"));
  m.def<&number_of<Wide>>("number_of_wide", arg("wide"));
  m.def<&made_of<Color>>("color");
  m.def<&made_of<Perm>>("perm");
  m.def<&made_of<Wide>>("wide");
  m.def<[](const std::vector<Color>& colors) { return colors.size(); }>("count");
  m.def<[] { return Holder(); }>("new_holder");
}
