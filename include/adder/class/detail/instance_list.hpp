// SPDX-License-Identifier: MIT
/// @file
/// @brief What live_instances.hpp counts, as a list: only for those who read one.
#pragma once
#include "adder/base/config.hpp"

#include <cstddef>
#include <string>

namespace adder::inline ADDER_ABI {

/// @brief Objects of one class, made at one place, that are alive; see testing.hpp.
struct LiveInstances {
  std::string cls;    ///< The name of their class, a Python subclass perhaps: "shop.Basket".
  std::string place;  ///< The line of Python that ran when they were made, "test_shop.py:12"; "" where none did.
  std::size_t count = 0;
  /// Nobody can see what fields the class has: it does not say, and C++ does not show them. If there are Python objects
  /// among them, cycles through them are never found.
  bool hides_fields = false;
};

namespace detail {

/// A vector of them: `<vector>` would cost every file that includes adder more than this list does.
class InstanceList {
 public:
  InstanceList() noexcept = default;
  InstanceList(InstanceList&& other) noexcept : items_(other.items_), size_(other.size_), room_(other.room_) {
    other.items_ = nullptr;
    other.size_ = other.room_ = 0;
  }
  InstanceList(const InstanceList&) = delete;
  InstanceList& operator=(const InstanceList&) = delete;
  ~InstanceList() { delete[] items_; }
  void push_back(LiveInstances item);
  const LiveInstances* begin() const noexcept { return items_; }
  const LiveInstances* end() const noexcept { return items_ + size_; }
  LiveInstances* begin() noexcept { return items_; }
  LiveInstances* end() noexcept { return items_ + size_; }
  bool empty() const noexcept { return size_ == 0; }

 private:
  LiveInstances* items_ = nullptr;
  std::size_t size_ = 0, room_ = 0;
};

}  // namespace detail

}  // namespace adder::inline ADDER_ABI
