// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of testing.hpp.
#pragma once
#include "adder/module/testing.hpp"

#include <cstddef>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC LinesOfSnippet::~LinesOfSnippet() {
  const ErrorScope pending(token());
  guard_unwind([&] {
    return outer_.is_none() ? PyObject_DelItem(cache_.as_ptr(), file_name_.as_ptr())
                            : PyObject_SetItem(cache_.as_ptr(), file_name_.as_ptr(), outer_.as_ptr());
  });
  PyErr_Clear();  // The lines stay, or are gone already.
}

}  // namespace detail

namespace detail {

ADDER_FUNC LinesOfSnippet::LinesOfSnippet(Python py, const char* file_name, std::size_t size, const Bound<PyAny>& lines)
    : cache_(py.import("linecache").getattr("cache"_s)),
      file_name_(PyString::new_(py, file_name)),
      outer_(cache_.call_method("get"_s, file_name_)) {
  cache_.set_item(file_name_, PyTuple::new_(py, size, py.None(), lines, file_name_));
}

}  // namespace detail

ADDER_FUNC void track_instances(Python, bool on) { detail::track_instances(on); }
ADDER_FUNC std::vector<LiveInstances> live_instances(Python) {
  const detail::InstanceList list = detail::live_instances();
  return {list.begin(), list.end()};
}

namespace detail {

ADDER_FUNC LeakWatch::LeakWatch(Python) : was_on_(is_tracking_instances()) {
  if (!was_on_) track_instances(true);
}
ADDER_FUNC LeakWatch::~LeakWatch() {
  if (!was_on_) track_instances(false);
}

ADDER_FUNC void LeakWatch::look(Python py) {
  // What was dropped without the GIL goes, too; finalizers may make more garbage.
  for (int i = 0; i < 3; ++i) (void)py.import("gc").call_method("collect"_s);
  const InstanceList alive = live_instances();
  seen_.emplace_back(alive.begin(), alive.end());
  const auto sys = py.import("sys");
  const auto total = sys.getattr_opt("gettotalrefcount"_s);
  references_.push_back(total.has_value() ? total->call().extract<std::ptrdiff_t>() : 0);
  if (seen_.size() < runs) return;
  const auto count_of = [](const std::vector<LiveInstances>& all, const LiveInstances& wanted) {
    std::size_t count = 0;
    for (const LiveInstances& one : all) count += one.cls == wanted.cls && one.place == wanted.place ? one.count : 0;
    return count;
  };
  const auto grows = [](auto&& value_at) {
    bool always = true;
    for (std::size_t run = 2; run < runs; ++run) always = always && value_at(run) > value_at(run - 1);
    return always;
  };
  std::vector<LiveInstances> left;
  for (const LiveInstances& one : seen_.back()) {
    if (!grows([&](std::size_t run) { return count_of(seen_[run], one); })) continue;
    left.push_back(one);
    left.back().count -= count_of(seen_[runs - 2], one);
  }
  if (!left.empty()) {
    throw LeaksFound("each run of the block leaves behind:\n" +
                     describe_instances(left.data(), left.data() + left.size()));
  }
  if (grows([&](std::size_t run) { return references_[run]; })) {
    throw LeaksFound("each run of the block leaves more references to Python's objects: the last " +
                     std::to_string(references_[runs - 1] - references_[runs - 2]));
  }
}

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
