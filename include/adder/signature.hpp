// SPDX-License-Identifier: MIT
/// @file
/// @brief What Python sees of a bound function's parameters: names, defaults, text signature.
#pragma once
#include "adder/call.hpp"
#include "adder/exceptions.hpp"

namespace adder::inline ADDER_ABI {

namespace detail {
template <class T>
struct ArgumentWithDefault {
  const char* name;
  T value;
};
}  // namespace detail

/// @brief Names a parameter of a bound function: `arg("start")`, with a default `arg("start") = 0`.
///
/// Name all parameters of a function or none; without names they are positional-only.
struct arg {  // NOLINT(readability-identifier-naming): reads like a signature
  constexpr explicit arg(const char* python_name) noexcept : name(python_name) {}
  /// @brief Gives the parameter a default. It is converted to Python once, when the function is bound.
  template <class T>
  constexpr detail::ArgumentWithDefault<std::decay_t<T>> operator=(T&& value) && {  // NOLINT: a default
    return {name, std::forward<T>(value)};
  }
  const char* name;
};

namespace detail {

/// One parameter, as the keyword path sees it. All references are kept for good.
struct Parameter {
  const char* name = nullptr;
  ::PyObject* interned = nullptr;
  ::PyObject* default_value = nullptr;
};

/// What is known of one bound function. Static, or for the life of the interpreter.
struct FunctionRecord {
  PyMethodDef def{};
  const char* name = nullptr;  ///< "count", "Counter.add": for messages.
  Parameter* parameters = nullptr;
  unsigned char count = 0;     ///< Parameters that Python sees, `self` not among them.
  unsigned char required = 0;  ///< Of these, the ones without a default: they come first.
  bool named = false;          ///< Can be passed by keyword.
  bool is_method = false;      ///< Python counts `self` among the positional arguments.
};

/// Text that has to live as long as the type or function it describes: for good.
inline const char* keep_text(std::string_view text) {
  char* copy = new char[text.size() + 1];
  text.copy(copy, text.size());
  copy[text.size()] = '\0';
  return copy;
}

/// Whether `inspect` can read the default's repr back: a constant of Python's grammar, or a container of such.
inline bool is_shown(::PyObject* value, int depth = 0) noexcept {
  if (depth > 8) return false;
  if (PyFloat_CheckExact(value)) {
    const double number = PyFloat_AS_DOUBLE(value);
    return number - number == 0;  // Neither infinite nor NaN.
  }
  const bool is_list = PyList_CheckExact(value);
  if (is_list || PyTuple_CheckExact(value)) {
    const Py_ssize_t size = is_list ? PyList_GET_SIZE(value) : PyTuple_GET_SIZE(value);
    for (Py_ssize_t i = 0; i < size; ++i) {
      if (!is_shown(is_list ? PyList_GET_ITEM(value, i) : PyTuple_GET_ITEM(value, i), depth + 1)) return false;
    }
    return true;
  }
  return value == Py_None || PyBool_Check(value) || PyLong_CheckExact(value) || PyUnicode_CheckExact(value) ||
         PyBytes_CheckExact(value);
}

/// `by=1`; a default that is no constant is shown as `...`.
inline std::string parameter_text(const Parameter& parameter) {
  std::string text = parameter.name;
  if (parameter.default_value == nullptr) return text;
  if (!is_shown(parameter.default_value)) return text += "=...";
  ::PyObject* shown = non_null(PyObject_ASCII(parameter.default_value));
  const char* constant = PyUnicode_AsUTF8(shown);
  text.append("=").append(constant == nullptr ? "..." : constant);
  if (constant == nullptr) PyErr_Clear();
  Py_DECREF(shown);
  return text;
}

/// "name($self, /, by=1)\n--\n\ndoc": what `inspect.signature` and `help` read.
inline std::string text_signature(const FunctionRecord& record, std::string_view python_name, const char* receiver,
                                  const char* doc) {
  std::string text(python_name);
  text += "(";
  const char* separator = "";
  if (receiver != nullptr) {
    text.append(receiver);
    separator = ", ";
    if (record.named || record.count == 0) text.append(", /");
  }
  for (unsigned i = 0; i < record.count; ++i) {
    text.append(separator);
    if (record.named) {
      text += parameter_text(record.parameters[i]);
    } else {
      text.append("arg").append(std::to_string(i));
    }
    separator = ", ";
  }
  if (!record.named && record.count != 0) text.append(", /");
  text.append(")\n--\n\n");
  if (doc != nullptr) text.append(doc);
  return text;
}

// --- Filling a record ------------------------------------------------------------------------------------------------

struct RecordBuilder {
  FunctionRecord& record;
  const char* doc = nullptr;
  unsigned at = 0;

  void add(const char* text) { doc = text; }
  void add(const arg& argument) { add_parameter(argument.name, nullptr); }
  template <class T>
  void add(const ArgumentWithDefault<T>& argument) {
    add_parameter(argument.name, non_null(into_ptr_or_pending(argument.value)));
  }
  void add_parameter(const char* name, ::PyObject* default_value) {
    Parameter& parameter = record.parameters[at++];
    for (unsigned i = 0; i + 1 < at; ++i) {
      if (std::string_view(record.parameters[i].name) == name) {
        throw PyErr::Access::lazy(PyExc_SystemError,
                                  std::string(record.name) + "(): two parameters are called '" + name + "'");
      }
    }
    parameter.name = keep_text(name);
    parameter.default_value = default_value;
    parameter.interned = non_null(PyUnicode_InternFromString(name));
    record.named = true;
    if (default_value == nullptr) {
      if (record.required != at - 1) {
        throw PyErr::Access::lazy(PyExc_SystemError, std::string(record.name) + "(): the parameter '" + name +
                                                         "' without a default follows one with a default");
      }
      record.required = static_cast<unsigned char>(at);
    }
  }
};

template <class T>
inline constexpr bool is_parameter =
    std::is_same_v<std::remove_cvref_t<T>, arg> || is_specialization<std::remove_cvref_t<T>, ArgumentWithDefault>;

template <class... Extra>
inline constexpr std::size_t parameter_count = (std::size_t{0} + ... + (is_parameter<Extra> ? 1 : 0));

/// Checks what was written after the name in `def`.
template <std::size_t Arity, class... Extra>
constexpr void check_extras() {
  static_assert(Arity < 256, "adder: a bound function takes at most 255 arguments");
  static_assert(parameter_count<Extra...> == 0 || parameter_count<Extra...> == Arity,
                "adder: name every parameter of the function with arg(...), or none. Python and the receiver of a "
                "method are not among them");
  static_assert(((is_parameter<Extra> || std::is_convertible_v<Extra, const char*>)&&...),
                "adder: after the name def takes arg(...), arg(...) = default, and one docstring");
}

/// Fills @p record; leaves it as it was where something throws.
/// @param def        How the function is called: flags and entry point.
/// @param qualifier  "Counter." for a method, else "".
/// @param receiver   "$module", "$self" or null, as the text signature wants it.
template <class... Extra>
void fill_record(FunctionRecord& record, const PyMethodDef& def, Parameter* parameters, std::size_t count,
                 const char* name, std::string_view qualifier, const char* receiver, const Extra&... extra) {
  FunctionRecord filled;
  filled.def = def;
  filled.is_method = record.is_method;
  filled.name = keep_text(std::string(qualifier) + name);
  filled.parameters = parameters;
  filled.count = static_cast<unsigned char>(count);
  RecordBuilder builder{filled};
  (builder.add(extra), ...);
  if (!filled.named) filled.required = filled.count;
  filled.def.ml_name = keep_text(name);
  filled.def.ml_doc = keep_text(text_signature(filled, name, receiver, builder.doc));
  record = filled;
}

}  // namespace detail
}  // namespace adder::inline ADDER_ABI
