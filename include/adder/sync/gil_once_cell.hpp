// SPDX-License-Identifier: MIT
/// @file
/// @brief GILOnceCell<T>: a value built once and then read without locking.
///
/// Reach for it when a module needs one costly object for good: an imported class, a compiled pattern. A function-local
/// static deadlocks there, because its initialiser can let go of the GIL while the next caller waits for the static
/// with the GIL in hand.
///
/// | cell is      | get(py) | set(py, v)  | get_or_init(py, f)                                          |
/// |--------------|---------|-------------|-------------------------------------------------------------|
/// | empty        | nullptr | fills, true | runs f, fills                                               |
/// | being filled | nullptr | fills, true | runs f as well; who finishes first wins, the others drop theirs |
/// | full         | &value  | false       | value, f not run                                            |
///
/// A cell may be a `constinit` static, but not `thread_local`: its value is then never destroyed, as other threads may
/// still read it when the process ends. A cell that is a member is destroyed with its owner.
#pragma once
#include "adder/gc/traverse.hpp"
#include "adder/sync/detail/fallible.hpp"
#include "adder/sync/sync.hpp"
#include "adder/token/stored.hpp"
#include "adder/types/module.hpp"

#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

#if ADDER_CHECKED
/// The cells that this thread is filling right now.
struct CellBeingFilled {
  const void* cell;
  CellBeingFilled* outer;
};
ADDER_HIDDEN inline constinit thread_local CellBeingFilled* innermost_filling = nullptr;
class FillingScope {
 public:
  explicit FillingScope(const void* cell);
  ~FillingScope() { innermost_filling = entry_.outer; }
  FillingScope(const FillingScope&) = delete;
  FillingScope& operator=(const FillingScope&) = delete;

 private:
  CellBeingFilled entry_;
};
#else
struct FillingScope {
  explicit FillingScope(const void*) noexcept {}
};
#endif

}  // namespace detail

/// @brief A write-once cell whose readers and writers are attached to Python.
///
/// @tparam T  What is stored, usually a `Py<X>`. Moving it may not throw; it may not be tied to the GIL.
/// @threads   Any attached thread, also on free-threaded builds.
/// @pyo3{GILOnceCell, PyOnceLock since 0.26}
template <class T>
class GILOnceCell {
  static_assert(detail::verdict<T>() != detail::Verdict::gil_bound,
                "adder: a GILOnceCell outlives the GIL, so it cannot hold a token or a GIL-bound handle: hold Py<T>");
  static_assert(
      Owning<T>,
      "adder: a GILOnceCell keeps its value: a pointer, reference or view in it may lead to what is gone. Hold "
      "std::string, std::vector, PyBackedStr or Py<X>; or vouch for it with adder::ViewTraits");
  static_assert(detail::is_nothrow_move_constructible<T> && std::is_nothrow_destructible_v<T>,
                "adder: moving or destroying the value of a GILOnceCell may not throw");

 public:
  /// @brief An empty cell.
  constexpr GILOnceCell() noexcept : nothing_(), is_static_(std::is_constant_evaluated()) {}
  GILOnceCell(const GILOnceCell&) = delete;             // Write clone_ref(py).
  GILOnceCell& operator=(const GILOnceCell&) = delete;  // The same.
  /// @brief Destroys the value, unless the cell is a `constinit` static.
  ~GILOnceCell() {
    if (!is_static_ && state_.load(detail::Order::acquire) == full) value_.~T();
  }

  /// @brief The value, or null while there is none. Lives as long as the cell, or until take().
  /// @pyo3{GILOnceCell::get}
  ADDER_INLINE const T* get(Python) const noexcept ADDER_LIFETIMEBOUND {
    return state_.load(detail::Order::acquire) == full ? &value_ : nullptr;
  }

  /// @brief The stored value, built with @p f on first use.
  ///
  /// @param py  Proof that this thread is attached.
  /// @param f   `T()`; may run Python code and let go of the GIL. Asking the same cell from within is a RuntimeError in
  ///            checked builds and endless recursion in others.
  /// @return    A reference that lives as long as the cell.
  /// @throws    PyErr or whatever @p f throws; the cell then stays empty.
  /// @refs      Takes over what @p f returns; the caller borrows.
  /// @pyo3{GILOnceCell::get_or_init}
  template <class F>
  const T& get_or_init(Python py, F&& f) ADDER_LIFETIMEBOUND {
    if (const T* value = get(py)) [[likely]]
      return *value;
    const detail::FillingScope filling(this);
    T made = std::forward<F>(f)();
    (void)set(py, std::move(made));
    return value_;
  }

  /// @brief As get_or_init(), for an @p f that may fail: it returns `PyResult<T>`, or an `expected<T, E>` with an error
  /// of one's own, such as `std::expected`; the result is one of a `const T*`.
  /// @return The value, or the error of @p f; the cell then stays empty.
  /// @pyo3{GILOnceCell::get_or_try_init}
  template <class F>
  detail::TriedTo<F, T> get_or_try_init(Python py, F&& f) ADDER_LIFETIMEBOUND {
    using Fallible = detail::Fallible<std::invoke_result_t<F>, T>;
    if (const T* value = get(py)) [[likely]]
      return value;
    const detail::FillingScope filling(this);
    typename Fallible::Initial made = std::forward<F>(f)();
    if (!made) return Fallible::failure(std::move(made));
    (void)set(py, *std::move(made));
    return &value_;
  }

  /// @brief Fills an empty cell.
  /// @param py     Proof that this thread is attached.
  /// @param value  Moved from only where it is written: a refused value stays with the caller.
  /// @return       False where the cell has a value already.
  /// @pyo3{GILOnceCell::set}
  bool set(Python py, T&& value) noexcept {
    (void)py;
    unsigned expected = empty;
    // ORDER: acquire on failure sees the value that was written first; release publishes ours.
    while (!state_.compare_exchange(expected, writing, detail::Order::acq_rel)) {
      if (expected == full) return false;
      expected = empty;  // Another thread of a free-threaded build is in the middle of a move.
    }
    ::new (static_cast<void*>(&value_)) T(std::move(value));
    state_.store(full, detail::Order::release);
    return true;
  }

  /// @name With the cell to oneself
  /// These need no token: a cell that is not const and is known to nobody else has no readers.
  /// @{

  /// @brief The value, or null.
  /// @pyo3{GILOnceCell::get_mut}
  T* get_mut() noexcept ADDER_LIFETIMEBOUND { return state_.load(detail::Order::acquire) == full ? &value_ : nullptr; }
  /// @brief The value, if there is one; the cell is empty afterwards and can be filled again.
  /// @pyo3{GILOnceCell::take}
  std::optional<T> take() noexcept {
    if (state_.load(detail::Order::acquire) != full) return std::nullopt;
    std::optional<T> taken(std::move(value_));
    value_.~T();
    state_.store(empty, detail::Order::release);
    return taken;
  }
  /// @brief The value, if there is one. Consumes the cell: `std::move(cell).into_inner()`.
  /// @pyo3{GILOnceCell::into_inner}
  std::optional<T> into_inner() && noexcept { return take(); }
  /// @}

  /// @brief A new cell with one more reference to the same object, or an empty one.
  /// @pyo3{GILOnceCell::clone_ref}
  GILOnceCell clone_ref(Python py) const
    requires requires(const T& value) { T(value.clone_ref(py)); }
  {
    const T* value = get(py);
    return value == nullptr ? GILOnceCell() : GILOnceCell(value->clone_ref(py));
  }

  /// @brief `from module import name`, once. For cells that hold a `Py<X>`.
  /// @return The object, borrowed from the cell.
  /// @throws PyErr  ImportError, AttributeError, or TypeError where it is no X.
  /// @pyo3{GILOnceCell::import, PyOnceLock::import}
  const auto& import(Python py, const char* module, const char* name) ADDER_LIFETIMEBOUND
    requires detail::is_specialization<T, Py>
  {
    return get_or_init(py, [&] { return py.import(module).getattr(name).template extract<T>(); }).bind(py);
  }

 private:
  static constexpr unsigned empty = 0, writing = 1, full = 2;

  explicit GILOnceCell(T&& value) noexcept : value_(std::move(value)), state_(full) {}

  struct Nothing {
    unsigned char bytes[sizeof(T)] = {};  // Written, or g++ warns of reads that the state rules out.
  };
  union {
    Nothing nothing_;
    T value_;
  };
  bool is_static_ = false;  // Constant-initialised: only what is static is.
  detail::Atomic<unsigned> state_{empty};
};

template <class T>
struct SyncTraits<GILOnceCell<T>> : std::bool_constant<Sync<T>> {
  static constexpr bool synchronises_itself = Sync<T>;  // All threads share what it is filled with.
};
template <class T>
inline constexpr bool detail::holds_arguments_alone<GILOnceCell<T>> = true;

/// A cell that is a member shows its value to the garbage collector.
template <class T>
struct Traverse<GILOnceCell<T>> {
  static constexpr bool guards_itself = detail::is_still<const T>();  // Who fills it is attached.
  static constexpr bool holds_handles = detail::holds_handles<T>();
  static void visit(PyVisit& visit, const GILOnceCell<T>& cell) {
    if (const T* value = cell.get(detail::token())) visit(*value);
  }
  static void clear(GILOnceCell<T>& cell) { (void)cell.take(); }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/sync/detail/gil_once_cell_inl.hpp"
#endif
