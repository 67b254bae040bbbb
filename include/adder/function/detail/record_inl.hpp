// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of record.hpp.
#pragma once
#include "adder/function/detail/record.hpp"

#include <cstddef>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC const char* name_of(const FunctionRecord& record) noexcept {
#if defined(Py_GIL_DISABLED)
  return __atomic_load_n(&record.name, __ATOMIC_ACQUIRE);
#else
  return record.name;
#endif
}

ADDER_FUNC bool is_open([[maybe_unused]] const FunctionRecord& record) noexcept {
#if defined(Py_GIL_DISABLED)
  return record.name == nullptr;
#else
  return true;
#endif
}

ADDER_FUNC void enter(FunctionRecord& record, const FunctionRecord& filled) noexcept {
#if defined(Py_GIL_DISABLED)
  record.def = filled.def;
  record.module_name = filled.module_name;
  record.parameters = filled.parameters;
  record.shape = filled.shape;
  record.is_method = filled.is_method;
  record.is_operand = filled.is_operand;
  record.is_setter = filled.is_setter;
  __atomic_store_n(&record.name, filled.name, __ATOMIC_RELEASE);
#else
  record = filled;
#endif
}

// Compiled for speed, unlike those who call it.
ADDER_NOINLINE ADDER_FUNC const char* keep_text(std::string_view text, std::string_view more) {
  char* copy = new char[text.size() + more.size() + 1];
  text.copy(copy, text.size());
  more.copy(copy + text.size(), more.size());
  copy[text.size() + more.size()] = '\0';
  return copy;
}

/// Whether `inspect` can read the default's repr back: a constant of Python's grammar, or a container of such.
/// @param before_slash  Whether parameters follow that are not positional-only. Up to Python 3.11, inspect takes every
///                      comma for the end of a parameter when it looks for the `/`, and drops the one of `(1,)`.
ADDER_FUNC bool is_shown(::PyObject* value, [[maybe_unused]] bool before_slash, int depth) noexcept {
  if (depth > 8) return false;
  if (PyFloat_CheckExact(value)) {
    const double number = PyFloat_AS_DOUBLE(value);
    return number - number == 0;  // Neither infinite nor NaN.
  }
  const bool is_list = PyList_CheckExact(value);
  if (is_list || PyTuple_CheckExact(value)) {
    const Py_ssize_t size = is_list ? PyList_GET_SIZE(value) : PyTuple_GET_SIZE(value);
#if PY_VERSION_HEX < 0x030C0000
    if ((size == 1 && !is_list) || (size > 1 && before_slash)) return false;
#endif
    for (Py_ssize_t i = 0; i < size; ++i) {
#if defined(Py_GIL_DISABLED)
      ::PyObject* item = is_list ? PyList_GetItemRef(value, i) : Py_NewRef(PyTuple_GET_ITEM(value, i));
      if (item == nullptr) PyErr_Clear();  // The list has become shorter.
      const bool shown = item != nullptr && is_shown(item, before_slash, depth + 1);
      Py_XDECREF(item);
#else
      ::PyObject* item = is_list ? PyList_GET_ITEM(value, i) : PyTuple_GET_ITEM(value, i);
      const bool shown = is_shown(item, before_slash, depth + 1);
#endif
      if (!shown) return false;
    }
    return true;
  }
  return value == Py_None || PyBool_Check(value) || PyLong_CheckExact(value) || PyUnicode_CheckExact(value) ||
         PyBytes_CheckExact(value);
}

ADDER_FUNC void append_parameter(TextBuilder& text, const Parameter& parameter, bool before_slash) {
  text.append(parameter.name);
  if (parameter.default_value == nullptr) return;
  if (!is_shown(parameter.default_value, before_slash, 0)) {
    text.append("=...");
    return;
  }
  const OwnedPtr shown(Steal(), non_null(PyObject_ASCII(parameter.default_value)), {});
  const char* constant = PyUnicode_AsUTF8(shown.as_ptr());
  if (constant == nullptr) PyErr_Clear();
  text.append("=").append(constant == nullptr ? "..." : constant);
}

ADDER_FUNC void append_signature(TextBuilder& text, const FunctionRecord& record, std::string_view python_name,
                                 const char* receiver, const char* doc) {
  const Shape& shape = record.shape;
  text.append(python_name).append("(");
  const std::size_t begin = text.size();
  const auto next = [&]() -> TextBuilder& { return text.size() == begin ? text : text.append(", "); };
  if (receiver != nullptr) {
    text.append(receiver);
    if (shape.positional_only == 0) text.append(", /");
  }
  for (unsigned i = 0; i < shape.count; ++i) {
    if (i == shape.positional) next().append(shape.var_args ? "*args" : "*");
    append_parameter(next(), record.parameters[i],
                     i < shape.positional_only && shape.positional_only < shape.positional);
    if (i + 1U == shape.positional_only) text.append(", /");
  }
  if (shape.var_args && shape.count == shape.positional) next().append("*args");
  if (shape.var_keywords) next().append("**kwargs");
  text.append(")\n--\n\n");
  if (doc != nullptr) text.append(doc);
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
