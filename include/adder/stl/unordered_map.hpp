// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::unordered_map<K, V>` from `dict` and other mappings, and to `dict`.
#pragma once
#include "adder/stl/detail/map.hpp"

#include <unordered_map>

namespace adder::inline ADDER_ABI {

template <class K, class V, class... Options>
  requires IsNoPyClass<std::unordered_map<K, V, Options...>>
struct FromPyObject<std::unordered_map<K, V, Options...>> : detail::FromMapping<std::unordered_map<K, V, Options...>> {
};
template <class K, class V, class... Options>
  requires IsNoPyClass<std::unordered_map<K, V, Options...>>
struct IntoPyObject<std::unordered_map<K, V, Options...>> : detail::IntoDict<std::unordered_map<K, V, Options...>> {};

}  // namespace adder::inline ADDER_ABI
