// SPDX-License-Identifier: MIT
/// @file
/// @brief Which object stands for which C++ value that C++ owns too, so that the same pointer is the same object.
#pragma once
#include "adder/base/python.hpp"

#include <cstddef>
#include <cstdint>
#if defined(Py_GIL_DISABLED)
#include <mutex>
#endif

namespace adder::inline ADDER_ABI::detail {

/// An object in the table. Part of the object.
struct HeldEntry {
  const void* key = nullptr;     ///< The address of the root's part of the value.
  ::PyObject* object = nullptr;  ///< Null while it is in no table.
  HeldEntry* next = nullptr;
#if defined(Py_GIL_DISABLED)
  mutable bool found = false;  ///< By somebody who had the value, since the collector looked at the object.

  // ORDER: relaxed: who looks and who clears has the lock, who traverses has stopped all threads.
  void note_found(bool is_found) const noexcept { __atomic_store_n(&found, is_found, __ATOMIC_RELAXED); }
  bool is_found() const noexcept { return __atomic_load_n(&found, __ATOMIC_RELAXED); }
#else
  static void note_found(bool) noexcept {}
#endif

  /// Also while another thread may be putting it in.
  bool is_in_table() const noexcept {
#if defined(Py_GIL_DISABLED)
    return __atomic_load_n(&object, __ATOMIC_RELAXED) != nullptr;
#else
    return object != nullptr;
#endif
  }
};

/// A hash table whose entries are in the objects. Of weak references: an object leaves it when it is destroyed.
class HeldTable {
 public:
  constexpr HeldTable() noexcept = default;
  /// A new reference to the object that stands for a value; null where there is none that lives.
  ADDER_HIDDEN ::PyObject* find(const void* key) noexcept;
  /// Puts in an entry that is in no table. @return The object of another entry for the same value, which has come
  /// first, a new reference: nothing was put in then. Else null.
  /// @throws std::bad_alloc  Nothing was put in then.
  ADDER_HIDDEN ::PyObject* insert(HeldEntry& entry, const void* key, ::PyObject* object);
  /// Takes out the entry of an object that is being destroyed.
  ADDER_HIDDEN void remove(HeldEntry& entry) noexcept;
#if defined(Py_GIL_DISABLED)
  /// The same of one that the collector takes apart. @return False where another thread has found it meanwhile: it is
  /// no garbage then.
  ADDER_HIDDEN bool remove_garbage(HeldEntry& entry) noexcept;
#endif

 private:
  friend class HeldLock;
#if defined(Py_GIL_DISABLED)
  /// Threads with different values hardly ever want the same part, and do not share cache lines.
  static constexpr std::size_t part_count = 16;
  struct alignas(64) Part {
    mutable std::mutex mutex;
#else
  static constexpr std::size_t part_count = 1;
  struct Part {
#endif
    HeldEntry** buckets = nullptr;
    std::size_t capacity = 0;  ///< A power of two.
    std::size_t count = 0;

    ::PyObject* look_up(const void* key) const noexcept;
    void take_out(HeldEntry& entry) noexcept;
    void grow();
  };
  static std::size_t hash(const void* key) noexcept {
    const std::size_t mixed =
        (reinterpret_cast<std::uintptr_t>(key) >> 4U) * static_cast<std::size_t>(0x9E3779B97F4A7C15ULL);
    return mixed ^ (mixed >> (sizeof(mixed) * 4));
  }
  /// Of the upper half of the hash: the lower one chooses among the buckets.
  static std::size_t part_of(const void* key) noexcept { return (hash(key) >> (sizeof(std::size_t) * 4)) % part_count; }

  Part parts_[part_count];
};

/// Held while a table of held objects is looked at, or at what is said there of the objects' values. Nobody waits or
/// calls Python meanwhile.
class [[maybe_unused]] HeldLock {
 public:
#if defined(Py_GIL_DISABLED)
  /// @param what  Whom two locks have to be the same for.
  HeldLock(const HeldTable& table, const void* what) : mutex_(table.parts_[HeldTable::part_of(what)].mutex) {
    mutex_.lock();
  }
  ~HeldLock() { mutex_.unlock(); }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;

 private:
  std::mutex& mutex_;
#else
  HeldLock(const HeldTable&, const void*) {}
#endif
};

struct UnderWayLists;
/// What all modules that use a class with a holder have in common: that of the module whose class it is.
struct SharedHolder {
  HeldTable* table;
  void* classes;             ///< The Table of HeldClasses, where the class is polymorphic.
  UnderWayLists* under_way;  ///< Which other modules join.
};
/// Null in the module whose class it is. Defined in shared_from.hpp.
template <class Root>
const SharedHolder* shared_holder() noexcept;

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/held_table_inl.hpp"
#endif
