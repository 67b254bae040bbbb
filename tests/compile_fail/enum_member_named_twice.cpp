// SPDX-License-Identifier: MIT
// Python has one member of a name.
// FIRST: adder: two members of an enum have one name
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

enum class Color { red, green };
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
#if ADDER_MUST_NOT_COMPILE
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red}, { "RED", Color::green }};
#else
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red}, {"GREEN", Color::green}};
#endif
};

void probe(ModuleBuilder& m) { m.add_enum<Color>(); }
