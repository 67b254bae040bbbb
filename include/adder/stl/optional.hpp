// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::optional<T>`: `None` is the empty one. As a parameter, `std::optional<Car&>` of C++26
/// borrows an object for the call, as `Car&` does.
#pragma once
#include "adder/convert/basic.hpp"

#include <optional>
#include <type_traits>
#include <utility>
#if defined(__cpp_lib_optional) && __cpp_lib_optional >= 202506L
#include "adder/function/detail/loaders.hpp"
#endif

namespace adder::inline ADDER_ABI {

template <class T>
inline constexpr bool detail::extracts_quietly<std::optional<T>> = detail::extracts_quietly<T>;

template <class T>
inline constexpr bool detail::hands_object_over<std::optional<T>> = detail::hands_object_over<T>;

template <class T>
  requires(detail::ReadsInPlace<T> && requires { FromPyObject<std::optional<T>>::reads_in_place; })
struct detail::InPlace<std::optional<T>> {
  ADDER_INLINE static bool read(::PyObject* object, std::optional<T>& out) noexcept {
    if (object == Py_None) return true;  // As which it comes.
    T value{};
    if (!InPlace<T>::read(object, value)) return false;
    out = value;
    return true;
  }
};

template <class T>
  requires(!std::is_reference_v<T>)
struct FromPyObject<std::optional<T>> {
  static constexpr bool reads_in_place = true;  // Not so where somebody has specialised it further.
  static constexpr const char* expected() noexcept { return "a value or None"; }
  ADDER_INLINE static PyResult<std::optional<T>> extract(const Bound<PyAny>& object) {
    if (object.as_ptr() == Py_None) return std::optional<T>();
    PyResult<T> value = detail::extract_from<T>(object);
    if (value.is_err()) return std::move(value).error();
    return PyResult<std::optional<T>>(std::in_place, std::move(value.value()));
  }
};
template <>
inline constexpr bool detail::may_recurse<std::nullopt_t> = false;
/// `arg("x") = std::nullopt` is a default of None.
template <>
struct IntoPyObject<std::nullopt_t> {
  static PyResult<Bound<PyAny>> into_py(Python, std::nullopt_t) { return detail::borrow(Py_None); }
};
template <class T>
  requires(!std::is_reference_v<T>)
struct IntoPyObject<std::optional<T>> {
  template <class O>
  static PyResult<Bound<PyAny>> into_py(Python py, O&& value) {
    if (!value.has_value()) return detail::borrow(Py_None);
    return adder::into_py(py, *std::forward<O>(value));
  }
  template <class O>
  static PyResult<Bound<PyAny>> into_key(Python py, O&& value) {
    if (!value.has_value()) return detail::borrow(Py_None);
    return detail::into_key(py, *std::forward<O>(value));
  }
};

#if defined(__cpp_lib_optional) && __cpp_lib_optional >= 202506L
namespace detail {

template <class T>
inline constexpr bool is_optional_object = false;
template <class T>
  requires IsPyClass<std::remove_const_t<T>>
inline constexpr bool is_optional_object<std::optional<T&>> = true;

/// None, or an object that is borrowed for the call.
template <class P>
  requires is_optional_object<std::remove_cvref_t<P>>
class ArgumentLoader<P> {
  using Optional = std::remove_cvref_t<P>;
  static_assert(!std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>,
                "adder: a bound function takes std::optional<T&> by value, or as const&");

 public:
  bool load(::PyObject* object, CallContext context, unsigned index) {
    if (object == Py_None) return true;
    if (!object_.load(object, context, index)) return false;
    value_.emplace(object_.get());
    return true;
  }
  P&& get() noexcept { return static_cast<P&&>(value_); }

 private:
  ArgumentLoader<typename Optional::value_type&> object_;
  Optional value_;
};

}  // namespace detail
#endif

}  // namespace adder::inline ADDER_ABI
