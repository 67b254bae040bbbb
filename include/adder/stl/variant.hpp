// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::variant`: the first alternative that the object converts to, in the order of the type.
#pragma once
#include "adder/convert/basic.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace adder::inline ADDER_ABI {

template <class... T>
struct FromPyObject<std::variant<T...>> {
  static constexpr const char* expected() noexcept { return "one of several types"; }
  /// A TypeError that says of each alternative why it does not fit. What Python code raised meanwhile is passed on.
  static PyResult<std::variant<T...>> extract(const Bound<PyAny>& object) {
    std::optional<std::variant<T...>> found;
    std::optional<PyErr> raised;
    std::string reasons;
    constexpr std::size_t last = sizeof...(T) - 1;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (void)(attempt<T, I != last>(object, found, raised, reasons) || ...);
    }(std::index_sequence_for<T...>{});
    if (raised) return *std::move(raised);
    if (found) return *std::move(found);
    return PyErr::Access::lazy(PyExc_TypeError, std::string("no alternative fits: ").append(reasons));
  }

 private:
  /// Whether to stop here.
  template <class U, bool IsTrial>
  static bool attempt(const Bound<PyAny>& object, std::optional<std::variant<T...>>& found,
                      std::optional<PyErr>& raised, std::string& reasons) {
    PyResult<U> value = [&] {
      [[maybe_unused]] const detail::TrialScope<U, IsTrial> trial;
      return detail::extract_from<U>(object);
    }();
    if (value.is_ok()) {
      found.emplace(std::in_place_type<U>, std::move(value.value()));
      return true;
    }
    PyErr error = std::move(value).error();
    if (!PyErr::Access::state(error).is_lazy() || detail::is_recursion_error(error)) {
      raised = std::move(error);
      return true;
    }
    if (!reasons.empty()) reasons += "; ";
    reasons += PyErr::Access::state(error).lazy_text();
    return false;
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
