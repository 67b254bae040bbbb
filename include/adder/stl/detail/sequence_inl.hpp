// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of sequence.hpp.
#pragma once
#include "adder/exception/exceptions.hpp"
#include "adder/stl/detail/sequence.hpp"
#include "adder/types/sequence.hpp"

#include <string>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC bool is_stable_array(::PyObject* source) noexcept {
#if !defined(Py_GIL_DISABLED)
  if (PyList_CheckExact(source)) return true;
#endif
  return PyTuple_CheckExact(source) != 0;
}

/// Whether an object is meant by "sequence": it has a length and items with numbers, and is no text, set or mapping.
ADDER_FUNC bool is_sequence(::PyObject* object, OtherItems::Bytes bytes) {
  const ::PyTypeObject* type = Py_TYPE(object);
  // Text and bytes where a list is expected are nearly always a slip.
  if (PyUnicode_Check(object) != 0 || PyAnySet_Check(object)) return false;
  if (bytes == OtherItems::Bytes::refused && (PyBytes_Check(object) || PyByteArray_Check(object))) return false;
  if (PySequence_Check(object) == 0) return false;  // It has no __getitem__, as a generator; or it is a dict.
  if ((type->tp_as_sequence == nullptr || type->tp_as_sequence->sq_length == nullptr) &&
      (type->tp_as_mapping == nullptr || type->tp_as_mapping->mp_length == nullptr)) {
    return false;
  }
  // The question is which of the two, as anything with a __getitem__ could be either. These flags are what `match` goes
  // by: collections.abc sets them in the classes that inherit from, or are registered as, Sequence and Mapping. Only
  // types that cannot change are passed over, such as those of C, and what has neither flag is asked as isinstance()
  // does. That an object has `keys` says little: those of pandas.Series are its index.
  if (PyType_HasFeature(Py_TYPE(object), Py_TPFLAGS_SEQUENCE) != 0) return true;
  return PyType_HasFeature(Py_TYPE(object), Py_TPFLAGS_MAPPING) == 0 && !PyMapping::is_type_of(object);
}

/// Whether nothing but `__getitem__` gives the items: there is no `__iter__`, or it is the one of collections.abc. Both
/// take an IndexError for the end wherever it comes from; and without one they go on for ever.
ADDER_FUNC bool is_read_by_index(::PyObject* object) {
  ::PyTypeObject* type = Py_TYPE(object);
  if (type->tp_iter == nullptr) return true;
  if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE) == 0 || PyType_HasFeature(type, Py_TPFLAGS_SEQUENCE) == 0) {
    return false;
  }
  ::PyObject* name = Interned<"__iter__">::get(token());
  return _PyType_Lookup(type, name) == _PyType_Lookup(PySequence::type_object(), name);
}

/// Takes what is pending where it is the TypeError of a type without the operation. What Python code raised has a
/// traceback.
ADDER_COLD ADDER_FUNC std::optional<PyErr> unless_unsupported(::PyObject* source, const char* expected) {
  const bool is_type_error = PyErr_ExceptionMatches(PyExc_TypeError) != 0;
  PyErr error = PyErr::fetch(token());
  if (is_type_error && !error.traceback(token())) return PyErr::Access::mismatch(expected, source);
  return error;
}

ADDER_FUNC std::optional<PyErr> OtherItems::open(::PyObject* source, const char* expected, Bytes bytes) {
  try {
    if (!is_sequence(source, bytes)) return PyErr::Access::mismatch(expected, source);
    source_ = source;
    size_ = guard_unwind(PyObject_Size, source);
    if (size_ < 0) return unless_unsupported(source, expected);  // Such as numpy's arrays of no dimension.
    is_tuple_ = PyTuple_Check(source) && Py_TYPE(source)->tp_iter == PyTuple_Type.tp_iter;
    if (is_tuple_) {
      size_ = PyTuple_GET_SIZE(source);  // Whatever its __len__ says.
    } else if (!is_read_by_index(source)) {
      iterator_ = guard_unwind(PyObject_GetIter, source);
      if (iterator_ == nullptr) return unless_unsupported(source, expected);
    }
    return std::nullopt;
  } catch (const PyErr& error) {
    return error;
  }
}

ADDER_FUNC ::PyObject* OtherItems::next(Py_ssize_t index) {
  if (iterator_ != nullptr) return guard_unwind(PyIter_Next, iterator_);
  if (is_tuple_) return index < size_ ? Py_NewRef(PyTuple_GET_ITEM(source_, index)) : nullptr;
  const auto is_end = [&] {
    size_ = guard_unwind(PyObject_Size, source_);
    return size_ <= index;
  };
  if (index >= size_ && is_end()) return nullptr;
  ::PyObject* item = guard_unwind(PySequence_GetItem, source_, index);
  if (item == nullptr && PyErr_ExceptionMatches(PyExc_IndexError) != 0) {
    const PyErr error = PyErr::fetch(token());
    if (!is_end()) error.restore(token());  // Not the end: the error is the item's own.
  }
  return item;
}

ADDER_COLD ADDER_FUNC PyErr wrong_count(std::size_t wanted, std::size_t count, ::PyObject* source) {
  std::string got = std::to_string(count);
  if (count > wanted) {
    const Py_ssize_t size = guard_unwind(PyObject_Size, source);
    if (size < 0) PyErr_Clear();
    got = size > static_cast<Py_ssize_t>(wanted) ? std::to_string(size) : "more";
  }
  return PyErr::Access::lazy(PyExc_ValueError, std::string("expected ")
                                                   .append(std::to_string(wanted))
                                                   .append(wanted == 1 ? " item, got " : " items, got ")
                                                   .append(got));
}

ADDER_FUNC PyResult<Bound<PyAny>> tuple_of_others(::PyObject* source, std::size_t wanted, const char* expected) {
  OtherItems others;
  if (auto error = others.open(source, expected)) return *std::move(error);
  ::PyObject* raw = guard_rare_unwind(PyTuple_New, static_cast<Py_ssize_t>(wanted));
  if (raw == nullptr) return PyErr::fetch(token());
  Bound<PyAny> tuple = steal(raw);
  HiddenWhileMade<true> hidden(raw, wanted);
  for (std::size_t index = 0;; ++index) {  // One more than wanted, to see that there are too many.
    ::PyObject* item = others.next(static_cast<Py_ssize_t>(index));
    if (item == nullptr) {
      if (PyErr_Occurred() != nullptr) return at_index(PyErr::fetch(token()), index);
      if (index != wanted) return wrong_count(wanted, index, source);
      hidden.show();
      return tuple;
    }
    if (index == wanted) {
      release(item);
      return wrong_count(wanted, index + 1, source);
    }
    PyTuple_SET_ITEM(raw, static_cast<Py_ssize_t>(index), item);
  }
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
