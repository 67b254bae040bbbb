// SPDX-License-Identifier: MIT
/// @file
/// @brief Taking the GIL and letting go of it.
///
/// | thread is          | with_gil / acquire_gil                         | allow_threads              |
/// |--------------------|------------------------------------------------|----------------------------|
/// | attached           | runs on; a look at the thread state            | detaches, runs, re-attaches |
/// | detached           | PyGILState_Ensure, releases deferred references | impossible: needs a token  |
/// | any, at shutdown   | throws InterpreterUnavailable                  | parks when it re-attaches  |
#pragma once
#include "adder/token/detail/lock_order_wraps.hpp"
#include "adder/token/detail/reference_pool.hpp"
#include "adder/token/ungil.hpp"

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#endif

namespace adder::inline ADDER_ABI {

namespace detail {

/// The `atexit` callback: see attach.hpp.
inline ::PyObject* close_attach_gate(::PyObject*, ::PyObject*) {
  // What is queued by now is released while Python code can still run; what comes later is leaked.
  drain_deferred();
  attach_gate.close();
  drain_deferred();
  Py_RETURN_NONE;
}

ADDER_HIDDEN inline constinit Atomic<bool> hooks_begun{false};

/// Registers the `atexit` callback, once. The caller is attached.
ADDER_HIDDEN ADDER_COLD inline void adopt_runtime() noexcept {
  // Not in a sub-interpreter: ending that must not close the gate of the main one.
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) return;
  PyInterpreterState* none = nullptr;
  home_interpreter.compare_exchange(none, PyInterpreterState_Main(), Order::acq_rel);
  if (hooks_begun.exchange(true, Order::acq_rel)) return;
#if defined(__unix__) || defined(__APPLE__)
  pthread_atfork(nullptr, nullptr, [] { attach_gate.only_this_thread(); });
#endif
  ::PyObject *type = nullptr, *value = nullptr, *traceback = nullptr;
  PyErr_Fetch(&type, &value, &traceback);
  ::PyObject* atexit = guard_unwind([] { return PyImport_ImportModule("atexit"); });
  // Local: a variable in the namespace would have every file that includes adder compile what it points to.
  static constinit PyMethodDef close_def{"adder_close_attach_gate", close_attach_gate, METH_NOARGS, nullptr};
  ::PyObject* callback = PyCFunction_New(&close_def, nullptr);
  ::PyObject* result = atexit == nullptr || callback == nullptr
                           ? nullptr
                           : guard_unwind([&] { return PyObject_CallMethod(atexit, "register", "O", callback); });
  // Where this fails the interpreter is shutting down already, or has no `atexit`: it is then asked at each attach.
  if (result == nullptr) PyErr_Clear();
  // At the very end. The next interpreter has the address of this one.
  Py_AtExit([] { home_interpreter.store(no_interpreter(), Order::release); });
  Py_XDECREF(result);
  Py_XDECREF(callback);
  Py_XDECREF(atexit);
  PyErr_Restore(type, value, traceback);
  runtime_ready.store(true, Order::release);
}

/// Throws InterpreterUnavailable with the reason why an AttachScope did not attach.
[[noreturn]] ADDER_COLD inline void throw_unavailable() {
  const PyThreadState* state = current_state();
  if (state == nullptr || may_use(state) || attach_gate.closed()) {
    throw InterpreterUnavailable(
        "the Python interpreter is shutting down or was shut down: this thread can no longer attach to it");
  }
  if (state->interp == home_interpreter.load(Order::relaxed)) {
    throw InterpreterUnavailable("the garbage collector is traversing objects: Python cannot be used meanwhile");
  }
  throw InterpreterUnavailable(
      "this thread is attached to another interpreter than the one that adder works with: objects cannot be shared "
      "between interpreters");
}

inline bool start_runtime() {
  if (Py_IsInitialized() == 0) {
    Py_InitializeEx(0);
    adopt_runtime();
    PyEval_SaveThread();
  }
  return true;
}

ADDER_HIDDEN inline void start_runtime_once() {
  static const bool started = start_runtime();
  (void)started;
}

/// Attached from construction to destruction, if `attached()`. Lives on the stack.
class AttachScope {
 public:
  enum class IfNone { start, give_up };
  /// Whether scopes within attached code have to end in the reverse order of their beginning. Those of a coroutine that
  /// has a stack of its own, such as a greenlet, need not.
  enum class Nesting { free, strict };

  explicit AttachScope(IfNone if_none, Nesting nesting = Nesting::free) {
    if (PyThreadState* state = current_state()) [[likely]] {
      // Within a scope that is attached with the same state all has been looked at.
      if ((innermost_scope == nullptr || innermost_scope->state != state) && !may_begin(state)) return;
      note_python_use();
      if (nesting == Nesting::strict) {
        kind_ = Kind::nested_strictly;
        push_scope(scope_, state);
      } else {
        kind_ = Kind::nested;  // Nothing to undo, so nothing to remember: the scopes around it say all there is.
      }
    } else {
      if (!attach(if_none)) return;
      push_scope(scope_, PyThreadState_Get());
      if (!runtime_ready.load(Order::acquire)) [[unlikely]]
        adopt_runtime();
    }
    drain_deferred();
  }
  ~AttachScope() {
    if (kind_ <= Kind::nested) return;
    pop_scope(scope_);
    if (kind_ == Kind::outermost) detach();
  }
  AttachScope(const AttachScope&) = delete;
  AttachScope& operator=(const AttachScope&) = delete;

  bool attached() const noexcept { return kind_ != Kind::none; }

 private:
  enum class Kind : unsigned char { none, nested, nested_strictly, outermost };

  ADDER_NOINLINE static bool may_begin(const PyThreadState* state) noexcept {
    if (!runtime_ready.load(Order::acquire)) adopt_runtime();
    return may_use(state);
  }
  ADDER_NOINLINE bool attach(IfNone if_none) {
    // Of an interpreter that others are ending CPython says that it is not initialised: no other may be started.
    if (is_finalizing()) return false;
    if (!runtime_ready.load(Order::acquire)) {
      if (if_none == IfNone::start) {
        Python::prepare_freethreaded_python();
      } else if (Py_IsInitialized() == 0) {
        return false;
      }
    }
    if (!attach_gate.enter()) return false;
    if (is_finalizing()) {
      attach_gate.leave();
      return false;
    }
    state_ = guard_unwind([] { return PyGILState_Ensure(); });
    kind_ = Kind::outermost;
    return true;
  }
  ADDER_NOINLINE void detach() noexcept {
    // There is nothing to detach from any more where Py_FinalizeEx() was called within the scope.
    if (home_interpreter.load(Order::acquire) != no_interpreter()) {
#if PY_VERSION_HEX < 0x030D0000
      // What the thread keeps in Python may attach again when it dies. CPython does not expect that of a thread state
      // that it is deleting (gh-119585): it goes before.
      PyThreadState* state = PyThreadState_Get();
      if (state->gilstate_counter == 1 && state->dict != nullptr) {
        guard_unwind_of_c([state] { PyDict_Clear(state->dict); });
      }
#endif
      guard_unwind_of_c([this] { PyGILState_Release(state_); });
    }
    attach_gate.leave();
  }

  GilScope scope_{};
  PyGILState_STATE state_{};
  Kind kind_ = Kind::none;
};

/// Detached from construction to destruction. Lives on the stack.
class DetachScope {
 public:
  DetachScope() {
#if ADDER_CHECKED
    if (!is_attached()) fatal("allow_threads needs the GIL, and this thread does not hold it", {});
#endif
    push_scope(scope_, nullptr);
    state_ = PyEval_SaveThread();
  }
  ~DetachScope() {
    guard_unwind_of_c([this] { PyEval_RestoreThread(state_); });
    pop_scope(scope_);
    drain_deferred();
  }
  DetachScope(const DetachScope&) = delete;
  DetachScope& operator=(const DetachScope&) = delete;

 private:
  friend class ReattachScope;
  GilScope scope_{};
  PyThreadState* state_ = nullptr;
};

/// Attached again within a DetachScope, from construction to destruction. Unlike an AttachScope this also works for the
/// thread that shuts the interpreter down. Lives on the stack.
class ReattachScope {
 public:
  explicit ReattachScope(const DetachScope& detached) {
    guard_unwind_of_c([&] { PyEval_RestoreThread(detached.state_); });
    push_scope(scope_, detached.state_);
    drain_deferred();
  }
  ~ReattachScope() {
    pop_scope(scope_);
    PyEval_SaveThread();
  }
  ReattachScope(const ReattachScope&) = delete;
  ReattachScope& operator=(const ReattachScope&) = delete;

 private:
  GilScope scope_{};
};

template <class R>
struct MustNotBeGilBound {
  static_assert(
      !is_lambda<R>() || std::is_empty_v<R>,
      "adder: with_gil may not return a lambda with captures: adder cannot see what a lambda has captured, and "
      "it must not be tied to the GIL. Return a struct, or what the lambda would compute");
  static_assert(verdict<R>() != Verdict::gil_bound,
                "adder: with_gil may not return a token or a GIL-bound handle: it would outlive the GIL. Return a C++ "
                "value, or Py<T>(handle)");
};

template <class F>
inline constexpr bool is_captureless =
    std::is_empty_v<std::remove_cvref_t<F>> || std::is_function_v<std::remove_pointer_t<std::remove_cvref_t<F>>>;

}  // namespace detail

/// @brief Keeps this thread attached while it lives. Made by `Python::acquire_gil()`.
///
/// Guards nest, and must be dropped in the reverse order of their creation on the thread that made them; anything else
/// ends the process with a message. They can be neither copied nor moved nor put on the heap.
/// @pyo3{GILGuard, until 0.18}
class [[nodiscard]] GILGuard {
 public:
  GILGuard(const GILGuard&) = delete;
  GILGuard& operator=(const GILGuard&) = delete;
  static void* operator new(std::size_t) = delete;    // A guard is a scope.
  static void* operator new[](std::size_t) = delete;  // The same.

  /// @brief The token that this guard vouches for. Not for use beyond the guard.
  Python python() const noexcept { return detail::token(); }

 private:
  friend class Python;
  GILGuard() : scope_(detail::AttachScope::IfNone::start, detail::AttachScope::Nesting::strict) {
    if (!scope_.attached()) detail::throw_unavailable();
  }
  detail::AttachScope scope_;
};

template <class F>
auto Python::with_gil(F&& f) -> std::invoke_result_t<F, Python> {
  (void)detail::MustNotBeGilBound<std::invoke_result_t<F, Python>>{};
  detail::AttachScope scope(detail::AttachScope::IfNone::start);
  if (!scope.attached()) detail::throw_unavailable();
  return std::forward<F>(f)(detail::token());
}

template <class F>
auto Python::try_with_gil(F&& f) {
  using R = std::invoke_result_t<F, Python>;
  (void)detail::MustNotBeGilBound<R>{};
  detail::AttachScope scope(detail::AttachScope::IfNone::give_up);
  if constexpr (std::is_void_v<R>) {
    if (!scope.attached()) return false;
    std::forward<F>(f)(detail::token());
    return true;
  } else {
    static_assert(!std::is_reference_v<R>, "adder: try_with_gil returns a value: return one, or a pointer");
    return scope.attached() ? std::optional<R>(std::forward<F>(f)(detail::token())) : std::optional<R>();
  }
}

inline GILGuard Python::acquire_gil() { return GILGuard(); }

inline Python Python::assume_gil_acquired([[maybe_unused]] detail::Location where) noexcept {
#if ADDER_CHECKED
  if (!detail::is_attached()) detail::fatal("assume_gil_acquired: this thread does not hold the GIL", where);
#endif
  return detail::token();
}

inline void Python::prepare_freethreaded_python() {
  if (detail::attach_gate.closed() || detail::is_finalizing()) detail::throw_unavailable();
  if (detail::runtime_ready.load(detail::Order::acquire) || detail::is_attached()) return;
  // Racing threads wait here for the first, and hold no GIL while they do: this static cannot deadlock. Whether the
  // interpreter "is initialized" is no substitute: it says so before `site` is done.
  detail::start_runtime_once();
}

template <class F, class... Args>
auto Python::allow_threads(F&& f, Args&&... args) const -> std::invoke_result_t<F, Args...> {
  static_assert(detail::is_captureless<F>,
                "adder: allow_threads takes a lambda without captures, as adder cannot check them. Hand the data over "
                "as further arguments: py.allow_threads([](auto& data) { ... }, data); or vouch for the captures with "
                "allow_threads_unchecked");
  (void)detail::MustBeUngil<std::invoke_result_t<F, Args...>>{};
  ((void)detail::MustBeUngil<Args>{}, ...);
  detail::DetachScope scope;
  return std::forward<F>(f)(std::forward<Args>(args)...);
}

template <class F>
auto Python::allow_threads_unchecked(F&& f) const -> std::invoke_result_t<F> {
  detail::DetachScope scope;
  return std::forward<F>(f)();
}

}  // namespace adder::inline ADDER_ABI
