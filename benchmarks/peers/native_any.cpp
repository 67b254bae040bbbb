// SPDX-License-Identifier: MIT
// What an object of any type costs to look into: its attributes.
#include "native.hpp"

using namespace bench;

/// An object with an attribute `x`.
static Bound<PyAny> thing(Python py) {
  py.run("class Thing:\n    def __init__(self): self.x = 1\n");
  return py.eval("Thing()");
}
static PyObject* intern(const char* text) { return PyUnicode_InternFromString(text); }

/// PyObject_GetAttr as C code has to write it: the name made once, null looked at, the result dropped.
static void getattr_capi(const Bound<PyAny>& from, PyObject* name) {
  PyObject* object = from.as_ptr();
  PyObject* value = PyObject_GetAttr(object, name);
  if (value == nullptr) {
    if (PyErr_ExceptionMatches(PyExc_AttributeError) != 0) PyErr_Clear();
    return;
  }
  keep(value);
  Py_DECREF(value);
}

// clang-format off
BENCH(getattr_literal_ok)      { auto o = thing(py); loop([&] { keep(o.getattr("x"_s).as_ptr()); }); }
BENCH(getattr_literal_ok_capi) { auto o = thing(py); auto* x = intern("x"); loop([&] { getattr_capi(o, x); }); }
BENCH(getattr_literal_missing) { auto o = thing(py); loop([&] { keep(o.getattr_opt("y"_s).has_value()); }); }
BENCH(getattr_literal_missing_capi) { auto o = thing(py); auto* y = intern("y"); loop([&] { getattr_capi(o, y); }); }
// clang-format on
