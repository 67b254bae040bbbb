// SPDX-License-Identifier: MIT
/// @file
/// @brief Calls into CPython that may end the thread: up to 3.13 by unwinding its stack, see attach_gate.hpp.
#pragma once
#include "adder/token/detail/lock_order.hpp"

#include <exception>
#include <type_traits>
#include <utility>

#if defined(__GLIBCXX__)
#include <bits/cxxabi_forced.h>
#endif

namespace adder::inline ADDER_ABI::detail {

/// Blocks this thread for good. For threads that CPython is about to end: their stack must not be unwound, because
/// destructors on it would touch Python. The process ends without them, as it does for daemon threads.
[[noreturn]] ADDER_COLD_CALL void park_thread() noexcept;

#if defined(__GLIBCXX__) && PY_VERSION_HEX < 0x030E0000
/// Parks a thread that is being ended while it handles a C++ exception. libstdc++ cannot catch the unwinding then: its
/// __cxa_begin_catch ends the process. A forced unwinding does not count as an uncaught exception.
struct ParkOnForcedUnwind {
  bool done = false;
  ParkOnForcedUnwind() = default;
  ParkOnForcedUnwind(const ParkOnForcedUnwind&) = delete;
  ParkOnForcedUnwind& operator=(const ParkOnForcedUnwind&) = delete;
  ADDER_INLINE ~ParkOnForcedUnwind() {
    if (!done) [[unlikely]]
      park_if_forced();
  }

 private:
  ADDER_COLD static void park_if_forced() noexcept {
    if (std::uncaught_exceptions() == 0) park_thread();
  }
};
#endif

/// Calls @p call, which may let go of the GIL and so may be ended by a finalizing CPython (see the file comment). Costs
/// nothing until that happens.
template <class Call>
ADDER_INLINE decltype(auto) park_if_unwound(Call&& call) {
#if defined(__GLIBCXX__) && PY_VERSION_HEX < 0x030E0000
  try {
    ParkOnForcedUnwind guard;
    if constexpr (std::is_void_v<decltype(call())>) {
      call();
      guard.done = true;
    } else {
      decltype(auto) result = call();
      guard.done = true;
      return result;
    }
  } catch (__cxxabiv1::__forced_unwind&) {
    park_thread();
  }
#else
  return call();
#endif
}
template <class Call>
ADDER_INLINE decltype(auto) guard_unwind(Call&& call) {
  note_gil_wait();
  return park_if_unwound(std::forward<Call>(call));
}
/// The same for a single call of a function of CPython's: compiled once for all that have the same types.
template <class Result, class... P>
ADDER_INLINE Result guard_unwind(Result (*function)(P...), std::type_identity_t<P>... arguments) {
  note_gil_wait();
  return park_if_unwound([&]() ADDER_INLINE_LAMBDA { return function(arguments...); });
}
/// The same for what lets go of the GIL in some versions only. Up to 3.11 that is what makes an object that the garbage
/// collector knows, as it may run the collector, with the finalizers of whatever is garbage. Without a GIL it is what
/// waits for another thread to be done with an object.
template <class Call>
ADDER_INLINE decltype(auto) guard_rare_unwind(Call&& call) {
#if PY_VERSION_HEX < 0x030C0000 || defined(Py_GIL_DISABLED)
  return park_if_unwound(std::forward<Call>(call));
#else
  return call();
#endif
}
template <class Result, class... P>
ADDER_INLINE Result guard_rare_unwind(Result (*function)(P...), std::type_identity_t<P>... arguments) {
  return guard_rare_unwind([&]() ADDER_INLINE_LAMBDA { return function(arguments...); });
}

/// PyObject_GC_New(), which is a macro.
inline ::PyObject* new_collected(::PyTypeObject* type) { return PyObject_GC_New(::PyObject, type); }

#if defined(__GLIBCXX__) && PY_VERSION_HEX < 0x030E0000
struct ParkUnlessDone {
  bool done = false;
  ADDER_INLINE ~ParkUnlessDone() {
    if (!done) [[unlikely]]
      park_thread();
  }
};
#endif

/// The same for a call from which no C++ exception comes. In destructors, as it works also while one is on its way.
template <class Call>
ADDER_INLINE void guard_unwind_of_c(Call&& call) noexcept {
  note_gil_wait();
#if defined(__GLIBCXX__) && PY_VERSION_HEX < 0x030E0000
  try {
    ParkUnlessDone guard;
    call();
    guard.done = true;
  } catch (...) {
    park_thread();
  }
#else
  call();
#endif
}

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/token/detail/unwind_inl.hpp"
#endif
