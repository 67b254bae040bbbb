// SPDX-License-Identifier: MIT
/// @file
/// @brief `"name"_s`: attribute and key names that become a Python string once.
///
/// Every function that takes a `Name` takes a literal with `_s`, which is interned at its first use and costs one load
/// from then on, as well as text (`const char*`, `std::string_view`), which makes a Python string at each call.
#pragma once
#include "adder/error/result.hpp"

#include <concepts>
#include <string_view>
#include <type_traits>

namespace adder::inline ADDER_ABI {

namespace detail {
/// Interns @p text into @p cache. The string is kept for good.
ADDER_COLD_CALL ::PyObject* intern_slowly(Atomic<::PyObject*>& cache, std::string_view text);

template <FixedString Text>
ADDER_HIDDEN inline constinit Atomic<::PyObject*> interned{nullptr};
}  // namespace detail

/// @brief The type of `"name"_s`: each literal is a type of its own, with one Python string behind it.
/// @pyo3{intern!}
template <detail::FixedString Text>
struct Interned {
  /// @brief The Python string. Borrowed, and there for good.
  /// @throws PyErr  MemoryError at the first use.
  ADDER_INLINE static ::PyObject* get(Python) {
    ::PyObject* string = detail::interned<Text>.load(detail::Order::acquire);
    return string != nullptr ? string : detail::intern_slowly(detail::interned<Text>, Text.view());
  }
};

namespace detail {
template <class>
inline constexpr bool is_interned = false;
template <FixedString Text>
inline constexpr bool is_interned<Interned<Text>> = true;
}  // namespace detail

inline namespace literals {
/// @brief `"name"_s`: see Interned.
// Not consteval: clang 14 then leaves an undefined symbol behind where a template uses it.
template <detail::FixedString Text>
constexpr Interned<Text> operator""_s() {
  return {};
}
}  // namespace literals

/// @brief A parameter that names an attribute or key: an interned literal, text, or a Python string.
class Name {
 public:
  /// @brief From `"x"_s`: the string is made once, for good.
  template <detail::FixedString Text>
  ADDER_INLINE Name(Interned<Text> literal)  // NOLINT(google-explicit-constructor)
      : string_(can_be_made() ? literal.get(detail::token()) : nullptr), owned_(false) {}
  /// @brief From text, UTF-8: a new string at each use.
  /// @throws PyErr  MemoryError, or UnicodeDecodeError.
  template <class Text>
    requires std::is_convertible_v<const Text&, std::string_view>
  Name(const Text& text) : owned_(can_be_made()) {  // NOLINT(google-explicit-constructor)
    if (!owned_) return;
    const std::string_view view = text;
    string_ = detail::non_null(PyUnicode_FromStringAndSize(view.data(), static_cast<Py_ssize_t>(view.size())));
  }
  /// @brief A string that is there already, which has to live as long.
  // Templates, as handles to strings are complete only where somebody uses one.
  template <std::same_as<PyString> T>
  ADDER_INLINE Name(const Bound<T>& string)  // NOLINT(google-explicit-constructor)
      : string_(Py_NewRef(detail::HandleAccess::use(string, "used as a name", {}))), owned_(true) {}
  /// @brief The same.
  template <std::same_as<PyString> T>
  ADDER_INLINE Name(const Borrowed<T>& string)  // NOLINT(google-explicit-constructor)
      : string_(Py_NewRef(detail::HandleAccess::use(string, "used as a name", {}))), owned_(true) {}
  Name(const Name&) = delete;
  Name& operator=(const Name&) = delete;
  ADDER_INLINE ~Name() {
    if (owned_) detail::release(string_);
  }
  /// @brief Borrowed for the life of this object.
  ADDER_INLINE ::PyObject* as_ptr() const noexcept { return string_; }

 private:
  /// Where false, the operation that wants the name says why and ends the process.
  ADDER_INLINE static bool can_be_made() noexcept {
#if ADDER_CHECKED
    return detail::attachment_problem() == nullptr;
#else
    return true;
#endif
  }
  ::PyObject* string_ = nullptr;
  bool owned_;
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/object/detail/intern_inl.hpp"
#endif
