// SPDX-License-Identifier: MIT
/// @file
/// @brief What get_or_try_init returns: as its initialiser, with a pointer in the place of the value.
#pragma once
#include "adder/error/result.hpp"

#include <concepts>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// A type like std::expected, with an error of the user's.
template <class Result>
concept LikeExpected = requires(Result& result) {
  typename Result::unexpected_type;
  { result.has_value() } -> std::convertible_to<bool>;
  std::move(result).error();
};

/// @tparam Made  What the initialiser of a T returns: anything that becomes a PyResult<T>.
template <class Made, class T>
struct Fallible {
  using Initial = PyResult<T>;
  using Result = PyResult<const T*>;
  static Result failure(Initial&& made) { return std::move(made).error(); }
};
template <template <class...> class Expected, class Value, class... Error, class T>
  requires LikeExpected<Expected<Value, Error...>>
struct Fallible<Expected<Value, Error...>, T> {
  using Initial = Expected<Value, Error...>;
  using Result = Expected<const T*, Error...>;
  static Result failure(Initial&& made) { return typename Result::unexpected_type{std::move(made).error()}; }
};

/// What trying to make a T by an F gives.
template <class F, class T>
using TriedTo = typename Fallible<std::invoke_result_t<F>, T>::Result;

}  // namespace adder::inline ADDER_ABI::detail
