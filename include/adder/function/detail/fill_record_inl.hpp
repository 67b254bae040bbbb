// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of fill_record.hpp.
#pragma once
#include "adder/function/detail/fill_record.hpp"

#include <cstddef>
#include <cstdio>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

/// Names of parameters that were met, each at a place that its text says, interned and kept for good. Modules use the
/// same few names again and again, and asking Python for one costs as much as all else about a parameter.
ADDER_HIDDEN inline constinit Atomic<::PyObject*> known_names[64] = {};

ADDER_COLD ADDER_FUNC void add_parameter(FunctionRecord& record, unsigned at, const Extra& extra,
                                         const char* function_name) {
  for (unsigned i = 0; i < at; ++i) {
    if (std::string_view(record.parameters[i].name) == extra.text) {
      throw PyErr::Access::lazy(
          PyExc_SystemError, TextBuilder({function_name, "(): two parameters are called '", extra.text, "'"}).view());
    }
  }
  const std::string_view name = extra.text;
  unsigned hash = 0;
  for (const char letter : name) hash = 31 * hash + static_cast<unsigned char>(letter);
  Atomic<::PyObject*>& place = known_names[hash % 64];
  ::PyObject* known = place.load(Order::acquire);
  const char* text = known == nullptr ? nullptr : PyUnicode_AsUTF8(known);
  const bool is_known = text != nullptr && name == text;
  OwnedPtr interned(Steal(), is_known ? Py_NewRef(known) : non_null(PyUnicode_InternFromString(extra.text)), {});
  const bool taken = (record.shape.var_args && name == "args") || (record.shape.var_keywords && name == "kwargs");
  if (taken || (!is_known && PyUnicode_IsIdentifier(interned.as_ptr()) != 1)) {
    throw PyErr::Access::lazy(PyExc_SystemError, TextBuilder({function_name, "(): '", extra.text,
                                                              taken ? "' is the name of the further arguments already"
                                                                    : "' is no name for a parameter"})
                                                     .view());
  }
  if (!is_known) {
    text = PyUnicode_AsUTF8(interned.as_ptr());
    if (text == nullptr) throw_fetched();
    // ORDER: acq_rel: threads may race; a place that is taken stays as it is.
    if (known == nullptr && place.compare_exchange(known, interned.as_ptr(), Order::acq_rel)) {
      Py_INCREF(interned.as_ptr());
    }
  }
  record.parameters[at] = {text, interned.into_ptr_(), Py_XNewRef(extra.default_value)};
}

/// The names of parameters that have none: "arg0". Interned at their first use, and kept for good.
ADDER_HIDDEN inline constinit Atomic<::PyObject*> place_names[256] = {};

ADDER_COLD ADDER_FUNC void add_unnamed_parameter(FunctionRecord& record, unsigned at) {
  ::PyObject* interned = place_names[at].load(Order::acquire);
  if (interned == nullptr) {
    char text[] = "arg255";
    std::snprintf(text, sizeof text, "arg%u", at);
    interned = intern_slowly(place_names[at], text);
  }
  const char* text = PyUnicode_AsUTF8(interned);
  if (text == nullptr) throw_fetched();
  record.parameters[at] = {text, Py_NewRef(interned), nullptr};
}

ADDER_FUNC UnfinishedRecord::~UnfinishedRecord() {
  delete[] record.name;
  for (unsigned i = 0; i < count; ++i) {
    const Parameter parameter = exchange(record.parameters[i], Parameter());
    Py_XDECREF(parameter.interned);
    Py_XDECREF(parameter.default_value);
  }
}

ADDER_COLD ADDER_FUNC bool check_shared_default(::PyObject* object, const FunctionRecord& record, unsigned index) {
  // A slice cannot be hashed up to 3.11, nor changed.
  if (Py_TYPE(object)->tp_hash != &PyObject_HashNotImplemented || PySlice_Check(object)) return true;
  TextBuilder text;
  append_argument(text, record, index)
      .append(" is a ")
      .append(type_name_of(object))
      .append(" that all calls would share: take a C++ value such as std::vector, or a std::optional, and make the ")
      .append(type_name_of(object))
      .append(" in the function");
  set_error(PyExc_TypeError, text.view());
  return false;
}

/// Throws the TypeError about the default of a parameter, for the reason that is pending.
ADDER_COLD ADDER_FUNC void refuse_null_default(const char* name) {
  throw PyErr::Access::lazy(PyExc_TypeError, TextBuilder({"the default of argument '", name,
                                                          "' is a null pointer, not text: write std::nullopt for None"})
                                                 .view());
}

[[noreturn]] ADDER_COLD ADDER_FUNC void refuse_default(const FunctionRecord& record, unsigned index) {
  const PyErr reason = PyErr::fetch(token());
  TextBuilder where({"TypeError: "});
  append_argument(where, record, index);
  constexpr std::size_t prefix = 11;
  std::string_view what = reason.what();
  TextBuilder text({"the default of "});
  if (starts_with(what, where.view())) {
    what.remove_prefix(prefix);
  } else {
    std::string_view argument = where.view();
    argument.remove_prefix(prefix);
    text.append(argument).append(" does not convert: ");
  }
  const PyErr error = PyErr::Access::lazy(PyExc_TypeError, text.append(what).view());
  error.set_cause(token(), reason);
  throw error;  // NOLINT(misc-throw-by-value-catch-by-reference): it has a cause by now
}

/// Converts the defaults as each call without them will.
ADDER_COLD ADDER_FUNC void check_defaults(const FunctionRecord& record, const Description& description) {
  unsigned at = 0;
  for (std::size_t i = 0; i < description.extra_count; ++i) {
    const Extra& extra = description.extras[i];
    if (extra.kind != Extra::Kind::parameter) continue;
    bool fits = true;
    try {
      fits = extra.check == nullptr || extra.check(extra.default_value, record, at);
    } catch (...) {
      translate_current_exception();
      fits = false;
    }
    if (!fits) refuse_default(record, at);
    ++at;
  }
}

ADDER_COLD ADDER_FUNC bool fill_record(FunctionRecord& record, Shape shape, PyCFunction meth, int flags,
                                       Parameter* parameters, const Description& description) {
#if defined(Py_GIL_DISABLED)
  // Another thread may be reading the parameters, or filling them: these are for this one until it is done.
  struct Room {
    Parameter* own;
    ~Room() { delete[] own; }
  } const room{new Parameter[shape.count + 1U]};
  Parameter* const filled_parameters = room.own;
#else
  Parameter* const filled_parameters = parameters;
#endif
  UnfinishedRecord unfinished;
  FunctionRecord& filled = unfinished.record;
  filled.shape = shape;
  filled.parameters = filled_parameters;
  unsigned& at = unfinished.count;
  filled.def.ml_meth = meth;
  filled.def.ml_flags = flags;
  filled.is_method = description.is_method;
  filled.is_operand = description.is_operand;
  filled.module_name = description.module_name;
  TextBuilder text;  // The name, and what help() shows.
  text.append(description.qualifier).append(description.name);
  const std::size_t name_size = text.size();
  const char* doc = nullptr;
  for (std::size_t i = 0; i < description.extra_count; ++i) {
    const Extra& extra = description.extras[i];
    if (extra.kind == Extra::Kind::doc) doc = extra.text;
    if (extra.kind != Extra::Kind::parameter) continue;
    add_parameter(filled, at, extra, text.c_str());
    ++at;
  }
  for (; at < shape.count; ++at) {  // Without names.
    add_unnamed_parameter(filled, at);
  }
  text.append(view_of("", 1));
  const char* module =
      description.module_name == nullptr ? description.module : PyUnicode_AsUTF8(description.module_name);
  if (module == nullptr) throw_fetched();
  append_signature(text, filled, description.name, description.receiver, doc, module);
  filled.name = keep_text(text.view());
  filled.def.ml_name = filled.name + description.qualifier.size();
  filled.def.ml_doc = filled.name + name_size + 1;
  check_defaults(filled, description);
#if defined(Py_GIL_DISABLED)
  const auto enter_all = [&] {
    for (unsigned i = 0; i < shape.count; ++i) parameters[i] = room.own[i];
    filled.parameters = parameters;
    enter(record, filled);
  };
  if (description.is_private) {
    enter_all();
  } else {
    const RecordsLock lock;
    if (!is_open(record)) return false;
    enter_all();
  }
#else
  record = filled;
#endif
  unfinished.finish();
  return true;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
