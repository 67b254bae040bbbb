// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of python_base.hpp.
#pragma once
#include "adder/class/detail/python_base.hpp"

namespace adder::inline ADDER_ABI::detail {

/// C++ makes objects without calling Python: what a base does to new ones would be left out, without a word.
ADDER_COLD ADDER_FUNC void refuse_initialisers(::PyTypeObject* joined, ::PyTypeObject* own) {
  const bool own_init = PyDict_GetItemString(own->tp_dict, "__init__") != nullptr;
  ::PyObject* order = joined->tp_mro;
  for (Py_ssize_t i = 1; i < PyTuple_GET_SIZE(order); ++i) {
    auto* type = reinterpret_cast<::PyTypeObject*>(PyTuple_GET_ITEM(order, i));
    if (PyType_IsSubtype(own, type) != 0 || !PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) continue;
    const auto has = [type](const char* name) { return PyDict_GetItemString(type->tp_dict, name) != nullptr; };
    const bool init = !own_init && has("__init__") && !has("_is_protocol");  // Protocols have one that does nothing.
    if (!init && !has("__new__")) continue;
    PyErr_Format(PyExc_TypeError,
                 "%s: its python_base '%s' has %s of its own, which is not called for objects that C++ makes%s",
                 own->tp_name, type->tp_name, init ? "an __init__" : "a __new__",
                 init ? ": bind an __init__ in define(), which sees to what that does" : "");
    throw_fetched();
  }
}

ADDER_COLD ADDER_FUNC ::PyTypeObject* join_class(Atomic<::PyTypeObject*>& place, ::PyTypeObject* own,
                                                 ::PyTypeObject* base, ::PyObject* (*python_base)()) {
  const auto owned = [](::PyObject* object) { return steal(non_null(object)); };
  const auto call = [&](const char* module, const char* function, auto*... args) {
    return owned(guard_unwind([&]() -> ::PyObject* {
      ::PyObject* from = PyImport_ImportModule(module);
      ::PyObject* callable = from == nullptr ? nullptr : PyObject_GetAttrString(from, function);
      Py_XDECREF(from);
      ::PyObject* result = callable == nullptr ? nullptr : PyObject_CallFunctionObjArgs(callable, args..., nullptr);
      Py_XDECREF(callable);
      return result;
    }));
  };
  ::PyObject* own_object = reinterpret_cast<::PyObject*>(own);
  const Bound<PyAny> bases = owned(PyList_New(0));
  non_negative(PyList_Append(bases.as_ptr(), own_object));
  if (base != nullptr) non_negative(PyList_Append(bases.as_ptr(), reinterpret_cast<::PyObject*>(base)));
  if (python_base != nullptr) {
    const Bound<PyAny> named = owned(python_base());
    if (PyTuple_Check(named.as_ptr())) {
      non_negative(PyList_SetSlice(bases.as_ptr(), PY_SSIZE_T_MAX, PY_SSIZE_T_MAX, named.as_ptr()));
    } else {
      non_negative(PyList_Append(bases.as_ptr(), named.as_ptr()));
    }
  }
  const Bound<PyAny> all = owned(PyList_AsTuple(bases.as_ptr()));
  const Bound<PyAny> names = owned(PyDict_New());
  for (const char* name : {"__module__", "__qualname__", "__doc__"}) {
    const Bound<PyAny> value = owned(PyObject_GetAttrString(own_object, name));
    non_negative(PyDict_SetItemString(names.as_ptr(), name, value.as_ptr()));
  }
  const Bound<PyAny> none = owned(PyTuple_New(0));
  non_negative(PyDict_SetItemString(names.as_ptr(), "__slots__", none.as_ptr()));
  const Bound<PyAny> class_name = owned(PyObject_GetAttrString(own_object, "__name__"));
  const Bound<PyAny> update = owned(PyUnicode_FromString("update"));
  const Bound<PyAny> fill = call("operator", "methodcaller", update.as_ptr(), names.as_ptr());
  Bound<PyAny> joined = none;
  try {
    joined = call("types", "new_class", class_name.as_ptr(), all.as_ptr(), Py_None, fill.as_ptr());
    if (!PyType_Check(joined.as_ptr()) ||
        PyType_IsSubtype(reinterpret_cast<::PyTypeObject*>(joined.as_ptr()), own) == 0) {
      PyErr_SetString(PyExc_TypeError, "what the metaclass made is not a class that derives from it");
      throw_fetched();
    }
  } catch (const PyErr& error) {
    error.restore(token());
    TextBuilder note;
    note.append("adder: while the class '").append(own->tp_name).append("' was joined with its python_base");
    note_pending(note.view());
    throw_fetched();
  }
  auto* type = reinterpret_cast<::PyTypeObject*>(joined.as_ptr());
  refuse_initialisers(type, own);
  ::PyTypeObject* first = nullptr;
  // ORDER: acq_rel: several threads may get here; the first one's type is kept.
  if (!place.compare_exchange(first, type, Order::acq_rel)) return first;
  Py_INCREF(joined.as_ptr());  // For good.
  return type;
}

}  // namespace adder::inline ADDER_ABI::detail
