// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of buffer.hpp.
#pragma once
#include "adder/array/buffer.hpp"

#include <cstddef>
#include <string>

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD ADDER_FUNC PyErr mismatch_in_words(const std::string& wanted, const std::string& got) {
  return PyErr::Access::adopt(ErrState::make(ErrState::Kind::mismatch, PyExc_TypeError, wanted, got));
}

ADDER_FUNC PyResult<HeldPtr> hold_buffer(::PyObject* object, const ElementInfo* wanted) {
  const auto expected = [wanted] {
    return wanted == nullptr ? std::string("an object with the buffer protocol")
                             : std::string("a buffer of ") + wanted->name;
  };
  if (PyObject_CheckBuffer(object) == 0) return mismatch_in_words(expected(), type_name_of(object));
  HeldPtr held(new_held());
  if (held.get() == nullptr || !held->take_buffer(object)) {
    const std::string got = numpy_without_buffer(object);
    PyErr raised = PyErr::fetch(token());
    if (got.empty()) return raised;
    return mismatch_in_words(expected(), got);
  }
  if (wanted != nullptr && !held->has_type(*wanted)) {
    return mismatch_in_words(expected(), "a buffer of " + held->type_in_words(*wanted));
  }
  return held;
}

ADDER_COLD ADDER_FUNC void refuse_span(const HeldMemory* held, const ElementInfo* wanted) {
  const bool contiguous = held->is_contiguous(MemoryOrder::c) || held->is_contiguous(MemoryOrder::f);
  const char* why = held->suboffsets != nullptr ? "its items are found behind pointers"
                    : !contiguous               ? "its items do not lie side by side"
                                                : "its items are misaligned";
  throw PyErr::Access::lazy(PyExc_BufferError, std::string("the buffer of ") + wanted->name + " is no span, as " + why);
}

ADDER_COLD ADDER_FUNC void refuse_bools(const ElementInfo* wanted) {
  const char* which = wanted->kind == ElementKind::boolean ? "bytes" : "bools";
  throw PyErr::Access::lazy(PyExc_BufferError, std::string("the buffer of ") + wanted->name +
                                                   " is not read, as some of its " + which + " are neither 0 nor 1");
}

ADDER_COLD ADDER_FUNC void refuse_copy(std::size_t items, std::size_t given) {
  throw PyErr::Access::lazy(PyExc_BufferError, "the buffer has " + std::to_string(items) + " items, not " +
                                                   std::to_string(given) + " as the span");
}

ADDER_COLD ADDER_FUNC void refuse_write() { throw PyErr::Access::lazy(PyExc_BufferError, "the buffer is read-only"); }

ADDER_COLD ADDER_FUNC void throw_no_buffer(const char* operation) { throw_moved_from("buffer", operation); }

}  // namespace adder::inline ADDER_ABI::detail
