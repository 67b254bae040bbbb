// SPDX-License-Identifier: MIT
// What compare.py measures, by hand, as an author who knows the C API writes it for speed.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "containers.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace {

/// False with an exception pending. Small ints are read in place; the others may run Python code.
inline bool small_int(PyObject* object, std::int64_t& value) {
  if (!PyLong_CheckExact(object)) return false;
#if PY_VERSION_HEX >= 0x030C0000
  auto* number = reinterpret_cast<PyLongObject*>(object);
  if (!PyUnstable_Long_IsCompact(number)) return false;
  value = PyUnstable_Long_CompactValue(number);
#else
  const Py_ssize_t size = Py_SIZE(object);
  if (size < -1 || size > 1) return false;
  value = size * static_cast<std::int64_t>(reinterpret_cast<PyLongObject*>(object)->ob_digit[0]);
#endif
  return true;
}
bool other_int(PyObject* object, std::int64_t& value) {
  Py_INCREF(object);
  value = PyLong_AsLong(object);
  Py_DECREF(object);
  return value != -1 || PyErr_Occurred() == nullptr;
}
bool load(PyObject* object, containers::List& list) {
  if (!PyList_Check(object)) {
    PyErr_Format(PyExc_TypeError, "expected list, got %.200s", Py_TYPE(object)->tp_name);
    return false;
  }
  list.reserve(static_cast<std::size_t>(PyList_GET_SIZE(object)));
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object); ++i) {
    PyObject* item = PyList_GET_ITEM(object, i);
    std::int64_t number = 0;
    if (!small_int(item, number) && !other_int(item, number)) return false;
    list.push_back(number);
  }
  return true;
}
bool load(PyObject* object, containers::Dict& dict) {
  if (!PyDict_Check(object)) {
    PyErr_Format(PyExc_TypeError, "expected dict, got %.200s", Py_TYPE(object)->tp_name);
    return false;
  }
  const Py_ssize_t items = PyDict_GET_SIZE(object);
  dict.reserve(static_cast<std::size_t>(items));
  Py_ssize_t position = 0;
  PyObject *key = nullptr, *item = nullptr;
  while (PyDict_Next(object, &position, &key, &item) != 0) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(key, &size);
    if (text == nullptr) return false;
    std::int64_t number = 0;
    if (small_int(item, number)) {
      dict.emplace(std::string(text, static_cast<std::size_t>(size)), number);
      continue;
    }
    std::string name(text, static_cast<std::size_t>(size));
    if (!other_int(item, number)) return false;
    dict.emplace(std::move(name), number);
    if (PyDict_GET_SIZE(object) != items) {
      PyErr_SetString(PyExc_RuntimeError, "dictionary changed size during iteration");
      return false;
    }
  }
  return true;
}

PyObject* sum_list(PyObject*, PyObject* object) {
  containers::List list;
  if (!load(object, list)) return nullptr;
  return PyLong_FromLong(containers::sum_list(list));
}
PyObject* sum_dict(PyObject*, PyObject* object) {
  containers::Dict dict;
  if (!load(object, dict)) return nullptr;
  return PyLong_FromLong(containers::sum_dict(dict));
}
PyObject* make_list(PyObject*, PyObject*) {
  const containers::List& numbers = containers::make_list();
  PyObject* list = PyList_New(static_cast<Py_ssize_t>(numbers.size()));
  if (list == nullptr) return nullptr;
  Py_ssize_t at = 0;
  for (const std::int64_t number : numbers) {
    PyObject* item = PyLong_FromLong(number);
    if (item == nullptr) {
      Py_DECREF(list);
      return nullptr;
    }
    PyList_SET_ITEM(list, at++, item);
  }
  return list;
}
PyObject* make_dict(PyObject*, PyObject*) {
  PyObject* dict = PyDict_New();
  if (dict == nullptr) return nullptr;
  for (const auto& [name, number] : containers::make_dict()) {
    PyObject* key = PyUnicode_FromStringAndSize(name.data(), static_cast<Py_ssize_t>(name.size()));
    PyObject* item = key == nullptr ? nullptr : PyLong_FromLong(number);
    const bool stored = item != nullptr && PyDict_SetItem(dict, key, item) == 0;
    Py_XDECREF(key);
    Py_XDECREF(item);
    if (!stored) {
      Py_DECREF(dict);
      return nullptr;
    }
  }
  return dict;
}

PyMethodDef functions[] = {
    {"sum_list", &sum_list, METH_O, nullptr}, {"make_list", &make_list, METH_NOARGS, nullptr},
    {"sum_dict", &sum_dict, METH_O, nullptr}, {"make_dict", &make_dict, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyModuleDef_Slot slots[] = {{0, nullptr}};
PyModuleDef definition{
    PyModuleDef_HEAD_INIT, "containers_capi", nullptr, 0, functions, slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_containers_capi(void) { return PyModuleDef_Init(&definition); }
