// SPDX-License-Identifier: MIT
// Python has to know the names.
// FIRST: adder: add_enum<E>: specialise adder::PyEnum<E>, with a name and members, above the first use
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

enum class Color { red };
#if !ADDER_MUST_NOT_COMPILE
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red}};
};
#endif

void probe(ModuleBuilder& m) { m.add_enum<Color>(); }
