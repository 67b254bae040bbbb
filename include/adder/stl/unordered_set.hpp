// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::unordered_set<T>` from `set`, `frozenset`, the keys of a dict and iterators, and to
/// `set`.
#pragma once
#include "adder/stl/detail/set.hpp"

#include <unordered_set>

namespace adder::inline ADDER_ABI {

template <class T, class... Options>
struct FromPyObject<std::unordered_set<T, Options...>> : detail::FromSet<std::unordered_set<T, Options...>> {};
template <class T, class... Options>
struct IntoPyObject<std::unordered_set<T, Options...>> : detail::IntoSet<std::unordered_set<T, Options...>> {};

}  // namespace adder::inline ADDER_ABI
