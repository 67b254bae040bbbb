// SPDX-License-Identifier: MIT
/// @file
/// @brief Generator<Yield, Send, Return>: a C++20 coroutine that is a generator in Python. Not part of adder.hpp.
///
/// @code
/// adder::Generator<std::int64_t> count(std::int64_t n) {
///   for (std::int64_t i = 0; i < n; ++i) co_yield i;
/// }
/// m.def<&count>("count", arg("n"));  // list(m.count(3)) == [0, 1, 2]
/// @endcode
///
/// | Python                  | in the coroutine                                                                     |
/// |-------------------------|--------------------------------------------------------------------------------------|
/// | the call                | its parameters are moved into it; nothing runs yet                                   |
/// | `next(g)`               | runs until the next co_yield, whose value is converted there and then                |
/// | `g.send(x)`             | the same; co_yield gives a `std::optional<Send>` with x, which `next` leaves empty   |
/// | `g.throw(e)`            | co_yield throws e, a PyErr                                                           |
/// | `g.close()`             | co_yield throws GeneratorExit; the coroutine has to end                              |
/// | the last reference goes | its local variables are destroyed, as at a return; nothing else runs                 |
///
/// What the coroutine throws is raised, as from bound functions; a StopIteration becomes a RuntimeError, as PEP 479 has
/// it. What it co_returns is the value of `yield from` and of the StopIteration. Who uses a generator that runs, from
/// inside of it or on another thread, gets the ValueError "generator already executing".
///
/// The coroutine runs only where Python calls it, so attached: it may have the token as a parameter, by value, and keep
/// it. Each step may be on another thread. All other parameters belong to the coroutine: what a call lends, such as a
/// reference, a view or a Bound, is gone before the first step. A function that takes those calls the coroutine with
/// copies.
///
/// The garbage collector cannot look into a coroutine: a cycle that leads through a Py in a local variable or parameter
/// is not found. A generator that the objects of another cycle hold goes with them.
#pragma once
#include "adder/class/pyclass.hpp"
#include "adder/token/stored.hpp"

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// What the promises of all generators have in common.
class GeneratorPromise {
 public:
  GeneratorPromise(const GeneratorPromise&) = delete;
  GeneratorPromise& operator=(const GeneratorPromise&) = delete;

  std::suspend_always initial_suspend() const noexcept { return {}; }
  std::suspend_always final_suspend() const noexcept { return {}; }
  /// Makes it the pending exception.
  void unhandled_exception() noexcept;
  template <class T>
  std::suspend_never await_transform(T&&) {
    static_assert(always_false<T>,
                  "adder: a Generator waits for nothing but Python's next(): it has co_yield and co_return, and no "
                  "co_await");
    return {};
  }

 protected:
  /// Keeps what was sent until co_yield gives it; a Python exception is pending where it is of another type.
  using Take = bool (*)(GeneratorPromise& promise, ::PyObject* sent) noexcept;

  explicit GeneratorPromise(Take take) noexcept : take_(take) {}
  ~GeneratorPromise() { release_if_any(answer_); }
  void set_frame(std::coroutine_handle<> frame) noexcept { frame_ = frame; }
  /// @param value  A new reference, or null with an exception pending, which is thrown.
  ADDER_INLINE void set_answer(::PyObject* value) { answer_ = non_null(value); }
  /// Throws what throw() and close() were given.
  ADDER_INLINE void throw_if_asked() {
    if (thrown_ != nullptr) [[unlikely]]
      throw_thrown();
  }

 private:
  friend class GeneratorFrame;
  friend class GeneratorObject;
  [[noreturn]] ADDER_COLD_CALL void throw_thrown();

  std::coroutine_handle<> frame_;
  Take take_;
  const PyErr* thrown_ = nullptr;
  ::PyObject* answer_ = nullptr;  // What was yielded or returned.
};

/// Owns a coroutine; or nothing.
class GeneratorFrame {
 public:
  explicit GeneratorFrame(GeneratorPromise* promise = nullptr) noexcept : promise_(promise) {}
  GeneratorFrame(GeneratorFrame&& other) noexcept : promise_(std::exchange(other.promise_, nullptr)) {}
  GeneratorFrame& operator=(GeneratorFrame other) noexcept {
    std::swap(promise_, other.promise_);
    return *this;
  }
  ~GeneratorFrame() {
    if (promise_ != nullptr) promise_->frame_.destroy();
  }
  GeneratorPromise* promise() const noexcept { return promise_; }
  /// Destroys it. What local variables throw then goes to `sys.unraisablehook`, and a pending exception stays.
  void drop() noexcept;

 private:
  GeneratorPromise* promise_;
};

/// The value of a generator's Python object: all generators are of one class.
class GeneratorObject {
 public:
  explicit GeneratorObject(GeneratorFrame frame) noexcept : frame_(std::move(frame)) {}
  GeneratorObject(const GeneratorObject&) = delete;
  GeneratorObject& operator=(const GeneratorObject&) = delete;
  ~GeneratorObject() { frame_.drop(); }

 private:
  friend struct PyClass<GeneratorObject>;
  /// One step.
  /// @param self    The object.
  /// @param sent    What co_yield gives; None for nothing.
  /// @param thrown  What it throws instead, or null.
  /// @param answer  Takes a new reference: the value yielded or returned; null with an exception pending.
  static ::PySendResult step(::PyObject* self, ::PyObject* sent, const PyErr* thrown, ::PyObject** answer) noexcept;
  ::PySendResult step(::PyObject* sent, const PyErr* thrown, ::PyObject** answer, GeneratorFrame& ended);
  static ::PyObject* next(::PyObject* self) noexcept;
  static ::PySendResult am_send(::PyObject* self, ::PyObject* sent, ::PyObject** answer) noexcept;
  static PyResult<Bound<PyAny>> send(const Bound<GeneratorObject>& self, const Bound<PyAny>& value);
  static PyResult<Bound<PyAny>> throw_(const Bound<GeneratorObject>& self, const Args& exception);
  static PyResult<Bound<PyAny>> close(const Bound<GeneratorObject>& self);

  GeneratorFrame frame_;
  bool begun_ = false;
};

/// The Python object of a coroutine, or why there is none.
PyResult<Bound<PyAny>> generator_object(Python py, GeneratorFrame frame);

/// A TypeError about what was sent, pending.
/// @param sent   The object.
/// @param error  What the conversion says; null where nothing may be sent.
ADDER_COLD_CALL void refuse_sent(::PyObject* sent, const PyErr* error) noexcept;
/// The same for the C++ exception being handled.
ADDER_COLD_CALL void refuse_sent_by_exception() noexcept;

/// A value that a coroutine gives, as a T, as a new reference; null with an exception pending.
template <class T, class U>
ADDER_INLINE ::PyObject* generated(U&& value) {
  if constexpr (std::is_same_v<std::remove_cvref_t<U>, T>) {
    return into_ptr_or_pending(std::forward<U>(value));
  } else if constexpr (std::is_convertible_v<U&&, T>) {
    T converted = std::forward<U>(value);
    return into_ptr_or_pending(std::move(converted));
  } else {
    static_assert(always_false<U>,
                  "adder: co_yield and co_return of a Generator<Yield, Send, Return> take what converts to Yield and "
                  "to Return");
    return nullptr;
  }
}

/// With co_return.
template <class Return>
class ReturningPromise : public GeneratorPromise {
 public:
  void return_value(Return value)
    requires IsScalar<Return>
  {
    set_answer(Scalar<Return>::store(value));
  }
  template <class U = Return>
    requires(!IsScalar<Return>)
  void return_value(U&& value) {
    set_answer(generated<Return>(std::forward<U>(value)));
  }

 protected:
  using GeneratorPromise::GeneratorPromise;
};
template <>
class ReturningPromise<void> : public GeneratorPromise {
 public:
  void return_void() const noexcept {}

 protected:
  using GeneratorPromise::GeneratorPromise;
};

/// With what co_yield gives.
template <class Send, class Return>
class SendingPromise : public ReturningPromise<Return> {
 public:
  /// What co_yield waits for.
  struct Step {
    SendingPromise* promise;
    static constexpr bool await_ready() noexcept { return false; }
    static constexpr void await_suspend(std::coroutine_handle<>) noexcept {}
    ADDER_INLINE std::optional<Send> await_resume() const {
      promise->throw_if_asked();
      return std::exchange(promise->sent_, std::nullopt);
    }
  };

 protected:
  SendingPromise() noexcept : ReturningPromise<Return>(&take) {}

 private:
  static bool take(GeneratorPromise& promise, ::PyObject* sent) noexcept {
    try {
      PyResult<Send> value = extract_from<Send>(borrow(sent));
      if (value.is_err()) {
        refuse_sent(sent, &value.error());
        return false;
      }
      static_cast<SendingPromise&>(promise).sent_.emplace(std::move(value).value());
      return true;
    } catch (...) {
      refuse_sent_by_exception();
      return false;
    }
  }

  std::optional<Send> sent_;
};
template <class Return>
class SendingPromise<void, Return> : public ReturningPromise<Return> {
 public:
  struct Step {
    SendingPromise* promise;
    static constexpr bool await_ready() noexcept { return false; }
    static constexpr void await_suspend(std::coroutine_handle<>) noexcept {}
    ADDER_INLINE void await_resume() const { promise->throw_if_asked(); }
  };

 protected:
  SendingPromise() noexcept : ReturningPromise<Return>(&take) {}

 private:
  static bool take(GeneratorPromise&, ::PyObject* sent) noexcept {
    refuse_sent(sent, nullptr);
    return false;
  }
};

/// What is wrong with the types of a Generator.
template <class Yield, class Send, class Return>
constexpr bool check_generator() {
  static_assert(std::is_object_v<Yield> && std::is_same_v<Yield, std::remove_cv_t<Yield>>,
                "adder: Generator<Yield>: what is yielded is converted at once, and not copied before: name the type "
                "itself, without const and &. A generator that yields nothing of interest yields Py<PyNone>");
  static_assert(std::is_void_v<Return> || std::is_same_v<Return, std::decay_t<Return>>,
                "adder: Generator<Yield, Send, Return>: what is returned is converted at once, and not copied before: "
                "name the type itself, without const and &");
  static_assert(std::is_void_v<Send> || std::is_same_v<Send, std::decay_t<Send>>,
                "adder: Generator<Yield, Send>: co_yield gives a std::optional<Send>: name the type itself, without "
                "const and &");
  if constexpr (!std::is_void_v<Send>) {
    static_assert(Owning<Send> && verdict<Send>() != Verdict::gil_bound,
                  "adder: Generator<Yield, Send>: what was sent is gone with the next co_yield, and so is what a view, "
                  "a Bound or a Borrowed shows of it. Take std::string, std::vector, or Py<T>");
  }
  return true;
}

/// How an owner of a coroutine is made.
struct GeneratorAccess {
  template <class Generator>
  static Generator make(GeneratorPromise& promise) noexcept {
    return Generator(GeneratorFrame(&promise));
  }
  template <class Generator>
  static GeneratorFrame take(Generator&& generator) noexcept {
    return std::move(generator.frame_);
  }
};

}  // namespace detail

/// @brief What a coroutine returns that is a generator in Python. Bound functions and methods return it; it becomes a
/// Python object once, as whatever is returned does.
/// @tparam Yield   What it yields.
/// @tparam Send    What Python may send: `std::optional<Send> sent = co_yield value;`. void: nothing.
/// @tparam Return  What it co_returns: the value of the StopIteration. void: None.
template <class Yield, class Send = void, class Return = void>
class [[nodiscard]] Generator {
  static_assert(detail::check_generator<Yield, Send, Return>());

 public:
  Generator(Generator&&) noexcept = default;
  Generator& operator=(Generator&&) noexcept = default;
  ~Generator() = default;

 private:
  friend struct detail::GeneratorAccess;
  explicit Generator(detail::GeneratorFrame frame) noexcept : frame_(std::move(frame)) {}
  detail::GeneratorFrame frame_;
};

template <class Yield, class Send, class Return>
struct UngilTraits<Generator<Yield, Send, Return>> : std::false_type {};  // Its parameters may be anything.

namespace detail {

#if ADDER_STUBS
template <class Yield, class Send, class Return>
struct PythonType<Generator<Yield, Send, Return>> : SameType<PythonType<Generator<Yield, Send, Return>>> {
  static TypeText text() {
    return "collections.abc.Generator[" + listed(output_text<Yield>(), input_text<Send>(), output_text<Return>()) + "]";
  }
};
#endif

/// @tparam Closure  The lambda that the coroutine is; else void.
template <class Yield, class Send, class Return, class Closure>
class GeneratorPromiseOf : public SendingPromise<Send, Return> {
  using Step = typename SendingPromise<Send, Return>::Step;

 public:
  Generator<Yield, Send, Return> get_return_object() noexcept {
    // Asked here, as a closure's type is complete only behind its body.
    if constexpr (!std::is_void_v<Closure>) {
      static_assert(std::is_empty_v<Closure>,
                    "adder: a coroutine that returns a Generator runs when its call is over, and maybe when the lambda "
                    "that it is has gone with its captures: capture nothing, and hand the values over as parameters");
    }
    this->set_frame(std::coroutine_handle<GeneratorPromiseOf>::from_promise(*this));
    return GeneratorAccess::make<Generator<Yield, Send, Return>>(*this);
  }
  ADDER_INLINE Step yield_value(Yield value)
    requires IsScalar<Yield>
  {
    this->set_answer(Scalar<Yield>::store(value));
    return {this};
  }
  template <class U = Yield>
    requires(!IsScalar<Yield>)
  ADDER_INLINE Step yield_value(U&& value) {
    this->set_answer(generated<Yield>(std::forward<U>(value)));
    return {this};
  }
};

/// What is wrong with a parameter of a coroutine that is a generator.
template <class P>
constexpr bool check_generator_parameter() {
  if constexpr (std::is_reference_v<P>) {
    static_assert(is_lambda<std::remove_cvref_t<P>>(),
                  "adder: a coroutine that returns a Generator runs when its call is over: what a reference parameter "
                  "or `this` of a member function refers to is gone by then. Make it a free or static function that "
                  "takes values, and Py<T> for a Python object");
  } else if constexpr (!std::is_same_v<P, Python>) {
    static_assert(verdict<P>() != Verdict::gil_bound,
                  "adder: a coroutine that returns a Generator runs when its call is over, and so are the handles and "
                  "borrows that the call lends. Take Py<T> instead of Bound, Borrowed, PyRef, Args and the like; of "
                  "tokens, Python itself");
    static_assert(verdict<P>() == Verdict::gil_bound || Owning<P>,
                  "adder: a coroutine that returns a Generator runs when its call is over: what a view or a pointer "
                  "shows is gone by then. Take std::string, std::vector, PyBackedStr or Py<T>; or vouch for the view "
                  "with adder::ViewTraits");
    static_assert(std::is_nothrow_destructible_v<P>,
                  "adder: the destructor of a parameter of a coroutine that returns a Generator may not throw: it runs "
                  "where nobody can catch. Declare it noexcept, and hand errors to PyErr::write_unraisable");
  }
  return true;
}

/// The lambda that a coroutine with these parameters is: then it is the first of them.
template <class... P>
struct ClosureOf {
  using type = void;
};
template <class First, class... P>
  requires(std::is_reference_v<First> && is_lambda<std::remove_cvref_t<First>>())
struct ClosureOf<First, P...> {
  using type = std::remove_cvref_t<First>;
};

}  // namespace detail

template <class Yield, class Send, class Return>
struct IntoPyObject<Generator<Yield, Send, Return>> {
  static PyResult<Bound<PyAny>> into_py(Python py, Generator<Yield, Send, Return>&& generator) {
    return detail::generator_object(py, detail::GeneratorAccess::take(std::move(generator)));
  }
};

/// The type of all generators that are C++ coroutines.
template <>
struct PyClass<detail::GeneratorObject> {
  static constexpr auto name = "generator";
  static constexpr auto module = "adder";
  static constexpr bool weakref = true;
  static constexpr bool unsafe_send = true;
  static void define(ClassBuilder<detail::GeneratorObject>& cls);
};

}  // namespace adder::inline ADDER_ABI

namespace std {
/// Which coroutines are generators: those that return a Generator and own their parameters.
template <class Yield, class Send, class Return, class... P>
struct coroutine_traits<adder::Generator<Yield, Send, Return>, P...> {
  static_assert((adder::detail::check_generator_parameter<P>() && ...));
  using promise_type =
      adder::detail::GeneratorPromiseOf<Yield, Send, Return, typename adder::detail::ClosureOf<P...>::type>;
};
}  // namespace std

#if !ADDER_COMPILED
#include "adder/class/detail/generator_inl.hpp"
#endif
