// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of slots.hpp.
#pragma once
#include "adder/function/detail/slots.hpp"

#include <cstdint>

namespace adder::inline ADDER_ABI::detail {

/// Loads the arguments of a positional call.
/// @param codes  Their types, four bits each.
ADDER_NOINLINE ADDER_FUNC bool load_slots(CallContext context, ::PyObject* const* args, unsigned count,
                                          std::uint64_t codes, ScalarSlot* slots) noexcept {
  for (unsigned i = 0; i < count; ++i, codes >>= 4) {
    if (!SlotLoaders<SlotTypes>::all[(codes & 15) - 1](slots[i], args[i], context, i)) return false;
  }
  return true;
}

ADDER_NOINLINE ADDER_FUNC bool load_exactly(::PyObject* self, const FunctionRecord* first, ::PyObject* const* args,
                                            Py_ssize_t given, unsigned count, std::uint64_t codes,
                                            ScalarSlot* slots) noexcept {
  if (given != static_cast<Py_ssize_t>(count)) return refuse_call(self, *first, args, given) != nullptr;
  return load_slots(CallContext{self, first}, args, count, codes, slots);
}

ADDER_NOINLINE ADDER_FUNC bool load_bound(::PyObject* self, const FunctionRecord* record, ::PyObject* const* args,
                                          Py_ssize_t given, ::PyObject* keywords, unsigned count, std::uint64_t codes,
                                          ScalarSlot* slots) noexcept {
  ::PyObject* bound[16];
  if (given != static_cast<Py_ssize_t>(count) || keywords != nullptr) {
    if (!bind_arguments(record_for(self, *record), args, given, keywords, bound)) return false;
    args = bound;
  }
  return load_slots(CallContext{self, record}, args, count, codes, slots);
}

}  // namespace adder::inline ADDER_ABI::detail
