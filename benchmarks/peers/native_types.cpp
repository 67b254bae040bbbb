// SPDX-License-Identifier: MIT
// The native types and the calls: attributes, calls, building, looking up and going over containers.
#include "native.hpp"

#include "adder/types/typed.hpp"

#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

using namespace bench;

static constexpr long size = 1000;
static constexpr std::size_t offset = PY_VECTORCALL_ARGUMENTS_OFFSET;

/// An object with an attribute `x` and methods.
static Bound<PyAny> thing(Python py) {
  py.run(
      "class Thing:\n"
      "    def __init__(self): self.x = 1\n"
      "    def zero(self): pass\n"
      "    def one(self, a): pass\n");
  return py.eval("Thing()");
}
static Bound<PyList> list_of_ints(Python py) { return py.eval("list(range(1000))").downcast<PyList>(); }
static Bound<PyDict> dict_of_ints(Python py) { return py.eval("{str(i): i for i in range(1000)}").downcast<PyDict>(); }
static std::vector<long> numbers() {
  std::vector<long> all(size);
  std::iota(all.begin(), all.end(), 0L);
  return all;
}
static PyObject* intern(const char* text) { return PyUnicode_InternFromString(text); }
static PyObject* names_of(const char* name) { return PyTuple_Pack(1, intern(name)); }

// --- The twins: each as C code has to write it, every result looked at and every reference dropped
// --------------------

/// What C code does with a new reference: look whether there is one, use it, drop it.
ADDER_INLINE static void finish_capi(PyObject* result) {
  if (result == nullptr) {
    PyErr_Clear();
    return;
  }
  keep(result);
  Py_DECREF(result);
}
ADDER_INLINE static void setattr_capi(PyObject* object, PyObject* name, PyObject* value) {
  if (PyObject_SetAttr(object, name, value) < 0) PyErr_Clear();
}
ADDER_INLINE static void call_capi(PyObject* f) {
  PyObject* arguments[] = {nullptr};
  finish_capi(PyObject_Vectorcall(f, arguments + 1, 0 | offset, nullptr));
}
ADDER_INLINE static void call_capi(PyObject* f, PyObject* a) {
  PyObject* arguments[] = {nullptr, a};
  finish_capi(PyObject_Vectorcall(f, arguments + 1, 1 | offset, nullptr));
}
ADDER_INLINE static void call_capi(PyObject* f, PyObject* a, PyObject* b, PyObject* c) {
  PyObject* arguments[] = {nullptr, a, b, c};
  finish_capi(PyObject_Vectorcall(f, arguments + 1, 3 | offset, nullptr));
}
ADDER_INLINE static void call_keyword_capi(PyObject* f, PyObject* value, PyObject* names) {
  PyObject* arguments[] = {nullptr, value};
  finish_capi(PyObject_Vectorcall(f, arguments + 1, 0 | offset, names));
}
ADDER_INLINE static void call_method_capi(PyObject* self, PyObject* name) {
  PyObject* arguments[] = {nullptr, self};
  finish_capi(PyObject_VectorcallMethod(name, arguments + 1, 1 | offset, nullptr));
}
ADDER_INLINE static void call_method_capi(PyObject* self, PyObject* name, PyObject* a) {
  PyObject* arguments[] = {nullptr, self, a};
  finish_capi(PyObject_VectorcallMethod(name, arguments + 1, 2 | offset, nullptr));
}
static PyObject* list_capi(const std::vector<long>& numbers) {
  PyObject* list = PyList_New(static_cast<Py_ssize_t>(numbers.size()));
  if (list == nullptr) return nullptr;
  Py_ssize_t at = 0;
  for (const long number : numbers) {
    PyObject* item = PyLong_FromLong(number);
    if (item == nullptr) {
      Py_DECREF(list);
      return nullptr;
    }
    PyList_SET_ITEM(list, at++, item);
  }
  return list;
}
static PyObject* tuple_capi(const std::vector<long>& numbers) {
  PyObject* tuple = PyTuple_New(static_cast<Py_ssize_t>(numbers.size()));
  if (tuple == nullptr) return nullptr;
  Py_ssize_t at = 0;
  for (const long number : numbers) {
    PyObject* item = PyLong_FromLong(number);
    if (item == nullptr) {
      Py_DECREF(tuple);
      return nullptr;
    }
    PyTuple_SET_ITEM(tuple, at++, item);
  }
  return tuple;
}
ADDER_INLINE static void dict_get_capi(PyObject* dict, PyObject* key) {
  PyObject* value = PyDict_GetItemWithError(dict, key);
  if (value == nullptr) {
    if (PyErr_Occurred() != nullptr) PyErr_Clear();
    return;
  }
  Py_INCREF(value);
  keep(value);
  Py_DECREF(value);
}
ADDER_INLINE static bool add_capi(PyObject* object, long& sum) {
  const long value = PyLong_AsLong(object);
  if (value == -1 && PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    return false;
  }
  sum += value;
  return true;
}
static long sum_list_capi(PyObject* list) {
  long sum = 0;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); ++i) {
    PyObject* item = Py_NewRef(PyList_GET_ITEM(list, i));
    const bool added = add_capi(item, sum);
    Py_DECREF(item);
    if (!added) return -1;
  }
  return sum;
}
static long sum_dict_capi(PyObject* dict) {
  long sum = 0;
  Py_ssize_t position = 0;
  PyObject *key = nullptr, *value = nullptr;
  const Py_ssize_t items = PyDict_GET_SIZE(dict);
  while (PyDict_Next(dict, &position, &key, &value) != 0) {
    Py_INCREF(key);
    Py_INCREF(value);
    const bool added = add_capi(value, sum);
    Py_DECREF(key);
    Py_DECREF(value);
    if (!added || PyDict_GET_SIZE(dict) != items) return -1;  // As Python itself, and adder, look after each item.
  }
  return sum;
}
static long sum_iterator_capi(PyObject* iterable) {
  PyObject* iterator = PyObject_GetIter(iterable);
  if (iterator == nullptr) return -1;
  long sum = 0;
  while (PyObject* item = PyIter_Next(iterator)) {
    const bool added = add_capi(item, sum);
    Py_DECREF(item);
    if (!added) break;
  }
  Py_DECREF(iterator);
  if (PyErr_Occurred() != nullptr) return -1;
  return sum;
}
static long sum_typed_capi(PyObject* list) {
  long sum = 0;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); ++i) {
    if (!add_capi(PyList_GET_ITEM(list, i), sum)) return -1;
  }
  return sum;
}
ADDER_INLINE static void import_call_capi(PyObject* name, PyObject* x) {
  static PyObject* const math = intern("math");
  PyObject* module = PyImport_ImportModuleLevelObject(math, nullptr, nullptr, nullptr, 0);
  if (module == nullptr) return PyErr_Clear();
  PyObject* function = PyObject_GetAttr(module, name);
  Py_DECREF(module);
  if (function == nullptr) return PyErr_Clear();
  call_capi(function, x);
  Py_DECREF(function);
}

// --- adder
// ------------------------------------------------------------------------------------------------------------

/// The same conversion as in the twins, so that only the iteration differs.
ADDER_INLINE static long value_of(const Bound<PyAny>& item) {
  const long value = PyLong_AsLong(item.as_ptr());
  if (value == -1 && PyErr_Occurred() != nullptr) [[unlikely]]
    throw PyErr::fetch(item.py());
  return value;
}
static long sum_list(const Bound<PyList>& list) {
  long sum = 0;
  for (const auto& item : list) sum += value_of(item);
  return sum;
}
static long sum_dict(const Bound<PyDict>& dict) {
  long sum = 0;
  for (const auto& [key, value] : dict) sum += value_of(value);
  return sum;
}
static long sum_iterator(const Bound<PyAny>& iterable) {
  long sum = 0;
  for (const auto& item : iterable) sum += value_of(item);
  return sum;
}
static long sum_typed(const Bound<PyList>& list) {
  long sum = 0;
  const auto view = list.as<long>();
  for (const long value : view) sum += value;
  return sum;
}
static Bound<PyList> list_built(Python py, const std::vector<long>& numbers) {
  PyListBuilder builder(py, numbers.size());
  for (const long number : numbers) builder.push_back(number);
  return std::move(builder).finish();
}

// clang-format off
BENCH(getattr_name_ok)         { auto o = thing(py); REPEAT(keep(o.getattr("x"_s).as_ptr())); }
BENCH(getattr_name_ok_capi)    { auto o = thing(py); auto* x = intern("x"); REPEAT(finish_capi(PyObject_GetAttr(o.as_ptr(), x))); }
BENCH(attr_name_ok)            { auto o = thing(py); REPEAT(keep(o.attr("x"_s).get().as_ptr())); }
BENCH(attr_name_ok_capi)       { auto o = thing(py); auto* x = intern("x"); REPEAT(finish_capi(PyObject_GetAttr(o.as_ptr(), x))); }
BENCH(setattr_name_ok)         { auto o = thing(py); auto v = py.eval("2"); REPEAT(o.setattr("x"_s, v)); }
BENCH(setattr_name_ok_capi)    { auto o = thing(py); auto v = py.eval("2"); auto* x = intern("x"); REPEAT(setattr_capi(o.as_ptr(), x, v.as_ptr())); }

BENCH(call_none_ok)            { auto f = py.eval("lambda: None"); REPEAT(keep(f().as_ptr())); }
BENCH(call_none_ok_capi)       { auto f = py.eval("lambda: None"); REPEAT(call_capi(f.as_ptr())); }
BENCH(call_one_ok)             { auto f = py.eval("lambda a: None"); REPEAT(keep(f(f).as_ptr())); }
BENCH(call_one_ok_capi)        { auto f = py.eval("lambda a: None"); REPEAT(call_capi(f.as_ptr(), f.as_ptr())); }
BENCH(call_three_ok)           { auto f = py.eval("lambda a, b, c: None"); auto v = py.eval("2"); REPEAT(keep(f(v, f, v).as_ptr())); }
BENCH(call_three_ok_capi)      { auto f = py.eval("lambda a, b, c: None"); auto v = py.eval("2"); REPEAT(call_capi(f.as_ptr(), v.as_ptr(), f.as_ptr(), v.as_ptr())); }
BENCH(call_keyword_ok)         { auto f = py.eval("lambda *, x: None"); REPEAT(keep(f(kw("x"_s) = f).as_ptr())); }
BENCH(call_keyword_ok_capi)    { auto f = py.eval("lambda *, x: None"); auto* names = names_of("x"); REPEAT(call_keyword_capi(f.as_ptr(), f.as_ptr(), names)); }
BENCH(method_none_ok)          { auto o = thing(py); REPEAT(keep(o.call_method("zero"_s).as_ptr())); }
BENCH(method_none_ok_capi)     { auto o = thing(py); auto* zero = intern("zero"); REPEAT(call_method_capi(o.as_ptr(), zero)); }
BENCH(method_one_ok)           { auto o = thing(py); REPEAT(keep(o.call_method("one"_s, o).as_ptr())); }
BENCH(method_one_ok_capi)      { auto o = thing(py); auto* one = intern("one"); REPEAT(call_method_capi(o.as_ptr(), one, o.as_ptr())); }

BENCH(build_list_1000)         { auto all = numbers(); REPEAT(keep(PyList::from_range(py, all).as_ptr())); }
BENCH(build_list_1000_capi)    { auto all = numbers(); REPEAT(finish_capi(list_capi(all))); }
BENCH(builder_list_1000)       { auto all = numbers(); REPEAT(keep(list_built(py, all).as_ptr())); }
BENCH(builder_list_1000_capi)  { auto all = numbers(); REPEAT(finish_capi(list_capi(all))); }
BENCH(build_tuple_1000)        { auto all = numbers(); REPEAT(keep(PyTuple::from_range(py, all).as_ptr())); }
BENCH(build_tuple_1000_capi)   { auto all = numbers(); REPEAT(finish_capi(tuple_capi(all))); }

BENCH(get_dict_name)           { auto d = PyDict::new_(py, kw("k"_s) = 1); REPEAT(keep(d.get_item("k"_s)->as_ptr())); }
BENCH(get_dict_name_capi)      { auto d = PyDict::new_(py, kw("k"_s) = 1); auto* k = intern("k"); REPEAT(dict_get_capi(d.as_ptr(), k)); }

BENCH(sum_list_1000)           { auto l = list_of_ints(py); REPEAT(keep(sum_list(l))); }
BENCH(sum_list_1000_capi)      { auto l = list_of_ints(py); REPEAT(keep(sum_list_capi(l.as_ptr()))); }
BENCH(sum_dict_1000)           { auto d = dict_of_ints(py); REPEAT(keep(sum_dict(d))); }
BENCH(sum_dict_1000_capi)      { auto d = dict_of_ints(py); REPEAT(keep(sum_dict_capi(d.as_ptr()))); }
BENCH(sum_iterator_1000)       { auto l = list_of_ints(py).into_any(); REPEAT(keep(sum_iterator(l))); }
BENCH(sum_iterator_1000_capi)  { auto l = list_of_ints(py); REPEAT(keep(sum_iterator_capi(l.as_ptr()))); }
BENCH(sum_typed_1000)          { auto l = list_of_ints(py); REPEAT(keep(sum_typed(l))); }
BENCH(sum_typed_1000_capi)     { auto l = list_of_ints(py); REPEAT(keep(sum_typed_capi(l.as_ptr()))); }

BENCH(import_call_ok)          { auto x = py.eval("2.0"); REPEAT(keep(py.import("math").getattr("sqrt"_s)(x).as_ptr())); }
BENCH(import_name_call_ok)     { auto x = py.eval("2.0"); REPEAT(keep(py.import("math"_s).getattr("sqrt"_s)(x).as_ptr())); }
BENCH(import_name_call_ok_capi) { auto x = py.eval("2.0"); auto* sqrt = intern("sqrt"); REPEAT(import_call_capi(sqrt, x.as_ptr())); }
BENCH(import_call_ok_capi)     { auto x = py.eval("2.0"); auto* sqrt = intern("sqrt"); REPEAT(import_call_capi(sqrt, x.as_ptr())); }
// clang-format on
