// SPDX-License-Identifier: MIT
/// @file
/// @brief Locking ordinary C++ mutexes from attached threads without deadlocks. Not part of adder.hpp.
///
/// The GIL is a lock like any other. A thread that holds it and waits for a mutex, whose owner waits for the GIL, waits
/// for ever; and the owner comes to wait for the GIL easily, as any call into Python may let go of it. The functions
/// here wait detached:
///
/// | instead of                      | write                                           |
/// |---------------------------------|-------------------------------------------------|
/// | `std::lock_guard lock(mutex)`   | `const auto lock = lock_attached(py, mutex)`    |
/// | `std::shared_lock lock(mutex)`  | `const auto lock = lock_shared_attached(py, mutex)` |
/// | `std::call_once(flag, f)`       | `call_once_attached(py, flag, f)`               |
///
/// All users of a mutex who may be attached have to lock it this way.
#pragma once
#include "adder/token/gil.hpp"

#include <mutex>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// How a mutex is held.
enum class Hold : bool { alone, shared };

/// Taken only while attached: to attach may run Python code, such as destructors that had to wait for the GIL, which
/// may want the same mutex. So this waits, detached, until the mutex is free, and then tries again.
template <class Mutex>
void lock_from_attached(Python py, Mutex& mutex) {
  while (!mutex.try_lock()) {
    py.allow_threads_unchecked([&mutex] {
      mutex.lock();
      mutex.unlock();
    });
  }
}
template <class Mutex>
void lock_shared_from_attached(Python py, Mutex& mutex) {
  while (!mutex.try_lock_shared()) {
    py.allow_threads_unchecked([&mutex] {
      mutex.lock_shared();
      mutex.unlock_shared();
    });
  }
}

}  // namespace detail

/// @brief Holds a mutex until the end of the scope. Made by lock_attached() and lock_shared_attached().
template <class Mutex, detail::Hold How>
class [[nodiscard]] AttachedLock {
 public:
  AttachedLock(const AttachedLock&) = delete;
  AttachedLock& operator=(const AttachedLock&) = delete;
  ~AttachedLock() {
    if constexpr (How == detail::Hold::shared) {
      mutex_.unlock_shared();
    } else {
      mutex_.unlock();
    }
  }

 private:
  template <class M>
  friend AttachedLock<M, detail::Hold::alone> lock_attached(Python py, M& mutex);
  template <class M>
  friend AttachedLock<M, detail::Hold::shared> lock_shared_attached(Python py, M& mutex);

  AttachedLock(Python py, Mutex& mutex) : mutex_(mutex) {
    if constexpr (How == detail::Hold::shared) {
      detail::lock_shared_from_attached(py, mutex);
    } else {
      detail::lock_from_attached(py, mutex);
    }
  }
  Mutex& mutex_;
};

/// @brief Locks a `std::mutex`, or what works like one, without holding the GIL while it waits.
/// @param py     The token. The thread is attached again when this returns.
/// @param mutex  Not held by this thread already, unless it is a recursive one.
/// @pyo3{MutexExt::lock_py_attached}
template <class Mutex>
AttachedLock<Mutex, detail::Hold::alone> lock_attached(Python py, Mutex& mutex) {
  return AttachedLock<Mutex, detail::Hold::alone>(py, mutex);
}
/// @brief The same for the readers of a `std::shared_mutex`.
/// @pyo3{RwLockExt::read_py_attached}
template <class Mutex>
AttachedLock<Mutex, detail::Hold::shared> lock_shared_attached(Python py, Mutex& mutex) {
  return AttachedLock<Mutex, detail::Hold::shared>(py, mutex);
}

/// @brief Calls @p f unless a call with the same flag has returned. Who comes meanwhile waits detached.
///
/// Each call lets go of the GIL, as a flag does not say whether it is needed: for what is called often take a
/// PyOnceLock.
/// @param py    The token.
/// @param flag  May be a static.
/// @param f     Runs attached. What it throws comes out, and the next call tries again.
/// @pyo3{OnceExt::call_once_py_attached}
template <class F>
void call_once_attached(Python py, std::once_flag& flag, F&& f) {
  (void)py;
  const detail::DetachScope detached;
  std::call_once(flag, [&] {
    const detail::ReattachScope attached(detached);
    std::forward<F>(f)();
  });
}

}  // namespace adder::inline ADDER_ABI
