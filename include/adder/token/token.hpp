// SPDX-License-Identifier: MIT
/// @file
/// @brief `Python`: proof that this thread is attached and may touch Python.
///
/// The token has no public constructor. It comes from `with_gil`, from a `GILGuard`, from any handle (`x.py()`), or as
/// a parameter of a bound function; functions that need the interpreter take one or are members of a handle that
/// carries one. It is empty and costs nothing.
///
/// The members are declared here and defined where their subject is; the heading of each group names the headers. With
/// `adder.hpp` all are there but the older ones that it leaves out.
#pragma once
#include "adder/token/detail/attachment.hpp"

#include <cstddef>
#include <exception>
#include <optional>
#include <string_view>
#include <type_traits>

namespace adder::inline ADDER_ABI {

namespace detail {
struct TokenAccess;
}

/// @brief The interpreter cannot be attached to: it is shutting down or has been shut down, or was never started.
///
/// Not a `PyErr`, as there is no Python to ask about one.
class ADDER_VISIBLE InterpreterUnavailable final : public std::exception {
 public:
  /// @param reason  Lives as long as the program: a literal.
  explicit InterpreterUnavailable(const char* reason) noexcept : reason_(reason) {}
  /// @brief The reason in words. Any thread; lives as long as the program.
  const char* what() const noexcept override { return reason_; }

 private:
  const char* reason_;
};

/// @brief Proof that this thread is attached to Python.
///
/// Copy it freely within the scope that handed it out; never keep it beyond. It may not be handed to another thread:
/// `Ungil<Python>` is false.
/// @pyo3{Python}
class Python final {
 public:
  /// @name Attaching and detaching (token/gil.hpp; check_signals: error/result.hpp)
  /// @{

  /// @brief Attaches this thread, runs `f(py)`, detaches.
  ///
  /// Starts the interpreter if none runs (see prepare_freethreaded_python()). On a thread that is attached already it
  /// only runs @p f. The result may not be, or contain, a token or a GIL-bound handle.
  /// @param f  `R(Python)`.
  /// @return   What @p f returns.
  /// @throws   InterpreterUnavailable during and after finalization; whatever @p f throws.
  /// @threads  Any.
  /// @pyo3{Python::with_gil, until 0.25}
  template <class F>
  static auto with_gil(F&& f) -> std::invoke_result_t<F, Python>;

  /// @brief As with_gil(), but says so when there is no interpreter to attach to. Never starts one.
  /// @return The result in an `optional`; for a void @p f whether it ran.
  /// @throws Whatever @p f throws.
  template <class F>
  static auto try_with_gil(F&& f);

  /// @brief Attaches this thread for the life of the returned guard. Prefer with_gil(). Not in `adder.hpp`:
  /// token/gil_guard.hpp.
  /// @throws InterpreterUnavailable during and after finalization.
  /// @pyo3{Python::acquire_gil, until 0.18}
  [[nodiscard]] static GILGuard acquire_gil();

  /// @brief A token on the caller's word, for raw C callbacks that Python calls. Checked builds verify it.
  /// @pyo3{Python::assume_gil_acquired, until 0.25}
  static Python assume_gil_acquired(detail::Location where = detail::Location::current()) noexcept;

  /// @brief Starts the interpreter unless one runs, takes no signal handlers, and leaves it with the GIL released.
  ///
  /// May be called any number of times, by several threads at once: all return after it is started, `site` included.
  /// @throws InterpreterUnavailable once an interpreter was shut down in this process: it cannot be started again.
  /// @pyo3{prepare_freethreaded_python, until 0.25}
  static void prepare_freethreaded_python();

  /// @brief Runs `f(args...)` with the GIL released.
  ///
  /// @param f     Captures nothing; refused otherwise. A captureless lambda or a function.
  /// @param args  Handed to @p f by reference; each type models `Ungil`, or the call does not compile.
  /// @return      What @p f returns, whose type models `Ungil`.
  /// @throws      Whatever @p f throws, after re-attaching.
  /// @gil         Held on entry and on return. If the interpreter shuts down meanwhile, the thread is parked.
  /// @pyo3{Python::allow_threads, until 0.25}
  template <class F, class... Args>
  auto allow_threads(F&& f, Args&&... args) const -> std::invoke_result_t<F, Args...>;

  /// @brief allow_threads() without its checks: @p f may capture. What it captures may not be tied to the GIL.
  template <class F>
  auto allow_threads_unchecked(F&& f) const -> std::invoke_result_t<F>;

  /// @brief Runs pending signal handlers; poll it in long computations.
  /// @return An error when a handler raised, such as KeyboardInterrupt.
  /// @pyo3{Python::check_signals}
  PyResult<void> check_signals() const;
  /// @}

  /// @name PyO3's names since 0.26 (token/gil.hpp)
  /// Each is the function above that its comment names.
  /// @{

  /// @brief with_gil().
  /// @pyo3{Python::attach}
  template <class F>
  static auto attach(F&& f) -> std::invoke_result_t<F, Python>;
  /// @brief try_with_gil().
  /// @pyo3{Python::try_attach}
  template <class F>
  static auto try_attach(F&& f);
  /// @brief allow_threads().
  /// @pyo3{Python::detach}
  template <class F, class... Args>
  auto detach(F&& f, Args&&... args) const -> std::invoke_result_t<F, Args...>;
  /// @brief allow_threads_unchecked().
  template <class F>
  auto detach_unchecked(F&& f) const -> std::invoke_result_t<F>;
  /// @brief prepare_freethreaded_python().
  /// @pyo3{Python::initialize}
  static void initialize() { prepare_freethreaded_python(); }
  /// @brief assume_gil_acquired().
  /// @pyo3{Python::assume_attached}
  static Python assume_attached(detail::Location where = detail::Location::current()) noexcept {
    return assume_gil_acquired(where);
  }
  /// @brief A token on the caller's word alone: no build verifies it here, checked ones do where it is used.
  static Python assume_attached_unchecked() noexcept { return Python(nullptr); }
  /// @}

  /// @name Raw pointers (object/raw.hpp; release and xdecref: handle/py.hpp), and PyO3's pool, until 0.22
  /// A pool owns references until it is dropped; the functions below that register one need an active pool and throw a
  /// `RuntimeError` without. They and the pool are not in `adder.hpp`: token/gil_pool.hpp, object/pooled.hpp.
  /// @{

  /// @brief A pool that becomes this thread's innermost one. Keep it in a local variable.
  /// @pyo3{Python::new_pool, until 0.22}
  [[nodiscard]] GILPool new_pool() const;

  /// @brief Gives the reference @p ptr to the pool. Null is a bug and ends the process.
  /// @pyo3{Python::from_owned_ptr, until 0.22}
  template <class T = PyAny>
  [[nodiscard]] Borrowed<T> from_owned_ptr(::PyObject* ptr) const;
  /// @brief As from_owned_ptr(); null returns the pending Python exception.
  template <class T = PyAny>
  PyResult<Borrowed<T>> from_owned_ptr_or_err(::PyObject* ptr) const;
  /// @brief As from_owned_ptr(); null returns nothing.
  template <class T = PyAny>
  [[nodiscard]] std::optional<Borrowed<T>> from_owned_ptr_or_opt(::PyObject* ptr) const;

  /// @brief A handle to what somebody else owns. No count changes. Null is a bug and ends the process.
  /// @pyo3{Python::from_borrowed_ptr, until 0.22}
  template <class T = PyAny>
  [[nodiscard]] Borrowed<T> from_borrowed_ptr(::PyObject* ptr) const;
  /// @brief As from_borrowed_ptr(); null returns the pending Python exception.
  template <class T = PyAny>
  PyResult<Borrowed<T>> from_borrowed_ptr_or_err(::PyObject* ptr) const;
  /// @brief As from_borrowed_ptr(); null returns nothing.
  template <class T = PyAny>
  [[nodiscard]] std::optional<Borrowed<T>> from_borrowed_ptr_or_opt(::PyObject* ptr) const;

  /// @brief Gives @p object to the pool and checks its type.
  /// @return A `TypeError` naming both types when it is no `T`; the object is then in the pool all the same.
  /// @pyo3{Python::checked_cast_as, until 0.22}
  template <class T>
  PyResult<Borrowed<T>> checked_cast_as(PyObj object) const;
  /// @brief Gives @p object to the pool; the caller vouches for its type (verified in checked builds).
  /// @pyo3{Python::cast_as, until 0.22}
  template <class T>
  [[nodiscard]] Borrowed<T> cast_as(PyObj object) const;

  /// @brief Drops the reference of @p owner now, without a detour over the queue of deferred releases.
  /// @param owner  A `Py`, `Bound` or anything else with `into_ptr()`, moved here: `py.release(std::move(x))`.
  /// @pyo3{Python::release, until 0.13}
  template <class Owner>
    requires std::is_class_v<Owner>  // Not an lvalue: that would stay the owner.
  void release(Owner&& owner) const noexcept;
  /// @brief The same, of an owner that may be missing: a `std::optional` of one, or one that was moved from.
  /// @pyo3{Python::xdecref, until 0.13}
  template <class Owner>
    requires std::is_class_v<Owner>  // Not an lvalue: that would stay the owner.
  void xdecref(Owner&& owner) const noexcept;
  /// @brief Drops one reference to @p ptr; null does nothing.
  void xdecref(::PyObject* ptr) const noexcept;
  /// @}

  /// @name Source text and modules (module/eval.hpp; import: types/module.hpp)
  /// @{

  /// @brief The value of the expression @p code, in the namespace of `__main__`.
  /// @param code  UTF-8.
  /// @throws PyErr  What compiling or running it raised.
  /// @pyo3{Python::eval}
  Bound<PyAny> eval(std::string_view code) const;
  /// @brief The same with given global names.
  /// @param code     UTF-8.
  /// @param globals  A dict, or `{}` for the namespace of `__main__`.
  /// @throws PyErr   What compiling or running it raised.
  Bound<PyAny> eval(std::string_view code, const Namespace& globals) const;
  /// @brief The same with given global and local names.
  /// @param code     UTF-8.
  /// @param globals  A dict, or `{}` for the namespace of `__main__`.
  /// @param locals   A dict, or `{}` for @p globals.
  /// @throws PyErr   What compiling or running it raised.
  Bound<PyAny> eval(std::string_view code, const Namespace& globals, const Namespace& locals) const;
  /// @brief Runs the statements in @p code in the namespace of `__main__`; the common indentation of its lines is taken
  /// away first.
  /// @param code  UTF-8.
  /// @throws PyErr  What compiling or running it raised.
  /// @pyo3{Python::run}
  void run(std::string_view code) const;
  /// @brief The same with given global names.
  /// @param code     UTF-8.
  /// @param globals  A dict, or `{}` for the namespace of `__main__`.
  /// @throws PyErr   What compiling or running it raised.
  void run(std::string_view code, const Namespace& globals) const;
  /// @brief The same with given global and local names.
  /// @param code     UTF-8.
  /// @param globals  A dict, or `{}` for the namespace of `__main__`.
  /// @param locals   A dict, or `{}` for @p globals.
  /// @throws PyErr   What compiling or running it raised.
  void run(std::string_view code, const Namespace& globals, const Namespace& locals) const;
  /// @brief The module @p name; for a dotted name the innermost one.
  /// @throws PyErr  ModuleNotFoundError, or what running the module raised.
  /// @pyo3{Python::import}
  Bound<PyModule> import(const char* name) const;
  /// @brief The same of a `std::string` or a Python string, or, fastest, of a literal that is interned: `"math"_s`.
  Bound<PyModule> import(const Name& name) const;
  /// @}

  /// @name Types and singletons (types/type.hpp; None, NotImplemented, Ellipsis: types/numbers.hpp)
  /// @{

  /// @brief The Python type that `T` stands for.
  /// @pyo3{Python::get_type}
  template <class T>
  Bound<detail::Late<PyType, T>> get_type() const;
  /// @brief `isinstance(object, T)`.
  /// @pyo3{Python::is_instance, until 0.13}
  template <class T>
  bool is_instance(const Bound<PyAny>& object) const;
  /// @brief The same of a handle that keeps an object without being attached.
  template <class T, class U>
  bool is_instance(const Py<U>& object) const;
  /// @brief `issubclass(T, U)`.
  /// @pyo3{Python::is_subclass, until 0.13}
  template <class T, class U>
  bool is_subclass() const;
  /// @brief `None`.
  /// @pyo3{Python::None}
  template <class T = PyNone>  // A template: Bound<PyNone> is complete where it is called.
  Bound<T> None() const noexcept;
  /// @brief `NotImplemented`.
  /// @pyo3{Python::NotImplemented}
  Bound<PyAny> NotImplemented() const noexcept;
  /// @brief `Ellipsis`.
  /// @pyo3{Python::Ellipsis}
  Bound<PyAny> Ellipsis() const noexcept;
  /// @}

#if ADDER_CHECKED
  /// Whoever hands a token on uses it.
  Python(const Python&, detail::Location where = detail::Location::current()) noexcept {
    detail::check_token("Python", where);
  }
  Python& operator=(const Python&) noexcept = default;
#endif
  static void* operator new(std::size_t) = delete;    // A token on the heap outlives its scope.
  static void* operator new[](std::size_t) = delete;  // The same.

 private:
  friend struct detail::TokenAccess;
  // User-provided and private: `Python{}` must not compile.
  explicit constexpr Python(std::nullptr_t) noexcept {}
};

static_assert(std::is_empty_v<Python> && (ADDER_CHECKED || detail::is_trivially_copyable<Python>));

namespace detail {
/// Makes tokens where adder knows that the thread is attached.
struct TokenAccess {
  static constexpr Python token() noexcept { return Python(nullptr); }
};
inline constexpr Python token() noexcept { return TokenAccess::token(); }
}  // namespace detail

}  // namespace adder::inline ADDER_ABI
