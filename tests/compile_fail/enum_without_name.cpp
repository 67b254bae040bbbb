// SPDX-License-Identifier: MIT
// The same.
// FIRST: adder: PyEnum<E> has a name
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

enum class Color { red };
template <>
struct adder::PyEnum<Color> {
#if !ADDER_MUST_NOT_COMPILE
  static constexpr auto name = "Color";
#endif
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red}};
};

void probe(ModuleBuilder& m) { m.add_enum<Color>(); }
