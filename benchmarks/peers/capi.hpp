// SPDX-License-Identifier: MIT
// What an author who knows the C API shares between many functions; generate.py makes the rest. The checks are
// adder's: the exact count, the exact range, and messages that name the function and the argument.
#pragma once
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <limits>
#include <type_traits>

namespace capi {

using Args = PyObject* const*;

template <class F>
PyCFunction as_cfunction(F* function) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

/// False with a TypeError pending.
inline bool check_count(const char* function, Py_ssize_t given, Py_ssize_t wanted) {
  if (given == wanted) return true;
  PyErr_Format(PyExc_TypeError, "%s() takes %zd positional arguments but %zd %s given", function, wanted, given,
               given == 1 ? "was" : "were");
  return false;
}

// --- arguments -------------------------------------------------------------------------------------------------------

/// False with an OverflowError pending.
inline bool refuse_range(PyObject* object, const char* function, int position, bool is_signed, int bits) {
  PyErr_Format(PyExc_OverflowError, "%s() argument %d: %S does not fit into %s %d-bit integer", function, position,
               object, is_signed ? "a signed" : "an unsigned", bits);
  return false;
}
/// False with a TypeError pending.
inline bool refuse_type(PyObject* object, const char* function, int position, const char* expected) {
  PyErr_Format(PyExc_TypeError, "%s() argument %d must be %s, not %s", function, position, expected,
               Py_TYPE(object)->tp_name);
  return false;
}

/// The ints that fit one digit, read in place.
inline bool compact_int(PyObject* object, long& value) {
  if (!PyLong_CheckExact(object)) return false;
#if PY_VERSION_HEX >= 0x030C0000
  auto* number = reinterpret_cast<PyLongObject*>(object);
  if (!PyUnstable_Long_IsCompact(number)) return false;
  value = static_cast<long>(PyUnstable_Long_CompactValue(number));
#else
  const Py_ssize_t size = Py_SIZE(object);
  if (size < -1 || size > 1) return false;
  value = static_cast<long>(size) * static_cast<long>(reinterpret_cast<PyLongObject*>(object)->ob_digit[0]);
#endif
  return true;
}

/// One function for each integer type. False with an exception pending.
template <class T>
__attribute__((noinline)) bool load_int(PyObject* object, T& value, const char* function, int position) {
  using Limits = std::numeric_limits<T>;
  constexpr int bits = 8 * static_cast<int>(sizeof(T));
  long small = 0;
  if (compact_int(object, small)) {
    value = static_cast<T>(small);
    const bool fits = std::is_signed_v<T>
                          ? static_cast<long>(value) == small
                          : small >= 0 && static_cast<unsigned long>(value) == static_cast<unsigned long>(small);
    return fits || refuse_range(object, function, position, Limits::is_signed, bits);
  }
  if (PyIndex_Check(object) == 0) return refuse_type(object, function, position, "int");
  PyObject* number = PyNumber_Index(object);
  if (number == nullptr) return false;
  bool fits = false;
  if constexpr (Limits::is_signed) {
    int overflow = 0;
    const long long wide = PyLong_AsLongLongAndOverflow(number, &overflow);
    value = static_cast<T>(wide);
    fits = overflow == 0 && value == wide;
  } else {
    const unsigned long long wide = PyLong_AsUnsignedLongLong(number);
    value = static_cast<T>(wide);
    fits = value == wide;
    if (wide == static_cast<unsigned long long>(-1) && PyErr_Occurred() != nullptr) {
      PyErr_Clear();  // Negative or too large.
      fits = false;
    }
  }
  Py_DECREF(number);
  return fits || refuse_range(object, function, position, Limits::is_signed, bits);
}

__attribute__((noinline)) inline bool load_float(PyObject* object, float& value, const char* function, int position) {
  double wide = 0;
  if (PyFloat_CheckExact(object)) {
    wide = PyFloat_AS_DOUBLE(object);
  } else {
    const PyNumberMethods* number = Py_TYPE(object)->tp_as_number;
    if (!PyFloat_Check(object) && (number == nullptr || (number->nb_float == nullptr && number->nb_index == nullptr))) {
      return refuse_type(object, function, position, "float");
    }
    wide = PyFloat_AsDouble(object);
    if (wide == -1.0 && PyErr_Occurred() != nullptr) return false;
  }
  value = static_cast<float>(wide);
  return true;
}

// --- keywords --------------------------------------------------------------------------------------------------------

/// The parameters that all functions have in common.
constexpr int parameter_count = 6;
inline const char* const parameter_text[parameter_count] = {"a", "b", "c", "d", "e", "f"};
inline PyObject* parameter_names[parameter_count];

/// False with an exception pending.
inline bool intern_parameters() {
  for (int i = 0; i < parameter_count; ++i) {
    parameter_names[i] = PyUnicode_InternFromString(parameter_text[i]);
    if (parameter_names[i] == nullptr) return false;
  }
  return true;
}

inline int find_parameter(PyObject* keyword) {
  for (int i = 0; i < parameter_count; ++i) {
    if (parameter_names[i] == keyword) return i;
  }
  for (int i = 0; i < parameter_count; ++i) {
    if (PyUnicode_Compare(parameter_names[i], keyword) == 0) return i;
  }
  return -1;
}

/// Puts positional arguments and keywords into @p out; false with a TypeError pending.
__attribute__((noinline)) inline bool bind(const char* function, Args args, Py_ssize_t given, PyObject* keywords,
                                           PyObject** out) {
  if (given > parameter_count) return check_count(function, given, parameter_count);
  for (Py_ssize_t i = 0; i < parameter_count; ++i) out[i] = i < given ? args[i] : nullptr;
  const Py_ssize_t keyword_count = keywords == nullptr ? 0 : PyTuple_GET_SIZE(keywords);
  for (Py_ssize_t k = 0; k < keyword_count; ++k) {
    PyObject* keyword = PyTuple_GET_ITEM(keywords, k);
    const int at = find_parameter(keyword);
    if (at < 0) {
      PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%S'", function, keyword);
      return false;
    }
    if (out[at] != nullptr) {
      PyErr_Format(PyExc_TypeError, "%s() got multiple values for argument '%S'", function, keyword);
      return false;
    }
    out[at] = args[given + k];
  }
  for (int i = 0; i < parameter_count; ++i) {
    if (out[i] == nullptr) {
      PyErr_Format(PyExc_TypeError, "%s() missing a required argument: '%s'", function, parameter_text[i]);
      return false;
    }
  }
  return true;
}

// --- classes ---------------------------------------------------------------------------------------------------------

/// tp_dealloc of objects whose value needs no destructor.
inline void deallocate(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(reinterpret_cast<PyObject*>(type));
}

/// False with a TypeError pending.
inline bool refuse_keywords(const char* function) {
  PyErr_Format(PyExc_TypeError, "%s() takes no keyword arguments", function);
  return false;
}

/// Makes the type and adds it to the module; false with an exception pending.
inline bool add_class(PyObject* module, const char* name, PyType_Spec* spec, vectorcallfunc construct) {
  PyObject* type = PyType_FromModuleAndSpec(module, spec, nullptr);
  if (type == nullptr) return false;
  reinterpret_cast<PyTypeObject*>(type)->tp_vectorcall = construct;
  const int added = PyModule_AddObjectRef(module, name, type);
  Py_DECREF(type);
  return added == 0;
}

}  // namespace capi
