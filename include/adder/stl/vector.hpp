// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::vector<T>` from any sequence but `str` and `bytes`, and to `list`.
#pragma once
#include "adder/stl/detail/sequence.hpp"

#include <vector>

namespace adder::inline ADDER_ABI {

template <class T>
struct FromPyObject<std::vector<T>> : detail::FromSequence<std::vector<T>> {};
template <class T>
struct IntoPyObject<std::vector<T>> : detail::IntoList<std::vector<T>> {};

}  // namespace adder::inline ADDER_ABI
