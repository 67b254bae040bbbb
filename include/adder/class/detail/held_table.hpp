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

class HeldTable;
/// Held while a table of held objects is looked at, or at what is said there of the objects' values. Nobody waits or
/// calls Python meanwhile.
class [[maybe_unused]] HeldLock {
 public:
#if defined(Py_GIL_DISABLED)
  explicit HeldLock(const HeldTable& table);
  ~HeldLock() { mutex_.unlock(); }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;

 private:
  std::mutex& mutex_;
#else
  explicit HeldLock(const HeldTable&) {}
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
  /// @throws std::bad_alloc  Nothing was put in then.
  ADDER_HIDDEN ::PyObject* insert(HeldEntry& entry, const void* key, ::PyObject* object);
  ADDER_HIDDEN void remove(HeldEntry& entry) noexcept;

 private:
  friend class HeldLock;
  ::PyObject* look_up(const void* key) const noexcept;
  void grow();

  HeldEntry** buckets_ = nullptr;
  std::size_t capacity_ = 0;  ///< A power of two.
  std::size_t count_ = 0;
#if defined(Py_GIL_DISABLED)
  mutable std::mutex mutex_;
#endif
};

/// What all modules that use a class with a holder have in common: that of the module whose class it is.
struct SharedHolder {
  HeldTable* table;
  void* classes;  ///< The Table of HeldClasses, where the class is polymorphic.
};
/// Null in the module whose class it is. Defined in shared_from.hpp.
template <class Root>
const SharedHolder* shared_holder() noexcept;

#if defined(Py_GIL_DISABLED)
inline HeldLock::HeldLock(const HeldTable& table) : mutex_(table.mutex_) { mutex_.lock(); }
#endif

}  // namespace adder::inline ADDER_ABI::detail

#if !ADDER_COMPILED
#include "adder/class/detail/held_table_inl.hpp"
#endif
