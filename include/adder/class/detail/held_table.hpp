// SPDX-License-Identifier: MIT
/// @file
/// @brief Which object stands for which C++ value that C++ owns too, so that the same pointer is the same object.
#pragma once
#include "adder/base/python.hpp"

#include <cstddef>
#if defined(Py_GIL_DISABLED)
#include <mutex>
#endif

namespace adder::inline ADDER_ABI::detail {

/// Held while a table of held objects is looked at. Nobody waits or calls Python meanwhile.
struct [[maybe_unused]] HeldLock {
#if defined(Py_GIL_DISABLED)
  ADDER_HIDDEN static inline constinit std::mutex mutex;
  HeldLock() { mutex.lock(); }
  ~HeldLock() { mutex.unlock(); }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;
#else
  HeldLock() = default;
#endif
};

/// An object in the table. Part of the object.
struct HeldEntry {
  const void* key = nullptr;     ///< The address of the root's part of the value.
  ::PyObject* object = nullptr;  ///< Null while it is in no table.
  HeldEntry* next = nullptr;
};

/// A hash table whose entries are in the objects. Of weak references: an object leaves it when it is destroyed.
class HeldTable {
 public:
  constexpr HeldTable() noexcept = default;
  /// A new reference to the object that stands for a value; null where there is none that lives.
  ADDER_HIDDEN ::PyObject* find(const void* key) noexcept;
  /// Puts in an entry that is in no table. @return The object of another entry for the same value, which has come
  /// first, a new reference: nothing was put in then. Else null.
  /// @throws std::bad_alloc
  ADDER_HIDDEN ::PyObject* insert(HeldEntry& entry, const void* key, ::PyObject* object);
  ADDER_HIDDEN void remove(HeldEntry& entry) noexcept;

 private:
  ::PyObject* look_up(const void* key) const noexcept;
  void grow();

  HeldEntry** buckets_ = nullptr;
  std::size_t capacity_ = 0;  ///< A power of two.
  std::size_t count_ = 0;
};

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/held_table_inl.hpp"
#endif
