// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of vectorize.hpp: broadcasting, and what objects are operands.
#pragma once
#include "adder/array/vectorize.hpp"
#include "adder/call/call.hpp"

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

// --- Shapes ----------------------------------------------------------------------------------------------------------

[[noreturn]] ADDER_COLD ADDER_FUNC void refuse_shapes(const VectorInput* inputs, std::size_t count) {
  std::string text = "operands could not be broadcast together with shapes";
  for (std::size_t k = 0; k < count; ++k) {
    if (inputs[k].ndim != 0) text.append(" ").append(shape_in_words(inputs[k].shape, inputs[k].ndim));
  }
  throw std::invalid_argument(text);
}

ADDER_FUNC void plan_vector_loop(VectorLoop& loop, VectorStrides* strides, const VectorInput* inputs,
                                 std::size_t count) {
  loop.result_ndim = 0;
  for (std::size_t k = 0; k < count; ++k) {
    if (inputs[k].ndim > loop.result_ndim) loop.result_ndim = inputs[k].ndim;
  }
  if (loop.result_ndim > VectorLoop::max_dims) {
    throw std::invalid_argument("an operand of " + std::to_string(loop.result_ndim) + " dimensions: there may be " +
                                std::to_string(VectorLoop::max_dims));
  }
  int dims = 0;  // Those of the loops.
  for (int dim = 0; dim < loop.result_ndim; ++dim) {
    Py_ssize_t extent = 1;
    const auto place_in = [&](const VectorInput& input) { return dim - (loop.result_ndim - input.ndim); };
    for (std::size_t k = 0; k < count; ++k) {
      const int place = place_in(inputs[k]);
      const Py_ssize_t own = place < 0 ? 1 : inputs[k].shape[place];
      if (own == 1 || own == extent) continue;
      if (extent != 1) refuse_shapes(inputs, count);
      extent = own;
    }
    loop.result_shape[dim] = extent;
    if (extent == 1) continue;
    for (std::size_t k = 0; k < count; ++k) {
      const int place = place_in(inputs[k]);
      strides[k][dims] = place < 0 || inputs[k].shape[place] == 1 ? 0 : inputs[k].strides[place];
    }
    // The dimension before goes on where this one ends, in all operands: then both are one.
    bool is_one = dims != 0;
    for (std::size_t k = 0; k < count && is_one; ++k) {
      Py_ssize_t whole = 0;
      is_one = !__builtin_mul_overflow(strides[k][dims], extent, &whole) && strides[k][dims - 1] == whole;
    }
    if (is_one && !__builtin_mul_overflow(loop.extents[dims - 1], extent, &loop.extents[dims - 1])) {
      for (std::size_t k = 0; k < count; ++k) strides[k][dims - 1] = strides[k][dims];
    } else if (is_one) {
      throw std::invalid_argument("the shape of an array is too large");
    } else {
      loop.extents[dims++] = extent;
    }
  }
  if (dims == 0) {
    loop.extents[dims++] = 1;
    for (std::size_t k = 0; k < count; ++k) strides[k][0] = 0;
  }
  loop.ndim = dims;
}

struct FreeVector {
  void operator()(void* memory) const noexcept { std::free(memory); }
};

ADDER_FUNC OwnedMemory* new_vector_memory(const ElementInfo& type, const VectorLoop& loop) {
  using Memory = MemoryOf<std::unique_ptr<void, FreeVector>>;
  auto made = std::make_unique<Memory>(type, nullptr, false, std::unique_ptr<void, FreeVector>());
  static constinit char nothing = 0;
  made->data = &nothing;  // Looked at, and replaced.
  static constexpr Py_ssize_t one = 1;
  const bool single = loop.result_ndim == 0;  // No extents would mean one dimension.
  made->set_shape(static_cast<std::size_t>(-1),
                  std::span(single ? &one : loop.result_shape, single ? 1 : static_cast<std::size_t>(loop.result_ndim)),
                  ArrayForm());
  if (single) made->ndim = 0;
  // SAFETY: set_shape() has computed the product.
  const std::size_t bytes = made->count * type.size;
  if (type.alignment > alignof(std::max_align_t)) throw std::bad_alloc();
  void* memory = std::malloc(bytes == 0 ? 1 : bytes);
  if (memory == nullptr) throw std::bad_alloc();
  made->owner.reset(memory);
  made->data = static_cast<char*>(memory);
  return made.release();
}

// --- Operands --------------------------------------------------------------------------------------------------------

ADDER_COLD ADDER_FUNC std::string operand_in_words(const ElementInfo& wanted) {
  const ElementKind kind = wanted.kind;
  const bool is_int = kind == ElementKind::integer || kind == ElementKind::unsigned_integer;
  std::string words = kind == ElementKind::structure ? ""
                      : kind == ElementKind::boolean ? "a bool or "
                      : is_int                       ? "an int or "
                      : kind == ElementKind::complex ? "a complex or "
                                                     : "a float or ";
  return words.append("an array of ").append(wanted.name);
}
ADDER_COLD ADDER_FUNC PyErr operand_refused(const ElementInfo& wanted, const std::string& got) {
  return PyErr::Access::adopt(ErrState::make(ErrState::Kind::mismatch, PyExc_TypeError, operand_in_words(wanted), got));
}
ADDER_COLD ADDER_FUNC PyErr operand_mismatch(::PyObject* object, const ElementInfo& wanted) {
  return operand_refused(wanted, type_name_of(object));
}
ADDER_COLD ADDER_FUNC bool is_mismatch(const PyErr& error) noexcept {
  return PyErr::Access::state(error).kind == ErrState::Kind::mismatch;
}

/// `numpy.asarray(object).astype(dtype, casting="safe")`; null with an exception pending.
/// @param is_array  Whether numpy has made an array of the object: then it is the items that do not convert.
ADDER_FUNC ::PyObject* convert_safely(::PyObject* object, const ElementInfo& wanted, bool& is_array) noexcept {
  ::PyObject* numpy = PyImport_ImportModule("numpy");
  ::PyObject* array = numpy == nullptr ? nullptr : PyObject_CallMethod(numpy, "asarray", "O", object);
  ::PyObject* type = array == nullptr ? nullptr : PyObject_CallMethod(numpy, "dtype", "s", wanted.name);
  is_array = type != nullptr;
  ::PyObject* result = type == nullptr ? nullptr : PyObject_CallMethod(array, "astype", "Oss", type, "K", "safe");
  Py_XDECREF(type);
  Py_XDECREF(array);
  Py_XDECREF(numpy);
  return result;
}

/// What is left to say where numpy did not convert: the exception is pending.
ADDER_COLD ADDER_FUNC PyErr conversion_error(const ElementInfo& wanted, const std::string& got, bool is_array) {
  PyErr raised = PyErr::fetch(token());
  if (raised.matches(peek(PyExc_ImportError).as_bound())) {
    return operand_refused(wanted, got + ", which only numpy could convert, and that is not there");
  }
  const bool refuses =
      raised.matches(peek(PyExc_TypeError).as_bound()) || raised.matches(peek(PyExc_ValueError).as_bound());
  if (!refuses) return raised;
  return operand_refused(wanted, got + (is_array ? ", which does not convert safely"
                                                 : ", which numpy does not take (" + std::string(raised.what()) + ")"));
}

ADDER_FUNC PyResult<HeldPtr> hold_operand(::PyObject* object, const ElementInfo& wanted) {
  // numpy's float64 and complex128 are such numbers, too.
  if (PyFloat_Check(object) || PyLong_Check(object) || PyComplex_Check(object)) return HeldPtr();
  HeldPtr held(new_held());
  if (held.get() == nullptr) return PyErr::fetch(token());
  const ArrayForm form;
  const ArrayRequest request{&wanted, &form, false};
  const Taken taken = take_array(*held.get(), object, request);
  if (taken == Taken::ok) return held;
  if (taken == Taken::no_array) return HeldPtr();
  // A tensor may be elsewhere than its `__dlpack_device__` has said.
  if (taken != Taken::refused || held->device.type != dlpack::cpu) {
    return array_error(*held.get(), object, request, taken);
  }
  // Each item is copied where it is misaligned, or a bool of whatever byte.
  if (held->has_type(wanted) && held->suboffsets == nullptr) {
    // Those in a struct are copied with it, as they are.
    const bool good = wanted.kind != ElementKind::structure || held->has_valid_bools(wanted);
    return good ? PyResult<HeldPtr>(std::move(held)) : array_error(*held.get(), object, request, taken);
  }
  // A single number, such as numpy's int32: as Python's numbers, by its value.
  if (held->ndim == 0 && wanted.kind != ElementKind::structure) return HeldPtr();
  const std::string got = with_article((held->suboffsets != nullptr ? "indirect " : "") + held->in_words(wanted));
  held->give_back();
  if (wanted.kind == ElementKind::structure || wanted.format == nullptr) return operand_refused(wanted, got);
  const KeptAlive kept(object);
  bool is_array = false;
  ::PyObject* array = guard_unwind([&] { return convert_safely(object, wanted, is_array); });
  if (array == nullptr) return conversion_error(wanted, got, is_array);
  const Bound<PyAny> owned = steal(array);
  const Taken again = take_array(*held.get(), array, request);
  if (again == Taken::ok) return held;
  return array_error(*held.get(), array, request, again);
}

// --- Results ---------------------------------------------------------------------------------------------------------

ADDER_FUNC PyResult<Bound<PyAny>> vector_struct(Python py, OwnedMemory* memory) {
  PyResult<Bound<PyAny>> array = owned_array_object(py, memory, ArrayResult::numpy);
  if (array.is_err()) return array;
  ::PyObject* none = PyTuple_New(0);
  if (none == nullptr) return PyErr::fetch(py);
  ::PyObject* item = guard_unwind(PyObject_GetItem, array.value().as_ptr(), none);
  Py_DECREF(none);
  if (item == nullptr) return PyErr::fetch(py);
  return steal(item);
}

}  // namespace adder::inline ADDER_ABI::detail
