// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of overload.hpp.
#pragma once
#include "adder/function/overload.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC void Fit::add(Rank rank, std::size_t place) noexcept {
  worst = rank > worst ? rank : worst;
  sum = rank == Rank::raised ? static_cast<unsigned>(place) : sum + static_cast<unsigned>(rank);
}

/// Whether each parameter has its argument, by position, and there is nothing to collect. Without any there may be no
/// array.
ADDER_INLINE bool is_exact(const Shape& shape, Py_ssize_t given, ::PyObject* names) noexcept {
  return names == nullptr && given != 0 && given == static_cast<Py_ssize_t>(shape.count) &&
         shape.positional == shape.count && !shape.var_args && !shape.var_keywords;
}

ADDER_FUNC BoundCall::BoundCall(const FunctionRecord& record, ::PyObject* const* args, Py_ssize_t given,
                                ::PyObject* names, bool wants_reason) noexcept {
  const Shape& shape = record.shape;
  if (is_exact(shape, given, names)) {
    args_ = args;  // As they came, as for a function that is not overloaded.
    return;
  }
  further_.emplace(shape, args, given, bound_);
  if (!wants_reason && given > static_cast<Py_ssize_t>(shape.positional) && !shape.var_args) return;
  if (!wants_reason && names == nullptr) {
    for (auto i = static_cast<unsigned>(given); i < shape.positional; ++i) {
      if (record.parameters[i].default_value == nullptr) return;
    }
  }
  if (further_->made() && bind_arguments(record, args, given, names, bound_)) args_ = bound_;
}

/// "(int, float, scale: str)": what a call was given.
ADDER_COLD ADDER_FUNC std::string given_text(::PyObject* const* args, Py_ssize_t given, ::PyObject* names) {
  std::string text("(");
  const Py_ssize_t named = names == nullptr ? 0 : PyTuple_GET_SIZE(names);
  for (Py_ssize_t i = 0; i < given + named; ++i) {
    if (i != 0) text += ", ";
    if (i >= given) {
      const char* name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(names, i - given));
      if (name == nullptr) PyErr_Clear();
      text.append(name == nullptr ? "?" : name).append(": ");
    }
    text += args[i] == Py_None ? "None" : type_name_of(args[i]);
  }
  return text += ")";
}

/// "area(side: int, scale: float=1.0)".
ADDER_COLD ADDER_FUNC std::string candidate_text(const Candidate& candidate) {
  const FunctionRecord& record = *candidate.record;
  const Shape& shape = record.shape;
  std::string text(record.name);
  text += "(";
  bool first = true;
  const auto separate = [&] {
    if (!first) text += ", ";
    first = false;
  };
  for (unsigned i = 0; i <= shape.count; ++i) {
    if (i == shape.positional && (shape.var_args || shape.positional != shape.count)) {
      separate();
      text += shape.var_args ? "*args" : "*";
    }
    if (i == shape.count) break;
    separate();
    text += record.parameters[i].name;
    if (candidate.types[i] != nullptr) text.append(": ").append(candidate.types[i]);
    if (::PyObject* value = record.parameters[i].default_value) {
      TextBuilder shown;
      text += "=";
      text += append_readable(shown, value) ? shown.view() : std::string_view("...");
    }
    if (shape.named && i + 1 == shape.positional_only) {
      separate();
      text += "/";
    }
  }
  if (shape.var_keywords) {
    separate();
    text += "**kwargs";
  }
  return text += ")";
}

/// The text of an error, without the name of the function. The argument is in the text or in a note.
ADDER_COLD ADDER_FUNC std::string reason_of(const PyErr& error, const FunctionRecord& record) {
  const Bound<PyBaseException> value = error.value(token());
  std::string what = value.str().to_string_lossy();
  std::string prefix(record.name);
  prefix += "() ";
  if (what.starts_with(prefix)) return what.substr(prefix.size());
  const OwnedPtr notes(Steal(), PyObject_GetAttrString(value.as_ptr(), "__notes__"), {});
  if (notes.as_ptr() == nullptr) PyErr_Clear();
  if (notes.as_ptr() == nullptr || !PyList_Check(notes.as_ptr())) return what;
  const Py_ssize_t last = PyList_GET_SIZE(notes.as_ptr()) - 1;
  const OwnedPtr note(Steal(), last < 0 ? nullptr : PySequence_GetItem(notes.as_ptr(), last), {});
  const bool is_text = note.as_ptr() != nullptr && PyUnicode_Check(note.as_ptr());
  const char* where = is_text ? PyUnicode_AsUTF8(note.as_ptr()) : nullptr;
  PyErr_Clear();
  if (where == nullptr || !std::string_view(where).starts_with(prefix)) return what;
  return std::string(where + prefix.size()).append(": ").append(what);
}

ADDER_COLD ADDER_FUNC const char* fit_text(Rank rank) noexcept {
  switch (rank) {
    case Rank::exact:
      return "takes it as it is";
    case Rank::subclass:
      return "takes it as an instance of a subclass";
    case Rank::lossless:
      return "takes it by a conversion that loses nothing";
    case Rank::lossy:
      return "takes it by a conversion that may lose something";
    default:
      return "takes it by a conversion";
  }
}

/// The TypeError of a call that no function fits, or several equally well.
ADDER_COLD ADDER_FUNC ::PyObject* refuse_overloads(const Candidate* candidates, std::size_t count, const Fit* best,
                                                   ::PyObject* const* args, Py_ssize_t given, ::PyObject* names) {
  if (best == nullptr && candidates[0].record->is_operand) {
    // Python asks the other operand, unless a conversion failed for another reason than the type.
    for (std::size_t i = 0; i < count; ++i) {
      const BoundCall call(*candidates[i].record, args, given, names, false);
      if (call.made() && !candidates[i].explain(call.args()) && PyErr_Occurred() != nullptr) return nullptr;
      PyErr_Clear();
    }
    return nullptr;
  }
  std::string text(candidates[0].record->name);
  text += best == nullptr ? "(): no overload takes " : "(): the call is ambiguous for ";
  text += given_text(args, given, names);
  for (std::size_t i = 0; i < count; ++i) {
    const Candidate& candidate = candidates[i];
    text.append("\n  ").append(candidate_text(candidate)).append(": ");
    const BoundCall call(*candidate.record, args, given, names, true);
    if (!call.made()) {
      if (is_serious()) return nullptr;
      text += reason_of(PyErr::fetch(token()), *candidate.record);
      continue;
    }
    const Fit fit = candidate.fit(call.args());
    if (fit.worst == Rank::raised) {
      note_argument(*candidate.record, fit.sum);
      return nullptr;
    }
    if (fit.fits()) {
      text += fit_text(fit.worst);
    } else if (!candidate.explain(call.args())) {
      PyErr error = PyErr::fetch(token());
      // An argument that is borrowed already is a reason, too.
      if (refusal_of(error) == Refusal::serious && !error.matches(peek(PyExc_RuntimeError).as_bound())) {
        error.restore(token());
        return nullptr;
      }
      text += reason_of(error, *candidate.record);
    } else {
      text += "takes no other type";
    }
  }
  set_error(PyExc_TypeError, text);
  return nullptr;
}

ADDER_NOINLINE ADDER_FUNC ::PyObject* call_best(const Candidate* candidates, std::size_t count, ::PyObject* self,
                                                ::PyObject* const* args, Py_ssize_t given, ::PyObject* names) noexcept {
  try {
    Fit best;
    const Candidate* found = nullptr;
    bool ambiguous = false;
    for (const Candidate* candidate = candidates; candidate != candidates + count; ++candidate) {
      const BoundCall call(*candidate->record, args, given, names, false);
      if (!call.made()) {
        if (PyErr_Occurred() != nullptr && unless_serious() == Rank::raised) return nullptr;
        continue;
      }
      const Fit fit = candidate->fit(call.args());
      if (fit.worst == Rank::raised) {
        note_argument(*candidate->record, fit.sum);
        return nullptr;
      }
      if (!fit.fits()) continue;
      if (found == nullptr || fit.better_than(best)) {
        found = candidate;
        best = fit;
        ambiguous = false;
      } else if (fit == best) {
        ambiguous = true;
      }
    }
    if (found == nullptr || ambiguous) {
      return refuse_overloads(candidates, count, found == nullptr ? nullptr : &best, args, given, names);
    }
    const BoundCall call(*found->record, args, given, names, true);
    return call.made() ? found->call(self, call.args()) : nullptr;
  } catch (...) {
    translate_current_exception();
    return nullptr;
  }
}

ADDER_COLD ADDER_FUNC bool is_described(const FunctionRecord& record, const char* name, std::string_view qualifier) {
  const char* known = name_of(record);
  if (known == nullptr) return false;
  if (known != std::string(qualifier).append(name)) {
    throw PySystemError::new_err(
        std::string(qualifier).append(name).append("(): this overload set is bound already, as ").append(known));
  }
#if defined(Py_GIL_DISABLED)
  return true;  // Another thread may be reading it.
#else
  return false;
#endif
}

ADDER_COLD ADDER_FUNC void describe_candidate(FunctionRecord& record, Shape shape, Parameter* parameters,
                                              Description description) {
#if !defined(Py_GIL_DISABLED)
  // New parameters where the module's body runs again and the static ones may be in use.
  if (record.name != nullptr) parameters = new Parameter[shape.count + 1U];
#endif
  // A static method and a constructor have none.
  description.is_method = description.receiver != nullptr && std::string_view(description.receiver) != "$module";
  description.is_operand = description.receiver == operand_receiver;
  if (description.is_operand) description.receiver = "$self";
  fill_record(record, shape, nullptr, 0, parameters, description);
}

ADDER_COLD ADDER_FUNC void enter_candidate(const FunctionRecord& set, Candidate& place, Candidate candidate,
                                           const char** places, const char* const* types, std::size_t count,
                                           std::string& text, std::size_t qualifier_size) {
  const auto* own_places = std::exchange(candidate.types, types);
  text += candidate_text(candidate).substr(qualifier_size);
  candidate.types = own_places;
  const RecordsLock lock;
  if (!is_open(set)) return;
  for (std::size_t i = 0; i < count; ++i) places[i] = types[i];
  place = candidate;
}

/// Whether the parameters at @p index of two functions are one to the caller.
ADDER_COLD ADDER_FUNC bool is_same_parameter(const FunctionRecord& a, const FunctionRecord& b, unsigned index) {
  return std::string_view(a.parameters[index].name) == b.parameters[index].name &&
         (index < a.shape.positional_only) == (index < b.shape.positional_only) &&
         (a.parameters[index].default_value == nullptr) == (b.parameters[index].default_value == nullptr);
}

/// "area($module, side, /, *args)\n--\n\n": what is true of a call whichever of the functions it goes to, for
/// `inspect`. Parameters that all have come first, then whatever there is else.
ADDER_COLD ADDER_FUNC void append_general_signature(TextBuilder& text, const FunctionRecord* const* functions,
                                                    std::size_t count, std::string_view name, const char* receiver) {
  const FunctionRecord& first = *functions[0];
  unsigned common = first.shape.positional;
  bool takes_more = false, takes_keywords = false;
  for (std::size_t i = 0; i < count; ++i) {
    const Shape& shape = functions[i]->shape;
    if (shape.positional < common) common = shape.positional;
    unsigned same = 0;
    while (same < common && is_same_parameter(first, *functions[i], same)) ++same;
    common = same;
  }
  unsigned positional_only = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Shape& shape = functions[i]->shape;
    positional_only = shape.positional_only < common ? shape.positional_only : common;
    takes_more = takes_more || shape.var_args || shape.positional > common;
    takes_keywords = takes_keywords || shape.var_keywords || shape.count > shape.positional ||
                     (shape.positional > common && shape.positional_only < shape.positional);
  }
  text.append(name.substr(name.rfind('.') + 1)).append("(");  // npos is one less than nothing.
  const std::size_t begin = text.size();
  const auto next = [&]() -> TextBuilder& { return text.size() == begin ? text : text.append(", "); };
  if (receiver != nullptr) {
    text.append(receiver == operand_receiver ? "$self" : receiver);
    if (positional_only == 0) text.append(", /");
  }
  for (unsigned i = 0; i < common; ++i) {
    next().append(first.parameters[i].name);
    if (first.parameters[i].default_value != nullptr) text.append("=...");
    if (i + 1U == positional_only) text.append(", /");
  }
  if (takes_more) next().append("*args");
  if (takes_keywords) next().append("**kwargs");
  text.append(")\n--\n\n");
}

ADDER_COLD ADDER_FUNC void enter_set(FunctionRecord& record, const FunctionRecord* const* functions, std::size_t count,
                                     const char* name, std::string_view qualifier, const char* receiver,
                                     const std::string& text, PyCFunction entry) {
  UnfinishedRecord unfinished;  // What has a name has to be complete.
  FunctionRecord& filled = unfinished.record;
  TextBuilder both;
  both.append(qualifier).append(name).append(view_of("", 1));
  const std::size_t name_size = both.size();
  append_general_signature(both, functions, count, name, receiver);
  filled.name = keep_text(both.append(text).view());
  filled.def = {filled.name + qualifier.size(), entry, METH_FASTCALL | METH_KEYWORDS, filled.name + name_size};
  const RecordsLock lock;
  if (!is_open(record)) return;
  enter(record, filled);
  unfinished.finish();
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
