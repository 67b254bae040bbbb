// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::flat_set<T>`, where the standard library has it (C++23), from `set`, `frozenset`, the
/// keys of a dict and iterators, and to `set`.
#pragma once
#include "adder/stl/detail/set.hpp"

#include <version>
#if defined(__cpp_lib_flat_set)
#include <flat_set>
#include <set>
#include <utility>

namespace adder::inline ADDER_ABI {

/// Sorted by a set first: each item put into the middle of a vector would move all behind it.
template <class T, class Compare, class Container>
struct FromPyObject<std::flat_set<T, Compare, Container>> {
  using Flat = std::flat_set<T, Compare, Container>;
  static constexpr const char* expected() noexcept { return "set"; }
  static constexpr bool takes_iterators = true;
  static PyResult<Flat> extract(const Bound<PyAny>& object) {
    using Sorted = std::set<T, Compare>;
    PyResult<Sorted> sorted = detail::FromSet<Sorted>::extract(object);
    if (sorted.is_err()) return std::move(sorted).error();
    Container items;
    while (!sorted->empty()) items.push_back(std::move(sorted->extract(sorted->begin()).value()));
    return Flat(std::sorted_unique, std::move(items));
  }
};
template <class T, class... Options>
struct IntoPyObject<std::flat_set<T, Options...>> : detail::IntoSet<std::flat_set<T, Options...>> {};

}  // namespace adder::inline ADDER_ABI
#endif
