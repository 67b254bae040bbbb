// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::function`, and of `std::move_only_function` (C++23) and `std::copyable_function` (C++26)
/// where the library has them: a Python callable as a C++ one, and the other way round. `None` is the empty one.
/// `std::function_ref` (C++26) is a parameter that lasts as long as the call, and is never empty.
///
/// | from             | to              | what comes out                                                              |
/// |------------------|-----------------|-----------------------------------------------------------------------------|
/// | Python callable  | `std::function` | calls the callable, on any thread                                           |
/// | that one         | Python          | the same callable                                                           |
/// | C++ function     | Python          | a function that owns a copy                                                 |
/// | that one         | `std::function` | a copy of the C++ function, if the signature is the same: no Python between |
///
/// A C++ function that calls Python attaches its thread, converts the arguments as results are converted, calls, and
/// converts the result as an argument is. What goes wrong is thrown: PyErr for what the callable raises and for what
/// does not convert, InterpreterUnavailable where there is no Python any more. Copies share the callable. They may be
/// made, called and dropped on any thread, attached or not, also after the interpreter has ended.
#pragma once
#include "adder/exception/translate.hpp"
#include "adder/function/closure.hpp"
#include "adder/function/detail/callback.hpp"

#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// A Python callable as a C++ one.
template <class R, class... A>
class PythonCallable {
 public:
  explicit PythonCallable(const Bound<PyAny>& callable) : callable_(callable) {
    (void)CallbackResult<R>{};
    ((void)CallbackParameter<A>{}, ...);
  }

  /// @throws PyErr                   What the callable raises; TypeError and the like where something does not convert.
  /// @throws InterpreterUnavailable  During and after finalization.
  R operator()(A... arguments) const {
    return attached([&]() ADDER_INLINE_LAMBDA -> R {
      // Owned here: the call may drop this function, and what it calls.
      const Bound<PyAny> callable = callable_.get().bind(token());
      return call_python<R>(callable.as_ptr(), callable, std::forward<A>(arguments)...);
    });
  }
  const Py<PyAny>& callable() const noexcept { return callable_.get(); }
  /// Whether no copy shares the callable: the garbage collector sees one owner then.
  bool is_sole_owner() const noexcept { return callable_.is_sole_owner(); }

 private:
  SharedCallable callable_;
};

/// A C++ function as a Python one.
/// @tparam F  The class that holds the function.
template <class F, class R, class... A>
struct FunctionObject {
  static R call(const F& function, A... arguments) { return function(std::forward<A>(arguments)...); }
  static R change(F& function, A... arguments) { return function(std::forward<A>(arguments)...); }
  /// Those of std::function can be called through const, and so at the same time.
  static constexpr auto target() noexcept {
    if constexpr (std::is_invocable_v<const F&, A...>) {
      return &call;
    } else {
      return &change;
    }
  }
  using Binding = ClosureBinding<target(), CallOptions<>>;

  static Bound<PyAny> make(F&& function) {
    using Parameters = typename Binding::Split::Others;
    return make_closure<Binding, Parameters>(ShapeOf<Parameters>::shape,
                                             new typename Binding::Content(std::move(function)), nullptr, "function")
        .into_any();
  }
  /// The C++ function in a Python one; null where it is another, or was taken apart by the garbage collector.
  static const F* find(::PyObject* object) noexcept {
    if (PyCFunction_CheckExact(object) == 0) return nullptr;
    ::PyObject* self = PyCFunction_GET_SELF(object);
    if (self == nullptr || Py_TYPE(self)->tp_dealloc != &ClosureObject::deallocate) return nullptr;
    if (ClosureObject::of(self).operations != &Binding::operations) return nullptr;
    const auto& content = static_cast<const typename Binding::Content&>(*ClosureObject::of(self).closure);
    return content.state ? &content.state : nullptr;
  }
};

/// The two conversions.
/// @tparam F  std::function or its like, of a signature R(A...).
template <class F, class R, class... A>
struct FunctionFromPy {
  static constexpr const char* expected() noexcept { return "a callable or None"; }
  static PyResult<F> extract(const Bound<PyAny>& object) {
    ::PyObject* callable = object.as_ptr();
    if (callable == Py_None) return F();
    if (PyCallable_Check(callable) == 0) return PyErr::Access::mismatch(expected(), callable);
    try {
      if constexpr (std::is_copy_constructible_v<F>) {
        if (const F* own = FunctionObject<F, R, A...>::find(callable)) return F(*own);
      }
      return F(PythonCallable<R, A...>(object));
    } catch (...) {  // A C++ function may throw where it is copied.
      translate_current_exception();
      return PyErr::fetch(object.py());
    }
  }
};
template <class F, class R, class... A>
struct FunctionIntoPy {
  template <class Given>
  static PyResult<Bound<PyAny>> into_py(Python py, Given&& function) {
    if (!function) return borrow(Py_None);
    if constexpr (requires { function.template target<PythonCallable<R, A...>>(); }) {
      if (const auto* python = function.template target<PythonCallable<R, A...>>()) return python->callable().bind(py);
    }
    return wrap(py, std::forward<Given>(function));
  }
  /// The same of a function that is not null and does not come from Python.
  template <class Given>
  static PyResult<Bound<PyAny>> wrap(Python py, Given&& function) {
    try {
      return FunctionObject<F, R, A...>::make(F(std::forward<Given>(function)));
    } catch (...) {
      translate_current_exception();
      return PyErr::fetch(py);
    }
  }
};

// An argument holds what the conversion has put in.
template <class R, class... A>
inline constexpr bool crosses_as_argument<std::function<R(A...)>> = true;

}  // namespace detail

template <class R, class... A>
struct FromPyObject<std::function<R(A...)>> : detail::FunctionFromPy<std::function<R(A...)>, R, A...> {};
template <class R, class... A>
struct IntoPyObject<std::function<R(A...)>> : detail::FunctionIntoPy<std::function<R(A...)>, R, A...> {};

/// @brief A pointer to a function, as a Python function. None for null.
template <class R, class... A>
struct IntoPyObject<R (*)(A...)> {
  static PyResult<Bound<PyAny>> into_py(Python py, R (*function)(A...)) {
    if (function == nullptr) return detail::borrow(Py_None);
    return detail::FunctionIntoPy<std::function<R(A...)>, R, A...>::wrap(py, function);
  }
};
template <class R, class... A>
struct IntoPyObject<R (*)(A...) noexcept> : IntoPyObject<R (*)(A...)> {};

/// The garbage collector sees the callable of a function that shares it with no copy. It cannot see into functions of
/// C++.
template <class R, class... A>
struct Traverse<std::function<R(A...)>> {
  static constexpr bool holds_handles = true;
  static constexpr bool copies_without_gil = true;
  static void visit(PyVisit& visit, const std::function<R(A...)>& function) {
    const auto* python = function.template target<detail::PythonCallable<R, A...>>();
    if (python != nullptr && python->is_sole_owner()) visit(python->callable());
  }
  static void clear(std::function<R(A...)>& function) {
    if (function.template target<detail::PythonCallable<R, A...>>() == nullptr) return;
    const std::function<R(A...)> old = std::exchange(function, nullptr);
  }
};

#if defined(__cpp_lib_move_only_function)
namespace detail {
template <class R, class... A>
inline constexpr bool crosses_as_argument<std::move_only_function<R(A...)>> = true;
template <class R, class... A>
inline constexpr bool crosses_as_argument<std::move_only_function<R(A...) const>> = true;
}  // namespace detail

template <class R, class... A>
struct FromPyObject<std::move_only_function<R(A...)>>
    : detail::FunctionFromPy<std::move_only_function<R(A...)>, R, A...> {};
template <class R, class... A>
struct FromPyObject<std::move_only_function<R(A...) const>>
    : detail::FunctionFromPy<std::move_only_function<R(A...) const>, R, A...> {};
template <class R, class... A>
struct IntoPyObject<std::move_only_function<R(A...)>>
    : detail::FunctionIntoPy<std::move_only_function<R(A...)>, R, A...> {};
template <class R, class... A>
struct IntoPyObject<std::move_only_function<R(A...) const>>
    : detail::FunctionIntoPy<std::move_only_function<R(A...) const>, R, A...> {};
#endif

#if defined(__cpp_lib_copyable_function)
namespace detail {
template <class R, class... A>
inline constexpr bool crosses_as_argument<std::copyable_function<R(A...)>> = true;
template <class R, class... A>
inline constexpr bool crosses_as_argument<std::copyable_function<R(A...) const>> = true;
}  // namespace detail

template <class R, class... A>
struct FromPyObject<std::copyable_function<R(A...)>>
    : detail::FunctionFromPy<std::copyable_function<R(A...)>, R, A...> {};
template <class R, class... A>
struct FromPyObject<std::copyable_function<R(A...) const>>
    : detail::FunctionFromPy<std::copyable_function<R(A...) const>, R, A...> {};
template <class R, class... A>
struct IntoPyObject<std::copyable_function<R(A...)>>
    : detail::FunctionIntoPy<std::copyable_function<R(A...)>, R, A...> {};
template <class R, class... A>
struct IntoPyObject<std::copyable_function<R(A...) const>>
    : detail::FunctionIntoPy<std::copyable_function<R(A...) const>, R, A...> {};
#endif

#if defined(__cpp_lib_function_ref)
namespace detail {

template <class F>
struct FunctionRefOf {
  using Callable = void;
};
template <class R, class... A>
struct FunctionRefOf<std::function_ref<R(A...)>> {
  using Callable = PythonCallable<R, A...>;
};
template <class R, class... A>
struct FunctionRefOf<std::function_ref<R(A...) const>> {
  using Callable = PythonCallable<R, A...>;
};

/// What it refers to has its place here, for the duration of the call.
template <class P>
  requires(!std::is_void_v<typename FunctionRefOf<std::remove_cvref_t<P>>::Callable>)
class ArgumentLoader<P> : ValueParameter<P> {
 public:
  bool load(::PyObject* object, CallContext context, unsigned index) {
    if (PyCallable_Check(object) == 0) {
      set_argument_error(context.record(), index, PyErr::Access::mismatch("a callable", object));
      return false;
    }
    try {
      callable_.emplace(borrow(object));
      function_.emplace(std::as_const(*callable_));
      return true;
    } catch (...) {
      set_thrown_error(context.record(), index);
      return false;
    }
  }
  P&& get() noexcept { return static_cast<P&&>(*function_); }

 private:
  std::optional<typename FunctionRefOf<std::remove_cvref_t<P>>::Callable> callable_;
  std::optional<std::remove_cvref_t<P>> function_;
};

}  // namespace detail
#endif

}  // namespace adder::inline ADDER_ABI
