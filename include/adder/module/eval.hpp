// SPDX-License-Identifier: MIT
/// @file
/// @brief Running source text.
#pragma once
#include "adder/types/module.hpp"

#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

/// Takes away the white space that all lines have in common in front, as textwrap.dedent does.
std::string dedent(std::string_view code);

}  // namespace detail

inline void Python::run(std::string_view code, const Namespace& globals) const { run(code, globals, {}); }
inline void Python::run(std::string_view code) const { run(code, {}, {}); }

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/module/detail/eval_inl.hpp"
#endif
