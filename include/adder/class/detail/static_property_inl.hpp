// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of static_property.hpp.
#pragma once
#include "adder/class/static_property.hpp"

#include <cstddef>
#include <cstring>

namespace adder::inline ADDER_ABI::detail {

/// "attribute 'current' of class 'Config' " and what is the matter with it. @return -1, with an AttributeError pending.
ADDER_COLD ADDER_FUNC int refuse_static_property(const StaticProperty& property, const char* what) noexcept {
  PyErr_Format(PyExc_AttributeError, "attribute '%U' of class '%s' %s", property.name, property.class_name, what);
  return -1;
}

ADDER_FUNC ::PyObject* get_static_property(::PyObject* self, ::PyObject*, ::PyObject*) noexcept {
  const StaticProperty& property = StaticProperty::of(self);
  if (property.get != nullptr) return property.get(nullptr, nullptr, 0);
  refuse_static_property(property, "is not readable");
  return nullptr;
}

ADDER_FUNC int set_static_property(::PyObject* self, ::PyObject*, ::PyObject* value) noexcept {
  const StaticProperty& property = StaticProperty::of(self);
  if (value == nullptr) return refuse_static_property(property, "cannot be deleted");
  if (property.set == nullptr) return refuse_static_property(property, "is not writable");
  ::PyObject* result = property.set(nullptr, &value, 1);
  Py_XDECREF(result);
  return result == nullptr ? -1 : 0;
}

ADDER_FUNC void drop_static_property(::PyObject* self) noexcept {
  Py_XDECREF(StaticProperty::of(self).name);
  Py_XDECREF(StaticProperty::of(self).doc);
  free_object(self);
}

ADDER_FUNC ::PyObject* name_of_static_property(::PyObject* self, void*) noexcept {
  return Py_NewRef(StaticProperty::of(self).name);
}
ADDER_FUNC ::PyObject* doc_of_static_property(::PyObject* self, void*) noexcept {
  return Py_NewRef(StaticProperty::of(self).doc);
}

/// Python's own way of doing it, unless the class has such a property of that name, or inherits it.
ADDER_FUNC int set_class_attribute(::PyObject* cls, ::PyObject* name, ::PyObject* value) noexcept {
  if (value == nullptr) return PyType_Type.tp_setattro(cls, name, value);
  ::PyObject* found = nullptr;
  try {
    const Bound<PyAny> bases = steal(non_null(guard_unwind(PyObject_GetAttrString, cls, "__mro__")));
    if (!PyTuple_Check(bases.as_ptr())) {  // A metaclass of somebody's own may say anything.
      throw PyErr::Access::mismatch("a tuple of classes as __mro__", bases.as_ptr());
    }
    for (Py_ssize_t i = 0; found == nullptr && i < PyTuple_GET_SIZE(bases.as_ptr()); ++i) {
      if (!PyType_Check(PyTuple_GET_ITEM(bases.as_ptr(), i))) continue;
      auto* base = reinterpret_cast<::PyTypeObject*>(PyTuple_GET_ITEM(bases.as_ptr(), i));
#if PY_VERSION_HEX >= 0x030C0000
      const Bound<PyAny> dict = steal(PyType_GetDict(base));  // That of a built-in type is not in it.
#else
      const Bound<PyAny> dict = borrow(base->tp_dict);
#endif
#if PY_VERSION_HEX >= 0x030D0000
      non_negative(PyDict_GetItemRef(dict.as_ptr(), name, &found));
#else
      found = PyDict_GetItemWithError(dict.as_ptr(), name);
      if (found == nullptr && PyErr_Occurred() != nullptr) throw_fetched();
      Py_XINCREF(found);
#endif
    }
    const bool is_ours = found != nullptr && Py_IS_TYPE(found, StaticProperty::type());
    const int result = is_ours ? set_static_property(found, nullptr, value) : PyType_Type.tp_setattro(cls, name, value);
    Py_XDECREF(found);
    return result;
  } catch (...) {
    translate_current_exception();
    return -1;
  }
}

ADDER_FUNC ::PyTypeObject* StaticProperty::type() {
  static constinit Atomic<::PyObject*> made{nullptr};
  if (::PyObject* found = made.load(Order::acquire); found != nullptr) return reinterpret_cast<::PyTypeObject*>(found);
  static PyGetSetDef attributes[] = {{"__name__", &name_of_static_property, nullptr, nullptr, nullptr},
                                     {"__doc__", &doc_of_static_property, nullptr, nullptr, nullptr},
                                     {nullptr, nullptr, nullptr, nullptr, nullptr}};
  static PyType_Slot slots[] = {{Py_tp_descr_get, reinterpret_cast<void*>(&get_static_property)},
                                {Py_tp_descr_set, reinterpret_cast<void*>(&set_static_property)},
                                {Py_tp_dealloc, reinterpret_cast<void*>(&drop_static_property)},
                                {Py_tp_getset, attributes},
                                {0, nullptr}};
  PyType_Spec spec{"adder.static_property", sizeof(StaticProperty), 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};
  auto* fresh = reinterpret_cast<::PyObject*>(new_type(nullptr, spec, nullptr));
  return reinterpret_cast<::PyTypeObject*>(publish_once(made, fresh));
}

ADDER_FUNC ::PyTypeObject* StaticProperty::metaclass() {
  static constinit Atomic<::PyObject*> made{nullptr};
  if (::PyObject* found = made.load(Order::acquire); found != nullptr) return reinterpret_cast<::PyTypeObject*>(found);
  static PyType_Slot slots[] = {{Py_tp_setattro, reinterpret_cast<void*>(&set_class_attribute)}, {0, nullptr}};
  // As large as `type`, which is why a class that is there already may become one of its.
  PyType_Spec spec{"adder.static_property_type", 0, 0,
                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE, slots};
  auto* fresh = reinterpret_cast<::PyObject*>(new_type(nullptr, spec, reinterpret_cast<::PyObject*>(&PyType_Type)));
  return reinterpret_cast<::PyTypeObject*>(publish_once(made, fresh));
}

ADDER_COLD ADDER_FUNC StaticProperty& StaticProperty::in(ClassParts& parts, const char* property_name) {
  for (std::size_t i = 0; i < parts.attributes.size(); ++i) {
    const ClassAttribute& attribute = parts.attributes.data()[i];
    if (attribute.value != nullptr && Py_IS_TYPE(attribute.value, type()) &&
        std::strcmp(attribute.name, property_name) == 0) {
      return of(attribute.value);
    }
  }
  parts.check_method(property_name, FunctionRecord());
  // SAFETY: PyType_GenericAlloc fills it with zeros, and drop_static_property() takes those for nothing.
  const Bound<PyAny> made = steal(non_null(guard_rare_unwind(PyType_GenericAlloc, type(), 0)));
  of(made.as_ptr()).class_name = parts.name;
  of(made.as_ptr()).doc = Py_NewRef(Py_None);
  of(made.as_ptr()).name = non_null(PyUnicode_InternFromString(property_name));
  parts.attributes.push_back({property_name, made.as_ptr(), nullptr});
  return of(Py_NewRef(made.as_ptr()));
}

ADDER_COLD ADDER_FUNC void StaticProperty::add_getter(ClassParts& parts, const char* property_name, const char* doc,
                                                      Entry entry) {
  StaticProperty& property = in(parts, property_name);
  if (property.get != nullptr) parts.refuse_name(property_name);
  property.get = entry;
  if (doc == nullptr) return;
  ::PyObject* text = non_null(PyUnicode_FromString(doc));
  Py_DECREF(property.doc);
  property.doc = text;
}

ADDER_COLD ADDER_FUNC void StaticProperty::add_setter(ClassParts& parts, const char* property_name,
                                                      FunctionRecord& record, Entry entry) {
  StaticProperty& property = in(parts, property_name);
  if (property.set != nullptr) parts.refuse_name(property_name);
  TextBuilder text;
  text.append("attribute '").append(property_name).append("' of class '").append(parts.name).append("'");
  parts.enter_setter(record, text);
  property.set = entry;
  parts.metaclass = metaclass();
}

}  // namespace adder::inline ADDER_ABI::detail
