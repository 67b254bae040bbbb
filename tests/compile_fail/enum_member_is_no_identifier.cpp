// SPDX-License-Identifier: MIT
// A member is an attribute.
// FIRST: adder: the name of an enum.s member is no identifier of Python
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

enum class Color { red, green };
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
#if ADDER_MUST_NOT_COMPILE
  static constexpr EnumMember<Color> members[] = {{ "DARK-RED", Color::red }};
#else
  static constexpr EnumMember<Color> members[] = {{"DARK_RED", Color::red}};
#endif
};

void probe(ModuleBuilder& m) { m.add_enum<Color>(); }
