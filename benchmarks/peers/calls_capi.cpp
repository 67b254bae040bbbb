// SPDX-License-Identifier: MIT
// Calls and classes by hand, as an author who knows the C API writes it for speed: vectorcall conventions, counts and
// types checked, names interned once, an immutable heap type with tp_vectorcall.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "calls.hpp"

#include <cstddef>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using Args = PyObject* const*;

template <class F>
PyCFunction as_cfunction(F* function) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(function));
}

/// False with a TypeError pending.
[[gnu::always_inline]] inline bool check_count(const char* name, Py_ssize_t given, Py_ssize_t wanted) {
  if (given == wanted) [[likely]]
    return true;
  PyErr_Format(PyExc_TypeError, "%s() takes %zd positional arguments but %zd were given", name, wanted, given);
  return false;
}

/// False with an exception pending: ints of more than a digit, and what is not one.
[[gnu::noinline]] bool load_other_int(PyObject* object, const char* name, int position, std::int64_t& value) {
  if (!PyLong_Check(object) && PyIndex_Check(object) == 0) {
    PyErr_Format(PyExc_TypeError, "%s() argument %d must be int, not %s", name, position, Py_TYPE(object)->tp_name);
    return false;
  }
  value = PyLong_AsLong(object);
  return value != -1 || PyErr_Occurred() == nullptr;
}
/// False with an exception pending. Ints of one digit are read in place.
[[gnu::always_inline]] inline bool load_int(PyObject* object, const char* name, int position, std::int64_t& value) {
  if (PyLong_CheckExact(object)) [[likely]] {
#if PY_VERSION_HEX >= 0x030C0000
    auto* number = reinterpret_cast<PyLongObject*>(object);
    if (PyUnstable_Long_IsCompact(number)) [[likely]] {
      value = PyUnstable_Long_CompactValue(number);
      return true;
    }
#else
    const Py_ssize_t size = Py_SIZE(object);
    if (size >= -1 && size <= 1) [[likely]] {
      value = size * static_cast<std::int64_t>(reinterpret_cast<PyLongObject*>(object)->ob_digit[0]);
      return true;
    }
#endif
  }
  return load_other_int(object, name, position, value);
}
/// False with an exception pending.
[[gnu::always_inline]] inline bool load_double(PyObject* object, double& value) {
  if (PyFloat_CheckExact(object)) [[likely]] {
    value = PyFloat_AS_DOUBLE(object);
    return true;
  }
  value = PyFloat_AsDouble(object);
  return value != -1.0 || PyErr_Occurred() == nullptr;
}
/// False with an exception pending.
inline bool load_bool(PyObject* object, const char* name, int position, bool& value) {
  if (!PyBool_Check(object)) [[unlikely]] {
    PyErr_Format(PyExc_TypeError, "%s() argument %d must be bool, not %s", name, position, Py_TYPE(object)->tp_name);
    return false;
  }
  value = object == Py_True;
  return true;
}
/// False with an exception pending.
inline bool load_byte(PyObject* object, const char* name, int position, std::int64_t& value) {
  if (!load_int(object, name, position, value)) return false;
  if (value >= 0 && value <= 255) [[likely]]
    return true;
  PyErr_Format(PyExc_OverflowError, "%s() argument %d does not fit into an unsigned 8-bit integer", name, position);
  return false;
}
/// False with an exception pending.
inline bool load_text(PyObject* object, const char* name, int position, std::string_view& text) {
  if (!PyUnicode_Check(object)) [[unlikely]] {
    PyErr_Format(PyExc_TypeError, "%s() argument %d must be str, not %s", name, position, Py_TYPE(object)->tp_name);
    return false;
  }
  if (PyUnicode_IS_COMPACT_ASCII(object)) [[likely]] {
    text = {static_cast<const char*>(PyUnicode_DATA(object)), static_cast<std::size_t>(PyUnicode_GET_LENGTH(object))};
    return true;
  }
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(object, &size);
  if (data == nullptr) return false;
  text = {data, static_cast<std::size_t>(size)};
  return true;
}

constexpr int most_names = 6;
/// The parameters of a function that takes keywords.
struct Names {
  const char* function;
  int count;
  const char* text[most_names];
  PyObject* interned[most_names];
};
Names add_named_names{"add_named", 2, {"a", "b"}, {}};
Names scale_names{"scale", 2, {"value", "by"}, {}};
Names mixed_names{"mixed_named", 6, {"a", "b", "c", "d", "e", "f"}, {}};

/// Puts positional arguments and keywords into @p out; what is not given stays as it is.
bool bind(const Names& names, Args args, Py_ssize_t given, PyObject* keywords, PyObject** out) {
  if (given > names.count) {
    PyErr_Format(PyExc_TypeError, "%s() takes %d positional arguments but %zd were given", names.function, names.count,
                 given);
    return false;
  }
  bool seen[most_names] = {};
  for (Py_ssize_t i = 0; i < given; ++i) {
    out[i] = args[i];
    seen[i] = true;
  }
  const Py_ssize_t keyword_count = keywords == nullptr ? 0 : PyTuple_GET_SIZE(keywords);
  for (Py_ssize_t k = 0; k < keyword_count; ++k) {
    PyObject* keyword = PyTuple_GET_ITEM(keywords, k);
    int at = 0;
    while (at < names.count && names.interned[at] != keyword) ++at;
    if (at == names.count) {  // Not interned, or unknown.
      at = 0;
      while (at < names.count && PyUnicode_Compare(names.interned[at], keyword) != 0) ++at;
      if (at == names.count) {
        PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%S'", names.function, keyword);
        return false;
      }
    }
    if (seen[at]) {
      PyErr_Format(PyExc_TypeError, "%s() got multiple values for argument '%S'", names.function, keyword);
      return false;
    }
    seen[at] = true;
    out[at] = args[given + k];
  }
  for (int i = 0; i < names.count; ++i) {
    if (out[i] == nullptr) {
      PyErr_Format(PyExc_TypeError, "%s() missing a required argument: '%s'", names.function, names.text[i]);
      return false;
    }
  }
  return true;
}

// --- functions

template <Py_ssize_t N>
constexpr const char* take_name() {
  return N == 0    ? "take_0"
         : N == 1  ? "take_1"
         : N == 2  ? "take_2"
         : N == 3  ? "take_3"
         : N == 4  ? "take_4"
         : N == 6  ? "take_6"
         : N == 8  ? "take_8"
         : N == 12 ? "take_12"
                   : "take_16";
}
template <std::size_t... I>
[[gnu::always_inline]] inline PyObject* take_all(Args args, std::index_sequence<I...>) {
  std::int64_t values[sizeof...(I)] = {};
  if (!(load_int(args[I], take_name<sizeof...(I)>(), static_cast<int>(I) + 1, values[I]) && ...)) return nullptr;
  return PyLong_FromLong((values[I] + ...));
}
template <Py_ssize_t N>
PyObject* take(PyObject*, Args args, Py_ssize_t given) {
  if (!check_count(take_name<N>(), given, N)) return nullptr;
  return take_all(args, std::make_index_sequence<static_cast<std::size_t>(N)>());
}
// Without arguments too: the interpreter has a short way for METH_FASTCALL, and none for functions of METH_NOARGS.
PyObject* take_0(PyObject*, Args, Py_ssize_t given) {
  return check_count("take_0", given, 0) ? PyLong_FromLong(0) : nullptr;
}
PyObject* take_1(PyObject*, PyObject* object) {
  std::int64_t value = 0;
  return load_int(object, "take_1", 1, value) ? PyLong_FromLong(value) : nullptr;
}

PyObject* identity(PyObject*, PyObject* object) { return Py_NewRef(object); }

[[gnu::always_inline]] inline PyObject* add_loaded(const char* name, PyObject* first, PyObject* second) {
  std::int64_t a = 0, b = 0;
  if (!load_int(first, name, 1, a) || !load_int(second, name, 2, b)) return nullptr;
  return PyLong_FromLong(a + b);
}
PyObject* add(PyObject*, Args args, Py_ssize_t given) {
  if (!check_count("add", given, 2)) return nullptr;
  return add_loaded("add", args[0], args[1]);
}
PyObject* add_named(PyObject*, Args args, Py_ssize_t given, PyObject* keywords) {
  if (given == 2 && keywords == nullptr) [[likely]]
    return add_loaded("add_named", args[0], args[1]);
  PyObject* bound[2] = {nullptr, nullptr};
  if (!bind(add_named_names, args, given, keywords, bound)) return nullptr;
  return add_loaded("add_named", bound[0], bound[1]);
}

PyObject* scale(PyObject*, Args args, Py_ssize_t given, PyObject* keywords) {
  std::int64_t value = 0, by = 2;
  PyObject* bound[2] = {nullptr, Py_None};  // None stands for the default and is never given: it is not an int.
  if (keywords == nullptr && given >= 1 && given <= 2) [[likely]] {
    bound[0] = args[0];
    if (given == 2) bound[1] = args[1];
  } else if (!bind(scale_names, args, given, keywords, bound)) {
    return nullptr;
  }
  if (!load_int(bound[0], "scale", 1, value)) return nullptr;
  if ((bound[1] != Py_None || given == 2 || keywords != nullptr) && !load_int(bound[1], "scale", 2, by)) return nullptr;
  return PyLong_FromLong(value * by);
}

[[gnu::always_inline]] inline PyObject* mixed_loaded(const char* name, Args args) {
  std::int64_t a = 0, f = 0;
  double b = 0;
  bool c = false;
  std::string_view d;
  if (!load_int(args[0], name, 1, a) || !load_double(args[1], b) || !load_bool(args[2], name, 3, c) ||
      !load_text(args[3], name, 4, d) || !load_byte(args[5], name, 6, f)) {
    return nullptr;
  }
  return PyLong_FromLong(a + static_cast<std::int64_t>(b) + (c ? 1 : 0) + static_cast<std::int64_t>(d.size()) +
                         (args[4] == Py_None ? 1 : 0) + f);
}
PyObject* mixed(PyObject*, Args args, Py_ssize_t given) {
  if (!check_count("mixed", given, 6)) return nullptr;
  return mixed_loaded("mixed", args);
}
PyObject* mixed_named(PyObject*, Args args, Py_ssize_t given, PyObject* keywords) {
  if (given == 6 && keywords == nullptr) return mixed_loaded("mixed_named", args);
  PyObject* bound[6] = {};
  if (!bind(mixed_names, args, given, keywords, bound)) return nullptr;
  return mixed_loaded("mixed_named", bound);
}

PyObject* over(PyObject*, PyObject* object) {
  if (PyLong_Check(object)) {
    std::int64_t value = 0;
    return load_int(object, "over", 1, value) ? PyLong_FromLong(1) : nullptr;
  }
  if (PyFloat_Check(object)) return PyLong_FromLong(2);
  std::string_view text;
  return load_text(object, "over", 1, text) ? PyLong_FromLong(3) : nullptr;
}
PyObject* not_(PyObject*, PyObject* object) {
  bool value = false;
  return load_bool(object, "not_", 1, value) ? PyBool_FromLong(value ? 0 : 1) : nullptr;
}
PyObject* half(PyObject*, PyObject* object) {
  double value = 0;
  return load_double(object, value) ? PyFloat_FromDouble(value / 2) : nullptr;
}
PyObject* byte(PyObject*, PyObject* object) {
  std::int64_t value = 0;
  return load_byte(object, "byte", 1, value) ? PyLong_FromLong(value) : nullptr;
}

PyObject* length(PyObject*, PyObject* object) {
  std::string_view text;
  return load_text(object, "length", 1, text) ? PyLong_FromSize_t(text.size()) : nullptr;
}
PyObject* length_of_string(PyObject*, PyObject* object) {
  std::string_view text;
  if (!load_text(object, "length_of_string", 1, text)) return nullptr;
  try {
    return PyLong_FromSize_t(calls::length_of_string(std::string(text)));
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  }
}
PyObject* text(PyObject*, Args, Py_ssize_t given) {
  if (!check_count("text", given, 0)) return nullptr;
  const std::string& made = calls::text();
  return PyUnicode_FromStringAndSize(made.data(), static_cast<Py_ssize_t>(made.size()));
}
PyObject* greet(PyObject*, PyObject* object) {
  std::string_view name;
  if (!load_text(object, "greet", 1, name)) return nullptr;
  try {
    const std::string made = calls::greet(name);
    return PyUnicode_FromStringAndSize(made.data(), static_cast<Py_ssize_t>(made.size()));
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  }
}

bool is_bytes(PyObject* object, const char* name) {
  if (PyBytes_Check(object)) [[likely]]
    return true;
  PyErr_Format(PyExc_TypeError, "%s() argument 1 must be bytes, not %s", name, Py_TYPE(object)->tp_name);
  return false;
}
PyObject* count_bytes(PyObject*, PyObject* object) {
  return is_bytes(object, "count_bytes") ? PyLong_FromSsize_t(PyBytes_GET_SIZE(object)) : nullptr;
}
PyObject* same_bytes(PyObject*, PyObject* object) {
  if (!is_bytes(object, "same_bytes")) return nullptr;
  return PyBytes_FromStringAndSize(PyBytes_AS_STRING(object), PyBytes_GET_SIZE(object));
}
PyObject* or_seven(PyObject*, PyObject* object) {
  std::int64_t value = 7;
  return object == Py_None || load_int(object, "or_seven", 1, value) ? PyLong_FromLong(value) : nullptr;
}
PyObject* swapped(PyObject*, PyObject* object) {
  std::int64_t a = 0, b = 0;
  if (!PyTuple_Check(object) || PyTuple_GET_SIZE(object) != 2) [[unlikely]] {
    PyErr_SetString(PyExc_TypeError, "swapped() argument 1 must be a tuple of two");
    return nullptr;
  }
  if (!load_int(PyTuple_GET_ITEM(object, 0), "swapped", 1, a) ||
      !load_int(PyTuple_GET_ITEM(object, 1), "swapped", 1, b)) {
    return nullptr;
  }
  PyObject* result = PyTuple_New(2);
  PyObject *first = PyLong_FromLong(b), *second = PyLong_FromLong(a);
  if (result == nullptr || first == nullptr || second == nullptr) {
    Py_XDECREF(result);
    Py_XDECREF(first);
    Py_XDECREF(second);
    return nullptr;
  }
  PyTuple_SET_ITEM(result, 0, first);
  PyTuple_SET_ITEM(result, 1, second);
  return result;
}

PyObject* doubled(PyObject*, PyObject* list) {
  if (!PyList_Check(list)) [[unlikely]] {
    PyErr_Format(PyExc_TypeError, "doubled() argument 1 must be list, not %s", Py_TYPE(list)->tp_name);
    return nullptr;
  }
  try {
    std::vector<std::int64_t> values;
    values.reserve(static_cast<std::size_t>(PyList_GET_SIZE(list)));
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); ++i) {
      PyObject* item = PyList_GET_ITEM(list, i);
      std::int64_t value = 0;
      if (PyLong_CheckExact(item)) [[likely]] {  // Which runs no code of Python's.
        if (!load_int(item, "doubled", 1, value)) return nullptr;
      } else {
        Py_INCREF(item);  // __index__ may change the list.
        const bool loaded = load_other_int(item, "doubled", 1, value);
        Py_DECREF(item);
        if (!loaded) return nullptr;
      }
      values.push_back(value);
    }
    for (std::int64_t& value : values) value *= 2;
    PyObject* result = PyList_New(static_cast<Py_ssize_t>(values.size()));
    for (std::size_t i = 0; result != nullptr && i < values.size(); ++i) {
      PyObject* item = PyLong_FromLong(values[i]);
      if (item == nullptr) {
        Py_CLEAR(result);
      } else {
        PyList_SET_ITEM(result, static_cast<Py_ssize_t>(i), item);
      }
    }
    return result;
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  }
}

PyObject* reject(PyObject*, Args, Py_ssize_t given) {
  if (!check_count("reject", given, 0)) return nullptr;
  PyErr_SetString(PyExc_ValueError, "the value is out of range");
  return nullptr;
}
/// Around a function of C++ that throws.
PyObject* reject_standard(PyObject*, Args, Py_ssize_t given) {
  if (!check_count("reject_standard", given, 0)) return nullptr;
  try {
    return PyLong_FromLong(calls::reject_standard());
  } catch (const std::invalid_argument& error) {
    PyErr_SetString(PyExc_ValueError, error.what());
    return nullptr;
  }
}

// --- the class

struct Counter {
  PyObject header;
  std::int64_t field;
  std::int64_t total;
};
PyTypeObject* counter_type = nullptr;
PyTypeObject* open_counter_type = nullptr;
Counter& counter(PyObject* self) { return *reinterpret_cast<Counter*>(self); }

PyObject* counter_make(PyTypeObject* type, PyObject* start) {
  std::int64_t total = 0;
  if (!load_int(start, "Counter", 1, total)) return nullptr;
  // Python classes that derive from OpenCounter have needs of their own.
  auto* self = type == counter_type || type == open_counter_type ? PyObject_New(Counter, type)
                                                                 : reinterpret_cast<Counter*>(type->tp_alloc(type, 0));
  if (self == nullptr) return nullptr;
  self->field = 7;
  self->total = total;
  return &self->header;
}
PyObject* counter_vectorcall(PyObject* type, Args args, std::size_t flags, PyObject* keywords) {
  if (keywords != nullptr) [[unlikely]] {
    PyErr_SetString(PyExc_TypeError, "Counter() takes no keyword arguments");
    return nullptr;
  }
  if (!check_count("Counter", PyVectorcall_NARGS(flags), 1)) return nullptr;
  return counter_make(reinterpret_cast<PyTypeObject*>(type), args[0]);
}
PyObject* counter_new(PyTypeObject* type, PyObject* args, PyObject* keywords) {
  if (keywords != nullptr && PyDict_GET_SIZE(keywords) != 0) {
    PyErr_SetString(PyExc_TypeError, "Counter() takes no keyword arguments");
    return nullptr;
  }
  if (!check_count("Counter", PyTuple_GET_SIZE(args), 1)) return nullptr;
  return counter_make(type, PyTuple_GET_ITEM(args, 0));
}
void counter_dealloc(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  type->tp_free(self);
  Py_DECREF(reinterpret_cast<PyObject*>(type));
}
PyObject* counter_inc(PyObject* self, PyObject*) {
  ++counter(self).total;
  Py_RETURN_NONE;
}
PyObject* counter_add(PyObject* self, PyObject* object) {
  std::int64_t by = 0;
  if (!load_int(object, "Counter.add", 1, by)) return nullptr;
  return PyLong_FromLong(counter(self).total += by);
}
PyObject* counter_add_two(PyObject* self, Args args, Py_ssize_t given) {
  std::int64_t by = 0, more = 0;
  if (!check_count("Counter.add_two", given, 2) || !load_int(args[0], "Counter.add_two", 1, by) ||
      !load_int(args[1], "Counter.add_two", 2, more)) {
    return nullptr;
  }
  return PyLong_FromLong(counter(self).total += by + more);
}
PyObject* counter_get(PyObject* self, PyObject*) { return PyLong_FromLong(counter(self).total); }
PyObject* counter_field(PyObject* self, void*) { return PyLong_FromLong(counter(self).field); }
int counter_set(PyObject* value, const char* name, std::int64_t& number) {
  if (value == nullptr) {
    PyErr_Format(PyExc_AttributeError, "attribute '%s' of 'Counter' objects cannot be deleted", name);
    return -1;
  }
  return load_int(value, name, 1, number) ? 0 : -1;
}
int counter_set_field(PyObject* self, PyObject* value, void*) {
  return counter_set(value, "field", counter(self).field);
}
int counter_set_total(PyObject* self, PyObject* value, void*) {
  return counter_set(value, "total", counter(self).total);
}
PyObject* counter_total(PyObject* self, void*) { return PyLong_FromLong(counter(self).total); }

PyMethodDef counter_methods[] = {
    {"inc", &counter_inc, METH_NOARGS, nullptr},
    {"add", &counter_add, METH_O, nullptr},
    {"add_two", as_cfunction(&counter_add_two), METH_FASTCALL, nullptr},
    {"get", &counter_get, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyGetSetDef counter_getset[] = {
    {"field", &counter_field, &counter_set_field, nullptr, nullptr},
    {"total", &counter_total, &counter_set_total, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};
PyType_Slot counter_slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(&counter_new)},
    {Py_tp_dealloc, reinterpret_cast<void*>(&counter_dealloc)},
    {Py_tp_methods, counter_methods},
    {Py_tp_getset, counter_getset},
    {0, nullptr},
};
PyType_Spec counter_spec{"calls_capi.Counter", sizeof(Counter), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
                         counter_slots};

PyType_Spec open_counter_spec{"calls_capi.OpenCounter", sizeof(Counter), 0,
                              Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_BASETYPE, counter_slots};

PyObject* pass_counter(PyObject*, PyObject* object) {
  if (!Py_IS_TYPE(object, counter_type)) [[unlikely]] {
    PyErr_Format(PyExc_TypeError, "pass_counter() argument 1 must be Counter, not %s", Py_TYPE(object)->tp_name);
    return nullptr;
  }
  return PyLong_FromLong(counter(object).total);
}
PyObject* return_counter(PyObject*, PyObject* object) { return counter_make(counter_type, object); }

// --- the frozen class, of a size of its own

struct Frozen {
  PyObject header;
  std::int64_t field;
};
PyTypeObject* frozen_type = nullptr;
PyTypeObject* open_frozen_type = nullptr;
std::int64_t frozen(PyObject* self) { return reinterpret_cast<Frozen*>(self)->field; }

PyObject* frozen_make(PyTypeObject* type, PyObject* start) {
  std::int64_t field = 0;
  if (!load_int(start, "Frozen", 1, field)) return nullptr;
  auto* self = type == frozen_type || type == open_frozen_type ? PyObject_New(Frozen, type)
                                                               : reinterpret_cast<Frozen*>(type->tp_alloc(type, 0));
  if (self == nullptr) return nullptr;
  self->field = field;
  return &self->header;
}
PyObject* frozen_vectorcall(PyObject* type, Args args, std::size_t flags, PyObject* keywords) {
  if (keywords != nullptr) [[unlikely]] {
    PyErr_SetString(PyExc_TypeError, "Frozen() takes no keyword arguments");
    return nullptr;
  }
  if (!check_count("Frozen", PyVectorcall_NARGS(flags), 1)) return nullptr;
  return frozen_make(reinterpret_cast<PyTypeObject*>(type), args[0]);
}
PyObject* frozen_new(PyTypeObject* type, PyObject* args, PyObject* keywords) {
  if (keywords != nullptr && PyDict_GET_SIZE(keywords) != 0) {
    PyErr_SetString(PyExc_TypeError, "Frozen() takes no keyword arguments");
    return nullptr;
  }
  if (!check_count("Frozen", PyTuple_GET_SIZE(args), 1)) return nullptr;
  return frozen_make(type, PyTuple_GET_ITEM(args, 0));
}
PyObject* frozen_get(PyObject* self, PyObject*) { return PyLong_FromLong(frozen(self)); }
PyObject* frozen_field(PyObject* self, void*) { return PyLong_FromLong(frozen(self)); }

PyMethodDef frozen_methods[] = {{"get", &frozen_get, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
PyGetSetDef frozen_getset[] = {{"field", &frozen_field, nullptr, nullptr, nullptr},
                               {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyType_Slot frozen_slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(&frozen_new)},
    {Py_tp_dealloc, reinterpret_cast<void*>(&counter_dealloc)},
    {Py_tp_methods, frozen_methods},
    {Py_tp_getset, frozen_getset},
    {0, nullptr},
};
PyType_Spec frozen_spec{"calls_capi.Frozen", sizeof(Frozen), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
                        frozen_slots};
PyType_Spec open_frozen_spec{"calls_capi.OpenFrozen", sizeof(Frozen), 0,
                             Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_BASETYPE, frozen_slots};

PyObject* pass_frozen(PyObject*, PyObject* object) {
  if (!Py_IS_TYPE(object, frozen_type)) [[unlikely]] {
    PyErr_Format(PyExc_TypeError, "pass_frozen() argument 1 must be Frozen, not %s", Py_TYPE(object)->tp_name);
    return nullptr;
  }
  return PyLong_FromLong(frozen(object));
}
PyObject* return_frozen(PyObject*, PyObject* object) { return frozen_make(frozen_type, object); }

// --- operators and iteration

struct Pair {
  PyObject header;
  double x, y;
};
PyTypeObject* pair_type = nullptr;
Pair& pair(PyObject* self) { return *reinterpret_cast<Pair*>(self); }

PyObject* pair_make(double x, double y) {
  auto* self = PyObject_New(Pair, pair_type);
  if (self == nullptr) return nullptr;
  self->x = x;
  self->y = y;
  return &self->header;
}
PyObject* pair_new(PyTypeObject*, PyObject* args, PyObject*) {
  double x = 0, y = 0;
  return PyArg_ParseTuple(args, "dd:Pair", &x, &y) == 0 ? nullptr : pair_make(x, y);
}
PyObject* pair_add(PyObject* a, PyObject* b) {
  if (!Py_IS_TYPE(a, pair_type) || !Py_IS_TYPE(b, pair_type)) Py_RETURN_NOTIMPLEMENTED;
  return pair_make(pair(a).x + pair(b).x, pair(a).y + pair(b).y);
}
PyObject* pair_iadd(PyObject* a, PyObject* b) {
  if (!Py_IS_TYPE(b, pair_type)) Py_RETURN_NOTIMPLEMENTED;
  pair(a).x += pair(b).x;
  pair(a).y += pair(b).y;
  return Py_NewRef(a);
}
/// -1 with an exception pending.
inline Py_ssize_t pair_index(PyObject* key) {
  std::int64_t index = 0;
  if (!load_int(key, "Pair.__getitem__", 1, index)) return -1;
  if (index < 0) index += 2;
  if (index >= 0 && index < 2) [[likely]]
    return index;
  PyErr_SetString(PyExc_IndexError, "index out of range");
  return -1;
}
PyObject* pair_item(PyObject* self, PyObject* key) {
  const Py_ssize_t index = pair_index(key);
  return index < 0 ? nullptr : PyFloat_FromDouble(index == 0 ? pair(self).x : pair(self).y);
}
int pair_set_item(PyObject* self, PyObject* key, PyObject* item) {
  const Py_ssize_t index = pair_index(key);
  if (index < 0) return -1;
  if (item == nullptr) {
    PyErr_SetString(PyExc_TypeError, "'Pair' object does not support item deletion");
    return -1;
  }
  return load_double(item, index == 0 ? pair(self).x : pair(self).y) ? 0 : -1;
}
Py_ssize_t pair_length(PyObject*) { return 2; }
PyObject* pair_compare(PyObject* a, PyObject* b, int operation) {
  if (!Py_IS_TYPE(b, pair_type) || (operation != Py_EQ && operation != Py_NE && operation != Py_LT)) {
    Py_RETURN_NOTIMPLEMENTED;
  }
  if (operation == Py_LT) {
    const bool less = pair(a).x != pair(b).x ? pair(a).x < pair(b).x : pair(a).y < pair(b).y;
    return Py_NewRef(less ? Py_True : Py_False);
  }
  const bool equal = pair(a).x == pair(b).x && pair(a).y == pair(b).y;
  return Py_NewRef(equal == (operation == Py_EQ) ? Py_True : Py_False);
}
Py_hash_t pair_hash(PyObject* self) {
  const auto hash =
      static_cast<Py_hash_t>(31 * static_cast<std::size_t>(pair(self).x) + static_cast<std::size_t>(pair(self).y));
  return hash == -1 ? -2 : hash;
}
int pair_contains(PyObject* self, PyObject* item) {
  double value = 0;
  if (!load_double(item, value)) {
    if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) return -1;
    PyErr_Clear();
    return 0;
  }
  return value == pair(self).x || value == pair(self).y ? 1 : 0;
}
PyObject* pair_call(PyObject* self, PyObject* args, PyObject* keywords) {
  if (keywords != nullptr && PyDict_GET_SIZE(keywords) != 0) {
    PyErr_SetString(PyExc_TypeError, "Pair.__call__() takes no keyword arguments");
    return nullptr;
  }
  if (!check_count("Pair.__call__", PyTuple_GET_SIZE(args), 2)) return nullptr;
  double a = 0, b = 0;
  if (!load_double(PyTuple_GET_ITEM(args, 0), a) || !load_double(PyTuple_GET_ITEM(args, 1), b)) return nullptr;
  return PyFloat_FromDouble(pair(self).x * a + b);
}
PyType_Slot pair_slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(&pair_new)},
    {Py_tp_dealloc, reinterpret_cast<void*>(&counter_dealloc)},
    {Py_nb_add, reinterpret_cast<void*>(&pair_add)},
    {Py_nb_inplace_add, reinterpret_cast<void*>(&pair_iadd)},
    {Py_mp_subscript, reinterpret_cast<void*>(&pair_item)},
    {Py_mp_ass_subscript, reinterpret_cast<void*>(&pair_set_item)},
    {Py_mp_length, reinterpret_cast<void*>(&pair_length)},
    {Py_sq_length, reinterpret_cast<void*>(&pair_length)},
    {Py_tp_richcompare, reinterpret_cast<void*>(&pair_compare)},
    {Py_tp_hash, reinterpret_cast<void*>(&pair_hash)},
    {Py_sq_contains, reinterpret_cast<void*>(&pair_contains)},
    {Py_tp_call, reinterpret_cast<void*>(&pair_call)},
    {0, nullptr},
};
PyType_Spec pair_spec{"calls_capi.Pair", sizeof(Pair), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, pair_slots};

struct Row {
  PyObject header;
  std::vector<std::int64_t> numbers;
};
Row& row(PyObject* self) { return *reinterpret_cast<Row*>(self); }

PyObject* row_new(PyTypeObject* type, PyObject* args, PyObject*) {
  long long size = 0;
  if (PyArg_ParseTuple(args, "L:Row", &size) == 0) return nullptr;
  auto* self = PyObject_New(Row, type);
  if (self == nullptr) return nullptr;
  new (&self->numbers) std::vector<std::int64_t>;
  try {
    for (std::int64_t i = 0; i < size; ++i) self->numbers.push_back(1000 + i);
  } catch (const std::bad_alloc&) {
    Py_DECREF(&self->header);
    return PyErr_NoMemory();
  }
  return &self->header;
}
void row_dealloc(PyObject* self) {
  row(self).numbers.~vector();
  counter_dealloc(self);
}

/// An iterator over a Row, which it lets go of at the end.
struct RowIterator {
  PyObject header;
  PyObject* row;
  std::size_t at;
};
PyTypeObject* row_iterator_type = nullptr;
RowIterator& row_iterator(PyObject* self) { return *reinterpret_cast<RowIterator*>(self); }

PyObject* row_iter(PyObject* self) {
  auto* iterator = PyObject_GC_New(RowIterator, row_iterator_type);
  if (iterator == nullptr) return nullptr;
  iterator->row = Py_NewRef(self);
  iterator->at = 0;
  PyObject_GC_Track(&iterator->header);
  return &iterator->header;
}
PyObject* row_iterator_next(PyObject* self) {
  RowIterator& iterator = row_iterator(self);
  if (iterator.row == nullptr) return nullptr;
  const std::vector<std::int64_t>& numbers = row(iterator.row).numbers;
  if (iterator.at < numbers.size()) [[likely]]
    return PyLong_FromLong(numbers[iterator.at++]);
  Py_CLEAR(iterator.row);
  return nullptr;
}
int row_iterator_traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(row_iterator(self).row);
  return 0;
}
int row_iterator_clear(PyObject* self) {
  Py_CLEAR(row_iterator(self).row);
  return 0;
}
void row_iterator_dealloc(PyObject* self) {
  PyObject_GC_UnTrack(self);
  Py_XDECREF(row_iterator(self).row);
  counter_dealloc(self);
}
PyType_Slot row_slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(&row_new)},
    {Py_tp_dealloc, reinterpret_cast<void*>(&row_dealloc)},
    {Py_tp_iter, reinterpret_cast<void*>(&row_iter)},
    {0, nullptr},
};
PyType_Spec row_spec{"calls_capi.Row", sizeof(Row), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, row_slots};
PyType_Slot row_iterator_slots[] = {
    {Py_tp_dealloc, reinterpret_cast<void*>(&row_iterator_dealloc)},
    {Py_tp_traverse, reinterpret_cast<void*>(&row_iterator_traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(&row_iterator_clear)},
    {Py_tp_iter, reinterpret_cast<void*>(&PyObject_SelfIter)},
    {Py_tp_iternext, reinterpret_cast<void*>(&row_iterator_next)},
    {0, nullptr},
};
PyType_Spec row_iterator_spec{
    "calls_capi.row_iterator", sizeof(RowIterator), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    row_iterator_slots};

/// The types are kept for good.
int add_operators(PyObject* module) {
  pair_type = reinterpret_cast<PyTypeObject*>(PyType_FromModuleAndSpec(module, &pair_spec, nullptr));
  row_iterator_type = reinterpret_cast<PyTypeObject*>(PyType_FromModuleAndSpec(module, &row_iterator_spec, nullptr));
  PyObject* row_type = PyType_FromModuleAndSpec(module, &row_spec, nullptr);
  if (pair_type == nullptr || row_iterator_type == nullptr || row_type == nullptr) return -1;
  return PyModule_AddObjectRef(module, "Pair", reinterpret_cast<PyObject*>(pair_type)) < 0 ||
                 PyModule_AddObjectRef(module, "Row", row_type) < 0
             ? -1
             : 0;
}

// --- an enum

constexpr const char* shape_names[] = {"POINT", "LINE", "TRIANGLE", "SQUARE", "CIRCLE", "SPHERE"};
constexpr std::int64_t shape_count = 6;
PyObject* shapes[shape_count];

PyObject* pass_enum(PyObject*, PyObject* object) {
  for (std::int64_t i = 0; i < shape_count; ++i) {
    if (object == shapes[i]) return PyLong_FromLong(i);
  }
  PyErr_Format(PyExc_TypeError, "pass_enum() argument 1 must be Shape, not %s", Py_TYPE(object)->tp_name);
  return nullptr;
}
PyObject* return_enum(PyObject*, PyObject* object) {
  std::int64_t number = 0;
  if (!load_int(object, "return_enum", 1, number)) return nullptr;
  if (number >= 0 && number < shape_count) [[likely]]
    return Py_NewRef(shapes[number]);
  PyErr_Format(PyExc_ValueError, "%ld is not a valid Shape", static_cast<long>(number));
  return nullptr;
}

/// `enum.IntEnum("Shape", [("POINT", 0), ...], module="calls_capi")`; all of it is kept for good.
int add_shape(PyObject* module) {
  PyObject* enums = PyImport_ImportModule("enum");
  PyObject* base = enums == nullptr ? nullptr : PyObject_GetAttrString(enums, "IntEnum");
  PyObject* members = PyList_New(0);
  if (base == nullptr || members == nullptr) return -1;
  for (int i = 0; i < shape_count; ++i) {
    PyObject* item = Py_BuildValue("(si)", shape_names[i], i);
    if (item == nullptr || PyList_Append(members, item) < 0) return -1;
  }
  PyObject* args = Py_BuildValue("(sO)", "Shape", members);
  PyObject* keywords = Py_BuildValue("{ss}", "module", "calls_capi");
  PyObject* made = args == nullptr || keywords == nullptr ? nullptr : PyObject_Call(base, args, keywords);
  if (made == nullptr) return -1;
  for (int i = 0; i < shape_count; ++i) {
    shapes[i] = PyObject_GetAttrString(made, shape_names[i]);
    if (shapes[i] == nullptr) return -1;
  }
  return PyModule_AddObjectRef(module, "Shape", made);
}

// --- the module

bool intern(Names& names) {
  for (int i = 0; i < names.count; ++i) {
    names.interned[i] = PyUnicode_InternFromString(names.text[i]);
    if (names.interned[i] == nullptr) return false;
  }
  return true;
}

/// The type is kept for good.
int add_class(PyObject* module, const char* name, PyType_Spec& spec, PyTypeObject*& type, vectorcallfunc construct) {
  type = reinterpret_cast<PyTypeObject*>(PyType_FromModuleAndSpec(module, &spec, nullptr));
  if (type == nullptr) return -1;
  type->tp_vectorcall = construct;
  return PyModule_AddObjectRef(module, name, reinterpret_cast<PyObject*>(type));
}

int fill(PyObject* module) {
  if (!intern(add_named_names) || !intern(scale_names) || !intern(mixed_names)) return -1;
  return add_class(module, "Counter", counter_spec, counter_type, &counter_vectorcall) < 0 ||
                 add_class(module, "OpenCounter", open_counter_spec, open_counter_type, &counter_vectorcall) < 0 ||
                 add_class(module, "Frozen", frozen_spec, frozen_type, &frozen_vectorcall) < 0 ||
                 add_class(module, "OpenFrozen", open_frozen_spec, open_frozen_type, &frozen_vectorcall) < 0 ||
                 add_operators(module) < 0 || add_shape(module) < 0
             ? -1
             : 0;
}

PyMethodDef functions[] = {
    {"take_0", as_cfunction(&take_0), METH_FASTCALL, nullptr},
    {"take_2", as_cfunction(&take<2>), METH_FASTCALL, nullptr},
    {"take_3", as_cfunction(&take<3>), METH_FASTCALL, nullptr},
    {"take_4", as_cfunction(&take<4>), METH_FASTCALL, nullptr},
    {"take_6", as_cfunction(&take<6>), METH_FASTCALL, nullptr},
    {"take_8", as_cfunction(&take<8>), METH_FASTCALL, nullptr},
    {"take_12", as_cfunction(&take<12>), METH_FASTCALL, nullptr},
    {"take_16", as_cfunction(&take<16>), METH_FASTCALL, nullptr},
    {"identity", &identity, METH_O, nullptr},
    {"identity_kept", &identity, METH_O, nullptr},
    {"over", &over, METH_O, nullptr},
    {"not_", &not_, METH_O, nullptr},
    {"half", &half, METH_O, nullptr},
    {"byte", &byte, METH_O, nullptr},
    {"length", &length, METH_O, nullptr},
    {"length_of_string", &length_of_string, METH_O, nullptr},
    {"greet", &greet, METH_O, nullptr},
    {"count_bytes", &count_bytes, METH_O, nullptr},
    {"same_bytes", &same_bytes, METH_O, nullptr},
    {"or_seven", &or_seven, METH_O, nullptr},
    {"swapped", &swapped, METH_O, nullptr},
    {"doubled", &doubled, METH_O, nullptr},
    {"pass_counter", &pass_counter, METH_O, nullptr},
    {"pass_frozen", &pass_frozen, METH_O, nullptr},
    {"return_counter", &return_counter, METH_O, nullptr},
    {"return_frozen", &return_frozen, METH_O, nullptr},
    {"pass_enum", &pass_enum, METH_O, nullptr},
    {"return_enum", &return_enum, METH_O, nullptr},
    {"take_1", &take_1, METH_O, nullptr},
    {"add", as_cfunction(&add), METH_FASTCALL, nullptr},
    {"add_named", as_cfunction(&add_named), METH_FASTCALL | METH_KEYWORDS, nullptr},
    {"scale", as_cfunction(&scale), METH_FASTCALL | METH_KEYWORDS, nullptr},
    {"mixed_named", as_cfunction(&mixed_named), METH_FASTCALL | METH_KEYWORDS, nullptr},
    {"mixed", as_cfunction(&mixed), METH_FASTCALL, nullptr},
    {"text", as_cfunction(&text), METH_FASTCALL, nullptr},
    {"reject", as_cfunction(&reject), METH_FASTCALL, nullptr},
    {"reject_by_throw", as_cfunction(&reject_standard), METH_FASTCALL, nullptr},
    {"reject_standard", as_cfunction(&reject_standard), METH_FASTCALL, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(&fill)},
    {0, nullptr},
};
PyModuleDef definition{PyModuleDef_HEAD_INIT, "calls_capi", nullptr, 0, functions, slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_calls_capi(void) { return PyModuleDef_Init(&definition); }
