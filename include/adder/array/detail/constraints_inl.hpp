// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of constraints.hpp: taking an object as an array of a certain form.
#pragma once
#include "adder/array/constraints.hpp"
#include "adder/array/detail/numpy_array.hpp"
#include "adder/exception/exceptions.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace adder::inline ADDER_ABI::detail {

// --- Whether an array is what was asked for --------------------------------------------------------------------------

inline bool has_shape(const HeldMemory& held, const ArrayForm& form) noexcept {
  if (form.ndim < 0) return true;
  if (held.ndim != form.ndim) return false;
  for (int i = 0; i < form.ndim; ++i) {
    if (form.extents[i] >= 0 && held.shape[i] != form.extents[i]) return false;
  }
  return true;
}

/// Apart from the type of the items.
ADDER_INLINE bool fits_in_form(const HeldMemory& held, const ArrayRequest& request) noexcept {
  const ArrayForm& form = *request.form;
  if (!has_shape(held, form)) return false;
  if (form.device != DeviceType::any && held.device.type != static_cast<std::int32_t>(form.device)) return false;
  if (held.suboffsets != nullptr || (request.writable && held.readonly)) return false;
  if (form.order != MemoryOrder::any && !(held.is_c_ordered && form.order == MemoryOrder::c) &&
      !held.is_contiguous(form.order)) {
    return false;
  }
  if (held.device.type != dlpack::cpu) return true;
  const std::size_t alignment = request.element->alignment;
  if (held.is_c_ordered) {
    // An item's size is a multiple of its alignment.
    if ((reinterpret_cast<std::uintptr_t>(held.data) & (alignment - 1)) != 0) return false;
  } else if (!held.is_aligned(alignment) || (request.writable && held.repeats_items())) {
    return false;
  }
  return held.has_valid_bools(*request.element);
}
inline bool fits(const HeldMemory& held, const ArrayRequest& request) noexcept {
  return held.has_type(*request.element) && fits_in_form(held, request);
}

ADDER_FUNC bool has_attribute(::PyObject* object, ::PyObject* name) noexcept {
  return _PyType_Lookup(Py_TYPE(object), name) != nullptr;
}

/// By DLPack's C exchange. `no_array`: another way is to be tried.
ADDER_FUNC Taken take_exchanged(HeldMemory& held, ::PyObject* object, const ArrayRequest& request) noexcept {
  // Nothing here waits for what a device computes, which `__dlpack__` does: it is asked for other memory.
  const DeviceType wanted = request.form->device;
  if (wanted != DeviceType::cpu && wanted != DeviceType::any) return Taken::no_array;
  const dlpack::ExchangeApi* api = exchange_api_of(object);
  if (api == nullptr) return Taken::no_array;
  dlpack::ManagedVersioned* given = exchanged_tensor(object, *api);
  if (given == nullptr) {
    // A BufferError says that there is none, to which `__dlpack__` may have something to add.
    if (PyErr_ExceptionMatches(PyExc_BufferError) == 0) return Taken::raised;
    const PyErr refusal = PyErr::fetch(token());  // No look-up while it is pending.
    if (PyObject_CheckBuffer(object) == 0 && !has_attribute(object, Interned<"__dlpack__">::get(token()))) {
      refusal.restore(token());
      return Taken::raised;
    }
    return Taken::no_array;
  }
  if (!held.take_versioned(given, request.writable)) return Taken::raised;
  if (held.device.type == dlpack::cpu) return Taken::ok;
  held.give_back();
  return wanted == DeviceType::any ? Taken::no_array : Taken::wrong_device;
}

ADDER_FUNC Taken take_tensor(HeldMemory& held, ::PyObject* object, const ArrayRequest& request) noexcept {
  const KeptAlive kept(object);
  ::PyObject* tuple = guard_unwind(PyObject_CallMethodNoArgs, object, Interned<"__dlpack_device__">::get(token()));
  if (tuple == nullptr) return Taken::raised;
  const bool read = read_device(tuple, held.device);
  release(tuple);
  if (!read) return Taken::raised;
  const DeviceType wanted = request.form->device;
  if (wanted != DeviceType::any && held.device.type != static_cast<std::int32_t>(wanted)) return Taken::wrong_device;
  return held.take_dlpack(object, request.writable) ? Taken::ok : Taken::raised;
}

/// The names that DLPack is asked by, where a MemoryError at their first use can still be told.
ADDER_FUNC bool intern_dlpack_names() noexcept {
  try {
    Interned<"__dlpack__">::get(token());
    Interned<"__dlpack_device__">::get(token());
    Interned<"__dlpack_c_exchange_api__">::get(token());
    Interned<"max_version">::get(token());
    Interned<"copy">::get(token());
    return true;
  } catch (const PyErr& error) {
    error.restore(token());
    return false;
  }
}

/// @param has_buffer  Whether it can also be taken as a buffer.
ADDER_FUNC Taken take_without_buffer(HeldMemory& held, ::PyObject* object, const ArrayRequest& request,
                                     bool has_buffer) noexcept {
  if (!intern_dlpack_names()) return Taken::raised;
  const KeptAlive kept(object);
  const Taken taken = take_exchanged(held, object, request);
  if (taken != Taken::no_array) return taken;
  if (has_buffer) return held.take_buffer(object) ? Taken::ok : Taken::raised;
  if (!has_attribute(object, Interned<"__dlpack__">::get(token()))) return Taken::no_array;
  return take_tensor(held, object, request);
}

ADDER_FUNC Taken take_array(HeldMemory& held, ::PyObject* object, const ArrayRequest& request) noexcept {
  const bool on_cpu = request.form->device == DeviceType::cpu || request.form->device == DeviceType::any;
  if (on_cpu && is_numpy_array(object)) [[likely]] {
    if (held.take_numpy(object, *request.element)) [[likely]] {
      if (fits_in_form(held, request)) [[likely]]
        return Taken::ok;
      held.give_back();
    }
  }
  const bool has_buffer = on_cpu && PyObject_CheckBuffer(object) != 0;
  // The buffer protocol has no format for some items, which an object that has both can give in the other way.
  if (has_buffer && request.element->format != nullptr) [[likely]] {
    if (!held.take_buffer(object)) return Taken::raised;
    if (!looked_for_numpy.load(Order::relaxed)) [[unlikely]]
      look_for_numpy(object);
  } else {
    const Taken taken = take_without_buffer(held, object, request, has_buffer);
    if (taken != Taken::ok) return taken;
  }
  return fits(held, request) ? Taken::ok : Taken::refused;
}

// --- In words --------------------------------------------------------------------------------------------------------

ADDER_COLD ADDER_FUNC std::string device_in_words(std::int32_t type) {
  static constexpr const char* names[] = {
      "",     "cpu",       "cuda",      "cuda_host",    "opencl",  "",       "",        "vulkan", "metal",   "vpi",
      "rocm", "rocm_host", "extension", "cuda_managed", "one_api", "webgpu", "hexagon", "maia",   "trainium"};
  const bool known = type > 0 && type < static_cast<std::int32_t>(sizeof names / sizeof *names) && *names[type] != 0;
  return known ? names[type] : "device type " + std::to_string(type);
}

ADDER_COLD ADDER_FUNC std::string request_in_words(const ArrayRequest& request) {
  const ArrayForm& form = *request.form;
  std::string words = request.writable ? "writable " : "";
  if (form.order != MemoryOrder::any) words += form.order == MemoryOrder::c ? "C-contiguous " : "F-contiguous ";
  bool any_extent = false;
  for (int i = 0; i < form.ndim; ++i) any_extent = any_extent || form.extents[i] >= 0;
  if (any_extent) {
    static constexpr const char* letters[] = {"n", "m", "k", "l", "i", "j", "p", "q"};
    int letter = 0;
    words += "(";
    for (int i = 0; i < form.ndim; ++i) {
      if (i != 0) words += ", ";
      words += form.extents[i] >= 0 ? std::to_string(form.extents[i]) : letters[letter++];
    }
    words += form.ndim == 1 ? ",) " : ") ";
  } else if (form.ndim >= 0) {
    words += std::to_string(form.ndim) + "-dimensional ";
  }
  words.append("array of ").append(request.element->name);
  if (form.device == DeviceType::any) words += " on any device";
  if (form.device != DeviceType::any && form.device != DeviceType::cpu) {
    words += " on " + device_in_words(static_cast<std::int32_t>(form.device));
  }
  return words;
}

/// What came instead of what was asked for.
ADDER_COLD ADDER_FUNC std::string held_in_words(const HeldMemory& held, const ArrayRequest& request) {
  const ArrayForm& form = *request.form;
  std::string words = request.writable && held.readonly ? "read-only " : "";
  if (held.suboffsets != nullptr) words += "indirect ";
  if (form.order != MemoryOrder::any && !held.is_contiguous(form.order)) {
    words += held.is_contiguous(MemoryOrder::f)   ? "F-contiguous "
             : held.is_contiguous(MemoryOrder::c) ? "C-contiguous "
                                                  : "strided ";
  }
  if (held.device.type == dlpack::cpu && held.has_type(*request.element)) {
    if (!held.is_aligned(request.element->alignment)) words += "misaligned ";
    if (request.writable && held.repeats_items()) words += "broadcast ";
  }
  words += held.in_words(*request.element);
  if (held.device.type != dlpack::cpu) {
    words += " on " + device_in_words(held.device.type);
  } else if (held.has_type(*request.element) && !held.has_valid_bools(*request.element)) {
    words += request.element->kind == ElementKind::boolean ? " with bytes other than 0 and 1"
                                                           : " with bools that are neither 0 nor 1";
  }
  return words;
}

ADDER_COLD ADDER_FUNC PyErr array_error(HeldMemory& held, ::PyObject* object, const ArrayRequest& request,
                                        Taken taken) {
  std::string got = taken == Taken::raised ? numpy_without_buffer(object) : type_name_of(object);
  if (taken == Taken::raised) {
    PyErr raised = PyErr::fetch(token());
    if (got.empty()) return raised;
  }
  if (taken == Taken::wrong_device) got += " on " + device_in_words(held.device.type);
  if (taken == Taken::refused) {
    got = with_article(held_in_words(held, request));
    held.give_back();
  }
  const std::string wanted = with_article(request_in_words(request));
  return PyErr::Access::adopt(ErrState::make(ErrState::Kind::mismatch, PyExc_TypeError, wanted, got));
}

// --- Converting ------------------------------------------------------------------------------------------------------

/// `numpy.asarray(object).astype(dtype, order, casting="same_kind")`
ADDER_COLD ADDER_FUNC ::PyObject* convert_by_numpy(::PyObject* object, const ArrayRequest& request) noexcept {
  ::PyObject* numpy = PyImport_ImportModule("numpy");
  if (numpy == nullptr) return nullptr;
  ::PyObject* array = PyObject_CallMethod(numpy, "asarray", "O", object);
  ::PyObject* type = array == nullptr ? nullptr : PyObject_CallMethod(numpy, "dtype", "s", request.element->name);
  ::PyObject* result = nullptr;
  if (type != nullptr) {
    result = PyObject_CallMethod(array, "astype", "Oss", type, request.form->order == MemoryOrder::f ? "F" : "C",
                                 "same_kind");
  }
  Py_XDECREF(type);
  Py_XDECREF(array);
  Py_DECREF(numpy);
  return result;
}

ADDER_FUNC std::optional<PyErr> convert_array(HeldMemory& held, ::PyObject* object, const ArrayRequest& request) {
  const Taken taken = take_array(held, object, request);
  if (taken == Taken::ok) return std::nullopt;
  const ArrayForm& form = *request.form;
  if (taken == Taken::raised || taken == Taken::wrong_device) return array_error(held, object, request, taken);
  if (taken == Taken::refused) {
    if (!has_shape(held, form) || held.device.type != dlpack::cpu) return array_error(held, object, request, taken);
    if (held.has_type(*request.element)) {
      // The right items in another order, or misaligned: nobody else is needed.
      HeldMemory other = {};
      other.clear(false);
      if (!held.has_valid_bools(*request.element)) return array_error(held, object, request, taken);
      const bool copied = other.take_copy(held, form.order, request.element->alignment);
      held.give_back();
      if (!copied) return PyErr::fetch(token());
      // SAFETY: memory of our own may be moved: nobody points into it but itself.
      const bool has_own_room = other.shape == other.room;
      const bool on_heap = held.on_heap;
      held = other;
      held.on_heap = on_heap;
      if (has_own_room) {
        held.shape = held.room;
        held.strides = held.room + HeldMemory::room_dims;
      }
      return std::nullopt;
    }
  }
  // Made first, as what is held is given back.
  const PyErr refused = array_error(held, object, request, taken);
  if (request.element->kind == ElementKind::structure || request.element->kind == ElementKind::byte ||
      request.element->format == nullptr || form.device == DeviceType::any) {
    return refused;
  }
  ::PyObject* array = guard_unwind([&] {
    const KeptAlive kept(object);
    return convert_by_numpy(object, request);
  });
  if (array == nullptr) {
    // Without numpy, or where it cannot either, that is why. What else was raised is told.
    const PyErr raised = PyErr::fetch(token());
    const bool missing = raised.is_instance_of<PyImportError>(token());
    const bool refuses = raised.is_instance_of<PyTypeError, PyValueError>(token());
    if (!missing && !refuses) return raised;
    const ErrState& state = PyErr::Access::state(refused);
    const std::string got =
        std::string(state.got) +
        (missing ? ", which only numpy could convert, and that is not there" : ", which numpy does not convert") +
        " (" + raised.what() + ")";
    return PyErr::Access::adopt(ErrState::make(ErrState::Kind::mismatch, PyExc_TypeError, state.message, got));
  }
  const Bound<PyAny> owned = steal(array);
  const Taken again = take_array(held, array, request);
  if (again == Taken::ok) return std::nullopt;
  return array_error(held, array, request, again);
}

}  // namespace adder::inline ADDER_ABI::detail
