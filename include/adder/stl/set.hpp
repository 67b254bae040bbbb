// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::set<T>` from `set`, `frozenset`, the keys of a dict and iterators, and to `set`.
#pragma once
#include "adder/stl/detail/set.hpp"

#include <set>

namespace adder::inline ADDER_ABI {

template <class T, class... Options>
struct FromPyObject<std::set<T, Options...>> : detail::FromSet<std::set<T, Options...>> {};
template <class T, class... Options>
struct IntoPyObject<std::set<T, Options...>> : detail::IntoSet<std::set<T, Options...>> {};

}  // namespace adder::inline ADDER_ABI
