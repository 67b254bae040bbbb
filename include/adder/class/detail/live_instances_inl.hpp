// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of live_instances.hpp.
#pragma once
#include "adder/class/detail/live_instances.hpp"

#if ADDER_CHECKED
#include "adder/class/detail/under_construction.hpp"
#include "adder/token/error_scope.hpp"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>
#if defined(Py_GIL_DISABLED)
#include <mutex>
#endif
#endif

namespace adder::inline ADDER_ABI::detail {

#if ADDER_CHECKED

struct NotedInstance {
  std::string cls, place;
  bool hides_fields;
};
/// Never destroyed: objects may die while the program ends. Used attached only.
struct InstanceTable {
#if defined(Py_GIL_DISABLED)
  std::mutex mutex;
#endif
  std::map<const ::PyObject*, NotedInstance> noted;
};
struct [[maybe_unused]] InstanceLock {
#if defined(Py_GIL_DISABLED)
  explicit InstanceLock(InstanceTable& table) : mutex(table.mutex) { mutex.lock(); }
  ~InstanceLock() { mutex.unlock(); }
  InstanceLock(const InstanceLock&) = delete;
  InstanceLock& operator=(const InstanceLock&) = delete;
  std::mutex& mutex;
#else
  explicit InstanceLock(InstanceTable&) {}
#endif
};
ADDER_FUNC InstanceTable& instance_table() {
  static auto* const table = new InstanceTable;
  return *table;
}

/// The line of Python that runs: "app.py:12".
ADDER_FUNC std::string current_line() {
  PyFrameObject* frame = PyEval_GetFrame();
  if (frame == nullptr) return "";
  const Bound<PyAny> code = steal(reinterpret_cast<::PyObject*>(PyFrame_GetCode(frame)));
  const int line = PyFrame_GetLineNumber(frame);
  const Bound<PyAny> file = steal(non_null(PyObject_GetAttrString(code.as_ptr(), "co_filename")));
  const char* text = PyUnicode_AsUTF8(file.as_ptr());
  if (text == nullptr) throw_fetched();
  return std::string(text) + ":" + std::to_string(line);
}

ADDER_COLD ADDER_FUNC void note_instance(::PyObject* object, bool hides_fields) noexcept {
  if (module_under_construction != nullptr || innermost_class_being_made != nullptr) return;
  const ErrorScope pending(token());
  try {
    const ::PyTypeObject* type = Py_TYPE(object);
    NotedInstance instance{type->tp_name, current_line(), hides_fields};
    if (PyType_HasFeature(Py_TYPE(object), Py_TPFLAGS_HEAPTYPE)) {
      // Python classes have no module in tp_name.
      const auto text_of = [type](const char* name) {
        const Bound<PyAny> value = steal(
            non_null(PyObject_GetAttrString(reinterpret_cast<::PyObject*>(const_cast<::PyTypeObject*>(type)), name)));
        const char* text = PyUnicode_Check(value.as_ptr()) ? PyUnicode_AsUTF8(value.as_ptr()) : "?";
        return std::string(text == nullptr ? "?" : text);
      };
      instance.cls = text_of("__module__") + "." + text_of("__qualname__");
    }
    InstanceTable& table = instance_table();
    const InstanceLock lock(table);
    table.noted.insert_or_assign(object, std::move(instance));
  } catch (...) {
    // Not noted: there is no memory, or what Python code answers about the class is no text.
  }
  PyErr_Clear();
}

ADDER_COLD ADDER_FUNC void forget_instance(::PyObject* object) noexcept {
  InstanceTable& table = instance_table();
  const InstanceLock lock(table);
  table.noted.erase(object);
}

ADDER_COLD ADDER_FUNC void track_instances(bool on) {
  InstanceTable& table = instance_table();
  const InstanceLock lock(table);
  table.noted.clear();
  tracks_instances.store(on, Order::relaxed);
}

ADDER_FUNC bool is_tracking_instances() noexcept { return tracks_instances.load(Order::relaxed); }

ADDER_COLD ADDER_FUNC std::vector<LiveInstances> live_instances() {
  struct OfClass {
    std::size_t count = 0;
    std::map<std::string, LiveInstances> by_place{};
  };
  std::map<std::string, OfClass> classes;
  {
    InstanceTable& table = instance_table();
    const InstanceLock lock(table);
    for (const auto& [object, one] : table.noted) {
      OfClass& of_class = classes[one.cls];
      ++of_class.count;
      ++of_class.by_place.try_emplace(one.place, LiveInstances{one.cls, one.place, 0, one.hides_fields})
            .first->second.count;
    }
  }
  std::vector<LiveInstances> result;
  while (!classes.empty()) {
    auto most = classes.begin();
    for (auto at = classes.begin(); at != classes.end(); ++at) {
      if (at->second.count > most->second.count) most = at;
    }
    for (auto& [place, group] : most->second.by_place) result.push_back(std::move(group));
    classes.erase(most);
  }
  return result;
}

ADDER_COLD ADDER_FUNC std::string describe_instances(const std::vector<LiveInstances>& instances) {
  std::string text;
  for (std::size_t i = 0; i < instances.size(); ++i) {
    const LiveInstances& one = instances[i];
    text += "  " + std::to_string(one.count) + " of " + one.cls;
    text += one.place.empty() ? ", made by C++\n" : ", made at " + one.place + "\n";
    if (one.hides_fields && (i + 1 == instances.size() || instances[i + 1].cls != one.cls)) {
      text +=
          "    The fields of this class are private, and its PyClass does not declare them. If they hold Python "
          "objects, Python's\n"
          "    collector never finds cycles through them: list them, `using fields = adder::FieldList<...>`.\n";
    }
  }
  return text;
}

/// What objects are left once the interpreter ended.
ADDER_COLD ADDER_FUNC void report_at_exit() {
  if (Py_IsInitialized() != 0) return;  // Nobody has ended it: they are no leaks.
  const std::vector<LiveInstances> left = live_instances();
  if (left.empty()) return;
  std::size_t count = 0;
  for (const LiveInstances& one : left) count += one.count;
  std::fprintf(stderr, "adder: %zu object%s outlived the interpreter:\n%s", count, count == 1 ? "" : "s",
               describe_instances(left).c_str());
  std::fflush(stderr);
}

ADDER_COLD ADDER_FUNC void track_if_asked() {
  static const bool asked = [] {
    const char* value = std::getenv("ADDER_LEAKS");
    if (value == nullptr || *value == '\0' || std::string(value) == "0") return false;
    track_instances(true);
    return std::atexit(&report_at_exit) == 0;
  }();
  (void)asked;
}

#else
ADDER_FUNC bool is_tracking_instances() noexcept { return false; }
ADDER_COLD ADDER_FUNC void track_instances(bool) {}
ADDER_COLD ADDER_FUNC std::vector<LiveInstances> live_instances() { return {}; }
ADDER_COLD ADDER_FUNC std::string describe_instances(const std::vector<LiveInstances>&) { return ""; }
ADDER_COLD ADDER_FUNC void track_if_asked() {}
#endif

}  // namespace adder::inline ADDER_ABI::detail
