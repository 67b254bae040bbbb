// SPDX-License-Identifier: MIT
// bench_adder_ext.cpp by hand, as an author who knows the C API writes it for speed: vectorcall conventions, counts and
// types checked, names interned once, an immutable heap type with tp_vectorcall.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <cstddef>
#include <cstdint>
#include <new>
#include <string>
#include <string_view>
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

/// False with an exception pending.
inline bool load_int(PyObject* object, const char* name, int position, std::int64_t& value) {
  if (!PyLong_Check(object) && PyIndex_Check(object) == 0) [[unlikely]] {
    PyErr_Format(PyExc_TypeError, "%s() argument %d must be int, not %s", name, position, Py_TYPE(object)->tp_name);
    return false;
  }
  value = PyLong_AsLong(object);
  return value != -1 || PyErr_Occurred() == nullptr;
}

/// The parameters of a function that takes keywords.
struct Names {
  const char* function;
  const char* text[2];
  PyObject* interned[2];
};
Names add_named_names{"add_named", {"a", "b"}, {}};
Names scale_names{"scale", {"value", "by"}, {}};

/// Puts positional arguments and keywords into @p out; what is not given stays as it is.
bool bind(const Names& names, Args args, Py_ssize_t given, PyObject* keywords, PyObject* (&out)[2]) {
  if (given > 2) {
    PyErr_Format(PyExc_TypeError, "%s() takes 2 positional arguments but %zd were given", names.function, given);
    return false;
  }
  bool seen[2] = {given > 0, given > 1};
  for (Py_ssize_t i = 0; i < given; ++i) out[i] = args[i];
  const Py_ssize_t keyword_count = keywords == nullptr ? 0 : PyTuple_GET_SIZE(keywords);
  for (Py_ssize_t k = 0; k < keyword_count; ++k) {
    PyObject* keyword = PyTuple_GET_ITEM(keywords, k);
    int at = 0;
    while (at < 2 && names.interned[at] != keyword) ++at;
    if (at == 2) {  // Not interned, or unknown.
      at = 0;
      while (at < 2 && PyUnicode_Compare(names.interned[at], keyword) != 0) ++at;
      if (at == 2) {
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
  for (int i = 0; i < 2; ++i) {
    if (out[i] == nullptr) {
      PyErr_Format(PyExc_TypeError, "%s() missing a required argument: '%s'", names.function, names.text[i]);
      return false;
    }
  }
  return true;
}

// --- functions
// ----------------------------------------------------------------------------------------------------------

PyObject* noop(PyObject*, Args, Py_ssize_t given) {
  if (!check_count("noop", given, 0)) return nullptr;
  Py_RETURN_NONE;
}

PyObject* identity(PyObject*, Args args, Py_ssize_t given) {
  if (!check_count("identity", given, 1)) return nullptr;
  return Py_NewRef(args[0]);
}

inline PyObject* add_loaded(const char* name, PyObject* first, PyObject* second) {
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

PyObject* scale_by_default = nullptr;

PyObject* scale(PyObject*, Args args, Py_ssize_t given, PyObject* keywords) {
  PyObject* bound[2] = {nullptr, scale_by_default};
  if (given == 2 && keywords == nullptr) [[likely]] {
    bound[0] = args[0];
    bound[1] = args[1];
  } else if (!bind(scale_names, args, given, keywords, bound)) {
    return nullptr;
  }
  std::int64_t value = 0, by = 0;
  if (!load_int(bound[0], "scale", 1, value) || !load_int(bound[1], "scale", 2, by)) return nullptr;
  return PyLong_FromLong(value * by);
}

PyObject* length(PyObject*, Args args, Py_ssize_t given) {
  if (!check_count("length", given, 1)) return nullptr;
  if (!PyUnicode_Check(args[0])) [[unlikely]] {
    PyErr_Format(PyExc_TypeError, "length() argument 1 must be str, not %s", Py_TYPE(args[0])->tp_name);
    return nullptr;
  }
  Py_ssize_t size = 0;
  if (PyUnicode_AsUTF8AndSize(args[0], &size) == nullptr) return nullptr;
  return PyLong_FromSsize_t(size);
}

/// False with an exception pending.
inline bool load_text(PyObject* object, const char* name, int position, std::string_view& text) {
  if (!PyUnicode_Check(object)) [[unlikely]] {
    PyErr_Format(PyExc_TypeError, "%s() argument %d must be str, not %s", name, position, Py_TYPE(object)->tp_name);
    return false;
  }
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(object, &size);
  if (data == nullptr) return false;
  text = {data, static_cast<std::size_t>(size)};
  return true;
}

PyObject* mixed(PyObject*, Args args, Py_ssize_t given) {
  if (!check_count("mixed", given, 6)) return nullptr;
  std::int64_t a = 0, f = 0;
  std::string_view d;
  if (!load_int(args[0], "mixed", 1, a)) return nullptr;
  const double b = PyFloat_AsDouble(args[1]);
  if (b == -1.0 && PyErr_Occurred() != nullptr) return nullptr;
  if (!PyBool_Check(args[2])) [[unlikely]] {
    PyErr_Format(PyExc_TypeError, "mixed() argument 3 must be bool, not %s", Py_TYPE(args[2])->tp_name);
    return nullptr;
  }
  const bool c = args[2] == Py_True;
  if (!load_text(args[3], "mixed", 4, d) || !load_int(args[5], "mixed", 6, f)) return nullptr;
  if (f < 0 || f > 255) [[unlikely]] {
    PyErr_SetString(PyExc_OverflowError, "mixed() argument 6 does not fit into an unsigned 8-bit integer");
    return nullptr;
  }
  return PyLong_FromLong(a + static_cast<std::int64_t>(b) + (c ? 1 : 0) + static_cast<std::int64_t>(d.size()) +
                         (args[4] == Py_None ? 1 : 0) + f);
}

PyObject* greet(PyObject*, Args args, Py_ssize_t given) {
  std::string_view name;
  if (!check_count("greet", given, 1) || !load_text(args[0], "greet", 1, name)) return nullptr;
  try {
    std::string text("Hello, ");
    text += name;
    return PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()));
  } catch (const std::bad_alloc&) {
    return PyErr_NoMemory();
  }
}

PyObject* doubled(PyObject*, Args args, Py_ssize_t given) {
  if (!check_count("doubled", given, 1)) return nullptr;
  PyObject* list = args[0];
  if (!PyList_Check(list)) [[unlikely]] {
    PyErr_Format(PyExc_TypeError, "doubled() argument 1 must be list, not %s", Py_TYPE(list)->tp_name);
    return nullptr;
  }
  try {
    std::vector<std::int64_t> values;
    values.reserve(static_cast<std::size_t>(PyList_GET_SIZE(list)));
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); ++i) {
      PyObject* item = Py_NewRef(PyList_GET_ITEM(list, i));  // __index__ may change the list.
      std::int64_t value = 0;
      const bool loaded = load_int(item, "doubled", 1, value);
      Py_DECREF(item);
      if (!loaded) return nullptr;
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

PyObject* reject(PyObject*, PyObject*) {
  PyErr_SetString(PyExc_ValueError, "the value is out of range");
  return nullptr;
}

// --- the class
// ----------------------------------------------------------------------------------------------------------

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
PyObject* counter_add(PyObject* self, Args args, Py_ssize_t given) {
  if (!check_count("Counter.add", given, 1)) return nullptr;
  std::int64_t by = 0;
  if (!load_int(args[0], "Counter.add", 1, by)) return nullptr;
  return PyLong_FromLong(counter(self).total += by);
}
PyObject* counter_get(PyObject* self, PyObject*) { return PyLong_FromLong(counter(self).total); }
PyObject* counter_field(PyObject* self, void*) { return PyLong_FromLong(counter(self).field); }
int counter_set_field(PyObject* self, PyObject* value, void*) {
  if (value == nullptr) {
    PyErr_SetString(PyExc_AttributeError, "attribute 'field' of 'Counter' objects cannot be deleted");
    return -1;
  }
  std::int64_t number = 0;
  if (!load_int(value, "Counter.field", 1, number)) return -1;
  counter(self).field = number;
  return 0;
}
PyObject* counter_total(PyObject* self, void*) { return PyLong_FromLong(counter(self).total); }

PyMethodDef counter_methods[] = {
    {"inc", &counter_inc, METH_NOARGS, nullptr},
    {"add", as_cfunction(&counter_add), METH_FASTCALL, nullptr},
    {"get", &counter_get, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyGetSetDef counter_getset[] = {
    {"field", &counter_field, &counter_set_field, nullptr, nullptr},
    {"total", &counter_total, nullptr, nullptr, nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr},
};
PyType_Slot counter_slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(&counter_new)},
    {Py_tp_dealloc, reinterpret_cast<void*>(&counter_dealloc)},
    {Py_tp_methods, counter_methods},
    {Py_tp_getset, counter_getset},
    {0, nullptr},
};
PyType_Spec counter_spec{"bench_capi_ext.Counter", sizeof(Counter), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
                         counter_slots};

PyType_Spec open_counter_spec{"bench_capi_ext.OpenCounter", sizeof(Counter), 0,
                              Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_BASETYPE, counter_slots};

PyObject* pass_counter(PyObject*, Args args, Py_ssize_t given) {
  if (!check_count("pass_counter", given, 1)) return nullptr;
  if (!Py_IS_TYPE(args[0], counter_type)) [[unlikely]] {
    PyErr_Format(PyExc_TypeError, "pass_counter() argument 1 must be Counter, not %s", Py_TYPE(args[0])->tp_name);
    return nullptr;
  }
  return PyLong_FromLong(counter(args[0]).total);
}
PyObject* return_counter(PyObject*, Args args, Py_ssize_t given) {
  if (!check_count("return_counter", given, 1)) return nullptr;
  return counter_make(counter_type, args[0]);
}

// --- operators and iteration
// ----------------------------------------------------------------------------------------------------------

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
PyObject* pair_item(PyObject* self, PyObject* key) {
  if (PyIndex_Check(key) == 0) [[unlikely]] {
    PyErr_Format(PyExc_TypeError, "Pair indices must be integers, not %s", Py_TYPE(key)->tp_name);
    return nullptr;
  }
  Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
  if (index == -1 && PyErr_Occurred() != nullptr) return nullptr;
  if (index < 0) index += 2;
  if (index < 0 || index >= 2) [[unlikely]] {
    PyErr_SetString(PyExc_IndexError, "index out of range");
    return nullptr;
  }
  return PyFloat_FromDouble(index == 0 ? pair(self).x : pair(self).y);
}
Py_ssize_t pair_length(PyObject*) { return 2; }
PyObject* pair_compare(PyObject* a, PyObject* b, int operation) {
  if (!Py_IS_TYPE(b, pair_type) || (operation != Py_EQ && operation != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
  const bool equal = pair(a).x == pair(b).x && pair(a).y == pair(b).y;
  return Py_NewRef(equal == (operation == Py_EQ) ? Py_True : Py_False);
}
Py_hash_t pair_hash(PyObject* self) {
  const auto hash =
      static_cast<Py_hash_t>(31 * static_cast<std::size_t>(pair(self).x) + static_cast<std::size_t>(pair(self).y));
  return hash == -1 ? -2 : hash;
}
int pair_contains(PyObject* self, PyObject* item) {
  const double value = PyFloat_AsDouble(item);
  if (value == -1.0 && PyErr_Occurred() != nullptr) {
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
  const double a = PyFloat_AsDouble(PyTuple_GET_ITEM(args, 0));
  if (a == -1.0 && PyErr_Occurred() != nullptr) return nullptr;
  const double b = PyFloat_AsDouble(PyTuple_GET_ITEM(args, 1));
  if (b == -1.0 && PyErr_Occurred() != nullptr) return nullptr;
  return PyFloat_FromDouble(pair(self).x * a + b);
}
PyType_Slot pair_slots[] = {
    {Py_tp_new, reinterpret_cast<void*>(&pair_new)},        {Py_tp_dealloc, reinterpret_cast<void*>(&counter_dealloc)},
    {Py_nb_add, reinterpret_cast<void*>(&pair_add)},        {Py_nb_inplace_add, reinterpret_cast<void*>(&pair_iadd)},
    {Py_mp_subscript, reinterpret_cast<void*>(&pair_item)}, {Py_mp_length, reinterpret_cast<void*>(&pair_length)},
    {Py_sq_length, reinterpret_cast<void*>(&pair_length)},  {Py_tp_richcompare, reinterpret_cast<void*>(&pair_compare)},
    {Py_tp_hash, reinterpret_cast<void*>(&pair_hash)},      {Py_sq_contains, reinterpret_cast<void*>(&pair_contains)},
    {Py_tp_call, reinterpret_cast<void*>(&pair_call)},      {0, nullptr},
};
PyType_Spec pair_spec{"bench_capi_ext.Pair", sizeof(Pair), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
                      pair_slots};

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
PyType_Spec row_spec{"bench_capi_ext.Row", sizeof(Row), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, row_slots};
PyType_Slot row_iterator_slots[] = {
    {Py_tp_dealloc, reinterpret_cast<void*>(&row_iterator_dealloc)},
    {Py_tp_traverse, reinterpret_cast<void*>(&row_iterator_traverse)},
    {Py_tp_clear, reinterpret_cast<void*>(&row_iterator_clear)},
    {Py_tp_iter, reinterpret_cast<void*>(&PyObject_SelfIter)},
    {Py_tp_iternext, reinterpret_cast<void*>(&row_iterator_next)},
    {0, nullptr},
};
PyType_Spec row_iterator_spec{
    "bench_capi_ext.row_iterator", sizeof(RowIterator), 0,
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
// ------------------------------------------------------------------------------------------------------------

constexpr const char* shape_names[] = {"POINT", "LINE", "TRIANGLE", "SQUARE", "CIRCLE", "SPHERE"};
constexpr std::int64_t shape_count = 6;
PyObject* shapes[shape_count];

PyObject* pass_enum(PyObject*, Args args, Py_ssize_t given) {
  if (!check_count("pass_enum", given, 1)) return nullptr;
  for (std::int64_t i = 0; i < shape_count; ++i) {
    if (args[0] == shapes[i]) return PyLong_FromLong(i);
  }
  PyErr_Format(PyExc_TypeError, "pass_enum() argument 1 must be Shape, not %s", Py_TYPE(args[0])->tp_name);
  return nullptr;
}
PyObject* return_enum(PyObject*, Args args, Py_ssize_t given) {
  std::int64_t number = 0;
  if (!check_count("return_enum", given, 1) || !load_int(args[0], "return_enum", 1, number)) return nullptr;
  if (number >= 0 && number < shape_count) [[likely]]
    return Py_NewRef(shapes[number]);
  PyErr_Format(PyExc_ValueError, "%ld is not a valid Shape", static_cast<long>(number));
  return nullptr;
}

/// `enum.IntEnum("Shape", [("POINT", 0), ...], module="bench_capi_ext")`; all of it is kept for good.
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
  PyObject* keywords = Py_BuildValue("{ss}", "module", "bench_capi_ext");
  PyObject* made = args == nullptr || keywords == nullptr ? nullptr : PyObject_Call(base, args, keywords);
  if (made == nullptr) return -1;
  for (int i = 0; i < shape_count; ++i) {
    shapes[i] = PyObject_GetAttrString(made, shape_names[i]);
    if (shapes[i] == nullptr) return -1;
  }
  return PyModule_AddObjectRef(module, "Shape", made);
}

// --- the module
// ---------------------------------------------------------------------------------------------------------

bool intern(Names& names) {
  for (int i = 0; i < 2; ++i) {
    names.interned[i] = PyUnicode_InternFromString(names.text[i]);
    if (names.interned[i] == nullptr) return false;
  }
  return true;
}

/// The type is kept for good.
int add_counter(PyObject* module, const char* name, PyType_Spec& spec, PyTypeObject*& type) {
  type = reinterpret_cast<PyTypeObject*>(PyType_FromModuleAndSpec(module, &spec, nullptr));
  if (type == nullptr) return -1;
  type->tp_vectorcall = &counter_vectorcall;
  return PyModule_AddObjectRef(module, name, reinterpret_cast<PyObject*>(type));
}

/// The twins of the frozen classes are the same types: there is no flag to leave out.
int fill(PyObject* module) {
  scale_by_default = PyLong_FromLong(2);
  if (scale_by_default == nullptr || !intern(add_named_names) || !intern(scale_names)) return -1;
  return add_counter(module, "Counter", counter_spec, counter_type) < 0 ||
                 add_counter(module, "OpenCounter", open_counter_spec, open_counter_type) < 0 ||
                 PyModule_AddObjectRef(module, "Frozen", reinterpret_cast<PyObject*>(counter_type)) < 0 ||
                 PyModule_AddObjectRef(module, "OpenFrozen", reinterpret_cast<PyObject*>(open_counter_type)) < 0 ||
                 add_operators(module) < 0 || add_shape(module) < 0
             ? -1
             : 0;
}

PyMethodDef functions[] = {
    {"noop", as_cfunction(&noop), METH_FASTCALL, nullptr},
    {"identity", as_cfunction(&identity), METH_FASTCALL, nullptr},
    {"add", as_cfunction(&add), METH_FASTCALL, nullptr},
    {"add_named", as_cfunction(&add_named), METH_FASTCALL | METH_KEYWORDS, nullptr},
    {"scale", as_cfunction(&scale), METH_FASTCALL | METH_KEYWORDS, nullptr},
    {"length", as_cfunction(&length), METH_FASTCALL, nullptr},
    {"mixed", as_cfunction(&mixed), METH_FASTCALL, nullptr},
    {"greet", as_cfunction(&greet), METH_FASTCALL, nullptr},
    {"doubled", as_cfunction(&doubled), METH_FASTCALL, nullptr},
    {"pass_counter", as_cfunction(&pass_counter), METH_FASTCALL, nullptr},
    {"pass_frozen", as_cfunction(&pass_counter), METH_FASTCALL, nullptr},
    {"return_counter", as_cfunction(&return_counter), METH_FASTCALL, nullptr},
    {"return_frozen", as_cfunction(&return_counter), METH_FASTCALL, nullptr},
    {"pass_enum", as_cfunction(&pass_enum), METH_FASTCALL, nullptr},
    {"return_enum", as_cfunction(&return_enum), METH_FASTCALL, nullptr},
    {"reject", &reject, METH_NOARGS, nullptr},
    {"reject_by_throw", &reject, METH_NOARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
PyModuleDef_Slot slots[] = {
    {Py_mod_exec, reinterpret_cast<void*>(&fill)},
    {0, nullptr},
};
PyModuleDef definition{
    PyModuleDef_HEAD_INIT, "bench_capi_ext", nullptr, 0, functions, slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_bench_capi_ext(void) { return PyModuleDef_Init(&definition); }
