// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of recursion.hpp.
#pragma once
#include "adder/error/detail/recursion.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

#if defined(__linux__) || defined(__APPLE__)
#include <pthread.h>
#endif

namespace adder::inline ADDER_ABI {

namespace detail {

/// Where this thread's stack begins and ends.
ADDER_COLD ADDER_FUNC void look_up_stack(ConversionStack& stack) noexcept {
  stack.top = 1;
#if defined(__linux__)
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) == 0) {  // Of the main thread glibc reads it in /proc.
    void* base = nullptr;
    std::size_t size = 0, guard = 0;
    if (pthread_attr_getstack(&attributes, &base, &size) == 0) {
      (void)pthread_attr_getguardsize(&attributes, &guard);  // Older C libraries count it as a part of the stack.
      stack.floor = reinterpret_cast<std::uintptr_t>(base) + guard;
      stack.top = reinterpret_cast<std::uintptr_t>(base) + size;
    }
    pthread_attr_destroy(&attributes);
  }
#elif defined(__APPLE__)
  stack.top = reinterpret_cast<std::uintptr_t>(pthread_get_stackaddr_np(pthread_self()));
  stack.floor = stack.top - pthread_get_stacksize_np(pthread_self());
#endif
  if (stack.top == 1 || stack.floor >= stack.top) {
    stack.top = stack.lowest = 1;
    stack.floor = 0;
    stack.room = UINTPTR_MAX - 1;
    return;
  }
  // For what one step may need besides: a property or an `__index__` written in Python, an exception on its way.
  const std::uintptr_t size_in_all = stack.top - stack.floor, eighth = size_in_all / 8, least = 65'536;
  stack.lowest = stack.floor + (eighth > least ? eighth : size_in_all / 2 > least ? least : size_in_all / 2);
  stack.room = stack.top - stack.lowest;
}

ADDER_NOINLINE ADDER_FUNC bool is_too_deep(ConversionStack& stack, std::uintptr_t here) noexcept {
  if (stack.top == 0) look_up_stack(stack);
  if (stack.depth > static_cast<std::uint32_t>(Py_GetRecursionLimit())) return true;
  // Code that has a stack of its own, such as a fiber, is outside: there only the depth counts.
  return here >= stack.floor && here < stack.lowest;
}

ADDER_COLD ADDER_FUNC PyErr recursion_error(const char* direction) {
  return PyErr::Access::lazy(
      PyExc_RecursionError,
      std::string("maximum recursion depth exceeded while converting ").append(direction).append("a Python object"));
}

ADDER_FUNC bool is_recursion_error(const PyErr& error) noexcept {
  const ErrState& state = PyErr::Access::state(error);
  ::PyObject* value = state.value.load(Order::acquire);
  return PyErr_GivenExceptionMatches(value == nullptr ? state.type : value, PyExc_RecursionError) != 0;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
