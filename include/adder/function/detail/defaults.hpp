// SPDX-License-Identifier: MIT
/// @file
/// @brief Whether defaults fit the parameters that they are for. A default is converted to Python once, and as any
/// argument in each call that leaves it out: one that does not fit would fail only then.
#pragma once
#include "adder/base/detail/string_fwd.hpp"
#include "adder/function/detail/slots.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {
// given.hpp
struct NotGiven;
template <class T>
class Given;
}  // namespace adder::inline ADDER_ABI

namespace adder::inline ADDER_ABI::detail {

// --- What the types say ----------------------------------------------------------------------------------------------

/// The Python types that C++ types of the simple kinds stand for.
enum class SimpleKind : unsigned char { other, boolean, integer, real, text, none, not_given };
/// What there is to know of a parameter, or of a default, at compile time.
struct SimpleType {
  SimpleKind kind = SimpleKind::other;
  bool is_signed = false;
  bool takes_none = false;
  bool takes_nothing = false;
  bool changes = false;  ///< A parameter that changes the object it is given.
  unsigned char size = 0;
  unsigned char code = 0;  ///< Of scalars, as in ScalarSlot.
};
template <class T>
constexpr SimpleType simple_type() noexcept {
  SimpleType type;
  if constexpr (std::is_same_v<T, bool>) {
    type.kind = SimpleKind::boolean;
  } else if constexpr (Integer<T>) {
    type.kind = SimpleKind::integer;
    type.is_signed = std::is_signed_v<T>;
  } else if constexpr (std::floating_point<T>) {
    type.kind = SimpleKind::real;
  } else if constexpr (std::is_same_v<T, const char*> || std::is_same_v<T, std::string> ||
                       std::is_same_v<T, std::string_view>) {
    type.kind = SimpleKind::text;
  } else if constexpr (std::is_same_v<T, std::nullopt_t>) {
    type.kind = SimpleKind::none;
  } else if constexpr (std::is_same_v<T, NotGiven>) {
    type.kind = SimpleKind::not_given;
  }
  if constexpr (std::is_arithmetic_v<T>) {
    type.size = sizeof(T);
    type.code = scalar_code<T>;
  }
  return type;
}
template <class P>
constexpr SimpleType simple_parameter() noexcept {
  using T = std::remove_cvref_t<P>;
  SimpleType type = simple_type<T>();
  type.takes_none = is_specialization<T, std::optional>;
  type.takes_nothing = is_specialization<T, Given>;
  type.changes = is_specialization<T, PyRefMut> ||
                 (std::is_lvalue_reference_v<P> && IsPyClass<T> && !std::is_const_v<std::remove_reference_t<P>>);
  return type;
}
/// A default among the extras of a def, or another extra.
struct SimpleDefault {
  enum class How : unsigned char { plain, strict, function };
  bool is_parameter = false;
  bool has_default = false;
  How how = How::plain;
  SimpleType type;
};
template <class E>
constexpr SimpleDefault simple_default() noexcept {
  SimpleDefault result;
  result.is_parameter = ExtraOf<E>::kind == Extra::Kind::parameter;
  if constexpr (has_default<E>()) {
    using How = typename ExtraOf<E>::How;
    result.has_default = true;
    result.type = simple_type<typename ExtraOf<E>::Value>();
    result.how = std::is_same_v<How, Plain>    ? SimpleDefault::How::plain
                 : std::is_same_v<How, Strict> ? SimpleDefault::How::strict
                                               : SimpleDefault::How::function;
  }
  return result;
}

/// What the defaults of a function need.
struct DefaultsResult {
  bool is_of_another_type = false;
  bool is_changed = false;
  bool by_function = false;  ///< Each type has to be asked.
  std::uint64_t codes = 0;   ///< Else: of the scalars that the value decides about, four bits for each parameter.
};
/// What a default says about a parameter.
constexpr void match_default(DefaultsResult& result, const SimpleType& wanted, const SimpleDefault& given,
                             std::size_t place) noexcept {
  const SimpleType& type = given.type;
  if (given.how == SimpleDefault::How::function) {
    result.by_function = true;
  } else if (wanted.changes) {
    result.is_changed = true;
  } else if (wanted.kind == SimpleKind::other || type.kind == SimpleKind::other) {
    const bool is_missing = (wanted.takes_none && type.kind == SimpleKind::none) ||
                            (wanted.takes_nothing && type.kind == SimpleKind::not_given);
    if (!is_missing) result.by_function = true;
  } else if (wanted.kind != type.kind) {
    const bool is_number = type.kind == SimpleKind::boolean || type.kind == SimpleKind::integer;
    const bool fits =
        given.how == SimpleDefault::How::plain && is_number &&
        (wanted.kind == SimpleKind::real || (wanted.kind == SimpleKind::integer && type.kind == SimpleKind::boolean));
    if (!fits) result.is_of_another_type = true;
  } else {
    const bool may_change_sign = wanted.kind == SimpleKind::integer && type.is_signed && !wanted.is_signed;
    const bool needs_bit = wanted.kind == SimpleKind::integer && !type.is_signed && wanted.is_signed;
    if (!may_change_sign && (type.size < wanted.size || (type.size == wanted.size && !needs_bit))) return;
    if (place < 16 && wanted.code != 0) {
      result.codes |= std::uint64_t{wanted.code} << (4 * place);
    } else {
      result.by_function = true;
    }
  }
}
constexpr DefaultsResult match_defaults(const ParameterKind* kinds, const SimpleType* parameters, std::size_t count,
                                        const SimpleDefault* defaults, std::size_t default_count) noexcept {
  DefaultsResult result;
  std::size_t parameter = 0, place = 0;
  for (std::size_t i = 0; i < default_count; ++i) {
    if (!defaults[i].is_parameter) continue;
    while (parameter < count && kinds[parameter] != ParameterKind::plain) ++parameter;
    if (parameter == count) break;  // Another message says that there are too few.
    if (defaults[i].has_default) match_default(result, parameters[parameter], defaults[i], place);
    ++parameter;
    ++place;
  }
  return result;
}

// --- What shows when the function is bound ---------------------------------------------------------------------------

/// Whether a default converts; else an exception is pending.
template <class P, class How>
ADDER_COLD bool check_default(::PyObject* object, const FunctionRecord& record, unsigned index) {
  if constexpr (hands_object_over<std::remove_cvref_t<P>>) {
    if (!check_shared_default(object, record, index)) return false;
  }
  typename LoaderFor<P, How>::type loader;
  return loader.load(object, CallContext{nullptr, &record}, index);
}
/// Enters the checks of scalars; see DefaultsResult.
ADDER_COLD_CALL void enter_scalar_checks(Extra* extras, std::size_t count, std::uint64_t codes) noexcept;

/// The parameter at a place, of those that Python knows one by one; void where there are too few, which another message
/// says.
template <std::size_t Place, class... P>
struct PlainParameterAt {
  using type = void;
};
template <std::size_t Place, class First, class... P>
struct PlainParameterAt<Place, First, P...>
    : PlainParameterAt<Place - (kind_of<First> == ParameterKind::plain ? 1 : 0), P...> {};
template <class First, class... P>
  requires(kind_of<First> == ParameterKind::plain)
struct PlainParameterAt<0, First, P...> {
  using type = First;
};

template <class... E>
inline constexpr bool any_default = (has_default<E>() || ...);

/// The defaults among the extras E of a function with these parameters.
template <class Parameters, class... E>
struct DefaultsOf;
template <class... P, class... E>
struct DefaultsOf<TypeList<P...>, E...> {
  static constexpr SimpleType parameters[] = {simple_parameter<P>()..., {}};
  static constexpr SimpleDefault defaults[] = {simple_default<E>()...};
  static constexpr DefaultsResult result =
      match_defaults(ParameterKinds<TypeList<P...>>::kinds, parameters, sizeof...(P), defaults, sizeof...(E));

  /// Enters what checks them when the function is bound.
  ADDER_INLINE static void enter(Extra* extras) noexcept {
    // Here, as clang says more about a class that a static_assert is false in.
    static_assert(!result.is_of_another_type,
                  "adder: arg(...) = default: the default is of another type than the parameter: text for a number, a "
                  "fraction for an integer, None or not_given for what takes none");
    static_assert(!result.is_changed,
                  "adder: arg(...) = default: the default of a T& or PyRefMut<T> would be one object, which all calls "
                  "would share and change: take a std::optional<PyRefMut<T>> or a Given<PyRefMut<T>>");
    if constexpr (result.by_function) {
      enter_all(extras, std::index_sequence_for<E...>());
    } else if constexpr (result.codes != 0) {
      enter_scalar_checks(extras, sizeof...(E), result.codes);
    }
  }

 private:
  template <std::size_t... I>
  static void enter_all(Extra* extras, std::index_sequence<I...>) noexcept {
    (enter_one<I, E>(extras[I]), ...);
  }
  static constexpr std::size_t place(std::size_t index) noexcept {
    std::size_t at = 0;
    for (std::size_t i = 0; i < index; ++i) at += defaults[i].is_parameter ? 1 : 0;
    return at;
  }
  template <std::size_t Index, class One>
  ADDER_INLINE static void enter_one(Extra& extra) noexcept {
    if constexpr (has_default<One>()) {
      using Q = typename PlainParameterAt<place(Index), P...>::type;
      if constexpr (!std::is_void_v<Q>) extra.check = &check_default<Q, typename ExtraOf<One>::How>;
    }
  }
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/function/detail/defaults_inl.hpp"
#endif
