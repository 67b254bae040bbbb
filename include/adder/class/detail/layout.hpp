// SPDX-License-Identifier: MIT
/// @file
/// @brief Where things are in an object of a pyclass: Python's header, the borrow flag, the C++ value in place.
///
/// A class that derives from another pyclass has the flag and the value at the same places as its base: one flag serves
/// the whole chain, and a method of the base finds its part of the value without asking which class the object is of.
#pragma once
#include "adder/class/detail/lock_flag.hpp"
#include "adder/class/options.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace adder::inline ADDER_ABI::detail {

/// Whether an object has its value. What CPython makes past `__new__` consists of zeroes, and has none.
class BuiltMark {
 public:
  bool is_set() const noexcept { return mark_ == Mark::built; }
  void set(bool built) noexcept { mark_ = built ? Mark::built : Mark::none; }
  bool is_given_away() const noexcept { return mark_ == Mark::given_away; }
  /// The value belongs to C++ now.
  void give_away() noexcept { mark_ = Mark::given_away; }

 private:
  enum class Mark : unsigned char { none, built, given_away };
  Mark mark_ = Mark::none;
};
/// For classes all of whose objects have one.
class AlwaysBuilt {
 public:
  static constexpr bool is_set() noexcept { return true; }
  static constexpr void set(bool) noexcept {}
  static constexpr bool is_given_away() noexcept { return false; }
};

struct PartLink;
/// Complete where part.hpp has been included, which has what part_link.hpp declares.
template <class T>
struct PartHeader;
/// What an object has in the place of its value that has a holder. Complete where holder.hpp has been included.
/// @tparam Root  The pyclass at the root of the chain.
template <class Root>
struct HolderSlot;

/// What stands between the header and the value.
/// @tparam Lends  Whether others on a thread may use what it has borrowed: lent_borrow.hpp.
template <bool Frozen, bool Unsendable, bool MayLackValue, bool Locked = false, bool Lends = false>
struct BorrowState {
  static constexpr bool is_locked = Locked;
  static constexpr bool lends = Lends && !Frozen;
  [[no_unique_address]] std::conditional_t<Frozen, NoBorrowFlag, std::conditional_t<Locked, LockFlag, BorrowFlag>> flag;
  [[no_unique_address]] std::conditional_t<Unsendable, OwnerThread, AnyThread> owner;
  [[no_unique_address]] std::conditional_t<MayLackValue, BuiltMark, AlwaysBuilt> built;

  /// Whether this thread may look at the value, but for what the flag says.
  ADDER_INLINE bool is_usable() const noexcept { return built.is_set() && owner.is_here(); }
  ADDER_INLINE bool try_share() noexcept { return is_usable() && flag.try_share(); }
  ADDER_INLINE bool try_exclude() noexcept { return is_usable() && flag.try_exclude(); }
  /// Why a borrow was refused, to this thread and just now.
  Held held() const noexcept {
    if (!built.is_set()) return built.is_given_away() ? Held::given_away : Held::unbuilt;
    return owner.is_here() ? flag.held() : Held::unsendable;
  }
};
/// The state of objects that have none.
ADDER_HIDDEN inline constinit BorrowState<true, false, false> no_borrow_state;

/// Where the part of a class begins whose root is a built-in type; known once the type is made.
template <class Tag>
ADDER_HIDDEN inline constinit Atomic<Py_ssize_t> native_size{0};

constexpr std::size_t align_up(std::size_t offset, std::size_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

/// What Python's allocator gives.
inline constexpr std::size_t allocator_alignment = 16;
/// Where the part of a class begins that derives from a built-in type.
inline Py_ssize_t size_of_native_part(const ::PyTypeObject* root) noexcept {
  return static_cast<Py_ssize_t>(align_up(static_cast<std::size_t>(root->tp_basicsize), allocator_alignment));
}

/// What stands at a known place in an object, behind the part of a built-in type if there is one. The same function for
/// many classes.
template <class Part, std::size_t At, bool Native>
ADDER_INLINE Part* placed(::PyObject* object, [[maybe_unused]] Py_ssize_t native) noexcept {
  char* start = reinterpret_cast<char*>(object);
  if constexpr (Native) start += native;
  return reinterpret_cast<Part*>(start + At);
}

template <class T>
constexpr bool check_holder() {
  if constexpr (has_holder<T>) {
    static_assert(
        requires { sizeof(HolderSlot<ClassRootOf<T>>); },
        "adder: `holder` needs its header: #include <adder/class/holder.hpp>");
  }
  return true;
}
template <class T>
struct StoredIn {
  using type = T;
};
template <class T>
  requires has_holder<T>
struct StoredIn<T> {
  using type = HolderSlot<ClassRootOf<T>>;
};

template <class T>
struct Layout {
  static_assert(
      requires { sizeof(T); },
      "adder: the value of a pyclass is used whose class is only declared here: include the header that defines it");
  static_assert(
      !is_locked<T>() || requires { sizeof(LockedHeader<T>); },
      "adder: `locked = true` needs its header: #include <adder/class/locked.hpp>");
  static_assert(
      !may_be_part<T>() || requires { sizeof(PartHeader<T>); },
      "adder: `part = true` needs its header: #include <adder/class/part.hpp>");
  static_assert(check_holder<T>());
  /// What stands in the object: the value, or what leads to it.
  using Stored = typename StoredIn<T>::type;
  using State = BorrowState<is_frozen<T>(), is_unsendable<T>(), may_lack_value<T>(), is_locked<T>(), may_be_lent<T>()>;
  using Root = typename NativeRoot<T>::type;
  static constexpr bool native = has_native_root<T>;
  static constexpr bool over_aligned = alignof(Stored) > allocator_alignment;
  static constexpr std::size_t state_size = std::is_empty_v<State> ? 0 : sizeof(State);
  /// Classes that others derive from leave room in front of the value for what is aligned like a pointer.
  static constexpr std::size_t alignment = is_subclassable<T>() || has_pyclass_base<T> || native
                                               ? (alignof(Stored) < alignof(void*) ? alignof(void*) : alignof(Stored))
                                               : alignof(Stored);
  /// From the end of the header, or of what belongs to the built-in type. Over-aligned values stand further behind.
  static constexpr std::size_t header = native ? 0 : sizeof(::PyObject);
  static constexpr std::size_t value_at = align_up(header + state_size, over_aligned ? alignof(void*) : alignment);
  /// What a part has in the place of a value: see part_link.hpp.
  static constexpr std::size_t link_at = align_up(header + state_size, alignof(void*));
  /// A derived class is larger than its base even where it adds nothing: CPython takes classes of one size for
  /// interchangeable, and would let a Python class inherit from two of them.
  static constexpr std::size_t dict_at = [] {
    std::size_t end = align_up(value_at + sizeof(Stored) + (over_aligned ? alignof(Stored) : 0), alignof(void*));
    if constexpr (may_be_part<T>()) {
      if (end < link_at + sizeof(void*)) end = link_at + sizeof(void*);
    }
    if constexpr (has_pyclass_base<T>) {
      constexpr std::size_t least = Layout<BaseTagOf<T>>::size + sizeof(void*);
      if (end < least) end = least;
    }
    return end;
  }();
  static constexpr std::size_t weaklist_at = dict_at + (has_dict<T>() ? sizeof(void*) : 0);
  static constexpr std::size_t size = weaklist_at + (has_weakref<T>() ? sizeof(void*) : 0);

  ADDER_INLINE static State& state(::PyObject* object) noexcept {
    if constexpr (std::is_empty_v<State>) {
      return no_borrow_state;
    } else {
      return *placed<State, header, native>(object, native ? native_size<Root>.load(Order::relaxed) : 0);
    }
  }
  ADDER_INLINE static void* address(::PyObject* object) noexcept {
    char* at = placed<char, value_at, native>(object, native ? native_size<Root>.load(Order::relaxed) : 0);
    if constexpr (over_aligned) {
      const auto number = reinterpret_cast<std::uintptr_t>(at);
      at += align_up(number, alignof(Stored)) - number;
    }
    return at;
  }
  ADDER_INLINE static ValueOf<T>& value(::PyObject* object) noexcept {
    if constexpr (has_holder<T>) {
      return static_cast<T&>(slot(object).value());
    } else {
      return *__builtin_launder(static_cast<ValueOf<T>*>(address(object)));
    }
  }
  /// Of a class with a holder.
  ADDER_INLINE static Stored& slot(::PyObject* object) noexcept {
    return *__builtin_launder(static_cast<Stored*>(address(object)));
  }
  /// Of a part.
  ADDER_INLINE static PartLink*& link(::PyObject* object) noexcept {
    return *placed<PartLink*, link_at, native>(object, 0);
  }
  ADDER_INLINE static ::PyObject*& dict(::PyObject* object) noexcept {
    return *placed<::PyObject*, dict_at, native>(object, native ? native_size<Root>.load(Order::relaxed) : 0);
  }
  ADDER_INLINE static ::PyObject*& weaklist(::PyObject* object) noexcept {
    return *placed<::PyObject*, weaklist_at, native>(object, native ? native_size<Root>.load(Order::relaxed) : 0);
  }
};

/// What a chain of pyclasses has to have in common.
template <class T>
constexpr bool check_base() {
  if constexpr (has_pyclass_base<T>) {
    using Base = BaseTagOf<T>;
    static_assert(std::is_base_of_v<Base, T> && std::is_convertible_v<T*, Base*>,
                  "adder: a pyclass whose base is another pyclass derives from it in C++ as well, publicly and once: "
                  "its constructor then cannot forget the base");
    static_assert(is_subclassable<Base>(),
                  "adder: the base class is final: give its PyClass `static constexpr bool subclass = true`");
    if constexpr (is_subclassable<Base>() && std::is_convertible_v<T*, Base*>) {
      static_assert(is_frozen<T>() == is_frozen<Base>(),
                    "adder: a pyclass and its base are both frozen or neither: they share one value and one flag");
      static_assert(is_unsendable<T>() == is_unsendable<Base>(),
                    "adder: a pyclass and its base are both unsendable or neither");
      static_assert(is_locked<T>() == is_locked<Base>(),
                    "adder: a pyclass and its base are both locked or neither: they share one flag");
      static_assert(
          Layout<T>::value_at == Layout<Base>::value_at && Layout<T>::over_aligned == Layout<Base>::over_aligned &&
              Layout<T>::link_at == Layout<Base>::link_at && (!Layout<T>::over_aligned || alignof(T) == alignof(Base)),
          "adder: a pyclass is aligned like its base: give the base the stricter alignas");
      static_assert(has_holder<T> || std::is_polymorphic_v<Base> || !std::is_polymorphic_v<T>,
                    "adder: a class with virtual functions has its base behind the pointer to them: give the base a "
                    "virtual destructor");
      static_assert(
          requires(Base* base) { static_cast<T*>(base); },
          "adder: a pyclass cannot have another as a virtual base class");
    }
  }
  return true;
}

}  // namespace adder::inline ADDER_ABI::detail
