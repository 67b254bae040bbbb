// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of slots.hpp.
#pragma once
#include "adder/function/detail/slots.hpp"

#include <cstdint>
#include <new>

namespace adder::inline ADDER_ABI::detail {

/// One of SlotTypes: how it is loaded, and what an error says of it.
struct SlotKind {
  Loaded (*load)(ScalarSlot&, ::PyObject*) noexcept;
  const char* expected;
  const char* range;
};
template <class T>
Loaded load_into(ScalarSlot& slot, ::PyObject* object) noexcept {
  static_assert(sizeof(T) <= sizeof(ScalarSlot));
  return Scalar<T>::load(object, *::new (static_cast<void*>(&slot)) T);
}
template <class List>
struct SlotKinds;
template <class... T>
struct SlotKinds<TypeList<T...>> {
  static constexpr SlotKind all[] = {{&load_into<T>, Scalar<T>::expected(), range_of<T>()}...};
};

ADDER_FUNC bool load_slot(unsigned code, ScalarSlot& slot, ::PyObject* object, CallContext context,
                          unsigned index) noexcept {
  const SlotKind& kind = SlotKinds<SlotTypes>::all[code - 1];
  const Loaded how = kind.load(slot, object);
  if (how == Loaded::ok) [[likely]]
    return true;
  set_scalar_error(context.record(), index, how, kind.expected, kind.range, object);
  return false;
}

/// Loads the arguments of a positional call.
ADDER_NOINLINE ADDER_FUNC bool load_slots(CallContext context, ::PyObject* const* args, unsigned count,
                                          std::uint64_t codes, ScalarSlot* slots) noexcept {
  for (unsigned i = 0; i < count; ++i, codes >>= 4) {
    if (!load_slot(codes & 15, slots[i], args[i], context, i)) return false;
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
