// SPDX-License-Identifier: MIT
// An enum without members could not be had from anywhere.
// FIRST: adder: PyEnum<E> has members
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

enum class Color { red, green };
template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
#if ADDER_MUST_NOT_COMPILE
  static constexpr int members = 0;
#else
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red}, {"GREEN", Color::green}};
#endif
};

void probe(ModuleBuilder& m) { m.add_enum<Color>(); }
