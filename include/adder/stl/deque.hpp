// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::deque<T>` from any sequence, and to `list`.
#pragma once
#include "adder/stl/detail/sequence.hpp"

#include <deque>

namespace adder::inline ADDER_ABI {

template <class T>
  requires IsNoPyClass<std::deque<T>>
struct FromPyObject<std::deque<T>> : detail::FromSequence<std::deque<T>> {};
template <class T>
  requires IsNoPyClass<std::deque<T>>
struct IntoPyObject<std::deque<T>> : detail::IntoList<std::deque<T>> {};

}  // namespace adder::inline ADDER_ABI
