// SPDX-License-Identifier: MIT
/// @file
/// @brief PyMutex<T>: a value that can be reached only under its lock. Not part of adder.hpp.
///
/// From CPython 3.13 on the C API has a type of that name, so with `using namespace adder` it is ambiguous: write
/// `Mutex<T>` there.
#pragma once
#include "adder/exception/exceptions.hpp"
#include "adder/gc/traverse.hpp"
#include "adder/sync/lock.hpp"
#include "adder/sync/sync.hpp"
#include "adder/token/stored.hpp"

#include <exception>
#include <mutex>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

template <class T>
class PyMutex;
/// @brief PyMutex, by a name that the C API does not have.
template <class T>
using Mutex = PyMutex<T>;

/// @brief Access to the value of a PyMutex, until the end of the scope.
template <class T>
class [[nodiscard]] PyMutexGuard {
 public:
  PyMutexGuard(const PyMutexGuard&) = delete;
  PyMutexGuard& operator=(const PyMutexGuard&) = delete;
  /// @brief Unlocks; where an exception passes, the mutex is poisoned.
  ~PyMutexGuard() {
    if (std::uncaught_exceptions() > exceptions_) owner_.poisoned_.store(true, detail::Order::relaxed);
    owner_.holder_.store(nullptr, detail::Order::relaxed);
    owner_.mutex_.unlock();
  }
  T& operator*() const& noexcept ADDER_LIFETIMEBOUND { return owner_.value_; }
  T& operator*() const&& = delete;  // The lock ends with the expression: keep the guard in a variable.
  T* operator->() const noexcept ADDER_LIFETIMEBOUND { return &owner_.value_; }

 private:
  friend class PyMutex<T>;
  PyMutexGuard(Python py, PyMutex<T>& owner) : owner_(owner.not_held_here()) {
    detail::lock_from_attached(py, owner.mutex_);
    begin();
  }
  explicit PyMutexGuard(PyMutex<T>& owner) : owner_(owner.not_held_here()) {
    owner.lock_past_collector();
    begin();
  }
  void begin() {
    if (owner_.is_poisoned()) {
      owner_.mutex_.unlock();
      throw PyRuntimeError::new_err("the mutex is poisoned: an exception left a scope in which it was locked");
    }
    // This thread is between no two visits of the collector: it is attached, or has been since the mark.
    owner_.visited_.store(false, detail::Order::relaxed);
    owner_.holder_.store(&detail::thread_scopes, detail::Order::relaxed);
  }
  PyMutex<T>& owner_;
  int exceptions_ = std::uncaught_exceptions();
};

/// @brief A mutex that owns what it protects. Threads wait for it detached, so it takes part in no deadlock with the
/// GIL.
///
/// Where an exception leaves the scope of a guard, the value may be half changed: the mutex is poisoned, and lock()
/// throws until clear_poison().
/// @tparam T  Not tied to the GIL.
/// @threads   Any.
/// @pyo3{PyMutex}
template <class T>
class PyMutex {
  static_assert(detail::verdict<T>() != detail::Verdict::gil_bound,
                "adder: what a PyMutex owns is for several threads, so it cannot be tied to the GIL: hold Py<X>");
  static_assert(std::is_nothrow_destructible_v<T>, "adder: destroying the value of a PyMutex may not throw");
  static_assert(Owning<T>,
                "adder: a PyMutex keeps its value: a pointer, reference or view in it may lead to what is gone. Hold "
                "std::string, std::vector, PyBackedStr or Py<X>; or vouch for it with adder::ViewTraits");

 public:
  /// @brief A mutex around `T()`.
  // A template, so that clang 19 asks where it is called: in a class around T the initialisers of T's members are not
  // known before its end.
  template <class U = T>
    requires std::is_default_constructible_v<U>
  PyMutex() : value_() {}
  /// @brief A mutex around `T(args...)`.
  template <class... A>
    requires(sizeof...(A) != 0 && std::is_constructible_v<T, A...>)
  explicit PyMutex(A&&... args) : value_(std::forward<A>(args)...) {}
  PyMutex(const PyMutex&) = delete;
  PyMutex& operator=(const PyMutex&) = delete;

  /// @brief Waits for the lock, detached, and gives access to the value.
  /// @throws PyErr  RuntimeError where the mutex is poisoned, and where this thread has locked it already.
  PyMutexGuard<T> lock(Python py) ADDER_LIFETIMEBOUND { return PyMutexGuard<T>(py, *this); }
  /// @brief The same for a thread that is not attached, and stays so while it has the guard.
  ///
  /// Where the garbage collector has looked at handles in the value since the last time, this attaches for a moment,
  /// which waits until the collector is done: hold no lock meanwhile that an attached thread may be waiting for.
  /// @throws PyErr  As lock().
  PyMutexGuard<T> lock_detached() ADDER_LIFETIMEBOUND {
#if ADDER_CHECKED
    if (detail::is_attached()) detail::fatal("PyMutex::lock_detached: this thread is attached: write lock(py)", {});
#endif
    return PyMutexGuard<T>(*this);
  }
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

  /// For the collector, which may run on the very thread that holds the mutex.
  ///
  /// Whoever has a guard has taken the mark of the last visit away. So if the mutex is locked and marked, a thread that
  /// is about to see the mark, or only waits for its turn, has it for a moment: to pass over what was shown the first
  /// time would be to hide it.
  std::unique_lock<std::mutex> lock_to_visit() const {
    if (is_held_here()) return {};
    std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
    if (!lock.owns_lock() && visited_.load(detail::Order::acquire)) lock.lock();
    return lock;
  }
  bool is_held_here() const noexcept { return holder_.load(detail::Order::relaxed) == &detail::thread_scopes; }
  PyMutex& not_held_here() {
    if (is_held_here()) [[unlikely]] {
      throw PyRuntimeError::new_err("the mutex is locked by this very thread: it would wait for itself");
    }
    return *this;
  }

  /// Locks, on a detached thread.
  ///
  /// The collector visits an object twice, first to count what is referred to from within, then to find what can be
  /// reached. It has to be shown the same handles both times, or takes live objects for garbage. Attached threads
  /// cannot come between, as none of them runs meanwhile. A detached one that comes after a visit waits for the
  /// collector: once it is attached itself, no collection is between its visits.
  void lock_past_collector() {
    mutex_.lock();
    if constexpr (detail::holds_handles<T>()) {
      while (visited_.load(detail::Order::relaxed)) {
        mutex_.unlock();
        {
          // Not attached where the interpreter is ending: there is nobody to wait for.
          const detail::AttachScope scope(detail::AttachScope::IfNone::give_up);
          if (const std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock); lock.owns_lock()) {
            visited_.store(false, detail::Order::relaxed);
          }
          // Not kept beyond: to detach may end a thread state, and with it run destructors that want the mutex.
        }
        mutex_.lock();  // The collector may have been here again.
      }
    }
  }

  mutable std::mutex mutex_;
  T value_;
  /// By the collector, and nobody has had a guard since. Changed under the mutex.
  mutable detail::Atomic<bool> visited_{false};
  detail::Atomic<bool> poisoned_{false};
  /// The address of a variable of the thread that has locked the mutex; null for none.
  detail::Atomic<const void*> holder_{nullptr};
};

template <class T>
struct SyncTraits<PyMutex<T>> : std::true_type {
  static constexpr bool synchronises_itself = true;
};
template <class T>
inline constexpr bool detail::holds_arguments_alone<PyMutex<T>> = true;

/// A mutex that is a member shows its value to the garbage collector, unless somebody holds it: that value stays alive.
/// Whoever held it during the first visit has let go by the second, perhaps: no harm, as that keeps objects alive.
template <class T>
struct Traverse<PyMutex<T>> {
  static constexpr bool holds_handles = detail::holds_handles<T>();
  static constexpr bool guards_itself = true;
  static void visit(PyVisit& visit, const PyMutex<T>& mutex) {
    const std::unique_lock<std::mutex> lock = mutex.lock_to_visit();
    if (!lock.owns_lock()) return;
    mutex.visited_.store(true, detail::Order::release);
    visit(mutex.value_);
  }
  static void clear(PyMutex<T>& mutex) {
    // Nobody has a reference to it any more; the value's destructors run Python code, and find it free.
    if (mutex.lock_to_visit().owns_lock()) detail::clear_value(mutex.value_);
  }
};

}  // namespace adder::inline ADDER_ABI
