// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of data_class.hpp.
#pragma once
#include "adder/class/data_class.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// What is shown of a default: the value; nothing of a factory.
ADDER_FUNC ::PyObject* shown_field_default(::PyObject* value) noexcept {
  if (!is_field_default(value)) return value;
  const FieldDefault& field = Layout<FieldDefault>::value(value);
  return field.is_factory ? Py_Ellipsis : field.value.as_ptr();
}

ADDER_COLD ADDER_FUNC ::PyObject* make_field_default(::PyObject* value, PyMethodDef* factory) {
  shown_default.store(&shown_field_default, Order::release);
  // What has no hash may be changed, by Python's rule for data classes: each object has one of its own.
  const bool is_factory = Py_TYPE(value)->tp_hash == &PyObject_HashNotImplemented;
  Bound<PyAny> shown = is_factory
                           ? steal(non_null(guard_rare_unwind([&] { return PyCFunction_New(factory, nullptr); })))
                           : borrow(value);
  return Bound<FieldDefault>::new_(token(), std::move(shown).unbind(), is_factory).into_ptr();
}

ADDER_FUNC const char* annotation_or_object(const char* expected) noexcept {
  static constexpr std::string_view known[] = {"bool", "int",  "float", "complex", "str",       "bytes",
                                               "list", "dict", "tuple", "set",     "frozenset", "bytearray"};
  for (const std::string_view name : known) {
    if (name == expected) return expected;
  }
  return "object";
}

ADDER_COLD ADDER_FUNC void refuse_field_order(const char* class_name) {
  throw PyErr::Access::lazy(PyExc_SystemError, std::string(class_name) +
                                                   ": DataClass lists the fields in another order than the class "
                                                   "declares them in, and they would be mixed up");
}

ADDER_COLD ADDER_FUNC PyErr wrong_state(::PyObject* state, std::size_t count) {
  if (!PyTuple_Check(state)) return PyErr::Access::mismatch("tuple", state);
  return PyErr::Access::lazy(PyExc_ValueError, "expected a tuple of " + std::to_string(count) + " fields, got " +
                                                   std::to_string(PyTuple_GET_SIZE(state)));
}

ADDER_FUNC bool is_free(const ClassParts& parts, int id) noexcept {
  for (std::size_t i = 0; i < parts.slots.size(); ++i) {
    if (parts.slots.data()[i].slot == id) return false;
  }
  return true;
}

ADDER_FUNC ::PyObject* show_fields(::PyObject* self, const FieldText* fields, std::size_t count) noexcept {
  const int entered = Py_ReprEnter(self);
  if (entered != 0) return entered > 0 ? PyUnicode_FromString("...") : nullptr;
  ::PyObject* result = nullptr;
  try {
    const OwnedPtr name(
        Steal(), non_null(PyObject_GetAttrString(reinterpret_cast<::PyObject*>(Py_TYPE(self)), "__qualname__")), {});
    Bound<PyAny> text = steal(non_null(PyUnicode_FromFormat("%U(", name.as_ptr())));
    for (std::size_t i = 0; i < count; ++i) {
      const OwnedPtr value(Steal(), non_null(guard_unwind(PyObject_GetAttrString, self, fields[i].name)), {});
      ::PyObject* longer = guard_unwind([&] {
        return PyUnicode_FromFormat("%U%s%s=%R", text.as_ptr(), i == 0 ? "" : ", ", fields[i].name, value.as_ptr());
      });
      text = steal(non_null(longer));
    }
    result = PyUnicode_FromFormat("%U)", text.as_ptr());
  } catch (...) {
    translate_current_exception();
  }
  Py_ReprLeave(self);
  return result;
}

/// The text of `__annotations__` for a field.
ADDER_FUNC Bound<PyAny> annotation_text(const FieldText& field) {
  return steal(non_null(PyUnicode_FromFormat(field.optional_type ? "%s | None" : "%s", field.annotation)));
}

/// `dataclasses.make_dataclass(name, [(name, type, field(...)), ...], ...)`.
ADDER_COLD ADDER_FUNC Bound<PyAny> make_twin(const DataClassTwin& twin) {
  const Python py = token();
  const DataClassText& text = *twin.text;
  const Bound<PyAny> module = py.import("dataclasses").into_any();
  const Bound<PyAny> make_field = module.getattr("field");
  const Bound<PyAny> fields = steal(non_null(PyList_New(0)));
  for (std::size_t i = 0; i < text.count; ++i) {
    const Bound<PyAny> options = steal(non_null(PyDict_New()));
    const auto set = [&](const char* name, ::PyObject* value) {
      non_negative(PyDict_SetItemString(options.as_ptr(), name, value));
    };
    set("kw_only", i >= text.positional ? Py_True : Py_False);
    if (twin.constructor != nullptr && text.fields[i].takes_default) {
      ::PyObject* value = twin.constructor->parameters[i].default_value;
      if (value != nullptr && is_field_default(value)) {
        const FieldDefault& field = Layout<FieldDefault>::value(value);
        set(field.is_factory ? "default_factory" : "default", field.value.as_ptr());
      }
    }
    const Bound<PyAny> none = steal(non_null(PyTuple_New(0)));
    const Bound<PyAny> field =
        steal(non_null(guard_unwind(PyObject_Call, make_field.as_ptr(), none.as_ptr(), options.as_ptr())));
    const Bound<PyAny> annotation = annotation_text(text.fields[i]);
    const Bound<PyAny> item =
        steal(non_null(Py_BuildValue("(sOO)", text.fields[i].name, annotation.as_ptr(), field.as_ptr())));
    non_negative(PyList_Append(fields.as_ptr(), item.as_ptr()));
  }
  const auto flag = [](bool value) { return value ? Py_True : Py_False; };
  const Bound<PyAny> args = steal(non_null(Py_BuildValue("(sO)", last_name(text.name), fields.as_ptr())));
  // What an "order" needs is there, whatever the class has made of it.
  const Bound<PyAny> options =
      steal(non_null(Py_BuildValue("{sOsOsOsOsOsOsO}", "init", flag(text.init), "repr", flag(text.repr), "eq",
                                   flag(text.eq), "order", flag(text.order), "unsafe_hash", flag(text.unsafe_hash),
                                   "frozen", flag(text.frozen), "match_args", flag(text.match_args))));
  const Bound<PyAny> make = module.getattr("make_dataclass");
  return steal(non_null(guard_unwind(PyObject_Call, make.as_ptr(), args.as_ptr(), options.as_ptr())));
}

ADDER_FUNC ::PyObject* get_data_attribute(::PyObject* self, ::PyObject*, ::PyObject*) noexcept {
  try {
    const DataClassAttribute& attribute = Layout<DataClassAttribute>::value(self);
    ::PyObject* made = attribute.twin->made.load(Order::acquire);
    if (made == nullptr) {
      Bound<PyAny> twin = make_twin(*attribute.twin);
      // ORDER: acq_rel: threads may race; the first one's stays, for good.
      if (attribute.twin->made.compare_exchange(made, twin.as_ptr(), Order::acq_rel)) made = std::move(twin).into_ptr();
    }
    return guard_unwind(PyObject_GetAttrString, made, attribute.name);
  } catch (...) {
    translate_current_exception();
    return nullptr;
  }
}

/// `__replace__`, which `copy.replace` of 3.13 calls.
ADDER_FUNC ::PyObject* replace_fields(::PyObject* self, ::PyObject* args, ::PyObject* changes) noexcept {
  try {
    if (PyTuple_GET_SIZE(args) != 0) {
      PyErr_SetString(PyExc_TypeError, "__replace__() takes no positional arguments");
      return nullptr;
    }
    const Bound<PyAny> replace = token().import("dataclasses").getattr("replace");
    const Bound<PyAny> own = steal(non_null(PyTuple_Pack(1, self)));
    return guard_unwind(PyObject_Call, replace.as_ptr(), own.as_ptr(), changes);
  } catch (...) {
    translate_current_exception();
    return nullptr;
  }
}

ADDER_COLD ADDER_FUNC void add_data_class(ClassParts& parts, DataClassTwin& twin) {
  const DataClassText& text = *twin.text;
  const auto add = [&](const char* name, Bound<PyAny> value) {
    if (parts.find_name(name) != ClassParts::not_found) return;
    parts.attributes.push_back({name, value.as_ptr(), nullptr});
    (void)std::move(value).into_ptr();
  };
  if (text.match_args) {
    const Bound<PyAny> names = steal(non_null(PyTuple_New(static_cast<Py_ssize_t>(text.positional))));
    for (std::size_t i = 0; i < text.positional; ++i) {
      PyTuple_SET_ITEM(names.as_ptr(), static_cast<Py_ssize_t>(i),
                       non_null(PyUnicode_InternFromString(text.fields[i].name)));
    }
    add("__match_args__", names);
  }
  const Bound<PyAny> annotations = steal(non_null(PyDict_New()));
  for (std::size_t i = 0; i < text.count; ++i) {
    const Bound<PyAny> annotation = annotation_text(text.fields[i]);
    non_negative(PyDict_SetItemString(annotations.as_ptr(), text.fields[i].name, annotation.as_ptr()));
  }
  add("__annotations__", annotations);
  for (const char* name : {"__dataclass_fields__", "__dataclass_params__"}) {
    add(name, Bound<DataClassAttribute>::new_(token(), &twin, name).into_any());
  }
  if (parts.find_name("__replace__") == ClassParts::not_found) {
    parts.methods.push_back({"__replace__",
                             reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&replace_fields)),
                             METH_VARARGS | METH_KEYWORDS, nullptr});
  }
}

}  // namespace detail

ADDER_FUNC void PyClass<detail::DataClassAttribute>::define(ClassBuilder<detail::DataClassAttribute>& cls) {
  cls.slot(Py_tp_descr_get, reinterpret_cast<void*>(&detail::get_data_attribute));
}

}  // namespace adder::inline ADDER_ABI
