// SPDX-License-Identifier: MIT
/// @file
/// @brief `Owning`: what may be kept beyond the call that it came with.
///
/// A view is fine as a parameter. Kept in a field, a cell, a capsule or the state of a closure it leads to what is
/// gone. So wherever adder keeps a value its type is looked into:
///
/// | type                                                                      | refers to what it does not own   |
/// |---------------------------------------------------------------------------|----------------------------------|
/// | `std::string_view`, `span`, `reference_wrapper`, `initializer_list`, iterators, ... | yes                    |
/// | `Borrowed`, references                                                    | yes                              |
/// | pointers to objects, `const char*` among them                             | yes; in pyclasses it is no error |
/// | pointers to functions and members, numbers, enums                         | no                               |
/// | class templates                                                           | where one of their arguments does |
/// | smart pointers                                                            | where what they own does         |
/// | aggregates of up to 16 fields                                             | where one of their fields does   |
/// | other classes, aggregates with a C array or a base                        | unknown, taken for no            |
#pragma once
#include "adder/token/ungil.hpp"

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief What the author of a type says about it: specialise with `std::true_type` if values of the type refer to what
/// they do not own, as views do; with `std::false_type` if what they refer to lives long enough, as a literal does.
///
/// The declaration is believed. It has to stand before adder is first asked to keep a value of the type.
template <class T>
struct ViewTraits {};

template <class T>
struct ViewTraits<Py<T>> : std::false_type {};
template <class T>
struct ViewTraits<Bound<T>> : std::false_type {};
template <class T>
struct ViewTraits<Borrowed<T>> : std::true_type {};

namespace detail {

/// Whether a pointer to an object counts. The author of a class knows what its pointers lead to.
enum class Pointers : bool { pass, count };

template <class T>
concept DeclaresView = requires {
  { ViewTraits<T>::value } -> std::convertible_to<bool>;
};

/// The standard library's views, by name: most of their headers are not adder's to include. Iterators count where
/// pointers do: no call brings one. (Those over directories own what they show.)
template <class T>
constexpr bool is_standard_view(Pointers how = Pointers::count) {
  if constexpr (of_standard_library<T>()) {
    constexpr std::string_view name = template_name(type_name<T>());
    for (const std::string_view view : {"basic_string_view", "string_view", "span", "mdspan", "reference_wrapper",
                                        "function_ref", "initializer_list", "ref_view", "subrange"}) {
      if (name == view) return true;
    }
    return how == Pointers::count && name.ends_with("iterator") && !name.ends_with("directory_iterator");
  } else {
    return false;
  }
}

template <class T>
concept HasDeleter = requires {
  typename T::deleter_type;
  typename T::element_type;
};
/// std::default_delete.
template <class Deleter>
constexpr bool is_default_deleter() {
  return of_standard_library<Deleter>() && std::is_empty_v<Deleter>;
}

template <Pointers How, class T, class... Seen>
constexpr bool holds_view();

template <Pointers How, class List, class... Seen>
inline constexpr bool any_holds_view = false;
template <Pointers How, class... T, class... Seen>
inline constexpr bool any_holds_view<How, TypeList<T...>, Seen...> = (holds_view<How, T, Seen...>() || ...);

template <Pointers How, class T, class... Seen>
constexpr bool fields_hold_view() {
  constexpr std::size_t count = visible_fields<T>();
  if constexpr (count == 0) {
    return false;
  } else {
    return any_holds_view<How, decltype(field_types<count>(std::declval<T&>())), T, Seen...>;
  }
}

template <Pointers How, class T, class... Seen>
constexpr bool class_holds_view() {
  if constexpr (!requires { sizeof(T); }) {
    return false;
  } else if constexpr (std::is_empty_v<T>) {
    return false;
  } else if constexpr (is_standard_view<T>(How)) {
    return true;
  } else if constexpr (HasListedFields<T>) {
    return any_holds_view<How, typename ListedFields<T>::type, T, Seen...>;
  } else if constexpr (std::is_aggregate_v<T> && !std::is_union_v<T> && !of_standard_library<T>()) {
    return fields_hold_view<How, T, Seen...>();
  } else if constexpr (HasDeleter<T>) {
    // A deleter of one's own knows what belongs to the object, such as a C library's.
    if constexpr (is_default_deleter<typename T::deleter_type>()) {
      return holds_view<Pointers::pass, typename T::element_type, T, Seen...>();  // Its own business, as in pyclasses.
    } else {
      return holds_view<How, typename T::deleter_type, T, Seen...>();
    }
  } else if constexpr (TemplateShape<T>::known) {
    return any_holds_view<How, typename TemplateShape<T>::arguments, T, Seen...>;
  } else {
    return false;
  }
}

/// Whether a T is, or holds, what refers to something that it does not own.
template <Pointers How, class T, class... Seen>
constexpr bool holds_view() {
  using U = std::remove_cv_t<T>;
  if constexpr (std::is_reference_v<T>) {
    return true;
  } else if constexpr ((std::is_same_v<U, Seen> || ...)) {
    return false;
  } else if constexpr (DeclaresView<U>) {
    return ViewTraits<U>::value;
  } else if constexpr (std::is_pointer_v<U>) {
    return How == Pointers::count && !std::is_function_v<std::remove_pointer_t<U>>;
  } else if constexpr (std::is_array_v<U>) {
    return holds_view<How, std::remove_all_extents_t<U>, Seen...>();
  } else if constexpr (std::is_class_v<U> || std::is_union_v<U>) {
    return class_holds_view<How, U, Seen...>();
  } else {
    return false;
  }
}

}  // namespace detail

/// @brief Types whose values may be kept, as far as can be seen: they refer to nothing that they do not own. Rust's
/// word is `'static`.
template <class T>
concept Owning = !detail::holds_view<detail::Pointers::count, T>();

}  // namespace adder::inline ADDER_ABI
