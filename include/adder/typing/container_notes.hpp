// SPDX-License-Identifier: MIT
/// @file
/// @brief What stub files say of classes that are C++ containers. Their methods take and return objects, whose types
/// only the container knows.
#pragma once
#include "adder/typing/class_notes.hpp"

#include <span>
#include <string>
#include <string_view>

namespace adder::inline ADDER_ABI::detail {

/// A method's signature, in which $I and $O stand for items as they go in and come out, $K and $L for keys in the same
/// way, and $C for the class.
struct ContainerSignature {
  std::string_view name;
  std::string_view text;
};
struct ContainerTypes {
  TypeTeller class_name;
  std::string item_in, item_out, key_in, key_out;
};
/// Puts the signatures in the place of what was noted of the methods of that name: those that the class has.
void retype_container(const ContainerTypes& types, std::span<const ContainerSignature> signatures);

std::span<const ContainerSignature> list_signatures();
std::span<const ContainerSignature> dict_signatures();
std::span<const ContainerSignature> set_signatures();

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/typing/detail/container_notes_inl.hpp"
#endif
