// SPDX-License-Identifier: MIT
/// @file
/// @brief new_closure(): a C++ function together with a state of its own, as a Python function. Not part of adder.hpp.
#pragma once
#include "adder/base/detail/borrow_flag.hpp"
#include "adder/function/function.hpp"
#include "adder/gc/traverse.hpp"
#include "adder/token/stored.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// The state of a closure and the description of its function, which die together.
template <class State, std::size_t Count>
struct Closure : FunctionRecord {
  explicit Closure(State&& value) : state(std::move(value)) {}
  Closure(const Closure&) = delete;
  Closure& operator=(const Closure&) = delete;
  ~Closure() {
    for (std::size_t i = 0; i < Count; ++i) {
      Py_XDECREF(own_parameters[i].interned);
      Py_XDECREF(own_parameters[i].default_value);
    }
    delete[] name;
  }

  Parameter own_parameters[Count == 0 ? 1 : Count];
  BorrowFlag flag;
  State state;
};

/// What depends on the type of the state.
struct ClosureOperations {
  int (*traverse)(FunctionRecord& closure, visitproc visit, void* arg);
  void (*clear)(FunctionRecord& closure);
  void (*destroy)(FunctionRecord& closure);
};
/// The `__self__` of a closure's function: owns the closure and shows its state to the garbage collector.
struct ClosureObject {
  ::PyObject header;
  FunctionRecord* closure;
  const ClosureOperations* operations;

  static ClosureObject& of(::PyObject* self) noexcept { return *reinterpret_cast<ClosureObject*>(self); }
  static int traverse(::PyObject* self, visitproc visit, void* arg) noexcept;
  static int clear(::PyObject* self) noexcept;
  static void deallocate(::PyObject* self) noexcept;
  /// The type, made at its first use and kept for good.
  static ::PyTypeObject* type();
  /// A new reference, which owns @p closure from then on.
  static ::PyObject* make(FunctionRecord& closure, const ClosureOperations& operations);
};

/// What the first parameter of a closure's function says, and the others.
template <class Parameters>
struct ClosureParameters {
  static_assert(always_false<Parameters>,
                "adder: a closure's function takes its state first, as State& or const State&");
};
template <class First, class... P>
struct ClosureParameters<TypeList<First, P...>> {
  using State = std::remove_cvref_t<First>;
  using Others = TypeList<P...>;
  static constexpr bool shared = std::is_const_v<std::remove_reference_t<First>>;
  static_assert(std::is_lvalue_reference_v<First>,
                "adder: a closure's function takes its state first, as State& or const State&");
};

template <class State>
constexpr void check_state() {
  static_assert(
      verdict<State>() != Verdict::gil_bound,
      "adder: the state of a closure may not hold a token or a GIL-bound handle: it would outlive the GIL. Hold "
      "Py<T>");
  static_assert(std::is_nothrow_destructible_v<State>,
                "adder: the destructor of a closure's state may not throw, and is public: it runs where nobody can "
                "catch. Declare it noexcept, and hand errors to PyErr::write_unraisable");
  static_assert(Owning<State>,
                "adder: a closure owns its state: a pointer or a view may lead to what is gone by the time of a call. "
                "Make it a value, such as std::string, std::vector, PyBackedStr or Py<T>; or vouch for it with "
                "adder::ViewTraits");
  static_assert(type_name<State>().find("lambda") == std::string_view::npos,
                "adder: adder cannot see what a lambda has captured: make the state a struct");
}

/// @tparam Target  The function; @p Options  how its arguments are converted.
template <auto Target, class Options>
struct ADDER_HIDDEN ClosureBinding {
  using Signature = CallableOf<decltype(Target)>;
  using Split = ClosureParameters<typename Signature::Parameters>;
  using State = typename Split::State;
  using Result = typename Signature::Result;
  static constexpr std::size_t count = ParameterKinds<typename Split::Others>::count;
  using Content = Closure<State, count>;

  static ::PyObject* entry(::PyObject* self, ::PyObject* const* args, Py_ssize_t given, ::PyObject* names) noexcept {
    Content& closure = of(self);
    ::PyObject* bound[count + 2];
    const VariadicArguments further(closure.shape, args, given, bound);
    if (!further.made() || !bind_arguments(closure, args, given, names, bound)) return nullptr;
    return invoke(closure, bound);
  }
  static constexpr ClosureOperations operations{
      [](FunctionRecord& closure, visitproc visit, void* arg) {
        // Who changes the state may have left it in pieces.
        Content& content = static_cast<Content&>(closure);
        return content.flag.is_borrowed() ? 0 : VisitAccess::visit_value(content.state, visit, arg);
      },
      [](FunctionRecord& closure) {
        Content& content = static_cast<Content&>(closure);
        if (content.flag.try_clear()) clear_value(content.state);
      },
      [](FunctionRecord& closure) { delete &static_cast<Content&>(closure); }};

 private:
  static Content& of(::PyObject* self) noexcept { return static_cast<Content&>(*ClosureObject::of(self).closure); }
  static ::PyObject* invoke(Content& closure, ::PyObject* const* args) noexcept {
    try {
      return Arguments<typename Split::Others, Options>::pass_to(
          [&closure](auto&&... values) -> ::PyObject* {
            const Borrow borrow(closure);
            if constexpr (Options::release_gil) {
              (void)MustBeUngil<State>{};
              using Call = Arguments<typename Split::Others, Options>;
              const auto target = [&]() -> Result {
                return Target(closure.state, std::forward<decltype(values)>(values)...);
              };
              if constexpr (std::is_void_v<Result>) {
                Call::template detached<Result>(target);
                Py_RETURN_NONE;
              } else {
                return return_to_python<Result>(Call::template detached<Result>(target));
              }
            } else if constexpr (std::is_void_v<Result>) {
              Target(closure.state, std::forward<decltype(values)>(values)...);
              Py_RETURN_NONE;
            } else {
              return return_to_python<Result>(Target(closure.state, std::forward<decltype(values)>(values)...));
            }
          },
          args, CallContext{nullptr, &closure});
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  /// A call that changes the state excludes others, such as one from a callback inside it.
  struct Borrow {
    explicit Borrow(Content& content) : closure(content) {
      const bool granted = Split::shared ? closure.flag.try_share() : closure.flag.try_exclude();
      if (granted) return;
      std::string text = closure.flag.held() == Held::cleared ? "Taken apart by the garbage collector"
                         : Split::shared                      ? "Already mutably borrowed"
                                                              : "Already borrowed";
      throw PyErr::Access::lazy(PyExc_RuntimeError,
                                text.append(": the state of the closure '").append(closure.name).append("'"));
    }
    Borrow(const Borrow&) = delete;
    Borrow& operator=(const Borrow&) = delete;
    ~Borrow() {
      if (Split::shared) {
        closure.flag.end_share();
      } else {
        closure.flag.end_exclude();
      }
    }
    Content& closure;
  };
};

/// The Python function of a closure, which is taken over; its `__module__` may be null.
/// @tparam Parameters  Those that Python passes.
template <class Binding, class Parameters, class... E>
Bound<PyBuiltinFunction> make_closure(Shape shape, typename Binding::Content* content, ::PyObject* module_name,
                                      const char* name, const E&... extra) {
  struct Unfinished {  // Until the object owns it.
    typename Binding::Content* content;
    ~Unfinished() { delete content; }
  } made{content};
  Extras<sizeof...(E)> extras;
  describe_all(extras, extra...);
  if constexpr (any_default<E...>) DefaultsOf<Parameters, E...>::enter(extras.all);
  Description description{name, "", "$module", extras.all, sizeof...(E)};
  description.is_private = true;
  fill_record(*made.content, shape, as_cfunction(&Binding::entry), METH_FASTCALL | METH_KEYWORDS,
              made.content->own_parameters, description);
  FunctionRecord* record = made.content;
  const auto self = steal(ClosureObject::make(*record, Binding::operations));
  made.content = nullptr;
  return steal<PyBuiltinFunction>(
      non_null(guard_rare_unwind([&] { return PyCFunction_NewEx(&record->def, self.as_ptr(), module_name); })));
}

}  // namespace detail

/// @brief A Python function that owns a C++ state, which dies with it:
/// `new_closure<[](Total& total, double x) { return total.sum += x; }>(py, "add", Total{}, arg("x"))`.
///
/// The state is borrowed for each call, shared where the function takes `const State&`, exclusively where it takes
/// `State&`: a call that meets another one in the wrong mode is a RuntimeError. The garbage collector finds the handles
/// in the state as it finds those in pyclasses; see class/collect.hpp.
/// @tparam Target  A function or captureless lambda. Takes the state first, then what Python passes.
/// @param py     The token.
/// @param name   The function's name.
/// @param state  Moved in. Holds no token, GIL-bound handle, pointer or view.
/// @param extra  As for ModuleBuilder::def.
/// @pyo3{PyCFunction::new_closure}
template <auto Target, class State, class... E>
Bound<PyBuiltinFunction> new_closure(Python py, const char* name, State state, const E&... extra) {
  (void)py;
  using Binding = detail::ClosureBinding<Target, typename detail::OptionsOf<E...>::type>;
  static_assert(std::is_same_v<State, typename Binding::State>,
                "adder: the state is of another type than the function's first parameter");
  detail::check_state<State>();
  constexpr detail::Shape shape = detail::ShapeOf<typename Binding::Split::Others, E...>::shape;
  static_assert(!shape.module, "adder: only functions of a module can take ThisModule");
  static_assert(!shape.this_class,
                "adder: ThisClass is for class methods and factories: this function is called on no class");
  return detail::make_closure<Binding, typename Binding::Split::Others>(
      shape, new typename Binding::Content(std::move(state)), nullptr, name, extra...);
}

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/function/detail/closure_inl.hpp"
#endif
