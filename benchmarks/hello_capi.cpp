// SPDX-License-Identifier: MIT
// hello_adder.cpp by hand.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject* twice(PyObject*, PyObject* args, PyObject* keywords) {
  static char name[] = "value";
  static char* names[] = {name, nullptr};
  long value = 0;
  if (PyArg_ParseTupleAndKeywords(args, keywords, "l:twice", names, &value) == 0) return nullptr;
  return PyLong_FromLong(2 * value);
}

static PyMethodDef functions[] = {
    {"twice", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&twice)), METH_VARARGS | METH_KEYWORDS,
     nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef_Slot slots[] = {{0, nullptr}};
static PyModuleDef definition{
    PyModuleDef_HEAD_INIT, "hello_capi", nullptr, 0, functions, slots, nullptr, nullptr, nullptr};

PyMODINIT_FUNC PyInit_hello_capi(void);
PyMODINIT_FUNC PyInit_hello_capi(void) { return PyModuleDef_Init(&definition); }
