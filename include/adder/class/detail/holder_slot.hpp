// SPDX-License-Identifier: MIT
/// @file
/// @brief What an object has in the place of its value that has a holder, and how it is found by a pointer.
#pragma once
#include "adder/class/detail/held_table.hpp"
#include "adder/class/detail/under_way.hpp"
#include "adder/class/holder_traits.hpp"
#include "adder/class/pyclass.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <vector>

namespace adder::inline ADDER_ABI::detail {

template <class P>
concept AnyHolder = requires { typename HolderTraits<P>::element_type; };
/// A smart pointer to a pyclass.
template <class P>
concept HolderPointer = AnyHolder<P> && IsPyClass<std::remove_const_t<typename HolderTraits<P>::element_type>>;
template <class P>
using HeldClassOf = std::remove_const_t<typename HolderTraits<P>::element_type>;

/// Whether P points to the values of a class as its objects do.
template <class P, class T = HeldClassOf<P>>
constexpr bool check_pointer() {
  static_assert(has_holder<T>,
                "adder: a smart pointer to a pyclass whose values are in their objects: give its PyClass the holder, "
                "`using holder = std::shared_ptr<T>`");
  if constexpr (has_holder<T>) {
    using Holder = typename HolderOf<T>::type;
    static_assert(std::is_same_v<typename HolderTraits<Holder>::template rebind<int>,
                                 typename HolderTraits<P>::template rebind<int>> ||
                      HolderTraits<Holder>::is_shared != HolderTraits<P>::is_shared,
                  "adder: this smart pointer is of another kind than the holder of the pyclass");
    return true;
  }
  return false;
}

/// What Python knows of a class whose values have the holder of its root.
template <class Root>
struct HeldClass {
  using Holder = typename HolderOf<Root>::type;
  std::size_t depth;
  bool (*is)(const Root* value);
  ::PyObject* (*wrap)(Holder&& holder);
};

template <class T>
struct HolderWrapper;

template <class T>
constexpr std::size_t depth_of_class() {
  if constexpr (has_pyclass_base<T>) {
    return 1 + depth_of_class<BaseTagOf<T>>();
  } else {
    return 0;
  }
}

/// The classes of a chain that Python knows, to find the most derived one of a value.
template <class Root>
class HeldClasses {
 public:
  using Holder = typename HolderOf<Root>::type;

  template <class T>
  static void add() {
    Table& table = known();
    const HeldLock lock(HolderSlot<Root>::table(), &table);
    for (const HeldClass<Root>& one : table.classes) {
      if (one.wrap == &HolderWrapper<T>::wrap) return;
    }
    table.classes.push_back({depth_of_class<T>(), &is_a<T>, &HolderWrapper<T>::wrap});
    table.found.clear();  // There may be a better one now.
    for (auto& quick : table.quick) quick.store(nullptr, Order::release);
  }
  /// What makes an object of a value.
  static auto find(const Root* value) -> ::PyObject* (*)(Holder&&) {
    Table& table = known();
    const std::type_info& dynamic = typeid(*value);
    auto& quick = table.quick[(reinterpret_cast<std::uintptr_t>(&dynamic) >> 4U) % quick_count];
    if (const Known* one = quick.load(Order::acquire); one != nullptr && one->type == &dynamic) [[likely]]
      return one->wrap;
    const HeldLock lock(HolderSlot<Root>::table(), &table);
    const std::type_index type(dynamic);
    if (const auto known = table.found.find(type); known != table.found.end()) return known->second;
    const HeldClass<Root>* best = nullptr;
    for (const HeldClass<Root>& one : table.classes) {
      if ((best == nullptr || one.depth > best->depth) && one.is(value)) best = &one;
    }
    const auto wrap = best == nullptr ? &HolderWrapper<Root>::wrap : best->wrap;
    table.found.emplace(type, wrap);
    if (quick.load(Order::relaxed) == nullptr) {
      table.all = new Known{&dynamic, wrap, table.all};
      quick.store(table.all, Order::release);
    }
    return wrap;
  }

  static constexpr std::size_t quick_count = 8;
  /// What was found, for a look without the lock. Never freed: somebody may be looking.
  struct Known {
    const std::type_info* type;
    ::PyObject* (*wrap)(Holder&&);
    const Known* next;
  };
  struct Table {
    std::vector<HeldClass<Root>> classes;
    std::unordered_map<std::type_index, ::PyObject* (*)(Holder&&)> found;
    Atomic<const Known*> quick[quick_count];  ///< By the address of the type.
    const Known* all = nullptr;
  };
  /// Never destroyed: objects may come from C++ while the program ends.
  static Table& own() {
    static auto* const table = new Table;
    return *table;
  }

 private:
  static Table& known() {
    if constexpr (is_shared_class<Root>()) {
      if (const SharedHolder* other = shared_holder<Root>()) return *static_cast<Table*>(other->classes);
    }
    return own();
  }
  template <class T>
  static bool is_a(const Root* value) {
    if constexpr (std::is_same_v<T, Root>) {
      return true;
    } else {
      return dynamic_cast<const T*>(value) != nullptr;
    }
  }
};

/// Complete in overridable.hpp.
template <class V>
struct AskingAccess;
struct NoKeeper {};

template <class Root>
struct HolderSlot : HeldEntry {
  using Holder = typename HolderOf<Root>::type;
  using Traits = HolderTraits<Holder>;
  static_assert(AnyHolder<Holder>,
                "adder: PyClass<T>::holder is std::shared_ptr<T>, std::unique_ptr<T>, or a smart "
                "pointer with adder::HolderTraits");
  static_assert(std::is_same_v<typename Traits::element_type, Root>, "adder: PyClass<T>::holder points to T");
  static_assert(
      std::is_default_constructible_v<Holder>,
      "adder: PyClass<T>::holder has to be able to be empty, as it is once the value was given to C++: let the "
      "deleter of a unique_ptr be a class with a default constructor, not a pointer to a function");
  static_assert(!has_native_root<Root>,
                "adder: a class that derives from a built-in type has no holder: its objects are "
                "more than a value");
  static_assert(!may_be_part<Root>(), "adder: a class with a holder has no parts of its own: leave `part` out");
  static_assert(!is_unsendable<Root>(),
                "adder: the values of an unsendable class are for one thread, and C++ would take "
                "them elsewhere: leave `holder` out");
  static_assert(!is_locked<Root>(), "adder: C++ that holds the value too does not ask its lock: leave `locked` out");

  HolderSlot() = default;
  HolderSlot(const HolderSlot&) = delete;
  HolderSlot& operator=(const HolderSlot&) = delete;
  ~HolderSlot() {
    table().remove(*this);
    if (asking != nullptr) {
      [[maybe_unused]] const HeldLock lock(table(), asking);
      *asking = nullptr;
    }
  }

  /// The classes of the chain.
  template <class T>
  static void add_class() {
    if constexpr (std::is_polymorphic_v<Root>) HeldClasses<Root>::template add<T>();
  }
  ADDER_INLINE Root& value() const noexcept { return *static_cast<Root*>(place); }
  bool is_sole_owner() const noexcept { return Traits::is_sole_owner(holder); }

  /// The value of a new object of the class T, made by `with(address)`.
  /// @tparam V  Its class: T, or what derives from it to ask Python for overrides.
  template <class T, class V, class Build>
  void build(::PyObject* made, Build&& with) {
    holder = Traits::template make<V>(std::forward<Build>(with));
    place = Traits::get(holder);
    if constexpr (is_subclassable<T>()) {
      ::PyTypeObject* own = class_type<T>.load(Order::relaxed);
      if (!Py_IS_TYPE(made, own)) subclass_of = own;
    }
    if constexpr (!std::is_same_v<T, V>) {
      if constexpr (requires(V& asked) { AskingAccess<V>::object_of(asked); }) {
        asking = &AskingAccess<V>::object_of(static_cast<V&>(value()));
        *asking = made;
      } else {
        static_assert(always_false<V>, "adder: PyClass<T>::overridable is a class that derives from Overridable<T>");
      }
    }
    if constexpr (Traits::template is_found_in_value<T>) {
      try {
        enter(made);
      } catch (...) {
        holder = Holder();
        throw;
      }
    }
  }
  /// C++ is about to have a pointer: the same object is to come back.
  void enter(::PyObject* own) {
    if (!is_in_table()) release_if_any(table().insert(*this, place, own));
  }

#if defined(Py_GIL_DISABLED)
  /// The collector begins to take the object apart: nobody finds it any more. False where another thread has found it.
  bool give_up(::PyObject* own) noexcept {
    if (asking != nullptr) {
      const HeldLock lock(table(), asking);
      if (is_found()) return false;
      *asking = nullptr;
    }
    if (table().remove_garbage(*this)) return true;
    if (asking != nullptr) {
      const HeldLock lock(table(), asking);
      *asking = own;
    }
    return false;
  }
#endif

  ADDER_HIDDEN static inline constinit HeldTable own_table;
  static SharedHolder own_of_holder() {
    void* classes = nullptr;
    if constexpr (std::is_polymorphic_v<Root>) classes = &HeldClasses<Root>::own();
    return {&own_table, classes, &own_under_way_lists};
  }
  static HeldTable& table() noexcept {
    if constexpr (is_shared_class<Root>()) {
      if (const SharedHolder* other = shared_holder<Root>()) return *other->table;
    }
    return own_table;
  }
  Holder holder;
  void* place = nullptr;  ///< The Root.
  /// Of an instance of a Python subclass the class that it derives from; else null. The type owns it.
  ::PyTypeObject* subclass_of = nullptr;
  /// Where the value keeps its object, to ask it for overrides; else null.
  ::PyObject** asking = nullptr;
  /// What keeps the instance of a Python subclass, while there is some of it.
  [[no_unique_address]] std::conditional_t<std::is_same_v<Holder, std::shared_ptr<Root>>, std::weak_ptr<Root>, NoKeeper>
      kept;
};

/// Makes an object of the class T for a value that C++ has made.
template <class T>
struct HolderWrapper {
  /// @return A new reference, to the object that there is already if there is one. Null with an exception pending.
  static ::PyObject* wrap(typename HolderOf<T>::type&& holder) {
    using Slot = typename Layout<T>::Stored;
    ::PyObject* object = allocate_object<T>(PyTypeInfo<T>::type_object(), nullptr);
    if (object == nullptr) return nullptr;
    if constexpr (Layout<T>::state_size != 0) {
      ::new (static_cast<void*>(&Layout<T>::state(object))) typename Layout<T>::State();
    }
    auto* slot = ::new (Layout<T>::address(object)) Slot();
    slot->holder = std::move(holder);
    slot->place = Slot::Traits::get(slot->holder);
    Layout<T>::state(object).built.set(true);
    ::PyObject* first = nullptr;
    try {
      // The garbage collector may have run, and Python code have asked for the same value.
      first = Slot::table().insert(*slot, slot->place, object);
    } catch (const std::bad_alloc&) {
      Py_DECREF(object);
      return PyErr_NoMemory();
    }
    if (first != nullptr) {
      Py_DECREF(object);
      return first;
    }
    if constexpr (is_collected<T>()) PyObject_GC_Track(object);
    instance_made<T>(object);
    return object;
  }
};

/// A pointer that C++ gets, to the value of an object of the class T, which is borrowed.
template <class P>
P share_value(::PyObject* object) {
  using T = HeldClassOf<P>;
  using Root = ClassRootOf<T>;
  using Traits = typename HolderSlot<Root>::Traits;
  using Element = typename HolderTraits<P>::element_type;
  auto& slot = Layout<T>::slot(object);
  slot.enter(object);
  Element* value = &Layout<T>::value(object);
  if constexpr (std::is_same_v<P, std::shared_ptr<Element>>) {
    if (slot.subclass_of != nullptr) [[unlikely]] {
#if defined(Py_GIL_DISABLED)
      const HeldLock lock(slot.table(), &slot);
#endif
      std::shared_ptr<Root> keeper = slot.kept.lock();
      if (keeper == nullptr) {
        keeper = std::shared_ptr<Root>(&slot.value(), KeepObject{borrow(object).unbind()});
        slot.kept = keeper;
      }
      return P(std::move(keeper), value);
    }
  }
  return Traits::template share<Element>(slot.holder, value);
}

}  // namespace adder::inline ADDER_ABI::detail
