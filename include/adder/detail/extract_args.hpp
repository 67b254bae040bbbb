// SPDX-License-Identifier: MIT
/// @file
/// @brief The path of calls that are not exact and positional: keywords, defaults, wrong counts. One plain function for
/// all bound functions; messages are CPython's own for a function written in Python.
#pragma once
#include "adder/signature.hpp"

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD inline void set_too_many(const FunctionRecord& record, Py_ssize_t given) noexcept {
  const int self = record.is_method ? 1 : 0;
  const int most = record.count + self, least = record.required + self;
  if (least != most) {
    PyErr_Format(PyExc_TypeError, "%s() takes from %d to %d positional arguments but %zd were given", record.name,
                 least, most, given + self);
  } else {
    PyErr_Format(PyExc_TypeError, "%s() takes %d positional argument%s but %zd %s given", record.name, most,
                 most == 1 ? "" : "s", given + self, given + self == 1 ? "was" : "were");
  }
}

ADDER_COLD inline void set_missing(const FunctionRecord& record, ::PyObject* const* found) {
  unsigned count = 0;
  for (unsigned i = 0; i < record.required; ++i) count += found[i] == nullptr ? 1 : 0;
  std::string names;  // "'a', 'b', and 'c'"
  for (unsigned i = 0, listed = 0; i < record.required; ++i) {
    if (found[i] != nullptr) continue;
    if (listed != 0) names += count == 2 ? " and " : listed + 1 == count ? ", and " : ", ";
    names.append("'").append(record.named ? record.parameters[i].name : "arg" + std::to_string(i)).append("'");
    ++listed;
  }
  PyErr_Format(PyExc_TypeError, "%s() missing %u required positional argument%s: %s", record.name, count,
               count == 1 ? "" : "s", names.c_str());
}

/// The parameter called @p keyword, or -1; -2 with an exception pending where comparing failed.
inline int find_parameter(const FunctionRecord& record, ::PyObject* keyword) noexcept {
  // Names in a call are interned, as ours are: equal names are nearly always the same object.
  for (unsigned i = 0; i < record.count; ++i) {
    if (record.parameters[i].interned == keyword) return static_cast<int>(i);
  }
  for (unsigned i = 0; i < record.count; ++i) {
    const int order = PyUnicode_Compare(record.parameters[i].interned, keyword);
    if (order == -1 && PyErr_Occurred() != nullptr) return -2;
    if (order == 0) return static_cast<int>(i);
  }
  return -1;
}

/// Puts one borrowed object for each parameter into @p out, or sets a TypeError and returns false.
ADDER_NOINLINE inline bool bind_arguments(const FunctionRecord& record, ::PyObject* const* args, Py_ssize_t given,
                                          ::PyObject* keywords, ::PyObject** out) noexcept {
  const Py_ssize_t keyword_count = keywords == nullptr ? 0 : PyTuple_GET_SIZE(keywords);
  if (!record.named && keyword_count != 0) {
    PyErr_Format(PyExc_TypeError, "%s() takes no keyword arguments", record.name);
    return false;
  }
  const unsigned count = record.count, required = record.required;
  const unsigned positional = given < static_cast<Py_ssize_t>(count) ? static_cast<unsigned>(given) : count;
  for (unsigned i = 0; i < count; ++i) out[i] = i < positional ? args[i] : nullptr;
  for (Py_ssize_t k = 0; k < keyword_count; ++k) {
    ::PyObject* keyword = PyTuple_GET_ITEM(keywords, k);
    const int at = find_parameter(record, keyword);
    if (at == -2) return false;
    if (at < 0) {
      PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%S'", record.name, keyword);
      return false;
    }
    if (out[at] != nullptr) {
      PyErr_Format(PyExc_TypeError, "%s() got multiple values for argument '%S'", record.name, keyword);
      return false;
    }
    out[at] = args[given + k];
  }
  if (given > static_cast<Py_ssize_t>(count)) {
    set_too_many(record, given);
    return false;
  }
  const Parameter* parameters = record.parameters;
  for (unsigned i = positional; i < count; ++i) {
    if (out[i] != nullptr) continue;
    if (i < required) [[unlikely]] {
      try {
        set_missing(record, out);
      } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
      }
      return false;
    }
    out[i] = parameters[i].default_value;
  }
  return true;
}

// --- Arguments that do not convert -----------------------------------------------------------------------------------

/// "count() argument 'query'", "add() argument 1".
inline std::string argument_text(const FunctionRecord& record, unsigned index) {
  std::string text = record.name;
  if (record.named) return text.append("() argument '").append(record.parameters[index].name).append("'");
  return text.append("() argument ").append(std::to_string(index + 1));
}

/// Makes @p error the pending exception, saying which argument of which function it is about.
///
/// What Python code raised during the conversion is left as it is, and gets a note.
ADDER_COLD inline void set_argument_error(const FunctionRecord& record, unsigned index, const PyErr& error) noexcept {
  try {
    if (PyErr::Access::empty(error)) return error.restore(token());
    const ErrState& state = PyErr::Access::state(error);
    std::string text = argument_text(record, index);
    if (!state.is_lazy()) {
      if (!state.path.empty()) text.append(": ").append(state.path);
      error.restore(token());
      return note_pending(text);
    }
    if (state.kind == ErrState::Kind::mismatch && state.path.empty()) {
      text.append(" must be ").append(state.message).append(", not ").append(state.got);
    } else {
      text.append(": ").append(state.lazy_text());
    }
    set_error(state.type, text);
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
}

ADDER_COLD inline void set_scalar_error(const FunctionRecord& record, unsigned index, Loaded how, const char* expected,
                                        const char* range, ::PyObject* object) noexcept {
  try {
    if (how == Loaded::raised) return note_pending(argument_text(record, index));
    set_argument_error(record, index, load_error(how, expected, range, object));
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
}

}  // namespace adder::inline ADDER_ABI::detail
