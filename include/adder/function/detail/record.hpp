// SPDX-License-Identifier: MIT
/// @file
/// @brief What is known of a bound function once it is described, how that is entered, and the text that Python shows.
#pragma once
#include "adder/call/call.hpp"
#include "adder/exception/translate.hpp"

namespace adder::inline ADDER_ABI::detail {

/// One parameter, as the keyword path sees it. All references are kept for good.
struct Parameter {
  const char* name = nullptr;
  ::PyObject* interned = nullptr;
  ::PyObject* default_value = nullptr;
};

/// How many parameters of which kind, `self` not among them: `def f(a, /, b, *args, c, **kwargs)`.
struct Shape {
  unsigned char count = 0;            ///< a, b, c
  unsigned char positional = 0;       ///< a, b
  unsigned char positional_only = 0;  ///< a
  bool named = false;                 ///< Else they are known by their place.
  bool var_args = false;
  bool var_keywords = false;
  bool module = false;      ///< Wants to know its module.
  bool this_class = false;  ///< Wants to know the class that it was called on.
};

/// Of parameters without names.
template <std::size_t Count>
inline constexpr Shape plain_shape{Count, Count, Count, false, false, false, false, false};

/// What is known of one bound function. Static, or for the life of the function.
struct FunctionRecord {
  PyMethodDef def{};
  const char* name = nullptr;         ///< "count", "Counter.add": for messages.
  ::PyObject* module_name = nullptr;  ///< Interned; of functions of modules.
  Parameter* parameters = nullptr;
  Shape shape;
  bool is_method = false;  ///< Python counts `self` among the positional arguments.
  bool is_setter = false;  ///< Then `name` says it all: "attribute 'x' of 'Counter' objects".
};

#if defined(Py_GIL_DISABLED)
ADDER_HIDDEN inline constinit Atomic<bool> records_locked{false};
#endif
/// While a thread enters what is known of a function: without a GIL another one may be about to describe it as well.
/// Plain memory is written meanwhile and nothing else done: who waits here is attached, and would keep CPython from
/// stopping all threads.
class RecordsLock {
 public:
#if defined(Py_GIL_DISABLED)
  RecordsLock() noexcept {
    while (records_locked.exchange(true, Order::acquire)) {
    }
  }
  ~RecordsLock() { records_locked.store(false, Order::release); }
#else
  RecordsLock() noexcept {}  // NOLINT(modernize-use-equals-default): const objects want one of their own
#endif
  RecordsLock(const RecordsLock&) = delete;
  RecordsLock& operator=(const RecordsLock&) = delete;
};
/// The name in a record; null while nothing is known of the function. Where it is not, all else is there, too.
inline const char* name_of(const FunctionRecord& record) noexcept {
#if defined(Py_GIL_DISABLED)
  return __atomic_load_n(&record.name, __ATOMIC_ACQUIRE);
#else
  return record.name;
#endif
}
/// With the lock: whether a description is to be entered. Without a GIL the first one stays, as other threads may be
/// reading it.
inline bool is_open([[maybe_unused]] const FunctionRecord& record) noexcept {
#if defined(Py_GIL_DISABLED)
  return record.name == nullptr;
#else
  return true;
#endif
}
/// With the lock, of an open record: enters a description, last of all its name.
inline void enter(FunctionRecord& record, const FunctionRecord& filled) noexcept {
#if defined(Py_GIL_DISABLED)
  record.def = filled.def;
  record.module_name = filled.module_name;
  record.parameters = filled.parameters;
  record.shape = filled.shape;
  record.is_method = filled.is_method;
  record.is_setter = filled.is_setter;
  __atomic_store_n(&record.name, filled.name, __ATOMIC_RELEASE);
#else
  record = filled;
#endif
}

/// A record and its parameters: what is static about one bound callable.
template <std::size_t Count>
struct RecordStorage {
  FunctionRecord record;
  Parameter parameters[Count == 0 ? 1 : Count];
};

/// Text that has to live as long as the type or function it describes: for good.
inline const char* keep_text(std::string_view text) {
  char* copy = new char[text.size() + 1];
  text.copy(copy, text.size());
  copy[text.size()] = '\0';
  return copy;
}

/// Whether `inspect` can read the default's repr back: a constant of Python's grammar, or a container of such.
/// @param before_slash  Whether parameters follow that are not positional-only. Up to Python 3.11, inspect takes every
///                      comma for the end of a parameter when it looks for the `/`, and drops the one of `(1,)`.
inline bool is_shown(::PyObject* value, [[maybe_unused]] bool before_slash, int depth = 0) noexcept {
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

/// `by=1`; a default that is no constant is shown as `...`.
inline std::string parameter_text(const Parameter& parameter, bool before_slash) {
  std::string text = parameter.name;
  if (parameter.default_value == nullptr) return text;
  if (!is_shown(parameter.default_value, before_slash)) return text += "=...";
  const OwnedPtr shown(Steal(), non_null(PyObject_ASCII(parameter.default_value)), {});
  const char* constant = PyUnicode_AsUTF8(shown.as_ptr());
  if (constant == nullptr) PyErr_Clear();
  return text.append("=").append(constant == nullptr ? "..." : constant);
}

/// "$self, a, /, b=1, *args, c, **kwargs": what stands between the parentheses.
inline std::string parameters_text(const FunctionRecord& record, const char* receiver) {
  const Shape& shape = record.shape;
  std::string text;
  const auto add = [&text](std::string_view part) {
    if (!text.empty()) text += ", ";
    text += part;
  };
  if (receiver != nullptr) {
    add(receiver);
    if (shape.positional_only == 0) add("/");
  }
  for (unsigned i = 0; i < shape.count; ++i) {
    if (i == shape.positional && !shape.var_args) add("*");
    if (i == shape.positional && shape.var_args) add("*args");
    add(parameter_text(record.parameters[i], i < shape.positional_only && shape.positional_only < shape.positional));
    if (i + 1 == shape.positional_only) add("/");
  }
  if (shape.var_args && shape.count == shape.positional) add("*args");
  if (shape.var_keywords) add("**kwargs");
  return text;
}

/// "name($self, /, by=1)\n--\n\ndoc": what `inspect.signature` and `help` read.
inline std::string text_signature(const FunctionRecord& record, std::string_view python_name, const char* receiver,
                                  const char* doc) {
  std::string text(python_name);
  text.append("(").append(parameters_text(record, receiver)).append(")\n--\n\n");
  if (doc != nullptr) text.append(doc);
  return text;
}

}  // namespace adder::inline ADDER_ABI::detail
