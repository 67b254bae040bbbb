// SPDX-License-Identifier: MIT
/// @file
/// @brief Borrowed<T>: a handle that owns nothing, for borrowed results and views.
///
/// Whoever lent the object has to keep it alive: another handle, a container that nobody changes meanwhile, the caller
/// of a function. Making one from a temporary `Bound` does not compile.
#pragma once
#include "adder/handle/bound.hpp"
#include "adder/token/detail/pools.hpp"

#include <cstdint>
#include <new>

namespace adder::inline ADDER_ABI {

/// @brief A borrowed reference to an object of Python type T; one pointer, no reference counting.
///
/// Has the method set of `Bound<T>` and converts to `const Bound<T>&` in place.
/// @gil  Held for every operation but copying and destruction. Checked builds verify it.
/// @pyo3{Borrowed}
template <class T>
class Borrowed : public detail::MethodSet<T, Borrowed<T>>::type {
  using Methods = typename detail::MethodSet<T, Borrowed<T>>::type;

 public:
  ADDER_INLINE Borrowed(const Borrowed& other) noexcept : Methods() { set(other); }
  /// @brief Sees the object through the type of an ancestor.
  template <class U>
    requires detail::StrictlyUpcasts<U, T>
  ADDER_INLINE Borrowed(const Borrowed<U>& other) noexcept : Methods() {  // NOLINT(google-explicit-constructor)
    set(other);
  }
  /// @brief Borrows from an owner, which has to outlive this handle.
  template <class U>
    requires detail::Upcasts<U, T>
  ADDER_INLINE Borrowed(const Bound<U>& owner ADDER_LIFETIMEBOUND,  // NOLINT(google-explicit-constructor)
                        detail::Location where = detail::Location::current())
      : Borrowed(owner.use("borrowed", where), where, 0) {}
  template <class U>
  Borrowed(const Bound<U>&&, detail::Location = {}) = delete;  // The owner dies at the end of the expression.

  ADDER_INLINE Borrowed& operator=(const Borrowed& other) noexcept {
    set(other);
    return *this;
  }
  ADDER_INLINE ~Borrowed() {}  // NOLINT(modernize-use-equals-default): the union's member owns nothing

  /// @brief The token: whoever may use a borrowed handle is attached.
  Python py() const noexcept { return detail::token(); }

  /// @brief A handle that owns a reference of its own.
  ADDER_INLINE Bound<T> to_owned(detail::Location where = detail::Location::current()) const {
    return detail::borrow<T>(use("to_owned", where), where);
  }
  /// @brief One more reference, independent of the GIL.
  ADDER_INLINE Py<T> unbind(detail::Location where = detail::Location::current()) const {
    return to_owned(where).unbind();
  }

  /// @brief This handle as the universal parameter type. No count changes; lives as long as this handle.
  ADDER_INLINE const Bound<T>& as_bound() const noexcept ADDER_LIFETIMEBOUND { return bound_; }
  /// @brief The same, as one to any object.
  ADDER_INLINE const Bound<PyAny>& as_any() const noexcept ADDER_LIFETIMEBOUND { return bound_.as_any(); }
  /// @brief as_bound(), so that functions that take `const Bound<T>&` take a Borrowed.
  ADDER_INLINE operator const Bound<T>&() const noexcept ADDER_LIFETIMEBOUND {  // NOLINT(google-explicit-constructor)
    return bound_;
  }
  /// @brief As a handle to any ancestor of T. No count changes; lives as long as this handle.
  ADDER_INLINE operator const detail::UpcastTarget<T>&() const noexcept ADDER_LIFETIMEBOUND {  // NOLINT
    return bound_;
  }

  /// @brief The object, which stays with its owner.
  [[nodiscard]] ADDER_INLINE ::PyObject* as_ptr() const noexcept { return bound_.as_ptr(); }

 private:
  friend struct detail::HandleAccess;
  template <class U>
  friend class Borrowed;
  template <class U>
  friend class Py;

  ADDER_INLINE Borrowed(::PyObject* ptr, detail::Location where, [[maybe_unused]] std::uint64_t pool) noexcept
      : Methods() {
    set(ptr, where);
#if ADDER_CHECKED
    pool_ = pool;
#endif
  }

  // The union keeps ~Bound from running: what it would release is not ours.
  ADDER_INLINE void set(::PyObject* ptr, detail::Location where) noexcept {
    ::new (static_cast<void*>(&bound_)) Bound<T>(detail::Steal{}, ptr, where);
  }
  template <class U>
  ADDER_INLINE void set(const Borrowed<U>& other) noexcept {
    set(other.as_ptr(), other.bound_.made_at());
#if ADDER_CHECKED
    pool_ = other.pool_;
#endif
  }
  ADDER_INLINE ::PyObject* use(const char* operation, detail::Location where) const {
#if ADDER_CHECKED
    if (pool_ != 0 && !detail::is_pool_alive(pool_)) {
      detail::misused_handle("Borrowed", detail::short_name<T>(), operation, "its GILPool was dropped", where,
                             bound_.made_at());
    }
#endif
    return bound_.use(operation, where);
  }

  union {
    Bound<T> bound_;
  };
#if ADDER_CHECKED
  std::uint64_t pool_ = 0;  // The pool that keeps the object alive; 0: not a pool.
#endif
};

template <class T>
Borrowed<T> Bound<T>::as_borrowed(detail::Location where) const& {
  return Borrowed<T>(*this, where);
}

}  // namespace adder::inline ADDER_ABI
