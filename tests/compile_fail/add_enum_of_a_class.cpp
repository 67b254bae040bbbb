// SPDX-License-Identifier: MIT
// A class is a pyclass.
// FIRST: adder: add_enum<E>: E is an enum. A class is a pyclass
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
struct Color {};
#else
enum class Color { red };
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red}};
};
#endif

void probe(ModuleBuilder& m) { m.add_enum<Color>(); }
