// SPDX-License-Identifier: MIT
/// @file
/// @brief Scalars in small code: they are loaded into slots, by one function for all. A number stands for each type,
/// and a word of 64 bits for all that a function takes.
#pragma once
#include "adder/function/detail/loaders.hpp"

#include <cstdint>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

/// What an argument of a scalar type is loaded into, where one function loads the arguments of all bound functions.
union ScalarSlot {
  long long word;
  double real;
};
/// A number for each such type; zero for others, also for those of the same size.
template <class T, class... Known>
constexpr unsigned place_among(TypeList<Known...>) noexcept {
  unsigned place = 0, at = 0;
  ((++at, place = std::is_same_v<T, Known> ? at : place), ...);
  return place;
}
using SlotTypes = TypeList<std::int8_t, std::int16_t, std::int32_t, std::int64_t, std::uint8_t, std::uint16_t,
                           std::uint32_t, std::uint64_t, float, double, bool>;
template <class P>
inline constexpr unsigned scalar_code = place_among<std::remove_cvref_t<P>>(SlotTypes());
template <class T>
  requires(!std::is_const_v<T>)
inline constexpr unsigned scalar_code<T&> = 0;  // Refused, in words, by its ArgumentLoader.
/// Loads one argument.
/// @param code  Its type: scalar_code.
bool load_slot(unsigned code, ScalarSlot& slot, ::PyObject* object, CallContext context, unsigned index) noexcept;
/// Loads the arguments of a positional call, whose count is checked.
/// @param codes  Their types, four bits each.
bool load_exactly(::PyObject* self, const FunctionRecord* first, ::PyObject* const* args, Py_ssize_t given,
                  unsigned count, std::uint64_t codes, ScalarSlot* slots) noexcept;
/// The same for a call that may come with keywords.
bool load_bound(::PyObject* self, const FunctionRecord* record, ::PyObject* const* args, Py_ssize_t given,
                ::PyObject* keywords, unsigned count, std::uint64_t codes, ScalarSlot* slots) noexcept;
inline constexpr bool prefers_small_code = ADDER_SMALL_CODE != 0;

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/function/detail/slots_inl.hpp"
#endif
