// SPDX-License-Identifier: MIT
/// @file
/// @brief clone_ref(py, value): a copy of a struct that holds handles and cells. Not part of adder.hpp.
///
/// Such structs cannot be copied, because counting references needs the GIL; here it is at hand.
#pragma once
#include "adder/sync/gil_once_cell.hpp"

namespace adder::inline ADDER_ABI {

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
  } else if constexpr (std::is_copy_constructible_v<T> && !detail::holds_handles<T>()) {
    return value;
  } else if constexpr (detail::OptionalLike<T>) {
    return value ? T(clone_ref(py, *value)) : T();
  } else if constexpr (requires(T made) { made.push_back(clone_ref(py, *value.begin())); }) {
    T made;
    for (const auto& item : value) made.push_back(clone_ref(py, item));
    return made;
  } else if constexpr (requires(T made) { made.emplace(value.begin()->first, clone_ref(py, value.begin()->second)); }) {
    T made;
    for (const auto& [key, item] : value) made.emplace(key, clone_ref(py, item));
    return made;
  } else if constexpr (detail::TupleLike<T>) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      using std::get;
      return T{clone_ref(py, get<I>(value))...};
    }(std::make_index_sequence<std::tuple_size<T>::value>());
  } else {
    static_assert(
        std::is_aggregate_v<T> && detail::visible_fields<T>() != 0,
        "adder: clone_ref: what this type is made of cannot be seen: give it a member clone_ref(Python) const "
        "that returns a copy");
    return detail::with_fields<detail::visible_fields<T>()>(
        value, [py](auto&&... field) { return T{clone_ref(py, field)...}; });
  }
}

}  // namespace adder::inline ADDER_ABI
