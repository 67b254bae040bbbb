// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::variant`: the first alternative that the object converts to, in the order of the type. Of
/// pyclasses it is that of the object's own class or the nearest base, in any order.
#pragma once
#include "adder/convert/basic.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace adder::inline ADDER_ABI {

namespace detail {

/// Why the alternatives of a variant that were tried do not fit.
class VariantErrors {
 public:
  /// @return Whether no other is to be tried.
  ADDER_COLD_CALL bool add(PyErr error);
  ADDER_COLD_CALL PyErr result() &&;

 private:
  std::optional<PyErr> kept_;  ///< To be passed on as it is.
  std::string reasons_;
};

/// Whether an object is one of Derived, which is to be a U with no more than a U's part of it: not where there is an
/// alternative of its own for it. Handles to a U take it as a whole.
template <class U, class Derived>
bool would_be_cut(const Bound<PyAny>& object) {
  if constexpr (IsPyClass<Derived>) {
    if constexpr (std::is_base_of_v<U, Derived> && !std::is_same_v<U, Derived>) {
      return PyTypeInfo<Derived>::is_type_of(object.as_ptr());
    }
  }
  return false;
}

template <class... T>
inline constexpr bool hands_object_over<std::variant<T...>> = (hands_object_over<T> || ...);

}  // namespace detail

template <class... T>
struct FromPyObject<std::variant<T...>> {
  static constexpr const char* expected() noexcept { return "one of several types"; }
  /// Where none fits, a TypeError that says of each alternative why. What Python code raised, or says that the type was
  /// right and the value was not, is passed on instead: the last of such.
  static PyResult<std::variant<T...>> extract(const Bound<PyAny>& object) {
    std::optional<std::variant<T...>> found;
    detail::VariantErrors errors;
    constexpr std::size_t last = sizeof...(T) - 1;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (void)(attempt<T, I != last>(object, found, errors) || ...);
    }(std::index_sequence_for<T...>{});
    if (found) return *std::move(found);
    return std::move(errors).result();
  }

 private:
  /// Whether to stop here.
  template <class U, bool IsTrial>
  static bool attempt(const Bound<PyAny>& object, std::optional<std::variant<T...>>& found,
                      detail::VariantErrors& errors) {
    if constexpr (IsPyClass<U>) {
      if ((detail::would_be_cut<U, T>(object) || ...)) return false;
    }
    PyResult<U> value = [&] {
      [[maybe_unused]] const detail::TrialScope<U, IsTrial> trial;
      return detail::extract_from<U>(object);
    }();
    if (value.is_err()) return errors.add(std::move(value).error());
    found.emplace(std::in_place_type<U>, std::move(value.value()));
    return true;
  }
};
template <class... T>
struct IntoPyObject<std::variant<T...>> {
  template <class V>
  static PyResult<Bound<PyAny>> into_py(Python py, V&& value) {
    return std::visit([py](auto&& held) { return adder::into_py(py, std::forward<decltype(held)>(held)); },
                      std::forward<V>(value));
  }
  template <class V>
  static PyResult<Bound<PyAny>> into_key(Python py, V&& value) {
    return std::visit([py](auto&& held) { return detail::into_key(py, std::forward<decltype(held)>(held)); },
                      std::forward<V>(value));
  }
};
template <>
inline constexpr bool detail::may_recurse<std::monostate> = false;
template <>
struct FromPyObject<std::monostate> {
  static constexpr const char* expected() noexcept { return "None"; }
  static PyResult<std::monostate> extract(const Bound<PyAny>& object);
};
template <>
struct IntoPyObject<std::monostate> {
  static PyResult<Bound<PyAny>> into_py(Python, std::monostate) { return detail::borrow(Py_None); }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/stl/detail/variant_inl.hpp"
#endif
