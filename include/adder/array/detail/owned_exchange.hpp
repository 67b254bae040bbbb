// SPDX-License-Identifier: MIT
/// @file
/// @brief What the memory of an OwnedArray is to DLPack: tensors, and the table of the C exchange that its type has.
#pragma once
#include "adder/array/detail/dlpack_abi.hpp"
#include "adder/base/python.hpp"  // IWYU pragma: keep (PyObject)

namespace adder::inline ADDER_ABI::detail {

struct OwnedMemory;

/// A tensor of @p memory, one reference to which it takes in any case. Null, with nothing pending, where there is no
/// memory for it. Needs no Python, as its deleter does not.
dlpack::ManagedVersioned* hand_out(OwnedMemory* memory, bool is_copy) noexcept;
dlpack::Managed* hand_out_old(OwnedMemory* memory) noexcept;

/// Of an object of adder's own type; null with a TypeError pending where it is another's.
OwnedMemory* owned_memory_of(::PyObject* object) noexcept;

/// New: what the type has as `__dlpack_c_exchange_api__`. Null with an exception pending.
::PyObject* exchange_capsule() noexcept;

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/array/detail/owned_exchange_inl.hpp"
#endif
