// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of class_export.hpp.
#pragma once
#include "adder/array/detail/class_export.hpp"
#include "adder/array/detail/numpy_array.hpp"
#include "adder/token/error_scope.hpp"

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC bool is_read_only(const PartLink* link) noexcept {
  while (link != nullptr && !link->read_only) link = link->parent;
  return link != nullptr;
}

ADDER_FUNC ClassExport::~ClassExport() {
  if (part.has_value()) {
    part.reset();
  } else {
    flag.end(Access::shared);
  }
  if (kept != nullptr) release(std::exchange(kept, nullptr));
}

[[noreturn]] ADDER_COLD inline void throw_buffer_error(const char* class_name, const std::string& what) {
  throw PyErr::Access::lazy(PyExc_BufferError, "'" + std::string(class_name) + "' object: " + what);
}

ADDER_FUNC void ClassExport::settle(const DescribedMemory& memory, const char* class_name) {
  element = memory.element;
  readonly = memory.readonly || has_bools(*element);
  const auto size = static_cast<Py_ssize_t>(element->size);
  const ArrayDims& extents = memory.shape;
  const ArrayDims& steps = memory.strides;
  const bool knows_count = memory.count != DescribedMemory::unknown;
  if (knows_count && memory.offset > memory.count) throw_buffer_error(class_name, "its items begin behind its memory");
  const std::size_t left = memory.count - memory.offset;
  ndim = extents.count() < 0 ? 1 : extents.count();
  if (ndim > ArrayDims::most) throw_buffer_error(class_name, "its shape has more than 8 dimensions");
  if (steps.count() >= 0 && steps.count() != ndim) {
    throw_buffer_error(class_name, "its shape and its strides are of different length");
  }
  bool empty = false, overflow = false;
  for (int i = 0; i < ndim; ++i) {
    shape[i] = extents.count() < 0 ? static_cast<Py_ssize_t>(left) : extents[i];
    if (shape[i] < 0) throw_buffer_error(class_name, "its shape is negative, or too large");
    empty = empty || shape[i] == 0;
  }
  // Of the lengths alone, and of the places of the first item and the last one.
  Py_ssize_t total = 1, lowest = 0, highest = 0;
  const bool by_strides = steps.count() >= 0;
  for (int i = ndim - 1; i >= 0; --i) {
    const Py_ssize_t stride = by_strides ? steps[i] : empty ? 1 : total;
    overflow = __builtin_mul_overflow(stride, size, &strides[i]) || stride == ArrayDims::invalid || overflow;
    if (empty) continue;
    overflow = __builtin_mul_overflow(total, shape[i], &total) || overflow;
    if (!by_strides) continue;
    Py_ssize_t reach = 0;
    overflow = __builtin_mul_overflow(stride, shape[i] - 1, &reach) || overflow;
    Py_ssize_t& end = reach < 0 ? lowest : highest;
    overflow = __builtin_add_overflow(end, reach, &end) || overflow;
  }
  Py_ssize_t bytes = 0;
  overflow = __builtin_mul_overflow(total, size, &bytes) || overflow;
  if (overflow) throw_buffer_error(class_name, "its shape is too large");
  count = empty ? 0 : static_cast<std::size_t>(total);
  const bool good = !knows_count ? true
                    : by_strides ? count == 0 || (0 - static_cast<std::size_t>(lowest) <= memory.offset &&
                                                  static_cast<std::size_t>(highest) < left)
                                 : count == left;
  if (!good) {
    throw_buffer_error(class_name, "its shape is " + shape_in_words(shape, ndim) +
                                       (by_strides ? ", which with its strides reaches beyond" : ", but it has") +
                                       " memory of " + std::to_string(left) + (left == 1 ? " item" : " items"));
  }
  alignas(std::max_align_t) static constexpr char nothing = 0;  // Consumers do not expect null.
  const auto* start = static_cast<const char*>(memory.data);
  if (start == nullptr && count != 0) throw_buffer_error(class_name, "it has no memory");
  if (start == nullptr) start = &nothing;
  // SAFETY: who may not write has `readonly`. Else the items are no const objects: their owner has them as such.
  data = const_cast<char*>(start);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  if (count != 0) data += memory.offset * element->size;
}

ADDER_FUNC bool export_lies_in(const ClassExport& made, bool fortran) noexcept {
  if (made.count == 0) return true;
  auto step = static_cast<Py_ssize_t>(made.element->size);
  for (int n = 0; n < made.ndim; ++n) {
    const int i = fortran ? n : made.ndim - 1 - n;
    if (made.shape[i] != 1 && made.strides[i] != step) return false;
    step *= made.shape[i];
  }
  return true;
}

ADDER_FUNC int fill_view(::PyObject* self, Py_buffer* view, int flags, ClassExport* made,
                         const char* class_name) noexcept {
  const auto asks = [flags](int wanted) { return (flags & wanted) == wanted; };
  const bool c = export_lies_in(*made, false), f = export_lies_in(*made, true);
  const char* refusal = made->readonly && asks(PyBUF_WRITABLE)   ? "its memory is read-only"
                        : asks(PyBUF_C_CONTIGUOUS) && !c         ? "its memory is not C-contiguous"
                        : asks(PyBUF_F_CONTIGUOUS) && !f         ? "its memory is not F-contiguous"
                        : asks(PyBUF_ANY_CONTIGUOUS) && !c && !f ? "its memory is not contiguous"
                        : !asks(PyBUF_STRIDES) && !c             ? "its memory has strides"
                                                                 : nullptr;
  if (refusal != nullptr) {
    PyErr_Format(PyExc_BufferError, "'%s' object: %s", class_name, refusal);
    const ErrorScope pending(token());
    delete made;
    return -1;
  }
  const bool shaped = asks(PyBUF_ND);
  view->buf = made->data;
  view->len = static_cast<Py_ssize_t>(made->count * made->element->size);
  view->itemsize = static_cast<Py_ssize_t>(made->element->size);
  view->readonly = made->readonly ? 1 : 0;
  view->ndim = shaped ? made->ndim : 1;
  // SAFETY: consumers read these, and do not write there.
  view->format = asks(PyBUF_FORMAT) ? const_cast<char*>(made->element->format) : nullptr;  // NOLINT
  view->shape = shaped && made->ndim != 0 ? made->shape : nullptr;
  view->strides = asks(PyBUF_STRIDES) && made->ndim != 0 ? made->strides : nullptr;
  view->suboffsets = nullptr;
  view->internal = made;
  view->obj = Py_NewRef(self);
  return 0;
}

ADDER_FUNC void end_export(ClassExport* made) noexcept {
  if (made->part.has_value()) {  // Whose end may be that of its owner, and so lead anywhere.
    const ErrorScope pending(token());
    delete made;
  } else {
    delete made;
  }
}

ADDER_FUNC void release_class_buffer(::PyObject*, Py_buffer* view) noexcept {
  auto* made = static_cast<ClassExport*>(std::exchange(view->internal, nullptr));
  if (made != nullptr) end_export(made);
}

inline constexpr const char* export_capsule_name = "adder.ClassExport";
ADDER_FUNC void end_export_capsule(::PyObject* capsule) noexcept {
  end_export(static_cast<ClassExport*>(PyCapsule_GetPointer(capsule, export_capsule_name)));
}

ADDER_FUNC ::PyObject* array_of_class(::PyObject* self, ClassExport* made, ArrayResult as) noexcept {
  made->kept = Py_NewRef(self);
  // The capsule stands for the borrow: it can be let go on any thread, as all objects can.
  ::PyObject* capsule = PyCapsule_New(made, export_capsule_name, &end_export_capsule);
  if (capsule == nullptr) {
    const ErrorScope pending(token());
    delete made;
    return nullptr;
  }
  if (as == ArrayResult::numpy && made->element->format != nullptr) {
    // ORDER: acquire: what numpy has put into the table.
    void* const* table = numpy_table.load(Order::acquire);
    const int number = numpy_number(made->element->format);
    if (table != nullptr && number >= 0) [[likely]] {
      return new_numpy_array(table, {number, made->ndim, made->shape, made->strides, made->data, made->readonly},
                             capsule);
    }
  }
  try {
    using Memory = MemoryOf<Py<PyAny>>;
    Py<PyAny> owner = steal(capsule).unbind();
    auto memory = std::make_unique<Memory>(*made->element, made->data, made->readonly, std::move(owner));
    memory->count = made->count;
    memory->ndim = made->ndim;
    std::memcpy(memory->shape, made->shape, sizeof memory->shape);
    std::memcpy(memory->strides, made->strides, sizeof memory->strides);
    PyResult<Bound<PyAny>> array = owned_array_object(token(), memory.get(), as);
    memory.release()->drop();
    if (array.is_ok()) return std::move(array).value().into_ptr();
    array.error().restore(token());
    return nullptr;
  } catch (...) {
    translate_current_exception();
    return nullptr;
  }
}

ADDER_COLD ADDER_FUNC void refuse_no_view() noexcept {
  PyErr_SetString(PyExc_BufferError, "a buffer is asked for, and no Py_buffer to fill is given");
}
ADDER_COLD ADDER_FUNC void refuse_locked(const char* class_name) {
  throw_buffer_error(class_name,
                     "it is a part of a locked object, for which others would wait as long as its memory is looked at");
}
ADDER_COLD ADDER_FUNC void refuse_export(const PyErr& why, const char* class_name) noexcept {
  try {
    std::string_view text = why.what();
    constexpr std::string_view kind = "RuntimeError: ";
    if (text.starts_with(kind)) text.remove_prefix(kind.size());
    const PyErr error = PyErr::Access::lazy(
        PyExc_BufferError, "'" + std::string(class_name) + "' object cannot show its memory: " + std::string(text));
    error.restore(token());
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
}

}  // namespace adder::inline ADDER_ABI::detail
