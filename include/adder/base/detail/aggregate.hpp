// SPDX-License-Identifier: MIT
/// @file
/// @brief The fields of aggregates: how many, of which types, and how to get at them.
#pragma once
#include "adder/base/detail/fatal.hpp"

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

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
/// Types of which their author says whether they are tied to the GIL; see token/ungil.hpp.
template <class T>
concept Declared = requires {
  { UngilTraits<T>::value } -> std::convertible_to<bool>;
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

/// The fields of a class of any kind, where the compiler lists them: reflect/ specialises it. `type` are the types, of
/// base classes too; `shared` the same as others see them who share the object: those of `mutable` fields are not
/// const.
template <class T>
struct ListedFields {};
template <class T>
concept HasListedFields = requires { typename ListedFields<T>::type; };

/// The types of the fields of a const T, as a TypeList: those of `mutable` fields are not const.
template <std::size_t N, class T>
auto shared_field_types(const T& t) {
  return with_fields<N, AsSharedType>(t, [](auto... field) { return TypeList<typename decltype(field)::type...>{}; });
}

}  // namespace adder::inline ADDER_ABI::detail
