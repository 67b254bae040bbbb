// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of the type slots behind dunders.
#pragma once
#include "adder/class/detail/protocol_slots.hpp"
#include "adder/token/detail/unwind.hpp"

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD ADDER_FUNC ::PyObject* not_implemented_unless_raised() noexcept {
  return PyErr_Occurred() != nullptr ? nullptr : Py_NewRef(Py_NotImplemented);
}

ADDER_COLD ADDER_FUNC bool is_of_early_type(const ClassPlace& place, ::PyObject* object) noexcept {
  const EarlyType* early = place.early.load(Order::acquire);
  return early != nullptr && PyType_IsSubtype(Py_TYPE(object), early->type) != 0;
}

ADDER_COLD ADDER_FUNC bool same_reflected(::PyTypeObject* a, ::PyTypeObject* b, int id) noexcept {
  const char* name = reflected_name(id);
  const auto look_up = [name](::PyTypeObject* type) {
    return guard_unwind(PyObject_GetAttrString, reinterpret_cast<::PyObject*>(type), name);
  };
  ::PyObject* of_a = look_up(a);
  ::PyObject* of_b = of_a == nullptr ? nullptr : look_up(b);
  PyErr_Clear();
  const bool same = of_a != nullptr && of_a == of_b;
  release_if_any(of_a);
  release_if_any(of_b);
  return same;
}

ADDER_FUNC ::PyObject* add_instead(::PyObject* self, ::PyObject* other, ::PyObject* result) noexcept {
  const ::PySequenceMethods* sequence = Py_TYPE(self)->tp_as_sequence;
  if (sequence == nullptr || sequence->sq_inplace_concat == nullptr) return result;
  release(result);
  return guard_unwind(PyNumber_Add, self, other);
}

ADDER_FUNC ::PyObject* get_by_index(::PyObject* self, Py_ssize_t index) noexcept {
  if (index < 0 && Py_TYPE(self)->tp_as_sequence->sq_length != nullptr) {  // Before the first item, after all.
    PyErr_SetString(PyExc_IndexError, "index out of range");
    return nullptr;
  }
  ::PyObject* key = PyLong_FromSsize_t(index);
  if (key == nullptr) return nullptr;
  ::PyObject* result = guard_unwind(PyObject_GetItem, self, key);
  Py_DECREF(key);
  return result;
}

ADDER_FUNC int set_by_index(::PyObject* self, Py_ssize_t index, ::PyObject* value) noexcept {
  if (index < 0 && Py_TYPE(self)->tp_as_sequence->sq_length != nullptr) {
    PyErr_SetString(PyExc_IndexError, "index out of range");
    return -1;
  }
  ::PyObject* key = PyLong_FromSsize_t(index);
  if (key == nullptr) return -1;
  const int result =
      guard_unwind([&] { return value == nullptr ? PyObject_DelItem(self, key) : PyObject_SetItem(self, key, value); });
  Py_DECREF(key);
  return result;
}

ADDER_COLD ADDER_FUNC int refuse_operation(::PyObject* self, const char* what) noexcept {
  PyErr_Format(PyExc_TypeError, "'%s' object doesn't support %s", Py_TYPE(self)->tp_name, what);
  return -1;
}

}  // namespace adder::inline ADDER_ABI::detail
