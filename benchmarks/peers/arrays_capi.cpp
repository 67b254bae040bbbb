// SPDX-License-Identifier: MIT
// The same by hand: with Python's buffer protocol, and numpy's C API for what is to be an array of numpy's.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#define NPY_NO_DEPRECATED_API NPY_1_7_API_VERSION
#include "arrays.hpp"

#include <numpy/arrayobject.h>

#include <cstddef>
#include <cstring>
#include <new>

using arrays::Image;

namespace {

/// The buffer of an argument, given back in the end.
struct Buffer {
  Py_buffer view;
  bool held = false;
  /// False with an exception pending.
  bool take(PyObject* object, int flags, int ndim, bool contiguous) {
    if (PyObject_GetBuffer(object, &view, flags) != 0) return false;
    held = true;
    bool good = view.ndim == ndim && view.itemsize == 8 && std::strcmp(view.format, "d") == 0;
    Py_ssize_t step = 8;
    for (int i = ndim; good && contiguous && i-- > 0; step *= view.shape[i]) good = view.strides[i] == step;
    if (!good) PyErr_SetString(PyExc_TypeError, "expected another array");
    return good;
  }
  ~Buffer() {
    if (held) PyBuffer_Release(&view);
  }
};

PyObject* sum(PyObject*, PyObject* object) {
  Buffer a;
  if (!a.take(object, PyBUF_RECORDS_RO, 1, true)) return nullptr;
  return PyFloat_FromDouble(
      arrays::sum(static_cast<const double*>(a.view.buf), static_cast<std::size_t>(a.view.shape[0])));
}
PyObject* first(PyObject*, PyObject* object) {
  Buffer a;
  if (!a.take(object, PyBUF_RECORDS_RO, 2, false)) return nullptr;
  return PyFloat_FromDouble(*static_cast<const double*>(a.view.buf));
}
PyObject* scale(PyObject*, PyObject* const* args, Py_ssize_t count) {
  if (count != 2) {
    PyErr_SetString(PyExc_TypeError, "scale() takes 2 arguments");
    return nullptr;
  }
  const double by = PyFloat_AsDouble(args[1]);
  if (by == -1.0 && PyErr_Occurred() != nullptr) return nullptr;
  Buffer a;
  if (!a.take(args[0], PyBUF_RECORDS, 2, true)) return nullptr;
  auto* items = static_cast<double*>(a.view.buf);
  const Py_ssize_t all = a.view.shape[0] * a.view.shape[1];
  for (Py_ssize_t i = 0; i < all; ++i) items[i] *= by;
  Py_RETURN_NONE;
}

/// An array of memory that @p owner keeps, whose reference is taken over.
PyObject* array_of(double* items, int ndim, const npy_intp* shape, PyObject* owner) {
  PyObject* array = owner == nullptr ? nullptr : PyArray_SimpleNewFromData(ndim, shape, NPY_DOUBLE, items);
  if (array == nullptr) {
    Py_XDECREF(owner);
    return nullptr;
  }
  if (PyArray_SetBaseObject(reinterpret_cast<PyArrayObject*>(array), owner) != 0) {
    Py_DECREF(array);
    return nullptr;
  }
  return array;
}
void free_items(PyObject* capsule) { delete[] static_cast<double*>(PyCapsule_GetPointer(capsule, nullptr)); }
PyObject* make(PyObject*, PyObject* object) {
  const std::size_t count = PyLong_AsSize_t(object);
  if (count == static_cast<std::size_t>(-1) && PyErr_Occurred() != nullptr) return nullptr;
  auto* items = new (std::nothrow) double[count];
  if (items == nullptr) return PyErr_NoMemory();
  PyObject* owner = PyCapsule_New(items, nullptr, &free_items);
  if (owner == nullptr) {
    delete[] items;
    return nullptr;
  }
  arrays::fill(items, count);
  const auto shape = static_cast<npy_intp>(count);
  return array_of(items, 1, &shape, owner);
}
PyObject* multiply_add(PyObject*, PyObject* const* args, Py_ssize_t count) {
  if (count != 3) {
    PyErr_SetString(PyExc_TypeError, "multiply_add() takes 3 arguments");
    return nullptr;
  }
  Buffer in[3];
  for (int i = 0; i < 3; ++i) {
    if (!in[i].take(args[i], PyBUF_RECORDS_RO, 1, true)) return nullptr;
  }
  const Py_ssize_t all = in[0].view.shape[0];
  if (in[1].view.shape[0] != all || in[2].view.shape[0] != all) {
    PyErr_SetString(PyExc_ValueError, "shapes differ");
    return nullptr;
  }
  PyObject* result = PyArray_SimpleNew(1, &all, NPY_DOUBLE);
  if (result == nullptr) return nullptr;
  auto* out = static_cast<double*>(PyArray_DATA(reinterpret_cast<PyArrayObject*>(result)));
  const auto *a = static_cast<const double*>(in[0].view.buf), *b = static_cast<const double*>(in[1].view.buf),
             *c = static_cast<const double*>(in[2].view.buf);
  Py_BEGIN_ALLOW_THREADS;
  for (Py_ssize_t i = 0; i < all; ++i) out[i] = arrays::multiply_add(a[i], b[i], c[i]);
  Py_END_ALLOW_THREADS;
  return result;
}

struct PyImage {
  PyObject_HEAD Image image;
  Py_ssize_t shape[2], strides[2];
};
PyObject* new_image(PyTypeObject* type, PyObject*, PyObject*) {
  auto* self = reinterpret_cast<PyImage*>(type->tp_alloc(type, 0));
  if (self == nullptr) return nullptr;
  new (&self->image) Image();
  self->shape[0] = static_cast<Py_ssize_t>(self->image.height);
  self->shape[1] = static_cast<Py_ssize_t>(self->image.width);
  self->strides[0] = 8 * self->shape[1];
  self->strides[1] = 8;
  return reinterpret_cast<PyObject*>(self);
}
void end_image(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  reinterpret_cast<PyImage*>(object)->image.~Image();
  type->tp_free(object);
  Py_DECREF(type);
}
int get_buffer(PyObject* object, Py_buffer* view, int flags) {
  auto* self = reinterpret_cast<PyImage*>(object);
  if (PyBuffer_FillInfo(view, object, self->image.pixels.data(), static_cast<Py_ssize_t>(8 * self->image.pixels.size()),
                        0, flags) != 0) {
    return -1;
  }
  view->itemsize = 8;
  view->ndim = 2;
  view->format = (flags & PyBUF_FORMAT) == 0 ? nullptr : const_cast<char*>("d");
  view->shape = (flags & PyBUF_ND) == 0 ? nullptr : self->shape;
  view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? self->strides : nullptr;
  return 0;
}
PyObject* get_pixels(PyObject* object, void*) {
  auto* self = reinterpret_cast<PyImage*>(object);
  Py_INCREF(object);
  return array_of(self->image.pixels.data(), 2, self->shape, object);
}

PyGetSetDef properties[] = {{"pixels", &get_pixels, nullptr, nullptr, nullptr},
                            {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyType_Slot image_slots[] = {{Py_tp_new, reinterpret_cast<void*>(&new_image)},
                             {Py_tp_dealloc, reinterpret_cast<void*>(&end_image)},
                             {Py_tp_getset, properties},
                             {Py_bf_getbuffer, reinterpret_cast<void*>(&get_buffer)},
                             {0, nullptr}};
PyType_Spec image_spec = {"arrays_capi.Image", sizeof(PyImage), 0, Py_TPFLAGS_DEFAULT, image_slots};

int start(PyObject* module) {
  import_array1(-1);
  PyObject* type = PyType_FromSpec(&image_spec);
  const int result = type == nullptr ? -1 : PyModule_AddObjectRef(module, "Image", type);
  Py_XDECREF(type);
  return result;
}

template <class F>
PyCFunction cast(F* function) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}
PyMethodDef functions[] = {
    {"sum", &sum, METH_O, nullptr},
    {"first", &first, METH_O, nullptr},
    {"scale", cast(&scale), METH_FASTCALL, nullptr},
    {"make", &make, METH_O, nullptr},
    {"multiply_add", cast(&multiply_add), METH_FASTCALL, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void*>(&start)}, {0, nullptr}};
PyModuleDef definition{PyModuleDef_HEAD_INIT, "arrays_capi", nullptr, 0, functions, slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_arrays_capi(void) { return PyModuleDef_Init(&definition); }
