// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of live_instances.hpp.
#pragma once
#include "adder/class/detail/instance_list.hpp"
#include "adder/class/detail/live_instances.hpp"

#if ADDER_CHECKED
#include "adder/base/detail/text_builder.hpp"
#include "adder/class/detail/under_construction.hpp"
#include "adder/token/error_scope.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
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
  void insert(const ::PyObject* object, std::string&& cls, std::string&& place, bool hides_fields) {
    erase(object);
    if (count_ == bucket_count_) grow();
    push(*new NotedInstance{object, std::move(cls), std::move(place), hides_fields, nullptr});
    ++count_;
  }
  void erase(const ::PyObject* object) noexcept {
    if (bucket_count_ == 0) return;
    for (NotedInstance** place = &bucket(object); *place != nullptr; place = &(*place)->next) {
      if ((*place)->object != object) continue;
      delete exchange(*place, (*place)->next);
      --count_;
      return;
    }
  }
  void clear() noexcept {
    for (std::size_t i = 0; i < bucket_count_; ++i) {
      while (buckets_[i] != nullptr) delete exchange(buckets_[i], buckets_[i]->next);
    }
    count_ = 0;
  }
  template <class F>
  void for_each(F&& use) const {
    for (std::size_t i = 0; i < bucket_count_; ++i) {
      for (const NotedInstance* noted = buckets_[i]; noted != nullptr; noted = noted->next) use(*noted);
    }
  }
#if defined(Py_GIL_DISABLED)
  std::mutex mutex;
#endif

 private:
  NotedInstance*& bucket(const ::PyObject* object) noexcept {
    return buckets_[(reinterpret_cast<std::uintptr_t>(object) >> 4U) % bucket_count_];
  }
  void push(NotedInstance& noted) noexcept { noted.next = exchange(bucket(noted.object), &noted); }
  void grow() {
    const std::size_t more = bucket_count_ == 0 ? 61 : 2 * bucket_count_ + 1;
    NotedInstance** old = exchange(
        buckets_, new NotedInstance* [more] {});
    const std::size_t old_count = exchange(bucket_count_, more);
    for (std::size_t i = 0; i < old_count; ++i) {
      for (NotedInstance* noted = old[i]; noted != nullptr;) push(*exchange(noted, noted->next));
    }
    delete[] old;
  }
  NotedInstance** buckets_ = nullptr;
  std::size_t bucket_count_ = 0, count_ = 0;
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

/// A str as UTF-8, whatever is in it. Runs no Python code.
ADDER_FUNC std::string text_of_str(::PyObject* text) {
  const Bound<PyAny> bytes = steal(non_null(PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace")));
  return {PyBytes_AS_STRING(bytes.as_ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.as_ptr()))};
}
/// "shop.Basket". A metaclass is not asked: its answer would be Python code, in the middle of an object's construction.
ADDER_FUNC std::string name_of_class(::PyTypeObject* type) {
  if (!PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) return type->tp_name;
  // Python classes have no module in tp_name.
  const Bound<PyAny> qualname = peek(reinterpret_cast<::PyHeapTypeObject*>(type)->ht_qualname).as_bound();
  const Bound<PyAny> key = steal(non_null(PyUnicode_InternFromString("__module__")));
#if defined(Py_GIL_DISABLED)
  ::PyObject* found = nullptr;
  non_negative(PyDict_GetItemRef(type->tp_dict, key.as_ptr(), &found));
#else
  ::PyObject* found = PyDict_GetItemWithError(type->tp_dict, key.as_ptr());
  if (found == nullptr && PyErr_Occurred() != nullptr) throw_fetched();
  Py_XINCREF(found);
#endif
  if (found == nullptr) return text_of_str(qualname.as_ptr());
  const Bound<PyAny> module = steal(found);
  if (!PyUnicode_Check(found)) return text_of_str(qualname.as_ptr());
  return text_of_str(found).append(".").append(text_of_str(qualname.as_ptr()));
}

/// The line of Python that runs: "app.py:12". The file alone where the code does not say its lines.
ADDER_FUNC std::string current_line() {
  PyFrameObject* frame = PyEval_GetFrame();
  if (frame == nullptr) return "";
  const Bound<PyAny> code = steal(reinterpret_cast<::PyObject*>(PyFrame_GetCode(frame)));
  const int line = PyFrame_GetLineNumber(frame);
  const Bound<PyAny> file = steal(non_null(PyObject_GetAttrString(code.as_ptr(), "co_filename")));
  if (line < 0) return text_of_str(file.as_ptr());
  TextBuilder number;
  number.append_number(static_cast<std::size_t>(line));
  return text_of_str(file.as_ptr()).append(":").append(number.c_str());
}

ADDER_COLD ADDER_FUNC void note_instance(::PyObject* object, bool hides_fields) noexcept {
  if (module_under_construction != nullptr || innermost_class_being_made != nullptr) return;
  const ErrorScope pending(token());
  try {
    std::string cls = name_of_class(Py_TYPE(object)), place = current_line();
    InstanceTable& table = instance_table();
    const InstanceLock lock(table);
    table.insert(object, std::move(cls), std::move(place), hides_fields);
  } catch (...) {
    // Not noted: there is no memory.
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

ADDER_COLD ADDER_FUNC void InstanceList::push_back(LiveInstances item) {
  if (size_ == room_) {
    const std::size_t more = 2 * room_ + 4;
    auto* longer = new LiveInstances[more];
    for (std::size_t i = 0; i < size_; ++i) longer[i] = std::move(items_[i]);
    delete[] exchange(items_, longer);
    room_ = more;
  }
  items_[size_++] = std::move(item);
}

ADDER_COLD ADDER_FUNC InstanceList live_instances() {
  InstanceList found;  // Of few classes and places: they are searched.
  {
    InstanceTable& table = instance_table();
    const InstanceLock lock(table);
    table.for_each([&](const NotedInstance& noted) {
      for (LiveInstances& known : found) {
        if (known.cls.compare(noted.cls) == 0 && known.place.compare(noted.place) == 0) return void(++known.count);
      }
      found.push_back({noted.cls, noted.place, 1, noted.hides_fields});
    });
  }
  const auto count_of = [&](const std::string& cls) {
    std::size_t count = 0;
    for (const LiveInstances& one : found) count += one.cls.compare(cls) == 0 ? one.count : 0;
    return count;
  };
  const auto comes_before = [&](const LiveInstances& a, const LiveInstances& b) {
    if (a.cls.compare(b.cls) == 0) return a.count != b.count ? a.count > b.count : a.place.compare(b.place) < 0;
    const std::size_t of_a = count_of(a.cls), of_b = count_of(b.cls);
    return of_a != of_b ? of_a > of_b : a.cls.compare(b.cls) < 0;
  };
  for (LiveInstances& next : found) {
    for (LiveInstances* one = &next; one != found.begin() && comes_before(*one, one[-1]); --one) {
      std::swap(*one, one[-1]);
    }
  }
  return found;
}

ADDER_COLD ADDER_FUNC std::string describe_instances(const LiveInstances* first, const LiveInstances* end) {
  TextBuilder text;
  for (; first != end; ++first) {
    text.append("  ").append_number(first->count).append(" of ").append(first->cls.c_str());
    text.append(first->place.empty() ? ", made by C++" : ", made at ").append(first->place.c_str()).append("\n");
    if (first->hides_fields && (first + 1 == end || first[1].cls.compare(first->cls) != 0)) {
      text.append(
          "    The fields of this class are private, and its PyClass does not declare them. If they hold Python "
          "objects, Python's\n"
          "    collector never finds cycles through them: list them, `using fields = adder::FieldList<...>`.\n");
    }
  }
  return {text.c_str(), text.size()};
}

/// What objects are left once the interpreter ended.
ADDER_COLD ADDER_FUNC void report_at_exit() {
  if (Py_IsInitialized() != 0) return;  // Nobody has ended it: they are no leaks.
  const InstanceList left = live_instances();
  if (left.empty()) return;
  std::size_t count = 0;
  for (const LiveInstances& one : left) count += one.count;
  std::fprintf(stderr, "adder: %zu object%s outlived the interpreter:\n%s", count, count == 1 ? "" : "s",
               describe_instances(left.begin(), left.end()).c_str());
  std::fflush(stderr);
}

ADDER_COLD ADDER_FUNC void track_if_asked() {
  static const bool asked = [] {
    const char* value = std::getenv("ADDER_LEAKS");
    if (value == nullptr || *value == '\0' || std::strcmp(value, "0") == 0) return false;
    track_instances(true);
    return std::atexit(&report_at_exit) == 0;
  }();
  (void)asked;
}

#else
ADDER_FUNC bool is_tracking_instances() noexcept { return false; }
ADDER_COLD ADDER_FUNC void track_instances(bool) {}
ADDER_COLD ADDER_FUNC void InstanceList::push_back(LiveInstances) {}
ADDER_COLD ADDER_FUNC InstanceList live_instances() { return {}; }
ADDER_COLD ADDER_FUNC std::string describe_instances(const LiveInstances*, const LiveInstances*) { return ""; }
ADDER_COLD ADDER_FUNC void track_if_asked() {}
#endif

}  // namespace adder::inline ADDER_ABI::detail
