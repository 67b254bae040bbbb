// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of bind_arguments.hpp.
#pragma once
#include "adder/function/detail/bind_arguments.hpp"

#include <cstddef>
#include <new>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// @param found  The arguments so far; keyword-only ones count in the message.
ADDER_COLD ADDER_FUNC void set_too_many(const FunctionRecord& record, Py_ssize_t given, ::PyObject* const* found) {
  const Shape& shape = record.shape;
  const int self = record.is_method ? 1 : 0;
  int defaults = 0, keyword_only = 0;
  for (unsigned i = 0; i < shape.positional; ++i) defaults += record.parameters[i].default_value != nullptr ? 1 : 0;
  for (unsigned i = shape.positional; i < shape.count; ++i) keyword_only += found[i] != nullptr ? 1 : 0;
  const int most = shape.positional + self;
  given += self;
  TextBuilder text;
  const auto number = [&](Py_ssize_t count) -> TextBuilder& {
    return text.append_number(static_cast<std::size_t>(count));
  };
  text.append(record.name).append("() takes ");
  if (defaults != 0) {
    text.append("from ");
    number(most - defaults).append(" to ");
  }
  number(most).append(" positional argument").append(defaults != 0 || most != 1 ? "s" : "").append(" but ");
  number(given);
  if (keyword_only != 0) {
    text.append(" positional argument").append(given != 1 ? "s" : "").append(" (and ");
    number(keyword_only).append(" keyword-only argument").append(keyword_only != 1 ? "s)" : ")");
  }
  text.append(given == 1 && keyword_only == 0 ? " was given" : " were given");
  set_error(PyExc_TypeError, text.view());
}

/// "f() missing 2 required positional arguments: 'a' and 'b'", of the parameters from @p first to @p last.
ADDER_COLD ADDER_FUNC void set_missing(const FunctionRecord& record, ::PyObject* const* found, unsigned first,
                                       unsigned last, const char* kind) {
  const auto is_missing = [&](unsigned i) {
    return found[i] == nullptr && record.parameters[i].default_value == nullptr;
  };
  unsigned count = 0;
  for (unsigned i = first; i < last; ++i) {
    if (is_missing(i)) ++count;
  }
  TextBuilder text;
  text.append(record.name).append("() missing ").append_number(count).append(" required ").append(kind);
  text.append(count == 1 ? " argument: " : " arguments: ");
  for (unsigned i = first, listed = 0; i < last; ++i) {  // "'a', 'b', and 'c'"
    if (!is_missing(i)) continue;
    if (listed != 0) text.append(count == 2 ? " and " : listed + 1 == count ? ", and " : ", ");
    text.append("'").append(record.parameters[i].name).append("'");
    ++listed;
  }
  set_error(PyExc_TypeError, text.view());
}

/// "f() got some positional-only arguments passed as keyword arguments: 'a, b'", if that is what happened.
ADDER_COLD ADDER_FUNC bool set_positional_only(const FunctionRecord& record, ::PyObject* keywords) {
  TextBuilder text;
  bool is_first = true;
  text.append(record.name).append("() got some positional-only arguments passed as keyword arguments: '");
  for (unsigned i = 0; i < record.shape.positional_only; ++i) {
    for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(keywords); ++k) {
      if (PyUnicode_Compare(record.parameters[i].interned, PyTuple_GET_ITEM(keywords, k)) != 0) continue;
      text.append(std::exchange(is_first, false) ? "" : ", ").append(record.parameters[i].name);
    }
  }
  if (is_first) return false;
  set_error(PyExc_TypeError, text.append("'").view());
  return true;
}

#if PY_VERSION_HEX >= 0x030D0000
/// CPython's search for the name that is most like another one; null until it was asked for. Kept for good.
ADDER_HIDDEN inline constinit Atomic<::PyObject*> suggestions{nullptr};

/// Borrowed, or null with an exception pending.
ADDER_COLD ADDER_FUNC ::PyObject* get_suggestions() noexcept {
  // ORDER: acquire: what the function consists of.
  if (::PyObject* known = suggestions.load(Order::acquire)) return known;
  ::PyObject* module = PyImport_ImportModule("_suggestions");
  ::PyObject* found = module == nullptr ? nullptr : PyObject_GetAttrString(module, "_generate_suggestions");
  Py_XDECREF(module);
  return found == nullptr ? nullptr : publish_once(suggestions, found);
}

/// The keyword parameter whose name is most like @p keyword, as CPython 3.13 and later name it in their message. A new
/// reference, or null.
ADDER_COLD ADDER_FUNC ::PyObject* similar_name(const FunctionRecord& record, ::PyObject* keyword) noexcept {
  return guard_unwind([&]() -> ::PyObject* {
    ::PyObject* names = guard_rare_unwind(PyList_New, 0);
    for (unsigned i = record.shape.positional_only; names != nullptr && i < record.shape.count; ++i) {
      if (PyList_Append(names, record.parameters[i].interned) < 0) Py_CLEAR(names);
    }
    ::PyObject* function = names == nullptr ? nullptr : get_suggestions();
    ::PyObject* const both[] = {names, keyword};
    ::PyObject* found = function == nullptr ? nullptr : PyObject_Vectorcall(function, both, 2, nullptr);
    if (found == nullptr) PyErr_Clear();  // No suggestion, then.
    Py_XDECREF(names);
    if (found == Py_None) Py_CLEAR(found);
    return found;
  });
}
#endif

ADDER_COLD ADDER_FUNC void set_unexpected(const FunctionRecord& record, ::PyObject* keywords, ::PyObject* keyword) {
  if (set_positional_only(record, keywords)) return;
#if PY_VERSION_HEX >= 0x030D0000
  if (::PyObject* similar = similar_name(record, keyword); similar != nullptr) {
    const bool is_text = PyUnicode_Check(similar) != 0;
    if (is_text) {
      PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%U'. Did you mean '%U'?", record.name,
                   keyword, similar);
    }
    Py_DECREF(similar);
    if (is_text) return;
  }
#endif
  PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%U'", record.name, keyword);
}

ADDER_FUNC int find_parameter(const FunctionRecord& record, ::PyObject* keyword) noexcept {
  // Names in a call are interned, as ours are: equal names are nearly always the same object.
  const unsigned first = record.shape.positional_only, last = record.shape.count;
  for (unsigned i = first; i < last; ++i) {
    if (record.parameters[i].interned == keyword) return static_cast<int>(i);
  }
  for (unsigned i = first; i < last; ++i) {
    const int order = PyUnicode_Compare(record.parameters[i].interned, keyword);
    if (order == -1 && PyErr_Occurred() != nullptr) return -2;
    if (order == 0) return static_cast<int>(i);
  }
  return -1;
}

/// Fills @p out with what was passed by keyword. @return Whether that is all right; else a TypeError is pending.
ADDER_FUNC bool bind_keywords(const FunctionRecord& record, ::PyObject* const* values, ::PyObject* keywords,
                              ::PyObject* rest, ::PyObject** out) {
  const Py_ssize_t count = PyTuple_GET_SIZE(keywords);
  for (Py_ssize_t k = 0; k < count; ++k) {
    ::PyObject* keyword = PyTuple_GET_ITEM(keywords, k);
    const int at = find_parameter(record, keyword);
    if (at == -2) return false;
    if (at < 0) {
      if (rest == nullptr) {
        set_unexpected(record, keywords, keyword);
        return false;
      }
      if (guard_unwind(PyDict_SetItem, rest, keyword, values[k]) < 0) return false;
    } else if (out[at] != nullptr) {
      PyErr_Format(PyExc_TypeError, "%s() got multiple values for argument '%U'", record.name, keyword);
      return false;
    } else {
      out[at] = values[k];
    }
  }
  return true;
}

/// The general case of bind_arguments: everything that Python's own functions do, in their order.
ADDER_NOINLINE ADDER_FUNC bool bind_all(const FunctionRecord& record, ::PyObject* const* args, Py_ssize_t given,
                                        ::PyObject* keywords, ::PyObject** out) {
  const Shape shape = record.shape;
  const unsigned count = shape.count;
  const unsigned positional =
      given < static_cast<Py_ssize_t>(shape.positional) ? static_cast<unsigned>(given) : shape.positional;
  for (unsigned i = 0; i < count; ++i) out[i] = i < positional ? args[i] : nullptr;
  if (keywords != nullptr && PyTuple_GET_SIZE(keywords) != 0) {
    if (!bind_keywords(record, args + given, keywords, shape.var_keywords ? out[count + 1] : nullptr, out)) {
      return false;
    }
  }
  if (given > static_cast<Py_ssize_t>(shape.positional) && !shape.var_args) {
    set_too_many(record, given, out);
    return false;
  }
  const Parameter* parameters = record.parameters;
  for (unsigned i = positional; i < count; ++i) {
    if (out[i] != nullptr) continue;
    out[i] = parameters[i].default_value;
    if (out[i] != nullptr) [[likely]]
      continue;
    if (i < shape.positional) {
      set_missing(record, out, 0, shape.positional, "positional");
    } else {
      set_missing(record, out, shape.positional, count, "keyword-only");
    }
    return false;
  }
  return true;
}

ADDER_NOINLINE ADDER_FUNC bool bind_unusual(const FunctionRecord& record, ::PyObject* const* args, Py_ssize_t given,
                                            ::PyObject* keywords, ::PyObject** out) noexcept {
  try {
    return bind_all(record, args, given, keywords, out);
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
    return false;
  }
}

// The usual cases here: too few arguments, the others by keyword or left to their defaults. Names in a call are
// interned, as ours are: equal names are nearly always the same object.
ADDER_NOINLINE ADDER_FUNC bool bind_arguments(const FunctionRecord& record, ::PyObject* const* args, Py_ssize_t given,
                                              ::PyObject* keywords, ::PyObject** out) noexcept {
  const Shape shape = record.shape;
  if (given > static_cast<Py_ssize_t>(shape.positional) || shape.var_keywords) {
    return bind_unusual(record, args, given, keywords, out);
  }
  for (Py_ssize_t i = 0; i < given; ++i) out[i] = args[i];
  const Parameter* parameter = record.parameters + given;
  Py_ssize_t bound = given;
  if (keywords == nullptr) {
    for (; bound < shape.count; ++parameter, ++bound) {
      if (parameter->default_value == nullptr) return bind_unusual(record, args, given, keywords, out);
      out[bound] = parameter->default_value;
    }
    return true;
  }
  if (given < static_cast<Py_ssize_t>(shape.positional_only)) return bind_unusual(record, args, given, keywords, out);
  // The parameters look for their keywords, which mostly come in the same order: those before `next` are found.
  const Py_ssize_t named = PyTuple_GET_SIZE(keywords);
  Py_ssize_t next = 0, found = 0;
  for (; bound < shape.count; ++parameter, ++bound) {
    Py_ssize_t k = next;
    if (k != named) {
      if (PyTuple_GET_ITEM(keywords, k) == parameter->interned) {
        ++next;
      } else {
        do ++k;
        while (k != named && PyTuple_GET_ITEM(keywords, k) != parameter->interned);
      }
    }
    if (k != named) {
      out[bound] = args[given + k];
      ++found;
    } else {
      if (parameter->default_value == nullptr) return bind_unusual(record, args, given, keywords, out);
      out[bound] = parameter->default_value;
    }
  }
  return found == named || bind_unusual(record, args, given, keywords, out);
}

ADDER_COLD ADDER_FUNC ::PyObject* refuse_count(const FunctionRecord& record, ::PyObject* const* args,
                                               Py_ssize_t given) noexcept {
  ::PyObject* bound[256];
  (void)bind_arguments(record, args, given, nullptr, bound);
  return nullptr;
}

ADDER_FUNC VariadicArguments::VariadicArguments(Shape shape, ::PyObject* const* args, Py_ssize_t given,
                                                ::PyObject** out) noexcept
    : places_(out + shape.count) {
  places_[0] = places_[1] = nullptr;
  if (shape.var_args) {
    const Py_ssize_t first = given < static_cast<Py_ssize_t>(shape.positional) ? given : shape.positional;
    places_[0] = guard_rare_unwind(PyTuple_New, given - first);
    for (Py_ssize_t i = first; places_[0] != nullptr && i < given; ++i) {
      PyTuple_SET_ITEM(places_[0], i - first, Py_NewRef(args[i]));
    }
  }
  if (shape.var_keywords) places_[1] = guard_rare_unwind(PyDict_New);
  made_ = (!shape.var_args || places_[0] != nullptr) && (!shape.var_keywords || places_[1] != nullptr);
}

ADDER_FUNC VariadicArguments::~VariadicArguments() {
  release_or_null(places_[0]);
  release_or_null(places_[1]);
}

ADDER_COLD ADDER_FUNC void set_argument_error(const FunctionRecord& record, unsigned index,
                                              const PyErr& error) noexcept {
  try {
    if (PyErr::Access::empty(error)) return error.restore(token());
    const ErrState& state = PyErr::Access::state(error);
    if (record.is_operand && state.is_lazy() && state.type == PyExc_TypeError) return;
    TextBuilder text;
    append_argument(text, record, index);
    const bool is_made = !state.is_lazy() || state.value.load(Order::acquire) != nullptr;
    if (is_made || PyErr_GivenExceptionMatches(state.type, PyExc_TypeError) == 0) {
      if (!state.path.empty()) text.append(": ").append(state.path);
      if (is_made || state.path.empty()) {
        error.restore(token());
      } else {
        const KeptAlive type(state.type);  // A class written in Python may drop this error, and with it the class.
        if (state.kind == ErrState::Kind::bare) {
          guard_unwind(PyErr_SetNone, type);
        } else {
          set_error(type, state.message);
        }
      }
      if (record.is_operand && PyErr_ExceptionMatches(PyExc_TypeError) != 0) return PyErr_Clear();
      return note_pending(text.view());
    }
    if (state.kind == ErrState::Kind::mismatch && state.path.empty()) {
      text.append(" must be ").append(state.message).append(", not ").append(state.got);
    } else {
      state.append_text(text.append(": "));
    }
    set_error(state.type, text.view());
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
}

ADDER_COLD ADDER_FUNC void note_argument(const FunctionRecord& record, unsigned index) noexcept {
  try {
    TextBuilder text;
    note_pending(append_argument(text, record, index).view());
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
}

ADDER_COLD ADDER_FUNC void set_thrown_error(const FunctionRecord& record, unsigned index) noexcept {
  try {
    throw;
  } catch (const PyErr& error) {
    set_argument_error(record, index, error);
  } catch (...) {
    translate_current_exception();
    note_argument(record, index);
  }
}

ADDER_COLD ADDER_FUNC void set_scalar_error(const FunctionRecord& record, unsigned index, Loaded how,
                                            const char* expected, const char* range, ::PyObject* object) noexcept {
  try {
    TextBuilder text;
    if (how == Loaded::raised) {
      // An operand that cannot be a number says so by a TypeError of its own, as numpy's arrays do.
      if (record.is_operand && PyErr_ExceptionMatches(PyExc_TypeError) != 0) return PyErr_Clear();
      return note_pending(append_argument(text, record, index).view());
    }
    if (ADDER_SMALL_CODE == 0 && how == Loaded::mismatch) {  // As the next does, without an error that is a value.
      if (record.is_operand) return;
      append_argument(text, record, index).append(" must be ").append(expected).append(", not ");
      return set_error(PyExc_TypeError, text.append(object == Py_None ? "None" : type_name_of(object)).view());
    }
    set_argument_error(record, index, load_error(how, expected, range, object));
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
