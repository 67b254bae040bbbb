// SPDX-License-Identifier: MIT
/// @file
/// @brief `kw("name"_s) = value`: a named argument.
#pragma once
#include "adder/object/conversion.hpp"

#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
template <class NameType, class T>
struct KeywordArgument {
  using name_type = NameType;
  NameType name;
  T value;
};
template <class T>
inline constexpr bool is_keyword_argument = is_specialization<std::remove_cvref_t<T>, KeywordArgument>;
template <class NameType, class T>
inline constexpr bool is_made_by_python<KeywordArgument<NameType, T>> = is_made_by_python<std::remove_cvref_t<T>>;
}  // namespace detail

/// @brief Names an argument in a call: `f(kw("key"_s) = value)`. With a plain `"key"` the name is made at each call.
template <class NameType>
struct kw {  // NOLINT(readability-identifier-naming): reads like a keyword
  /// @param name  `"key"_s`, or text that lives until the call.
  constexpr explicit kw(NameType name) : name_(name) {}
  template <class T>
  detail::KeywordArgument<NameType, T&&> operator=(T&& value) && {  // NOLINT: an argument, not an assignment
    return {name_, std::forward<T>(value)};
  }

 private:
  NameType name_;
};
kw(const char*) -> kw<const char*>;

}  // namespace adder::inline ADDER_ABI
