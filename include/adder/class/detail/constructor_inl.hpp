// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of constructor.hpp.
#pragma once
#include "adder/class/detail/constructor.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC FlatArguments::FlatArguments(::PyObject* args, ::PyObject* keywords) noexcept
    : given_(PyTuple_GET_SIZE(args)) {
  Py_ssize_t named = keywords == nullptr ? 0 : dict_size(keywords);
  if (named == 0) {
    values_ = &PyTuple_GET_ITEM(args, 0);
    return;
  }
  do {
    release_if_any(exchange(names_, nullptr));
    named = dict_size(keywords);
    // Up to 3.11 this may run the collector, and with it Python code that changes the dict.
    names_ = guard_rare_unwind(PyTuple_New, named);
    if (names_ == nullptr) return;
  } while (dict_size(keywords) != named);
  own_ = static_cast<::PyObject**>(PyMem_Malloc(static_cast<std::size_t>(given_ + named) * sizeof(::PyObject*)));
  if (own_ == nullptr) {
    PyErr_NoMemory();
    return;
  }
  for (Py_ssize_t i = 0; i < given_; ++i) own_[i] = PyTuple_GET_ITEM(args, i);
  if (copy(keywords, named)) values_ = own_;
}

ADDER_FUNC FlatArguments::~FlatArguments() {
  for (Py_ssize_t i = 0; i < named_; ++i) release(own_[given_ + i]);
  release_if_any(names_);
  PyMem_Free(own_);
}

ADDER_FUNC bool FlatArguments::copy(::PyObject* keywords, Py_ssize_t named) noexcept {
#if defined(Py_GIL_DISABLED)
  PyCriticalSection section;
  PyCriticalSection_Begin(&section, keywords);
#endif
  const char* problem = nullptr;
  Py_ssize_t position = 0;
  ::PyObject *name = nullptr, *value = nullptr;
  while (problem == nullptr && PyDict_Next(keywords, &position, &name, &value) != 0) {
    if (!PyUnicode_Check(name)) {
      problem = "keywords must be strings";
    } else if (named_ == named) {
      problem = changed;
    } else {
      PyTuple_SET_ITEM(names_, named_, Py_NewRef(name));
      // Owned: the dict may be somebody's who changes it while the arguments are converted.
      own_[given_ + named_++] = Py_NewRef(value);
    }
  }
#if defined(Py_GIL_DISABLED)
  PyCriticalSection_End(&section);
#endif
  if (problem == nullptr && named_ != named) problem = changed;
  if (problem != nullptr) PyErr_SetString(problem == changed ? PyExc_RuntimeError : PyExc_TypeError, problem);
  return problem == nullptr;
}

ADDER_NOINLINE ADDER_FUNC ::PyObject* begin_plain(::PyObject* type, ::PyObject* const* args, std::size_t flags,
                                                  ::PyObject* keywords, const FunctionRecord* record, ScalarSlot* slots,
                                                  std::uint64_t codes) noexcept {
  if (!load_bound(type, record, args, PyVectorcall_NARGS(flags), keywords, record->shape.count, codes, slots)) {
    return nullptr;
  }
  return allocate_plain(reinterpret_cast<::PyTypeObject*>(type));
}

ADDER_NOINLINE ADDER_FUNC ::PyObject* begin_open(::PyObject* type, ::PyObject* const* args, std::size_t flags,
                                                 ::PyObject* keywords, const FunctionRecord* record, ScalarSlot* slots,
                                                 std::uint64_t codes, const ClassPlace& own) noexcept {
  if (!load_bound(type, record, args, PyVectorcall_NARGS(flags), keywords, record->shape.count, codes, slots)) {
    return nullptr;
  }
  auto* called = reinterpret_cast<::PyTypeObject*>(type);
  return called == own.load(Order::relaxed) ? allocate_plain(called) : allocate_subclass(called);
}

ADDER_COLD ADDER_FUNC ::PyObject* of_called_class(::PyTypeObject* called, ::PyObject* object) noexcept {
  if (object == nullptr || PyObject_TypeCheck(object, called)) return object;
  PyErr_Format(PyExc_TypeError, "%s() returned a '%s' object, which is no '%s': give the subclass a __new__ of its own",
               called->tp_name, Py_TYPE(object)->tp_name, called->tp_name);
  release(object);
  return nullptr;
}

ADDER_COLD ADDER_FUNC ::PyObject* refuse_abstract(const char* class_name) noexcept {
  PyErr_Format(PyExc_TypeError,
               "cannot create '%s' instances: the class is abstract, and Python classes derive from it", class_name);
  return nullptr;
}

ADDER_COLD ADDER_FUNC ::PyObject* refuse_new(::PyTypeObject* called) noexcept {
  if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) return nullptr;
  bool has_own = false;
  {
    const ErrorScope pending(token());
    const auto get = [called](const char* name) {
      ::PyObject* found = guard_unwind(PyObject_GetAttrString, reinterpret_cast<::PyObject*>(called), name);
      if (found == nullptr) PyErr_Clear();
      return found;
    };
    // A slot of a type in C shows as these.
    ::PyObject *init = get("__init__"), *make = get("__new__");
    has_own = init != nullptr && !Py_IS_TYPE(init, &PyWrapperDescr_Type) && make != nullptr && PyCFunction_Check(make);
    release_if_any(init);
    release_if_any(make);
  }
  if (has_own) {
    TextBuilder text;
    text.append("the class '")
        .append(called->tp_name)
        .append("' has an __init__ of its own, but the arguments of the ");
    text.append("call go to __new__ first, which it has from its base class: define __new__, too");
    note_pending(text.view());
  }
  return nullptr;
}

/// Whether the TypeError that is pending is one that bind_arguments() sets.
ADDER_COLD ADDER_FUNC bool is_about_arguments() noexcept {
  if (PyErr_ExceptionMatches(PyExc_TypeError) == 0) return false;
  ::PyObject* error = take_raised();
  ::PyObject* text = guard_unwind(PyObject_Str, error);
  const char* known = text == nullptr ? nullptr : PyUnicode_AsUTF8(text);
  if (known == nullptr) PyErr_Clear();
  const std::string_view shown = known == nullptr ? "" : known;
  bool result = false;
  static constexpr const char* kinds[] = {"() takes ", "() got ", "() missing "};
  for (const char* kind : kinds) {
    result = result || shown.find(kind) != shown.npos;
  }
  release_if_any(text);
  set_raised(error);
  return result;
}

/// The constructor of the nearest pyclass that a class is, or derives from.
ADDER_FUNC vectorcallfunc find_constructor(const ::PyTypeObject* type) noexcept {
  for (;; type = type->tp_base) {
    if (type->tp_vectorcall != nullptr) return type->tp_vectorcall;
    // ORDER: acquire sees what was entered.
    for (const CalledClass* at = called_classes.load(Order::acquire); at != nullptr; at = at->next) {
      if (at->type == type) return at->construct;
    }
  }
}

ADDER_FUNC ::PyObject* construct_by_vectorcall(::PyTypeObject* type, ::PyObject* args, ::PyObject* keywords) noexcept {
  const vectorcallfunc construct = find_constructor(type);
  auto* const called = reinterpret_cast<::PyObject*>(type);
  ::PyObject* object = nullptr;
  if (keywords == nullptr || dict_size(keywords) == 0) {
    object = construct(called, &PyTuple_GET_ITEM(args, 0), static_cast<std::size_t>(PyTuple_GET_SIZE(args)), nullptr);
  } else {
    const FlatArguments flat(args, keywords);
    if (flat.values() == nullptr) return nullptr;
    object = construct(called, flat.values(), static_cast<std::size_t>(flat.given()), flat.names());
  }
  if (object == nullptr) return is_about_arguments() ? refuse_new(type) : nullptr;
  // Objects of a Python subclass may be collected where those of the class are not, whose constructor then knows
  // nothing of it. What a factory found elsewhere is tracked already.
  if (PyType_IS_GC(Py_TYPE(object)) && PyObject_GC_IsTracked(object) == 0 &&
      (Py_TYPE(object)->tp_is_gc == nullptr || PyObject_IS_GC(object) != 0)) {
    PyObject_GC_Track(object);
  }
  return object;
}

ADDER_FUNC ::PyObject* construct_from_nothing(::PyTypeObject* type, ::PyObject* args, ::PyObject* keywords) noexcept {
  if (type->tp_init == PyBaseObject_Type.tp_init) return construct_by_vectorcall(type, args, keywords);
  ::PyObject* none = guard_rare_unwind(PyTuple_New, 0);
  if (none == nullptr) return nullptr;
  ::PyObject* object = construct_by_vectorcall(type, none, nullptr);
  Py_DECREF(none);
  return object;
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
