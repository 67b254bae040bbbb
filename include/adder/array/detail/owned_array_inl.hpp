// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of owned_array.hpp: the Python type whose objects export memory of C++.
#pragma once
#include "adder/array/detail/numpy_array.hpp"
#include "adder/array/detail/owned_exchange.hpp"
#include "adder/array/owned_array.hpp"
#include "adder/call/call.hpp"
#include "adder/exception/exceptions.hpp"

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

// --- The memory ------------------------------------------------------------------------------------------------------

ADDER_COLD ADDER_FUNC void refuse_extent() { throw std::invalid_argument("the shape of an array is negative"); }
ADDER_COLD ADDER_FUNC void owned_array_moved_from() { throw_moved_from("OwnedArray", "converted"); }

ADDER_FUNC void OwnedMemory::set_shape(std::size_t items, std::span<const Py_ssize_t> extents, const ArrayForm& form) {
  constexpr auto unknown = static_cast<std::size_t>(-1);
  if (extents.size() > max_dims) throw std::invalid_argument("an array has up to 8 dimensions");
  ndim = static_cast<int>(extents.size());
  bool empty = false;
  for (const Py_ssize_t extent : extents) {
    if (extent < 0) refuse_extent();
    empty = empty || extent == 0;
  }
  bool good = form.ndim < 0 || form.ndim == ndim;
  Py_ssize_t bytes = static_cast<Py_ssize_t>(element->size), total = 1;
  for (int n = 0; n < ndim; ++n) {
    const int i = form.order == MemoryOrder::f ? n : ndim - 1 - n;
    shape[i] = extents[static_cast<std::size_t>(i)];
    strides[i] = bytes;
    if (good && form.ndim > 0 && form.extents[i] >= 0) good = form.extents[i] == shape[i];
    if (empty) {
      if (data == nullptr) strides[i] = 0;  // Nobody goes away from null, not even to an empty row.
      continue;
    }
    if (__builtin_mul_overflow(bytes, shape[i], &bytes) || __builtin_mul_overflow(total, shape[i], &total)) {
      throw std::invalid_argument("the shape of an array is too large");
    }
  }
  count = empty ? 0 : static_cast<std::size_t>(total);
  if (!good || (items != unknown && count != items)) {
    std::string text = "an array of shape " + (ndim == 0 ? "()" : shape_in_words(shape, ndim)) + " is made ";
    if (items != unknown && count != items) {
      text += "of " + std::to_string(items) + " items";
    } else {
      const ArrayRequest request{element, &form, false};
      text += "where " + with_article(request_in_words(request)) + " is declared";
    }
    throw std::invalid_argument(text);
  }
  if (items == unknown && data == nullptr && count != 0) throw std::invalid_argument("the array has no memory");
}

struct FreeMemory {
  void operator()(void* memory) const noexcept { std::free(memory); }
};
using PlainMemory = MemoryOf<std::unique_ptr<void, FreeMemory>>;

ADDER_FUNC OwnedMemory* zeroed_memory(const ElementInfo& type, std::span<const Py_ssize_t> extents,
                                      const ArrayForm& form) {
  auto made = std::make_unique<PlainMemory>(type, nullptr, false, std::unique_ptr<void, FreeMemory>());
  static constinit char nothing = 0;
  made->data = &nothing;  // Looked at, and replaced.
  made->set_shape(static_cast<std::size_t>(-1), extents, form);
  // SAFETY: element types are aligned as malloc aligns, but for structs that ask for more, which are refused.
  if (type.alignment > alignof(std::max_align_t)) throw std::bad_alloc();
  void* memory = std::calloc(made->count == 0 ? 1 : made->count, type.size);
  if (memory == nullptr) throw std::bad_alloc();
  made->owner.reset(memory);
  made->data = static_cast<char*>(memory);
  return made.release();
}

// --- The object ------------------------------------------------------------------------------------------------------

struct OwnedObject {
  PyObject_HEAD OwnedMemory* memory;

  static OwnedMemory* of(::PyObject* self) noexcept { return reinterpret_cast<OwnedObject*>(self)->memory; }
};

ADDER_FUNC void dealloc_owned(::PyObject* self) noexcept {
  ::PyTypeObject* type = Py_TYPE(self);
  OwnedObject::of(self)->drop();
  type->tp_free(self);
  Py_DECREF(type);
}

ADDER_FUNC ::PyObject* repr_owned(::PyObject* self) noexcept {
  const OwnedMemory* memory = OwnedObject::of(self);
  try {
    const std::string text = "<adder array of " + std::string(memory->element->name) + ", " +
                             shape_in_words(memory->shape, memory->ndim) + (memory->readonly ? ", read-only>" : ">");
    return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  }
}

ADDER_FUNC bool lies_in(const OwnedMemory& memory, MemoryOrder order) noexcept {
  if (memory.count == 0) return true;
  auto step = static_cast<Py_ssize_t>(memory.element->size);
  for (int n = 0; n < memory.ndim; ++n) {
    const int i = order == MemoryOrder::f ? n : memory.ndim - 1 - n;
    if (memory.shape[i] != 1 && memory.strides[i] != step) return false;
    step *= memory.shape[i];
  }
  return true;
}

ADDER_FUNC int export_buffer(::PyObject* self, Py_buffer* view, int flags) noexcept {
  OwnedMemory* memory = OwnedObject::of(self);
  const auto asks = [flags](int wanted) { return (flags & wanted) == wanted; };
  const bool c = lies_in(*memory, MemoryOrder::c), f = lies_in(*memory, MemoryOrder::f);
  const char* refusal = memory->element->format == nullptr         ? "the buffer protocol has no such items: use DLPack"
                        : memory->readonly && asks(PyBUF_WRITABLE) ? "the array is read-only"
                        : asks(PyBUF_C_CONTIGUOUS) && !c           ? "the array is not C-contiguous"
                        : asks(PyBUF_F_CONTIGUOUS) && !f           ? "the array is not F-contiguous"
                        : !asks(PyBUF_STRIDES) && !c               ? "the array has strides"
                                                                   : nullptr;
  if (refusal != nullptr) {
    view->obj = nullptr;
    PyErr_SetString(PyExc_BufferError, refusal);
    return -1;
  }
  const bool shaped = asks(PyBUF_ND);
  view->buf = memory->data;
  view->obj = Py_NewRef(self);
  view->len = static_cast<Py_ssize_t>(memory->count * memory->element->size);
  view->itemsize = static_cast<Py_ssize_t>(memory->element->size);
  view->readonly = memory->readonly ? 1 : 0;
  view->ndim = shaped ? memory->ndim : 1;
  // SAFETY: consumers read these, and do not write there.
  view->format = asks(PyBUF_FORMAT) ? const_cast<char*>(memory->element->format) : nullptr;  // NOLINT
  view->shape = shaped && memory->ndim != 0 ? memory->shape : nullptr;
  view->strides = asks(PyBUF_STRIDES) && memory->ndim != 0 ? memory->strides : nullptr;
  view->suboffsets = nullptr;
  view->internal = nullptr;
  return 0;
}

// --- DLPack ----------------------------------------------------------------------------------------------------------

ADDER_FUNC void end_tensor_capsule(::PyObject* capsule) noexcept {
  if (PyCapsule_IsValid(capsule, dlpack::name) != 0) {
    auto* managed = static_cast<dlpack::Managed*>(PyCapsule_GetPointer(capsule, dlpack::name));
    managed->deleter(managed);
  } else if (PyCapsule_IsValid(capsule, dlpack::versioned_name) != 0) {
    auto* managed = static_cast<dlpack::ManagedVersioned*>(PyCapsule_GetPointer(capsule, dlpack::versioned_name));
    managed->deleter(managed);
  }  // Else somebody has used it, and frees it.
}

/// Takes one reference to @p memory.
ADDER_FUNC ::PyObject* tensor_capsule(OwnedMemory* memory, bool versioned, bool is_copy) noexcept {
  if (versioned) {
    dlpack::ManagedVersioned* handed = hand_out(memory, is_copy);
    if (handed == nullptr) return PyErr_NoMemory();
    ::PyObject* capsule = PyCapsule_New(handed, dlpack::versioned_name, &end_tensor_capsule);
    if (capsule == nullptr) handed->deleter(handed);
    return capsule;
  }
  dlpack::Managed* handed = hand_out_old(memory);
  if (handed == nullptr) return PyErr_NoMemory();
  ::PyObject* capsule = PyCapsule_New(handed, dlpack::name, &end_tensor_capsule);
  if (capsule == nullptr) handed->deleter(handed);
  return capsule;
}

ADDER_FUNC OwnedMemory* copied_memory(const OwnedMemory& source) noexcept {
  try {
    auto made = std::make_unique<PlainMemory>(*source.element, nullptr, false, std::unique_ptr<void, FreeMemory>());
    const std::size_t size = source.element->size, bytes = source.count * size;
    made->owner.reset(std::malloc(bytes == 0 ? 1 : bytes));
    if (made->owner == nullptr) return nullptr;
    made->data = static_cast<char*>(made->owner.get());
    made->count = source.count;
    made->ndim = source.ndim;
    std::memcpy(made->shape, source.shape, sizeof made->shape);
    std::memcpy(made->strides, source.strides, sizeof made->strides);
    if (bytes == 0) return made.release();
    if (lies_in(source, MemoryOrder::c) || lies_in(source, MemoryOrder::f)) {
      std::memcpy(made->data, source.data, bytes);
      return made.release();
    }
    // A tensor of another library's, with strides: the copy is in C order.
    auto step = static_cast<Py_ssize_t>(size);
    for (int i = made->ndim; i-- > 0;) {
      made->strides[i] = step;
      step *= made->shape[i];
    }
    for (std::size_t item = 0; item < source.count; ++item) {
      const char* from = source.data;
      auto rest = static_cast<Py_ssize_t>(item);
      for (int i = source.ndim; i-- > 0; rest /= source.shape[i]) from += rest % source.shape[i] * source.strides[i];
      std::memcpy(made->data + item * size, from, size);
    }
    return made.release();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

/// The first of a tuple of ints; -1 with an exception pending.
ADDER_FUNC long first_number(::PyObject* tuple) noexcept {  // NOLINT(google-runtime-int): the C API's
  if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) != 2) {
    PyErr_SetString(PyExc_TypeError, "__dlpack__() takes a version and a device as tuples of two ints");
    return -1;
  }
  // NOLINTNEXTLINE(google-runtime-int)
  const long number = guard_unwind(PyLong_AsLong, PyTuple_GET_ITEM(tuple, 0));
  if (number < 0 && PyErr_Occurred() == nullptr) PyErr_SetString(PyExc_ValueError, "a negative number");
  return number;
}

/// `__dlpack__(*, stream=None, max_version=None, dl_device=None, copy=None)`
ADDER_FUNC ::PyObject* export_dlpack(::PyObject* self, ::PyObject* const* args, Py_ssize_t given,
                                     ::PyObject* names) noexcept {
  OwnedMemory* memory = OwnedObject::of(self);
  static constexpr const char* known[] = {"stream", "max_version", "dl_device", "copy"};
  ::PyObject* values[4] = {Py_None, Py_None, Py_None, Py_None};
  if (given > 1) {
    PyErr_SetString(PyExc_TypeError, "__dlpack__() takes keyword arguments");
    return nullptr;
  }
  if (given == 1) values[0] = args[0];
  const Py_ssize_t named = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  for (Py_ssize_t i = 0; i < named; ++i) {
    std::size_t place = 0;
    while (place < 4 && PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(names, i), known[place]) != 0) ++place;
    if (place == 4) {
      PyErr_Format(PyExc_TypeError, "__dlpack__() got an unexpected keyword argument '%U'", PyTuple_GET_ITEM(names, i));
      return nullptr;
    }
    values[place] = args[given + i];
  }
  const char* refusal = nullptr;
  bool versioned = false, copy = false;
  if (values[1] != Py_None) {
    const long major = first_number(values[1]);  // NOLINT(google-runtime-int)
    if (major < 0) return nullptr;
    versioned = major >= 1;
  }
  if (values[2] != Py_None) {
    const long type = first_number(values[2]);  // NOLINT(google-runtime-int)
    if (type < 0) return nullptr;
    if (type != dlpack::cpu) refusal = "the array is on the CPU, and stays there";
  }
  if (values[3] != Py_None) {
    const int wanted = guard_unwind(PyObject_IsTrue, values[3]);
    if (wanted < 0) return nullptr;
    copy = wanted != 0;
  }
  if (values[0] != Py_None) refusal = "memory of the CPU has no stream";
  if (memory->element->dlpack_bits == 0) refusal = "DLPack has no such items: use the buffer protocol";
  if (memory->readonly && !versioned && !copy) refusal = "the array is read-only, which only DLPack 1.0 can say";
  if (refusal != nullptr) {
    PyErr_SetString(PyExc_BufferError, refusal);
    return nullptr;
  }
  OwnedMemory* handed = copy ? copied_memory(*memory) : memory->share();
  return handed == nullptr ? PyErr_NoMemory() : tensor_capsule(handed, versioned, copy);
}

ADDER_FUNC ::PyObject* dlpack_device(::PyObject*, ::PyObject*) noexcept {
  return Py_BuildValue("(ii)", dlpack::cpu, 0);
}

ADDER_HIDDEN inline constinit Atomic<::PyObject*> owned_array_type{nullptr};

/// The type, which is made at its first use and kept; borrowed. Null with an exception pending.
ADDER_FUNC ::PyObject* get_owned_array_type() noexcept {
  // ORDER: acquire: what the type consists of.
  if (::PyObject* type = owned_array_type.load(Order::acquire)) return type;
  // Not filled in later: several threads may get here at the same time.
  static PyMethodDef methods[] = {
      {"__dlpack__", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&export_dlpack)),
       METH_FASTCALL | METH_KEYWORDS, "The array as a capsule of DLPack."},
      {"__dlpack_device__", &dlpack_device, METH_NOARGS, "Where the array is: (1, 0), the CPU."},
      {nullptr, nullptr, 0, nullptr}};
  static PyType_Slot slots[] = {{Py_tp_dealloc, reinterpret_cast<void*>(&dealloc_owned)},
                                {Py_tp_repr, reinterpret_cast<void*>(&repr_owned)},
                                {Py_tp_methods, methods},
                                {Py_bf_getbuffer, reinterpret_cast<void*>(&export_buffer)},
                                {0, nullptr}};
  PyType_Spec spec{"adder.OwnedArray", sizeof(OwnedObject), 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE, slots};
  ::PyObject* made = guard_unwind(PyType_FromSpec, &spec);
  if (made == nullptr) return nullptr;
  // Set behind the type's back, which is immutable, and nobody else's yet.
  ::PyObject* exchange = exchange_capsule();
  ::PyObject* dict = reinterpret_cast<::PyTypeObject*>(made)->tp_dict;
  const bool set = exchange != nullptr && PyDict_SetItemString(dict, "__dlpack_c_exchange_api__", exchange) == 0;
  Py_XDECREF(exchange);
  if (!set) {
    Py_DECREF(made);
    return nullptr;
  }
  PyType_Modified(reinterpret_cast<::PyTypeObject*>(made));
  return publish_immortal(owned_array_type, made);
}

ADDER_FUNC OwnedMemory* owned_memory_of(::PyObject* object) noexcept {
  // ORDER: acquire: as where it is made.
  if (reinterpret_cast<::PyObject*>(Py_TYPE(object)) == owned_array_type.load(Order::acquire)) {
    return OwnedObject::of(object);
  }
  PyErr_Format(PyExc_TypeError, "the DLPack exchange of adder.OwnedArray takes no '%.200s' object",
               type_name_of(object));
  return nullptr;
}

ADDER_HIDDEN inline constinit Atomic<::PyObject*> numpy_asarray{nullptr};

ADDER_FUNC ::PyObject* get_asarray() noexcept {
  if (::PyObject* function = numpy_asarray.load(Order::acquire)) return function;
  ::PyObject* numpy = guard_unwind(PyImport_ImportModule, "numpy");
  if (numpy == nullptr) return nullptr;
  ::PyObject* function = guard_unwind(PyObject_GetAttrString, numpy, "asarray");
  release(numpy);
  if (function == nullptr) return nullptr;
  numpy_table.store(find_numpy_table(), Order::release);
  return publish_once(numpy_asarray, function);
}

ADDER_FUNC PyResult<Bound<PyAny>> owned_array_object(Python py, OwnedMemory* memory, ArrayResult as) {
  ::PyObject* type = get_owned_array_type();
  if (type == nullptr) return PyErr::fetch(py);
  auto* object = PyObject_New(OwnedObject, reinterpret_cast<::PyTypeObject*>(type));
  if (object == nullptr) return PyErr::fetch(py);
  object->memory = memory->share();
  Bound<PyAny> owned = steal(reinterpret_cast<::PyObject*>(object));
  if (as == ArrayResult::object) return owned;
  if (as == ArrayResult::memoryview) {
    ::PyObject* view = guard_rare_unwind(PyMemoryView_FromObject, owned.as_ptr());
    if (view == nullptr) return PyErr::fetch(py);
    return steal(view);
  }
  // ORDER: acquire: what numpy has put into the table.
  void* const* table = numpy_table.load(Order::acquire);
  const int number = memory->element->format == nullptr ? -1 : numpy_number(memory->element->format);
  if (table != nullptr && number >= 0 && memory->data != nullptr)
      [[likely]] {  // Of null numpy makes memory of its own.
    ::PyObject* array =
        new_numpy_array(table, {number, memory->ndim, memory->shape, memory->strides, memory->data, memory->readonly},
                        std::move(owned).into_ptr());
    if (array == nullptr) return PyErr::fetch(py);
    return steal(array);
  }
  ::PyObject* asarray = get_asarray();
  if (asarray == nullptr) {
    PyErr cause = PyErr::fetch(py);
    if (!cause.is_instance_of<PyImportError>(py)) return cause;
    PyErr error = PyErr::Access::lazy(PyExc_ImportError,
                                      "a numpy array is returned here, and numpy cannot be imported: install numpy");
    error.set_cause(py, std::move(cause));
    return error;
  }
  ::PyObject* array = guard_unwind(PyObject_CallOneArg, asarray, owned.as_ptr());
  if (array == nullptr) return PyErr::fetch(py);
  return steal(array);
}

}  // namespace adder::inline ADDER_ABI::detail
