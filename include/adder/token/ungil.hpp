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
/// `allow_threads` takes only what is known to be free. The result of `with_gil` is checked less strictly: what is
/// known to be GIL-bound does not compile, nor does a lambda with captures, and what is unknown is let through.
#pragma once
#include "adder/base/detail/aggregate.hpp"
#include "adder/token/token.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

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
template <class U>
struct UngilTraits<PyRefMap<U>> : std::false_type {};
template <class U>
struct UngilTraits<PyRefMutMap<U>> : std::false_type {};
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
  } else if constexpr (HasListedFields<T>) {
    return worst_of<typename ListedFields<T>::type, T, Seen...>;
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
                "say so: template <> struct adder::UngilTraits<T> : std::true_type {}; A std::function may cross as a "
                "parameter of a function that is bound with release_gil");
};

}  // namespace detail

/// @brief Types that hold nothing tied to the GIL, and so may be used while it is released.
/// @pyo3{Ungil}
template <class T>
concept Ungil = detail::is_ungil<T>();

}  // namespace adder::inline ADDER_ABI
