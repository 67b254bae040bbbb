// SPDX-License-Identifier: MIT
/// @file
/// @brief `Sync`: what several threads may use at once, as long as each has it const.
///
/// A frozen class has no borrow flag: all threads read its values, through methods and through `get()`. So its C++
/// class has to be Sync. The answer is found by looking inside a type:
///
/// | type                                                  | Sync                                               |
/// |-------------------------------------------------------|----------------------------------------------------|
/// | numbers, enums, functions, empty classes, `Py<X>`     | yes                                                |
/// | pointers, references, views, `std::function`          | no: who knows what changes there                   |
/// | `unique_ptr<X>`, `shared_ptr<X>`                      | where X synchronises itself: a const pointer leads to an X that is not const |
/// | atomics, mutexes, PyMutex                              | yes: they synchronise themselves                    |
/// | `GILOnceCell<X>`, `PyOnceLock<X>`                     | where X is: threads share what they are filled with |
/// | class templates of `std`                              | where their type arguments are                     |
/// | aggregates of up to 16 fields                         | where their fields are; those that are `mutable` have to synchronise themselves |
/// | other classes                                         | say so: `static constexpr bool sync = true` in the PyClass, or `SyncTraits` |
#pragma once
#include "adder/token/stored.hpp"

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief What the author of a type says about it: specialise with `std::true_type` if several threads may use a const
/// T at once, with `std::false_type` if not.
///
/// The declaration is believed. It has to stand before the first use of the type.
/// @pyo3{unsafe impl Sync}
template <class T>
struct SyncTraits {};
template <class T>
struct SyncTraits<Py<T>> : std::true_type {};

namespace detail {

template <class T>
concept SaysSync = requires {
  { SyncTraits<T>::value } -> std::convertible_to<bool>;
};
/// Types of adder's own, and of users', that may change while others read them.
template <class T>
concept SynchronisesItself = requires { requires SyncTraits<T>::synchronises_itself; };

/// Whether several threads may use one T, const or not.
template <class T>
constexpr bool synchronises_itself() {
  constexpr std::string_view name = type_name<std::remove_cv_t<T>>();
  return SynchronisesItself<std::remove_cv_t<T>> || starts_with(name, "std::atomic") ||
         (starts_with(name, "std::") && name.find('<') == std::string_view::npos &&
          (name.ends_with("mutex") || name.ends_with("once_flag") || name.find("condition_variable") != name.npos));
}

template <class T, class... Seen>
constexpr bool is_sync();

template <class List, class... Seen>
inline constexpr bool all_sync = false;
template <class... T, class... Seen>
inline constexpr bool all_sync<TypeList<T...>, Seen...> = (is_sync<T, Seen...>() && ...);

/// @tparam List  The types of fields as others see them: those that are not const change.
template <class List, class... Seen>
inline constexpr bool fields_are_sync = false;
template <class... F, class... Seen>
inline constexpr bool fields_are_sync<TypeList<F...>, Seen...> =
    ((synchronises_itself<F>() || (std::is_const_v<F> && is_sync<F, Seen...>())) && ...);

template <class T>
constexpr bool is_smart_pointer() {
  constexpr std::string_view name = type_name<T>();
  return starts_with(name, "std::unique_ptr<") || starts_with(name, "std::shared_ptr<") ||
         starts_with(name, "std::weak_ptr<");
}
template <class T, class... Seen>
constexpr bool class_is_sync() {
  if constexpr (!requires { sizeof(T); }) {
    return false;
  } else if constexpr (std::is_empty_v<T>) {
    return true;
  } else if constexpr (HasListedFields<T>) {
    return fields_are_sync<typename ListedFields<T>::shared, T, Seen...>;
  } else if constexpr (std::is_aggregate_v<T> && !std::is_union_v<T> && !of_standard_library<T>()) {
    constexpr std::size_t count = visible_fields<T>();
    if constexpr (count == 0) {
      return false;
    } else {
      return fields_are_sync<decltype(shared_field_types<count>(std::declval<const T&>())), T, Seen...>;
    }
  } else if constexpr (!of_standard_library<T>()) {
    return false;
  } else if constexpr (is_standard_view<T>()) {
    return false;
  } else if constexpr (TemplateShape<T>::known) {
    if constexpr (TemplateShape<T>::type_erased) {
      return false;
    } else if constexpr (is_smart_pointer<T>()) {
      using E = typename T::element_type;
      return synchronises_itself<E>() ||
             (std::is_const_v<E> && starts_with(type_name<T>(), "std::unique_ptr<") && is_sync<E, T, Seen...>());
    } else {
      return all_sync<typename TemplateShape<T>::arguments, T, Seen...>;
    }
  } else {
    constexpr std::string_view name = type_name<T>();
    return name != "std::any" && name.find('<') == std::string_view::npos;
  }
}

/// Whether several threads may use a const T at once, as far as C++ can see.
template <class T_, class... Seen>
constexpr bool is_sync() {
  using T = std::remove_cv_t<T_>;
  if constexpr ((std::is_same_v<T, Seen> || ...)) {
    return true;  // What decides are its other fields.
  } else if constexpr (SaysSync<T>) {
    return SyncTraits<T>::value;
  } else if constexpr (std::is_void_v<T> || std::is_reference_v<T>) {
    return false;
  } else if constexpr (synchronises_itself<T>() || std::is_arithmetic_v<T> || std::is_enum_v<T> ||
                       std::is_null_pointer_v<T> || std::is_member_pointer_v<T>) {
    return true;
  } else if constexpr (std::is_pointer_v<T>) {
    return std::is_function_v<std::remove_pointer_t<T>>;
  } else if constexpr (std::is_array_v<T>) {
    return is_sync<std::remove_all_extents_t<T>, Seen...>();
  } else if constexpr (std::is_class_v<T> || std::is_union_v<T>) {
    if constexpr (requires { PyClass<T>::sync; }) {
      return PyClass<T>::sync;
    } else {
      return class_is_sync<T, Seen...>();
    }
  } else {
    return verdict<T>() == Verdict::free;  // Wide integers.
  }
}

}  // namespace detail

/// @brief Types that several threads may use at once, as long as each has them const.
/// @pyo3{Sync}
template <class T>
concept Sync = detail::is_sync<T>();

}  // namespace adder::inline ADDER_ABI
