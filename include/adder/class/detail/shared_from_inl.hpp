// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of shared_from.hpp.
#pragma once
#include "adder/class/shared_from.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

ADDER_COLD ADDER_FUNC void abandon_elsewhere(const SharedClass& home, ::PyObject* object) noexcept {
  home.abandon(object);
}
#if ADDER_CHECKED
ADDER_COLD ADDER_FUNC void note_elsewhere(const SharedClass& home, ::PyObject* object) noexcept { home.note(object); }
#endif

inline constexpr const char* shared_class_capsule = "adder.shared_class";

ADDER_COLD ADDER_FUNC void join_under_way(UnderWayLists& others) noexcept {
  for (;;) {
    UnderWayLists* from = &last_joined(own_under_way_lists);
    UnderWayLists* to = &last_joined(others);
    if (from == to) return;
    // Always upwards: whatever joins what at the same time, no circle comes of it.
    if (reinterpret_cast<std::uintptr_t>(from) > reinterpret_cast<std::uintptr_t>(to)) std::swap(from, to);
    UnderWayLists* none = nullptr;
    if (from->joined.compare_exchange(none, to, Order::acq_rel)) return;
  }
}

ADDER_COLD ADDER_FUNC bool is_under_construction(const char* module) {
  if (module_under_construction == nullptr) return false;
  const char* name = PyModule_GetName(module_under_construction);
  if (name == nullptr) throw_fetched();
  return std::strcmp(name, module) == 0;
}

ADDER_COLD ADDER_FUNC ::PyObject* make_class_capsule(const SharedClass& shared) {
  return non_null(PyCapsule_New(const_cast<SharedClass*>(&shared), shared_class_capsule, nullptr));
}

/// Says in what a class is another one than this module was compiled for; nothing where it is the same.
ADDER_COLD ADDER_FUNC void compare_facts(const SharedClass& home, const SharedClass& wanted, TextBuilder& text) {
  const auto differ = [&](const char* what, const char* there, const char* here) {
    text.append(what).append(" ").append(there).append(" there and ").append(here).append(" here");
  };
  if (std::strcmp(home.type, wanted.type) != 0) return differ("it is the C++ class", home.type, wanted.type);
  if (std::strcmp(home.holder, wanted.holder) != 0) return differ("its holder is", home.holder, wanted.holder);
  static constexpr const char* sizes[] = {"the bytes of a value are", "the alignment of a value is",
                                          "the place of a value is", "the bytes of an object are",
                                          "the bytes of an object's state are"};
  for (std::size_t i = 0; i < std::size(sizes); ++i) {
    const std::size_t there = home.facts.sizes[i], here = wanted.facts.sizes[i];
    if (there != here) return differ(sizes[i], std::to_string(there).c_str(), std::to_string(here).c_str());
  }
  static constexpr const char* options[] = {
      "frozen",      "unsendable",          "subclass",        "dict",     "weakref",
      "python_base", "fields with handles", "a built-in base", "finalize", "what the collector visits"};
  for (std::size_t i = 0; i < std::size(options); ++i) {
    const bool there = home.facts.options[i], here = wanted.facts.options[i];
    if (there != here) return differ(options[i], there ? "is said" : "is not said", here ? "is" : "is not");
  }
}

ADDER_COLD ADDER_FUNC const SharedClass& import_class(const char* module, const char* name, const SharedClass& wanted) {
  ::PyObject* imported = guard_unwind(PyImport_ImportModule, module);
  if (imported == nullptr) {
    TextBuilder note;
    note.append("adder: PyClass<T>::shared_from says that the class '")
        .append(name)
        .append("' is from '")
        .append(module);
    note.append("': that is the whole name by which Python imports the module, with the package that it is in");
    note_pending(note.view());
    throw_fetched();
  }
  Bound<PyAny> found = steal(imported);
  for (std::string_view rest = name; !rest.empty();) {
    const std::size_t dot = rest.find('.');
    const Bound<PyAny> part = steal(non_null(text_to_str(rest.substr(0, dot))));
    ::PyObject* next = guard_unwind(PyObject_GetAttr, found.as_ptr(), part.as_ptr());
    if (next == nullptr) {
      TextBuilder note;
      note.append("adder: PyClass<T>::shared_from says that the class '").append(name).append("' is from there: that ");
      note.append("module's body calls add_class for it, above what needs it");
      note_pending(note.view());
      throw_fetched();
    }
    found = steal(next);
    rest = dot == rest.npos ? std::string_view() : rest.substr(dot + 1);
  }
  TextBuilder text;
  text.append("'").append(module).append(".").append(name).append("' ");
  const SharedClass* home = nullptr;
  if (PyType_Check(found.as_ptr())) {
    ::PyObject* capsule = guard_unwind(PyObject_GetAttrString, found.as_ptr(), shared_class_attribute);
    if (capsule == nullptr) {
      if (PyErr_ExceptionMatches(PyExc_AttributeError) == 0) throw_fetched();
      PyErr_Clear();
    } else {
      const Bound<PyAny> kept = steal(capsule);
      if (PyCapsule_IsValid(capsule, shared_class_capsule) != 0) {
        home = static_cast<const SharedClass*>(PyCapsule_GetPointer(capsule, shared_class_capsule));
      }
    }
  }
  if (home != nullptr && (home->format != wanted.format || std::strcmp(home->build, wanted.build) != 0)) {
    text.append("was compiled with ").append(home->build).append(", this module with ").append(wanted.build);
    text.append(": they cannot share objects");
  } else if (home == nullptr || reinterpret_cast<::PyObject*>(home->shown->load(Order::acquire)) != found.as_ptr()) {
    text.append("is not a class that modules share: its PyClass names the module with `shared_from`");
  } else {
    TextBuilder difference;
    compare_facts(*home, wanted, difference);
    if (difference.view().empty()) return *home;
    text.append("is not the class that this module was compiled for: ").append(difference.view());
    text.append("; compile both with the same headers");
  }
  PyErr_SetString(PyExc_TypeError, text.c_str());
  throw_fetched();
}

}  // namespace adder::inline ADDER_ABI::detail
