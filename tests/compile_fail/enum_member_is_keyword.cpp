// SPDX-License-Identifier: MIT
// No Python code could write Color.None.
// FIRST: adder: the name of an enum.s member is a keyword of Python.*append an underscore
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

enum class Color { red, green };
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
#if ADDER_MUST_NOT_COMPILE
  static constexpr EnumMember<Color> members[] = {{"None", Color::red}, { "GREEN", Color::green }};
#else
  static constexpr EnumMember<Color> members[] = {{"None_", Color::red}, {"GREEN", Color::green}};
#endif
};

void probe(ModuleBuilder& m) { m.add_enum<Color>(); }
