// SPDX-License-Identifier: MIT
// Flags are bits.
// FIRST: adder: a member of a flag is negative: flags are bits. Give the C.. enum an unsigned type
#include "adder/adder.hpp"
#include "adder/class/enum.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
enum class Perm : int { read = 1, all = -1 };
#else
enum class Perm : unsigned { read = 1, all = 0xFFFF'FFFF };
#endif
template <>
struct adder::PyEnum<Perm> {
  static constexpr auto name = "Perm";
  static constexpr auto kind = EnumKind::flag;
  static constexpr EnumMember<Perm> members[] = {{"READ", Perm::read}, {"ALL", Perm::all}};
};

void probe(ModuleBuilder& m) { m.add_enum<Perm>(); }
