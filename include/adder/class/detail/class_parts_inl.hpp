// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of class_parts.hpp.
#pragma once
#include "adder/class/detail/class_parts.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>

namespace adder::inline ADDER_ABI::detail {

/// Throws SystemError with a text of these parts.
[[noreturn]] ADDER_COLD ADDER_FUNC void refuse_class(std::initializer_list<std::string_view> parts) {
  throw PySystemError::new_err(TextBuilder(parts).view());
}

ADDER_FUNC ClassParts::~ClassParts() {
  while (attributes.size() != 0) Py_XDECREF(attributes.pop_back().value);
  Py_XDECREF(names);
}

ADDER_FUNC const char* last_name(const char* name) noexcept {
  return name + (std::string_view(name).rfind('.') + 1);  // npos is one less than nothing.
}

ADDER_FUNC void ClassParts::append_property(TextBuilder& text, const char* property_name) const {
  text.append("attribute '").append(property_name).append("' of '").append(name).append("' objects");
}

ADDER_COLD ADDER_FUNC PyMethodDef& ClassParts::describe(const char* function_name, FunctionRecord* record,
                                                        Parameter* parameters, PyCFunction entry,
                                                        std::uint64_t shape_bits, int flags, const Extra* extras,
                                                        std::size_t extra_count) {
  const auto function_shape = __builtin_bit_cast(Shape, shape_bits);
  if (entry != nullptr) check_method(function_name, *record, true);
  // New parameters where `define` runs again and the static ones may be in use.
  if (name_of(*record) != nullptr) {
#if defined(Py_GIL_DISABLED)
    return record->def;  // As described the first time: another thread may be reading it.
#endif
    parameters = new Parameter[function_shape.count + 1U];
  }
  const Convention convention = convention_of(function_shape);
  const bool is_static = (flags & METH_STATIC) != 0, is_class = (flags & METH_CLASS) != 0;
  int call_flags = flags_of(convention);
  if (!is_static && !is_class && convention == Convention::positional && function_shape.count == 0) {
    call_flags = METH_NOARGS;
  }
  TextBuilder own_qualifier;
  own_qualifier.append(name).append(".");
  fill_record(*record, function_shape, entry, call_flags | (flags & METH_CLASS), parameters,
              {function_name, own_qualifier.view(),
               is_static  ? nullptr
               : is_class ? "$type"
                          : "$self",
               extras, extra_count, !is_static, nullptr, is_static ? module_name() : module_of_methods()});
  return record->def;  // What this thread has entered, or another one.
}

ADDER_COLD ADDER_FUNC void ClassParts::add_method(const char* function_name, FunctionRecord* record,
                                                  Parameter* parameters, PyCFunction entry, std::uint64_t shape_bits) {
  add_method(function_name, record, parameters, entry, shape_bits, 0, nullptr, 0);
}
ADDER_COLD ADDER_FUNC void ClassParts::add_method(const char* function_name, FunctionRecord* record,
                                                  Parameter* parameters, PyCFunction entry, std::uint64_t shape_bits,
                                                  int flags, const Extra* extras, std::size_t extra_count) {
  methods.push_back(describe(function_name, record, parameters, entry, shape_bits, flags, extras, extra_count));
}
ADDER_COLD ADDER_FUNC void ClassParts::set_constructor(FunctionRecord* record, Parameter* parameters,
                                                       vectorcallfunc call, std::uint64_t shape_bits) {
  set_constructor(record, parameters, call, shape_bits, nullptr, 0);
}

ADDER_COLD ADDER_FUNC void ClassParts::check_constructor() const {
  if (construct == nullptr) return;
  refuse_class({name,
                ": def_new was called twice. Constructors that share the call are bound together: "
                "def_new<overload<constructor<int>, &make>>()"});
}

ADDER_COLD ADDER_FUNC void ClassParts::set_constructor(FunctionRecord& record, vectorcallfunc call) {
  check_constructor();
  construct = call;
  constructor = &record;
}

ADDER_COLD ADDER_FUNC void ClassParts::set_constructor(FunctionRecord* record, Parameter* parameters,
                                                       vectorcallfunc call, std::uint64_t shape_bits,
                                                       const Extra* extras, std::size_t extra_count) {
  check_constructor();
  const auto function_shape = __builtin_bit_cast(Shape, shape_bits);
  construct = call;
  constructor = record;
  constructs_from_nothing = function_shape.count == 0 && !function_shape.var_args && !function_shape.var_keywords;
  if (name_of(*record) != nullptr) {  // As in describe().
#if defined(Py_GIL_DISABLED)
    return;
#endif
    parameters = new Parameter[function_shape.count + 1U];
  }
  // The text signature is one of the last name: Python takes it for no more than a text otherwise.
  const char* own_name = last_name(name);
  const std::string_view around(name, static_cast<std::size_t>(own_name - name));
  fill_record(*record, function_shape, nullptr, 0, parameters,
              {own_name, around, nullptr, extras, extra_count, true, nullptr, module_name()});
}

ADDER_COLD ADDER_FUNC void ClassParts::add_slot(int id, void* function) {
  bool taken = id == Py_tp_dealloc || id == Py_tp_new || id == Py_tp_methods || id == Py_tp_getset || id == Py_tp_doc ||
               id == Py_tp_members || id == Py_tp_traverse || id == Py_tp_clear || id == Py_tp_alloc ||
               id == Py_tp_free || id == Py_tp_base || id == Py_tp_bases || id == Py_tp_finalize || id == Py_tp_del;
  for (std::size_t i = 0; i < slots.size(); ++i) taken = taken || slots.data()[i].slot == id;
  if (taken) {
    TextBuilder slot;
    slot.append_number(static_cast<std::size_t>(id));
    refuse_class({name, ": the type slot ", slot.view(), " is filled already, or adder's own"});
  }
  if (id == Py_tp_init) has_init = true;
  slots.push_back({id, function});
}

ADDER_COLD ADDER_FUNC void ClassParts::add_half(int id, int which, void* function) {
  unsigned char& bound = halves[id];
  const auto bit = static_cast<unsigned char>(1U << static_cast<unsigned>(which));
  const int leading = id == Py_tp_richcompare ? Py_EQ : 0;  // The half whose slot does the most at once.
  if (bound == 0 || (bound & bit) != 0) {
    add_slot(id, function);  // Which refuses the second.
  } else if (which == leading) {
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (slots.data()[i].slot == id) slots.data()[i].pfunc = function;
    }
  }
  bound = static_cast<unsigned char>(bound | bit);
}

ADDER_COLD ADDER_FUNC void ClassParts::add_dunder(FunctionRecord* record, const char* dunder, std::size_t count,
                                                  bool is_operand, int id, int which, void* function) {
  if (record != nullptr) name_dunder(*record, dunder, count, is_operand);
  if (which == whole) {
    add_slot(id, function);
  } else {
    add_half(id, which, function);
  }
}

ADDER_COLD ADDER_FUNC void ClassParts::name_dunder(FunctionRecord& record, const char* dunder, std::size_t count,
                                                   bool is_operand) const {
  if (name_of(record) != nullptr) return;
  TextBuilder text;
  text.append(name).append(".").append(dunder);
  FunctionRecord filled;
  filled.name = keep_text(text.view());
  const auto plain = static_cast<unsigned char>(count);
  filled.shape = {plain, plain, plain, false, false, false, false, false};
  filled.is_method = true;
  filled.is_operand = is_operand;
  {
    const RecordsLock lock;
    if (record.name == nullptr) return enter(record, filled);
  }
  delete[] filled.name;
}

ADDER_COLD ADDER_FUNC std::size_t ClassParts::find_name(const char* text) {
  const std::size_t sizes[] = {methods.size(), statics.size(), attributes.size(), properties.size()};
  const auto name_at = [this](std::size_t kind, std::size_t i) {
    return kind == 0   ? methods.data()[i].ml_name
           : kind == 1 ? statics.data()[i]->def.ml_name
           : kind == 2 ? attributes.data()[i].name
                       : properties.data()[i].name;
  };
  constexpr std::size_t property_kind = 3;
  if (sizes[0] + sizes[1] + sizes[2] + sizes[3] <= 16) {
    for (std::size_t kind = 0; kind < 4; ++kind) {
      for (std::size_t i = 0; i < sizes[kind]; ++i) {
        const char* taken = name_at(kind, i);
        if (taken[0] != text[0] || std::strcmp(taken, text) != 0) continue;
        return kind == property_kind ? i : not_a_property;
      }
    }
    return not_found;
  }
  if (names == nullptr) names = non_null(guard_rare_unwind(PyDict_New));
  for (std::size_t kind = 0; kind < 4; ++kind) {
    for (std::size_t& i = names_of[kind]; i < sizes[kind]; ++i) {
      const OwnedPtr value(Steal(), non_null(PyLong_FromSize_t(kind == property_kind ? i : not_a_property)), {});
      non_negative(PyDict_SetItemString(names, name_at(kind, i), value.as_ptr()));
    }
  }
  const OwnedPtr key(Steal(), non_null(PyUnicode_FromString(text)), {});
  ::PyObject* found = PyDict_GetItemWithError(names, key.as_ptr());
  if (found == nullptr && PyErr_Occurred() != nullptr) throw_fetched();
  return found == nullptr ? not_found : PyLong_AsSize_t(found);
}

ADDER_COLD ADDER_FUNC void ClassParts::check_method(const char* function_name, const FunctionRecord& record,
                                                    bool is_function) {
  const std::string_view text = function_name;
  if (text == "__new__" || text == "__init__" || text == "__del__") {
    refuse_class({qualifier(), text, " is not a method like others: write def_new, def_init, or PyClass<T>::finalize"});
  }
  if (has_type_slot(text)) {
    refuse_class({qualifier(), text,
                  " belongs in a type slot, which a method of that name would not fill: write def<\"", text,
                  "\", ...>()"});
  }
  const std::size_t found = find_name(function_name);
  if (found != not_found) refuse_name(function_name, is_function && found == not_a_property);
  const char* known = name_of(record);
  if (known != nullptr && TextBuilder({qualifier(), text}).view() != known) {
    refuse_class(
        {qualifier(), text, " is bound already, as ", known, ": bind the second name to a member function of its own"});
  }
}

ADDER_COLD ADDER_FUNC void ClassParts::name_setter(FunctionRecord& record, const char* property_name) const {
  TextBuilder text;
  append_property(text, property_name);
  enter_setter(record, text);
}

ADDER_COLD ADDER_FUNC void ClassParts::enter_setter(FunctionRecord& record, const TextBuilder& text) {
  if (name_of(record) == nullptr) {
    FunctionRecord filled;
    filled.name = keep_text(text.view());
    filled.is_setter = true;
    {
      const RecordsLock lock;
      if (record.name == nullptr) return enter(record, filled);
    }
    delete[] filled.name;
  }
  if (text.view() != record.name) {
    refuse_class({text.view(), ": its setter is bound already, as that of ", record.name});
  }
}

ADDER_COLD ADDER_FUNC Property& ClassParts::property(const char* property_name, const char* doc) {
  if (const std::size_t known = find_name(property_name); known != not_found) {
    if (known == not_a_property) refuse_name(property_name);
    Property& found = properties.data()[known];
    if (doc != nullptr) found.doc = keep_text(doc);
    return found;
  }
  properties.push_back(
      {keep_text(property_name), doc == nullptr ? nullptr : keep_text(doc), nullptr, nullptr, nullptr});
  return properties.data()[properties.size() - 1];
}

ADDER_FUNC const char* ClassParts::module_name() const {
  if (shape.module != nullptr || defined_in == nullptr) return shape.module == nullptr ? "" : shape.module;
  const char* text = PyModule_GetName(defined_in);
  if (text == nullptr) throw_fetched();
  return text;
}

ADDER_FUNC const char* ClassParts::module_of_methods() const {
#if PY_VERSION_HEX >= 0x030D0000
  return module_name();
#else
  return "";  // `inspect` asks a method for its `__module__`, which it has not.
#endif
}

ADDER_COLD ADDER_FUNC void ClassParts::refuse_name(const char* function_name, bool may_be_overload) const {
  TextBuilder text({qualifier(), function_name, ": there is something of that name already"});
  if (may_be_overload) {
    text.append(". Functions that share a name are bound together: cls.def<overload<&f, &g>>(\"")
        .append(function_name)
        .append("\")");
  }
  refuse_class({text.view()});
}

}  // namespace adder::inline ADDER_ABI::detail
