// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of live_instances.hpp.
#pragma once
#include "adder/class/detail/live_instances.hpp"

#if ADDER_CHECKED
#include "adder/class/detail/under_construction.hpp"
#include "adder/token/error_scope.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
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
  const ::PyObject* object;
  std::string cls, place;
  bool hides_fields;
  NotedInstance* next;
};
/// By address. Never destroyed: objects may die while the program ends. Used attached only.
class InstanceTable {
 public:
  /// Takes @p noted over.
  void insert(NotedInstance* noted) {
    erase(noted->object);
    if (count_ == buckets_.size()) grow();
    push(*noted);
    ++count_;
  }
  void erase(const ::PyObject* object) noexcept {
    if (buckets_.empty()) return;
    for (NotedInstance** place = &bucket(object); *place != nullptr; place = &(*place)->next) {
      if ((*place)->object != object) continue;
      delete std::exchange(*place, (*place)->next);
      --count_;
      return;
    }
  }
  void clear() noexcept {
    for (NotedInstance*& first : buckets_) {
      while (first != nullptr) delete std::exchange(first, first->next);
    }
    count_ = 0;
  }
  template <class F>
  void for_each(F&& use) const {
    for (const NotedInstance* noted : buckets_) {
      for (; noted != nullptr; noted = noted->next) use(*noted);
    }
  }
#if defined(Py_GIL_DISABLED)
  std::mutex mutex;
#endif

 private:
  NotedInstance*& bucket(const ::PyObject* object) noexcept {
    return buckets_[(reinterpret_cast<std::uintptr_t>(object) >> 4U) % buckets_.size()];
  }
  void push(NotedInstance& noted) noexcept { noted.next = std::exchange(bucket(noted.object), &noted); }
  void grow() {
    std::vector<NotedInstance*> old(buckets_.empty() ? 61 : 2 * buckets_.size() + 1);
    old.swap(buckets_);
    for (NotedInstance* noted : old) {
      while (noted != nullptr) push(*std::exchange(noted, noted->next));
    }
  }
  std::vector<NotedInstance*> buckets_;
  std::size_t count_ = 0;
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
    std::unique_ptr<NotedInstance> instance(
        new NotedInstance{object, type->tp_name, current_line(), hides_fields, nullptr});
    if (PyType_HasFeature(Py_TYPE(object), Py_TPFLAGS_HEAPTYPE)) {
      // Python classes have no module in tp_name.
      const auto text_of = [type](const char* name) {
        auto* object_of_type = reinterpret_cast<::PyObject*>(const_cast<::PyTypeObject*>(type));
        // A metaclass may answer with Python code, and so let go of the GIL.
        const Bound<PyAny> value =
            steal(non_null(guard_unwind([&] { return PyObject_GetAttrString(object_of_type, name); })));
        const char* text = PyUnicode_Check(value.as_ptr()) ? PyUnicode_AsUTF8(value.as_ptr()) : "?";
        return std::string(text == nullptr ? "?" : text);
      };
      instance->cls = text_of("__module__") + "." + text_of("__qualname__");
    }
    InstanceTable& table = instance_table();
    const InstanceLock lock(table);
    table.insert(instance.get());
    (void)instance.release();
  } catch (...) {
    // Not noted: there is no memory, or what Python code answers about the class is no text.
  }
  PyErr_Clear();
}

ADDER_COLD ADDER_FUNC void forget_instance(::PyObject* object) noexcept {
  InstanceTable& table = instance_table();
  const InstanceLock lock(table);
  table.erase(object);
}

ADDER_COLD ADDER_FUNC void track_instances(bool on) {
  InstanceTable& table = instance_table();
  const InstanceLock lock(table);
  table.clear();
  tracks_instances.store(on, Order::relaxed);
}

ADDER_FUNC bool is_tracking_instances() noexcept { return tracks_instances.load(Order::relaxed); }

ADDER_COLD ADDER_FUNC std::vector<LiveInstances> live_instances() {
  struct OfClass {
    std::string name;
    std::size_t count;
    std::vector<LiveInstances> by_place;
  };
  std::vector<OfClass> classes;  // Of few classes and places: they are searched.
  {
    InstanceTable& table = instance_table();
    const InstanceLock lock(table);
    table.for_each([&](const NotedInstance& noted) {
      OfClass* of_class = nullptr;
      for (OfClass& known : classes) of_class = known.name == noted.cls ? &known : of_class;
      if (of_class == nullptr) of_class = &classes.emplace_back(OfClass{noted.cls, 0, {}});
      ++of_class->count;
      for (LiveInstances& known : of_class->by_place) {
        if (known.place == noted.place) return void(++known.count);
      }
      of_class->by_place.push_back({noted.cls, noted.place, 1, noted.hides_fields});
    });
  }
  const auto take_first = [](auto& from, auto&& comes_before) {
    std::size_t first = 0;
    for (std::size_t i = 1; i < from.size(); ++i) first = comes_before(from[i], from[first]) ? i : first;
    auto taken = std::move(from[first]);
    from.erase(from.begin() + static_cast<std::ptrdiff_t>(first));
    return taken;
  };
  std::vector<LiveInstances> result;
  while (!classes.empty()) {
    OfClass most = take_first(classes, [](const OfClass& a, const OfClass& b) {
      return a.count != b.count ? a.count > b.count : a.name < b.name;
    });
    while (!most.by_place.empty()) {
      result.push_back(take_first(most.by_place, [](const LiveInstances& a, const LiveInstances& b) {
        return a.count != b.count ? a.count > b.count : a.place < b.place;
      }));
    }
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
