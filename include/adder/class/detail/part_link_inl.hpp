// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of part_link.hpp.
#pragma once
#include "adder/class/detail/part_link.hpp"
#include "adder/class/detail/weak_use.hpp"
#include "adder/exception/translate.hpp"
#include "adder/gc/detail/dying.hpp"

#include <mutex>
#include <new>
#include <string>
#include <unordered_map>

namespace adder::inline ADDER_ABI::detail {

// --- The table of parts ----------------------------------------------------------------------------------------------

/// Held while a share of the table is looked at. Nobody waits or calls Python meanwhile.
struct [[maybe_unused]] PartLock {
#if defined(Py_GIL_DISABLED)
  struct alignas(64) Line {
    std::mutex mutex;
  };
  ADDER_HIDDEN static inline constinit Line lines[PartTable::share_count];
  explicit PartLock(std::size_t mixed) : mutex(lines[PartTable::share_of(mixed)].mutex) { mutex.lock(); }
  ~PartLock() { mutex.unlock(); }
  PartLock(const PartLock&) = delete;
  PartLock& operator=(const PartLock&) = delete;
  std::mutex& mutex;
#else
  explicit PartLock(std::size_t) {}
#endif
};
/// The same for the flags that are watched. Also taken while a PartLock is held.
struct [[maybe_unused]] WatchLock {
#if defined(Py_GIL_DISABLED)
  ADDER_HIDDEN static inline constinit std::mutex mutex;
  WatchLock() { mutex.lock(); }
  ~WatchLock() { mutex.unlock(); }
  WatchLock(const WatchLock&) = delete;
  WatchLock& operator=(const WatchLock&) = delete;
#else
  WatchLock() = default;
#endif
};

inline std::size_t part_hash(std::size_t keys) noexcept {
  const std::size_t mixed = keys * static_cast<std::size_t>(0x9E3779B97F4A7C15ULL);
  return mixed ^ (mixed >> (sizeof(mixed) * 4));
}

ADDER_FUNC ::PyObject* PartTable::Share::look_up(const PartKind& kind, ::PyObject* owner, std::size_t hash,
                                                 const void* place) const {
  if (capacity == 0) return nullptr;
  const std::size_t keys = hash ^ (reinterpret_cast<std::uintptr_t>(owner) >> 4U);
  for (const PartLink* link = buckets[part_hash(keys) & (capacity - 1)]; link != nullptr; link = link->next) {
    if (link->owner == owner && link->kind == &kind && link->hash == hash && kind.is_for(*link, place) &&
        take_if_alive(link->part)) {
#if defined(Py_GIL_DISABLED)
      // ORDER: relaxed, here and below: who looks and who clears has the lock, who traverses has stopped all threads.
      __atomic_store_n(&link->found, true, __ATOMIC_RELAXED);
#endif
      return link->part;
    }
  }
  return nullptr;
}
ADDER_FUNC ::PyObject* PartTable::find(const PartKind& kind, ::PyObject* owner, std::size_t hash, const void* place) {
  const std::size_t mixed = part_hash(hash ^ (reinterpret_cast<std::uintptr_t>(owner) >> 4U));
  const PartLock lock(mixed);
  return shares_[share_of(mixed)].look_up(kind, owner, hash, place);
}
ADDER_FUNC ::PyObject* PartTable::insert(PartLink& link, const void* place) {
  const std::size_t mixed = part_hash(link.keys());
  const PartLock lock(mixed);
  Share& share = shares_[share_of(mixed)];
#if defined(Py_GIL_DISABLED)
  if (::PyObject* first = share.look_up(*link.kind, link.owner, link.hash, place)) return first;
#else
  (void)place;
#endif
  if (share.count == share.capacity) share.grow();
  PartLink*& bucket = share.buckets[mixed & (share.capacity - 1)];
  link.next = bucket;
  bucket = &link;
  ++share.count;
  ++share.inserted;
  return nullptr;
}
ADDER_FUNC void PartTable::Share::take_out(const PartLink& link, std::size_t mixed) noexcept {
  if (capacity == 0) return;
  for (PartLink** place = &buckets[mixed & (capacity - 1)]; *place != nullptr; place = &(*place)->next) {
    if (*place == &link) {
      *place = link.next;
      --count;
      return;
    }
  }
}
ADDER_FUNC void PartTable::remove(PartLink& link) noexcept {
  const std::size_t mixed = part_hash(link.keys());
  const PartLock lock(mixed);
  shares_[share_of(mixed)].take_out(link, mixed);
}
ADDER_FUNC bool PartTable::remove_garbage(PartLink& link) noexcept {
  const std::size_t mixed = part_hash(link.keys());
  const PartLock lock(mixed);
#if defined(Py_GIL_DISABLED)
  if (__atomic_load_n(&link.found, __ATOMIC_RELAXED)) return false;
#endif
  shares_[share_of(mixed)].take_out(link, mixed);
  return true;
}
ADDER_FUNC void PartTable::Share::grow() {
  const std::size_t wanted = capacity == 0 ? 64 / share_count : 2 * capacity;
  auto** wider = new PartLink* [wanted] {};
  for (std::size_t i = 0; i < capacity; ++i) {
    for (PartLink *link = buckets[i], *next = nullptr; link != nullptr; link = next) {
      next = link->next;
      PartLink*& bucket = wider[part_hash(link->keys()) & (wanted - 1)];
      link->next = bucket;
      bucket = link;
    }
  }
  delete[] buckets;
  buckets = wider;
  capacity = wanted;
}

// --- Parts -----------------------------------------------------------------------------------------------------------

ADDER_FUNC void destroy_link(PartLink* link) noexcept {
  ::PyObject* owner = exchange(link->owner, nullptr);
  link->kind->destroy(link);
  if (owner != nullptr) guard_unwind(Py_DecRef, owner);
}

ADDER_FUNC ::PyObject* make_part(::PyTypeObject* type, PartLink* link, const void* place,
                                 void (*set_up)(::PyObject*, PartLink*) noexcept) {
#if !defined(Py_GIL_DISABLED)  // There insert() looks.
  const std::size_t inserted = part_table.inserted();
#endif
  ::PyObject* part = guard_rare_unwind(new_collected, type);
  if (part == nullptr) {
    destroy_link(link);
    return nullptr;
  }
  link->part = part;
  const PartLink* parent = link->parent;
  // What remembers an address does not ask those above it.
  link->is_open[0] =
      !link->kind->changes_owner &&
      (parent == nullptr ? link->kind->places.value != 0 : link->kind->stay == nullptr && parent->is_open[0]);
  link->is_open[1] = link->is_open[0] && !link->read_only && (parent == nullptr || parent->is_open[1]);
  set_up(part, link);
  allow_weak_use(part);
  ::PyObject* first = nullptr;
  try {
#if !defined(Py_GIL_DISABLED)
    // The garbage collector may have run, and Python code have asked for the same part.
    if (part_table.inserted() != inserted) [[unlikely]]
      first = part_table.find(*link->kind, link->owner, link->hash, place);
#endif
    if (first == nullptr) first = part_table.insert(*link, place);
  } catch (const std::bad_alloc&) {
    free_part(part, link);
    PyErr_NoMemory();
    return nullptr;
  }
  if (first != nullptr) {
    free_part(part, link);
    return first;
  }
  PyObject_GC_Track(part);
  return part;
}

ADDER_FUNC void drop_part(::PyObject* part, PartLink* link, [[maybe_unused]] bool is_bare,
                          void (*destroy)(::PyObject*)) noexcept {
  PyObject_GC_UnTrack(part);
  part_table.remove(*link);  // Nobody finds it any more.
#if !defined(Py_GIL_DISABLED)
  // Mostly nothing else dies with it.
  ::PyTypeObject* type = Py_TYPE(part);
  if (is_bare && link->kind->is_quiet && link->owner != nullptr && Py_REFCNT(link->owner) > 1 &&
      Py_REFCNT(reinterpret_cast<::PyObject*>(type)) > 1) [[likely]] {
    Py_DECREF(link->owner);
    link->kind->destroy(link);
    PyObject_GC_Del(part);
    Py_DECREF(type);
    return;
  }
#endif
  destroy_within_limits({part, destroy});
}

ADDER_FUNC void free_part(::PyObject* part, PartLink* link) noexcept {
  ::PyTypeObject* type = Py_TYPE(part);
  destroy_link(link);
  PyObject_GC_Del(part);
  Py_DECREF(type);
}

ADDER_FUNC int traverse_part(PartLink* link, visitproc visit, void* arg) noexcept {
#if defined(Py_GIL_DISABLED)
  __atomic_store_n(&link->found, false, __ATOMIC_RELAXED);
#endif
  return link->owner == nullptr ? 0 : visit(link->owner, arg);
}
ADDER_FUNC bool clear_part(PartLink* link) noexcept {
  if (!part_table.remove_garbage(*link)) return false;
  ::PyObject* owner = exchange(link->owner, nullptr);
  if (owner != nullptr) guard_unwind(Py_DecRef, owner);
  return true;
}

// --- Borrows ---------------------------------------------------------------------------------------------------------

ADDER_COLD inline bool refuse_part(const std::string& text) noexcept {
  PyErr_SetString(PyExc_RuntimeError, text.c_str());
  return false;
}
/// The value of a link, from the root on, or from where an address is remembered: those above are not asked then, as
/// their functions might change what is at that address. Null with an exception pending.
ADDER_NOINLINE inline void* place_of(PartLink& link, void* root_value) {
  const bool asks_owner = link.parent != nullptr && link.kind->stay == nullptr;
  void* owner_value = asks_owner ? place_of(*link.parent, root_value) : root_value;
  return owner_value == nullptr ? nullptr : link.kind->find(link, owner_value);
}

/// What place_of() does, for what is_open promises.
ADDER_INLINE bool PartBorrow::find(PartLink& link, void* root_value) noexcept {
  try {
    PartLink* parent = link.parent;
    if (parent != nullptr) {
      root_value = parent->parent == nullptr ? parent->kind->find(*parent, root_value) : place_of(*parent, root_value);
    }
    if (root_value != nullptr) value_ = link.kind->find(link, root_value);
  } catch (...) {
    translate_current_exception();
  }
  if (value_ != nullptr) [[likely]]
    return true;
  release();
  return false;
}

#if !defined(Py_GIL_DISABLED)
ADDER_FUNC void* peek_part(PartLink& link) noexcept {
  PartLink* top = &link;
  for (;; top = top->parent) {
    if (top->owner == nullptr || !top->kind->is_quiet) [[unlikely]]
      return nullptr;
    if (top->parent == nullptr) break;
  }
  char* start = reinterpret_cast<char*>(top->owner);
  const OwnerPlaces places = top->kind->places;
  if (places.value == 0 || !reinterpret_cast<const BorrowFlag*>(start + places.flag)->is_free()) [[unlikely]]
    return nullptr;
  void* value = start + places.value;
  try {
    return top == &link ? link.kind->find(link, value) : place_of(link, value);
  } catch (...) {  // An element that is gone. Who asks properly is told.
    return nullptr;
  }
}
#endif

// The short way: a root that nobody borrows. For all else, and where it is refused, acquire_slowly().
template <Access Wanted>
ADDER_INLINE bool PartBorrow::acquire_free(PartLink& link, bool waits) noexcept {
  PartLink* top = &link;
  while (top->parent != nullptr && top->owner != nullptr) top = top->parent;
  if (!link.is_open[static_cast<int>(Wanted)] || top->owner == nullptr) [[unlikely]]
    return acquire_slowly(link, Wanted, waits);
  char* start = reinterpret_cast<char*>(top->owner);
  const OwnerPlaces places = top->kind->places;
  auto* flag = reinterpret_cast<BorrowFlag*>(start + places.flag);
  if (!(Wanted == Access::exclusive ? flag->exclude_free() : flag->share_free())) [[unlikely]]
    return acquire_slowly(link, Wanted, waits);
  flag_ = {flag, nullptr};
  exclusive_ = Wanted == Access::exclusive;
  root_ = Py_NewRef(top->owner);
  return find(link, start + places.value);
}
ADDER_FUNC bool PartBorrow::share(PartLink& link, bool waits) noexcept {
  return acquire_free<Access::shared>(link, waits);
}
ADDER_FUNC bool PartBorrow::exclude(PartLink& link, bool waits) noexcept {
  return acquire_free<Access::exclusive>(link, waits);
}

ADDER_COLD ADDER_FUNC bool PartBorrow::acquire_slowly(PartLink& link, Access wanted, bool waits) noexcept {
  PartLink* top = &link;
  bool asks_owner = true, changes_owner = false;
  for (;; top = top->parent) {
    if (top->owner == nullptr) return refuse_part("the owner of this part was taken apart by the garbage collector");
    if (top->read_only && wanted == Access::exclusive) {
      return refuse_part(std::string("cannot change a part that a '") + top->kind->owner_class +
                         "' object gave out as const");
    }
    if (asks_owner && top->kind->changes_owner) changes_owner = true;
    if (top->kind->stay != nullptr) asks_owner = false;
    if (top->parent == nullptr) break;
  }
  const Access needed = changes_owner ? Access::exclusive : wanted;
  RootBorrow root;
  root.waits = waits;
  if (!top->kind->acquire(top->owner, needed, root)) return false;
  flag_ = {root.flag, root.ends};
  exclusive_ = needed == Access::exclusive;
  watched_ = root.was_watched;
  root_ = Py_NewRef(top->owner);
  try {
    value_ = place_of(link, root.value);
  } catch (...) {
    translate_current_exception();
  }
  if (root.was_watched && (value_ != nullptr || changes_owner)) forget_others(link);
  if (value_ != nullptr) return true;
  release();
  return false;
}

inline void PartBorrow::forget_others(PartLink& link) {
  changes_of_watched.load(Order::acquire)(flag_.flag);
  watched_ = false;
  for (PartLink* at = &link; at != nullptr; at = at->parent) {
    if (at->kind->stay == nullptr) continue;
    if (value_ != nullptr) at->kind->stay(*at);
    watched_ = true;
  }
}

// --- Addresses that are remembered -----------------------------------------------------------------------------------

using WatchedFlags = std::unordered_map<BorrowFlag*, WatchedFlag>;
/// Never destroyed: parts may die after the objects of static storage.
inline WatchedFlags& watched_flags() {
  static auto* const flags = new WatchedFlags;
  return *flags;
}
inline void count_change(BorrowFlag* flag) {
  const WatchLock lock;
  const auto found = watched_flags().find(flag);
  if (found != watched_flags().end()) ++found->second.changes;
}

ADDER_FUNC WatchedFlag* watch_flag(BorrowFlag& flag) {
  const WatchLock lock;
  WatchedFlag& watched = watched_flags()[&flag];
  ++watched.links;
  changes_of_watched.store(&count_change, Order::release);
  flag.watch();
  return &watched;
}
ADDER_FUNC void forget_flag(BorrowFlag* flag, WatchedFlag* watched) noexcept {
  const WatchLock lock;
  if (--watched->links == 0) watched_flags().erase(flag);
}

ADDER_COLD ADDER_FUNC void refuse_stale(const PartLink& link) {
  refuse_part(std::string("this part is not valid any more: the '") + link.kind->owner_class +
              "' object that it came from has been changed since. Ask for it again");
}

ADDER_COLD ADDER_FUNC void refuse_shared_root(const PartLink* link) {
  if (link == nullptr) return;
  while (link->parent != nullptr) link = link->parent;
  if (!link->kind->others_change) return;
  throw PyTypeError::new_err(std::string("cannot refer to what is in a '") + link->kind->owner_class +
                             "' object: modules share the class, and the others may change it unseen");
}

ADDER_FUNC void* AddressLink::find(PartLink& link, void*) {
  const auto& self = static_cast<const AddressLink&>(link);
  if (self.watched != nullptr && self.watched->changes != self.changes) {
    refuse_stale(link);
    return nullptr;
  }
  return self.at;
}
ADDER_FUNC bool AddressLink::is_for(const PartLink& link, const void* place) noexcept {
  const auto& self = static_cast<const AddressLink&>(link);
  if (self.at != place || self.watched == nullptr) return self.at == place;
  const WatchLock lock;
  return self.watched->changes == self.changes;
}
ADDER_FUNC void AddressLink::destroy(PartLink* link) noexcept {
  auto* self = static_cast<AddressLink*>(link);
  if (self->watched != nullptr) forget_flag(self->flag, self->watched);
  delete self;
}
ADDER_FUNC void AddressLink::stay(PartLink& link) noexcept {
  auto& self = static_cast<AddressLink&>(link);
  const WatchLock lock;
  if (self.watched != nullptr) self.changes = self.watched->changes;
}

}  // namespace adder::inline ADDER_ABI::detail
