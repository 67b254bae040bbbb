// SPDX-License-Identifier: MIT
/// @file
/// @brief PyMutex<T>: a value that can be reached only under its lock. Not part of adder.hpp.
///
/// From CPython 3.13 on the C API has a type of that name: write `adder::PyMutex<T>` also where adder's names are
/// imported.
#pragma once
#include "adder/class/collect.hpp"
#include "adder/exceptions.hpp"
#include "adder/sync/lock.hpp"

namespace adder::inline ADDER_ABI {

template <class T>
class PyMutex;

/// @brief Access to the value of a PyMutex, until the end of the scope.
template <class T>
class [[nodiscard]] PyMutexGuard {
 public:
  PyMutexGuard(const PyMutexGuard&) = delete;
  PyMutexGuard& operator=(const PyMutexGuard&) = delete;
  /// @brief Unlocks; where an exception passes, the mutex is poisoned.
  ~PyMutexGuard() {
    if (std::uncaught_exceptions() > exceptions_) owner_.poisoned_.store(true, detail::Order::relaxed);
    owner_.held_.store(false, detail::Order::release);
  }
  T& operator*() const& noexcept ADDER_LIFETIMEBOUND { return owner_.value_; }
  T& operator*() const&& = delete;  // The lock ends with the expression: keep the guard in a variable.
  T* operator->() const noexcept ADDER_LIFETIMEBOUND { return &owner_.value_; }

 private:
  friend class PyMutex<T>;
  PyMutexGuard(Python py, PyMutex<T>& owner) : owner_(owner), lock_(lock_attached(py, owner.mutex_)) {
    if (owner.is_poisoned()) {  // The lock goes with the exception.
      throw PyRuntimeError::new_err("the mutex is poisoned: an exception left a scope in which it was locked");
    }
    owner.held_.store(true, detail::Order::relaxed);
  }
  PyMutex<T>& owner_;
  int exceptions_ = std::uncaught_exceptions();
  AttachedLock<std::mutex, detail::Hold::alone> lock_;
};

/// @brief A mutex that owns what it protects. Threads wait for it detached, so it takes part in no deadlock with the
/// GIL.
///
/// Where an exception leaves the scope of a guard, the value may be half changed: the mutex is poisoned, and lock()
/// throws until clear_poison().
/// @tparam T  Not tied to the GIL.
/// @threads   Any, attached for lock().
/// @pyo3{PyMutex}
template <class T>
class PyMutex {
  static_assert(detail::verdict<T>() != detail::Verdict::gil_bound,
                "adder: what a PyMutex owns is for several threads, so it cannot be tied to the GIL: hold Py<X>");

 public:
  /// @brief A mutex around `T()`.
  PyMutex()
    requires std::is_default_constructible_v<T>
      : value_() {}
  /// @brief A mutex around `T(args...)`.
  template <class... A>
    requires(sizeof...(A) != 0 && std::is_constructible_v<T, A...>)
  explicit PyMutex(A&&... args) : value_(std::forward<A>(args)...) {}
  PyMutex(const PyMutex&) = delete;
  PyMutex& operator=(const PyMutex&) = delete;

  /// @brief Waits for the lock, detached, and gives access to the value.
  /// @throws PyErr  RuntimeError where the mutex is poisoned.
  PyMutexGuard<T> lock(Python py) ADDER_LIFETIMEBOUND { return PyMutexGuard<T>(py, *this); }
  /// @brief Whether an exception has left the scope of a guard.
  bool is_poisoned() const noexcept { return poisoned_.load(detail::Order::relaxed); }
  /// @brief The value is in order again.
  void clear_poison() noexcept { poisoned_.store(false, detail::Order::relaxed); }
  /// @brief The value, for the only user of the mutex.
  T& get_mut() & noexcept ADDER_LIFETIMEBOUND { return value_; }
  /// @brief The value of a mutex that nobody uses any more.
  T into_inner() && { return std::move(value_); }

 private:
  friend class PyMutexGuard<T>;
  friend struct Traverse<PyMutex<T>>;
  std::mutex mutex_;
  T value_;
  detail::Atomic<bool> poisoned_{false};
  detail::Atomic<bool> held_{false};
};

/// A mutex that is a member shows its value to the garbage collector, unless somebody holds it: that value stays alive.
template <class T>
struct Traverse<PyMutex<T>> {
  static constexpr bool holds_handles = detail::holds_handles<T>();
  static void visit(PyVisit& visit, const PyMutex<T>& mutex) {
    // Who takes the mutex is attached while doing so, as the collector is: it cannot become held meanwhile.
    if (!mutex.held_.load(detail::Order::acquire)) visit(mutex.value_);
  }
  static void clear(PyMutex<T>& mutex) {
    if (!mutex.held_.load(detail::Order::acquire)) detail::clear_value(mutex.value_);
  }
};

}  // namespace adder::inline ADDER_ABI
