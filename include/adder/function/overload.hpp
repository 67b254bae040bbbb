// SPDX-License-Identifier: MIT
/// @file
/// @brief Several C++ functions under one Python name: `m.def<overload<&area_of_square, &area_of_circle>>("area")`. Not
/// part of adder.hpp.
///
/// A call goes to the function that its arguments fit best, whatever the order in which they are listed:
///
/// | rank                | the argument                                                                              |
/// |---------------------|-------------------------------------------------------------------------------------------|
/// | exact type          | `int` for integers, `float` for floating point, `str` for text, an instance of the class;  |
/// |                     | the members of an enum, whatever else they are                                            |
/// | subclass            | `bool` or another subclass of `int` for integers, an instance of a subclass                |
/// | lossless conversion | an `int` that a floating-point type holds exactly, an object with `__index__` for integers |
/// | other conversion    | what else FromPyObject takes, such as containers; a from_py_with                           |
/// | anything            | `const Bound<PyAny>&`, `*args`, `**kwargs`                                                 |
/// | lossy conversion    | what a floating-point type has to round, and other objects with `__float__`                |
///
/// The worst rank of a call's arguments counts, then their sum; then the wider numbers, signed before unsigned, so that
/// `double` comes before `float`. No function, or two that fit equally well, are a TypeError that lists all of them
/// with the reason. What one function takes, it takes in a set, too, unless another fits better.
///
/// Where the types of the arguments alone say that one function fits exactly, and no other does, it is called at once.
/// Else arguments are tried on several functions and may be converted more than once: `__index__` and the like should
/// have no side effects. What they raise, other than TypeError, ValueError and OverflowError, ends the call. That an
/// attribute or key is missing which a struct's field is read from does not.
#pragma once
#include "adder/function/detail/rank.hpp"
#include "adder/function/function.hpp"

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

template <auto... Functions>
struct OverloadSet {
  static_assert(sizeof...(Functions) >= 2, "adder: an overload set has at least two functions");
};

/// A constructor in place of a function.
template <class... P>
struct ConstructorOf {};

template <class... E>
struct SignatureExtras {
  std::tuple<E...> extras;
};

}  // namespace detail

/// @brief The functions, or member functions of one class, that share a Python name: the template argument of `def`.
template <auto... Functions>
inline constexpr detail::OverloadSet<Functions...> overload;

/// @brief A constructor among the functions of an overload set: `cls.def_new<overload<constructor<int>, &make>>()`.
template <class... P>
inline constexpr detail::ConstructorOf<P...> constructor;

/// @brief What def says about one function of an overload set: `signature(arg("x"), arg("y") = 1)`. One for each
/// function, in their order, or none at all.
template <class... E>
constexpr detail::SignatureExtras<E...> signature(E... extras) {
  return {{extras...}};
}

namespace detail {

// --- Functions to choose from ----------------------------------------------------------------------------------------

/// Tells numbers apart that take the same objects: the wider one counts more, a signed one more than an unsigned one.
template <class T>
inline constexpr unsigned width_of = 0;
template <class T>
  requires(AnyInteger<T> || std::floating_point<T>)
inline constexpr unsigned width_of<T> = 2 * sizeof(T) + (T(-1) < T(0) ? 1 : 0);
/// Of types that differ in how much they ask for: which of those that an object fits is meant.
template <class T>
  requires requires {
    { FromPyObject<T>::demand } -> std::convertible_to<unsigned>;
  }
inline constexpr unsigned width_of<T> = FromPyObject<T>::demand;
template <class T>
inline constexpr unsigned width_of<std::optional<T>> = width_of<T>;
template <class T>
inline constexpr unsigned width_of<Given<T>> = width_of<T>;

/// How well the arguments of a call fit a function: the worst rank, then the sum of all, then the width of the numbers.
struct Fit {
  Rank worst = Rank::exact;
  unsigned sum = 0;
  unsigned width = 0;

  /// Of the argument at @p place. Where it raised, that is all there is to know: it is the `sum` then.
  void add(Rank rank, std::size_t place) noexcept;
  bool fits() const noexcept { return worst < Rank::none; }
  bool operator==(const Fit&) const = default;
  bool better_than(const Fit& other) const noexcept {
    return worst != other.worst ? worst < other.worst : sum != other.sum ? sum < other.sum : width > other.width;
  }
};

/// One function of a set, as the code that all sets share sees it.
struct Candidate {
  FunctionRecord* record;
  const char* const* types;  ///< Of the parameters, as messages name them; null for one that names none.
  Fit (*fit)(::PyObject* const* args);
  bool (*explain)(::PyObject* const* args);  ///< Converts the arguments; what fails is pending.
  ::PyObject* (*call)(::PyObject* self, ::PyObject* const* args);
};

template <class P>
constexpr const char* expected_of() noexcept {
  using T = std::remove_cvref_t<P>;
  if constexpr (is_specialization<T, Given>) {
    return expected_of<typename T::value_type>();
  } else if constexpr (is_specialization<T, Borrowed>) {
    return PyTypeInfo<HandleTarget<T>>::name();
  } else if constexpr (requires {
                         { PyClass<T>::name } -> std::convertible_to<const char*>;
                       }) {
    return PyClass<T>::name;
  } else if constexpr (requires {
                         { FromPyObject<T>::expected() } -> std::convertible_to<const char*>;
                       }) {
    return FromPyObject<T>::expected();
  } else {
    return nullptr;
  }
}

/// Numbers of one Python type that differ in C++, as messages tell them apart.
template <class T>
constexpr const char* sized_name() noexcept {
  constexpr const char* floats[] = {"float16", "float32", "float64", "float128"};
  constexpr const char* integers[] = {"uint8", "uint16", "uint32", "uint64", "uint128",
                                      "int8",  "int16",  "int32",  "int64",  "int128"};
  constexpr unsigned log2 = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : sizeof(T) == 8 ? 3 : 4;
  if constexpr (std::floating_point<T>) {
    return floats[log2 - 1];
  } else {
    return integers[log2 + (T(-1) < T(0) ? 5 : 0)];
  }
}
/// What a number is told apart from: others of its Python type.
template <class T>
inline constexpr int family_of = 0;
template <AnyInteger T>
inline constexpr int family_of<T> = 1;
template <std::floating_point T>
inline constexpr int family_of<T> = 2;
template <class T, class... All>
inline constexpr bool needs_size =
    family_of<T> != 0 && ((family_of<T> == family_of<All> && width_of<T> != width_of<All>) || ...);
template <class Parameters>
struct ValuesOf;
template <class... P>
struct ValuesOf<TypeList<P...>> {
  using type = TypeList<std::remove_cvref_t<P>...>;
};

template <class Binding, class Parameters, class Indices>
struct CandidateOf;
template <class Binding, class... P, std::size_t... I>
struct CandidateOf<Binding, TypeList<P...>, std::index_sequence<I...>> {
  using Kinds = ParameterKinds<TypeList<P...>>;
  using Hows = typename Binding::Options::Hows;

  static Fit fit([[maybe_unused]] ::PyObject* const* args) {
    Fit result;
    (void)(add<I, P>(args, result) && ...);
    return result;
  }
  /// Whether the types of the arguments alone say that they fit exactly: Fit() but for its width.
  ADDER_INLINE_FOR_SPEED static Exactly exactly([[maybe_unused]] ::PyObject* const* args, Py_ssize_t given) {
    if constexpr (!only_plain<TypeList<P...>>) {
      return Exactly::no;  // *args and **kwargs take anything.
    } else {
      const FunctionRecord& record = Binding::storage().record;
      constexpr auto count = static_cast<Py_ssize_t>(Kinds::count);
      if (given != count) [[unlikely]]
        return given > count || record.parameters[given].default_value == nullptr ? Exactly::no : Exactly::perhaps;
      Exactly all = Exactly::yes;
      // Last: some may be passed by keyword alone.
      if (!(is_exact<I, P>(args, all) && ...) || record.shape.positional != count) return Exactly::no;
      return all;
    }
  }
  static bool explain(::PyObject* const* args) {
    try {
      [[maybe_unused]] const TrialScope<TypeList<std::remove_cvref_t<P>...>> trial;
      return Arguments<TypeList<P...>, typename Binding::Options>::pass_to(
                 [](auto&&...) { return Py_None; }, args, CallContext{nullptr, &Binding::storage().record}) != nullptr;
    } catch (...) {
      translate_current_exception();
      return false;
    }
  }
  static ::PyObject* call(::PyObject* self, ::PyObject* const* args) { return Binding::invoke(self, args); }
  static inline constinit const char* types[Kinds::count + 1] = {};
  static constexpr std::size_t type_count = Kinds::count;
  /// The types of the parameters, as Candidate has them.
  /// @tparam All  Of all parameters of the set.
  template <class... All>
  static void find_types([[maybe_unused]] const char** found, TypeList<All...>) noexcept {
    ((kind_of<P> == ParameterKind::plain ? (void)(*found++ = name_of_type<P, All...>()) : (void)0), ...);
  }
  template <class Q, class... All>
  static constexpr const char* name_of_type() noexcept {
    using T = std::remove_cvref_t<Q>;
    if constexpr (needs_size<T, All...>) {
      return sized_name<T>();
    } else {
      return expected_of<Q>();
    }
  }
  static Candidate candidate() noexcept { return {&Binding::storage().record, types, &fit, &explain, &call}; }

 private:
  template <std::size_t Index, class Q>
  static bool add(::PyObject* const* args, Fit& fit) {
    if constexpr (kind_of<Q> == ParameterKind::plain) {
      constexpr std::size_t at = Kinds::place(Index);
      // A default that is left alone is no argument of the call.
      if (args[at] == Binding::storage().record.parameters[at].default_value) return true;
      fit.add(RankAs<Q, typename HowAt<Hows, at>::type>::of(args[at]), at);
      if (args[at] != Py_None) fit.width += width_of<std::remove_cvref_t<Q>>;
    } else if constexpr (kind_of<Q> == ParameterKind::var_args || kind_of<Q> == ParameterKind::var_keywords) {
      fit.add(Rank::anything, 0);
    }
    return fit.fits();
  }
  template <std::size_t Index, class Q>
  ADDER_INLINE static bool is_exact(::PyObject* const* args, Exactly& all) {
    if constexpr (kind_of<Q> == ParameterKind::plain) {
      constexpr std::size_t at = Kinds::place(Index);
      const Exactly one = RankAs<Q, typename HowAt<Hows, at>::type>::exactly(args[at]);
      if (one == Exactly::yes) return true;
      // A default that is left alone is no argument of the call, whatever its type.
      const bool is_no = one == Exactly::no && args[at] != Binding::storage().record.parameters[at].default_value;
      all = is_no ? Exactly::no : Exactly::perhaps;
      return !is_no;
    } else {
      return true;
    }
  }
};
template <class Binding>
using CandidateFor = CandidateOf<Binding, typename Binding::Signature::Parameters,
                                 std::make_index_sequence<Binding::Signature::Parameters::size>>;

/// The arguments of a call, bound to the parameters of a candidate.
class BoundCall {
 public:
  /// Makes no exception where the count alone says that the call does not fit, unless @p wants_reason.
  BoundCall(const FunctionRecord& record, ::PyObject* const* args, Py_ssize_t given, ::PyObject* names,
            bool wants_reason) noexcept;
  bool made() const noexcept { return args_ != nullptr; }
  ::PyObject* const* args() const noexcept { return args_; }

 private:
  ::PyObject* bound_[258];
  std::optional<VariadicArguments> further_;
  ::PyObject* const* args_ = nullptr;  ///< Those of the caller, or `bound_`.
};

/// Calls the function that the arguments fit best.
::PyObject* call_best(const Candidate* candidates, std::size_t count, ::PyObject* self, ::PyObject* const* args,
                      Py_ssize_t given, ::PyObject* names) noexcept;

// --- Describing a set ------------------------------------------------------------------------------------------------

/// Whether there is nothing left to say about a set.
ADDER_COLD_CALL bool is_described(const FunctionRecord& record, const char* name, std::string_view qualifier);
ADDER_COLD_CALL void describe_candidate(FunctionRecord& record, Shape shape, Parameter* parameters,
                                        Description description);
/// Enters a function into its set, and into the text about that. @p types, those of its parameters, go to @p places.
ADDER_COLD_CALL void enter_candidate(const FunctionRecord& set, Candidate& place, Candidate candidate,
                                     const char** places, const char* const* types, std::size_t count,
                                     std::string& text, std::size_t qualifier_size);
/// Enters the set itself: @p text is about its @p functions; @p receiver is what OverloadBinding::describe has.
ADDER_COLD_CALL void enter_set(FunctionRecord& record, const FunctionRecord* const* functions, std::size_t count,
                               const char* name, std::string_view qualifier, const char* receiver,
                               const std::string& text, PyCFunction entry);

/// The entry point of a set of functions, each of which has a binding of its own.
template <class... Bindings>
struct ADDER_HIDDEN OverloadBinding {
  static constexpr std::size_t size = sizeof...(Bindings);
  static constexpr bool takes_one = ((ParameterKinds<typename Bindings::Signature::Parameters>::count == 1) && ...);
  static inline Candidate candidates[size] = {};
  static inline constinit FunctionRecord record{};

  static ::PyObject* entry(::PyObject* self, ::PyObject* const* args, Py_ssize_t given, ::PyObject* names) noexcept {
    if (names == nullptr) [[likely]] {
      try {
        const std::size_t found = exact_one(args, given, std::make_index_sequence<size>());
        if (found < size) [[likely]]
          return candidates[found].call(self, args);
      } catch (...) {
        translate_current_exception();
        return nullptr;
      }
    }
    return call_best(candidates, size, self, args, given, names);
  }

  /// Describes the set and its functions. @p receiver is "$self", "$type", "$module" or null: methods count the
  /// receiver among the arguments.
  template <class... E>
  static void describe(const char* name, std::string_view qualifier, const char* receiver, const E&... extra) {
    static_assert(((is_specialization<E, SignatureExtras> || std::is_convertible_v<E, const char*>)&&...),
                  "adder: def of an overload set takes signature(...) for each function, and one docstring");
    if (is_described(record, name, qualifier)) return;
    const char* doc = nullptr;
    ((void)pick_doc(doc, extra), ...);
    std::string text;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (describe_one<I, Bindings>(name, qualifier, receiver, text, extra...), ...);
    }(std::make_index_sequence<size>());
    if (doc != nullptr) text.append("\n\n").append(doc);
    const FunctionRecord* const functions[] = {&Bindings::storage().record...};
    enter_set(record, functions, size, name, qualifier, receiver, text, as_cfunction(&entry));
  }

 private:
  /// The one function that the arguments fit exactly by their types, where no other can; else `size` or more.
  template <std::size_t... I>
  ADDER_INLINE static std::size_t exact_one(::PyObject* const* args, Py_ssize_t given, std::index_sequence<I...>) {
    std::size_t found = size;
    const bool is_clear = (is_settled(found, I, CandidateFor<Bindings>::exactly(args, given)) && ...);
    return is_clear ? found : size;
  }
  ADDER_INLINE static bool is_settled(std::size_t& found, std::size_t index, Exactly fits) noexcept {
    if (fits == Exactly::no) return true;
    if (fits == Exactly::perhaps || found != size) return false;
    found = index;
    return true;
  }
  static void pick_doc(const char*& doc, const char* text) { doc = text; }
  template <class E>
  static void pick_doc(const char*&, const E&) {}

  /// The @p I th signature(...) among the extras, or an empty one.
  template <std::size_t I, class First, class... Rest>
  static const auto& signature_at(const First& first, const Rest&... rest) {
    if constexpr (!is_specialization<First, SignatureExtras>) {
      return signature_at<I>(rest...);
    } else if constexpr (I == 0) {
      return first.extras;
    } else {
      return signature_at<I - 1>(rest...);
    }
  }
  template <std::size_t I>
  static const auto& signature_at() {
    static constexpr std::tuple<> none{};
    return none;
  }

  template <std::size_t I, class Binding, class... E>
  static void describe_one(const char* name, std::string_view qualifier, const char* receiver, std::string& text,
                           const E&... extra) {
    std::apply(
        [&](const auto&... own) {
          using Parameters = typename Binding::Signature::Parameters;
          constexpr Shape shape = ShapeOf<Parameters, std::remove_cvref_t<decltype(own)>...>::shape;
          static_assert(!shape.module && !shape.this_class,
                        "adder: a function of an overload set cannot take ThisModule or ThisClass");
          Extras<sizeof...(own)> extras;
          describe_all(extras, own...);
          if constexpr (any_default<std::remove_cvref_t<decltype(own)>...>)
            DefaultsOf<Parameters, std::remove_cvref_t<decltype(own)>...>::enter(extras.all);
          auto& storage = Binding::storage();
          describe_candidate(storage.record, shape, storage.parameters,
                             {name, qualifier, receiver, extras.all, sizeof...(own)});
        },
        signature_at<I>(extra...));
    using Own = CandidateFor<Binding>;
    const char* types[Own::type_count + 1] = {};
    using All = typename JoinedLists<typename ValuesOf<typename Bindings::Signature::Parameters>::type...>::type;
    Own::find_types(types, All());
    if (I != 0) text += "\n";
    enter_candidate(record, candidates[I], Own::candidate(), Own::types, types, Own::type_count, text,
                    qualifier.size());
  }
};

/// The options that the signature(...) of a function asks for.
template <class E>
struct OptionsOfSignature;
template <class... E>
struct OptionsOfSignature<SignatureExtras<E...>> : OptionsOf<E...> {};

template <class E>
struct SignatureList {
  using type = TypeList<>;
};
template <class... E>
struct SignatureList<SignatureExtras<E...>> {
  using type = TypeList<SignatureExtras<E...>>;
};

/// The binding of a set whose functions have the signatures @p Signatures; see OverloadBinding.
/// @tparam Binding  Of one function, with its options and the set that it belongs to.
template <template <auto, class, class> class Binding, class Set, class Signatures>
struct SetBinding;
template <template <auto, class, class> class Binding, auto... Functions>
struct SetBinding<Binding, OverloadSet<Functions...>, TypeList<>> {
  using type = OverloadBinding<Binding<Functions, CallOptions<>, OverloadSet<Functions...>>...>;
};
template <template <auto, class, class> class Binding, auto... Functions, class... Signatures>
  requires(sizeof...(Functions) == sizeof...(Signatures))
struct SetBinding<Binding, OverloadSet<Functions...>, TypeList<Signatures...>> {
  using type =
      OverloadBinding<Binding<Functions, typename OptionsOfSignature<Signatures>::type, OverloadSet<Functions...>>...>;
};

template <auto... Functions>
struct SetMaker<OverloadSet<Functions...>> {
  template <template <auto, class, class> class Binding, class... E>
  using Whole = typename SetBinding<Binding, OverloadSet<Functions...>,
                                    typename JoinedLists<typename SignatureList<E>::type...>::type>::type;

  template <template <auto, class, class> class Binding, class... E>
  static FunctionRecord& describe(const char* name, std::string_view qualifier, const char* receiver,
                                  const E&... extra) {
    constexpr std::size_t signatures = JoinedLists<typename SignatureList<E>::type...>::type::size;
    static_assert(signatures == 0 || signatures == sizeof...(Functions),
                  "adder: def of an overload set takes one signature(...) for each function, or none");
    if constexpr (signatures == 0 || signatures == sizeof...(Functions)) {
      Whole<Binding, E...>::describe(name, qualifier, receiver, extra...);
      return Whole<Binding, E...>::record;
    }
  }
};

}  // namespace detail
}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/function/detail/overload_inl.hpp"
#endif
