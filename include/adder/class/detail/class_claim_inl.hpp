// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of class_claim.hpp.
#pragma once
#include "adder/class/detail/class_claim.hpp"

#include <cstddef>

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC bool ClassBeingMade::answers_for(const ClassPlace& wanted) const noexcept {
  bool found = place == &wanted;
  for (std::size_t i = 0; i < finished.size(); ++i) found = found || finished.data()[i] == &wanted;
  return found;
}

ADDER_FUNC void ClassBeingMade::finish() {
  const auto settle = [this](ClassPlace* ready) {
    if (needs_outer) return outer->finished.push_back(ready);
    ready->store(ready->early.load(Order::relaxed)->type, Order::release);
  };
  while (finished.size() != 0) settle(finished.pop_back());
  settle(place);
}

/// The type of a class but for late attributes: this thread's, or that of another one that was faster.
ADDER_COLD ADDER_FUNC const EarlyType* make_early_type(const char* name, const char* doc, void (*define)(ClassParts&),
                                                       int size, ClassPlace& place, const ClassShape& shape) {
  ClassParts parts(name, shape);
  ::PyObject* module = parts.defined_in = module_under_construction;
  define(parts);
  ::PyTypeObject* type = parts.make_type(module, doc, size);
  const Bound<PyAny> owner = steal(reinterpret_cast<::PyObject*>(type));
  parts.finish_type(type, module);
  const EarlyType* first = place.early.load(Order::acquire);
  if (first != nullptr) return first;
  struct Fresh {
    EarlyType* early;
    ~Fresh() { delete early; }
  } fresh{new EarlyType{type, {}}};
  for (std::size_t i = 0; i < parts.attributes.size(); ++i) {
    const ClassAttribute& attribute = parts.attributes.data()[i];
    if (attribute.late == nullptr) continue;
    fresh.early->late_attributes.push_back({keep_text(attribute.name), nullptr, attribute.late});
  }
  // A type that loses only now, within a few instructions, stays as it is and is never used.
  parts.settle_type(type);
  // ORDER: acq_rel: several threads may get here, with a GIL as well, for `define` may let go of it. The first one's
  // type is kept.
  if (!place.early.compare_exchange(first, fresh.early, Order::acq_rel)) return first;
  Py_INCREF(owner.as_ptr());  // For good.
  return exchange(fresh.early, nullptr);
}

ADDER_FUNC ::PyObject* set_dict_default(::PyObject* dict, ::PyObject* key, ::PyObject* value) {
#if PY_VERSION_HEX >= 0x030D0000
  ::PyObject* found = nullptr;
  non_negative(PyDict_SetDefaultRef(dict, key, value, &found));
  return found;
#else
  return Py_NewRef(non_null(PyDict_SetDefault(dict, key, value)));
#endif
}

/// Whoever needs a class before it is complete makes what is missing, beside others who may be doing so: what is there
/// is not replaced. Nor is it passed over: a value may need a class that is not complete either.
ADDER_COLD ADDER_FUNC void add_late_attributes(const EarlyType& early) {
  for (std::size_t i = 0; i < early.late_attributes.size(); ++i) {
    const ClassAttribute& attribute = early.late_attributes.data()[i];
    const Bound<PyAny> name = steal(non_null(PyUnicode_InternFromString(attribute.name)));
    const Bound<PyAny> value = steal(non_null(attribute.late()));
    Py_DECREF(set_dict_default(early.type->tp_dict, name.as_ptr(), value.as_ptr()));
    PyType_Modified(early.type);
  }
}

ADDER_COLD ADDER_FUNC PyErr needs_itself(const char* name) {
  return PySystemError::new_err(
      TextBuilder({name, ": define() needs the very type that it is making, for a default perhaps"}).view());
}

ADDER_COLD ADDER_FUNC ::PyTypeObject* make_class(const char* name, const char* doc, void (*define)(ClassParts&),
                                                 int size, ClassPlace& place, const ClassShape& shape) {
  if (shape.base != nullptr) {
    (void)shape.base();  // Its late attributes may need this class, and have made it.
    if (::PyTypeObject* type = place.load(Order::acquire)) return type;
  }
  const EarlyType* early = place.early.load(Order::acquire);
  // `define` may need other classes' types, but not its own; late attributes may.
  ClassBeingMade making{&place, innermost_class_being_made};
  for (ClassBeingMade* other = making.outer; other != nullptr; other = other->outer) {
    if (!other->answers_for(place)) continue;
    if (early == nullptr) throw needs_itself(name);
    for (ClassBeingMade* at = making.outer; at != other; at = at->outer) at->needs_outer = true;
    return early->type;
  }
  struct Scope {
    explicit Scope(ClassBeingMade& entry) { innermost_class_being_made = &entry; }
    ~Scope() { innermost_class_being_made = innermost_class_being_made->outer; }
  };
  const Scope scope(making);
  if (early == nullptr) {
    early = make_early_type(name, doc, define, size, place, shape);
  } else if (shape.base != nullptr) {
    (void)shape.base();  // This class is not complete before its base is.
  }
  add_late_attributes(*early);
  making.finish();
  return early->type;
}

}  // namespace adder::inline ADDER_ABI::detail
