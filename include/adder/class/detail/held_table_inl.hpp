// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of held_table.hpp.
#pragma once
#include "adder/class/detail/held_table.hpp"
#include "adder/class/detail/weak_use.hpp"

#include <cstdint>

namespace adder::inline ADDER_ABI::detail {

inline std::size_t held_hash(const void* key) noexcept {
  const std::size_t mixed =
      (reinterpret_cast<std::uintptr_t>(key) >> 4U) * static_cast<std::size_t>(0x9E3779B97F4A7C15ULL);
  return mixed ^ (mixed >> (sizeof(mixed) * 4));
}

ADDER_FUNC ::PyObject* HeldTable::look_up(const void* key) const noexcept {
  if (capacity_ == 0) return nullptr;
  for (const HeldEntry* entry = buckets_[held_hash(key) & (capacity_ - 1)]; entry != nullptr; entry = entry->next) {
    if (entry->key == key && take_if_alive(entry->object)) return entry->object;
  }
  return nullptr;
}
ADDER_FUNC ::PyObject* HeldTable::find(const void* key) noexcept {
  const HeldLock lock(*this);
  return look_up(key);
}
ADDER_FUNC ::PyObject* HeldTable::insert(HeldEntry& entry, const void* key, ::PyObject* object) {
  allow_weak_use(object);
  const HeldLock lock(*this);
  if (entry.object != nullptr) return nullptr;  // Another thread was first.
  if (::PyObject* first = look_up(key)) return first;
  if (count_ == capacity_) grow();
  HeldEntry*& bucket = buckets_[held_hash(key) & (capacity_ - 1)];
  entry.key = key;
  entry.object = object;
  entry.next = bucket;
  bucket = &entry;
  ++count_;
  return nullptr;
}
ADDER_FUNC void HeldTable::remove(HeldEntry& entry) noexcept {
  const HeldLock lock(*this);
  if (entry.object == nullptr) return;
  HeldEntry** place = &buckets_[held_hash(entry.key) & (capacity_ - 1)];
  while (*place != &entry) place = &(*place)->next;
  *place = entry.next;
  entry.object = nullptr;
  --count_;
}
ADDER_FUNC void HeldTable::grow() {
  const std::size_t wanted = capacity_ == 0 ? 64 : 2 * capacity_;
  auto** buckets = new HeldEntry* [wanted] {};
  for (std::size_t i = 0; i < capacity_; ++i) {
    for (HeldEntry *entry = buckets_[i], *next = nullptr; entry != nullptr; entry = next) {
      next = entry->next;
      HeldEntry*& bucket = buckets[held_hash(entry->key) & (wanted - 1)];
      entry->next = bucket;
      bucket = entry;
    }
  }
  delete[] buckets_;
  buckets_ = buckets;
  capacity_ = wanted;
}

}  // namespace adder::inline ADDER_ABI::detail
