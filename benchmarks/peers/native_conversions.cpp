// SPDX-License-Identifier: MIT
// The way of values from Python to C++ and back, and of errors from C++ to Python.
#include "native.hpp"

#include "adder/stl/span.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/unordered_map.hpp"
#include "adder/stl/vector.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

using namespace bench;

using Ints = std::vector<std::int64_t>;
using Counts = std::unordered_map<std::string, std::int64_t>;
using Octets = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::byte>;

static constexpr std::size_t items = 1000;
static constexpr std::size_t entries = 100;
static constexpr std::size_t megabytes = 10'000'000;
static constexpr const char* message = "the value is out of range";

template <class Int>
static std::vector<Int> ints() {
  std::vector<Int> all(items);
  std::iota(all.begin(), all.end(), Int{0});
  return all;
}
template <class Int>
static std::unordered_map<std::string, Int> counts() {
  std::unordered_map<std::string, Int> all;
  for (std::size_t i = 0; i < entries; ++i) all.emplace("key" + std::to_string(i), static_cast<Int>(i));
  return all;
}

// --- The twins: each as C code has to write it -----------------------------------------------------------------------
// They return false or null with an exception pending. Small ints are read in place, references are taken only where
// Python code may run, and where it has run sizes are looked at again. Their containers are of long long: of the same
// type as adder's they would share functions, which the compiler then inlines on neither side.

using IntsCapi = std::vector<long long>;
using CountsCapi = std::unordered_map<std::string, long long>;

ADDER_INLINE static bool small_int_capi(PyObject* object, long long& value) {
  if (!PyLong_CheckExact(object)) return false;
#if PY_VERSION_HEX >= 0x030C0000
  auto* number = reinterpret_cast<PyLongObject*>(object);
  if (!PyUnstable_Long_IsCompact(number)) return false;
  value = PyUnstable_Long_CompactValue(number);
#else
  const Py_ssize_t size = Py_SIZE(object);
  if (size < -1 || size > 1) return false;
  value = size * static_cast<long long>(reinterpret_cast<PyLongObject*>(object)->ob_digit[0]);
#endif
  return true;
}
/// Any other int; calls `__index__`.
ADDER_INLINE static bool other_int_capi(PyObject* object, long long& value) {
  value = PyLong_AsLongLong(object);
  return value != -1 || PyErr_Occurred() == nullptr;
}
ADDER_INLINE static bool int_capi(PyObject* object, long long& value) {
  return small_int_capi(object, value) || other_int_capi(object, value);
}
ADDER_INLINE static bool float_capi(PyObject* object, double& value) {
  if (PyFloat_CheckExact(object)) {
    value = PyFloat_AS_DOUBLE(object);
    return true;
  }
  value = PyFloat_AsDouble(object);
  return value != -1.0 || PyErr_Occurred() == nullptr;
}
static bool mismatch_capi(const char* expected, PyObject* object) {
  PyErr_Format(PyExc_TypeError, "expected %s, got %.200s", expected, Py_TYPE(object)->tp_name);
  return false;
}
ADDER_INLINE static bool bool_capi(PyObject* object, bool& value) {
  value = object == Py_True;
  return value || object == Py_False || mismatch_capi("bool", object);
}
ADDER_INLINE static bool view_capi(PyObject* object, std::string_view& value) {
  if (!PyUnicode_Check(object)) return mismatch_capi("str", object);
  Py_ssize_t size = 0;
  const char* text = PyUnicode_AsUTF8AndSize(object, &size);
  if (text == nullptr) return false;
  value = {text, static_cast<std::size_t>(size)};
  return true;
}
static bool string_capi(PyObject* object, std::string& value) {
  std::string_view view;
  if (!view_capi(object, view)) return false;
  value = view;
  return true;
}
static bool ints_capi(PyObject* object, IntsCapi& value) {
  if (!PyList_Check(object)) return mismatch_capi("list", object);
  value.reserve(static_cast<std::size_t>(PyList_GET_SIZE(object)));
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(object); ++i) {
    PyObject* item = PyList_GET_ITEM(object, i);
    long long number = 0;
    if (!small_int_capi(item, number)) {
      Py_INCREF(item);
      const bool is_int = PyIndex_Check(item) != 0;
      if (!is_int) {
        PyErr_Format(PyExc_TypeError, "[%zd]: expected int, got %.200s", i, Py_TYPE(item)->tp_name);
      }
      const bool loaded = is_int && other_int_capi(item, number);
      Py_DECREF(item);
      if (!loaded) return false;
    }
    value.push_back(number);
  }
  return true;
}
static PyObject* list_capi(const IntsCapi& value) {
  PyObject* list = PyList_New(static_cast<Py_ssize_t>(value.size()));
  if (list == nullptr) return nullptr;
  Py_ssize_t at = 0;
  for (const long long number : value) {
    PyObject* item = PyLong_FromLongLong(number);
    if (item == nullptr) {
      Py_DECREF(list);
      return nullptr;
    }
    PyList_SET_ITEM(list, at++, item);
  }
  return list;
}
/// An int that is no small one, or no int.
static bool other_count_capi(PyObject* key, PyObject* item, long long& number) {
  Py_INCREF(key);
  Py_INCREF(item);
  const bool is_int = PyIndex_Check(item) != 0;
  if (!is_int) PyErr_Format(PyExc_TypeError, "[%R]: expected int, got %.200s", key, Py_TYPE(item)->tp_name);
  const bool loaded = is_int && other_int_capi(item, number);
  Py_DECREF(key);
  Py_DECREF(item);
  return loaded;
}
static bool counts_capi(PyObject* object, CountsCapi& value) {
  if (!PyDict_Check(object)) return mismatch_capi("dict", object);
  const Py_ssize_t size = PyDict_GET_SIZE(object);
  value.reserve(static_cast<std::size_t>(size));
  Py_ssize_t position = 0;
  PyObject *key = nullptr, *item = nullptr;
  while (PyDict_Next(object, &position, &key, &item) != 0) {
    std::string_view name;
    if (!view_capi(key, name)) return false;
    long long number = 0;
    if (small_int_capi(item, number)) {
      value.emplace(name, number);
      continue;
    }
    std::string copy(name);
    if (!other_count_capi(key, item, number)) return false;
    value.emplace(std::move(copy), number);
    if (PyDict_GET_SIZE(object) != size) {
      PyErr_SetString(PyExc_RuntimeError, "dictionary changed size during iteration");
      return false;
    }
  }
  return true;
}
static PyObject* dict_capi(const CountsCapi& value) {
  PyObject* dict = PyDict_New();
  if (dict == nullptr) return nullptr;
  for (const auto& [name, number] : value) {
    PyObject* key = PyUnicode_FromStringAndSize(name.data(), static_cast<Py_ssize_t>(name.size()));
    PyObject* item = key == nullptr ? nullptr : PyLong_FromLongLong(number);
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
static bool octets_capi(PyObject* object, Octets& value) {
  Py_buffer view;
  if (PyObject_GetBuffer(object, &view, PyBUF_SIMPLE) < 0) return false;
  const auto* begin = static_cast<const std::uint8_t*>(view.buf);
  value.assign(begin, begin + view.len);
  PyBuffer_Release(&view);
  return true;
}
ADDER_INLINE static bool span_capi(PyObject* object, ByteSpan& value) {
  if (!PyBytes_Check(object)) return mismatch_capi("bytes", object);
  value = {reinterpret_cast<const std::byte*>(PyBytes_AS_STRING(object)),
           static_cast<std::size_t>(PyBytes_GET_SIZE(object))};
  return true;
}
static PyObject* bytes_capi(const void* data, std::size_t size) {
  return PyBytes_FromStringAndSize(static_cast<const char*>(data), static_cast<Py_ssize_t>(size));
}

/// Converts, looks at the outcome, drops it.
template <class T, auto Load>
ADDER_INLINE static void extract_capi(PyObject* object) {
  T value{};
  if (Load(object, value)) return keep(value);
  PyErr_Clear();
}
ADDER_INLINE static void finish_capi(PyObject* object) {
  if (object == nullptr) return PyErr_Clear();
  keep(object);
  Py_DECREF(object);
}

// --- Raising: what the entry point of a bound function does, and the interpreter's look at the outcome --------------

ADDER_NOINLINE static PyResult<std::int64_t> returns_error() { return PyValueError::new_err(message); }
ADDER_NOINLINE static std::int64_t throws_error() { throw PyValueError::new_err(message); }
ADDER_NOINLINE static std::int64_t throws_standard() { throw std::invalid_argument(message); }
template <auto Function>
ADDER_NOINLINE static PyObject* enter() noexcept {
  try {
    return detail::return_to_python(Function());
  } catch (...) {
    detail::translate_current_exception();
    return nullptr;
  }
}
ADDER_NOINLINE static PyObject* fails_capi() {
  PyErr_SetString(PyExc_ValueError, message);
  return nullptr;
}
/// C++ code that throws, called by a function written by hand.
ADDER_NOINLINE static PyObject* catches_capi() noexcept {
  try {
    return PyLong_FromLongLong(throws_standard());
  } catch (const std::invalid_argument& error) {
    PyErr_SetString(PyExc_ValueError, error.what());
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return nullptr;
}

template <class T, class Object>
ADDER_INLINE static void try_extract(const Object& object) {
  const auto result = object.template try_extract<T>();
  keep(result.is_ok());
}

// clang-format off
BENCH(extract_int_ok)               { auto o = py.eval("42"); REPEAT(keep(o.extract<std::int64_t>())); }
BENCH(extract_int_ok_capi)          { auto o = py.eval("42"); REPEAT(extract_capi<long long, int_capi>(o.as_ptr())); }
BENCH(extract_int_wide)             { auto o = py.eval("1 << 60"); REPEAT(keep(o.extract<std::int64_t>())); }
BENCH(extract_int_wide_capi)        { auto o = py.eval("1 << 60"); REPEAT(extract_capi<long long, int_capi>(o.as_ptr())); }
BENCH(extract_float_ok)             { auto o = py.eval("0.5"); REPEAT(keep(o.extract<double>())); }
BENCH(extract_float_ok_capi)        { auto o = py.eval("0.5"); REPEAT(extract_capi<double, float_capi>(o.as_ptr())); }
BENCH(extract_bool_ok)              { auto o = py.eval("True"); REPEAT(keep(o.extract<bool>())); }
BENCH(extract_bool_ok_capi)         { auto o = py.eval("True"); REPEAT(extract_capi<bool, bool_capi>(o.as_ptr())); }
BENCH(extract_view_ok)              { auto o = py.eval("'a text of some length'"); REPEAT(keep(o.extract<std::string_view>())); }
BENCH(extract_view_ok_capi)         { auto o = py.eval("'a text of some length'"); REPEAT(extract_capi<std::string_view, view_capi>(o.as_ptr())); }
BENCH(extract_string_ok)            { auto o = py.eval("'a text of some length'"); REPEAT(keep(o.extract<std::string>())); }
BENCH(extract_string_ok_capi)       { auto o = py.eval("'a text of some length'"); REPEAT(extract_capi<std::string, string_capi>(o.as_ptr())); }

BENCH(extract_int_wrong_type)       { auto o = py.eval("'x'"); REPEAT(try_extract<std::int64_t>(o)); }
BENCH(extract_int_wrong_type_capi)  { auto o = py.eval("'x'"); REPEAT(extract_capi<long long, int_capi>(o.as_ptr())); }
BENCH(extract_float_wrong_type)     { auto o = py.eval("'x'"); REPEAT(try_extract<double>(o)); }
BENCH(extract_float_wrong_type_capi) { auto o = py.eval("'x'"); REPEAT(extract_capi<double, float_capi>(o.as_ptr())); }
BENCH(extract_bool_wrong_type)      { auto o = py.eval("'x'"); REPEAT(try_extract<bool>(o)); }
BENCH(extract_bool_wrong_type_capi) { auto o = py.eval("'x'"); REPEAT(extract_capi<bool, bool_capi>(o.as_ptr())); }
BENCH(extract_view_wrong_type)      { auto o = py.eval("42"); REPEAT(try_extract<std::string_view>(o)); }
BENCH(extract_view_wrong_type_capi) { auto o = py.eval("42"); REPEAT(extract_capi<std::string_view, view_capi>(o.as_ptr())); }

BENCH(extract_list_1000)            { auto o = py.eval("list(range(1000))"); REPEAT(keep(o.extract<Ints>())); }
BENCH(extract_list_1000_capi)       { auto o = py.eval("list(range(1000))"); REPEAT(extract_capi<IntsCapi, ints_capi>(o.as_ptr())); }
BENCH(extract_list_wrong_item)      { auto o = py.eval("[*range(999), 'x']"); REPEAT(try_extract<Ints>(o)); }
BENCH(extract_list_wrong_item_capi) { auto o = py.eval("[*range(999), 'x']"); REPEAT(extract_capi<IntsCapi, ints_capi>(o.as_ptr())); }
BENCH(into_list_1000)               { auto v = ints<std::int64_t>(); REPEAT(keep(into_py(py, v).value().as_ptr())); }
BENCH(into_list_1000_capi)          { auto v = ints<long long>(); REPEAT(finish_capi(list_capi(v))); }

BENCH(extract_dict_100)             { auto o = py.eval("{f'key{i}': i for i in range(100)}"); REPEAT(keep(o.extract<Counts>())); }
BENCH(extract_dict_100_capi)        { auto o = py.eval("{f'key{i}': i for i in range(100)}"); REPEAT(extract_capi<CountsCapi, counts_capi>(o.as_ptr())); }
BENCH(extract_dict_wrong_item)      { auto o = py.eval("{f'key{i}': i if i < 99 else 'x' for i in range(100)}"); REPEAT(try_extract<Counts>(o)); }
BENCH(extract_dict_wrong_item_capi) { auto o = py.eval("{f'key{i}': i if i < 99 else 'x' for i in range(100)}"); REPEAT(extract_capi<CountsCapi, counts_capi>(o.as_ptr())); }
BENCH(into_dict_100)                { auto v = counts<std::int64_t>(); REPEAT(keep(into_py(py, v).value().as_ptr())); }
BENCH(into_dict_100_capi)           { auto v = counts<long long>(); REPEAT(finish_capi(dict_capi(v))); }

BENCH(extract_bytes_10mb)           { auto o = py.eval("bytes(10_000_000)"); REPEAT(keep(o.extract<Octets>())); }
BENCH(extract_bytes_10mb_capi)      { auto o = py.eval("bytes(10_000_000)"); REPEAT(extract_capi<Octets, octets_capi>(o.as_ptr())); }
BENCH(extract_span_ok)              { auto o = py.eval("bytes(10_000_000)"); REPEAT(keep(o.extract<ByteSpan>())); }
BENCH(extract_span_ok_capi)         { auto o = py.eval("bytes(10_000_000)"); REPEAT(extract_capi<ByteSpan, span_capi>(o.as_ptr())); }
BENCH(into_bytes_10mb)              { Octets v(megabytes); REPEAT(keep(into_py(py, v).value().as_ptr())); }
BENCH(into_bytes_10mb_capi)         { Octets v(megabytes); REPEAT(finish_capi(bytes_capi(v.data(), v.size()))); }
BENCH(into_bytes_span_10mb)         { Octets v(megabytes); const auto s = std::as_bytes(std::span(v)); REPEAT(keep(into_py(py, s).value().as_ptr())); }
BENCH(into_bytes_span_10mb_capi)    { Octets v(megabytes); const auto s = std::as_bytes(std::span(v)); REPEAT(finish_capi(bytes_capi(s.data(), s.size()))); }

BENCH(raise_by_value)               { REPEAT(keep(enter<returns_error>()); PyErr_Clear()); }
BENCH(raise_by_value_capi)          { REPEAT(keep(fails_capi()); PyErr_Clear()); }
BENCH(raise_by_throw)               { REPEAT(keep(enter<throws_error>()); PyErr_Clear()); }
BENCH(raise_by_throw_capi)          { REPEAT(keep(catches_capi()); PyErr_Clear()); }
BENCH(raise_standard)               { REPEAT(keep(enter<throws_standard>()); PyErr_Clear()); }
BENCH(raise_standard_capi)          { REPEAT(keep(catches_capi()); PyErr_Clear()); }
// clang-format on
