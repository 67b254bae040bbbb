// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of held_memory.hpp.
#pragma once
#include "adder/array/detail/held_memory.hpp"
#include "adder/array/detail/numpy_array.hpp"
#include "adder/object/any.hpp"
#include "adder/token/error_scope.hpp"
#include "adder/types/detail/get_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace adder::inline ADDER_ABI::detail {

/// False where the product, or sum, does not fit.
inline bool multiply_into(Py_ssize_t& product, Py_ssize_t by) noexcept {
  return !__builtin_mul_overflow(product, by, &product);
}
inline bool add_to(Py_ssize_t& sum, Py_ssize_t more) noexcept { return !__builtin_add_overflow(sum, more, &sum); }

ADDER_FUNC HeldMemory* new_held() noexcept {
  auto* held = static_cast<HeldMemory*>(std::malloc(sizeof(HeldMemory)));
  if (held == nullptr) {
    PyErr_NoMemory();
    return nullptr;
  }
  held->clear(true);
  return held;
}

ADDER_FUNC void end_held(HeldMemory* held) noexcept {
  held->give_back();
  if (held->on_heap) std::free(held);
}

ADDER_COLD ADDER_FUNC void end_held_later(HeldMemory* held) noexcept {
  // SAFETY: `later` is where *held begins, whose layout is a C struct's.
  held->later = {nullptr, nullptr,
                 [](DeferredRelease* node) noexcept { end_held(reinterpret_cast<HeldMemory*>(node)); }};
  defer_end(&held->later);
}

ADDER_COLD ADDER_FUNC void HeldMemory::free_dims() noexcept {
  std::free(shape);
  shape = room;
}

ADDER_FUNC bool HeldMemory::has_room(int dims) noexcept {
  if (dims <= room_dims) {
    shape = room;
    strides = room + room_dims;
    return true;
  }
  auto* longer = static_cast<Py_ssize_t*>(std::malloc(2 * static_cast<std::size_t>(dims) * sizeof(Py_ssize_t)));
  if (longer == nullptr) {
    PyErr_NoMemory();
    return false;
  }
  shape = longer;
  strides = longer + dims;
  return true;
}

// --- The buffer protocol ---------------------------------------------------------------------------------------------

inline void end_buffer(HeldMemory* held) noexcept {
  // A `__release_buffer__` may be written in Python, and must not see or lose the exception that is on its way.
  // Of whatever keeps the memory: that need not have a buffer itself.
  const PyBufferProcs* procs = Py_TYPE(held->view.obj)->tp_as_buffer;
  if (procs != nullptr && procs->bf_releasebuffer != nullptr && PyErr_Occurred() != nullptr) [[unlikely]] {
    const ErrorScope pending(token());
    guard_unwind_of_c([held] { release_buffer(held->view); });
    return;
  }
  guard_unwind_of_c([held] { release_buffer(held->view); });
}

/// The BufferError for an exporter that contradicts itself.
ADDER_COLD ADDER_FUNC bool refuse_buffer(::PyObject* object, const char* what) noexcept {
  PyErr_Format(PyExc_BufferError, "the buffer of '%.200s' object is not used, as %s", type_name_of(object), what);
  return false;
}

/// The usual case in one pass: some dimensions, no length of which is zero. All else is looked at more closely.
ADDER_INLINE bool HeldMemory::measure_buffer(::PyObject* object) noexcept {
  if (static_cast<unsigned>(view.ndim) > room_dims || view.shape == nullptr || view.strides == nullptr ||
      view.suboffsets != nullptr || view.obj == nullptr || view.buf == nullptr || view.itemsize <= 0) [[unlikely]]
    return measure_buffer_slowly(object);
  strides = room + room_dims;
  Py_ssize_t bytes = view.itemsize, items = 1;
  bool ordered = true, usual = true;
  for (int i = view.ndim; i-- > 0;) {
    const Py_ssize_t extent = view.shape[i], stride = view.strides[i];
    shape[i] = extent;
    strides[i] = stride;
    ordered = ordered && stride == bytes;
    usual = usual && extent > 0 && multiply_into(bytes, extent);
    items = usual ? items * extent : 0;
  }
  if (!usual || bytes != view.len) [[unlikely]]
    return measure_buffer_slowly(object);
  data = static_cast<char*>(view.buf);
  ndim = view.ndim;
  readonly = view.readonly != 0;
  item_size = static_cast<std::size_t>(view.itemsize);
  count = static_cast<std::size_t>(items);
  is_c_ordered = ordered;
  return ordered || check_reach() || refuse_buffer(object, "its strides are too large");
}

ADDER_FUNC bool HeldMemory::take_buffer(::PyObject* object) noexcept {
  std::memset(static_cast<void*>(&view), 0, sizeof view);
  const KeptAlive kept(object);  // A `__buffer__` may be written in Python.
  if (guard_unwind([&] { return get_buffer(object, view, PyBUF_FULL_RO); }) != 0) return false;
  end = view.obj == nullptr ? nullptr : &end_buffer;  // Without one nothing is held, and it is refused.
  is_dlpack = is_c_ordered = false;
  device = {dlpack::cpu, 0};
  suboffsets = nullptr;
  if (measure_buffer(object)) [[likely]]
    return true;
  give_back();
  return false;
}

ADDER_COLD ADDER_FUNC std::string numpy_without_buffer(::PyObject* object) {
  if (PyErr_Occurred() == nullptr || PyErr_ExceptionMatches(PyExc_ValueError) == 0) return "";
  const ::PyTypeObject* type = Py_TYPE(object);
  while (type != nullptr && (PyType_HasFeature(const_cast<::PyTypeObject*>(type), Py_TPFLAGS_HEAPTYPE) != 0 ||
                             std::strcmp(type->tp_name, "numpy.ndarray") != 0)) {
    type = type->tp_base;
  }
  if (type == nullptr) return "";
  const ErrorScope pending(token());
  ::PyObject* text = guard_unwind([&]() -> ::PyObject* {
    ::PyObject* items = PyObject_GetAttrString(object, "dtype");
    ::PyObject* result = items == nullptr ? nullptr : PyObject_Str(items);
    Py_XDECREF(items);
    return result;
  });
  const char* items = text == nullptr ? nullptr : PyUnicode_AsUTF8(text);
  std::string words;
  if (items != nullptr) words.append("a numpy.ndarray of ").append(items, 0, 200).append(", which has no buffer");
  Py_XDECREF(text);
  if (items == nullptr) PyErr_Clear();
  return words;
}

// --- Arrays of numpy -------------------------------------------------------------------------------------------------

inline void end_numpy(HeldMemory* held) noexcept {
  guard_unwind_of_c([held] { Py_DECREF(held->view.obj); });
}

ADDER_INLINE bool HeldMemory::take_numpy(::PyObject* object, const ElementInfo& wanted) noexcept {
  // SAFETY: is_numpy_array. numpy has seen to it that there are as many lengths and strides as dimensions, and that the
  // lengths are not negative.
  const auto* array = reinterpret_cast<const NumpyArray*>(object);
  const NumpyType* of = array->type;
  const auto number = static_cast<unsigned>(of->number);
  const auto dims = static_cast<unsigned>(array->ndim);
  // A negative `flags` has the bit with which numpy warns of writers.
  if (number >= 32 || (wanted.numpy >> number & 1U) == 0 || (of->order != '=' && of->order != '|') ||
      dims - 1 >= room_dims || array->flags < 0) [[unlikely]]
    return false;
  strides = room + room_dims;
  auto bytes = static_cast<Py_ssize_t>(wanted.size);
  Py_ssize_t items = 1;
  bool ordered = true;
  for (unsigned i = dims; i-- > 0;) {
    const Py_ssize_t extent = array->shape[i], stride = array->strides[i];
    shape[i] = extent;
    strides[i] = stride;
    ordered = ordered && stride == bytes;
    if (extent <= 0 || !multiply_into(bytes, extent)) [[unlikely]]
      return false;
    items *= extent;
  }
  data = array->data;
  ndim = array->ndim;
  readonly = (array->flags & NumpyArray::writable) == 0;
  item_size = wanted.size;
  count = static_cast<std::size_t>(items);
  is_dlpack = false;
  is_c_ordered = ordered;
  device = {dlpack::cpu, 0};
  suboffsets = nullptr;
  if (data == nullptr || (!ordered && !check_reach())) [[unlikely]]
    return false;
  // The array keeps its memory: numpy's resize() refuses while others have a reference.
  view.obj = Py_NewRef(object);
  view.format = const_cast<char*>(wanted.format);  // NOLINT(cppcoreguidelines-pro-type-const-cast): it is only read
  end = &end_numpy;
  return true;
}

ADDER_FUNC bool HeldMemory::measure_buffer_slowly(::PyObject* object) noexcept {
  if (view.obj == nullptr) return refuse_buffer(object, "nothing keeps its memory");
  if (view.ndim < 0 || view.ndim > PyBUF_MAX_NDIM) return refuse_buffer(object, "it has too many dimensions");
  if (view.itemsize <= 0) return refuse_buffer(object, "its items have no size");
  if (view.len < 0 || (view.buf == nullptr && view.len != 0)) return refuse_buffer(object, "it has no memory");
  if (!has_room(view.ndim)) return false;
  data = static_cast<char*>(view.buf);
  ndim = view.ndim;
  readonly = view.readonly != 0;
  item_size = static_cast<std::size_t>(view.itemsize);
  Py_ssize_t items = 1;
  bool empty = false;
  if (view.shape == nullptr && ndim == 1) {
    shape[0] = view.len / view.itemsize;
  } else if (view.shape == nullptr && ndim != 0) {
    return refuse_buffer(object, "it has no shape");
  } else {
    for (int i = 0; i < ndim; ++i) shape[i] = view.shape[i];
  }
  for (int i = 0; i < ndim; ++i) {
    if (shape[i] < 0) return refuse_buffer(object, "its shape is negative");
    empty = empty || shape[i] == 0;
  }
  for (int i = 0; i < ndim && !empty; ++i) {
    if (!multiply_into(items, shape[i])) return refuse_buffer(object, "its shape is too large");
  }
  if (empty) items = 0;
  Py_ssize_t bytes = items;
  if (!multiply_into(bytes, view.itemsize) || bytes != view.len) {
    return refuse_buffer(object, "its shape and the size of its items do not make up its length");
  }
  count = static_cast<std::size_t>(items);
  if (view.strides != nullptr) {
    for (int i = 0; i < ndim; ++i) strides[i] = view.strides[i];
  } else {
    Py_ssize_t step = view.itemsize;
    for (int i = ndim; i-- > 0;) {
      strides[i] = step;
      if (!empty) step *= shape[i];  // Fits: all of them make up the length.
    }
  }
  if (view.suboffsets != nullptr) {
    for (int i = 0; i < ndim; ++i) {
      if (view.suboffsets[i] >= 0) suboffsets = view.suboffsets;
    }
  }
  return check_reach() || refuse_buffer(object, "its strides are too large");
}

/// Whether the way to the last item can be computed.
ADDER_FUNC bool HeldMemory::check_reach() noexcept {
  Py_ssize_t forward = static_cast<Py_ssize_t>(item_size), back = 0;
  bool good = count != 0 || data != nullptr;
  for (int i = 0; i < ndim; ++i) {
    Py_ssize_t reach = strides[i];
    good = good && multiply_into(reach, shape[i] == 0 ? 0 : shape[i] - 1) && add_to(reach < 0 ? back : forward, reach);
  }
  if (good || count != 0) return good;
  // There is no item, but there may be rows: they are where the memory would begin.
  for (int i = 0; i < ndim; ++i) strides[i] = 0;
  return true;
}

// --- DLPack ----------------------------------------------------------------------------------------------------------

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
    const long number = guard_unwind([&] { return PyLong_AsLong(PyTuple_GET_ITEM(tuple, i)); });
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

// --- What may be said of the memory ----------------------------------------------------------------------------------

ADDER_FUNC bool HeldMemory::is_contiguous(MemoryOrder order) const noexcept {
  if (is_c_ordered && order == MemoryOrder::c) return true;
  if (suboffsets != nullptr) return false;
  if (count == 0) return true;
  auto step = static_cast<Py_ssize_t>(item_size);
  for (int n = 0; n < ndim; ++n) {
    const int i = order == MemoryOrder::f ? n : ndim - 1 - n;
    if (shape[i] != 1 && strides[i] != step) return false;
    step *= shape[i];
  }
  return true;
}

ADDER_FUNC bool HeldMemory::is_aligned(std::size_t alignment) const noexcept {
  if (alignment == 1 || count == 0) return true;
  auto bits = reinterpret_cast<std::uintptr_t>(data);
  for (int i = 0; i < ndim; ++i) {
    if (shape[i] != 1) bits |= static_cast<std::uintptr_t>(strides[i]);
  }
  return bits % alignment == 0;
}

ADDER_FUNC bool HeldMemory::repeats_items() const noexcept {
  for (int i = 0; i < ndim && count != 0; ++i) {
    if (strides[i] == 0 && shape[i] > 1) return true;
  }
  return false;
}

/// `f(item)` for all items, in C order.
template <class F>
void for_each_item(const HeldMemory& held, int dim, char* place, F&& f) {
  if (dim == held.ndim) return f(place);
  for (Py_ssize_t i = 0; i < held.shape[dim]; ++i, place += held.strides[dim]) {
    char* next = place;
    if (held.suboffsets != nullptr && held.suboffsets[dim] >= 0) {
      std::memcpy(static_cast<void*>(&next), place, sizeof next);
      next += held.suboffsets[dim];
    }
    for_each_item(held, dim + 1, next, f);
  }
}

ADDER_FUNC bool HeldMemory::are_bools() const noexcept {
  unsigned char all = 0;
  if (count == 0) return true;
  if (is_contiguous(MemoryOrder::c) || is_contiguous(MemoryOrder::f)) {
    for (std::size_t i = 0; i < count; ++i) all = static_cast<unsigned char>(all | static_cast<unsigned char>(data[i]));
  } else {
    for_each_item(*this, 0, data,
                  [&](const char* item) { all = static_cast<unsigned char>(all | static_cast<unsigned char>(*item)); });
  }
  return all <= 1;
}

/// The same of the fields of a struct.
ADDER_FUNC bool fields_are_bools(const char* item, const ElementInfo& element) noexcept {
  if (element.kind == ElementKind::boolean) return static_cast<unsigned char>(*item) <= 1;
  for (std::size_t i = 0; i < element.field_count; ++i) {
    const ElementField& field = element.fields[i];
    if (!has_bools(*field.type)) continue;
    for (std::size_t n = 0; n < field.count; ++n) {
      if (!fields_are_bools(item + field.offset + n * field.type->size, *field.type)) return false;
    }
  }
  return true;
}

ADDER_FUNC bool HeldMemory::look_at_bools(const ElementInfo& element) const noexcept {
  if (element.kind == ElementKind::boolean) return are_bools();
  bool good = true;
  if (count == 0 || !has_bools(element)) return true;
  for_each_item(*this, 0, data, [&](const char* item) { good = good && fields_are_bools(item, element); });
  return good;
}

ADDER_FUNC void HeldMemory::copy_to(char* other) const noexcept {
  if (count == 0) return;
  if (is_contiguous(MemoryOrder::c)) {
    std::memmove(other, data, count * item_size);
    return;
  }
  for_each_item(*this, 0, data, [&](const char* item) {
    std::memcpy(other, item, item_size);
    other += item_size;
  });
}

ADDER_FUNC void HeldMemory::copy_from(const char* other) const noexcept {
  if (count == 0) return;
  if (is_contiguous(MemoryOrder::c)) {
    std::memmove(data, other, count * item_size);
    return;
  }
  for_each_item(*this, 0, data, [&](char* item) {
    std::memcpy(item, other, item_size);
    other += item_size;
  });
}

ADDER_FUNC bool HeldMemory::take_copy(const HeldMemory& other, MemoryOrder order, std::size_t alignment) noexcept {
  if (!has_room(other.ndim)) return false;
  ndim = other.ndim;
  count = other.count;
  item_size = other.item_size;
  readonly = false;
  is_dlpack = other.is_dlpack;
  is_c_ordered = false;
  device = other.device;
  type = other.type;
  suboffsets = nullptr;
  view.format = nullptr;  // Whoever wants the copy knows what it is of.
  // Some structs ask for more than malloc gives.
  const std::size_t more = alignment > alignof(std::max_align_t) ? alignment : 0;
  tensor = std::malloc(count == 0 ? 1 + more : count * item_size + more);
  if (tensor == nullptr) {
    PyErr_NoMemory();
    give_back();
    return false;
  }
  data = static_cast<char*>(tensor);
  if (more != 0) data += more - reinterpret_cast<std::uintptr_t>(tensor) % more;
  end = [](HeldMemory* held) noexcept { std::free(held->tensor); };
  auto step = static_cast<Py_ssize_t>(item_size);
  for (int n = 0; n < ndim; ++n) {
    const int i = order == MemoryOrder::f ? n : ndim - 1 - n;
    shape[i] = other.shape[i];
    strides[i] = step;
    if (count != 0) step *= shape[i];
  }
  if (order != MemoryOrder::f) {
    other.copy_to(data);
  } else if (count != 0) {
    std::size_t places[PyBUF_MAX_NDIM] = {};
    for_each_item(other, 0, other.data, [&](const char* item) {
      Py_ssize_t offset = 0;
      for (int i = 0; i < ndim; ++i) offset += static_cast<Py_ssize_t>(places[i]) * strides[i];
      std::memcpy(data + offset, item, item_size);
      for (int i = ndim; i-- > 0;) {
        if (++places[i] < static_cast<std::size_t>(shape[i])) break;
        places[i] = 0;
      }
    });
  }
  return true;
}

// --- In words --------------------------------------------------------------------------------------------------------

ADDER_COLD ADDER_FUNC std::string with_article(const std::string& text) {
  const bool vowel = !text.empty() && (text[0] == 'a' || text[0] == 'F');  // "an array", "an F-contiguous array"
  return (vowel ? "an " : "a ") + text;
}

ADDER_COLD ADDER_FUNC std::string shape_in_words(const Py_ssize_t* shape, int ndim) {
  if (ndim == 0) return "0-dimensional";
  std::string words = "(";
  for (int i = 0; i < ndim; ++i) {
    if (i != 0) words += ", ";
    words += std::to_string(shape[i]);
  }
  return words + (ndim == 1 ? ",)" : ")");
}

ADDER_COLD ADDER_FUNC std::string HeldMemory::type_in_words() const {
  return is_dlpack ? dlpack_type_in_words(type.code, type.bits, type.lanes) : format_in_words(view.format, item_size);
}

ADDER_COLD ADDER_FUNC std::string HeldMemory::type_in_words(const ElementInfo& wanted) const {
  std::string words = type_in_words();
  if (is_dlpack || words != wanted.name || has_type(wanted)) return words;
  if (item_size != wanted.size) {
    words += " in " + std::to_string(item_size) + " bytes, not " + std::to_string(wanted.size);
  } else {
    words.append(" with the layout ").append(view.format).append(", not ").append(wanted.format);
  }
  return words;
}

ADDER_COLD ADDER_FUNC std::string HeldMemory::in_words(const ElementInfo& wanted) const {
  return shape_in_words(shape, ndim) + " array of " + type_in_words(wanted);
}

}  // namespace adder::inline ADDER_ABI::detail
