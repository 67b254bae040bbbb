// SPDX-License-Identifier: MIT
/// @file
/// @brief Calling Python: `f(a, b, kw("name") = c)`, over vectorcall with an array on the stack.
#pragma once
#include "adder/conversions/handles.hpp"
#include "adder/conversions/scalars.hpp"
#include "adder/conversions/text.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {
template <class NameType, class T>
struct KeywordArgument {
  NameType name;
  T value;
};
template <class T>
inline constexpr bool is_keyword_argument = is_specialization<std::remove_cvref_t<T>, KeywordArgument>;
}  // namespace detail

/// @brief Names an argument in a call: `f(kw("key") = value)`; `kw("key"_s)` makes the name once.
template <class NameType>
struct kw {  // NOLINT(readability-identifier-naming): reads like a keyword
  constexpr explicit kw(NameType name) : name_(name) {}
  template <class T>
  detail::KeywordArgument<NameType, T&&> operator=(T&& value) && {  // NOLINT: an argument, not an assignment
    return {name_, std::forward<T>(value)};
  }

 private:
  NameType name_;
};
kw(const char*) -> kw<const char*>;

namespace detail {

template <class T>
struct CallArgument : AsArgument<T> {
  using AsArgument<T>::AsArgument;
};
template <class T>
  requires is_keyword_argument<T>
struct CallArgument<T> {
  static_assert(!std::is_lvalue_reference_v<T>,
                "adder: write kw(...) = value inside the call: the argument refers to its value, which may be gone");
  using Argument = std::remove_cvref_t<T>;
  explicit CallArgument(const Argument& argument)
      : name(argument.name), value(std::forward<decltype(argument.value)>(argument.value)) {}
  ::PyObject* as_ptr() const noexcept { return value.as_ptr(); }
  Name name;
  AsArgument<decltype(Argument::value)> value;
};

template <class... Args>
constexpr bool keywords_come_last() {
  bool seen = false, right = true;
  ((right = right && (is_keyword_argument<Args> || !seen), seen = seen || is_keyword_argument<Args>), ...);
  return right;
}

template <class... Args>
inline constexpr std::size_t keyword_count = (std::size_t{0} + ... + (is_keyword_argument<Args> ? 1 : 0));

/// The tuple of keyword names, or nothing where there are none.
template <class Argument>
void add_keyword_name(::PyObject* names, Py_ssize_t& at, const Argument& argument) {
  if constexpr (requires { argument.name; }) PyTuple_SET_ITEM(names, at++, Py_NewRef(argument.name.as_ptr()));
}

/// @p array has a free slot in front of the first argument (PY_VECTORCALL_ARGUMENTS_OFFSET).
ADDER_INLINE ::PyObject* vectorcall(::PyObject* callable, ::PyObject** array, std::size_t positional,
                                    ::PyObject* names) {
  return guard_unwind(
      [&] { return PyObject_Vectorcall(callable, array + 1, positional | PY_VECTORCALL_ARGUMENTS_OFFSET, names); });
}
ADDER_INLINE ::PyObject* vectorcall_method(::PyObject* name, ::PyObject** array, std::size_t positional,
                                           ::PyObject* names) {
  return guard_unwind(
      [&] { return PyObject_VectorcallMethod(name, array + 1, positional | PY_VECTORCALL_ARGUMENTS_OFFSET, names); });
}

/// Calls @p target; with @p method_name its method, else itself.
template <class... Arguments>
ADDER_INLINE ::PyObject* call_converted(::PyObject* target, ::PyObject* method_name, const Arguments&... arguments) {
  constexpr std::size_t keywords = (std::size_t{0} + ... + (requires { arguments.name; } ? 1 : 0));
  constexpr std::size_t positional = sizeof...(Arguments) - keywords;
  ::PyObject* names = nullptr;
  if constexpr (keywords != 0) {
    names = non_null(PyTuple_New(static_cast<Py_ssize_t>(keywords)));
    Py_ssize_t at = 0;
    (add_keyword_name(names, at, arguments), ...);
  }
  ::PyObject* array[] = {nullptr, target, arguments.as_ptr()...};
  ::PyObject* result = method_name == nullptr ? vectorcall(target, array + 1, positional, names)
                                              : vectorcall_method(method_name, array, positional + 1, names);
  if constexpr (keywords != 0) Py_DECREF(names);
  return non_null(result);
}

}  // namespace detail

template <class Self>
template <class... Args>
Bound<typename PyAnyMethods<Self>::Any> PyAnyMethods<Self>::call(Args&&... args) const {
  static_assert(detail::keywords_come_last<Args...>(), "adder: keyword arguments follow the positional ones");
  ::PyObject* self = use("call", Where{});
  return detail::steal<Any>(
      detail::call_converted(self, nullptr, detail::CallArgument<Args&&>(std::forward<Args>(args))...));
}

template <class Self>
template <class... Args>
Bound<typename PyAnyMethods<Self>::Any> PyAnyMethods<Self>::call_method(const Name& name, Args&&... args) const {
  static_assert(detail::keywords_come_last<Args...>(), "adder: keyword arguments follow the positional ones");
  ::PyObject* self = use("call_method", Where{});
  return detail::steal<Any>(
      detail::call_converted(self, name.as_ptr(), detail::CallArgument<Args&&>(std::forward<Args>(args))...));
}

}  // namespace adder::inline ADDER_ABI
