// SPDX-License-Identifier: MIT
/// @file
/// @brief `Given<T>`: a parameter that knows whether the caller passed anything, `None` included. Not part of
/// adder.hpp.
///
/// @code
/// std::string rename(std::string_view name, const Given<std::optional<std::string>>& title);
/// m.def<&rename>("rename", arg("name"), arg("title") = not_given);
/// @endcode
///
/// | call                   | `title`                   |
/// |------------------------|---------------------------|
/// | `rename("a")`          | is false                  |
/// | `rename("a", None)`    | is true, `*title` is empty |
/// | `rename("a", "Dr")`    | is true, `*title` is "Dr"  |
/// | `rename("a", ...)`     | is false                  |
///
/// Python shows the parameter as `title=...`, as stub files do. So what a signature says can be passed on: `...` means
/// that nothing is given.
#pragma once
#include "adder/convert/basic.hpp"

#include <optional>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief The type of not_given.
struct NotGiven {};
/// @brief The default of a `Given<T>`: `arg("x") = not_given`.
inline constexpr NotGiven not_given;

/// @brief What the caller passed for a parameter, if anything. Where None may be passed, too, a
/// `Given<std::optional<T>>`.
/// @pyo3{Option<Option<T>>}
template <class T>
class Given {
 public:
  using value_type = T;
  /// @brief Nothing.
  Given() noexcept = default;
  Given(NotGiven) noexcept {}  // NOLINT(google-explicit-constructor): reads like the default
  /// @brief A value, made from the arguments.
  template <class... A>
  explicit Given(std::in_place_t, A&&... arguments) : value_(std::in_place, std::forward<A>(arguments)...) {}

  /// @brief Whether the caller passed something.
  bool is_given() const noexcept { return value_.has_value(); }
  /// @brief The same, for conditions.
  explicit operator bool() const noexcept { return is_given(); }
  /// @brief What was given.
  /// @throws std::bad_optional_access  Where nothing was.
  const T& value() const& ADDER_LIFETIMEBOUND { return value_.value(); }
  T& value() & ADDER_LIFETIMEBOUND { return value_.value(); }
  T value() && { return std::move(value_).value(); }
  const T& operator*() const& ADDER_LIFETIMEBOUND { return value(); }
  T& operator*() & ADDER_LIFETIMEBOUND { return value(); }
  T operator*() && { return std::move(*this).value(); }
  const T* operator->() const ADDER_LIFETIMEBOUND { return &value(); }
  T* operator->() ADDER_LIFETIMEBOUND { return &value(); }
  /// @brief What was given, or @p other.
  template <class U>
  T value_or(U&& other) const& {
    return value_.value_or(std::forward<U>(other));
  }
  template <class U>
  T value_or(U&& other) && {
    return std::move(value_).value_or(std::forward<U>(other));
  }

 private:
  std::optional<T> value_;
};

template <class T>
inline constexpr bool detail::holds_arguments_alone<Given<T>> = true;
template <class T>
inline constexpr bool detail::extracts_quietly<Given<T>> = detail::extracts_quietly<T>;
template <class T>
inline constexpr bool detail::hands_object_over<Given<T>> = detail::hands_object_over<T>;

template <class T>
struct FromPyObject<Given<T>> {
  ADDER_INLINE static PyResult<Given<T>> extract(const Bound<PyAny>& object) {
    if (object.as_ptr() == Py_Ellipsis) return Given<T>();
    PyResult<T> value = detail::extract_from<T>(object);
    if (value.is_err()) return std::move(value).error();
    return PyResult<Given<T>>(std::in_place, std::in_place, std::move(value.value()));
  }
};
template <>
inline constexpr bool detail::may_recurse<NotGiven> = false;
/// `arg("x") = not_given` is a default of `...`.
template <>
struct IntoPyObject<NotGiven> {
  static constexpr const char* output_type = "types.EllipsisType";
  static PyResult<Bound<PyAny>> into_py(Python, NotGiven) { return detail::borrow(Py_Ellipsis); }
};

}  // namespace adder::inline ADDER_ABI
