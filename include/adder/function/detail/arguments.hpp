// SPDX-License-Identifier: MIT
/// @file
/// @brief The C entry points of bound functions. No C++ exception gets past them.
#pragma once
#include "adder/function/detail/bind_arguments.hpp"

namespace adder::inline ADDER_ABI::detail {

// --- What a callable looks like --------------------------------------------------------------------------------------

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
                "def<[](int x) { ... }>(\"name\"). A lambda with captures becomes a function by new_closure of "
                "adder/function/closure.hpp");
};
template <class F>
struct CallableOf {
  static_assert(always_false<F>,
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

/// bind_arguments for the function that is being called.
ADDER_NOINLINE inline bool bind_call(::PyObject* self, const FunctionRecord& first, ::PyObject* const* args,
                                     Py_ssize_t given, ::PyObject* names, ::PyObject** out) noexcept {
  return bind_arguments(record_for(self, first), args, given, names, out);
}
/// refuse_count for the same.
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

// --- Loading one argument --------------------------------------------------------------------------------------------

/// What parameters by value and by const reference have in common.
template <class P>
struct ValueParameter {
  using T = std::remove_cvref_t<P>;
  static_assert(!std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>,
                "adder: a bound function cannot change its argument through T&, unless T is a pyclass: take T or "
                "const T&");
};

/// Holds the C++ value of an argument, which @p Extract makes a PyResult of, for the duration of a call.
template <class P, auto Extract>
class ExtractingLoader : ValueParameter<P> {
  using typename ValueParameter<P>::T;

 public:
  // Not inlined: g++ 12 would take what the optional does not hold for used.
  ADDER_NOINLINE bool load(::PyObject* object, CallContext context, unsigned index) {
    const Borrowed<PyAny> any = peek(object);
    PyResult<T> result = Extract(any.as_bound());
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

/// Holds the C++ value of an argument of type P for the duration of a call. `load` sets a Python exception on failure.
template <class P>
class ArgumentLoader : public ExtractingLoader<P, &extract_from<std::remove_cvref_t<P>>> {};

template <>
class ArgumentLoader<Python> {
 public:
  static constexpr bool load(::PyObject*, CallContext, unsigned) noexcept { return true; }
  Python get() const noexcept { return token(); }
};
/// What a function defined in a module has for `self`: the module, or a capsule that leads to it.
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, ThisModule>
class ArgumentLoader<P> : ValueParameter<P> {
 public:
  bool load(::PyObject*, CallContext context, unsigned) {
    ::PyObject* module = context.self;
    if (PyCapsule_CheckExact(module)) module = static_cast<::PyObject*>(PyCapsule_GetContext(module));
    value_.emplace(borrow<PyModule>(module));
    return true;
  }
  P&& get() noexcept { return static_cast<P&&>(*value_); }

 private:
  std::optional<std::remove_cvref_t<P>> value_;
};
/// The class that a class method or factory is called on.
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, ThisClass>
class ArgumentLoader<P> : ValueParameter<P> {
 public:
  bool load(::PyObject*, CallContext context, unsigned) {
    value_.emplace(borrow<PyType>(context.self));
    return true;
  }
  P&& get() noexcept { return static_cast<P&&>(*value_); }

 private:
  std::optional<std::remove_cvref_t<P>> value_;
};
/// `*args` and `**kwargs`: objects that VariadicArguments made.
template <class P, class T>
class VariadicLoader : ValueParameter<P> {
 public:
  bool load(::PyObject* object, CallContext, unsigned) {
    value_.emplace(borrow<T>(object));
    return true;
  }
  P&& get() noexcept { return static_cast<P&&>(*value_); }

 private:
  std::optional<std::remove_cvref_t<P>> value_;
};
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, Args>
class ArgumentLoader<P> : public VariadicLoader<P, PyTuple> {};
template <class P>
  requires std::is_same_v<std::remove_cvref_t<P>, Kwargs>
class ArgumentLoader<P> : public VariadicLoader<P, PyDict> {};

template <class T>
ADDER_COLD bool refuse_scalar(CallContext context, unsigned index, Loaded how, ::PyObject* object) noexcept {
  set_scalar_error(context.record(), index, how, Scalar<T>::expected(), range_of<T>(), object);
  return false;
}

template <class P>
  requires IsScalar<std::remove_cvref_t<P>>
class ArgumentLoader<P> : ValueParameter<P> {
  using typename ValueParameter<P>::T;

 public:
  ADDER_INLINE_FOR_SPEED bool load(::PyObject* object, CallContext context, unsigned index) noexcept {
    const Loaded how = Scalar<T>::load(object, value_);
    if (how == Loaded::ok) [[likely]]
      return true;
    return refuse_scalar<T>(context, index, how, object);
  }
  P&& get() noexcept { return static_cast<P&&>(value_); }

 private:
  T value_{};
};

/// Text, in place: the view points into the argument, which the caller keeps alive.
template <>
class ArgumentLoader<std::string_view> {
 public:
  ADDER_INLINE bool load(::PyObject* object, CallContext context, unsigned index) noexcept {
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
  ADDER_INLINE bool load(::PyObject* object, CallContext context, unsigned index) {
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

/// An argument that is to be of its own type; see arg::strict().
template <class P>
class StrictLoader : public ArgumentLoader<P> {
  using T = std::remove_cvref_t<P>;
  static_assert(IsScalar<T>, "adder: strict() is for parameters of bool, integer and floating-point types");

 public:
  bool load(::PyObject* object, CallContext context, unsigned index) {
    if constexpr (IsScalar<T>) {
      if (!is_own_type(object)) [[unlikely]]
        return refuse_scalar<T>(context, index, Loaded::mismatch, object);
    }
    return ArgumentLoader<P>::load(object, context, index);
  }

 private:
  static bool is_own_type(::PyObject* object) noexcept {
    if constexpr (std::is_same_v<T, bool>) {
      return PyBool_Check(object) != 0;
    } else if constexpr (std::floating_point<T>) {
      return PyFloat_Check(object) != 0;
    } else {
      return PyLong_Check(object) != 0 && PyBool_Check(object) == 0;
    }
  }
};
/// An argument that a function of the user's converts; see arg::from_py_with().
template <class P, auto Function>
class ConvertingLoader : public ExtractingLoader<P, Function> {
  static_assert(std::is_invocable_r_v<PyResult<std::remove_cvref_t<P>>, decltype(Function), const Bound<PyAny>&>,
                "adder: from_py_with<F>: F takes const Bound<PyAny>& and returns what the parameter takes, or a "
                "PyResult of it");
};

template <class P, class How>
struct LoaderFor;
template <class P>
struct LoaderFor<P, Plain> {
  using type = ArgumentLoader<P>;
};
template <class P>
struct LoaderFor<P, Strict> {
  using type = StrictLoader<P>;
};
template <class P, auto Function>
struct LoaderFor<P, FromPyWith<Function>> {
  using type = ConvertingLoader<P, Function>;
};

// --- Scalars in small code -------------------------------------------------------------------------------------------

/// What an argument of a scalar type is loaded into, where one function loads the arguments of all bound functions.
union ScalarSlot {
  long long word;
  double real;
};
/// A number for each such type; zero for others, also for those of the same size.
template <class T, class... Known>
constexpr unsigned place_among(TypeList<Known...>) noexcept {
  unsigned place = 0, at = 0;
  ((++at, place = std::is_same_v<T, Known> ? at : place), ...);
  return place;
}
using SlotTypes = TypeList<std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t,
                           std::uint32_t, std::uint64_t, float, double, bool>;
template <class P>
inline constexpr unsigned scalar_code = place_among<std::remove_cvref_t<P>>(SlotTypes());
template <class T>
bool load_slot(ScalarSlot& slot, ::PyObject* object, CallContext context, unsigned index) noexcept {
  static_assert(sizeof(T) <= sizeof(ScalarSlot));
  const Loaded how = Scalar<T>::load(object, *::new (static_cast<void*>(&slot)) T);
  return how == Loaded::ok || refuse_scalar<T>(context, index, how, object);
}
using SlotLoader = bool (*)(ScalarSlot&, ::PyObject*, CallContext, unsigned) noexcept;
template <class List>
struct SlotLoaders;
template <class... T>
struct SlotLoaders<TypeList<T...>> {
  static constexpr SlotLoader all[] = {&load_slot<T>...};
};

/// The same with the count checked.
bool load_exactly(::PyObject* self, const FunctionRecord* first, ::PyObject* const* args, Py_ssize_t given,
                  unsigned count, std::uint64_t codes, ScalarSlot* slots) noexcept;
/// The same for a call that may come with keywords.
bool load_bound(::PyObject* self, const FunctionRecord* record, ::PyObject* const* args, Py_ssize_t given,
                ::PyObject* keywords, unsigned count, std::uint64_t codes, ScalarSlot* slots) noexcept;
#if defined(__OPTIMIZE_SIZE__)
inline constexpr bool prefers_small_code = true;
#else
inline constexpr bool prefers_small_code = false;
#endif

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

/// How a function is called, as far as the compiler has to know.
/// @tparam Hows  How each argument is converted, as a TypeList; an empty one where all are Plain.
template <bool ReleaseGil = false, class Hows_ = TypeList<>>
struct CallOptions {
  static constexpr bool release_gil = ReleaseGil;
  using Hows = Hows_;
};

template <class... List>
struct JoinedLists {
  using type = TypeList<>;
};
template <class... A, class... B, class... Rest>
struct JoinedLists<TypeList<A...>, TypeList<B...>, Rest...> : JoinedLists<TypeList<A..., B...>, Rest...> {};
template <class... A>
struct JoinedLists<TypeList<A...>> {
  using type = TypeList<A...>;
};
template <class E>
struct HowList {
  using type = TypeList<>;
};
template <class E>
  requires(ExtraOf<E>::kind == Extra::Kind::parameter)
struct HowList<E> {
  using type = TypeList<typename ExtraOf<E>::How>;
};
template <class List>
inline constexpr bool all_plainly = false;
template <class... How>
inline constexpr bool all_plainly<TypeList<How...>> = (std::is_same_v<How, Plain> && ...);

template <class... E>
struct OptionsOf {
  using Hows = typename JoinedLists<typename HowList<E>::type...>::type;
  using type = CallOptions<((ExtraOf<E>::kind == Extra::Kind::release_gil) || ...),
                           std::conditional_t<all_plainly<Hows>, TypeList<>, Hows>>;
};
template <>
struct OptionsOf<> {
  using type = CallOptions<>;
};

template <class Hows, std::size_t Place>
struct HowAt {
  using type = Plain;
};
template <class First, class... Rest>
struct HowAt<TypeList<First, Rest...>, 0> {
  using type = First;
};
template <class First, class... Rest, std::size_t Place>
  requires(Place != 0)
struct HowAt<TypeList<First, Rest...>, Place> : HowAt<TypeList<Rest...>, Place - 1> {};

template <std::size_t I, class L>
struct LoaderAt {
  L loader;
};

/// The conversion of all arguments of a call: left to right, and no further than the first failure.
template <class Parameters, class Options, class Indices>
struct ArgumentsImpl;
template <class... P, class Options, std::size_t... I>
struct ArgumentsImpl<TypeList<P...>, Options, std::index_sequence<I...>> {
  using Kinds = ParameterKinds<TypeList<P...>>;
  static constexpr std::size_t place(std::size_t index) noexcept {
    return Kinds::all_plain ? index : Kinds::place(index);
  }
  template <std::size_t Index, class Q>
  using Loader = typename LoaderFor<
      Q, typename HowAt<std::conditional_t<kind_of<Q> == ParameterKind::plain, typename Options::Hows, TypeList<>>,
                        place(Index)>::type>::type;

  /// Whether the arguments are loaded by the code that all functions share.
  static constexpr bool in_slots = prefers_small_code && sizeof...(P) != 0 && sizeof...(P) <= 16 &&
                                   ((scalar_code<P> != 0) && ...) && !Options::release_gil && Options::Hows::size == 0;
  static constexpr std::uint64_t codes = (std::uint64_t{0} | ... | (std::uint64_t{scalar_code<P>} << (I % 16 * 4)));

  /// A positional call of @p Target with arguments in slots.
  template <auto Target, class Result>
  ADDER_INLINE static ::PyObject* call_slots(::PyObject* self, const FunctionRecord* record, ::PyObject* const* args,
                                             Py_ssize_t given) {
    ScalarSlot slots[sizeof...(P)];
    if (!load_exactly(self, record, args, given, sizeof...(P), codes, slots)) return nullptr;
    // Not through a function for each step: modules of many bindings are compiled faster.
    if constexpr (std::is_void_v<Result>) {
      Target(*__builtin_launder(reinterpret_cast<const std::remove_cvref_t<P>*>(slots + I))...);
      Py_RETURN_NONE;
    } else if constexpr (IsScalar<Result>) {
      return Scalar<Result>::store(
          Target(*__builtin_launder(reinterpret_cast<const std::remove_cvref_t<P>*>(slots + I))...));
    } else {
      return return_to_python<Result>(
          Target(*__builtin_launder(reinterpret_cast<const std::remove_cvref_t<P>*>(slots + I))...));
    }
  }
  /// Calls the function @p Target with the arguments and returns what it returns, as Python sees it.
  template <auto Target, class Result>
  ADDER_INLINE static ::PyObject* call(::PyObject* const* args, CallContext context) {
    Loaders loaders;
    if (!load_all(loaders, args, context)) [[unlikely]]
      return nullptr;
    if constexpr (Options::release_gil) {
      return call_detached<Result>([&]() -> Result { return Target(get<I, P>(loaders)...); });
    } else if constexpr (std::is_void_v<Result>) {
      Target(get<I, P>(loaders)...);
      Py_RETURN_NONE;
    } else {
      return return_to_python<Result>(Target(get<I, P>(loaders)...));
    }
  }
  /// The same for any callable, which returns a new reference or null.
  template <class Call>
  ADDER_INLINE static ::PyObject* pass_to(Call&& call, ::PyObject* const* args, CallContext context) {
    Loaders loaders;
    if (!load_all(loaders, args, context)) [[unlikely]]
      return nullptr;
    return call(get<I, P>(loaders)...);
  }

 private:
  struct Loaders : LoaderAt<I, Loader<I, P>>... {};

  template <std::size_t Index, class Q>
  ADDER_INLINE static decltype(auto) get([[maybe_unused]] Loaders& loaders) {
    return static_cast<LoaderAt<Index, Loader<Index, Q>>&>(loaders).loader.get();
  }
  ADDER_INLINE static bool load_all([[maybe_unused]] Loaders& loaders, [[maybe_unused]] ::PyObject* const* args,
                                    [[maybe_unused]] CallContext context) {
    return (load_one<I, P>(static_cast<LoaderAt<I, Loader<I, P>>&>(loaders).loader, args, context) && ...);
  }
  template <std::size_t Index, class Q, class L>
  ADDER_INLINE static bool load_one(L& loader, ::PyObject* const* args, CallContext context) {
    if constexpr (!takes_argument(kind_of<Q>)) {
      return loader.load(nullptr, context, 0);
    } else {
      constexpr std::size_t at = place(Index);
      return loader.load(args[at], context, static_cast<unsigned>(at));
    }
  }

 public:
  /// Calls @p call without the GIL. What crosses has been found to be Ungil.
  template <class Result, class Call>
  static ::PyObject* call_detached(Call&& call) {
    ((void)MustBeUngil<P>{}, ...);
    if constexpr (std::is_void_v<Result>) {
      token().allow_threads_unchecked(call);
      Py_RETURN_NONE;
    } else {
      (void)MustBeUngil<Result>{};
      return return_to_python<Result>(token().allow_threads_unchecked(call));
    }
  }
};
template <class Parameters, class Options = CallOptions<>>
using Arguments = ArgumentsImpl<Parameters, Options, std::make_index_sequence<Parameters::size>>;

/// Everything that is static about one bound callable. Owner distinguishes the classes it is bound in.
template <auto Target, class Options, class Owner>
ADDER_HIDDEN inline constinit RecordStorage<ParameterKinds<typename CallableOf<decltype(Target)>::Parameters>::count>
    record_storage{};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/function/detail/arguments_inl.hpp"
#endif
