// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of module_builder.hpp.
#pragma once
#include "adder/class/detail/instance_list.hpp"
#include "adder/module/module_builder.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

/// A new reference to what a dict has under a string; null where it has nothing.
ADDER_FUNC ::PyObject* get_dict_item(::PyObject* dict, ::PyObject* key) {
  ::PyObject* found = nullptr;
#if PY_VERSION_HEX >= 0x030D0000
  non_negative(PyDict_GetItemRef(dict, key, &found));
#else
  found = PyDict_GetItemWithError(dict, key);
  if (found == nullptr && PyErr_Occurred() != nullptr) throw_fetched();
  Py_XINCREF(found);
#endif
  return found;
}

/// The last item of a list, which may be gone already; null if there is none.
ADDER_FUNC ::PyObject* last_item_of(::PyObject* list) noexcept {
  const Py_ssize_t size = PyList_GET_SIZE(list);
  if (size == 0) return nullptr;
#if defined(Py_GIL_DISABLED)
  ::PyObject* last = PyList_GetItemRef(list, size - 1);
  if (last == nullptr) PyErr_Clear();  // Another thread has made the list shorter.
  release_if_any(last);
  return last;
#else
  return PyList_GET_ITEM(list, size - 1);
#endif
}

/// Whether two objects are Python functions of one C++ function.
ADDER_FUNC bool call_the_same(::PyObject* one, ::PyObject* other) noexcept {
  return PyCFunction_Check(one) && PyCFunction_Check(other) &&
         PyCFunction_GET_FUNCTION(one) == PyCFunction_GET_FUNCTION(other);
}

ADDER_FUNC void ExportedNames::look_at(::PyObject* all) {
  if (all == list && PyList_GET_SIZE(all) == size && last_item_of(all) == last) return;
  release_if_any(exchange(list, Py_NewRef(all)));
  release_if_any(exchange(names, nullptr));
  size = PyList_GET_SIZE(all);
  last = last_item_of(all);
  names = guard_unwind(PySet_New, all);
  if (names != nullptr) {
    PyObject_GC_UnTrack(names);  // Or the collector would look through all names each time.
    return;
  }
  if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) throw_fetched();
  PyErr_Clear();  // Something unhashable.
}

ADDER_FUNC void ExportedNames::add(::PyObject* name) {
  bool found = false;
  if (names == nullptr) {
    found = non_negative(guard_unwind(PySequence_Contains, list, name)) != 0;
  } else {
    const Py_ssize_t before = PySet_GET_SIZE(names);
    non_negative(guard_unwind(PySet_Add, names, name));
    found = PySet_GET_SIZE(names) == before;
  }
  if (found) return;
  size = -1;  // Until both have it.
  non_negative(PyList_Append(list, name));
  size = PyList_GET_SIZE(list);
  last = name;
}

ADDER_FUNC SubmoduleScope::~SubmoduleScope() {
  if (new_submodules != nullptr && failed_) {
    const ErrorScope pending(token());
    ::PyObject* modules = PyImport_GetModuleDict();
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(new_submodules); ++i) {
      guard_unwind(PyDict_DelItem, modules, PyList_GET_ITEM(new_submodules, i));
      PyErr_Clear();  // Somebody else took it out.
    }
  }
  Py_XDECREF(exchange(new_submodules, outer_));
}

#if ADDER_CHECKED
/// `__adder_instances__(None)` of each module lists what is alive, for tests: (class, place, count, whether the class
/// hides its fields). With True objects are noted from now on, with False no more.
ADDER_COLD ADDER_FUNC ::PyObject* tell_instances(::PyObject*, ::PyObject* wanted) noexcept {
  try {
    if (wanted != Py_None) {
      const int on = PyObject_IsTrue(wanted);
      if (on < 0) return nullptr;
      track_instances(on != 0);
      return Py_NewRef(Py_None);
    }
    const Bound<PyAny> list = steal(non_null(PyList_New(0)));
    for (const LiveInstances& one : live_instances()) {
      const Bound<PyAny> entry =
          steal(non_null(Py_BuildValue("ssnO", one.cls.c_str(), one.place.c_str(), static_cast<Py_ssize_t>(one.count),
                                       one.hides_fields ? Py_True : Py_False)));
      non_negative(PyList_Append(list.as_ptr(), entry.as_ptr()));
    }
    return Py_NewRef(list.as_ptr());
  } catch (...) {
    translate_current_exception();
    return nullptr;
  }
}
inline constinit PyMethodDef instance_functions[] = {{"__adder_instances__", &tell_instances, METH_O, nullptr},
                                                     {nullptr, nullptr, 0, nullptr}};
#endif

ADDER_FUNC int run_module_body(::PyObject* module, void (*body)(ModuleBuilder&)) noexcept {
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
    PyErr_Format(PyExc_ImportError, "module %s does not support loading in subinterpreters", PyModule_GetName(module));
    return -1;
  }
  if (attach_gate.closed()) {
    PyErr_Format(PyExc_ImportError, "module %s cannot be loaded again after the interpreter was shut down",
                 PyModule_GetName(module));
    return -1;
  }
  adopt_runtime();
#if ADDER_CHECKED
  track_if_asked();
  if (PyModule_AddFunctions(module, instance_functions) < 0) return -1;
#endif
  SubmoduleScope submodules;
  try {
    ModuleBuilder builder(module);
#if ADDER_STUBS
    note_body(module, [&] { body(builder); });
#else
    body(builder);
#endif
    submodules.succeed();
    return 0;
  } catch (...) {
    translate_current_exception();
    return -1;
  }
}

}  // namespace detail

ADDER_COLD ADDER_FUNC void ModuleBuilder::add_function(const char* name, detail::FunctionRecord* record,
                                                       detail::Parameter* parameters, PyCFunction entry,
                                                       std::uint64_t shape_bits, const detail::Extra* extras,
                                                       std::size_t extra_count) {
  const auto shape = __builtin_bit_cast(detail::Shape, shape_bits);
  add_object(name,
             detail::make_function(module_.as_ptr(), record, parameters, shape, entry, name, extras, extra_count));
}

ADDER_COLD ADDER_FUNC void ModuleBuilder::add_type(const char* name, const detail::Atomic<::PyTypeObject*>& place,
                                                   ::PyTypeObject* (*make)()) {
  ::PyTypeObject* type = place.load(detail::Order::acquire);
  add_type(name, type != nullptr ? type : make());
}

ADDER_COLD ADDER_FUNC void ModuleBuilder::add_plain_type(const char* name, const char* doc,
                                                         void (*define)(detail::ClassParts&), int size,
                                                         detail::ClassPlace& place) {
  ::PyTypeObject* type = place.load(detail::Order::acquire);
  add_type(name, type != nullptr ? type : detail::make_class(name, doc, define, size, place, detail::plain_class));
}

ADDER_COLD ADDER_FUNC void ModuleBuilder::add_open_type(const char* name, const char* doc,
                                                        void (*define)(detail::ClassParts&), int size,
                                                        detail::ClassPlace& place) {
  ::PyTypeObject* type = place.load(detail::Order::acquire);
  add_type(name, type != nullptr ? type : detail::make_class(name, doc, define, size, place, detail::open_class));
}

ADDER_COLD ADDER_FUNC void ModuleBuilder::add_type(const char* name, ::PyTypeObject* type) {
  const char* own_name = detail::last_name(name);
  if (own_name != name && add_nested_type(name, type)) return;
  add_object(own_name, Py_NewRef(reinterpret_cast<::PyObject*>(type)));
}

ADDER_COLD ADDER_FUNC bool ModuleBuilder::add_nested_type(const char* name, ::PyTypeObject* type) {
  const auto get = [](const Bound<PyAny>& owner, const Bound<PyAny>& part) {  // Null where there is none.
    ::PyObject* found = detail::guard_unwind(PyObject_GetAttr, owner.as_ptr(), part.as_ptr());
    if (found == nullptr && PyErr_ExceptionMatches(PyExc_AttributeError) == 0) detail::throw_fetched();
    PyErr_Clear();
    return found;
  };
  Bound<PyAny> owner = detail::borrow(module_.as_ptr());
  std::string_view rest = name;
  for (std::size_t dot = 0; (dot = rest.find('.')) != rest.npos; rest.remove_prefix(dot + 1)) {
    ::PyObject* found = get(owner, detail::steal(detail::non_null(detail::text_to_str(rest.substr(0, dot)))));
    if (found == nullptr) return false;
    owner = detail::steal(found);
  }
  const Bound<PyAny> own_name = detail::steal(detail::non_null(detail::text_to_str(rest)));
  ::PyObject* found = get(owner, own_name);
  detail::release_if_any(found);
  if (found == reinterpret_cast<::PyObject*>(type)) return true;  // The outer class has it from its `define`.
  if (PyType_Check(owner.as_ptr()) &&
      PyType_HasFeature(reinterpret_cast<::PyTypeObject*>(owner.as_ptr()), Py_TPFLAGS_IMMUTABLETYPE)) {
    const char* outer = reinterpret_cast<::PyTypeObject*>(owner.as_ptr())->tp_name;
    throw PyErr::Access::lazy(PyExc_SystemError,
                              detail::TextBuilder({name, ": the class '", outer,
                                                   "' cannot be changed any more: its define() is where to write "
                                                   "cls.add_class<...>()"})
                                  .view());
  }
  detail::non_negative(
      detail::guard_unwind(PyObject_SetAttr, owner.as_ptr(), own_name.as_ptr(), reinterpret_cast<::PyObject*>(type)));
  return true;
}

ADDER_FUNC void ModuleBuilder::add_to_all(::PyObject* name) {
  ::PyObject* dict = PyModule_GetDict(module_.as_ptr());
  ::PyObject* key = Interned<"__all__">::get(py());
  ::PyObject* all = detail::get_dict_item(dict, key);
  if (all == nullptr) {
    const Bound<PyAny> made = detail::steal(detail::non_null(detail::guard_rare_unwind(PyList_New, 0)));
    all = detail::set_dict_default(dict, key, made.as_ptr());
  }
  const Bound<PyAny> owner = detail::steal(all);
  if (!PyList_CheckExact(all)) return;  // Somebody's own.
  exported_.look_at(all);
  exported_.add(name);  // It may be there already, as where the body runs again.
}

ADDER_COLD ADDER_FUNC void ModuleBuilder::refuse_name(const char* name) const {
  const char* module = PyModule_GetName(module_.as_ptr());
  if (module == nullptr) detail::throw_fetched();
  constexpr const char* why =
      ": the module has something of that name already. Functions that share a name are bound together: "
      "m.def<overload<&f, &g>>(\"";
  throw PyErr::Access::lazy(PyExc_SystemError, detail::TextBuilder({module, ".", name, why, name, "\")"}).view());
}

ADDER_FUNC void ModuleBuilder::add_object(const char* name, ::PyObject* object, Replace replace) {
  const Bound<PyAny> owner = detail::steal(object);
  ::PyObject* module = module_.as_ptr();
  const Bound<PyAny> text = detail::steal(detail::non_null(PyUnicode_InternFromString(name)));
  // What a plain module does for such a name.
  const bool is_plain = Py_IS_TYPE(module, &PyModule_Type) && name[0] != '_';
  if (is_plain) {
    ::PyObject* dict = PyModule_GetDict(module);
    ::PyObject* found = detail::guard_unwind(detail::set_dict_default, dict, text.as_ptr(), object);
    // Another thread may run the body for a submodule that both share: its functions are these.
    const bool is_taken = replace == Replace::no && is_first_run_ && !detail::call_the_same(found, object);
    detail::release(found);
    if (found != object) {
      if (is_taken) refuse_name(name);
      detail::non_negative(detail::guard_unwind(PyDict_SetItem, dict, text.as_ptr(), object));
    }
  } else {
    detail::non_negative(detail::guard_unwind(PyObject_SetAttr, module, text.as_ptr(), object));
  }
  if (name[0] != '_') add_to_all(text.as_ptr());
}

ADDER_FUNC ::PyObject* ModuleBuilder::new_submodule(const char* name) {
  const Bound<PyAny> outer = detail::steal(detail::non_null(PyModule_GetNameObject(module_.as_ptr())));
  const Bound<PyAny> full_name = detail::steal(detail::non_null(PyUnicode_FromFormat("%U.%s", outer.as_ptr(), name)));
  ::PyObject* modules = PyImport_GetModuleDict();
  ::PyObject* found = detail::get_dict_item(modules, full_name.as_ptr());
  const bool is_new = found == nullptr || !PyModule_Check(found);
  detail::release_if_any(found);
  if (is_new) {
    if (detail::new_submodules == nullptr)
      detail::new_submodules = detail::non_null(detail::guard_rare_unwind(PyList_New, 0));
    detail::non_negative(PyList_Append(detail::new_submodules, full_name.as_ptr()));
  }
  // Where the body runs again it is the module that is there, as for a module that is reloaded.
#if PY_VERSION_HEX >= 0x030D0000
  const char* text = PyUnicode_AsUTF8(full_name.as_ptr());
  if (text == nullptr) detail::throw_fetched();
  return detail::non_null(detail::guard_unwind(PyImport_AddModuleRef, text));
#else
  return Py_NewRef(detail::non_null(detail::guard_unwind(PyImport_AddModuleObject, full_name.as_ptr())));
#endif
}

ADDER_FUNC void ModuleBuilder::doc(std::string_view text) {
  const Bound<PyAny> string =
      detail::steal(detail::non_null(PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size()))));
  detail::non_negative(detail::guard_unwind(PyObject_SetAttrString, module_.as_ptr(), "__doc__", string.as_ptr()));
}

ADDER_FUNC ModuleBuilder::ModuleBuilder(::PyObject* module)
    : module_(detail::borrow<PyModule>(module)), outer_(detail::exchange(detail::module_under_construction, module)) {
  ::PyObject* all = detail::get_dict_item(PyModule_GetDict(module), Interned<"__all__">::get(py()));
  is_first_run_ = all == nullptr;
  detail::release_if_any(all);
}

namespace detail {

ADDER_FUNC SubmoduleScope::SubmoduleScope() noexcept : outer_(exchange(new_submodules, nullptr)) {}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
