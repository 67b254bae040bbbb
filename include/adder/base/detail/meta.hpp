// SPDX-License-Identifier: MIT
/// @file
/// @brief The few metaprogramming pieces adder needs, and the source location of a call.
#pragma once
#include "adder/base/fwd.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

template <class...>
inline constexpr bool always_false = false;

template <class T, template <class...> class C>
inline constexpr bool is_specialization = false;
template <template <class...> class C, class... A>
inline constexpr bool is_specialization<C<A...>, C> = true;

template <class... T>
struct TypeList {
  static constexpr std::size_t size = sizeof...(T);
};

/// X as a dependent type: X must be complete only when DependsOn is instantiated.
/// Also for results of templates: each handle that must be complete costs every file, whether it uses it or not.
template <class X, class>
struct LateType {
  using type = X;
};
template <class X, class DependsOn>
using Late = typename LateType<X, DependsOn>::type;

// What the standard library answers with a class for each question, which g++ 12 compiles for as much as a function
// costs: it also asks whether the type is complete. Here the compiler is asked alone. Of complete types.
template <class T>
inline constexpr bool is_trivially_copyable = __is_trivially_copyable(T);
template <class T, class... From>
inline constexpr bool is_constructible = __is_constructible(T, From...);
template <class T>
inline constexpr bool is_copy_constructible = __is_constructible(T, const T&);
template <class T>
inline constexpr bool is_move_constructible = __is_constructible(T, T&&);
template <class T>
inline constexpr bool is_nothrow_move_constructible = __is_nothrow_constructible(T, T&&);
#if defined(__GNUC__) && !defined(__clang__)
template <class T>
inline constexpr bool is_trivially_destructible = __has_trivial_destructor(T);
#else
template <class T>
inline constexpr bool is_trivially_destructible = __is_trivially_destructible(T);
#endif

/// std::exchange of pointers, numbers and other plain values; that one asks of each type whether it may throw.
template <class T>
ADDER_INLINE constexpr T exchange(T& place, typename LateType<T, void>::type value) noexcept {
  T old = place;
  place = value;
  return old;
}

/// static_cast, and nothing where it is the same type on this machine only: a warning that users may have asked for.
template <class To, class From>
ADDER_INLINE constexpr To number_as(From number) noexcept {
  if constexpr (std::is_same_v<To, From>) {
    return number;
  } else {
    return static_cast<To>(number);
  }
}

// Not `std::string_view(text, size)`, `substr` or `starts_with`: from C++20 on each file would compile for them what
// the constructor from two iterators asks, which costs as much as several of adder's headers.

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wbraced-scalar-init"
#endif
/// Some characters. The braces keep the other constructor from being considered.
template <class Size>
constexpr std::string_view view_of(const char* text, Size size) noexcept {
  return std::string_view({text}, static_cast<std::size_t>(size));
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// The first characters of a text, or all of it.
constexpr std::string_view first_of(std::string_view text, std::size_t size) noexcept {
  if (size < text.size()) text.remove_suffix(text.size() - size);
  return text;
}
constexpr bool starts_with(std::string_view text, std::string_view start) noexcept { return text.rfind(start, 0) == 0; }
/// What stands behind the last colon: the name without its namespaces.
constexpr std::string_view unqualified(std::string_view name, std::size_t end = std::string_view::npos) noexcept {
  name.remove_prefix(first_of(name, end).rfind(':') + 1);  // npos + 1 is 0.
  return name;
}

/// The C++ spelling of T, for messages that a programmer reads. Never shown to Python code.
template <class T>
constexpr std::string_view type_name() {
#if defined(__clang__)
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  text.remove_suffix(1);
#elif defined(__GNUC__)
  // "... type_name() [with T = X; std::string_view = ...]"
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find("T = ") + 4);
  text.remove_suffix(text.size() - text.rfind("; "));
#else
  std::string_view text = "a type";
#endif
  return text;
}

/// A string literal as a template argument.
template <std::size_t N>
struct FixedString {
  char text[N];
  // Implicit, as a literal must deduce it.
  constexpr FixedString(const char (&literal)[N]) {  // NOLINT(google-explicit-constructor)
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }
  constexpr std::string_view view() const { return view_of(text, N - 1); }
};
template <std::size_t N>
FixedString(const char (&)[N]) -> FixedString<N>;  // Deduction is meant: clang can be told to ask.

/// Where the user's call stands. Default arguments of type Location are evaluated at the call; unchecked builds keep
/// nothing. (clang 14 has the builtins but no std::source_location.)
struct Location {
#if ADDER_CHECKED
  const char* file;
  unsigned line;
  static constexpr Location current(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) noexcept {
    return {file, line};
  }
  constexpr const char* file_name() const noexcept { return file; }
  constexpr unsigned line_number() const noexcept { return line; }
#else
  static constexpr Location current() noexcept { return {}; }
  constexpr const char* file_name() const noexcept { return ""; }
  constexpr unsigned line_number() const noexcept { return 0; }
#endif
};

}  // namespace adder::inline ADDER_ABI::detail
