// SPDX-License-Identifier: MIT
// One C++ value is one Python value.
// FIRST: adder: an alias in a str_enum has another text than the member before it
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

enum class Color { red, green };
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
#if ADDER_MUST_NOT_COMPILE
  static constexpr auto kind = EnumKind::str_enum;
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red}, { "CRIMSON", Color::red, nullptr, "dark red" }};
#else
  static constexpr auto kind = EnumKind::str_enum;
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red}, {"CRIMSON", Color::red}};
#endif
};

void probe(ModuleBuilder& m) { m.add_enum<Color>(); }
