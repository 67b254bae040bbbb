// SPDX-License-Identifier: MIT
/// @file
/// @brief What a user says of a bound function's parameters, and takes as such: arg, pos_only, release_gil, Args,
/// ThisModule.
#pragma once
#include "adder/types/dict.hpp"
#include "adder/types/module.hpp"
#include "adder/types/tuple.hpp"
#include "adder/types/type.hpp"

#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// How an argument is converted: as FromPyObject says, only from its own type, by a function of the user's, or also
/// from what FromPyObject takes only on request.
struct Plain {};
struct Strict {};
template <auto Function>
struct FromPyWith {};
struct Convert {};

template <class T, class How>
struct ArgumentWithDefault {
  const char* name;
  T value;
};
template <class How>
struct Argument {
  const char* name;
  template <class T>
  constexpr ArgumentWithDefault<std::decay_t<T>, How> operator=(T&& value) && {  // NOLINT: a default
    return {name, std::forward<T>(value)};
  }
};
struct PositionalOnly {};
struct KeywordOnly {};
struct ReleaseGil {};

}  // namespace detail

/// @brief Names a parameter of a bound function: `arg("start")`, with a default `arg("start") = 0`.
///
/// Name all parameters of a function or none; without names they are positional-only.
struct arg {  // NOLINT(readability-identifier-naming): reads like a signature
  /// @param python_name  Lives as long as the program: a literal.
  constexpr explicit arg(const char* python_name) noexcept : name(python_name) {}
  /// @brief Gives the parameter a default. It is converted to Python once, when the function is bound, and has to fit
  /// the parameter; each call that leaves the argument out converts it anew. `not_given` of given.hpp stands for none.
  template <class T>
  constexpr detail::ArgumentWithDefault<std::decay_t<T>, detail::Plain> operator=(T&& value) && {  // NOLINT: a default
    return {name, std::forward<T>(value)};
  }
  /// @brief Takes `int` for integers, `float` for floating point, `bool` for bool, and nothing that merely converts to
  /// them. A default may follow: `arg("x").strict() = 1.0`.
  constexpr detail::Argument<detail::Strict> strict() const noexcept { return {name}; }
  /// @brief Takes arrays of another type or order as well, and lists, as a copy: for `Array<const T, ...>` of
  /// array/array.hpp. What a number loses on the way is at most precision (numpy's casting "same_kind").
  constexpr detail::Argument<detail::Convert> convert() const noexcept { return {name}; }
  /// @brief Converts the argument by calling @p Function instead of FromPyObject.
  /// @tparam Function  Takes `const Bound<PyAny>&`; returns what the parameter takes, or a PyResult of it.
  /// @pyo3{from_py_with}
  template <auto Function>
  constexpr detail::Argument<detail::FromPyWith<Function>> from_py_with() const noexcept {
    return {name};
  }
  /// The name that Python sees.
  const char* name;
};

/// @brief In `def`: the signature that stub files have, in place of the one that the C++ types give. It is what stands
/// behind `def name`, with `self` or `cls` where there is one, up to the colon: `sig("(self, key: str) -> list[int]")`.
/// Names are written in full, but for those of builtins. Python itself goes on showing what adder knows.
struct sig {  // NOLINT(readability-identifier-naming): reads like arg
  /// @brief Takes a literal: the text is not copied.
  constexpr explicit sig(const char* signature) noexcept : text(signature) {}
  const char* text;  ///< As given.
};

/// @brief In `def`, after the parameters that cannot be passed by keyword: the `/` of a Python signature.
inline constexpr detail::PositionalOnly pos_only;
/// @brief In `def`, before the parameters that can only be passed by keyword: the `*` of a Python signature.
inline constexpr detail::KeywordOnly kw_only;
/// @brief In `def`: the GIL is released while the C++ function runs. Its arguments are converted before, its result
/// after; all of them have to be Ungil.
inline constexpr detail::ReleaseGil release_gil;

/// @brief What a call brings besides the values of parameters, as a handle: `Args`, `Kwargs`, `ThisModule`,
/// `ThisClass`.
/// @tparam T  The type tag of the handle.
template <class T>
class Passed {
 public:
  /// @brief The handle. Lives as long as the parameter.
  const Bound<T>& operator*() const noexcept ADDER_LIFETIMEBOUND { return object_; }
  const Bound<T>* operator->() const noexcept ADDER_LIFETIMEBOUND { return &object_; }

  /// Not for users.
  explicit Passed(Bound<T> object) noexcept : object_(std::move(object)) {}

 private:
  Bound<T> object_;
};

/// @brief As a parameter of a bound function: `*args`, the further positional arguments, as a tuple.
///
/// Parameters after it can only be passed by keyword.
using Args = Passed<PyTuple>;

/// @brief As a parameter of a bound function: `**kwargs`, the keyword arguments that name no other parameter, as a dict
/// of their own.
using Kwargs = Passed<PyDict>;

/// @brief As a parameter of a bound function, anywhere among them: the module that the function was defined in. Python
/// does not see it.
/// @pyo3{pass_module}
using ThisModule = Passed<PyModule>;

/// @brief As a parameter of a class method or of a factory given to `def_new`, anywhere among the parameters: the class
/// that was called, which may be a Python subclass. Python does not see it.
/// @pyo3{classmethod's &Bound<'_, PyType>}
using ThisClass = Passed<PyType>;

template <>
struct UngilTraits<ThisClass> : std::false_type {};
template <>
struct UngilTraits<Args> : std::false_type {};
template <>
struct UngilTraits<Kwargs> : std::false_type {};
template <>
struct UngilTraits<ThisModule> : std::false_type {};

}  // namespace adder::inline ADDER_ABI
