// SPDX-License-Identifier: MIT
/// @file
/// @brief `PyEnum<E>`: a C++ enum as a Python one, an `enum.Enum` or one of its kin. Not part of adder.hpp.
///
/// @code
/// template <>
/// struct adder::PyEnum<Color> {
///   static constexpr auto name = "Color";
///   static constexpr adder::EnumMember<Color> members[] = {{"RED", Color::red}, {"GREEN", Color::green, "As grass."}};
/// };
///
/// m.add_enum<Color>();    // or, for one that stands in a class: cls.add_enum<Color>();
/// @endcode
/// From then on a Color is the member itself in Python, `Color.RED`, and only a member of this enum is a Color in C++.
/// Python's own module `enum` makes the class, so all that is said of enums holds for it. Two members of one value are
/// one member with an alias, as in Python. All else is optional:
///
/// | member                         | meaning                                                                        |
/// |--------------------------------|--------------------------------------------------------------------------------|
/// | `kind = EnumKind::int_enum`    | `enum.IntEnum`, whose members are ints in Python; `enum_` is the default       |
/// | `kind = EnumKind::flag`        | `enum.Flag`: values are combined by `\|`, and combinations cross, too          |
/// | `kind = EnumKind::int_flag`    | `enum.IntFlag`: the same, with bits that have no name as well                  |
/// | `kind = EnumKind::str_enum`    | `enum.StrEnum`: a member is a str, its name in lower case, or EnumMember::text |
/// | `doc`, `module`                | `__doc__`; `__module__`, where it is not the module whose body adds the enum   |
///
/// Numbers are no members, also where the members are numbers: in Python, `Color(1)` makes one of the other.
#pragma once
#include "adder/class/detail/enum_table.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief A member of a Python enum.
template <class E>
struct EnumMember {
  const char* name;            ///< In Python: an identifier.
  E value;                     ///< In C++.
  const char* doc = nullptr;   ///< Its `__doc__`.
  const char* text = nullptr;  ///< Its value, of EnumKind::str_enum; else the name in lower case.
};

/// @brief Enums that were declared to be Python ones, by a specialisation of `PyEnum<E>`.
template <class E>
concept IsPyEnum = std::is_enum_v<E> && requires { PyEnum<E>::members; };

namespace detail {

template <class E>
ADDER_HIDDEN inline constinit EnumPlace enum_place{nullptr};

template <class E>
constexpr std::uint64_t bits_of(E value) noexcept {
  return static_cast<std::uint64_t>(static_cast<std::underlying_type_t<E>>(value));
}
/// @param bits  Those of a value of E.
template <class E>
constexpr E enum_of(std::uint64_t bits) noexcept {
  return static_cast<E>(static_cast<std::underlying_type_t<E>>(bits));
}

/// Whether an E may be any number of the type below it. Else that is only certain up to where the members' bits end.
template <class E>
concept HasFixedType = requires { E{std::underlying_type_t<E>{}}; };

template <std::size_t Count>
struct EnumMembers {
  EnumMemberFacts all[Count];
};
template <class E, std::size_t Count>
constexpr EnumMembers<Count> members_of(const EnumMember<E> (&members)[Count]) noexcept {
  EnumMembers<Count> result{};
  for (std::size_t i = 0; i < Count; ++i) {
    result.all[i] = {members[i].name, bits_of(members[i].value), members[i].doc, members[i].text};
  }
  return result;
}
template <class E>
inline constexpr auto enum_members = members_of<E>(PyEnum<E>::members);

template <class E>
constexpr EnumFacts facts_of() noexcept {
  using Underlying = std::underlying_type_t<E>;
  constexpr auto& members = enum_members<E>.all;
  EnumFacts facts{&enum_place<E>,
                  PyEnum<E>::name,
                  nullptr,
                  nullptr,
                  members,
                  sizeof members / sizeof members[0],
                  0,
                  0,
                  EnumKind::enum_,
                  static_cast<Underlying>(-1) < Underlying{}};
  if constexpr (requires { PyEnum<E>::module; }) facts.module = PyEnum<E>::module;
  if constexpr (requires { PyEnum<E>::doc; }) facts.doc = PyEnum<E>::doc;
  if constexpr (requires { PyEnum<E>::kind; }) facts.kind = PyEnum<E>::kind;
  for (const EnumMemberFacts& member : members) facts.all_bits |= member.bits;
  if constexpr (HasFixedType<E>) {
    constexpr int bits = std::is_same_v<Underlying, bool> ? 1 : 8 * static_cast<int>(sizeof(Underlying));
    facts.highest = ~std::uint64_t{0} >> (64 - bits + (facts.is_signed ? 1 : 0));
  } else {
    while (facts.highest < facts.all_bits) facts.highest = 2 * facts.highest + 1;
  }
  return facts;
}
template <class E>
ADDER_HIDDEN inline constexpr EnumFacts enum_facts = facts_of<E>();

/// Says what is wrong with the members of E, and with which: the last argument counts from 0.
template <class E, EnumFault What, std::size_t Member>
struct CheckedMembers {
  static_assert(What != EnumFault::no_identifier, "adder: the name of an enum's member is no identifier of Python");
  static_assert(What != EnumFault::keyword,
                "adder: the name of an enum's member is a keyword of Python, which no code could write after the dot: "
                "append an underscore");
  static_assert(What != EnumFault::reserved,
                "adder: the name of an enum's member is one that Python's enums keep for themselves: `mro`, and names "
                "with underscores on both sides");
  static_assert(What != EnumFault::same_name, "adder: two members of an enum have one name");
  static_assert(What != EnumFault::negative_flag,
                "adder: a member of a flag is negative: flags are bits. Give the C++ enum an unsigned type, `enum E : "
                "unsigned`");
  static_assert(What != EnumFault::text_without_use,
                "adder: EnumMember::text is the value of members of an EnumKind::str_enum only");
  static_assert(What != EnumFault::two_texts,
                "adder: an alias in a str_enum has another text than the member before it, whose value is the same: "
                "leave it out");
  static constexpr bool value = true;
};

/// An enum and a PyEnum with all that has to be there.
template <class E>
concept HasEnumName = requires { static_cast<const char*>(PyEnum<E>::name); };
template <class E>
concept HasEnumMembers = requires { members_of<E>(PyEnum<E>::members); };
template <class E>
concept CompletePyEnum = IsPyEnum<E> && HasEnumName<E> && HasEnumMembers<E> && sizeof(E) <= sizeof(std::uint64_t);

/// What must be true of what a PyEnum says.
template <class E>
constexpr bool check_enum() {
  static_assert(
      fault_of_name(PyEnum<E>::name) == EnumFault::none,
      "adder: the name in a PyEnum is no identifier of Python, a keyword, or one that Python keeps for itself");
  constexpr const EnumFacts& facts = enum_facts<E>;
  constexpr EnumFaultAt fault = find_fault(facts.members, facts.count, facts.kind, facts.is_signed);
  return CheckedMembers<E, fault.what, fault.member>::value;
}

/// What add_enum() does.
template <class E>
struct EnumClass {
  static_assert(
      std::is_enum_v<E>,
      "adder: add_enum<E>: E is an enum. A class is a pyclass: specialise adder::PyClass<T>, and add_class<T>");
  static_assert(!std::is_enum_v<E> || IsPyEnum<E>,
                "adder: add_enum<E>: specialise adder::PyEnum<E>, with a name and members, above the first use");
  static_assert(!IsPyEnum<E> || HasEnumName<E>,
                "adder: PyEnum<E> has a name: `static constexpr auto name = \"Color\"`");
  static_assert(!IsPyEnum<E> || HasEnumMembers<E>,
                "adder: PyEnum<E> has members: `static constexpr adder::EnumMember<Color> members[] = {{\"RED\", "
                "Color::red}}`");
  static_assert(!IsPyEnum<E> || sizeof(E) <= sizeof(std::uint64_t), "adder: the numbers of an enum have up to 64 bits");

  static constexpr const char* name() noexcept {
    if constexpr (CompletePyEnum<E>) {
      return PyEnum<E>::name;
    } else {
      return "";
    }
  }
  /// A new reference; see make_enum().
  ADDER_HIDDEN static ::PyObject* make([[maybe_unused]] const char* module, [[maybe_unused]] const char* outer) {
    if constexpr (CompletePyEnum<E>) {
      static_assert(check_enum<E>());
      ADDER_NOTE(note_enum<E>());
      return make_enum(enum_facts<E>, module, outer);
    } else {
      return nullptr;
    }
  }
};

template <IsPyEnum E>
inline constexpr bool extracts_quietly<E> = true;  // Combinations of flags are kept alive by read_other_member().
template <IsPyEnum E>
inline constexpr bool may_recurse<E> = false;

/// A member, which costs no more than to look it up.
template <class P>
  requires IsPyEnum<std::remove_cvref_t<P>>
class ArgumentLoader<P> : ValueParameter<P> {
  using typename ValueParameter<P>::T;

 public:
  ADDER_INLINE_FOR_SPEED bool load(::PyObject* object, CallContext context, unsigned index) {
    std::uint64_t bits = 0;
    if (!read_member(enum_place<T>, object, bits)) [[unlikely]] {
      if (!load_other_member(enum_facts<T>, object, context, index, bits)) return false;
    }
    value_ = enum_of<T>(bits);
    return true;
  }
  P&& get() noexcept { return static_cast<P&&>(value_); }

 private:
  T value_{};
};

#if ADDER_STUBS
template <IsPyEnum E>
struct PythonType<E> : SameType<PythonType<E>> {
  static TypeText text() {
    const EnumTable* table = enum_place<E>.load(Order::acquire);
    return table == nullptr ? name_in_module(PyEnum<E>::name) : name_of_type(table->type);
  }
};
#endif

}  // namespace detail

template <IsPyEnum E>
struct FromPyObject<E> {
  /// For overload sets: what is taken is of E's own type.
  static constexpr bool takes_own_type = true;
  static constexpr const char* expected() noexcept { return PyEnum<E>::name; }
  ADDER_INLINE static PyResult<E> extract(const Bound<PyAny>& object) {
    std::uint64_t bits = 0;
    if (detail::read_member(detail::enum_place<E>, object.as_ptr(), bits)) [[likely]]
      return detail::enum_of<E>(bits);
    PyResult<std::uint64_t> other = detail::read_other_member(detail::enum_facts<E>, object.as_ptr());
    if (other.is_err()) return std::move(other).error();
    return detail::enum_of<E>(*other);
  }
};
template <IsPyEnum E>
struct IntoPyObject<E> {
  ADDER_INLINE static PyResult<Bound<PyAny>> into_py(Python py, E value) {
    ::PyObject* member = detail::find_member(detail::enum_place<E>, detail::enum_facts<E>, detail::bits_of(value));
    if (member == nullptr) [[unlikely]]
      return PyErr::fetch(py);
    return detail::steal(member);
  }
};

}  // namespace adder::inline ADDER_ABI
