// SPDX-License-Identifier: MIT
/// @file
/// @brief PyOnceLock<T>: a value whose initialiser runs exactly once, however many threads ask. Not part of adder.hpp.
///
/// Beside GILOnceCell, whose initialisers race and which never blocks: here the others wait, detached, for the one that
/// runs. Take this one where running the initialiser twice is wrong or costly.
#pragma once
#include "adder/exception/exceptions.hpp"
#include "adder/gc/traverse.hpp"
#include "adder/sync/detail/fallible.hpp"
#include "adder/sync/lock.hpp"
#include "adder/sync/sync.hpp"
#include "adder/token/stored.hpp"
#include "adder/types/module.hpp"

#include <mutex>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief A write-once cell.
/// @tparam T  Not tied to the GIL; moving it may not throw.
/// @threads   Any attached thread.
/// @pyo3{PyOnceLock}
template <class T>
class PyOnceLock {
  static_assert(detail::verdict<T>() != detail::Verdict::gil_bound,
                "adder: a PyOnceLock outlives the GIL, so it cannot hold a token or a GIL-bound handle: hold Py<T>");
  static_assert(
      Owning<T>,
      "adder: a PyOnceLock keeps its value: a pointer, reference or view in it may lead to what is gone. Hold "
      "std::string, std::vector, PyBackedStr or Py<X>; or vouch for it with adder::ViewTraits");
  static_assert(std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>,
                "adder: moving or destroying the value of a PyOnceLock may not throw");

 public:
  /// @brief An empty lock. As a `constinit` static it is never destroyed: other threads may read it when the process
  /// ends.
  constexpr PyOnceLock() noexcept : nothing_(), is_static_(std::is_constant_evaluated()) {}
  PyOnceLock(const PyOnceLock&) = delete;
  PyOnceLock& operator=(const PyOnceLock&) = delete;
  ~PyOnceLock() {
    if (!is_static_ && full_.load(detail::Order::acquire)) value_.~T();
  }

  /// @brief The value, or null while there is none.
  ADDER_INLINE const T* get(Python) const noexcept ADDER_LIFETIMEBOUND {
    return full_.load(detail::Order::acquire) ? &value_ : nullptr;
  }
  /// @brief The stored value, made by @p f the first time.
  /// @param py  The token.
  /// @param f   `T()`; may let go of the GIL: others wait until it has returned.
  /// @throws    What @p f throws; the lock then stays empty, and who waits tries with their own. RuntimeError where
  ///            @p f asks the same lock.
  /// @pyo3{PyOnceLock::get_or_init}
  template <class F>
  const T& get_or_init(Python py, F&& f) ADDER_LIFETIMEBOUND {
    if (const T* value = get(py)) [[likely]]
      return *value;
    refuse_reentry();
    const auto lock = lock_attached(py, mutex_);
    if (const T* value = get(py)) return *value;
    const Filling filling(filler_);
    T made = std::forward<F>(f)();
    store(std::move(made));
    return value_;
  }
  /// @brief As get_or_init(), for an @p f that may fail: it returns `PyResult<T>`, or an `expected<T, E>` with an error
  /// of one's own, such as `std::expected`; the result is one of a `const T*`.
  /// @pyo3{PyOnceLock::get_or_try_init}
  template <class F>
  detail::TriedTo<F, T> get_or_try_init(Python py, F&& f) ADDER_LIFETIMEBOUND {
    using Fallible = detail::Fallible<std::invoke_result_t<F>, T>;
    if (const T* value = get(py)) [[likely]]
      return value;
    refuse_reentry();
    const auto lock = lock_attached(py, mutex_);
    if (const T* value = get(py)) return value;
    const Filling filling(filler_);
    typename Fallible::Initial made = std::forward<F>(f)();
    if (!made) return Fallible::failure(std::move(made));
    store(*std::move(made));
    return &value_;
  }
  /// @brief Fills an empty lock.
  /// @param py     The token.
  /// @param value  Moved from only where it is written.
  /// @return       False where there is a value already.
  /// @pyo3{PyOnceLock::set}
  bool set(Python py, T&& value) {
    refuse_reentry();
    const auto lock = lock_attached(py, mutex_);
    if (get(py) != nullptr) return false;
    store(std::move(value));
    return true;
  }
  /// @brief The value, for the only user.
  T* get_mut() noexcept ADDER_LIFETIMEBOUND { return full_.load(detail::Order::acquire) ? &value_ : nullptr; }
  /// @brief The value, if there is one; the lock is empty afterwards. For the only user.
  /// @pyo3{PyOnceLock::take}
  std::optional<T> take() noexcept {
    if (!full_.load(detail::Order::acquire)) return std::nullopt;
    std::optional<T> taken(std::move(value_));
    value_.~T();
    full_.store(false, detail::Order::release);
    return taken;
  }
  /// @brief The value, if there is one, of a lock that nobody uses any more.
  std::optional<T> into_inner() && noexcept { return take(); }

  /// @brief A new lock with one more reference to the same object, or an empty one.
  /// @pyo3{PyOnceLock::clone_ref}
  PyOnceLock clone_ref(Python py) const
    requires requires(const T& value) { T(value.clone_ref(py)); }
  {
    const T* value = get(py);
    return value == nullptr ? PyOnceLock() : PyOnceLock(value->clone_ref(py));
  }
  /// @brief `from module import name`, once. For locks that hold a `Py<X>`.
  /// @return The object, borrowed from the lock.
  /// @throws PyErr  ImportError, AttributeError, or TypeError where it is no X.
  /// @pyo3{PyOnceLock::import}
  const auto& import(Python py, const char* module, const char* name) ADDER_LIFETIMEBOUND
    requires detail::is_specialization<T, Py>
  {
    return get_or_init(py, [&] { return py.import(module).getattr(name).template extract<T>(); }).bind(py);
  }

 private:
  explicit PyOnceLock(T&& value) noexcept : value_(std::move(value)), full_(true) {}

  /// The thread whose initialiser runs, while it does.
  struct Filling {
    explicit Filling(detail::Atomic<unsigned long>& filler) noexcept : filler_(filler) {
      filler_.store(PyThread_get_thread_ident(), detail::Order::relaxed);
    }
    ~Filling() { filler_.store(0, detail::Order::relaxed); }
    Filling(const Filling&) = delete;
    Filling& operator=(const Filling&) = delete;
    detail::Atomic<unsigned long>& filler_;
  };
  void refuse_reentry() const {
    if (filler_.load(detail::Order::relaxed) == PyThread_get_thread_ident()) {
      throw PyRuntimeError::new_err("the initialiser of a PyOnceLock has asked the same lock for its value");
    }
  }
  void store(T&& value) noexcept {
    ::new (static_cast<void*>(&value_)) T(std::move(value));
    full_.store(true, detail::Order::release);
  }

  struct Nothing {
    unsigned char bytes[sizeof(T)] = {};
  };
  union {
    Nothing nothing_;
    T value_;
  };
  bool is_static_ = false;
  detail::Atomic<bool> full_{false};
  detail::Atomic<unsigned long> filler_{0};
  std::mutex mutex_;
};

template <class T>
struct SyncTraits<PyOnceLock<T>> : std::bool_constant<Sync<T>> {
  static constexpr bool synchronises_itself = Sync<T>;  // All threads share what it is filled with.
};
template <class T>
inline constexpr bool detail::holds_arguments_alone<PyOnceLock<T>> = true;

/// A lock that is a member shows its value to the garbage collector.
template <class T>
struct Traverse<PyOnceLock<T>> {
  static constexpr bool guards_itself = detail::is_still<const T>();  // Who fills it is attached.
  static constexpr bool holds_handles = detail::holds_handles<T>();
  static void visit(PyVisit& visit, const PyOnceLock<T>& lock) {
    if (const T* value = lock.get(detail::token())) visit(*value);
  }
  static void clear(PyOnceLock<T>& lock) { (void)lock.take(); }
};

}  // namespace adder::inline ADDER_ABI
