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

ADDER_FUNC TextBuilder& append_argument(TextBuilder& text, const FunctionRecord& record, unsigned index) {
  text.append(record.name);
  if (record.is_setter) return text;
  text.append("() argument ");
  if (!record.shape.named) return text.append_number(index + 1);
  return text.append("'").append(record.parameters[index].name).append("'");
}

/// Whether `inspect` can read the default's repr back: a constant of Python's grammar, or a container of such.
/// @param before_slash  Whether parameters follow that are not positional-only. Up to Python 3.11, inspect takes every
///                      comma for the end of a parameter when it looks for the `/`, and drops the one of `(1,)`.
ADDER_FUNC bool is_shown(::PyObject* value, [[maybe_unused]] bool before_slash, int depth) {
  if (depth > 8) return false;
  if (PyFloat_CheckExact(value)) {
    const double number = PyFloat_AS_DOUBLE(value);
    return number - number == 0;  // Neither infinite nor NaN.
  }
  const bool is_dict = PyDict_CheckExact(value), is_tuple = PyTuple_CheckExact(value);
  if (is_dict || is_tuple || PyList_CheckExact(value) || PySet_CheckExact(value)) {
    // A tuple of their own: without a GIL somebody else may change them.
    ::PyObject* pairs = is_dict ? non_null(PyDict_Items(value)) : Py_NewRef(value);
    const Bound<PyAny> source = steal(pairs);
    const Bound<PyAny> items = steal(non_null(guard_rare_unwind(PySequence_Tuple, pairs)));
    const Py_ssize_t size = PyTuple_GET_SIZE(items.as_ptr());
    if (size == 0 && PySet_CheckExact(value)) return false;  // "set()" is a call.
#if PY_VERSION_HEX < 0x030C0000
    if ((size == 1 && is_tuple) || (size > 1 && before_slash)) return false;
#endif
    for (Py_ssize_t i = 0; i < size; ++i) {
      ::PyObject* item = PyTuple_GET_ITEM(items.as_ptr(), i);
      const bool shown = is_dict ? is_shown(PyTuple_GET_ITEM(item, 0), before_slash, depth + 1) &&
                                       is_shown(PyTuple_GET_ITEM(item, 1), before_slash, depth + 1)
                                 : is_shown(item, before_slash, depth + 1);
      if (!shown) return false;
    }
    return true;
  }
  return value == Py_None || PyBool_Check(value) || PyLong_CheckExact(value) || PyUnicode_CheckExact(value) ||
         PyBytes_CheckExact(value);
}

/// The member of an enum, as `append_member_text` has it.
ADDER_FUNC bool append_member(TextBuilder& text, ::PyObject* value, const char* module) {
  const AppendMember append = append_member_text.load(Order::acquire);
  return append != nullptr && append(text, value, module);
}

/// The default of a parameter as it is shown; borrowed.
ADDER_FUNC ::PyObject* default_to_show(const Parameter& parameter) {
  const ShownDefault of_fields = shown_default.load(Order::acquire);
  ::PyObject* value = parameter.default_value;
  return of_fields == nullptr || value == nullptr ? value : of_fields(value);
}

ADDER_FUNC void append_parameter(TextBuilder& text, const Parameter& parameter, bool before_slash, const char* module) {
  text.append(parameter.name);
  ::PyObject* value = default_to_show(parameter);
  if (value == nullptr) return;
  text.append("=");
  if (!is_shown(value, before_slash, 0)) {
    if (!append_member(text, value, module)) text.append("...");
    return;
  }
  const OwnedPtr shown(Steal(), non_null(PyObject_ASCII(value)), {});
  const char* constant = PyUnicode_AsUTF8(shown.as_ptr());
  if (constant == nullptr) PyErr_Clear();
  text.append(constant == nullptr ? "..." : constant);
}

ADDER_FUNC bool append_readable(TextBuilder& text, ::PyObject* default_value) {
  if (default_value == Py_Ellipsis) return false;  // A Given<T>, mostly; see given.hpp.
  if (append_member(text, default_value, nullptr)) return true;
  const OwnedPtr shown(Steal(), guard_unwind(PyObject_Repr, default_value), {});
  const char* readable = shown.as_ptr() == nullptr ? nullptr : PyUnicode_AsUTF8(shown.as_ptr());
  if (readable == nullptr) {
    if (PyErr_ExceptionMatches(PyExc_Exception) == 0) throw_fetched();  // Such as KeyboardInterrupt.
    PyErr_Clear();
    return false;
  }
  const std::string_view words = readable;
  const auto has = [words](std::string_view part) { return words.find(part) != std::string_view::npos; };
  if (words.size() > 200 || has("\n") || has(" at 0x")) return false;
  text.append(words);
  return true;
}

/// Whether it is positional-only, and others are not that follow.
ADDER_FUNC bool is_before_slash(const Shape& shape, unsigned index) noexcept {
  return index < shape.positional_only && shape.positional_only < shape.positional;
}

/// "Defaults: origin=Point(0, 0)": those that `inspect` cannot read, and a person can.
ADDER_FUNC void append_defaults(TextBuilder& text, const FunctionRecord& record, const char* doc, const char* module) {
  bool is_first = true;
  for (unsigned i = 0; i < record.shape.count; ++i) {
    ::PyObject* value = default_to_show(record.parameters[i]);
    if (value == nullptr || is_shown(value, is_before_slash(record.shape, i), 0)) continue;
    TextBuilder shown;
    if (append_member(shown, value, module) || !append_readable(shown, value)) continue;
    text.append(!is_first        ? ", "
                : doc == nullptr ? "Defaults: "
                                 : "\n\nDefaults: ")
        .append(record.parameters[i].name)
        .append("=")
        .append(shown.view());
    is_first = false;
  }
}

ADDER_FUNC void append_signature(TextBuilder& text, const FunctionRecord& record, std::string_view python_name,
                                 const char* receiver, const char* doc, const char* module) {
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
    append_parameter(next(), record.parameters[i], is_before_slash(shape, i), module);
    if (i + 1U == shape.positional_only) text.append(", /");
  }
  if (shape.var_args && shape.count == shape.positional) next().append("*args");
  if (shape.var_keywords) next().append("**kwargs");
  text.append(")\n--\n\n");
  if (doc != nullptr) text.append(doc);
  append_defaults(text, record, doc, module);
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
