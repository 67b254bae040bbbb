// SPDX-License-Identifier: MIT
/// @file
/// @brief Arguments: all arguments of a call as C++ values, the call, and its result as an object.
#pragma once
#include "adder/function/detail/defaults.hpp"
#include "adder/function/detail/slots.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// A function's result that refers to the value of a pyclass. Python has a copy or an object, nothing between.
template <class R>
concept RefersToPyClass = std::is_lvalue_reference_v<R> && IsPyClass<std::remove_cvref_t<R>>;

/// A C++ result as a new reference, or null with an exception pending.
template <class R>
ADDER_INLINE ::PyObject* return_to_python(R&& result) {
  using T = std::remove_cvref_t<R>;
  if constexpr (RefersToPyClass<R&&>) {
    static_assert(always_false<R>,
                  "adder: a bound function returns a reference to a pyclass, which Python cannot hold. Return it by "
                  "value, which copies it, or return the Python object, as a Bound<T>, or bind it as a live part of an "
                  "argument, def<part_of<&f>>, with \"adder/class/part.hpp\". Only a method may return a reference, to "
                  "its own object");
    return nullptr;
  } else if constexpr (is_specialization<T, PyResult>) {
    if (result.is_err()) [[unlikely]] {
      result.error().restore(token());
      return nullptr;
    }
    if constexpr (std::is_void_v<typename T::value_type>) {
      Py_RETURN_NONE;
    } else if constexpr (std::is_lvalue_reference_v<R>) {
      return into_ptr_or_pending(result.value());
    } else {
      return return_to_python(std::move(result.value()));
    }
  } else if constexpr (IsScalar<T>) {
    return Scalar<T>::store(result);
  } else {
    return into_ptr_or_pending(std::forward<R>(result));
  }
}

/// A scalar that a function returns, while what the function borrowed is given back: no object of Python's is made in
/// between, so most compilers see that nobody else can have looked. Of other results nothing; nor in small code, where
/// the number would have to be kept over a call.
template <class R, class T = std::remove_cvref_t<R>>
inline constexpr bool returns_scalar = IsScalar<T> && !prefers_small_code;
struct NoScalar {};
template <class R>
using ScalarResult =
    typename std::conditional_t<returns_scalar<R>, std::remove_cvref<R>, std::type_identity<NoScalar>>::type;

/// How a function is called, as far as the compiler has to know.
/// @tparam Hows_  How each argument is converted, as a TypeList; an empty one where all are Plain.
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

/// Whether a parameter is a reference to an object that has to be waited for; class/detail/in_order.hpp, as the next:
template <class P>
inline constexpr bool is_locked_reference = false;
/// A call with several of them.
template <class Parameters, class Options>
struct LockingInOrder;
template <class... P>
constexpr bool several_locked() {
  if constexpr (sizeof...(P) < 2) {
    return false;
  } else {
    return (0 + ... + static_cast<int>(is_locked_reference<P>)) > 1;
  }
}

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

  /// A call of @p Target with arguments in slots.
  template <auto Target, class Result>
  ADDER_INLINE static ::PyObject* call_slots(ScalarSlot* slots) {
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
    if constexpr (several_locked<P...>()) {
      return LockingInOrder<TypeList<P...>, Options>::template call<Target, Result>(args, context);
    } else {
      [[maybe_unused]] ScalarResult<Result> scalar;
      {
        Loaders loaders;
        if (!load_all(loaders, args, context)) [[unlikely]]
          return nullptr;
        if constexpr (Options::release_gil) {
          const auto target = [&]() -> Result { return Target(get<I, P>(loaders)...); };
          if constexpr (std::is_void_v<Result>) {
            detached<Result>(target);
            Py_RETURN_NONE;
          } else {
            return return_to_python<Result>(detached<Result>(target));
          }
        } else if constexpr (std::is_void_v<Result>) {
          Target(get<I, P>(loaders)...);
          Py_RETURN_NONE;
        } else if constexpr (returns_scalar<Result>) {
          scalar = Target(get<I, P>(loaders)...);
        } else {
          return return_to_python<Result>(Target(get<I, P>(loaders)...));
        }
      }
      if constexpr (returns_scalar<Result> && !Options::release_gil) {
        return Scalar<ScalarResult<Result>>::store(scalar);
      }
    }
  }
  /// The same for any callable, which returns a new reference or null.
  template <class Call>
  ADDER_INLINE static ::PyObject* pass_to(Call&& call, ::PyObject* const* args, CallContext context) {
    if constexpr (several_locked<P...>()) {
      return LockingInOrder<TypeList<P...>, Options>::pass_to(call, args, context);
    } else {
      Loaders loaders;
      if (!load_all(loaders, args, context)) [[unlikely]]
        return nullptr;
      return call(get<I, P>(loaders)...);
    }
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
  static Result detached(Call&& call) {
    ((void)std::conditional_t<crosses_as_argument<std::remove_cvref_t<P>>, std::true_type, MustBeUngil<P>>{}, ...);
    if constexpr (!std::is_void_v<Result>) (void)MustBeUngil<Result>{};
    return token().allow_threads_unchecked(call);
  }
};
template <class Parameters, class Options = CallOptions<>>
using Arguments = ArgumentsImpl<Parameters, Options, std::make_index_sequence<Parameters::size>>;

/// Everything that is static about one bound callable. Owner distinguishes the classes it is bound in.
template <auto Target, class Options, class Owner>
ADDER_HIDDEN inline constinit RecordStorage<ParameterKinds<typename CallableOf<decltype(Target)>::Parameters>::count>
    record_storage{};

}  // namespace adder::inline ADDER_ABI::detail
