// SPDX-License-Identifier: MIT
/// @file
/// @brief How C++ that knows nothing of Python calls it: on any thread, with the arguments and the result converted.
#pragma once
#include "adder/base/detail/atomic.hpp"
#include "adder/call/call.hpp"
#include "adder/token/gil.hpp"
#include "adder/token/stored.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// What a parameter of a C++ function that calls Python may be.
template <class A>
struct CallbackParameter {
  static_assert(!std::is_lvalue_reference_v<A> || std::is_const_v<std::remove_reference_t<A>>,
                "adder: a C++ function that calls Python cannot take a T&: Python gets a copy, and C++ would not see "
                "what it changes. Take a value or a const T&; of a pyclass Bound<T> or Py<T>, which is the object");
  static_assert(ConvertsIntoPy<A>,
                "adder: a parameter of a C++ function that calls Python does not convert into a Python object");
};
template <class R>
struct CallbackResult {
  static_assert(!std::is_reference_v<R>,
                "adder: a C++ function that calls Python cannot return a reference: to what? Return a value");
  static_assert(verdict<R>() != Verdict::gil_bound,
                "adder: a C++ function that calls Python cannot return a token or a GIL-bound handle: its caller need "
                "not be attached. Return Py<T>, or a C++ value");
  static_assert(
      Owning<R>,
      "adder: a C++ function that calls Python cannot return a pointer or a view: the object that it leads to "
      "is gone by then. Return a value, such as std::string");
};
template <>
struct CallbackResult<void> {};

/// `the result of f(): 'str' object cannot ...`, of a callable that is shown as it calls itself.
ADDER_COLD_CALL PyErr at_result(PyErr error, ::PyObject* callable);

/// Calls @p call on a thread that is attached: it mostly is.
/// @throws InterpreterUnavailable  During and after finalization.
template <class Call>
ADDER_NOINLINE auto attach_and_call(Call&& call) -> decltype(call()) {
  const AttachScope scope(AttachScope::IfNone::give_up);
  if (!scope.attached()) throw_unavailable();
  return call();
}
template <class Call>
ADDER_INLINE auto attached(Call&& call) -> decltype(call()) {
  if (may_use_python()) [[likely]] {
    note_python_use();
    return call();
  }
  return attach_and_call(call);
}

/// Calls what Python calls @p shown, and converts the result.
/// @throws PyErr  What is raised; TypeError and the like where something does not convert.
template <class R, class Callable, class... A>
ADDER_INLINE R call_python(::PyObject* shown, const Callable& callable, A&&... arguments) {
  if constexpr (std::is_void_v<R>) {
    (void)shown;
    (void)callable.call(std::forward<A>(arguments)...);
  } else {
    auto result = callable.call(std::forward<A>(arguments)...).template try_extract<R>();
    if (result.is_err()) [[unlikely]]
      throw at_result(std::move(result).error(), shown);
    return std::move(result).value();
  }
}

/// A Python callable that copies of a C++ function share. They may be made, moved and dropped on any thread, attached
/// or not, and the same one may be copied by several threads at once. The first copy makes the counter: most functions
/// die without one.
class SharedCallable {
 public:
  explicit SharedCallable(const Bound<PyAny>& callable) : callable_(callable) {}
  SharedCallable(const SharedCallable& other);
  ADDER_INLINE SharedCallable(SharedCallable&& other) noexcept
      : callable_(std::move(other.callable_)), owners_(other.owners_.load(Order::relaxed)) {
    other.owners_.store(nullptr, Order::relaxed);  // Not exchange(): nobody copies what is moved from.
  }
  SharedCallable& operator=(const SharedCallable&) = delete;
  SharedCallable& operator=(SharedCallable&&) = delete;
  ADDER_INLINE ~SharedCallable() {
    if (owners_.load(Order::acquire) != nullptr) [[unlikely]]
      leave();
  }

  const Py<PyAny>& get() const noexcept { return callable_; }
  /// Whether no copy shares the callable: the garbage collector sees one owner then.
  bool is_sole_owner() const noexcept;

 private:
  struct Owners {
    Atomic<std::size_t> count;
  };
  /// Other owners may be left, whose reference this is.
  void leave() noexcept;

  Py<PyAny> callable_;  ///< One reference for all.
  mutable Atomic<Owners*> owners_{nullptr};
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/function/detail/callback_inl.hpp"
#endif
