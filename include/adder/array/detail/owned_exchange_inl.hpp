// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of owned_exchange.hpp.
#pragma once
#include "adder/array/detail/held_memory.hpp"
#include "adder/array/detail/owned_exchange.hpp"
#include "adder/array/owned_array.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

// --- Tensors that are handed out -------------------------------------------------------------------------------------

/// Of either version.
struct HandedTensor {
  union {
    dlpack::Managed old;
    dlpack::ManagedVersioned versioned;
  };
  OwnedMemory* memory;
  std::int64_t shape[OwnedMemory::max_dims];
  std::int64_t strides[OwnedMemory::max_dims];

  /// Of the struct inside, on any thread, with no interpreter.
  template <class Managed>
  static void destroy(Managed* managed) noexcept {
    auto* self = static_cast<HandedTensor*>(managed->context);
    self->memory->drop();
    std::free(self);
  }
};

ADDER_FUNC HandedTensor* new_handed(OwnedMemory* memory, dlpack::Tensor& tensor) noexcept {
  auto* handed = static_cast<HandedTensor*>(std::malloc(sizeof(HandedTensor)));
  if (handed == nullptr) {
    memory->drop();
    return nullptr;
  }
  handed->memory = memory;
  for (int i = 0; i < memory->ndim; ++i) {
    handed->shape[i] = memory->shape[i];
    handed->strides[i] = memory->strides[i] / static_cast<Py_ssize_t>(memory->element->size);
  }
  tensor = {memory->count == 0 ? nullptr : memory->data,
            {dlpack::cpu, 0},
            memory->ndim,
            {memory->element->dlpack_code, memory->element->dlpack_bits, 1},
            handed->shape,
            handed->strides,
            0};
  return handed;
}

ADDER_FUNC dlpack::ManagedVersioned* hand_out(OwnedMemory* memory, bool is_copy) noexcept {
  const std::uint64_t flags = (memory->readonly ? dlpack::read_only : 0) | (is_copy ? dlpack::copied : 0);
  dlpack::Tensor tensor;
  HandedTensor* handed = new_handed(memory, tensor);
  if (handed == nullptr) return nullptr;
  handed->versioned = {dlpack::version, handed, &HandedTensor::destroy<dlpack::ManagedVersioned>, flags, tensor};
  return &handed->versioned;
}

ADDER_FUNC dlpack::Managed* hand_out_old(OwnedMemory* memory) noexcept {
  dlpack::Tensor tensor;
  HandedTensor* handed = new_handed(memory, tensor);
  if (handed == nullptr) return nullptr;
  handed->old = {tensor, handed, &HandedTensor::destroy<dlpack::Managed>};
  return &handed->old;
}

// --- The table of the C exchange -------------------------------------------------------------------------------------

/// Null where adder has no such items.
ADDER_FUNC const ElementInfo* element_of(const dlpack::DataType& type) noexcept {
  static constexpr ElementInfo all[] = {scalar_element<bool>,
                                        scalar_element<std::int8_t>,
                                        scalar_element<std::int16_t>,
                                        scalar_element<std::int32_t>,
                                        scalar_element<std::int64_t>,
                                        scalar_element<std::uint8_t>,
                                        scalar_element<std::uint16_t>,
                                        scalar_element<std::uint32_t>,
                                        scalar_element<std::uint64_t>,
                                        scalar_element<Half>,
                                        scalar_element<BFloat16>,
                                        scalar_element<float>,
                                        scalar_element<double>,
                                        describe_scalar(ElementKind::complex, 8, alignof(float)),
                                        describe_scalar(ElementKind::complex, 16, alignof(double))};
  for (const ElementInfo& element : all) {
    if (element.dlpack_code == type.code && element.dlpack_bits == type.bits && type.lanes == 1) return &element;
  }
  return nullptr;
}

ADDER_FUNC int exchange_from_object(void* object, dlpack::ManagedVersioned** out) noexcept {
  *out = nullptr;
  OwnedMemory* memory = owned_memory_of(static_cast<::PyObject*>(object));
  if (memory == nullptr) return -1;
  if (memory->element->dlpack_bits == 0) {
    PyErr_SetString(PyExc_BufferError, "DLPack has no such items: use the buffer protocol");
    return -1;
  }
  *out = hand_out(memory->share(), false);
  if (*out != nullptr) return 0;
  PyErr_NoMemory();
  return -1;
}

/// The tensor is gone, whatever comes of it.
ADDER_FUNC int exchange_to_object(dlpack::ManagedVersioned* tensor, void** out) noexcept {
  *out = nullptr;
  HeldPtr holder(new_held());
  HeldMemory* const held = holder.get();
  if (held == nullptr) {
    const ErrorScope pending(token());
    if (tensor->deleter != nullptr) guard_unwind_of_c([tensor] { tensor->deleter(tensor); });
    return -1;
  }
  if (!held->take_versioned(tensor, false)) return -1;
  const ElementInfo* element = element_of(held->type);
  const char* refusal = held->device.type != dlpack::cpu     ? "it is not on the CPU"
                        : element == nullptr                 ? "its items are of no type that adder has"
                        : held->ndim > OwnedMemory::max_dims ? "it has more than 8 dimensions"
                                                             : nullptr;
  if (refusal != nullptr) {
    refuse_tensor(refusal);
    return -1;
  }
  OwnedMemory* memory = nullptr;
  try {
    static constinit char nothing = 0;
    auto made = std::make_unique<MemoryOf<HeldPtr>>(*element, held->data == nullptr ? &nothing : held->data,
                                                    held->readonly, std::move(holder));
    memory = made.release();
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
    return -1;
  }
  memory->count = held->count;
  memory->ndim = held->ndim;
  for (int i = 0; i < held->ndim; ++i) {
    memory->shape[i] = held->shape[i];
    memory->strides[i] = held->strides[i];
  }
  PyResult<Bound<PyAny>> object = owned_array_object(token(), memory, ArrayResult::object);
  memory->drop();
  if (!object.is_ok()) {
    object.error().restore(token());
    return -1;
  }
  *out = std::move(*object).into_ptr();
  return 0;
}

/// Zeros. Needs no Python.
ADDER_FUNC int exchange_allocate(dlpack::Tensor* prototype, dlpack::ManagedVersioned** out, void* context,
                                 dlpack::SetError set_error) noexcept {
  *out = nullptr;
  const int ndim = prototype->ndim;
  const ElementInfo* element = element_of(prototype->type);
  const char* refusal = prototype->device.type != dlpack::cpu      ? "adder makes tensors on the CPU alone"
                        : element == nullptr                       ? "adder has no such items"
                        : ndim < 0 || ndim > OwnedMemory::max_dims ? "adder makes tensors of up to 8 dimensions"
                        : ndim > 0 && prototype->shape == nullptr  ? "the prototype has no shape"
                                                                   : nullptr;
  if (refusal != nullptr) {
    set_error(context, "BufferError", refusal);
    return -1;
  }
  try {
    Py_ssize_t shape[OwnedMemory::max_dims] = {1};
    for (int i = 0; i < ndim; ++i) {
      if (__builtin_add_overflow(prototype->shape[i], 0, &shape[i])) throw std::bad_alloc();
    }
    // One item without dimensions lies as one in a row does.
    OwnedMemory* memory =
        zeroed_memory(*element, std::span(shape, ndim == 0 ? 1U : static_cast<std::size_t>(ndim)), {});
    memory->ndim = ndim;
    *out = hand_out(memory, false);
    if (*out == nullptr) throw std::bad_alloc();
    return 0;
  } catch (const std::bad_alloc&) {
    set_error(context, "MemoryError", "there is no memory for a tensor");
  } catch (const std::exception& error) {
    set_error(context, "BufferError", error.what());
  }
  return -1;
}

/// Memory of the CPU has no stream.
ADDER_FUNC int exchange_stream(std::int32_t, std::int32_t, void** out) noexcept {
  *out = nullptr;
  return 0;
}

/// A borrowed tensor is left out: it cannot say that it is read-only, and its strides would have to lie somewhere.
ADDER_HIDDEN inline constinit dlpack::ExchangeApi exchange_api{{dlpack::exchange_version, nullptr},
                                                               &exchange_allocate,
                                                               &exchange_from_object,
                                                               &exchange_to_object,
                                                               nullptr,
                                                               &exchange_stream};

ADDER_FUNC ::PyObject* exchange_capsule() noexcept {
  return PyCapsule_New(&exchange_api, dlpack::exchange_name, nullptr);
}

}  // namespace adder::inline ADDER_ABI::detail
