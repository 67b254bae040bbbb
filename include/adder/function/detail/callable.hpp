// SPDX-License-Identifier: MIT
/// @file
/// @brief What a C++ callable looks like: its parameters, result and receiver; and which function is being called.
#pragma once
#include "adder/function/detail/bind_arguments.hpp"

#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

/// Receiver is void for free functions, else the class with its const and reference qualifiers.
template <class R, class Receiver_, class... P>
struct Callable {
  using Result = R;
  using Receiver = Receiver_;
  using Parameters = TypeList<P...>;
};

/// For those who write def("name", &function).
template <class F>
struct NotATemplateArgument {
  static_assert(always_false<F>,
                "adder: what def binds is a template argument: write def<&function>(\"name\"), or "
                "def<[](int x) { ... }>(\"name\"). A function with a state, not a lambda with captures, is made by "
                "new_closure of adder/function/closure.hpp");
};
/// What pybind11 and nanobind call the methods of the builders: they say what to write. One name stands for its kin.
struct ClassNamesElsewhere {
  template <class... A>
  static void def_readwrite(A&&...) {
    static_assert(always_false<TypeList<A...>>, "adder: a field is bound by field<&T::x>(\"x\")");
  }
  template <class... A>
  static void def_readonly(A&&...) {
    static_assert(always_false<TypeList<A...>>,
                  "adder: what can only be read is bound by getter<&T::x>(\"x\"), of a field or a function");
  }
  template <class... A>
  static void def_property(A&&...) {
    static_assert(always_false<TypeList<A...>>,
                  "adder: a property is bound by getter<&T::x>(\"x\") and setter<&T::set_x>(\"x\")");
  }
  template <class... A>
  static void def_static(A&&...) {
    static_assert(always_false<TypeList<A...>>, "adder: a static method is bound by def_staticmethod<&T::f>(\"f\")");
  }
  // clang-format off
  template <class... A> static void def_rw(A&&... a) { def_readwrite(a...); }
  template <class... A> static void def_ro(A&&... a) { def_readonly(a...); }
  template <class... A> static void def_property_readonly(A&&... a) { def_readonly(a...); }
  template <class... A> static void def_prop_ro(A&&... a) { def_readonly(a...); }
  template <class... A> static void def_prop_rw(A&&... a) { def_property(a...); }
  // clang-format on
};
struct ModuleNamesElsewhere {
  template <class... A>
  static int& attr(A&&...) {
    static_assert(always_false<TypeList<A...>>, "adder: a module gets an attribute by add(\"name\", value)");
    __builtin_unreachable();  // No further message, about a function without a result.
  }
  template <class... A>
  static int& def_submodule(A&&...) {
    static_assert(always_false<TypeList<A...>>,
                  "adder: a submodule is made by add_submodule(\"name\", [](ModuleBuilder& sub) { ... })");
    __builtin_unreachable();
  }
};
template <class F>
struct CallableOf {
  using Result = void;  // For no further message about what is missing. clang reads no member behind a false assertion.
  using Receiver = void;
  using Parameters = TypeList<>;
  static_assert(!std::is_class_v<F>,
                "adder: def takes no generic lambda, and no functor with several call operators: what Python passes is "
                "converted to the types of the parameters. Write them: [](int x) { ... }");
  static_assert(std::is_class_v<F>,
                "adder: def takes a function, a member function, or a lambda without captures, that is not "
                "overloaded. Pick an overload with static_cast");
};
template <class R, class... P>
struct CallableOf<R (*)(P...)> {  // As a Callable; modules of many functions are compiled faster without a base.
  using Result = R;
  using Receiver = void;
  using Parameters = TypeList<P...>;
};
template <class R, class... P>
struct CallableOf<R (*)(P...) noexcept> : Callable<R, void, P...> {};
// clang-format off
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...)> : Callable<R, C&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) &> : Callable<R, C&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) const> : Callable<R, const C&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) const&> : Callable<R, const C&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) &&> : Callable<R, C&&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) const&&> : Callable<R, const C&&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) const&& noexcept> : Callable<R, const C&&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) noexcept> : Callable<R, C&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) & noexcept> : Callable<R, C&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) const noexcept> : Callable<R, const C&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) const& noexcept> : Callable<R, const C&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) && noexcept> : Callable<R, C&&, P...> {};
// clang-format on

/// A lambda or functor: what its call operator takes, without itself.
template <class CallOperator>
struct WithoutReceiver;
template <class CallOperator>
  requires requires { typename CallableOf<CallOperator>::Receiver; }
struct WithoutReceiver<CallOperator> {
  template <class... P>
  static Callable<typename CallableOf<CallOperator>::Result, void, P...> of(TypeList<P...>);
  using type = decltype(of(typename CallableOf<CallOperator>::Parameters{}));
};
template <class F>
  requires requires { &F::operator(); }
struct CallableOf<F> : WithoutReceiver<decltype(&F::operator())>::type {};

ADDER_COLD_CALL const FunctionRecord& record_in(::PyObject* capsule, const FunctionRecord& first) noexcept;
/// The function's record: the static one, or of further bindings of the same function the one that `self` carries.
ADDER_INLINE const FunctionRecord& record_for(::PyObject* self, const FunctionRecord& first) noexcept {
  if (self != nullptr && PyCapsule_CheckExact(self)) [[unlikely]]
    return record_in(self, first);
  return first;
}

/// refuse_count for the function that is being called.
ADDER_COLD inline ::PyObject* refuse_call(::PyObject* self, const FunctionRecord& first, ::PyObject* const* args,
                                          Py_ssize_t given) noexcept {
  return refuse_count(record_for(self, first), args, given);
}

/// Which function is being called; looked at only when something is wrong.
struct CallContext {
  ::PyObject* self;
  const FunctionRecord* first;
  const FunctionRecord& record() const noexcept { return record_for(self, *first); }
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/function/detail/callable_inl.hpp"
#endif
