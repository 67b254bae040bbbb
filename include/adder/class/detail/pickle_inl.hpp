// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of pickle.hpp.
#pragma once
#include "adder/class/pickle.hpp"

#include <cstdint>

namespace adder::inline ADDER_ABI::detail {

/// The deallocator of all classes that Python code makes; null with an exception pending.
ADDER_COLD ADDER_FUNC destructor dealloc_of_python_classes() noexcept {
  static constinit Atomic<destructor> known{nullptr};
  destructor found = known.load(Order::relaxed);
  if (found != nullptr) return found;
  ::PyObject* made = guard_rare_unwind(
      [] { return PyObject_CallFunction(reinterpret_cast<::PyObject*>(&PyType_Type), "s(){}", "x"); });
  if (made == nullptr) return nullptr;
  found = reinterpret_cast<::PyTypeObject*>(made)->tp_dealloc;
  release(made);
  known.store(found, Order::relaxed);
  return found;
}

/// The class that made the C++ value of a @p type 's objects: itself, or the first of its bases that is not written in
/// Python. Null with an exception pending.
ADDER_FUNC ::PyTypeObject* nearest_pyclass(::PyTypeObject* type) noexcept {
  const destructor of_python = dealloc_of_python_classes();
  if (of_python == nullptr) return nullptr;
  while (type->tp_dealloc == of_python) type = type->tp_base;
  return type;
}

ADDER_FUNC bool can_be_reconstructed(::PyObject* called, ::PyTypeObject* own) noexcept {
  if (called == reinterpret_cast<::PyObject*>(own)) return true;
  if (PyType_Check(called) && PyType_IsSubtype(reinterpret_cast<::PyTypeObject*>(called), own) != 0) {
    ::PyTypeObject* nearest = nearest_pyclass(reinterpret_cast<::PyTypeObject*>(called));
    if (nearest == nullptr) return false;
    if (nearest == own) return true;
  }
  PyErr_Format(PyExc_TypeError, "%s._reconstruct(): %R is neither this class nor a Python subclass of it", own->tp_name,
               called);
  return false;
}

ADDER_FUNC ::PyObject* track_reconstructed(::PyObject* object) noexcept {
  if (object != nullptr && PyObject_IS_GC(object) != 0 && PyObject_GC_IsTracked(object) == 0) {
    PyObject_GC_Track(object);
  }
  return object;
}

#if PY_VERSION_HEX < 0x030B0000
/// What `object.__getstate__` returns from 3.11 on: None, the `__dict__`, or a tuple of it and what slots hold.
ADDER_COLD ADDER_FUNC ::PyObject* usual_state(::PyObject* self) {
  const auto get = [](::PyObject* from, const char* name) {
    ::PyObject* found = guard_unwind(PyObject_GetAttrString, from, name);
    if (found == nullptr) {
      if (PyErr_ExceptionMatches(PyExc_AttributeError) == 0) throw_fetched();
      PyErr_Clear();
      found = Py_NewRef(Py_None);
    }
    return steal(found);
  };
  const Bound<PyAny> dict = get(self, "__dict__");
  const Bound<PyAny> copyreg = steal(non_null(guard_unwind(PyImport_ImportModule, "copyreg")));
  const Bound<PyAny> names = steal(non_null(guard_unwind([&] {
    return PyObject_CallMethod(copyreg.as_ptr(), "_slotnames", "O", reinterpret_cast<::PyObject*>(Py_TYPE(self)));
  })));
  const Bound<PyAny> slots = steal(non_null(PyDict_New()));
  const Bound<PyAny> all = steal(non_null(PySequence_Tuple(names.as_ptr())));
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(all.as_ptr()); ++i) {
    ::PyObject* name = PyTuple_GET_ITEM(all.as_ptr(), i);
    ::PyObject* value = guard_unwind(PyObject_GetAttr, self, name);
    if (value == nullptr) {
      if (PyErr_ExceptionMatches(PyExc_AttributeError) == 0) throw_fetched();
      PyErr_Clear();
      continue;
    }
    const Bound<PyAny> owned = steal(value);
    non_negative(PyDict_SetItem(slots.as_ptr(), name, value));
  }
  if (dict_size(slots.as_ptr()) == 0) return Py_NewRef(dict.as_ptr());
  return PyTuple_Pack(2, dict.as_ptr(), slots.as_ptr());
}
#endif

/// What an object has beside its C++ value.
ADDER_FUNC ::PyObject* state_beside_value(::PyObject* self) noexcept {
#if PY_VERSION_HEX < 0x030B0000
  ::PyObject* own = PyObject_GetAttrString(reinterpret_cast<::PyObject*>(Py_TYPE(self)), "__getstate__");
  if (own == nullptr) {
    if (PyErr_ExceptionMatches(PyExc_AttributeError) == 0) return nullptr;
    PyErr_Clear();
    try {
      return usual_state(self);
    } catch (...) {
      translate_current_exception();
      return nullptr;
    }
  }
  Py_DECREF(own);
#endif
  return guard_unwind([&] { return PyObject_CallMethod(self, "__getstate__", nullptr); });
}

ADDER_FUNC ::PyObject* reduce_object(::PyObject* self, ::PyTypeObject* own, ::PyObject* (*state)(::PyObject*),
                                     bool plain) noexcept {
  // Owned: what is asked of the object may give it another class.
  const OwnedPtr kept_type(Steal(), Py_NewRef(reinterpret_cast<::PyObject*>(Py_TYPE(self))), {});
  auto* type = reinterpret_cast<::PyTypeObject*>(kept_type.as_ptr());
  if (type != own) {
    ::PyTypeObject* nearest = nearest_pyclass(type);
    if (nearest == nullptr) return nullptr;
    if (nearest != own) {
      PyErr_Format(PyExc_TypeError,
                   "cannot pickle '%s' object: what its base '%s' says of itself is not all of it, and '%s' has no "
                   "def_pickle of its own",
                   type->tp_name, own->tp_name, nearest->tp_name);
      return nullptr;
    }
  }
  ::PyObject* value = state(self);
  if (value == nullptr) return nullptr;
  ::PyObject* beside = plain && type == own ? Py_NewRef(Py_None) : state_beside_value(self);
  ::PyObject* function =
      beside == nullptr ? nullptr : PyObject_GetAttrString(reinterpret_cast<::PyObject*>(own), "_reconstruct");
  ::PyObject* result = nullptr;
  if (function != nullptr) {
    result = guard_rare_unwind([&] {
      return beside == Py_None
                 ? Py_BuildValue("(O(OO))", function, reinterpret_cast<::PyObject*>(type), value)
                 : Py_BuildValue("(O(OO)O)", function, reinterpret_cast<::PyObject*>(type), value, beside);
    });
  }
  Py_XDECREF(function);
  Py_XDECREF(beside);
  Py_DECREF(value);
  return result;
}

ADDER_COLD ADDER_FUNC void add_pickling(ClassParts& parts, FunctionRecord& record, Parameter* parameters,
                                        PyCFunction reduce, PyCFunction reconstruct) {
  parts.check_method("__reduce__", FunctionRecord());
  parts.methods.push_back({"__reduce__", reduce, METH_NOARGS, nullptr});
  constexpr Shape shape{2, 2, 2, true, false, false, false, false};
  Extra names[2];
  names[0] = {Extra::Kind::parameter, "cls", nullptr};
  names[1] = {Extra::Kind::parameter, "state", nullptr};
  parts.describe("_reconstruct", &record, parameters, reconstruct, __builtin_bit_cast(std::uint64_t, shape),
                 METH_STATIC, names, 2);
  parts.statics.push_back(&record);
}

}  // namespace adder::inline ADDER_ABI::detail
