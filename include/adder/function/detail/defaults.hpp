// SPDX-License-Identifier: MIT
/// @file
/// @brief Whether defaults fit the parameters that they are for. A default is converted to Python once, and as any
/// argument in each call that leaves it out: one that does not fit would fail only then.
#pragma once
#include "adder/function/detail/loaders.hpp"

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {
struct NotGiven;  // given.hpp
}

namespace adder::inline ADDER_ABI::detail {

// --- What the compiler sees ------------------------------------------------------------------------------------------

/// The Python types that C++ types of the simple kinds stand for.
enum class SimpleKind : unsigned char { other, boolean, integer, real, text, none, not_given };
template <class T>
constexpr SimpleKind simple_kind() noexcept {
  if constexpr (std::is_same_v<T, bool>) {
    return SimpleKind::boolean;
  } else if constexpr (Integer<T>) {
    return SimpleKind::integer;
  } else if constexpr (std::floating_point<T>) {
    return SimpleKind::real;
  } else if constexpr (std::is_same_v<T, const char*> || std::is_same_v<T, std::string> ||
                       std::is_same_v<T, std::string_view>) {
    return SimpleKind::text;
  } else if constexpr (std::is_same_v<T, std::nullopt_t>) {
    return SimpleKind::none;
  } else if constexpr (std::is_same_v<T, NotGiven>) {
    return SimpleKind::not_given;
  } else {
    return SimpleKind::other;
  }
}
/// Whether a default of the kind @p given may fit a parameter of the kind @p wanted.
constexpr bool may_fit(SimpleKind wanted, SimpleKind given, bool strict) noexcept {
  if (wanted == SimpleKind::other || given == SimpleKind::other || wanted == given) return true;
  if (strict) return false;
  const bool is_number = given == SimpleKind::boolean || given == SimpleKind::integer;
  return is_number && (wanted == SimpleKind::real || (wanted == SimpleKind::integer && given == SimpleKind::boolean));
}

/// Parameters that change the object they are given.
template <class P>
inline constexpr bool changes_object = false;
template <class P>
  requires(std::is_lvalue_reference_v<P> && IsPyClass<std::remove_cvref_t<P>>)
inline constexpr bool changes_object<P> = !std::is_const_v<std::remove_reference_t<P>>;

/// Says what is wrong with a default of type V, as far as the types tell.
template <class P, class How, class V>
struct MustFit {
  using T = std::remove_cvref_t<P>;
  static constexpr bool converts_otherwise = !std::is_same_v<How, Plain> && !std::is_same_v<How, Strict>;
  static_assert(converts_otherwise ||
                    may_fit(simple_kind<T>(), simple_kind<std::decay_t<V>>(), std::is_same_v<How, Strict>),
                "adder: arg(...) = default: the default is of another type than the parameter: text for a number, a "
                "fraction for an integer, None or not_given for what takes none");
  static_assert(converts_otherwise || !(changes_object<P> || is_specialization<T, PyRefMut>),
                "adder: arg(...) = default: the default of a T& or PyRefMut<T> would be one object, which all calls "
                "would share and change: take a std::optional<PyRefMut<T>> or a Given<PyRefMut<T>>");
};

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

/// Enters the checks of the defaults among the extras E.
template <class Parameters, class... E>
struct DefaultChecks;
template <class... P, class... E>
struct DefaultChecks<TypeList<P...>, E...> {
  static void enter(Extra* extras) noexcept {
    [extras]<std::size_t... I>(std::index_sequence<I...>) {
      (enter_one<I, E>(extras[I]), ...);
    }(std::index_sequence_for<E...>());
  }

 private:
  /// Of the extra at @p index, if it is a parameter.
  static constexpr std::size_t place(std::size_t index) noexcept {
    constexpr bool is_parameter[] = {ExtraOf<E>::kind == Extra::Kind::parameter...};
    std::size_t result = 0;
    for (std::size_t i = 0; i < index; ++i) result += is_parameter[i] ? 1 : 0;
    return result;
  }
  template <std::size_t Index, class One>
  static void enter_one(Extra& extra) noexcept {
    if constexpr (has_default<One>()) {
      using Q = typename PlainParameterAt<place(Index), P...>::type;
      using How = typename ExtraOf<One>::How;
      if constexpr (!std::is_void_v<Q>) {
        (void)MustFit<Q, How, typename ExtraOf<One>::Value>{};
        extra.check = &check_default<Q, How>;
      }
    }
  }
};

/// The parameters of a function where some have defaults; else nothing, so that functions share what follows.
template <class Parameters, class... E>
using Defaulted = std::conditional_t<(has_default<E>() || ...), Parameters, TypeList<>>;

/// @tparam Parameters  Defaulted, of the function.
template <class Parameters, class... E>
void describe_all(Extras<sizeof...(E)>& extras, const E&... extra) {
  [[maybe_unused]] std::size_t at = 0;
  ((extras.all[at++] = ExtraOf<std::remove_cvref_t<E>>::describe(extra)), ...);
  if constexpr ((has_default<std::remove_cvref_t<E>>() || ...)) {
    DefaultChecks<Parameters, std::remove_cvref_t<E>...>::enter(extras.all);
  }
}

}  // namespace adder::inline ADDER_ABI::detail
