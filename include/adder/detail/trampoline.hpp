// SPDX-License-Identifier: MIT
/// @file
/// @brief The C entry points of bound functions. No C++ exception gets past them.
#pragma once
#include "adder/detail/extract_args.hpp"

namespace adder::inline ADDER_ABI::detail {

// --- What a callable looks like --------------------------------------------------------------------------------------

/// Receiver is void for free functions, else the class with its const and reference qualifiers.
template <class R, class Receiver_, class... P>
struct Callable {
  using Result = R;
  using Receiver = Receiver_;
  using Parameters = TypeList<P...>;
};

template <class F>
struct CallableOf {
  static_assert(always_false<F>,
                "adder: def takes a function, a member function, or a lambda without captures, that is not "
                "overloaded. Pick an overload with static_cast");
};
template <class R, class... P>
struct CallableOf<R (*)(P...)> : Callable<R, void, P...> {};
template <class R, class... P>
struct CallableOf<R (*)(P...) noexcept> : Callable<R, void, P...> {};
// clang-format off
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...)> : Callable<R, C&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) &> : Callable<R, C&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) const> : Callable<R, const C&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) const&> : Callable<R, const C&, P...> {};
template <class R, class C, class... P> struct CallableOf<R (C::*)(P...) &&> : Callable<R, C&&, P...> {};
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

/// Parameters that adder fills in and Python does not see.
template <class P>
inline constexpr bool is_injected = std::is_same_v<std::remove_cvref_t<P>, Python>;

template <class List>
inline constexpr std::size_t visible_count = 0;
template <class... P>
inline constexpr std::size_t visible_count<TypeList<P...>> = (std::size_t{0} + ... + (is_injected<P> ? 0 : 1));

/// Where parameter I stands among the visible ones.
template <class... P>
constexpr std::size_t visible_index(std::size_t parameter) {
  constexpr bool injected[] = {is_injected<P>..., false};
  std::size_t index = 0;
  for (std::size_t i = 0; i < parameter; ++i) index += injected[i] ? 0 : 1;
  return index;
}

/// The function's record: the static one, or of further bindings of the same function the one that `self` carries.
inline const FunctionRecord& record_for(::PyObject* self, const FunctionRecord& first) noexcept {
  if (self != nullptr && PyCapsule_CheckExact(self)) {
    if (void* record = PyCapsule_GetPointer(self, "adder.FunctionRecord")) {
      return *static_cast<const FunctionRecord*>(record);
    }
    PyErr_Clear();
  }
  return first;
}

/// Which function is being called; looked at only when something is wrong.
struct CallContext {
  ::PyObject* self;
  const FunctionRecord* first;
  const FunctionRecord& record() const noexcept { return record_for(self, *first); }
};

// --- Loading one argument --------------------------------------------------------------------------------------------

/// Holds the C++ value of an argument of type P for the duration of a call. `load` sets a Python exception on failure.
template <class P>
class ArgumentLoader {
  using T = std::remove_cvref_t<P>;
  static_assert(!std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>,
                "adder: a bound function cannot change its argument through T&, unless T is a pyclass: take T or "
                "const T&");

 public:
  bool load(::PyObject* object, const CallContext& context, unsigned index) {
    const Borrowed<PyAny> any = peek(object);
    PyResult<T> result = extract_from<T>(any.as_bound());
    if (result.is_err()) [[unlikely]] {
      set_argument_error(context.record(), index, result.error());
      return false;
    }
    value_.emplace(std::move(result).value());
    return true;
  }
  P&& get() noexcept { return static_cast<P&&>(*value_); }

 private:
  std::optional<T> value_;
};

template <>
class ArgumentLoader<Python> {
 public:
  static bool load(::PyObject*, const CallContext&, unsigned) noexcept { return true; }
  Python get() const noexcept { return token(); }
};

template <class P>
  requires IsScalar<std::remove_cvref_t<P>>
class ArgumentLoader<P> {
  using T = std::remove_cvref_t<P>;
  static_assert(!std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>,
                "adder: a bound function cannot change its argument through T&, unless T is a pyclass: take T or "
                "const T&");

 public:
  ADDER_INLINE bool load(::PyObject* object, const CallContext& context, unsigned index) noexcept {
    const Loaded how = Scalar<T>::load(object, value_);
    if (how == Loaded::ok) [[likely]]
      return true;
    set_scalar_error(context.record(), index, how, Scalar<T>::expected(), range_of<T>(), object);
    return false;
  }
  P&& get() noexcept { return static_cast<P&&>(value_); }

 private:
  T value_{};
};

/// Text, in place: the view points into the argument, which the caller keeps alive.
template <>
class ArgumentLoader<std::string_view> {
 public:
  ADDER_INLINE bool load(::PyObject* object, const CallContext& context, unsigned index) noexcept {
    if (!PyUnicode_Check(object)) [[unlikely]] {
      set_scalar_error(context.record(), index, Loaded::mismatch, "str", "", object);
      return false;
    }
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(object, &size);
    if (text == nullptr) [[unlikely]] {
      set_scalar_error(context.record(), index, Loaded::raised, "str", "", object);
      return false;
    }
    text_ = {text, static_cast<std::size_t>(size)};
    return true;
  }
  std::string_view get() const noexcept { return text_; }

 private:
  std::string_view text_;
};
template <>
class ArgumentLoader<const std::string_view&> : public ArgumentLoader<std::string_view> {};

/// The universal parameter, and borrowed handles: the caller's reference is lent, no count changes.
template <class T>
class HandleLoader {
 public:
  ADDER_INLINE bool load(::PyObject* object, const CallContext& context, unsigned index) {
    if (!PyTypeInfo<T>::is_type_of(object)) [[unlikely]] {
      set_argument_error(context.record(), index, PyErr::Access::mismatch(PyTypeInfo<T>::name(), object));
      return false;
    }
    object_ = object;
    return true;
  }

 protected:
  ::PyObject* object_ = nullptr;
};
template <class T>
class ArgumentLoader<const Bound<T>&> : public HandleLoader<T> {
 public:
  const Bound<T>& get() noexcept { return borrowed_.emplace(peek<T>(this->object_)).as_bound(); }

 private:
  std::optional<Borrowed<T>> borrowed_;
};
template <class T>
class ArgumentLoader<Borrowed<T>> : public HandleLoader<T> {
 public:
  Borrowed<T> get() noexcept { return peek<T>(this->object_); }
};

// --- The call --------------------------------------------------------------------------------------------------------

/// A C++ result as a new reference, or null with an exception pending.
template <class R>
ADDER_INLINE ::PyObject* return_to_python(R&& result) {
  using T = std::remove_cvref_t<R>;
  if constexpr (is_specialization<T, PyResult>) {
    if (result.is_err()) [[unlikely]] {
      result.error().restore(token());
      return nullptr;
    }
    if constexpr (std::is_void_v<typename T::value_type>) {
      Py_RETURN_NONE;
    } else {
      return return_to_python(std::forward<R>(result).value());
    }
  } else if constexpr (IsScalar<T>) {
    return Scalar<T>::store(result);
  } else {
    static_assert(!std::is_same_v<T, ::PyObject*>, "adder: return a handle instead of a raw PyObject*");
    return into_ptr_or_pending(std::forward<R>(result));
  }
}

template <std::size_t I, class P>
struct LoaderAt {
  ArgumentLoader<P> loader;
};
template <class Sequence, class... P>
struct Loaders;
/// The loaders of all parameters; loads left to right and stops at the first failure.
template <std::size_t... I, class... P>
struct Loaders<std::index_sequence<I...>, P...> : LoaderAt<I, P>... {
  ADDER_INLINE bool load([[maybe_unused]] ::PyObject* const* args, [[maybe_unused]] const CallContext& context) {
    return (load_one<I, P>(args, context) && ...);
  }
  /// Calls the function @p Target.
  template <auto Target>
  ADDER_INLINE ::PyObject* call() {
    if constexpr (std::is_void_v<decltype(Target(std::declval<ArgumentLoader<P>&>().get()...))>) {
      Target(LoaderAt<I, P>::loader.get()...);
      Py_RETURN_NONE;
    } else {
      return return_to_python(Target(LoaderAt<I, P>::loader.get()...));
    }
  }
  /// Calls the member function @p Target.
  template <auto Target, class Receiver>
  ADDER_INLINE ::PyObject* call_on(Receiver&& receiver) {
    if constexpr (std::is_void_v<decltype((std::forward<Receiver>(receiver).*
                                           Target)(std::declval<ArgumentLoader<P>&>().get()...))>) {
      (std::forward<Receiver>(receiver).*Target)(LoaderAt<I, P>::loader.get()...);
      Py_RETURN_NONE;
    } else {
      return return_to_python((std::forward<Receiver>(receiver).*Target)(LoaderAt<I, P>::loader.get()...));
    }
  }
  /// Calls @p call with the C++ values.
  template <class Call>
  ADDER_INLINE decltype(auto) pass_to(Call&& call) {
    return call(LoaderAt<I, P>::loader.get()...);
  }

 private:
  template <std::size_t At, class Q>
  ADDER_INLINE bool load_one([[maybe_unused]] ::PyObject* const* args, [[maybe_unused]] const CallContext& context) {
    if constexpr (is_injected<Q>) {
      return true;
    } else {
      constexpr std::size_t index = visible_index<P...>(At);
      return LoaderAt<At, Q>::loader.load(args[index], context, static_cast<unsigned>(index));
    }
  }
};
template <class List>
struct LoadersFor;
template <class... P>
struct LoadersFor<TypeList<P...>> {
  using type = Loaders<std::index_sequence_for<P...>, P...>;
};

/// Everything that is static about one bound callable. Owner distinguishes the classes it is bound in.
template <auto Target, class Owner>
struct ADDER_HIDDEN BindingStorage {
  static constexpr std::size_t arity = visible_count<typename CallableOf<decltype(Target)>::Parameters>;
  static inline constinit Parameter parameters[arity == 0 ? 1 : arity] = {};
  static inline constinit FunctionRecord static_record{};
};

}  // namespace adder::inline ADDER_ABI::detail
