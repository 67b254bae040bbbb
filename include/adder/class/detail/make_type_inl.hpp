// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of make_type.hpp.
#pragma once
#include "adder/class/detail/make_type.hpp"

#include <cstring>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC ClassParts::~ClassParts() {
  while (attributes.size() != 0) Py_XDECREF(attributes.pop_back().value);
  Py_XDECREF(names);
}

ADDER_FUNC const char* ClassParts::property_text(const char* property_name) const {
  return keep_text(std::string("attribute '").append(property_name).append("' of '").append(name).append("' objects"));
}

ADDER_COLD ADDER_FUNC PyMethodDef& ClassParts::describe(const char* function_name, FunctionRecord* record,
                                                        Parameter* parameters, PyCFunction entry,
                                                        std::uint64_t shape_bits, int flags, const Extra* extras,
                                                        std::size_t extra_count) {
  const auto function_shape = std::bit_cast<Shape>(shape_bits);
  if (entry != nullptr) check_method(function_name, *record);
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
  const std::string own_qualifier = qualifier();
  fill_record(*record, function_shape, entry, call_flags | (flags & METH_CLASS), parameters,
              {function_name, own_qualifier,
               is_static  ? nullptr
               : is_class ? "$type"
                          : "$self",
               extras, extra_count, !is_static, nullptr});
  return record->def;  // What this thread has entered, or another one.
}

ADDER_COLD ADDER_FUNC void ClassParts::set_constructor(FunctionRecord* record, Parameter* parameters,
                                                       vectorcallfunc call, std::uint64_t shape_bits,
                                                       const Extra* extras, std::size_t extra_count) {
  if (construct != nullptr) throw PySystemError::new_err(std::string(name) + ": def_new was called twice");
  const auto function_shape = std::bit_cast<Shape>(shape_bits);
  construct = call;
  constructor = record;
  if (name_of(*record) != nullptr) {  // As in describe().
#if defined(Py_GIL_DISABLED)
    return;
#endif
    parameters = new Parameter[function_shape.count + 1U];
  }
  fill_record(*record, function_shape, nullptr, 0, parameters, {name, "", nullptr, extras, extra_count, true, nullptr});
}

ADDER_COLD ADDER_FUNC void ClassParts::add_slot(int id, void* function) {
  bool taken = id == Py_tp_dealloc || id == Py_tp_new || id == Py_tp_methods || id == Py_tp_getset || id == Py_tp_doc ||
               id == Py_tp_members || id == Py_tp_traverse || id == Py_tp_clear || id == Py_tp_alloc ||
               id == Py_tp_free || id == Py_tp_base || id == Py_tp_bases || id == Py_tp_finalize || id == Py_tp_del;
  for (std::size_t i = 0; i < slots.size(); ++i) taken = taken || slots.data()[i].slot == id;
  if (taken) {
    throw PySystemError::new_err(std::string(name) + ": the type slot " + std::to_string(id) +
                                 " is filled already, or adder's own");
  }
  if (id == Py_tp_init) has_init = true;
  slots.push_back({id, function});
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
        if (std::strcmp(name_at(kind, i), text) == 0) return kind == property_kind ? i : not_a_property;
      }
    }
    return not_found;
  }
  if (names == nullptr) names = non_null(guard_rare_unwind([] { return PyDict_New(); }));
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

ADDER_COLD ADDER_FUNC void ClassParts::check_method(const char* function_name, const FunctionRecord& record) {
  const std::string_view text = function_name;
  if (text == "__new__" || text == "__init__" || text == "__del__") {
    throw PySystemError::new_err(qualifier() + function_name +
                                 " is not a method like others: write def_new, def_init, or PyClass<T>::finalize");
  }
  if (has_type_slot(function_name)) {
    throw PySystemError::new_err(qualifier() + function_name +
                                 " belongs into a type slot, which a method of that name would not fill: write def<\"" +
                                 function_name + "\", ...>(), or slot() for one that adder does not know");
  }
  if (find_name(function_name) != not_found) refuse_name(function_name);
  const char* known = name_of(record);
  if (known != nullptr && known != qualifier() + function_name) {
    throw PySystemError::new_err(qualifier() + function_name + " is bound already, as " + known +
                                 ": bind the second name to a member function of its own");
  }
}

ADDER_COLD ADDER_FUNC void ClassParts::name_setter(FunctionRecord& record, const char* property_name) const {
  const char* text = property_text(property_name);
  FunctionRecord filled;
  filled.name = text;
  filled.is_setter = true;
  {
    const RecordsLock lock;
    if (record.name == nullptr) return enter(record, filled);
  }
  if (std::string_view(record.name) != text) {
    throw PySystemError::new_err(std::string(text) + ": its setter is bound already, as that of " + record.name);
  }
  delete[] text;
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

/// `__reduce_ex__` of classes that derive from a built-in type. What those do to copy or pickle an object knows nothing
/// of the C++ value, which would be lost without a word: only a `__reduce__` of the class's own, or of a Python
/// subclass, is used.
/// @param self  Of a pyclass.
ADDER_FUNC ::PyObject* refuse_to_reduce(::PyObject* self, ::PyObject*) noexcept {
  // The first class that is not made of Python's heap: the built-in type at the root.
  ::PyTypeObject* root = Py_TYPE(self);
  while (PyType_HasFeature(root, Py_TPFLAGS_HEAPTYPE)) root = root->tp_base;
  ::PyObject* own = PyObject_GetAttrString(reinterpret_cast<::PyObject*>(Py_TYPE(self)), "__reduce__");
  // Not with an exception pending: looking something up may clear it.
  ::PyObject* usual =
      own == nullptr ? nullptr : PyObject_GetAttrString(reinterpret_cast<::PyObject*>(root), "__reduce__");
  ::PyObject* result = nullptr;
  if (usual != nullptr) {
    if (own != usual) {
      result = guard_unwind([&] { return PyObject_CallOneArg(own, self); });
    } else {
      PyErr_Format(PyExc_TypeError, "cannot pickle '%s' object: it holds a C++ value", Py_TYPE(self)->tp_name);
    }
  }
  Py_XDECREF(own);
  Py_XDECREF(usual);
  return result;
}

ADDER_COLD ADDER_FUNC ::PyTypeObject* ClassParts::make_type(::PyObject* module, const char* doc, Py_ssize_t size) {
  if (shape.check != nullptr) shape.check();
  ::PyTypeObject* base = shape.base == nullptr ? nullptr : shape.base();
  ::PyTypeObject* root = shape.root == nullptr ? nullptr : shape.root();
  Py_ssize_t behind = 0;  // Where adder's part begins.
  if (root != nullptr) {
    // Not classes made by Python code either: their deallocator is for Python's own subclasses. Nor those with a
    // metaclass, which knows nothing of what is behind its part of an object.
    if (root->tp_itemsize != 0 || root->tp_new == nullptr || (root->tp_flags & Py_TPFLAGS_BASETYPE) == 0 ||
        (root->tp_flags & Py_TPFLAGS_HEAPTYPE) != 0 || !Py_IS_TYPE(root, &PyType_Type)) {
      throw PyTypeError::new_err(std::string(name) + ": '" + root->tp_name + "' cannot be the base of a pyclass");
    }
    behind = static_cast<Py_ssize_t>(align_up(static_cast<std::size_t>(root->tp_basicsize), allocator_alignment));
    shape.native_size->store(behind, Order::relaxed);
    // Not the root's own: that of `datetime` knows neither the size of our objects nor that the collector sees them.
    slots.push_back({Py_tp_alloc, reinterpret_cast<void*>(&PyType_GenericAlloc)});
    slots.push_back({Py_tp_free, reinterpret_cast<void*>(&PyObject_GC_Del)});
  }
  // Python's own numbers for a member of type Py_ssize_t that can only be read.
  constexpr int of_ssize_t = 19, read_only = 1;
  MemberDef members[3] = {};
  std::size_t member_count = 0;
  const bool own_dict = shape.dict_at != 0 && (root == nullptr || root->tp_dictoffset == 0);
  if (own_dict) {
    members[member_count++] = {"__dictoffset__", of_ssize_t, behind + shape.dict_at, read_only, nullptr};
  }
  if (shape.weaklist_at != 0) {
    members[member_count++] = {"__weaklistoffset__", of_ssize_t, behind + shape.weaklist_at, read_only, nullptr};
  }
  if (member_count != 0) slots.push_back({Py_tp_members, members});
  if (shape.generic) {
    methods.push_back({"__class_getitem__", &Py_GenericAlias, METH_O | METH_CLASS, nullptr});
  }
  if (root != nullptr && shape.keeps_value) {
    methods.push_back({"__reduce_ex__", &refuse_to_reduce, METH_O, nullptr});
  }
  methods.push_back({nullptr, nullptr, 0, nullptr});
  PlainArray<PyGetSetDef> getset;
  if (own_dict) {
    getset.push_back({"__dict__", &PyObject_GenericGetDict, &PyObject_GenericSetDict, nullptr, nullptr});
  }
  for (std::size_t i = 0; i < properties.size(); ++i) {
    const Property& property = properties.data()[i];
    PyGetSetDef def{property.name, property.get, property.set, property.doc, nullptr};
    if (property.del != nullptr) {
      def.set = &set_or_delete;
      def.closure = new Accessors{property.set, property.del, property_text(property.name)};
    }
    getset.push_back(def);
  }
  getset.push_back({nullptr, nullptr, nullptr, nullptr, nullptr});

  unsigned flags = Py_TPFLAGS_DEFAULT;
  // A class whose base can be changed can be changed itself.
  const bool base_is_mutable = base != nullptr && root != base && !PyType_HasFeature(base, Py_TPFLAGS_IMMUTABLETYPE);
  if (!shape.is_mutable && !base_is_mutable) flags |= Py_TPFLAGS_IMMUTABLETYPE;
  if (shape.subclass) flags |= Py_TPFLAGS_BASETYPE;
  if (shape.traverse != nullptr) {
    flags |= Py_TPFLAGS_HAVE_GC;
    slots.push_back({Py_tp_traverse, reinterpret_cast<void*>(shape.traverse)});
    slots.push_back({Py_tp_clear, reinterpret_cast<void*>(shape.clear)});
  }
  if (shape.finalize != nullptr) slots.push_back({Py_tp_finalize, reinterpret_cast<void*>(shape.finalize)});
  if (construct == nullptr) {
    flags |= Py_TPFLAGS_DISALLOW_INSTANTIATION;
  } else {
    newfunc entry = construct_new == nullptr ? &construct_by_vectorcall : construct_new;
    slots.push_back({Py_tp_new, reinterpret_cast<void*>(entry)});
    if (root != nullptr && !has_init && !constructor->shape.var_args) {
      slots.push_back({Py_tp_init, reinterpret_cast<void*>(&ignore_init)});
    }
  }
  const std::string text = std::string(constructor == nullptr ? "" : constructor->def.ml_doc).append(doc);
  slots.push_back({Py_tp_dealloc, reinterpret_cast<void*>(shape.dealloc)});
  slots.push_back({Py_tp_methods, methods.keep()});
  slots.push_back({Py_tp_getset, getset.keep()});
  slots.push_back({Py_tp_doc, const_cast<char*>(text.c_str())});
  slots.push_back({0, nullptr});

  const char* module_name = shape.module;
  if (module_name == nullptr) module_name = module == nullptr ? "builtins" : PyModule_GetName(module);
  if (module_name == nullptr) throw_fetched();
  PyType_Spec spec{keep_text(std::string(module_name) + "." + name), static_cast<int>(behind + size), 0, flags,
                   slots.data()};
  return new_type(module, spec, reinterpret_cast<::PyObject*>(base));
}

ADDER_COLD ADDER_FUNC void ClassParts::finish_type(::PyTypeObject* type, ::PyObject* module) {
  ::PyObject* dict = type->tp_dict;
  for (std::size_t i = 0; i < statics.size(); ++i) {
    // Plain functions instead of staticmethod objects: they are no descriptors, so that nothing is passed to them, and
    // the interpreter specialises calls of them.
    PyMethodDef& def = statics.data()[i]->def;
    const Bound<PyAny> module_name =
        module == nullptr ? borrow(Py_None) : steal(non_null(PyModule_GetNameObject(module)));
    const Bound<PyAny> function = steal(non_null(guard_rare_unwind(
        [&] { return PyCFunction_NewEx(&def, reinterpret_cast<::PyObject*>(type), module_name.as_ptr()); })));
    non_negative(PyDict_SetItemString(dict, def.ml_name, function.as_ptr()));
    static_functions.push_back(function.as_ptr());
  }
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const ClassAttribute& attribute = attributes.data()[i];
    if (attribute.value != nullptr) non_negative(PyDict_SetItemString(dict, attribute.name, attribute.value));
  }
  PyType_Modified(type);
}

ADDER_COLD ADDER_FUNC void ClassParts::settle_type(::PyTypeObject* type) {
  // Only type.__call__ knows of an __init__, and only tp_new of the root's part.
  const bool is_fixed = PyType_HasFeature(type, Py_TPFLAGS_IMMUTABLETYPE) && type->tp_init == PyBaseObject_Type.tp_init;
  if (construct != nullptr && construct_new == nullptr && is_fixed) {
    type->tp_vectorcall = construct;
  } else if (construct != nullptr && construct_new == nullptr) {
    auto* entry = new CalledClass{type, construct, called_classes.load(Order::acquire)};
    Py_INCREF(reinterpret_cast<::PyObject*>(type));
    // ORDER: acq_rel: classes may be made by several threads.
    while (!called_classes.compare_exchange(entry->next, entry, Order::acq_rel)) {
    }
  }
  make_immortal(reinterpret_cast<::PyObject*>(type));
  for (std::size_t i = 0; i < static_functions.size(); ++i) make_immortal(static_functions.data()[i]);
}

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
  ::PyObject* module = module_under_construction;
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
  return std::exchange(fresh.early, nullptr);
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
  return PySystemError::new_err(std::string(name) +
                                ": define() needs the very type that it is making, for a default perhaps");
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

}  // namespace detail

namespace detail {

ADDER_FUNC std::string ClassParts::qualifier() const { return std::string(name).append("."); }

ADDER_COLD ADDER_FUNC void ClassParts::refuse_name(const char* function_name) const {
  throw PySystemError::new_err(qualifier() + function_name + ": there is something of that name already");
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
