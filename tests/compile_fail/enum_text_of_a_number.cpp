// SPDX-License-Identifier: MIT
// Only the members of a str_enum are texts.
// FIRST: adder: EnumMember::text is the value of members of an EnumKind::str_enum only
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

enum class Color { red, green };
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
#if ADDER_MUST_NOT_COMPILE
  static constexpr EnumMember<Color> members[] = {{ "RED", Color::red, nullptr, "red" }};
#else
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red, "As blood."}};
#endif
};

void probe(ModuleBuilder& m) { m.add_enum<Color>(); }
