// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::flat_map<K, V>`, where the standard library has it (C++23), from `dict` and other
/// mappings, and to `dict`.
#pragma once
#include "adder/gc/traverse.hpp"
#include "adder/stl/detail/map.hpp"

#include <version>
#if defined(__cpp_lib_flat_map)
#include <flat_map>
#include <map>
#include <utility>

namespace adder::inline ADDER_ABI {

/// Sorted by a map first: each pair put into the middle of two vectors would move all behind it.
template <class K, class V, class Compare, class... Containers>
struct FromPyObject<std::flat_map<K, V, Compare, Containers...>> {
  using Flat = std::flat_map<K, V, Compare, Containers...>;
  static constexpr const char* expected() noexcept { return "dict"; }
  static PyResult<Flat> extract(const Bound<PyAny>& object) {
    using Sorted = std::map<K, V, Compare>;
    PyResult<Sorted> sorted = detail::FromMapping<Sorted>::extract(object);
    if (sorted.is_err()) return std::move(sorted).error();
    typename Flat::containers parts;
    while (!sorted->empty()) {
      auto node = sorted->extract(sorted->begin());
      parts.keys.push_back(std::move(node.key()));
      parts.values.push_back(std::move(node.mapped()));
    }
    return Flat(std::sorted_unique, std::move(parts.keys), std::move(parts.values));
  }
};
template <class K, class V, class... Options>
struct IntoPyObject<std::flat_map<K, V, Options...>> : detail::IntoDict<std::flat_map<K, V, Options...>> {};

/// Its items are made of references as one looks at them: the garbage collector looks at keys and values instead.
template <class K, class V, class... Options>
struct Traverse<std::flat_map<K, V, Options...>> {
  static constexpr bool holds_handles = detail::holds_handles<K>() || detail::holds_handles<V>();
  static void visit(PyVisit& visit, const std::flat_map<K, V, Options...>& map) {
    for (const K& key : map.keys()) visit(key);
    for (const V& value : map.values()) visit(value);
  }
  static void clear(std::flat_map<K, V, Options...>& map) {
    const std::flat_map<K, V, Options...> old = std::exchange(map, {});
  }
};

}  // namespace adder::inline ADDER_ABI
#endif
