// SPDX-License-Identifier: MIT
// How worker.py tells callgrind where the measured part begins and ends: many tasks share one process.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <valgrind/callgrind.h>

static PyObject* begin(PyObject* self, PyObject* unused) {
  (void)self, (void)unused;
  CALLGRIND_START_INSTRUMENTATION;
  CALLGRIND_ZERO_STATS;
  Py_RETURN_NONE;
}
static PyObject* zero(PyObject* self, PyObject* unused) {
  (void)self, (void)unused;
  CALLGRIND_ZERO_STATS;
  Py_RETURN_NONE;
}
static PyObject* dump(PyObject* self, PyObject* name) {
  (void)self;
  const char* text = PyUnicode_AsUTF8(name);
  if (text == NULL) return NULL;
  CALLGRIND_DUMP_STATS_AT(text);
  Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"begin", begin, METH_NOARGS, NULL},
    {"zero", zero, METH_NOARGS, NULL},
    {"dump", dump, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "marks", NULL, 0, functions, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_marks(void) { return PyModule_Create(&definition); }
