// SPDX-License-Identifier: MIT
/// @file
/// @brief EnumTable: the members of an enum by their C++ value, and back. Nothing here depends on the enum.
#pragma once
#include "adder/class/detail/class_claim.hpp"

#include <cstddef>
#include <cstdint>

namespace adder::inline ADDER_ABI {

/// @brief Which class of Python's module `enum` an enum derives from.
enum class EnumKind : unsigned char { enum_, int_enum, flag, int_flag, str_enum };

namespace detail {

/// A member, as the code that all enums share sees it.
struct EnumMemberFacts {
  const char* name;
  std::uint64_t bits;  ///< The number; a negative one with all higher bits set.
  const char* doc;
  const char* text;
};

struct EnumTable;
/// Where the table of an enum is kept, once there is one.
using EnumPlace = Atomic<const EnumTable*>;

/// What PyEnum says about an enum.
struct EnumFacts {
  EnumPlace* place;
  const char* name;
  const char* module;  ///< Null: the one whose body adds the enum.
  const char* doc;     ///< Null, if there is none.
  const EnumMemberFacts* members;
  std::size_t count;
  std::uint64_t all_bits;  ///< Those of any member.
  std::uint64_t highest;   ///< The greatest number that a value of the C++ type may be.
  EnumKind kind;
  bool is_signed;

  bool is_flag() const noexcept { return kind == EnumKind::flag || kind == EnumKind::int_flag; }
};

struct EnumSlot {
  ::PyObject* member;
  std::uint64_t bits;
};

/// The Python class of an enum and its members, as they were when the class was made: what Python code does to the
/// class later changes nothing here. There for good, with a reference to each.
struct EnumTable {
  ::PyTypeObject* type = nullptr;
  // To Python: those whose numbers are close together, at places of their own. Of flags with few bits all combinations
  // have one, which are made at their first use.
  std::uint64_t first = 0;
  std::uint64_t span = 0;
  Atomic<::PyObject*>* by_place = nullptr;
  // Else by binary search.
  EnumSlot* sorted = nullptr;
  std::size_t count = 0;  ///< Without aliases.
  // From Python: by the address of the member, which is looked for from where its hash says up to an empty slot.
  EnumSlot* by_address = nullptr;
  std::size_t mask = 0;

  EnumTable() = default;
  EnumTable(const EnumTable&) = delete;
  EnumTable& operator=(const EnumTable&) = delete;
  ~EnumTable();

  ADDER_INLINE std::size_t place_of(const ::PyObject* member) const noexcept {
    // Objects begin at multiples of 16; the product spreads what is left over the upper bits.
    const std::uint64_t address = reinterpret_cast<std::uintptr_t>(member);
    return number_as<std::size_t>((address * 0x9E3779B97F4A7C15U) >> 40) & mask;
  }
};

/// Finds the number of a member.
/// @return False for all else, of which combinations of flags may still be right.
ADDER_INLINE bool read_member(const EnumPlace& place, const ::PyObject* object, std::uint64_t& bits) noexcept {
  const EnumTable* table = place.load(Order::acquire);
  if (table == nullptr) [[unlikely]]
    return false;
  for (std::size_t at = table->place_of(object);; at = (at + 1) & table->mask) {
    const EnumSlot& slot = table->by_address[at];
    if (slot.member == object) [[likely]] {
      bits = slot.bits;
      return true;
    }
    if (slot.member == nullptr) return false;
  }
}

/// What read_member() did not find: the number of a combination of flags, or why there is none.
ADDER_COLD_CALL PyResult<std::uint64_t> read_other_member(const EnumFacts& facts, ::PyObject* object);

/// The same for an argument of a call: false with the exception pending that names it.
ADDER_COLD_CALL bool load_other_member(const EnumFacts& facts, ::PyObject* object, CallContext context, unsigned index,
                                       std::uint64_t& bits) noexcept;

/// What find_member() did not find at its place: a new reference, or null with an exception pending.
::PyObject* find_other_member(const EnumFacts& facts, std::uint64_t bits) noexcept;

/// The member of a number: a new reference, or null with an exception pending.
ADDER_INLINE ::PyObject* find_member(const EnumPlace& place, const EnumFacts& facts, std::uint64_t bits) noexcept {
  if (const EnumTable* table = place.load(Order::acquire)) [[likely]] {
    const std::uint64_t at = bits - table->first;
    if (at < table->span) [[likely]] {
      if (::PyObject* member = table->by_place[at].load(Order::acquire)) [[likely]]
        return Py_NewRef(member);
    }
  }
  return find_other_member(facts, bits);
}

/// The Python class of an enum, made by Python's own module `enum` at the first call: a new reference. Where several
/// threads make it at once the first one's is kept.
/// @param module  The name of its module, where PyEnum names none; null: that of the module under construction.
/// @param outer   The class that it stands in, or null.
ADDER_COLD_CALL ::PyObject* make_enum(const EnumFacts& facts, const char* module, const char* outer);

// --- What can be said of an enum when it is compiled -----------------------------------------------------------------

enum class EnumFault : unsigned char {
  none,
  no_identifier,
  keyword,
  reserved,
  same_name,
  negative_flag,
  text_without_use,
  two_texts,
};
struct EnumFaultAt {
  EnumFault what;
  std::size_t member;
};

constexpr bool same_text(const char* a, const char* b) noexcept {
  for (; *a == *b; ++a, ++b) {
    if (*a == '\0') return true;
  }
  return false;
}

/// Whether Python code cannot write it after a dot.
constexpr bool is_keyword(const char* name) noexcept {
  constexpr const char* keywords[] = {"False",  "None",   "True",    "and",      "as",       "assert", "async",
                                      "await",  "break",  "class",   "continue", "def",      "del",    "elif",
                                      "else",   "except", "finally", "for",      "from",     "global", "if",
                                      "import", "in",     "is",      "lambda",   "nonlocal", "not",    "or",
                                      "pass",   "raise",  "return",  "try",      "while",    "with",   "yield"};
  for (const char* keyword : keywords) {
    if (same_text(keyword, name)) return true;
  }
  return false;
}

constexpr EnumFault fault_of_name(const char* name) noexcept {
  if (name == nullptr || *name == '\0' || (*name >= '0' && *name <= '9')) return EnumFault::no_identifier;
  std::size_t size = 0;
  for (; name[size] != '\0'; ++size) {
    const char letter = name[size];
    const bool fits = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' ||
                      (letter >= '0' && letter <= '9') || static_cast<unsigned char>(letter) >= 0x80;
    if (!fits) return EnumFault::no_identifier;
  }
  if (same_text(name, "mro") || (size > 2 && name[0] == '_' && name[size - 1] == '_')) return EnumFault::reserved;
  const bool may_be_keyword = *name >= 'a' || *name == 'F' || *name == 'N' || *name == 'T';
  return may_be_keyword && is_keyword(name) ? EnumFault::keyword : EnumFault::none;
}

/// The first fault of an enum's members.
constexpr EnumFaultAt find_fault(const EnumMemberFacts* members, std::size_t count, EnumKind kind, bool is_signed) {
  const bool is_flag = kind == EnumKind::flag || kind == EnumKind::int_flag;
  // Places by hash of what was met: looking at all pairs would be too much of a large enum.
  std::size_t size = 16;
  while (size < 2 * count) size *= 2;
  auto* met = new std::size_t[size]();
  EnumFaultAt found{EnumFault::none, 0};
  for (std::size_t i = 0; i < count && found.what == EnumFault::none; ++i) {
    const EnumMemberFacts& member = members[i];
    found = {fault_of_name(member.name), i};
    if (found.what != EnumFault::none) break;
    if (is_flag && is_signed && (member.bits >> 63) != 0) found.what = EnumFault::negative_flag;
    if (kind != EnumKind::str_enum && member.text != nullptr) found.what = EnumFault::text_without_use;
    std::size_t hash = 0;
    for (const char* at = member.name; *at != '\0'; ++at) hash = 31 * hash + static_cast<unsigned char>(*at);
    for (hash &= size - 1; met[hash] != 0; hash = (hash + 1) & (size - 1)) {
      if (same_text(members[met[hash] - 1].name, member.name)) found.what = EnumFault::same_name;
    }
    met[hash] = i + 1;
    if (kind != EnumKind::str_enum || member.text == nullptr) continue;
    for (std::size_t j = 0; j < i; ++j) {
      const char* other = members[j].text;
      if (members[j].bits != member.bits) continue;
      if (other == nullptr || !same_text(other, member.text)) found.what = EnumFault::two_texts;
    }
  }
  delete[] met;
  return found;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/class/detail/enum_table_inl.hpp"
#endif
