// SPDX-License-Identifier: MIT
/// @file
/// @brief Conversion of `std::list<T>` from any sequence, and to `list`.
#pragma once
#include "adder/stl/detail/sequence.hpp"

#include <list>

namespace adder::inline ADDER_ABI {

template <class T>
struct FromPyObject<std::list<T>> : detail::FromSequence<std::list<T>> {};
template <class T>
struct IntoPyObject<std::list<T>> : detail::IntoList<std::list<T>> {};

}  // namespace adder::inline ADDER_ABI
