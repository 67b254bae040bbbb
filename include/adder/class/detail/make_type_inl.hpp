// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of class_parts.hpp that make the type.
#pragma once
#include "adder/class/detail/class_parts.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

/// Python's PyMemberDef, which up to 3.11 stands in a header full of macros with short names.
struct MemberDef {
  const char* name;
  int type;
  Py_ssize_t offset;
  int flags;
  const char* doc;
};

/// tp_alloc of classes of which only the parts are collected, and those are made elsewhere.
inline ::PyObject* allocate_uncollected(::PyTypeObject* type, Py_ssize_t) noexcept {
  const auto size = static_cast<std::size_t>(type->tp_basicsize);
  auto* object = static_cast<::PyObject*>(PyObject_Calloc(1, size));
  return object == nullptr ? PyErr_NoMemory() : PyObject_Init(object, type);
}

/// tp_init of classes with a built-in root whose constructor has done it all.
inline int ignore_init(::PyObject*, ::PyObject*, ::PyObject*) noexcept { return 0; }

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
      result = guard_unwind(PyObject_CallOneArg, own, self);
    } else {
      PyErr_Format(PyExc_TypeError, "cannot pickle '%s' object: it holds a C++ value", Py_TYPE(self)->tp_name);
    }
  }
  Py_XDECREF(own);
  Py_XDECREF(usual);
  return result;
}

/// Enters the qualified name of a class, and of those in it.
/// @param name  Not owned.
ADDER_COLD ADDER_FUNC void set_qualified_name(::PyTypeObject* type, ::PyObject* name) {
  auto* own = reinterpret_cast<PyHeapTypeObject*>(type);
  const Bound<PyAny> old = borrow(own->ht_qualname);
  const Bound<PyAny> members = steal(non_null(guard_rare_unwind(PyDict_Copy, type->tp_dict)));
#if defined(Py_GIL_DISABLED)
  make_immortal(old.as_ptr());  // Another thread may be about to count it.
#endif
  own->ht_qualname = Py_NewRef(name);
  Py_DECREF(old.as_ptr());
  Py_ssize_t position = 0;
  ::PyObject *key = nullptr, *value = nullptr;
  while (PyDict_Next(members.as_ptr(), &position, &key, &value) != 0) {
    if (!PyType_Check(value) || !PyType_HasFeature(reinterpret_cast<::PyTypeObject*>(value), Py_TPFLAGS_HEAPTYPE)) {
      continue;
    }
    auto* inner = reinterpret_cast<PyHeapTypeObject*>(value);
    const Bound<PyAny> was = steal(non_null(PyUnicode_FromFormat("%U.%U", old.as_ptr(), inner->ht_name)));
    if (PyUnicode_Compare(was.as_ptr(), inner->ht_qualname) != 0) continue;
    const Bound<PyAny> is = steal(non_null(PyUnicode_FromFormat("%U.%U", name, inner->ht_name)));
    set_qualified_name(reinterpret_cast<::PyTypeObject*>(value), is.as_ptr());
  }
}

ADDER_COLD ADDER_FUNC ::PyObject* nest_class(::PyTypeObject* inner, ::PyTypeObject* outer) {
  auto* own = reinterpret_cast<PyHeapTypeObject*>(inner);
  ::PyObject* around = reinterpret_cast<PyHeapTypeObject*>(outer)->ht_qualname;
  const Bound<PyAny> name = steal(non_null(PyUnicode_FromFormat("%U.%U", around, own->ht_name)));
  if (PyUnicode_Compare(name.as_ptr(), own->ht_qualname) != 0) {
    if (PyUnicode_Compare(own->ht_name, own->ht_qualname) != 0) {
      PyErr_Format(
          PyExc_SystemError,
          "add_class: '%U' cannot be a class in '%U': its name says that it is in another one, or it is in one "
          "already. A further name for it is an attribute",
          own->ht_qualname, around);
      throw_fetched();
    }
    set_qualified_name(inner, name.as_ptr());
  }
  return Py_NewRef(reinterpret_cast<::PyObject*>(inner));
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
      const bool is_python = (root->tp_flags & Py_TPFLAGS_HEAPTYPE) != 0;
      throw PyTypeError::new_err(
          TextBuilder({name, ": '", root->tp_name, "' cannot be the base of a pyclass",
                       is_python ? "; a class written in Python is named by PyClass<T>::python_base" : ""})
              .view());
    }
    behind = size_of_native_part(root);
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
    static const PyGetSetDef def = {"__dict__", &PyObject_GenericGetDict, &PyObject_GenericSetDict, nullptr, nullptr};
    getset.push_back(def);
  }
  for (std::size_t i = 0; i < properties.size(); ++i) {
    const Property& property = properties.data()[i];
    PyGetSetDef def{property.name, property.get, property.set, property.doc, nullptr};
    if (property.del != nullptr) {
      def.set = &set_or_delete;
      TextBuilder shown;
      append_property(shown, property.name);
      def.closure = new Accessors{property.set, property.del, keep_text(shown.view())};
    }
    getset.push_back(def);
  }
  getset.push_back({nullptr, nullptr, nullptr, nullptr, nullptr});

  unsigned flags = Py_TPFLAGS_DEFAULT;
  // A class whose base can be changed can be changed itself.
  const bool base_is_mutable = base != nullptr && root != base && !PyType_HasFeature(base, Py_TPFLAGS_IMMUTABLETYPE);
  if (!shape.is_mutable && !base_is_mutable) flags |= Py_TPFLAGS_IMMUTABLETYPE;
  if (shape.subclass) flags |= Py_TPFLAGS_BASETYPE;
  if (abstract_base != nullptr) flags |= static_cast<unsigned>(collection_flag());
  if (shape.traverse != nullptr) {
    flags |= Py_TPFLAGS_HAVE_GC;
    slots.push_back({Py_tp_traverse, reinterpret_cast<void*>(shape.traverse)});
    slots.push_back({Py_tp_clear, reinterpret_cast<void*>(shape.clear)});
  }
  if (shape.is_collected != nullptr) {
    slots.push_back({Py_tp_is_gc, reinterpret_cast<void*>(shape.is_collected)});
    slots.push_back(
        {Py_tp_alloc, reinterpret_cast<void*>(shape.plain_memory ? &allocate_uncollected : &PyType_GenericAlloc)});
    slots.push_back({Py_tp_free, reinterpret_cast<void*>(shape.plain_memory ? &free_uncollected : &PyObject_GC_Del)});
  }
  if (shape.finalize != nullptr) slots.push_back({Py_tp_finalize, reinterpret_cast<void*>(shape.finalize)});
  if (construct == nullptr) {
    flags |= Py_TPFLAGS_DISALLOW_INSTANTIATION;
  } else {
    newfunc entry = construct_new != nullptr  ? construct_new
                    : subclass_new != nullptr ? subclass_new
                    : constructs_from_nothing ? &construct_from_nothing
                                              : &construct_by_vectorcall;
    slots.push_back({Py_tp_new, reinterpret_cast<void*>(entry)});
    if (root != nullptr && !has_init && !constructor->shape.var_args) {
      slots.push_back({Py_tp_init, reinterpret_cast<void*>(&ignore_init)});
    }
    // The `__init__` of a base that is for Python subclasses alone takes the base's arguments.
    if (root == nullptr && !has_init && base != nullptr && base->tp_vectorcall != nullptr &&
        base->tp_init != PyBaseObject_Type.tp_init) {
      slots.push_back({Py_tp_init, reinterpret_cast<void*>(&ignore_init)});
      constructs_at_once = true;
    }
  }
  TextBuilder text;  // Python copies it.
  // The class's own words come first: they are what tools show as its summary. Before them stands a text signature,
  // which ends with an empty line, or one that `inspect` could not read, which does not.
  const std::string_view of_new = constructor == nullptr ? "" : constructor->def.ml_doc;
  constexpr std::string_view end = ")\n--\n\n";
  const std::size_t at = of_new.find(end);
  const std::size_t before = at == std::string_view::npos ? of_new.size() : at + end.size();
  text.append(of_new.substr(0, before));
  if (before != 0 && at == std::string_view::npos && doc[0] != '\0') text.append("\n\n");
  text.append(doc);
  if (before != of_new.size() && doc[0] != '\0') text.append("\n\n");
  text.append(of_new.substr(before));
  keep_hash(base);
  slots.push_back({Py_tp_dealloc, reinterpret_cast<void*>(shape.dealloc)});
  slots.push_back({Py_tp_methods, methods.keep()});
  slots.push_back({Py_tp_getset, getset.keep()});
  slots.push_back({Py_tp_doc, const_cast<char*>(text.c_str())});
  slots.push_back({0, nullptr});

  const char* module_name = shape.module;
  if (module_name == nullptr) module_name = module == nullptr ? "builtins" : PyModule_GetName(module);
  if (module_name == nullptr) throw_fetched();
  TextBuilder full_name;
  full_name.append(module_name).append(".").append(name);
  PyType_Spec spec{keep_text(full_name.view()), static_cast<int>(behind + size), 0, flags, slots.data()};
  ::PyTypeObject* type = new_type(module, spec, reinterpret_cast<::PyObject*>(base));
  // Up to 3.11 CPython does not look for that of the base.
  ::PyTypeObject* wanted = metaclass == nullptr && base != nullptr ? Py_TYPE(base) : metaclass;
  if (wanted != nullptr && !Py_IS_TYPE(type, wanted)) {
    Py_INCREF(reinterpret_cast<::PyObject*>(wanted));
    Py_SET_TYPE(reinterpret_cast<::PyObject*>(type), wanted);  // From `type`, which owns no count.
  }
  if (last_name(name) != name) {  // Python took what stands before the last dot for the module's name.
    const Bound<PyAny> owner = steal(reinterpret_cast<::PyObject*>(type));
    const Bound<PyAny> module_text = steal(non_null(PyUnicode_FromString(module_name)));
    non_negative(PyDict_SetItemString(type->tp_dict, "__module__", module_text.as_ptr()));
    const Bound<PyAny> qualified = steal(non_null(PyUnicode_FromString(name)));
    set_qualified_name(type, qualified.as_ptr());
    Py_INCREF(owner.as_ptr());
  }
  return type;
}

/// Dunders that share a slot.
struct SharedDunder {
  unsigned char slot;
  unsigned char which;
  char dunder[14];  // In place: pointers would have to be adjusted in each module that is loaded.
};
inline constexpr SharedDunder shared_dunders[] = {{Py_tp_richcompare, Py_LT, "__lt__"},
                                                  {Py_tp_richcompare, Py_LE, "__le__"},
                                                  {Py_tp_richcompare, Py_EQ, "__eq__"},
                                                  {Py_tp_richcompare, Py_NE, "__ne__"},
                                                  {Py_tp_richcompare, Py_GT, "__gt__"},
                                                  {Py_tp_richcompare, Py_GE, "__ge__"},
                                                  {Py_mp_ass_subscript, 0, "__setitem__"},
                                                  {Py_mp_ass_subscript, 1, "__delitem__"},
                                                  {Py_tp_descr_set, 0, "__set__"},
                                                  {Py_tp_descr_set, 1, "__delete__"},
                                                  {Py_nb_add, 0, "__add__"},
                                                  {Py_nb_add, 1, "__radd__"},
                                                  {Py_nb_subtract, 0, "__sub__"},
                                                  {Py_nb_subtract, 1, "__rsub__"},
                                                  {Py_nb_multiply, 0, "__mul__"},
                                                  {Py_nb_multiply, 1, "__rmul__"},
                                                  {Py_nb_matrix_multiply, 0, "__matmul__"},
                                                  {Py_nb_matrix_multiply, 1, "__rmatmul__"},
                                                  {Py_nb_true_divide, 0, "__truediv__"},
                                                  {Py_nb_true_divide, 1, "__rtruediv__"},
                                                  {Py_nb_floor_divide, 0, "__floordiv__"},
                                                  {Py_nb_floor_divide, 1, "__rfloordiv__"},
                                                  {Py_nb_remainder, 0, "__mod__"},
                                                  {Py_nb_remainder, 1, "__rmod__"},
                                                  {Py_nb_divmod, 0, "__divmod__"},
                                                  {Py_nb_divmod, 1, "__rdivmod__"},
                                                  {Py_nb_power, 0, "__pow__"},
                                                  {Py_nb_power, 1, "__rpow__"},
                                                  {Py_nb_lshift, 0, "__lshift__"},
                                                  {Py_nb_lshift, 1, "__rlshift__"},
                                                  {Py_nb_rshift, 0, "__rshift__"},
                                                  {Py_nb_rshift, 1, "__rrshift__"},
                                                  {Py_nb_and, 0, "__and__"},
                                                  {Py_nb_and, 1, "__rand__"},
                                                  {Py_nb_xor, 0, "__xor__"},
                                                  {Py_nb_xor, 1, "__rxor__"},
                                                  {Py_nb_or, 0, "__or__"},
                                                  {Py_nb_or, 1, "__ror__"}};

ADDER_COLD ADDER_FUNC const char* reflected_name(int id) noexcept {
  for (const SharedDunder& shared : shared_dunders) {
    if (shared.slot == id && shared.which == 1) return shared.dunder;
  }
  return "";
}

ADDER_COLD ADDER_FUNC void ClassParts::keep_hash(const ::PyTypeObject* base) {
  constexpr unsigned equality = 1U << static_cast<unsigned>(Py_EQ);
  if (halves[Py_tp_richcompare] == 0 || (halves[Py_tp_richcompare] & equality) != 0) return;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots.data()[i].slot == Py_tp_hash) return;
  }
  slots.push_back({Py_tp_hash, reinterpret_cast<void*>(base == nullptr ? PyBaseObject_Type.tp_hash : base->tp_hash)});
}

ADDER_COLD ADDER_FUNC void ClassParts::remove_unbound(::PyTypeObject* type) const {
  for (const SharedDunder& shared : shared_dunders) {
    if (halves[shared.slot] == 0 || (halves[shared.slot] & (1U << shared.which)) != 0) continue;
    const OwnedPtr name_object(Steal(), non_null(PyUnicode_FromString(shared.dunder)), {});
    const int there = PyDict_Contains(type->tp_dict, name_object.as_ptr());
    non_negative(there);
    if (there == 1) non_negative(PyDict_DelItem(type->tp_dict, name_object.as_ptr()));
  }
}

ADDER_COLD ADDER_FUNC void ClassParts::set_match_args(const char* const* match_names, std::size_t count) {
  check_method("__match_args__", FunctionRecord());
  const auto size = static_cast<Py_ssize_t>(count);
  Bound<PyAny> tuple = steal(non_null(guard_rare_unwind(PyTuple_New, size)));
  for (Py_ssize_t i = 0; i < size; ++i) {
    PyTuple_SET_ITEM(tuple.as_ptr(), i, non_null(PyUnicode_InternFromString(match_names[i])));
  }
  attributes.push_back({"__match_args__", tuple.as_ptr(), nullptr});
  match_args = std::move(tuple).into_ptr();
}

ADDER_COLD ADDER_FUNC void ClassParts::check_match_args(::PyTypeObject* type) const {
  if (match_args == nullptr) return;
  const auto refuse = [this](::PyObject* wrong, const char* why) {
    PyErr_Format(PyExc_SystemError, "%s.__match_args__: '%U' %s", name, wrong, why);
    throw_fetched();
  };
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(match_args); ++i) {
    ::PyObject* own = PyTuple_GET_ITEM(match_args, i);
    for (Py_ssize_t before = 0; before < i; ++before) {
      if (PyUnicode_Compare(PyTuple_GET_ITEM(match_args, before), own) == 0) refuse(own, "is there twice");
    }
    // Of the type: that finds the descriptor itself, of a base, too.
    ::PyObject* attribute = guard_rare_unwind(PyObject_GetAttr, reinterpret_cast<::PyObject*>(type), own);
    if (attribute == nullptr) {
      if (PyErr_ExceptionMatches(PyExc_AttributeError) == 0) throw_fetched();
      PyErr_Clear();
      refuse(own, "is no getter or field of the class");
    }
    const Bound<PyAny> found = steal(attribute);
    if (Py_TYPE(attribute)->tp_descr_get == nullptr || Py_TYPE(attribute)->tp_descr_set == nullptr) {
      refuse(own, "is something else than a getter or field of the class");
    }
    if (Py_IS_TYPE(attribute, &PyGetSetDescr_Type) &&
        reinterpret_cast<PyGetSetDescrObject*>(attribute)->d_getset->get == nullptr) {
      refuse(own, "has a setter, but no getter");
    }
  }
}

ADDER_FUNC unsigned long ClassParts::collection_flag() const noexcept {
  const std::string_view text = abstract_base;
  if (text == "Sequence" || text == "MutableSequence") return Py_TPFLAGS_SEQUENCE;
  return text == "Mapping" || text == "MutableMapping" ? Py_TPFLAGS_MAPPING : 0;
}

ADDER_COLD ADDER_FUNC void ClassParts::register_abstract(::PyTypeObject* type) const {
  const Bound<PyAny> module = steal(non_null(guard_unwind(PyImport_ImportModule, "collections.abc")));
  const Bound<PyAny> base = steal(non_null(guard_unwind(PyObject_GetAttrString, module.as_ptr(), abstract_base)));
  const Bound<PyAny> done =
      steal(non_null(guard_unwind([&] { return PyObject_CallMethod(base.as_ptr(), "register", "O", type); })));
}

ADDER_COLD ADDER_FUNC void ClassParts::finish_type(::PyTypeObject* type, ::PyObject* module) {
  ::PyObject* dict = type->tp_dict;
  remove_unbound(type);
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
  check_match_args(type);
  PyType_Modified(type);
  if (abstract_base != nullptr) register_abstract(type);
}

ADDER_COLD ADDER_FUNC void ClassParts::settle_type(::PyTypeObject* type) {
  // Only type.__call__ knows of an __init__, and only tp_new of the root's part.
  const bool is_fixed = PyType_HasFeature(type, Py_TPFLAGS_IMMUTABLETYPE) &&
                        (type->tp_init == PyBaseObject_Type.tp_init || subclass_new != nullptr || constructs_at_once);
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

}  // namespace adder::inline ADDER_ABI::detail
