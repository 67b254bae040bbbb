// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of held_table.hpp.
#pragma once
#include "adder/class/detail/held_table.hpp"
#include "adder/class/detail/weak_use.hpp"

namespace adder::inline ADDER_ABI::detail {

ADDER_FUNC ::PyObject* HeldTable::Part::look_up(const void* key) const noexcept {
  if (capacity == 0) return nullptr;
  for (const HeldEntry* entry = buckets[hash(key) & (capacity - 1)]; entry != nullptr; entry = entry->next) {
    if (entry->key != key || !take_if_alive(entry->object)) continue;
    entry->note_found(true);
    return entry->object;
  }
  return nullptr;
}
ADDER_FUNC ::PyObject* HeldTable::find(const void* key) noexcept {
  const HeldLock lock(*this, key);
  return parts_[part_of(key)].look_up(key);
}
ADDER_FUNC ::PyObject* HeldTable::insert(HeldEntry& entry, const void* key, ::PyObject* object) {
  allow_weak_use(object);
  const HeldLock lock(*this, key);
  if (entry.object != nullptr) return nullptr;  // Another thread was first.
  Part& part = parts_[part_of(key)];
  if (::PyObject* first = part.look_up(key)) return first;
  if (part.count == part.capacity) part.grow();
  HeldEntry*& bucket = part.buckets[hash(key) & (part.capacity - 1)];
  entry.key = key;
  entry.next = bucket;
  bucket = &entry;
  ++part.count;
#if defined(Py_GIL_DISABLED)
  __atomic_store_n(&entry.object, object, __ATOMIC_RELAXED);
#else
  entry.object = object;
#endif
  return nullptr;
}
ADDER_FUNC void HeldTable::Part::take_out(HeldEntry& entry) noexcept {
  HeldEntry** place = &buckets[hash(entry.key) & (capacity - 1)];
  while (*place != &entry) place = &(*place)->next;
  *place = entry.next;
  entry.object = nullptr;
  --count;
}
ADDER_FUNC void HeldTable::remove(HeldEntry& entry) noexcept {
  if (entry.object == nullptr) return;  // Nobody puts it in any more.
  const HeldLock lock(*this, entry.key);
  parts_[part_of(entry.key)].take_out(entry);
}
#if defined(Py_GIL_DISABLED)
ADDER_FUNC bool HeldTable::remove_garbage(HeldEntry& entry) noexcept {
  if (!entry.is_in_table()) return !entry.is_found();
  const HeldLock lock(*this, entry.key);
  if (entry.is_found()) return false;
  parts_[part_of(entry.key)].take_out(entry);
  return true;
}
#endif
ADDER_FUNC void HeldTable::Part::grow() {
  const std::size_t wanted = capacity == 0 ? 64 / part_count : 2 * capacity;
  auto** wider = new HeldEntry* [wanted] {};
  for (std::size_t i = 0; i < capacity; ++i) {
    for (HeldEntry *entry = buckets[i], *next = nullptr; entry != nullptr; entry = next) {
      next = entry->next;
      HeldEntry*& bucket = wider[hash(entry->key) & (wanted - 1)];
      entry->next = bucket;
      bucket = entry;
    }
  }
  delete[] buckets;
  buckets = wider;
  capacity = wanted;
}

}  // namespace adder::inline ADDER_ABI::detail
