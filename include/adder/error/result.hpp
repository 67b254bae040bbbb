// SPDX-License-Identifier: MIT
/// @file
/// @brief `PyResult<T>`: a value or a Python exception.
///
/// What functions return for which failure is an ordinary answer. A bound function may do the same, and its error then
/// reaches Python without unwinding.
#pragma once
#include "adder/error/err.hpp"

#include <new>
#include <optional>
#include <type_traits>
#include <utility>
#include <version>
#if defined(__cpp_lib_expected)
#include <expected>
#endif

namespace adder::inline ADDER_ABI {

/// @brief A value or a Python exception, for returning errors without throwing them.
///
/// Ignoring one draws a warning. value() throws the error, if that is what is inside.
/// @pyo3{PyResult}
template <class T>
class [[nodiscard]] PyResult {
  static_assert(!std::is_reference_v<T>, "adder: a PyResult holds a value: return a pointer or a handle");

 public:
  using value_type = T;

  /// @brief A success, from anything that converts to T.
  template <class U = T>
    requires(std::is_convertible_v<U &&, T> && !std::is_same_v<std::remove_cvref_t<U>, PyErr> &&
             !std::is_same_v<std::remove_cvref_t<U>, PyResult>)
  ADDER_INLINE PyResult(U&& value) : value_(std::forward<U>(value)), ok_(true) {}  // NOLINT
  /// @brief A success, made in its place: `PyResult<T>(std::in_place, arguments...)`.
  template <class... A>
  ADDER_INLINE explicit PyResult(std::in_place_t, A&&... arguments)
      : value_(std::forward<A>(arguments)...), ok_(true) {}
  /// @brief A failure.
  PyResult(PyErr error) noexcept : error_(std::move(error)), ok_(false) {}  // NOLINT(google-explicit-constructor)
  ADDER_INLINE PyResult(PyResult&& other) noexcept(detail::is_nothrow_move_constructible<T>) : ok_(other.ok_) {
    if (ok_) {
      ::new (static_cast<void*>(&value_)) T(std::move(other.value_));
    } else {
      ::new (static_cast<void*>(&error_)) PyErr(std::move(other.error_));
    }
  }
  PyResult(const PyResult& other)
    requires detail::is_copy_constructible<T>
      : ok_(other.ok_) {
    if (ok_) {
      ::new (static_cast<void*>(&value_)) T(other.value_);
    } else {
      ::new (static_cast<void*>(&error_)) PyErr(other.error_);
    }
  }
  PyResult& operator=(PyResult other) noexcept(detail::is_nothrow_move_constructible<T>) {
    static_assert(detail::is_nothrow_move_constructible<T>,
                  "adder: assigning a PyResult needs a value type whose move cannot throw");
    const PyResult old(std::move(*this));  // Goes last: its destructor may run Python code that sees this result.
    destroy();
    ::new (static_cast<void*>(this)) PyResult(std::move(other));
    return *this;
  }
  ADDER_INLINE ~PyResult() { destroy(); }
#if defined(__cpp_lib_expected)
  /// @brief From the standard library's type of the same meaning.
  PyResult(std::expected<T, PyErr> other) : ok_(other.has_value()) {  // NOLINT(google-explicit-constructor)
    if (ok_) {
      ::new (static_cast<void*>(&value_)) T(std::move(*other));
    } else {
      ::new (static_cast<void*>(&error_)) PyErr(std::move(other).error());
    }
  }
  /// @brief To the standard library's type of the same meaning; moves the value or the error.
  operator std::expected<T, PyErr>() && {  // NOLINT(google-explicit-constructor)
    if (ok_) return std::move(value_);
    return std::unexpected(std::move(error_));
  }
#endif

  /// @brief Whether there is a value.
  bool is_ok() const noexcept { return ok_; }
  /// @brief Whether there is an error.
  bool is_err() const noexcept { return !ok_; }
  /// @brief Whether there is a value, for conditions. Of a `PyResult<bool>` it is not the value.
  explicit operator bool() const noexcept { return ok_; }

  /// @brief The value.
  /// @throws PyErr  The error, when there is no value.
  ADDER_INLINE T& value() & ADDER_LIFETIMEBOUND {
    check();
    return value_;
  }
  ADDER_INLINE const T& value() const& ADDER_LIFETIMEBOUND {
    check();
    return value_;
  }
  ADDER_INLINE T value() && {
    check();
    return std::move(value_);
  }
  /// @brief As value().
  ADDER_INLINE T& operator*() & ADDER_LIFETIMEBOUND { return value(); }
  ADDER_INLINE const T& operator*() const& ADDER_LIFETIMEBOUND { return value(); }
  ADDER_INLINE T operator*() && { return std::move(*this).value(); }
  ADDER_INLINE T* operator->() ADDER_LIFETIMEBOUND { return &value(); }
  ADDER_INLINE const T* operator->() const ADDER_LIFETIMEBOUND { return &value(); }

  /// @brief The error. Asking a success for it ends the process: ask is_err() first.
  const PyErr& error() const& ADDER_LIFETIMEBOUND {
    if (ok_) detail::fatal("PyResult::error() was called on a success", {});
    return error_;
  }
  PyErr error() && {
    if (ok_) detail::fatal("PyResult::error() was called on a success", {});
    return std::move(error_);
  }
  /// @brief The value, or @p other in its place.
  template <class U>
  T value_or(U&& other) && {
    return ok_ ? std::move(value_) : static_cast<T>(std::forward<U>(other));
  }
  /// @brief The value, if there is one.
  std::optional<T> ok() && { return ok_ ? std::optional<T>(std::move(value_)) : std::nullopt; }
  /// @brief A result of `f(value)`, or the same error.
  template <class F>
  auto map(F&& f) && -> PyResult<std::invoke_result_t<F, T>> {
    if (!ok_) return std::move(error_);
    if constexpr (std::is_void_v<std::invoke_result_t<F, T>>) {
      std::forward<F>(f)(std::move(value_));
      return {};
    } else {
      return std::forward<F>(f)(std::move(value_));
    }
  }
  /// @brief `f(value)`, which returns a PyResult, or the same error.
  template <class F>
  auto and_then(F&& f) && -> std::invoke_result_t<F, T> {
    if (!ok_) return std::move(error_);
    return std::forward<F>(f)(std::move(value_));
  }

 private:
  ADDER_INLINE void check() const {
    if (!ok_) [[unlikely]]
      throw PyErr(error_);
  }
  ADDER_INLINE void destroy() noexcept {
    if (ok_) {
      value_.~T();
    } else {
      error_.PyErr::~PyErr();  // Not through the vtable.
    }
  }
  union {
    T value_;
    PyErr error_;
  };
  bool ok_;
};

/// @brief Success without a value, or a Python exception.
template <>
class [[nodiscard]] PyResult<void> {
 public:
  using value_type = void;
  ADDER_INLINE PyResult() noexcept : ok_(true) {}
  PyResult(PyErr error) noexcept : error_(std::move(error)), ok_(false) {}  // NOLINT(google-explicit-constructor)
  ADDER_INLINE PyResult(PyResult&& other) noexcept : ok_(other.ok_) {
    if (!ok_) ::new (static_cast<void*>(&error_)) PyErr(std::move(other.error_));
  }
  PyResult(const PyResult& other) noexcept : ok_(other.ok_) {
    if (!ok_) ::new (static_cast<void*>(&error_)) PyErr(other.error_);
  }
  PyResult& operator=(PyResult other) noexcept {
    const PyResult old(std::move(*this));  // Goes last: its destructor may run Python code that sees this result.
    destroy();
    ::new (static_cast<void*>(this)) PyResult(std::move(other));
    return *this;
  }
  ADDER_INLINE ~PyResult() { destroy(); }
#if defined(__cpp_lib_expected)
  /// @brief From the standard library's type of the same meaning.
  PyResult(std::expected<void, PyErr> other) noexcept : ok_(other.has_value()) {  // NOLINT(google-explicit-constructor)
    if (!ok_) ::new (static_cast<void*>(&error_)) PyErr(std::move(other).error());
  }
  operator std::expected<void, PyErr>() && {  // NOLINT(google-explicit-constructor)
    if (ok_) return {};
    return std::unexpected(std::move(error_));
  }
#endif
  bool is_ok() const noexcept { return ok_; }
  bool is_err() const noexcept { return !ok_; }
  explicit operator bool() const noexcept { return ok_; }
  /// @throws PyErr  The error, if there is one.
  void value() const {
    if (!ok_) throw PyErr(error_);
  }
  /// @brief The error. Asking a success for it ends the process: ask is_err() first.
  const PyErr& error() const& ADDER_LIFETIMEBOUND {
    if (ok_) detail::fatal("PyResult::error() was called on a success", {});
    return error_;
  }
  PyErr error() && {
    if (ok_) detail::fatal("PyResult::error() was called on a success", {});
    return std::move(error_);
  }
  /// @brief `f()`, which returns a PyResult, or the same error.
  template <class F>
  auto and_then(F&& f) && -> std::invoke_result_t<F> {
    if (!ok_) return std::move(error_);
    return std::forward<F>(f)();
  }

 private:
  ADDER_INLINE void destroy() noexcept {
    if (!ok_) error_.PyErr::~PyErr();  // Not through the vtable.
  }
  union {
    PyErr error_;
  };
  bool ok_;
};

template <class T>
PyResult<Bound<T>> Bound<T>::from_owned_ptr_or_err(Python py, ::PyObject* ptr) {
  if (ptr == nullptr) return PyErr::fetch(py);
  return from_owned_ptr(py, ptr);
}
template <class T>
PyResult<Bound<T>> Bound<T>::from_borrowed_ptr_or_err(Python py, ::PyObject* ptr) {
  if (ptr == nullptr) return PyErr::fetch(py);
  return from_borrowed_ptr(py, ptr);
}

namespace detail {
/// What ADDER_TRY takes apart.
template <class R>
concept IsResult = requires(const R& result) { result.is_err(); };
}  // namespace detail

}  // namespace adder::inline ADDER_ABI

#define ADDER_DETAIL_JOIN(a, b) a##b
#define ADDER_DETAIL_JOIN_EXPANDED(a, b) ADDER_DETAIL_JOIN(a, b)

/// @brief Takes the value out of a PyResult, or returns its error from the function that this stands in.
///
/// With one argument, a PyResult whose value is not wanted, such as a `PyResult<void>`; put it into parentheses of its
/// own where it has a comma outside parentheses, as in `std::map<K, V>`.
/// @code
/// PyResult<int> twice(Python py, const Bound<PyAny>& object) {
///   ADDER_TRY(const int value, object.try_extract<int>());
///   ADDER_TRY(py.check_signals());
///   return 2 * value;
/// }
/// @endcode
#define ADDER_TRY(target, ...) ADDER_DETAIL_TRY##__VA_OPT__(_VALUE)(target __VA_OPT__(, ) __VA_ARGS__)

#define ADDER_DETAIL_TRY(...)                 \
  do {                                        \
    auto adder_result = (__VA_ARGS__);        \
    ADDER_DETAIL_IS_RESULT(adder_result);     \
    if (adder_result.is_err()) [[unlikely]]   \
      return std::move(adder_result).error(); \
  } while (false)
#define ADDER_DETAIL_TRY_VALUE(target, ...)                                        \
  auto ADDER_DETAIL_JOIN_EXPANDED(adder_result_, __LINE__) = (__VA_ARGS__);        \
  ADDER_DETAIL_IS_RESULT(ADDER_DETAIL_JOIN_EXPANDED(adder_result_, __LINE__));     \
  if (ADDER_DETAIL_JOIN_EXPANDED(adder_result_, __LINE__).is_err()) [[unlikely]]   \
    return std::move(ADDER_DETAIL_JOIN_EXPANDED(adder_result_, __LINE__)).error(); \
  target = std::move(ADDER_DETAIL_JOIN_EXPANDED(adder_result_, __LINE__)).value()
#define ADDER_DETAIL_IS_RESULT(result)                                                                        \
  static_assert(::adder::detail::IsResult<decltype(result)>,                                                  \
                "adder: ADDER_TRY takes a PyResult, and this is none. What throws needs no ADDER_TRY: leave " \
                "it out")

#if !ADDER_COMPILED
#include "adder/error/detail/result_inl.hpp"
#endif
