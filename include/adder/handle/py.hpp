// SPDX-License-Identifier: MIT
/// @file
/// @brief Py<T>: owns one reference, may be stored, moved to any thread and dropped anywhere.
#pragma once
#include "adder/handle/borrowed.hpp"

#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief A GIL-independent owner of one reference.
///
/// Nothing can be done with it without a token: `bind(py)` gives the handle to work with. It cannot be copied, as that
/// would touch the reference count: write `clone_ref(py)`. Where the last owner dies on a thread that is not attached,
/// the reference is released at the next attach of any thread; once the interpreter has shut down it is leaked.
/// @threads  Moving, destroying and comparing addresses: any thread, attached or not.
/// @pyo3{Py}
template <class T>
class Py {
 public:
  /// @brief Takes the reference out of a bound handle. No count changes.
  template <class U>
    requires detail::Upcasts<U, T>
  ADDER_INLINE Py(Bound<U>&& bound) noexcept  // NOLINT(google-explicit-constructor)
      : bound_(detail::Steal{}, bound.into_ptr_(), bound.made_at()) {}
  /// @brief One more reference to what @p bound refers to.
  template <class U>
    requires detail::Upcasts<U, T>
  ADDER_INLINE Py(const Bound<U>& bound,  // NOLINT(google-explicit-constructor)
                  detail::Location where = detail::Location::current())
      : bound_(detail::Steal{}, Py_NewRef(bound.use("to Py", where)), where) {}
  /// @brief One more reference to what @p borrowed refers to.
  template <class U>
    requires detail::Upcasts<U, T>
  ADDER_INLINE Py(const Borrowed<U>& borrowed,  // NOLINT(google-explicit-constructor)
                  detail::Location where = detail::Location::current())
      : bound_(detail::Steal{}, Py_NewRef(borrowed.use("to Py", where)), where) {}

  Py(const Py&) = delete;             // Counting needs the GIL: write clone_ref(py).
  Py& operator=(const Py&) = delete;  // The same.
  /// @brief Takes the reference out of @p other, which is empty afterwards.
  ADDER_INLINE Py(Py&& other) noexcept : bound_(detail::Steal{}, other.bound_.into_ptr_(), other.bound_.made_at()) {}
  /// @brief The same, from a handle to a subtype.
  template <class U>
    requires detail::StrictlyUpcasts<U, T>
  ADDER_INLINE Py(Py<U>&& other) noexcept  // NOLINT(google-explicit-constructor)
      : bound_(detail::Steal{}, other.bound_.into_ptr_(), other.bound_.made_at()) {}
  ADDER_INLINE Py& operator=(Py&& other) noexcept {
    // The old object goes last: its destructor may run Python code that looks at this handle.
    Py old(std::move(*this));
    ::new (static_cast<void*>(&bound_)) Bound<T>(detail::Steal{}, other.bound_.into_ptr_(), other.bound_.made_at());
    return *this;
  }
#if defined(__GNUC__) && !defined(__clang__)
  // g++ does not see that an empty std::optional<Py<T>> has nothing to destroy.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
  ADDER_INLINE ~Py() {
    if (::PyObject* ptr = bound_.as_ptr(); ptr != nullptr) detail::release_anywhere(ptr);
  }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

  /// @brief Takes over the reference @p ptr. Null is a bug and ends the process.
  [[nodiscard]] static Py from_owned_ptr(Python py, ::PyObject* ptr,
                                         detail::Location where = detail::Location::current()) noexcept {
    return Py(Bound<T>::from_owned_ptr(py, ptr, where));
  }
  /// @brief Adds a reference to @p ptr. Null is a bug and ends the process.
  [[nodiscard]] static Py from_borrowed_ptr(Python py, ::PyObject* ptr,
                                            detail::Location where = detail::Location::current()) noexcept {
    return Py(Bound<T>::from_borrowed_ptr(py, ptr, where));
  }

  /// @brief The handle to work with. No count changes; lives as long as this Py.
  /// @pyo3{Py::bind}
  ADDER_INLINE const Bound<T>& bind(Python) const& noexcept ADDER_LIFETIMEBOUND { return bound_; }
  const Bound<T>& bind(Python) const&& = delete;  // It would dangle: write std::move(x).into_bound(py).
  /// @brief The same as bind(), under an older name.
  /// @pyo3{AsPyRef::as_ref, until 0.11}
  ADDER_INLINE const Bound<T>& as_ref(Python) const& noexcept ADDER_LIFETIMEBOUND { return bound_; }
  const Bound<T>& as_ref(Python) const&& = delete;  // As bind.
  /// @brief The same reference as an owning handle. No count changes.
  /// @pyo3{Py::into_bound}
  ADDER_INLINE Bound<T> into_bound(Python) && noexcept {
    return Bound<T>(detail::Steal{}, bound_.into_ptr_(), bound_.made_at());
  }

  /// @brief One more reference to the same object.
  /// @pyo3{Py::clone_ref}
  [[nodiscard]] ADDER_INLINE Py clone_ref(Python, detail::Location where = detail::Location::current()) const {
    return Py(bound_, where);
  }
  /// @brief The value of a frozen pyclass T; cell.hpp. Lives as long as this handle.
  /// @throws PyErr  RuntimeError where CPython made the object without a value.
  /// @threads  Any, attached or not: what a frozen class lets change it synchronises by itself.
  /// @pyo3{Py::get}
  template <class U = T>
  const U& get() const& ADDER_LIFETIMEBOUND;
  template <class U = T>
  const U& get() const&& = delete;  // The object may die with the temporary: keep the handle in a variable.
  /// @brief A new Python object with a C++ value built in place from @p args; pyclass.hpp.
  /// @throws PyErr  MemoryError; or whatever the constructor throws.
  /// @pyo3{Py::new}
  template <class... A>
  static Py new_(Python py, A&&... args) {
    return Py(Bound<T>::new_(py, std::forward<A>(args)...));
  }

  /// @brief Releases the reference now.
  /// @pyo3{Py::drop_ref}
  ADDER_INLINE void drop_ref(Python) && noexcept { detail::release_if_any(bound_.into_ptr_()); }

  /// @brief The object as a C++ value.
  /// @throws PyErr  When it cannot be converted.
  /// @pyo3{Py::extract}
  template <class U>
  U extract(Python, detail::Location where = detail::Location::current()) const& {
    return bound_.as_any().template extract<U>(where);
  }
  template <class U>
  U extract(Python py, detail::Location where = detail::Location::current()) && {
    static_assert(!detail::views_object<U>,
                  "adder: the view would die with the temporary that it points into: extract a value, such as "
                  "std::string, or keep the handle in a variable");
    return static_cast<const Py&>(*this).template extract<U>(py, where);
  }
  /// @brief The object as one of Python type U; the result borrows from this handle.
  /// @throws PyErr  TypeError naming both types.
  /// @pyo3{PyObject::cast_as}
  template <class U>
  Borrowed<U> cast_as(Python, detail::Location where = detail::Location::current()) const& ADDER_LIFETIMEBOUND {
    return bound_.as_any().template downcast<U>(where);
  }
  template <class U>
  Borrowed<U> cast_as(Python, detail::Location = {}) const&& = delete;  // As bind.
  /// @brief The same, under its name since 0.27.
  /// @pyo3{Py::cast_bound}
  template <class U>
  Borrowed<U> cast_bound(Python py, detail::Location where = detail::Location::current()) const& ADDER_LIFETIMEBOUND {
    return cast_as<U>(py, where);
  }
  template <class U>
  Borrowed<U> cast_bound(Python, detail::Location = {}) const&& = delete;  // As bind.

  /// @brief Whether both refer to the same object. Any thread.
  template <class U>
  bool is(const Py<U>& other) const noexcept {
    return as_ptr() == other.as_ptr();
  }
  /// @brief The object, which this handle keeps owning; null once moved from. Any thread, to compare addresses with.
  [[nodiscard]] ADDER_INLINE ::PyObject* as_ptr() const noexcept { return bound_.as_ptr(); }
  /// @brief The object; the caller owns the reference now.
  [[nodiscard]] ADDER_INLINE ::PyObject* into_ptr() && noexcept { return bound_.into_ptr_(); }

 private:
  template <class U>
  friend class Py;

  // The union keeps ~Bound from running, which may do so only while attached.
  union {
    Bound<T> bound_;
  };
};

template <class Owner>
  requires std::is_class_v<Owner>
void Python::release(Owner&& owner) const noexcept {
  static_assert(
      requires { std::forward<Owner>(owner).into_ptr(); }, "adder: release() takes what owns a reference: Py, Bound");
  detail::release_if_any(std::forward<Owner>(owner).into_ptr());
}
template <class Owner>
  requires std::is_class_v<Owner>
void Python::xdecref(Owner&& owner) const noexcept {
  if constexpr (detail::is_specialization<Owner, std::optional>) {
    if (owner) release(*std::forward<Owner>(owner));
  } else {
    release(std::forward<Owner>(owner));
  }
}
inline void Python::xdecref(::PyObject* ptr) const noexcept { detail::release_if_any(ptr); }

}  // namespace adder::inline ADDER_ABI
