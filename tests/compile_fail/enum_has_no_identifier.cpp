// SPDX-License-Identifier: MIT
// The name of the class, too.
// FIRST: adder: the name in a PyEnum is no identifier
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

enum class Color { red, green };
template <>
struct adder::PyEnum<Color> {
#if ADDER_MUST_NOT_COMPILE
  static constexpr auto name = "class";
#else
  static constexpr auto name = "Color";
#endif
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red}};
};

void probe(ModuleBuilder& m) { m.add_enum<Color>(); }
