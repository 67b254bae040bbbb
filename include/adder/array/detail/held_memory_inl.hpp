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
