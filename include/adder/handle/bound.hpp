// SPDX-License-Identifier: MIT
/// @file
/// @brief Bound<T>: owns one reference to a Python object; for use while this thread is attached.
///
/// `const Bound<T>&` is the universal parameter type: temporaries bind to it, and so do arguments that the caller still
/// owns, without touching the reference count. A `Bound<PyList>` converts to `const Bound<PyAny>&` in place and to any
/// other ancestor by value; nothing can be assigned through an upcast.
///
/// A moved-from handle may be assigned to and destroyed. Using it otherwise ends the process in checked builds and
/// throws `RuntimeError` in others; copying it gives another empty handle.
#pragma once
#include "adder/handle/detail/handle_base.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief Owns one reference to an object of Python type T; carries the token.
///
/// The members that depend on T, such as `append` of a list, come from T's method set, which `Borrowed<T>` shares.
/// @tparam T  A type tag (`PyAny`, `PyList`, ...) or a pyclass.
/// @gil       Held for every operation, copying and destruction included. Checked builds verify it.
/// @threads   Not for another thread: unbind() it first.
/// @pyo3{Bound}
template <class T>
class Bound : public detail::MethodSet<T, Bound<T>>::type {
  using Methods = typename detail::MethodSet<T, Bound<T>>::type;
  using Storage = std::conditional_t<std::is_same_v<T, PyAny>, detail::OwnedPtr, Bound<PyAny>>;

 public:
  /// @name Construction
  /// There is no empty Bound: absence is `std::optional<Bound<T>>`.
  /// @{

  /// @brief One more reference to the same object.
  ADDER_INLINE Bound(const Bound& other, detail::Location where = detail::Location::current())
      : Methods(), storage_(other.storage_to_copy(where), where) {}
  /// @brief Takes the reference out of @p other, which is empty afterwards.
  ADDER_INLINE Bound(Bound&& other) noexcept : Methods(), storage_(std::move(other.storage_)) {}
  /// @brief Takes the reference of a handle to a subtype.
  template <class U>
    requires detail::StrictlyUpcasts<U, T>
  // Explicit to PyAny only because the conversion operators below serve there: both would be ambiguous.
  ADDER_INLINE explicit(std::is_same_v<T, PyAny>) Bound(Bound<U>&& other) noexcept  // NOLINT
      : Methods(), storage_(detail::Steal{}, other.storage_.into_ptr_(), other.made_at()) {}
  /// @brief One more reference, from a handle to a subtype.
  template <class U>
    requires(detail::StrictlyUpcasts<U, T> && !std::is_same_v<T, PyAny>)
  ADDER_INLINE Bound(const Bound<U>& other,  // NOLINT(google-explicit-constructor)
                     detail::Location where = detail::Location::current())
      : Methods(), storage_(detail::Steal{}, Py_XNewRef(other.storage_to_copy(where).as_ptr()), where) {}

  /// @brief Takes another reference. The old object goes last: its destructor may run Python code that sees this
  /// handle.
  ADDER_INLINE Bound& operator=(Bound other) noexcept {
    storage_.swap_(other.storage_);
    return *this;
  }
#if ADDER_CHECKED
  ~Bound() {
    if (as_ptr() == nullptr) return;
    if (const char* problem = detail::attachment_problem()) {
      detail::misused_handle("Bound", detail::short_name<T>(), "dropped", problem, {}, made_at());
    }
  }
#else
  ADDER_INLINE ~Bound() = default;  // Also where an exception passes: else every handle would live in memory.
#endif

  /// @brief A new Python object of the pyclass T, with a C++ value built in place from @p args; pyclass.hpp.
  /// @throws PyErr  MemoryError; or whatever the constructor throws.
  /// @pyo3{Bound::new}
  template <class... A>
  static Bound new_(Python py, A&&... args);

  /// @brief Takes over the reference @p ptr. Null is a bug and ends the process.
  [[nodiscard]] static Bound from_owned_ptr(Python py, ::PyObject* ptr,
                                            detail::Location where = detail::Location::current()) noexcept {
    (void)py;
    if (ptr == nullptr) [[unlikely]]
      detail::fatal("from_owned_ptr: the pointer is null", where);
    return Bound(detail::Steal{}, ptr, where);
  }
  /// @brief Adds a reference to @p ptr. Null is a bug and ends the process.
  [[nodiscard]] static Bound from_borrowed_ptr(Python py, ::PyObject* ptr,
                                               detail::Location where = detail::Location::current()) noexcept {
    (void)py;
    if (ptr == nullptr) [[unlikely]]
      detail::fatal("from_borrowed_ptr: the pointer is null", where);
    return Bound(detail::Steal{}, Py_NewRef(ptr), where);
  }
  /// @brief Takes over @p ptr; null returns the pending Python exception.
  static PyResult<Bound> from_owned_ptr_or_err(Python py, ::PyObject* ptr);
  /// @brief Adds a reference to @p ptr; null returns the pending Python exception.
  static PyResult<Bound> from_borrowed_ptr_or_err(Python py, ::PyObject* ptr);
  /// @brief Takes over @p ptr; null returns nothing.
  [[nodiscard]] static std::optional<Bound> from_owned_ptr_or_opt(Python py, ::PyObject* ptr) {
    if (ptr == nullptr) return std::nullopt;
    return from_owned_ptr(py, ptr);
  }
  /// @brief Adds a reference to @p ptr; null returns nothing.
  [[nodiscard]] static std::optional<Bound> from_borrowed_ptr_or_opt(Python py, ::PyObject* ptr) {
    if (ptr == nullptr) return std::nullopt;
    return from_borrowed_ptr(py, ptr);
  }
  /// @}

  /// @brief The token: whoever holds a Bound is attached.
  Python py() const noexcept { return detail::token(); }

  /// @brief This handle seen as one to any object: the same handle, no count changes.
  ADDER_INLINE const Bound<PyAny>& as_any() const& noexcept ADDER_LIFETIMEBOUND {
    if constexpr (std::is_same_v<T, PyAny>) {
      return *this;
    } else {
      return storage_;
    }
  }
  const Bound<PyAny>& as_any() const&& = delete;  // It would dangle: write into_any().
  /// @brief The same reference, in a handle to any object. No count changes.
  ADDER_INLINE auto into_any() && noexcept { return Bound<detail::LateAny<T>>(std::move(*this)); }
  // Not an rvalue reference for temporaries: assigning through that would put an object of another type into this
  // handle. `Bound<PyAny> any = std::move(list)` therefore adds a reference; `std::move(list).into_any()` does not.
  /// @brief As a handle to any ancestor of T, in place: no count changes. Lives as long as this handle.
  ADDER_INLINE operator const detail::UpcastTarget<T>&() const& noexcept ADDER_LIFETIMEBOUND {  // NOLINT
    return upcast_storage();
  }

  /// @brief A handle that owns nothing. This one has to stay.
  Borrowed<T> as_borrowed(detail::Location where = detail::Location::current()) const& ADDER_LIFETIMEBOUND;
  Borrowed<T> as_borrowed(detail::Location where = detail::Location::current()) const&& = delete;  // It would dangle.

  /// @brief Makes the reference independent of the GIL. No count changes. For one more reference write
  /// `Py<T>(handle)`.
  ADDER_INLINE Py<T> unbind() && noexcept { return Py<T>(std::move(*this)); }
  template <class Never = void>
  Py<T> unbind() const& {
    static_assert(
        detail::always_false<Never>,
        "adder: unbind() takes the handle's own reference: write std::move(handle).unbind(), or Py<T>(handle) "
        "for one more");
  }

  /// @name Raw pointers
  /// @{

  /// @brief The object; the handle keeps owning it. Null once moved from.
  [[nodiscard]] ADDER_INLINE ::PyObject* as_ptr() const noexcept ADDER_LIFETIMEBOUND { return storage_.as_ptr(); }
  /// @brief The object; the caller owns the reference now.
  [[nodiscard]] ADDER_INLINE ::PyObject* into_ptr() && noexcept { return storage_.into_ptr_(); }
  /// @}

 private:
  friend struct detail::HandleAccess;
  template <class U>
  friend class Bound;
  template <class U>
  friend class Borrowed;
  template <class U>
  friend class Py;

  ADDER_INLINE Bound(detail::Steal, ::PyObject* ptr, detail::Location where) noexcept
      : Methods(), storage_(detail::Steal{}, ptr, where) {}

  ADDER_INLINE const detail::UpcastTarget<T>& upcast_storage() const noexcept {
    if constexpr (std::is_same_v<T, PyAny>) {
      detail::fatal("a Bound<PyAny> has no ancestor", {});
    } else {
      return storage_;
    }
  }
  ADDER_INLINE void swap_(Bound& other) noexcept { storage_.swap_(other.storage_); }
  ADDER_INLINE ::PyObject* into_ptr_() noexcept { return storage_.into_ptr_(); }
  detail::Location made_at() const noexcept { return storage_.made_at(); }

  ADDER_INLINE const Storage& storage_to_copy([[maybe_unused]] detail::Location where) const {
#if ADDER_CHECKED
    (void)use("copied", where);
#endif
    return storage_;
  }
  /// The object, for an operation that needs it.
  ADDER_INLINE ::PyObject* use(const char* operation, [[maybe_unused]] detail::Location where) const {
    ::PyObject* ptr = as_ptr();
#if ADDER_CHECKED
    const char* problem = ptr == nullptr ? detail::was_moved_from : detail::attachment_problem();
    if (problem != nullptr) {
      detail::misused_handle("Bound", detail::short_name<T>(), operation, problem, where, made_at());
    }
#else
    if (ptr == nullptr) [[unlikely]]
      detail::throw_moved_from<T>(operation);
#endif
    return ptr;
  }

  Storage storage_;
};

}  // namespace adder::inline ADDER_ABI
