// SPDX-License-Identifier: MIT
/// @file
/// @brief `with(manager, f)`: Python's `with` statement.
#pragma once
#include "adder/exception/translate.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
/// `type(object).name`, bound to the object: special methods are looked up on the type.
Bound<PyAny> special_method(const Bound<PyAny>& object, const Name& name);
/// Calls `__exit__` with the exception that is being handled; true where that is to be swallowed.
bool exit_with_current_exception(const Bound<PyAny>& exit);
}  // namespace detail

/// @brief Python's `with manager as value: f(value)`.
///
/// `__exit__` is called however @p f ends: with the exception, as Python sees it, where it throws one; if the answer is
/// true the exception ends here, else it goes on as it is.
/// @param context_manager  The context manager.
/// @param f        Gets what `__enter__` returned, as a `const Bound<PyAny>&`.
/// @return         What @p f returned, in an optional that is empty when its exception was swallowed; for a void @p f
///                 whether it came to its end.
/// @throws PyErr   TypeError when @p context_manager is none; what `__enter__` or `__exit__` raised; whatever @p f
/// throws.
/// @gil            Held.
template <class F>
auto with(const Bound<PyAny>& context_manager, F&& f) {
  using R = std::invoke_result_t<F, const Bound<PyAny>&>;
  static_assert(!std::is_reference_v<R>, "adder: the function of with() returns a value: return one, or a handle");
  const auto manager = detail::borrow(detail::HandleAccess::use(context_manager, "with", {}));
  const auto enter = detail::special_method(manager, "__enter__"_s);
  const auto exit = detail::special_method(manager, "__exit__"_s);
  const auto value = enter();
  const auto leave = [&] { exit(detail::peek(Py_None), detail::peek(Py_None), detail::peek(Py_None)); };
  if constexpr (std::is_void_v<R>) {
    try {
      std::forward<F>(f)(value);
    } catch (...) {
      if (detail::exit_with_current_exception(exit)) return false;
      throw;
    }
    leave();
    return true;
  } else {
    std::optional<R> result;
    try {
      result.emplace(std::forward<F>(f)(value));
    } catch (...) {
      if (detail::exit_with_current_exception(exit)) return std::optional<R>();
      throw;
    }
    leave();
    return result;
  }
}

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/exception/detail/with_inl.hpp"
#endif
