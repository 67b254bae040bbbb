// SPDX-License-Identifier: MIT
/// @file
/// @brief What the C++ parameters and the extras of a def say together, at compile time.
#pragma once
#include "adder/function/detail/extra.hpp"
#include "adder/function/detail/record.hpp"

#include <cstddef>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

/// What a parameter of the C++ function is to Python.
enum class ParameterKind : unsigned char { plain, token, module, this_class, var_args, var_keywords };
/// Whether it is loaded from something that the caller passed.
constexpr bool takes_argument(ParameterKind kind) noexcept {
  return kind == ParameterKind::plain || kind == ParameterKind::var_args || kind == ParameterKind::var_keywords;
}
template <class P>
inline constexpr ParameterKind kind_of = ParameterKind::plain;
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, Python>
inline constexpr ParameterKind kind_of<P> = ParameterKind::token;
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, ThisModule>
inline constexpr ParameterKind kind_of<P> = ParameterKind::module;
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, ThisClass>
inline constexpr ParameterKind kind_of<P> = ParameterKind::this_class;
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, Args>
inline constexpr ParameterKind kind_of<P> = ParameterKind::var_args;
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, Kwargs>
inline constexpr ParameterKind kind_of<P> = ParameterKind::var_keywords;

/// The kinds of all parameters, and what follows from them.
template <class List>
struct ParameterKinds;
template <class... P>
struct ParameterKinds<TypeList<P...>> {
  static constexpr std::size_t all = sizeof...(P);
  static constexpr bool all_plain = ((kind_of<P> == ParameterKind::plain) && ...);
  static constexpr bool has_token = ((kind_of<P> == ParameterKind::token) || ...);
  static constexpr bool has_this_class = ((kind_of<P> == ParameterKind::this_class) || ...);
  static constexpr ParameterKind kinds[all + 1] = {kind_of<P>..., ParameterKind::plain};
  /// Parameters that Python knows one by one.
  static constexpr std::size_t count = (std::size_t{0} + ... + (kind_of<P> == ParameterKind::plain ? 1 : 0));
  /// Where the argument of C++ parameter @p index stands: `*args` and `**kwargs` come after the others.
  static constexpr std::size_t place(std::size_t index) noexcept {
    if (kinds[index] == ParameterKind::var_args) return count;
    if (kinds[index] == ParameterKind::var_keywords) return count + 1;
    std::size_t result = 0;
    for (std::size_t i = 0; i < index; ++i) result += kinds[i] == ParameterKind::plain ? 1 : 0;
    return result;
  }
};

/// Whether there are no other parameters than plain ones and tokens.
template <class List>
inline constexpr bool only_plain = false;
template <class... P>
inline constexpr bool only_plain<TypeList<P...>> =
    ((kind_of<P> == ParameterKind::plain || kind_of<P> == ParameterKind::token) && ...);

/// What is wrong with the parameters of a function and what def says of them.
enum class ShapeError : unsigned char {
  none,
  unknown_extra,
  too_many,
  variadic_twice,
  names,
  doc_twice,
  mark_twice,
  mark_without_names,
  slash_after_star,
  star_and_args,
  keyword_only_without_name,
  default_order,
};
struct ShapeResult {
  Shape shape;
  ShapeError error = ShapeError::none;
};

/// Puts together what the C++ parameters and the extras of a def say.
constexpr ShapeResult analyse(const ParameterKind* parameters, std::size_t parameter_count, const Extra::Kind* extras,
                              const bool* has_default, std::size_t extra_count) noexcept {
  ShapeResult result;
  std::size_t plain = 0, star = 256;
  for (std::size_t i = 0; i < parameter_count; ++i) {
    if (parameters[i] == ParameterKind::plain) ++plain;
    if (parameters[i] == ParameterKind::module) result.shape.module = true;
    if (parameters[i] == ParameterKind::this_class) result.shape.this_class = true;
    if (parameters[i] == ParameterKind::var_args) {
      if (result.shape.var_args) result.error = ShapeError::variadic_twice;
      result.shape.var_args = true;
      star = plain;
    }
    if (parameters[i] == ParameterKind::var_keywords) {
      if (result.shape.var_keywords) result.error = ShapeError::variadic_twice;
      result.shape.var_keywords = true;
    }
  }
  if (plain > 255) result.error = ShapeError::too_many;
  std::size_t named = 0, slash = 0, docs = 0, slashes = 0, stars = 0, gils = 0, sigs = 0;
  bool defaulted = false;
  for (std::size_t i = 0; i < extra_count; ++i) {
    switch (extras[i]) {
      case Extra::Kind::parameter:
        if (named < star && defaulted && !has_default[i]) result.error = ShapeError::default_order;
        if (named < star && has_default[i]) defaulted = true;
        ++named;
        break;
      case Extra::Kind::positional_only:
        slash = named;
        ++slashes;
        if (named > star) result.error = ShapeError::slash_after_star;
        break;
      case Extra::Kind::keyword_only:
        if (result.shape.var_args) result.error = ShapeError::star_and_args;
        star = named;
        ++stars;
        break;
      case Extra::Kind::doc:
        ++docs;
        break;
      case Extra::Kind::release_gil:
        ++gils;
        break;
      case Extra::Kind::signature:
        ++sigs;
        break;
      case Extra::Kind::unknown:
        result.error = ShapeError::unknown_extra;
        break;
    }
  }
  const std::size_t positional = star < plain ? star : plain;
  result.shape.count = static_cast<unsigned char>(plain);
  result.shape.positional = static_cast<unsigned char>(positional);
  result.shape.named = named != 0;
  result.shape.positional_only = static_cast<unsigned char>(named == 0 ? positional : slash);
  if (result.error != ShapeError::none) return result;
  if (docs > 1) result.error = ShapeError::doc_twice;
  if (slashes > 1 || stars > 1 || gils > 1 || sigs > 1) result.error = ShapeError::mark_twice;
  if (named != 0 && named != plain) result.error = ShapeError::names;
  if (named == 0 && positional != plain) result.error = ShapeError::keyword_only_without_name;
  if (named == 0 && slashes + stars != 0) result.error = ShapeError::mark_without_names;
  return result;
}

template <class E>
constexpr bool has_default() {
  if constexpr (ExtraOf<E>::kind == Extra::Kind::parameter) {
    return ExtraOf<E>::has_default;
  } else {
    return false;
  }
}

/// The shape of a callable with parameters @p List, bound with the extras E.
template <class List, class... E>
struct ShapeOf {
  using Kinds = ParameterKinds<List>;
  static constexpr Extra::Kind extras[] = {ExtraOf<E>::kind..., Extra::Kind::unknown};
  static constexpr bool defaults[] = {has_default<E>()..., false};
  static constexpr ShapeResult result = analyse(Kinds::kinds, Kinds::all, extras, defaults, sizeof...(E));
  static_assert(result.error != ShapeError::unknown_extra,
                "adder: after the name def takes arg(...), arg(...) = default, pos_only, kw_only, release_gil, "
                "sig(...), and one docstring");
  static_assert(result.error != ShapeError::too_many, "adder: a bound function takes at most 255 arguments");
  static_assert(result.error != ShapeError::variadic_twice,
                "adder: a bound function takes at most one Args and one Kwargs");
  static_assert(result.error != ShapeError::names,
                "adder: name every parameter of the function with arg(...), or none. Python, ThisModule, Args, Kwargs "
                "and the receiver of a method are not among them");
  static_assert(result.error != ShapeError::doc_twice, "adder: def takes one docstring");
  static_assert(result.error != ShapeError::mark_twice,
                "adder: pos_only, kw_only and release_gil stand at most once in a def, and so does sig");
  static_assert(result.error != ShapeError::mark_without_names,
                "adder: pos_only and kw_only stand among the names of the parameters: there are none");
  static_assert(result.error != ShapeError::slash_after_star, "adder: pos_only stands before kw_only, and before Args");
  static_assert(result.error != ShapeError::star_and_args,
                "adder: parameters after Args are keyword-only: leave kw_only out");
  static_assert(result.error != ShapeError::keyword_only_without_name,
                "adder: parameters after Args can only be passed by keyword: name all parameters with arg(...)");
  static_assert(result.error != ShapeError::default_order,
                "adder: a parameter without a default follows one with a default");
  static constexpr Shape shape = result.shape;
};
template <class... P>
  requires ParameterKinds<TypeList<P...>>::all_plain
struct ShapeOf<TypeList<P...>> {
  static_assert(sizeof...(P) < 256, "adder: a bound function takes at most 255 arguments");
  static constexpr Shape shape = plain_shape<sizeof...(P)>;
};

}  // namespace adder::inline ADDER_ABI::detail
