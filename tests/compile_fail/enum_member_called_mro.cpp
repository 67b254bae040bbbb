// SPDX-License-Identifier: MIT
// The same of the one method that every class has.
// FIRST: adder: the name of an enum.s member is one that Python.s enums keep for themselves: `mro`
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

enum class Color { red, green };
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
#if ADDER_MUST_NOT_COMPILE
  static constexpr EnumMember<Color> members[] = {{ "mro", Color::red }};
#else
  static constexpr EnumMember<Color> members[] = {{"MRO", Color::red}};
#endif
};

void probe(ModuleBuilder& m) { m.add_enum<Color>(); }
