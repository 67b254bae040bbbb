// SPDX-License-Identifier: MIT
/// @file
/// @brief clone_ref(py, value): a copy of a struct that holds handles and cells. Not part of adder.hpp.
///
/// Such structs cannot be copied, because counting references needs the GIL; here it is at hand.
#pragma once
#include "adder/sync/gil_once_cell.hpp"

#include <concepts>
#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
/// Whether the copy constructor does it. That of a container does not say whether its items can be copied.
template <class T>
constexpr bool copies_without_gil() {
  if constexpr (std::is_same_v<T, PyErr>) {
    return true;  // Copies share the exception.
  } else if constexpr (is_specialization<T, PyResult>) {
    return copies_without_gil<typename T::value_type>();
  } else if constexpr (std::is_void_v<T>) {
    return true;
  } else if constexpr (requires { Traverse<T>::copies_without_gil; }) {
    return Traverse<T>::copies_without_gil;
  } else if constexpr (!std::is_copy_constructible_v<T> || holds_handles<T>()) {
    return false;
  } else if constexpr (requires { typename T::value_type; } && !std::is_same_v<T, std::string>) {
    return std::is_copy_constructible_v<typename T::value_type>;
  } else {
    return true;
  }
}
/// Whether an empty container orders and hashes its keys as any other of its type does.
template <class T>
constexpr bool has_plain_keys() {
  if constexpr (requires { typename T::key_compare; }) {
    return std::is_empty_v<typename T::key_compare>;
  } else if constexpr (requires {
                         typename T::hasher;
                         typename T::key_equal;
                       }) {
    return std::is_empty_v<typename T::hasher> && std::is_empty_v<typename T::key_equal>;
  } else {
    return false;
  }
}
}  // namespace detail

/// @brief A copy: of a `Py` or a cell one more reference to the same object, of optionals, containers, pairs, tuples
/// and aggregates one of each part, of anything else what its copy constructor makes.
/// @tparam T  Aggregates are seen into as the garbage collector sees into them: no base class, no array, at most 16
/// fields.
/// @throws    What copying throws.
template <class T>
T clone_ref(Python py, const T& value) {
  if constexpr (requires {
                  { value.clone_ref(py) } -> std::same_as<T>;
                }) {
    return value.clone_ref(py);
  } else if constexpr (detail::copies_without_gil<T>()) {
    return value;
  } else if constexpr (detail::OptionalLike<T>) {
    return value ? T(clone_ref(py, *value)) : T();
  } else if constexpr (requires(T made) { made.push_back(clone_ref(py, *value.begin())); }) {
    T made;
    for (const auto& item : value) made.push_back(clone_ref(py, item));
    return made;
  } else if constexpr (detail::has_plain_keys<T>() &&
                       requires(T made) { made.emplace(value.begin()->first, clone_ref(py, value.begin()->second)); }) {
    T made;
    for (const auto& [key, item] : value) made.emplace(key, clone_ref(py, item));
    return made;
  } else if constexpr (detail::TupleLike<T>) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      using std::get;
      return T{clone_ref(py, get<I>(value))...};
    }(std::make_index_sequence<std::tuple_size<T>::value>());
  } else if constexpr (std::is_aggregate_v<T> && detail::visible_fields<T>() != 0) {
    return detail::with_fields<detail::visible_fields<T>()>(
        value, [py](auto&&... field) { return T{clone_ref(py, field)...}; });
  } else {
    static_assert(
        detail::always_false<T>,
        "adder: clone_ref: what this type is made of cannot be seen: give it a member clone_ref(Python) const "
        "that returns a copy");
    return value;
  }
}

}  // namespace adder::inline ADDER_ABI
