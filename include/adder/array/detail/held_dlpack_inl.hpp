// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of held_memory.hpp that take memory by DLPack.
#pragma once
#include "adder/array/detail/held_memory.hpp"
#include "adder/token/error_scope.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace adder::inline ADDER_ABI::detail {

inline void end_tensor(HeldMemory* held) noexcept {
  const ErrorScope pending(token());  // Deleters may run Python code.
  auto* managed = static_cast<dlpack::Managed*>(held->tensor);
  if (managed->deleter != nullptr) guard_unwind_of_c([managed] { managed->deleter(managed); });
}
inline void end_versioned_tensor(HeldMemory* held) noexcept {
  const ErrorScope pending(token());
  auto* managed = static_cast<dlpack::ManagedVersioned*>(held->tensor);
  if (managed->deleter != nullptr) guard_unwind_of_c([managed] { managed->deleter(managed); });
}

ADDER_COLD ADDER_FUNC bool refuse_tensor(const char* what) noexcept {
  PyErr_Format(PyExc_BufferError, "the DLPack tensor is not used, as %s", what);
  return false;
}

/// Two ints of a tuple.
ADDER_FUNC bool read_device(::PyObject* tuple, dlpack::Device& device) noexcept {
  std::int32_t numbers[2];
  if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) != 2) {
    PyErr_Format(PyExc_TypeError, "__dlpack_device__() must return a tuple of two ints, not %.200s",
                 type_name_of(tuple));
    return false;
  }
  for (int i = 0; i < 2; ++i) {
    // Those of an IntEnum are ints, too.
    // NOLINTNEXTLINE(google-runtime-int): the C API's
    const long number = guard_unwind(PyLong_AsLong, PyTuple_GET_ITEM(tuple, i));
    if (number == -1 && PyErr_Occurred() != nullptr) return false;
    if (number < INT32_MIN || number > INT32_MAX) return refuse_tensor("its device has no such number");
    numbers[i] = static_cast<std::int32_t>(number);
  }
  device = {numbers[0], numbers[1]};
  return true;
}

/// `object.__dlpack__(max_version=(1, 0), copy=False)`; of those that do not know these `object.__dlpack__()`.
ADDER_FUNC ::PyObject* call_dlpack(::PyObject* object) noexcept {
  ::PyObject* method = PyObject_GetAttr(object, Interned<"__dlpack__">::get(token()));
  if (method == nullptr) return nullptr;
  const Bound<PyAny> bound = steal(method);
  ::PyObject* names = PyTuple_Pack(2, Interned<"max_version">::get(token()), Interned<"copy">::get(token()));
  ::PyObject* newest = Py_BuildValue("(II)", dlpack::version.major, dlpack::version.minor);
  ::PyObject* result = nullptr;
  if (names != nullptr && newest != nullptr) {
    ::PyObject* args[] = {newest, Py_False};
    result = PyObject_Vectorcall(method, args, 0, names);
    if (result == nullptr && PyErr_ExceptionMatches(PyExc_TypeError) != 0) {
      PyErr_Clear();
      result = PyObject_CallNoArgs(method);
    }
  }
  Py_XDECREF(names);
  Py_XDECREF(newest);
  return result;
}

/// The tensor of a capsule, which is ours from then on: the capsule's destructor looks at the name. Null with an
/// exception pending.
ADDER_FUNC void* take_tensor_out(::PyObject* capsule, bool& versioned) noexcept {
  versioned = PyCapsule_IsValid(capsule, dlpack::versioned_name) != 0;
  if (!versioned && PyCapsule_IsValid(capsule, dlpack::name) == 0) {
    const char* name = PyCapsule_GetName(capsule);
    const bool used = name != nullptr && (std::strcmp(name, dlpack::used_name) == 0 ||
                                          std::strcmp(name, dlpack::used_versioned_name) == 0);
    refuse_tensor(used ? "it was used before" : "it is a capsule of something else");
    return nullptr;
  }
  void* tensor = PyCapsule_GetPointer(capsule, versioned ? dlpack::versioned_name : dlpack::name);
  if (tensor == nullptr) return nullptr;
  const char* used_name = versioned ? dlpack::used_versioned_name : dlpack::used_name;
  return PyCapsule_SetName(capsule, used_name) == 0 ? tensor : nullptr;
}

ADDER_FUNC bool HeldMemory::take_dlpack(::PyObject* object, bool writable) noexcept {
  const KeptAlive kept(object);
  ::PyObject* capsule = guard_unwind([&] { return call_dlpack(object); });
  if (capsule == nullptr) return false;
  const KeptAlive capsule_kept(capsule);
  Py_DECREF(capsule);
  if (!PyCapsule_CheckExact(capsule)) {
    PyErr_Format(PyExc_TypeError, "__dlpack__() must return a capsule, not %.200s", type_name_of(capsule));
    return false;
  }
  bool versioned = false;
#if defined(Py_GIL_DISABLED)
  // An exporter may give the same capsule to several threads, of which one gets the tensor.
  Py_BEGIN_CRITICAL_SECTION(capsule);
#endif
  tensor = take_tensor_out(capsule, versioned);
#if defined(Py_GIL_DISABLED)
  Py_END_CRITICAL_SECTION();
#endif
  if (tensor == nullptr) return false;
  if (versioned) return take_versioned(static_cast<dlpack::ManagedVersioned*>(tensor), writable);
  end = &end_tensor;
  is_dlpack = true;
  is_c_ordered = readonly = false;
  view.format = nullptr;
  if (measure_tensor(static_cast<dlpack::Managed*>(tensor)->tensor)) return true;
  give_back();
  return false;
}

ADDER_FUNC bool HeldMemory::take_versioned(dlpack::ManagedVersioned* managed, bool writable) noexcept {
  tensor = managed;
  end = &end_versioned_tensor;
  is_dlpack = true;
  is_c_ordered = false;
  view.format = nullptr;
  bool good = false;
  if (managed->version.major != dlpack::version.major) {
    refuse_tensor("it is of another version of DLPack");
  } else if (writable && (managed->flags & dlpack::copied) != 0) {
    refuse_tensor("it is a copy, and what is written there would be lost");
  } else {
    readonly = (managed->flags & dlpack::read_only) != 0;
    good = measure_tensor(managed->tensor);
  }
  if (!good) give_back();
  return good;
}

ADDER_FUNC const dlpack::ExchangeApi* exchange_api_of(::PyObject* object) noexcept {
  // As it stands in the type, or in one of its bases: neither the metaclass nor the object is asked. The type's own
  // cache answers in a few nanoseconds; one of adder's would have to see types come and go.
  ::PyObject* const attribute = Interned<"__dlpack_c_exchange_api__">::get(token());
#if defined(Py_GIL_DISABLED)
  ::PyObject* found = _PyType_LookupRef(Py_TYPE(object), attribute);  // Another thread may be assigning to it.
#else
  ::PyObject* found = _PyType_Lookup(Py_TYPE(object), attribute);
#endif
  if (found == nullptr) [[likely]]
    return nullptr;
  const dlpack::ExchangeHeader* header = nullptr;
  if (PyCapsule_CheckExact(found)) {
    header = static_cast<const dlpack::ExchangeHeader*>(PyCapsule_GetPointer(found, dlpack::exchange_name));
    if (header == nullptr) PyErr_Clear();  // It is a capsule of something else.
  }
#if defined(Py_GIL_DISABLED)
  release(found);  // What it points to stays for as long as the process.
#endif
  // Each is older than the one before: a chain that goes in circles ends, too.
  for (std::uint32_t newest = UINT32_MAX; header != nullptr; header = header->older) {
    const std::uint32_t major = header->version.major;
    if (major == dlpack::version.major) {
      // SAFETY: the header is where the table of this version begins.
      const auto* api = reinterpret_cast<const dlpack::ExchangeApi*>(header);
      return api->from_object == nullptr ? nullptr : api;
    }
    if (major < dlpack::version.major || major >= newest) return nullptr;
    newest = major;
  }
  return nullptr;
}

ADDER_FUNC dlpack::ManagedVersioned* exchanged_tensor(::PyObject* object, const dlpack::ExchangeApi& api) noexcept {
  dlpack::ManagedVersioned* given = nullptr;
  const int result = guard_unwind([&] { return api.from_object(object, &given); });
  const bool raised = PyErr_Occurred() != nullptr;
  if (result == 0 && given != nullptr && !raised) [[likely]]
    return given;
  if (!raised) {
    PyErr_Format(PyExc_SystemError, "the DLPack exchange of '%.200s' object gave neither a tensor nor an exception",
                 type_name_of(object));
  } else if (result == 0 && given != nullptr && given->deleter != nullptr) {
    const ErrorScope pending(token());
    guard_unwind_of_c([given] { given->deleter(given); });
  }
  return nullptr;
}

ADDER_FUNC bool HeldMemory::measure_tensor(const dlpack::Tensor& given) noexcept {
  type = given.type;
  device = given.device;
  suboffsets = nullptr;
  if (given.ndim < 0 || given.ndim > PyBUF_MAX_NDIM) return refuse_tensor("it has too many dimensions");
  if (given.ndim != 0 && given.shape == nullptr) return refuse_tensor("it has no shape");
  if (type.lanes != 1) return refuse_tensor("its items are vectors");
  if (type.bits == 0 || type.bits % 8 != 0) return refuse_tensor("its items are no whole bytes");
  if (!has_room(given.ndim)) return false;
  ndim = given.ndim;
  item_size = type.bits / 8U;
  Py_ssize_t items = 1;
  bool empty = false;
  for (int i = 0; i < ndim; ++i) {
    if (given.shape[i] < 0 || __builtin_add_overflow(given.shape[i], 0, &shape[i])) {
      return refuse_tensor("its shape is negative, or too large");
    }
    empty = empty || shape[i] == 0;
  }
  const auto size = static_cast<Py_ssize_t>(item_size);
  Py_ssize_t step = size;
  for (int i = ndim; i-- > 0;) {
    if (!empty && !multiply_into(items, shape[i])) return refuse_tensor("its shape is too large");
    strides[i] = step;
    if (given.strides != nullptr) {
      if (__builtin_mul_overflow(given.strides[i], size, &strides[i]))
        return refuse_tensor("its strides are too large");
    } else if (!empty && !multiply_into(step, shape[i])) {
      return refuse_tensor("its shape is too large");
    }
  }
  // Strides of zero lead to no more memory, and yet all the bytes have to be countable.
  if (Py_ssize_t bytes = size; !empty && !multiply_into(bytes, items)) return refuse_tensor("its shape is too large");
  count = empty ? 0 : static_cast<std::size_t>(items);
  if (given.data == nullptr && count != 0 && device.type == dlpack::cpu) return refuse_tensor("it has no memory");
  // A null pointer stays one, whatever the offset.
  data = given.data == nullptr ? nullptr : static_cast<char*>(given.data) + given.byte_offset;
  return check_reach() || refuse_tensor("its strides are too large");
}

ADDER_FUNC bool HeldMemory::has_dlpack_type(const ElementInfo& wanted) const noexcept {
  if (wanted.dlpack_bits == 0 || type.bits != wanted.dlpack_bits || type.lanes != 1) return false;
  return type.code == wanted.dlpack_code || (wanted.kind == ElementKind::byte && type.code == 0);
}

}  // namespace adder::inline ADDER_ABI::detail
