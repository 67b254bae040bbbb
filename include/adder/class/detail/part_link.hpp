// SPDX-License-Identifier: MIT
/// @file
/// @brief Objects whose value is in another object: how it is found, borrowed and let go.
///
/// A part is an object of its own class. Its flag says that it is a part, which refuses the short way to a value; where
/// the value would be stands the address of a PartLink. The link knows the owner, and how to find the value in that of
/// the owner, which is asked at each use. The owner may be a part itself. What is borrowed is the object at the end,
/// the root: its flag serves all its parts.
///
/// | a link of                  | finds its value by              | and where it is gone                             |
/// |----------------------------|---------------------------------|--------------------------------------------------|
/// | a member, a function       | asking for it                   | it cannot be, but for what the function throws   |
/// | an element                 | its index, its key              | IndexError, KeyError                             |
/// | a result of `part_of<I>`   | its address                     | RuntimeError, once the root has had a writer     |
///
/// Addresses can be remembered as the flag of a root is watched then: see base/detail/borrow_flag.hpp. A writer who
/// comes by way of such a part leaves the part itself, and those that it is part of, as they are.
#pragma once
#include "adder/class/detail/layout.hpp"

#include <cstddef>
#include <cstdint>
#include <new>

namespace adder::inline ADDER_ABI::detail {

struct LockEnds;

/// A borrow of the object at the end of a chain of owners.
struct RootBorrow {
  void* value = nullptr;
  BorrowFlag* flag = nullptr;  ///< Null where the root is frozen.
  bool was_watched = false;
  const LockEnds* ends = nullptr;  ///< Of a locked class.
  bool waits = true;               ///< For a locked object.
};
/// How borrows of a locked flag end.
struct LockEnds {
  void (*share)(BorrowFlag& flag);
  void (*exclude)(BorrowFlag& flag);
  void (*exclude_watched)(BorrowFlag& flag);
};
template <class T>
ADDER_HIDDEN inline constexpr LockEnds lock_ends{
    [](BorrowFlag& flag) { static_cast<LockFlag&>(flag).end_share(); },
    [](BorrowFlag& flag) { static_cast<LockFlag&>(flag).end_exclude(); },
    [](BorrowFlag& flag) { static_cast<LockFlag&>(flag).end_exclude_watched(); },
};
template <class T>
constexpr const LockEnds* lock_ends_of() noexcept {
  if constexpr (is_locked<T>()) {
    return &lock_ends<T>;
  } else {
    return nullptr;
  }
}
/// The flag of a borrow that is held; null where the class is frozen.
struct HeldFlag {
  BorrowFlag* flag = nullptr;
  const LockEnds* ends = nullptr;  ///< Of a locked class.

  void end(Access held) const noexcept {
    if (flag == nullptr) return;
    if (ends != nullptr) {
      held == Access::shared ? ends->share(*flag) : ends->exclude(*flag);
    } else {
      held == Access::shared ? flag->end_share() : flag->end_exclude();
    }
  }
  void end_exclude_watched() const noexcept {
    ends != nullptr ? ends->exclude_watched(*flag) : flag->end_exclude_watched();
  }
};

/// Where the flag and the value of an owner are.
struct OwnerPlaces {
  std::uint32_t flag = 0;
  std::uint32_t value = 0;  ///< Zero where only PartKind::acquire knows.
};
template <class O>
constexpr OwnerPlaces owner_places() noexcept {
  if constexpr (Layout<O>::native || Layout<O>::over_aligned || is_frozen<O>() || is_unsendable<O>() ||
                may_lack_value<O>() || is_locked<O>() || has_holder<O>) {
    return {};
  } else {
    return {Layout<O>::header, Layout<O>::value_at};
  }
}

/// Whether functions of other modules may change objects of a class, as it is shared, or a base is: they tell the parts
/// of their own module alone.
template <class O>
constexpr bool others_may_change() noexcept {
  if constexpr (is_shared_class<O>()) {
    return !is_frozen<O>();
  } else if constexpr (has_pyclass_base<O>) {
    return others_may_change<BaseTagOf<O>>();
  } else {
    return false;
  }
}

/// What the links of one kind have in common.
struct PartKind {
  /// The value, in that of the owner; null with an exception pending, or an exception, where it is not there.
  void* (*find)(PartLink& link, void* owner_value);
  /// Borrows the owner, which is no part. False with an exception pending.
  bool (*acquire)(::PyObject* owner, Access wanted, RootBorrow& root) noexcept;
  /// Whether the link is for @p place.
  bool (*is_for)(const PartLink& link, const void* place);
  /// The memory of the link.
  void (*destroy)(PartLink* link) noexcept;
  /// Once a writer has got the root by way of the link. Null for links that do not remember an address.
  void (*stay)(PartLink& link);
  const char* owner_class;
  bool changes_owner;  ///< To find the value takes an exclusive borrow.
  bool is_quiet;       ///< To find the value or to destroy the link cannot lead to Python.
  OwnerPlaces places;
  bool others_change;  ///< Functions of other modules may change the owner.
};

struct PartLink {
  const PartKind* kind;
  ::PyObject* owner;           ///< Owned; null once the collector has taken the part apart.
  PartLink* parent;            ///< Of the owner, where that is a part.
  ::PyObject* part = nullptr;  ///< The object whose link it is: not owned.
  bool read_only = false;      ///< The value was given out as const.
  std::size_t hash = 0;        ///< Of the place.
  PartLink* next = nullptr;    ///< In the table of parts.
  /// Whether a reader, a writer, needs nothing but the flag of the root: nothing on the way there refuses one, or takes
  /// a writer to be found.
  bool is_open[2] = {false, false};
#if defined(Py_GIL_DISABLED)
  mutable bool found = false;  ///< By somebody who asked for the part, since the collector looked at it.
#endif

  /// Links come and go with objects, and as fast. @return Null where there is no memory.
  static void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return PyObject_Malloc(size); }
  // NOLINTNEXTLINE(misc-new-delete-overloads): the one above is its match, as nothing here throws.
  static void operator delete(void* memory) noexcept { PyObject_Free(memory); }
  static void operator delete(void* memory, const std::nothrow_t&) noexcept { PyObject_Free(memory); }
  static void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t& nothrow) noexcept {
    return ::operator new(size, alignment, nothrow);
  }
  static void operator delete(void* memory, std::align_val_t alignment) noexcept {
    ::operator delete(memory, alignment);
  }
  static void operator delete(void* memory, std::align_val_t alignment, const std::nothrow_t& nothrow) noexcept {
    ::operator delete(memory, alignment, nothrow);
  }
  std::size_t keys() const noexcept { return hash ^ (reinterpret_cast<std::uintptr_t>(owner) >> 4U); }
};

/// All the parts that there are, so that the same part of the same owner is the same object.
///
/// A hash table whose entries are the links themselves. Of weak references: a part leaves it when it dies.
class PartTable {
 public:
  constexpr PartTable() noexcept = default;
  /// A new reference to the part; null where there is none.
  ::PyObject* find(const PartKind& kind, ::PyObject* owner, std::size_t hash, const void* place);
  /// Puts in a link that is not there. @return The part of another link that has come first, a new reference; or null.
  ::PyObject* insert(PartLink& link, const void* place);
  void remove(PartLink& link) noexcept;
  /// The same for the collector. @return False where another thread has found the part meanwhile: it is no garbage
  /// then.
  bool remove_garbage(PartLink& link) noexcept;
  /// Changes where links have been put in.
  std::size_t inserted() const noexcept { return shares_[0].inserted; }

 private:
  friend struct PartLock;
#if defined(Py_GIL_DISABLED)
  static constexpr std::size_t share_count = 16;  ///< Each has a lock and cache lines of its own.
  struct alignas(64) Share {
#else
  static constexpr std::size_t share_count = 1;
  struct Share {
#endif
    PartLink** buckets = nullptr;
    std::size_t capacity = 0;  ///< A power of two.
    std::size_t count = 0;
    std::size_t inserted = 0;

    ::PyObject* look_up(const PartKind& kind, ::PyObject* owner, std::size_t hash, const void* place) const;
    void take_out(const PartLink& link, std::size_t mixed) noexcept;
    void grow();
  };
  /// Of the upper half of a hash: the lower one chooses among the buckets.
  static std::size_t share_of(std::size_t mixed) noexcept { return (mixed >> (sizeof mixed * 4)) % share_count; }

  Share shares_[share_count];
};
ADDER_HIDDEN inline constinit PartTable part_table;

#if !defined(Py_GIL_DISABLED)
/// The value of a part whose root nobody borrows, for a look at once: before other code runs, Python's or anybody's.
/// Null where it takes more to find it; nothing is pending then.
ADDER_HIDDEN void* peek_part(PartLink& link) noexcept;
#endif

/// The borrow of a part: of its root, and the place in there.
class PartBorrow {
 public:
  PartBorrow() = default;
  PartBorrow(PartBorrow&& other) noexcept
      : value_(detail::exchange(other.value_, nullptr)),
        root_(other.root_),
        flag_(other.flag_),
        exclusive_(other.exclusive_),
        watched_(other.watched_) {}
  PartBorrow& operator=(PartBorrow&&) = delete;
  ~PartBorrow() {
    if (is_held()) release();
  }

  /// @return False with an exception pending.
  /// @param waits  For a locked root.
  ADDER_HIDDEN bool share(PartLink& link, bool waits = true) noexcept;
  ADDER_HIDDEN bool exclude(PartLink& link, bool waits = true) noexcept;
  /// A borrow that an object which is no part has granted.
  ADDER_INLINE void adopt(::PyObject* object, void* value, HeldFlag flag, Access had) noexcept {
    value_ = value;
    root_ = Py_NewRef(object);
    flag_ = flag;
    exclusive_ = had == Access::exclusive;
  }
  /// Of one that is held.
  ADDER_HIDDEN void release() noexcept;
  /// Makes an exclusive borrow a shared one.
  ADDER_HIDDEN void share_only() noexcept;
  ADDER_INLINE bool is_held() const noexcept { return value_ != nullptr; }
  ADDER_INLINE void* value() const noexcept { return value_; }
  HeldFlag root_flag() const noexcept { return flag_; }
  /// What is borrowed, and owned meanwhile; null where nothing is.
  ::PyObject* root() const noexcept { return is_held() ? root_ : nullptr; }

 private:
  template <Access Wanted>
  bool acquire_free(PartLink& link, bool waits) noexcept;
  ADDER_COLD_CALL ADDER_HIDDEN bool acquire_slowly(PartLink& link, Access wanted, bool waits) noexcept;
  /// Of a borrowed root. False with an exception pending, and the borrow is released.
  bool find(PartLink& link, void* root_value) noexcept;
  /// What others remember of a watched root is not good any more; what leads to this part is.
  void forget_others(PartLink& link);

  void* value_ = nullptr;
  ::PyObject* root_ = nullptr;  ///< Owned: the collector may take the chain of owners apart.
  HeldFlag flag_;
  bool exclusive_ = false;
  bool watched_ = false;  ///< The flag is to be watched on.
};

/// The link of an object; null where it is no part.
template <class T>
ADDER_INLINE PartLink* link_of(::PyObject* object) noexcept {
  if constexpr (may_be_part<T>()) {
    return Layout<T>::state(object).flag.is_part() ? Layout<T>::link(object) : nullptr;
  } else {
    return nullptr;
  }
}

// --- Making and unmaking parts ---------------------------------------------------------------------------------------

/// A new part. The table was asked for it just now, with no Python code in between.
/// @param link   A new one, with its own reference to the owner. It is taken.
/// @param set_up  Prepares what stands in the object.
/// @return A new reference, perhaps to the same part that was there already; null with an exception pending.
ADDER_HIDDEN ::PyObject* make_part(::PyTypeObject* type, PartLink* link, const void* place,
                                   void (*set_up)(::PyObject* part, PartLink* link) noexcept);
/// Frees a link and what it owns.
ADDER_HIDDEN void destroy_link(PartLink* link) noexcept;
/// The end of a part. @param is_bare  It has nothing but its link. Else @p destroy destroys what it has.
ADDER_HIDDEN void drop_part(::PyObject* part, PartLink* link, bool is_bare, void (*destroy)(::PyObject*)) noexcept;
/// Frees a part that has nothing more but its link.
ADDER_HIDDEN void free_part(::PyObject* part, PartLink* link) noexcept;
/// tp_traverse of parts.
ADDER_HIDDEN int traverse_part(PartLink* link, visitproc visit, void* arg) noexcept;
/// tp_clear of parts. @return False where the part is to stay as it is.
ADDER_HIDDEN bool clear_part(PartLink* link) noexcept;

// --- Addresses that are remembered -----------------------------------------------------------------------------------

/// A flag that is watched, as long as somebody remembers an address in the value behind it.
struct WatchedFlag {
  std::uint64_t changes = 0;
  std::size_t links = 0;
};
/// Begins to watch a flag that is borrowed. @return What counts its changes; owned: see forget_flag().
ADDER_HIDDEN WatchedFlag* watch_flag(BorrowFlag& flag);
ADDER_HIDDEN void forget_flag(BorrowFlag* flag, WatchedFlag* watched) noexcept;
ADDER_HIDDEN void refuse_stale(const PartLink& link);
/// @throws PyErr  TypeError where functions of other modules may change the root of @p link, which may be null.
ADDER_COLD_CALL ADDER_HIDDEN void refuse_shared_root(const PartLink* link);

/// A link that remembers an address.
struct AddressLink : PartLink {
  void* at;
  BorrowFlag* flag;      ///< Null where the root is frozen, and nothing changes.
  WatchedFlag* watched;  ///< Owned.
  std::uint64_t changes;

  static void* find(PartLink& link, void*);
  static bool is_for(const PartLink& link, const void* place) noexcept;
  static void destroy(PartLink* link) noexcept;
  static void stay(PartLink& link) noexcept;
};

}  // namespace adder::inline ADDER_ABI::detail
