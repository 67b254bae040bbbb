// SPDX-License-Identifier: MIT
/// @file
/// @brief Taking the GIL and letting go of it.
///
/// | thread is          | with_gil                                       | allow_threads              |
/// |--------------------|------------------------------------------------|----------------------------|
/// | attached           | runs on; a look at the thread state            | detaches, runs, re-attaches |
/// | detached           | PyGILState_Ensure, releases deferred references | impossible: needs a token  |
/// | any, at shutdown   | throws InterpreterUnavailable                  | parks when it re-attaches  |
#pragma once
#include "adder/token/detail/lock_order_wraps.hpp"  // IWYU pragma: keep (the linker calls it)
#include "adder/token/detail/reference_pool.hpp"
#include "adder/token/ungil.hpp"

#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_HIDDEN inline constinit Atomic<bool> hooks_begun{false};

/// Registers the `atexit` callback, once. The caller is attached.
ADDER_HIDDEN ADDER_COLD_CALL void adopt_runtime() noexcept;

/// Throws InterpreterUnavailable with the reason why an AttachScope did not attach.
[[noreturn]] ADDER_COLD_CALL void throw_unavailable();

/// Attached from construction to destruction, if `attached()`. Lives on the stack.
class AttachScope {
 public:
  enum class IfNone { start, give_up };
  /// Whether scopes within attached code have to end in the reverse order of their beginning. Those of a coroutine that
  /// has a stack of its own, such as a greenlet, need not.
  enum class Nesting { free, strict };

  ADDER_INLINE explicit AttachScope(IfNone if_none, Nesting nesting = Nesting::free) {
    if (nesting == Nesting::strict) {
      enter_strictly(if_none);
      return;
    }
    PyThreadState* const state = current_state();
    if (state == nullptr) {
      attach(if_none, look_up_scopes());  // NOLINT(clang-analyzer-optin.cplusplus.UninitializedObject): as below
    } else if (may_use_quickly(state)) [[likely]] {
      kind_ = Kind::nested;  // Nothing to undo, so nothing to remember: the scopes around it say all there is.
      note_python_use();
      drain_deferred();  // NOLINT(clang-analyzer-optin.cplusplus.UninitializedObject): kind_ says what is set
    } else {
      enter_after_all(state);
    }
  }
  ~AttachScope() {
    if (kind_ == Kind::nested_strictly) pop_scope(thread_scopes, scope_);
    if (kind_ == Kind::outermost) detach();
  }
  AttachScope(const AttachScope&) = delete;
  AttachScope& operator=(const AttachScope&) = delete;

  bool attached() const noexcept { return kind_ != Kind::none; }

 private:
  enum class Kind : unsigned char { none, nested, nested_strictly, outermost };

  /// The same for who may be the first: may_use() knows no interpreter until somebody has adopted it.
  ADDER_COLD_CALL static bool may_use_after_all(const PyThreadState* state, const GilScope* innermost) noexcept;
  /// Of who is attached, where the quick look says no.
  ADDER_COLD_CALL void enter_after_all(PyThreadState* state) noexcept;
  ADDER_INLINE void enter_strictly(IfNone if_none) {
    ThreadScopes& scopes = look_up_scopes();
    const GilScope* const innermost = scopes.innermost;
    PyThreadState* state = unchecked_state();
    // Within a scope that is attached with the same state all has been looked at.
    if (state == nullptr || innermost == nullptr || innermost->state != state) {
      state = own_or_null(state);
      if (state == nullptr) {
        attach(if_none, scopes);
        return;
      }
      if (!may_use(state, innermost) && !may_use_after_all(state, innermost)) [[unlikely]]
        return;
    }
    note_python_use();
    kind_ = Kind::nested_strictly;
    push_scope(scopes, scope_, state);
    drain_deferred();
  }
  void attach(IfNone if_none, ThreadScopes& scopes);
  /// The same while nobody would close the gate: at the first use of adder, for example.
  ADDER_COLD_CALL void attach_unannounced(IfNone if_none, ThreadScopes& scopes);
  bool get_gil(ThreadScopes& scopes);
  void detach() noexcept;

  // Both are set where kind_ says so.
  GilScope scope_;
  PyGILState_STATE state_;
  Kind kind_ = Kind::none;
};

/// Detached from construction to destruction. Lives on the stack.
class DetachScope {
 public:
  DetachScope() {
#if ADDER_CHECKED
    if (!is_attached()) fatal("allow_threads needs the GIL, and this thread does not hold it", {});
#endif
    push_scope(thread_scopes, scope_, nullptr);
    state_ = PyEval_SaveThread();
  }
  ~DetachScope() {
    // The interpreter of a program may end while the program goes on, and takes the thread states with it.
    if (home_interpreter.load(Order::acquire) == no_interpreter()) [[unlikely]]
      park_thread();
    guard_unwind_of_c([this] { PyEval_RestoreThread(state_); });
    pop_scope(thread_scopes, scope_);
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
    push_scope(thread_scopes, scope_, detached.state_);
    drain_deferred();
  }
  ~ReattachScope() {
    pop_scope(thread_scopes, scope_);
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
  // NOLINTBEGIN(clang-analyzer-core.StackAddressEscape): a scope that is not attached has not been entered.
  detail::AttachScope scope(detail::AttachScope::IfNone::give_up);
  if constexpr (std::is_void_v<R>) {
    if (!scope.attached()) return false;
    std::forward<F>(f)(detail::token());
    return true;
  } else {
    static_assert(!std::is_reference_v<R>, "adder: try_with_gil returns a value: return one, or a pointer");
    return scope.attached() ? std::optional<R>(std::forward<F>(f)(detail::token())) : std::optional<R>();
  }
  // NOLINTEND(clang-analyzer-core.StackAddressEscape)
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

template <class F>
auto Python::attach(F&& f) -> std::invoke_result_t<F, Python> {
  return with_gil(std::forward<F>(f));
}
template <class F>
auto Python::try_attach(F&& f) {
  return try_with_gil(std::forward<F>(f));
}
template <class F, class... Args>
auto Python::detach(F&& f, Args&&... args) const -> std::invoke_result_t<F, Args...> {
  return allow_threads(std::forward<F>(f), std::forward<Args>(args)...);
}
template <class F>
auto Python::detach_unchecked(F&& f) const -> std::invoke_result_t<F> {
  return allow_threads_unchecked(std::forward<F>(f));
}

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/token/detail/gil_inl.hpp"
#endif
