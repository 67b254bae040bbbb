// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::map<K, V>` from `dict` and other mappings, and to `dict`.
#pragma once
#include "adder/stl/detail/map.hpp"

#include <map>

namespace adder::inline ADDER_ABI {

template <class K, class V, class... Options>
  requires IsNoPyClass<std::map<K, V, Options...>>
struct FromPyObject<std::map<K, V, Options...>> : detail::FromMapping<std::map<K, V, Options...>> {};
template <class K, class V, class... Options>
  requires IsNoPyClass<std::map<K, V, Options...>>
struct IntoPyObject<std::map<K, V, Options...>> : detail::IntoDict<std::map<K, V, Options...>> {};

}  // namespace adder::inline ADDER_ABI
