// SPDX-License-Identifier: MIT
// Python keeps some names for its own use.
// FIRST: adder: the name of an enum.s member is one that Python.s enums keep for themselves
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

enum class Color { red, green };
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
#if ADDER_MUST_NOT_COMPILE
  static constexpr EnumMember<Color> members[] = {{ "_red_", Color::red }};
#else
  static constexpr EnumMember<Color> members[] = {{"red_", Color::red}};
#endif
};

void probe(ModuleBuilder& m) { m.add_enum<Color>(); }
