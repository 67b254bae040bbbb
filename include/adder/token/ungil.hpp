// SPDX-License-Identifier: MIT
/// @file
/// @brief `Ungil`: what may be handed into, and out of, a section that runs without the GIL.
///
/// The verdict on a type is found by looking inside it:
///
/// | type                                          | verdict                                                     |
/// |-----------------------------------------------|-------------------------------------------------------------|
/// | numbers, enums, functions, empty classes      | free                                                        |
/// | `Python`, `Bound`, `PyRef`, ..., `::PyObject` | GIL-bound                                                   |
/// | pointers, references, arrays                  | that of what they lead to; `void*` is unknown               |
/// | class templates of `std`; cells and mutexes   | the worst of their type arguments                           |
/// | other classes of `std`                        | free, but for the type-erased ones                          |
/// | type-erased callables, `std::any`             | unknown: they hide what they hold                           |
/// | aggregates of up to 16 fields                 | the worst of their fields; with a C array or a base: unknown |
/// | other classes                                 | unknown: say what they are by specialising `UngilTraits`    |
///
/// `Ungil` admits only what is known to be free. `with_gil` refuses as a result only what is known to be GIL-bound, and
/// lambdas with captures.
#pragma once
#include "adder/token/token.hpp"

#include <concepts>

namespace adder::inline ADDER_ABI {

/// @brief What the author of a type says about it: specialise with `std::true_type` if values of the type hold nothing
/// that is tied to the GIL, with `std::false_type` if they do.
///
/// The declaration is believed. It has to stand before the first use of the type with `allow_threads`.
template <class T>
struct UngilTraits {};

template <>
struct UngilTraits<Python> : std::false_type {};
template <>
struct UngilTraits<GILGuard> : std::false_type {};
template <>
struct UngilTraits<GILPool> : std::false_type {};
template <class T>
struct UngilTraits<Bound<T>> : std::false_type {};
template <class T>
struct UngilTraits<Borrowed<T>> : std::false_type {};
template <class T>
struct UngilTraits<PyRef<T>> : std::false_type {};
template <class T>
struct UngilTraits<PyRefMut<T>> : std::false_type {};
template <>
struct UngilTraits<::PyObject> : std::false_type {};
template <>
struct UngilTraits<::PyTypeObject> : std::false_type {};
template <>
struct UngilTraits<::PyThreadState> : std::false_type {};
template <class T>
struct UngilTraits<Py<T>> : std::true_type {};
template <>
struct UngilTraits<PyErr> : std::true_type {};
template <>
struct UngilTraits<PyResult<void>> : std::true_type {};

namespace detail {

enum class Verdict { free, unknown, gil_bound };

constexpr Verdict worst(Verdict a, Verdict b) { return a < b ? b : a; }

template <class T>
concept Declared = requires {
  { UngilTraits<T>::value } -> std::convertible_to<bool>;
};

// --- Fields of aggregates ------------------------------------------------------------------------------------------

/// Stands for a field of any type but an aggregate's own bases. What is not const is preferred, so a value is made
/// where a reference need not be bound.
template <class Aggregate>
struct AnyField {
  template <class T>
    requires(!std::is_base_of_v<T, Aggregate>)
  operator T&() const;  // NOLINT(google-explicit-constructor)
  template <class T>
    requires(!std::is_base_of_v<T, Aggregate>)
  operator T() {  // NOLINT(google-explicit-constructor)
    fatal("never called", {});
  }
};
/// The same for all but references.
template <class Aggregate>
struct AnyPrvalue {
  template <class T>
    requires(!std::is_base_of_v<T, Aggregate>)
  operator T() const {
    fatal("never called", {});
  }  // NOLINT(google-explicit-constructor)
};
/// The same for fields of classes. In braces, g++ 12 would else not choose between the constructors of PyErr.
template <class Aggregate>
struct AnyObject {
  template <class T>
    requires(std::is_class_v<T> && !std::is_base_of_v<T, Aggregate>)
  operator T() const {  // NOLINT(google-explicit-constructor)
    fatal("never called", {});
  }
};
/// Stands for a field that is itself a GIL-bound handle.
struct AnyGilBoundField {
  template <class T>
    requires(Declared<T> && !UngilTraits<T>::value)
  operator T&() const;  // NOLINT(google-explicit-constructor)
  template <class T>
    requires(Declared<T> && !UngilTraits<T>::value)
  operator T&&() const;  // NOLINT(google-explicit-constructor)
};

/// Stands for a base class of an aggregate, whose fields cannot be told apart from the aggregate's own.
template <class Aggregate>
struct AnyBase {
  template <class T>
    requires(std::is_base_of_v<T, Aggregate> && !std::is_same_v<T, Aggregate>)
  operator T() const;  // NOLINT(google-explicit-constructor)
};
template <class T>
inline constexpr bool begins_with_base = requires { T{AnyBase<T>{}}; };

template <class T, class Probe, class Sequence>
inline constexpr bool fillable = false;
template <class T, class Probe, std::size_t... I>
inline constexpr bool fillable<T, Probe, std::index_sequence<I...>> = requires { T{((void)I, Probe{})...}; };

inline constexpr std::size_t max_fields = 16;

/// Counts downward: counting upward stops at a reference member, which has to be initialised, and "all fields are
/// fine" would then hold of no fields at all.
template <class T, class Probe, std::size_t N = max_fields + 1>
constexpr std::size_t count_fields() {
  if constexpr (fillable<T, Probe, std::make_index_sequence<N>>) {
    return N;
  } else if constexpr (N == 0) {
    return 0;
  } else {
    return count_fields<T, Probe, N - 1>();
  }
}

/// Whether initialiser I goes to a field of its own: whether what belongs to one field can stand in its place, in
/// braces. An array takes several initialisers, so that leaves too many behind it.
template <class T, class Probe, class Before, class After>
struct OwnField;
template <class T, class Probe, std::size_t... B, std::size_t... A>
struct OwnField<T, Probe, std::index_sequence<B...>, std::index_sequence<A...>> {
  static constexpr bool gil_bound = requires { T{((void)B, Probe{})..., AnyGilBoundField{}, ((void)A, Probe{})...}; };
  /// Nothing else refuses a value. Nor does a reference take braces, says clang.
  static constexpr bool is_reference = !requires { T{((void)B, Probe{})..., AnyPrvalue<T>{}, ((void)A, Probe{})...}; };
  template <std::size_t... In>
  static constexpr bool takes(std::index_sequence<In...>) {
    return requires {
      T{((void)B, Probe{})..., {((void)In, AnyPrvalue<T>{})...}, ((void)A, Probe{})...};
    } || requires {
      T{((void)B, Probe{})..., {((void)In, Probe{})...}, ((void)A, Probe{})...};
    } || requires {
      T{((void)B, Probe{})..., {((void)In, AnyObject<T>{})...}, ((void)A, Probe{})...};
    };
  }
  /// An aggregate whose fields have no default needs one initialiser for each.
  template <std::size_t Most>
  static constexpr bool takes_up_to() {
    if constexpr (takes(std::make_index_sequence<Most>())) {
      return true;
    } else if constexpr (Most == max_fields) {
      return false;
    } else {
      return takes_up_to<Most + 1>();
    }
  }
  static constexpr bool value = [] {
    if constexpr (gil_bound || is_reference) {
      return true;
    } else {
      return takes_up_to<0>();
    }
  }();
};

template <class T, class Probe, std::size_t N, class Sequence = std::make_index_sequence<N>>
struct Fields;
template <class T, class Probe, std::size_t N, std::size_t... I>
struct Fields<T, Probe, N, std::index_sequence<I...>> {
  template <std::size_t At>
  using Own = OwnField<T, Probe, std::make_index_sequence<At>, std::make_index_sequence<N - At - 1>>;
  static constexpr bool gil_bound = (Own<I>::gil_bound || ...);
  static constexpr bool separable = (Own<I>::value && ...);
};

/// A field that is a reference, as it is handed on: what it refers to is not the aggregate's.
template <class R>
struct ReferenceField {
  R target;
  operator R() const noexcept { return static_cast<R>(target); }  // NOLINT(google-explicit-constructor)
};
template <class F>
struct FieldTypeOf {
  using type = F;
};
template <class R>
struct FieldTypeOf<ReferenceField<R>> {
  using type = R;
};
/// A field as it is handed on. Nothing can refer to a bit-field, so scalars go by value.
struct AsPart {
  template <class Declared, class F>
    requires(std::is_scalar_v<F> && !std::is_reference_v<Declared>)
  static F of(const F& field) {
    return field;
  }
  template <class Declared, class F>
    requires(!std::is_scalar_v<F> && !std::is_reference_v<Declared>)
  static F& of(F& field) {
    return field;
  }
  template <class Declared, class F>
    requires std::is_reference_v<Declared>
  static ReferenceField<Declared> of(F& field) {
    return {static_cast<Declared>(field)};
  }
};
template <class T>
struct TypeIdentity {
  using type = T;
};
/// The type of a field as others see it who share the object: `mutable` fields are not const.
struct AsSharedType {
  template <class Declared, class F>
    requires(!std::is_reference_v<Declared>)
  static TypeIdentity<const F> of(const F&) {
    return {};
  }
  template <class Declared, class F>
    requires(!std::is_const_v<F> && !std::is_reference_v<Declared>)
  static TypeIdentity<F> of(F&) {
    return {};
  }
  template <class Declared, class F>
    requires std::is_reference_v<Declared>
  static TypeIdentity<Declared> of(F&) {
    return {};
  }
};
/// Calls @p use with the fields of an aggregate that has @p N of them, each as Part::of makes it.
/// @tparam Part  Its `of` is told the type that a field was declared with.
template <std::size_t N, class Part = AsPart, class T, class Use>
decltype(auto) with_fields(T& t, Use&& use) {
  // clang-format off
  if constexpr (N == 1) { auto& [a] = t; return use(Part::template of<decltype(a)>(a)); }
  else if constexpr (N == 2) { auto& [a, b] = t; return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b)); }
  else if constexpr (N == 3) { auto& [a, b, c] = t; return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c)); }
  else if constexpr (N == 4) { auto& [a, b, c, d] = t; return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d)); }
  else if constexpr (N == 5) { auto& [a, b, c, d, e] = t; return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d), Part::template of<decltype(e)>(e)); }
  else if constexpr (N == 6) { auto& [a, b, c, d, e, f] = t; return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d), Part::template of<decltype(e)>(e), Part::template of<decltype(f)>(f)); }
  else if constexpr (N == 7) { auto& [a, b, c, d, e, f, g] = t; return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d), Part::template of<decltype(e)>(e), Part::template of<decltype(f)>(f), Part::template of<decltype(g)>(g)); }
  else if constexpr (N == 8) { auto& [a, b, c, d, e, f, g, h] = t; return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d), Part::template of<decltype(e)>(e), Part::template of<decltype(f)>(f), Part::template of<decltype(g)>(g), Part::template of<decltype(h)>(h)); }
  else if constexpr (N == 9) { auto& [a, b, c, d, e, f, g, h, i] = t; return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d), Part::template of<decltype(e)>(e), Part::template of<decltype(f)>(f), Part::template of<decltype(g)>(g), Part::template of<decltype(h)>(h), Part::template of<decltype(i)>(i)); }
  else if constexpr (N == 10) { auto& [a, b, c, d, e, f, g, h, i, j] = t; return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d), Part::template of<decltype(e)>(e), Part::template of<decltype(f)>(f), Part::template of<decltype(g)>(g), Part::template of<decltype(h)>(h), Part::template of<decltype(i)>(i), Part::template of<decltype(j)>(j)); }
  else if constexpr (N == 11) { auto& [a, b, c, d, e, f, g, h, i, j, k] = t;
    return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d), Part::template of<decltype(e)>(e), Part::template of<decltype(f)>(f), Part::template of<decltype(g)>(g), Part::template of<decltype(h)>(h), Part::template of<decltype(i)>(i), Part::template of<decltype(j)>(j), Part::template of<decltype(k)>(k)); }
  else if constexpr (N == 12) { auto& [a, b, c, d, e, f, g, h, i, j, k, l] = t;
    return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d), Part::template of<decltype(e)>(e), Part::template of<decltype(f)>(f), Part::template of<decltype(g)>(g), Part::template of<decltype(h)>(h), Part::template of<decltype(i)>(i), Part::template of<decltype(j)>(j), Part::template of<decltype(k)>(k), Part::template of<decltype(l)>(l)); }
  else if constexpr (N == 13) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = t;
    return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d), Part::template of<decltype(e)>(e), Part::template of<decltype(f)>(f), Part::template of<decltype(g)>(g), Part::template of<decltype(h)>(h), Part::template of<decltype(i)>(i), Part::template of<decltype(j)>(j), Part::template of<decltype(k)>(k), Part::template of<decltype(l)>(l), Part::template of<decltype(m)>(m)); }
  else if constexpr (N == 14) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = t;
    return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d), Part::template of<decltype(e)>(e), Part::template of<decltype(f)>(f), Part::template of<decltype(g)>(g), Part::template of<decltype(h)>(h), Part::template of<decltype(i)>(i), Part::template of<decltype(j)>(j), Part::template of<decltype(k)>(k), Part::template of<decltype(l)>(l), Part::template of<decltype(m)>(m), Part::template of<decltype(n)>(n)); }
  else if constexpr (N == 15) { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = t;
    return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d), Part::template of<decltype(e)>(e), Part::template of<decltype(f)>(f), Part::template of<decltype(g)>(g), Part::template of<decltype(h)>(h), Part::template of<decltype(i)>(i), Part::template of<decltype(j)>(j), Part::template of<decltype(k)>(k), Part::template of<decltype(l)>(l), Part::template of<decltype(m)>(m), Part::template of<decltype(n)>(n), Part::template of<decltype(o)>(o)); }
  else { auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = t;
    return use(Part::template of<decltype(a)>(a), Part::template of<decltype(b)>(b), Part::template of<decltype(c)>(c), Part::template of<decltype(d)>(d), Part::template of<decltype(e)>(e), Part::template of<decltype(f)>(f), Part::template of<decltype(g)>(g), Part::template of<decltype(h)>(h), Part::template of<decltype(i)>(i), Part::template of<decltype(j)>(j), Part::template of<decltype(k)>(k), Part::template of<decltype(l)>(l), Part::template of<decltype(m)>(m), Part::template of<decltype(n)>(n), Part::template of<decltype(o)>(o), Part::template of<decltype(p)>(p)); }
  // clang-format on
}
template <std::size_t N, class T>
auto field_types(T& t) {
  return with_fields<N>(t, [](auto&&... field) {
    return TypeList<typename FieldTypeOf<std::remove_reference_t<decltype(field)>>::type...>{};
  });
}

/// The types of the fields of a const T, as a TypeList: those of `mutable` fields are not const.
template <std::size_t N, class T>
auto shared_field_types(const T& t) {
  return with_fields<N, AsSharedType>(t, [](auto... field) { return TypeList<typename decltype(field)::type...>{}; });
}

// --- The verdict ---------------------------------------------------------------------------------------------------

template <class T, class... Seen>
constexpr Verdict verdict();

template <class List, class... Seen>
inline constexpr Verdict worst_of = Verdict::free;
template <class... T, class... Seen>
inline constexpr Verdict worst_of<TypeList<T...>, Seen...> = [] {
  Verdict result = Verdict::free;
  ((result = worst(result, verdict<T, Seen...>())), ...);
  return result;
}();

/// What can be seen of the fields of an aggregate.
struct VisibleFields {
  std::size_t count;  // Zero where they cannot be looked at one by one.
  bool gil_bound;     // One of them is a handle, also where nothing else is known.
};
template <class T>
constexpr VisibleFields see_fields() {
  constexpr std::size_t by_value = count_fields<T, AnyPrvalue<T>>();
  using Probe = std::conditional_t<by_value != 0, AnyPrvalue<T>, AnyField<T>>;
  constexpr std::size_t count = count_fields<T, Probe>();
  if constexpr (count == 0 || count > max_fields || begins_with_base<T>) {
    return {0, false};
  } else {
    return {Fields<T, Probe, count>::separable ? count : 0, Fields<T, Probe, count>::gil_bound};
  }
}
template <class T>
constexpr std::size_t visible_fields() {
  return see_fields<T>().count;
}

template <class T, class... Seen>
constexpr Verdict aggregate_verdict() {
  constexpr VisibleFields seen = see_fields<T>();
  if constexpr (seen.gil_bound) {
    return Verdict::gil_bound;
  } else if constexpr (seen.count == 0) {
    return Verdict::unknown;
  } else {
    return worst_of<decltype(field_types<seen.count>(std::declval<T&>())), T, Seen...>;
  }
}

/// What the shape of a template's arguments says: `arguments` holds the types to look at.
template <class T>
struct TemplateShape {
  static constexpr bool known = false;
};
template <template <class...> class C, class... A>
struct TemplateShape<C<A...>> {
  static constexpr bool known = true;
  static constexpr bool type_erased = (std::is_function_v<A> || ...);
  using arguments = TypeList<A...>;
};
template <template <class, auto> class C, class A, auto N>
struct TemplateShape<C<A, N>> {
  static constexpr bool known = true;
  static constexpr bool type_erased = false;
  using arguments = TypeList<A>;
};
template <template <auto...> class C, auto... N>
struct TemplateShape<C<N...>> {
  static constexpr bool known = true;
  static constexpr bool type_erased = false;
  using arguments = TypeList<>;
};

template <class T>
constexpr bool of_standard_library() {
  constexpr std::string_view name = type_name<T>();
  return starts_with(name, "std::") || starts_with(name, "__gnu_cxx::");
}

/// "span" of "std::__1::span<int>".
constexpr std::string_view template_name(std::string_view name) { return unqualified(first_of(name, name.find('<'))); }
/// Whether a class is the type of a lambda. What is local to a lambda, or has one for an argument, is not.
template <class T>
constexpr bool is_lambda() {
  if constexpr (!std::is_class_v<T> || TemplateShape<T>::known) {
    return false;
  } else {
    std::string_view name = type_name<T>();
    if (name.ends_with(')')) return name.rfind("(lambda at ") != std::string_view::npos;  // clang
    if (!name.ends_with('>')) return false;
    std::size_t depth = 0, at = name.size();  // g++: "f()::<lambda(int)>"
    do {
      --at;
      depth += name[at] == '>' ? 1U : 0U;
      depth -= name[at] == '<' ? 1U : 0U;
    } while (depth != 0 && at != 0);
    name.remove_prefix(at);
    return starts_with(name, "<lambda(");
  }
}
/// A std::future or its like of nothing: of a result, void says nothing unknown.
template <class T>
inline constexpr bool is_future_of_void = false;
template <template <class...> class C>
inline constexpr bool is_future_of_void<C<void>> = [] {
  constexpr std::string_view name = template_name(type_name<C<void>>());
  return of_standard_library<C<void>>() && (name == "future" || name == "shared_future" || name == "promise");
}();
/// Templates whose objects hold values of their arguments, and nothing else of interest.
template <class T>
inline constexpr bool holds_arguments_alone = of_standard_library<T>();
template <class T>
inline constexpr bool holds_arguments_alone<PyResult<T>> = true;

template <class T, class... Seen>
constexpr Verdict class_verdict() {
  if constexpr (!requires { sizeof(T); }) {
    return Verdict::unknown;  // Nobody can look into an incomplete type.
  } else if constexpr (std::is_empty_v<T> || is_future_of_void<T>) {
    return Verdict::free;
  } else if constexpr (TemplateShape<T>::known) {
    constexpr Verdict arguments = worst_of<typename TemplateShape<T>::arguments, T, Seen...>;
    if constexpr (arguments == Verdict::gil_bound) {
      return Verdict::gil_bound;
    } else if constexpr (TemplateShape<T>::type_erased) {
      return Verdict::unknown;
    } else if constexpr (holds_arguments_alone<T>) {
      return arguments;
    } else if constexpr (std::is_aggregate_v<T> && !std::is_union_v<T>) {
      return worst(arguments, aggregate_verdict<T, Seen...>());
    } else {
      return Verdict::unknown;
    }
  } else if constexpr (of_standard_library<T>()) {
    constexpr std::string_view name = type_name<T>();
    return name == "std::any" || name.find('<') != std::string_view::npos ? Verdict::unknown : Verdict::free;
  } else if constexpr (std::is_aggregate_v<T> && !std::is_union_v<T>) {
    return aggregate_verdict<T, Seen...>();
  } else {
    return Verdict::unknown;
  }
}

template <class T, class... Seen>
constexpr Verdict verdict() {
  using U = std::remove_cvref_t<T>;
  if constexpr ((std::is_same_v<U, Seen> || ...)) {
    return Verdict::free;  // A list node points to its like: what decides are its other fields.
  } else if constexpr (Declared<U>) {
    return UngilTraits<U>::value ? Verdict::free : Verdict::gil_bound;
  } else if constexpr (std::is_void_v<U>) {
    return Verdict::unknown;  // As in void* and shared_ptr<void>.
  } else if constexpr (std::is_arithmetic_v<U> || std::is_enum_v<U> || std::is_null_pointer_v<U> ||
                       std::is_function_v<U> || std::is_member_pointer_v<U>) {
    return Verdict::free;
  } else if constexpr (std::is_pointer_v<U>) {
    return verdict<std::remove_pointer_t<U>, Seen...>();
  } else if constexpr (std::is_array_v<U>) {
    return verdict<std::remove_all_extents_t<U>, Seen...>();
  } else if constexpr (std::is_class_v<U> || std::is_union_v<U>) {
    return class_verdict<U, Seen...>();
  } else {
#if defined(__SIZEOF_INT128__)
    // Not arithmetic to the type traits of -std=c++20 without extensions.
    __extension__ using Int = __int128;
    __extension__ using UInt = unsigned __int128;
    if constexpr (std::is_same_v<U, Int> || std::is_same_v<U, UInt>) return Verdict::free;
#endif
    return Verdict::unknown;
  }
}

template <class T>
constexpr bool is_ungil() {
  if constexpr (std::is_void_v<T>) {
    return true;  // A section without a result.
  } else {
    return verdict<T>() == Verdict::free;
  }
}

/// Instantiated for each type that crosses, so that the compiler's message names it.
template <class T>
struct MustBeUngil {
  static_assert(is_ungil<T>() || verdict<T>() != Verdict::gil_bound,
                "adder: this type is not Ungil: it is, or holds, something tied to the GIL. Pass "
                "Py<T>(handle) instead of a handle, or a C++ value");
  static_assert(is_ungil<T>() || verdict<T>() != Verdict::unknown,
                "adder: this type is not Ungil: adder cannot see what it holds. If that is nothing tied to the GIL, "
                "say so: template <> struct adder::UngilTraits<T> : std::true_type {};");
};

}  // namespace detail

/// @brief Types that hold nothing tied to the GIL, and so may be used while it is released.
/// @pyo3{Ungil}
template <class T>
concept Ungil = detail::is_ungil<T>();

}  // namespace adder::inline ADDER_ABI
