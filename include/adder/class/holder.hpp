// SPDX-License-Identifier: MIT
/// @file
/// @brief Classes whose values C++ holds by smart pointers, too. Not part of adder.hpp.
///
/// @code
/// template <>
/// struct adder::PyClass<Node> {
///   static constexpr auto name = "Node";
///   using holder = std::shared_ptr<Node>;
///   ...
/// };
/// @endcode
/// The object holds such a pointer, and functions take and return them. The same pointer is the same object, as long as
/// one lives. Classes that derive from it have the holder of the root of their chain.
///
/// | holder                     | a parameter                                    | a result                                |
/// |----------------------------|------------------------------------------------|-----------------------------------------|
/// | `std::shared_ptr<T>`       | shares the value; borrows it for the call      | the object that there is, or a new one  |
/// | `std::unique_ptr<T>`       | takes the value: the object refuses from then on | a new object                          |
/// | by `HolderTraits<P>`       | as `shared_ptr`                                | as `shared_ptr`                         |
///
/// A result is of the most derived class that Python knows, where T is polymorphic. Null is None; a parameter takes
/// None as `std::optional` of the pointer. A `shared_ptr` to an instance of a Python subclass keeps that instance.
///
/// Such a parameter borrows the object for the call, `shared_ptr<T>` as T& and `shared_ptr<const T>` as const T&. But
/// as others may have the pointer, too, what the call leads to on the same thread may use the object meanwhile. What
/// C++ does through pointers of its own, and when, is up to C++.
#pragma once
#include "adder/class/detail/held_table.hpp"
#include "adder/class/pyclass.hpp"

#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <vector>

namespace adder::inline ADDER_ABI {

/// @brief What adder has to know of a smart pointer that holds the values of a pyclass. Specialise it for those of your
/// own that count references inside the value:
/// @code
/// template <class T>
/// struct adder::HolderTraits<Ref<T>> : adder::IntrusiveHolder<Ref, T> {
///   static bool is_sole_owner(const Ref<T>& held) { return held->use_count() == 1; }
/// };
/// @endcode
template <class P>
struct HolderTraits;

namespace detail {

/// What allocates the value of a new object together with its count of owners: `build(address)` constructs it.
template <class T, class Build>
struct BuildingAllocator {
  using value_type = T;
  template <class U>
  struct rebind {
    using other = BuildingAllocator<U, Build>;
  };
  explicit BuildingAllocator(Build& with) noexcept : build(&with) {}
  template <class U>
  BuildingAllocator(const BuildingAllocator<U, Build>& other) noexcept  // NOLINT(google-explicit-constructor)
      : build(other.build) {}
  T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
  void deallocate(T* at, std::size_t count) noexcept { std::allocator<T>().deallocate(at, count); }
  template <class U>
  void construct(U* at) {
    (*build)(static_cast<void*>(at));
  }
  template <class U>
  bool operator==(const BuildingAllocator<U, Build>&) const noexcept {
    return true;
  }
  Build* build;  // Of no use once the value is there.
};

/// A value that `delete` destroys, made by `build(address)`.
template <class D, class Build>
D* new_value(Build&& build) {
  void* memory = nullptr;
  if constexpr (requires { D::operator new(sizeof(D)); }) {
    memory = D::operator new(sizeof(D));
  } else if constexpr (alignof(D) > __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
    memory = ::operator new(sizeof(D), std::align_val_t(alignof(D)));
  } else {
    memory = ::operator new(sizeof(D));
  }
  try {
    build(memory);
  } catch (...) {
    if constexpr (requires { D::operator delete(memory); }) {
      D::operator delete(memory);
    } else if constexpr (alignof(D) > __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
      ::operator delete(memory, std::align_val_t(alignof(D)));
    } else {
      ::operator delete(memory);
    }
    throw;
  }
  return std::launder(static_cast<D*>(memory));
}

}  // namespace detail

template <class T>
struct HolderTraits<std::shared_ptr<T>> {
  using element_type = T;
  template <class U>
  using rebind = std::shared_ptr<U>;
  static constexpr bool is_shared = true;
  /// Whether a pointer can be had from the value alone.
  template <class U>
  static constexpr bool is_found_in_value = requires(U& value) { value.weak_from_this(); };

  template <class D, class Build>
  static std::shared_ptr<T> make(Build&& build) {
    using Allocator = detail::BuildingAllocator<D, std::remove_reference_t<Build>>;
    return std::allocate_shared<D>(Allocator(build));
  }
  static T* get(const std::shared_ptr<T>& held) noexcept { return held.get(); }
  static bool is_sole_owner(const std::shared_ptr<T>& held) noexcept { return held.use_count() <= 1; }
  template <class D>
  static std::shared_ptr<D> share(const std::shared_ptr<T>& held, D* value) noexcept {
    return std::shared_ptr<D>(held, value);
  }
};
template <class T, class Deleter>
struct HolderTraits<std::unique_ptr<T, Deleter>> {
  using element_type = T;
  template <class U>
  using rebind = std::unique_ptr<
      U, std::conditional_t<std::is_same_v<Deleter, std::default_delete<T>>, std::default_delete<U>, Deleter>>;
  static constexpr bool is_shared = false;
  template <class U>
  static constexpr bool is_found_in_value = false;

  template <class D, class Build>
  static std::unique_ptr<T, Deleter> make(Build&& build) {
    static_assert(std::is_same_v<Deleter, std::default_delete<T>>,
                  "adder: a class whose holder has a deleter of its own has no constructor: only C++ makes its values, "
                  "and returns them");
    static_assert(
        std::is_same_v<D, T> || std::has_virtual_destructor_v<T>,
        "adder: a class that derives from one whose holder is a unique_ptr is deleted through it: give the base "
        "a virtual destructor");
    return std::unique_ptr<T, Deleter>(detail::new_value<D>(std::forward<Build>(build)));
  }
  static T* get(const std::unique_ptr<T, Deleter>& held) noexcept { return held.get(); }
  static constexpr bool is_sole_owner(const std::unique_ptr<T, Deleter>&) noexcept { return true; }
};

/// @brief Base of a `HolderTraits` of a pointer that counts references inside the value. It has `get()`, and a
/// constructor that takes a pointer and counts one more owner.
template <template <class> class P, class T>
struct IntrusiveHolder {
  using element_type = T;
  template <class U>
  using rebind = P<U>;
  static constexpr bool is_shared = true;
  template <class U>
  static constexpr bool is_found_in_value = true;

  template <class D, class Build>
  static P<T> make(Build&& build) {
    return P<T>(static_cast<T*>(detail::new_value<D>(std::forward<Build>(build))));
  }
  static T* get(const P<T>& held) noexcept { return held.get(); }
  template <class D>
  static P<D> share(const P<T>&, D* value) {
    return P<D>(value);
  }
};

namespace detail {

// --- Which types are holders -----------------------------------------------------------------------------------------

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

// --- In the object ---------------------------------------------------------------------------------------------------

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
    const HeldLock lock(HolderSlot<Root>::table());
    for (const HeldClass<Root>& one : table.classes) {
      if (one.wrap == &HolderWrapper<T>::wrap) return;
    }
    table.classes.push_back({depth_of_class<T>(), &is_a<T>, &HolderWrapper<T>::wrap});
    table.found.clear();  // There may be a better one now.
  }
  /// What makes an object of a value.
  static auto find(const Root* value) -> ::PyObject* (*)(Holder&&) {
    Table& table = known();
    const HeldLock lock(HolderSlot<Root>::table());
    const std::type_index type(typeid(*value));
    if (const auto known = table.found.find(type); known != table.found.end()) return known->second;
    const HeldClass<Root>* best = nullptr;
    for (const HeldClass<Root>& one : table.classes) {
      if ((best == nullptr || one.depth > best->depth) && one.is(value)) best = &one;
    }
    const auto wrap = best == nullptr ? &HolderWrapper<Root>::wrap : best->wrap;
    table.found.emplace(type, wrap);
    return wrap;
  }

  struct Table {
    std::vector<HeldClass<Root>> classes;
    std::unordered_map<std::type_index, ::PyObject* (*)(Holder&&)> found;
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
      [[maybe_unused]] const HeldLock lock(table());
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
    if (object == nullptr) release_if_any(table().insert(*this, place, own));
  }

  ADDER_HIDDEN static inline constinit HeldTable own_table;
  static SharedHolder own_of_holder() {
    void* classes = nullptr;
    if constexpr (std::is_polymorphic_v<Root>) classes = &HeldClasses<Root>::own();
    return {&own_table, classes};
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
      const HeldLock lock(slot.table());
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

// --- As arguments of bound functions ---------------------------------------------------------------------------------

/// How long a pointer borrows its object: `shared_ptr<T>` as T&, `shared_ptr<const T>` as const T&.
template <class P>
inline constexpr Access pointer_access =
    std::is_const_v<typename HolderTraits<P>::element_type> ? Access::shared : Access::exclusive;
template <class P>
constexpr bool check_parameter() {
  static_assert(check_pointer<P>());
  static_assert(pointer_access<P> == Access::shared || !is_frozen<HeldClassOf<P>>(),
                "adder: a pointer to the value of a frozen class is one to const: nothing may change it");
  return true;
}

/// Others may have such a pointer, too: those on this thread use the object meanwhile, as C++ does, by callbacks and
/// overrides. Other threads do not.
template <class P>
void lend_to_others(OwnUnderWay<LentBorrow>& lent, ::PyObject* object) noexcept {
  if constexpr (pointer_access<P> == Access::exclusive) lent.begin(Layout<HeldClassOf<P>>::state(object).flag);
}

/// `std::shared_ptr<T>`: shares the value, which is borrowed for the call.
template <class P>
  requires(HolderPointer<std::remove_cvref_t<P>> && HolderTraits<std::remove_cvref_t<P>>::is_shared)
class ArgumentLoader<P> : ValueParameter<P> {
  using Pointer = std::remove_cvref_t<P>;
  using T = HeldClassOf<Pointer>;
  static_assert(check_parameter<Pointer>());

 public:
  ArgumentLoader() = default;
  ArgumentLoader(const ArgumentLoader&) = delete;
  ArgumentLoader& operator=(const ArgumentLoader&) = delete;
  bool load(::PyObject* object, CallContext context, unsigned index) {
    if (!PyTypeInfo<T>::is_type_of(object)) [[unlikely]] {
      set_argument_error(context.record(), index, PyErr::Access::mismatch(PyTypeInfo<T>::name(), object));
      return false;
    }
    if (!borrow_.acquire(object)) [[unlikely]] {
      set_argument_error(context.record(), index, borrow_.error(object));
      return false;
    }
    pointer_ = share_value<Pointer>(object);
    lend_to_others<Pointer>(lent_, object);
    return true;
  }
  P&& get() noexcept { return static_cast<P&&>(pointer_); }

 private:
  ObjectBorrow<T, pointer_access<Pointer>> borrow_;
  OwnUnderWay<LentBorrow> lent_;
  Pointer pointer_;
};

/// The same of the object that a method is called on.
template <class T, class R>
  requires(HolderPointer<std::remove_cvref_t<R>> && HolderTraits<std::remove_cvref_t<R>>::is_shared &&
           std::is_base_of_v<HeldClassOf<std::remove_cvref_t<R>>, T>)
class Receiver<T, R> {
  using Pointer = std::remove_cvref_t<R>;
  static_assert(check_parameter<Pointer>());

 public:
  explicit Receiver(::PyObject* self) noexcept : self_(self) {}
  bool granted() {
    if (!borrow_.acquire(self_)) [[unlikely]] {
      borrow_.error(self_).restore(token());
      return false;
    }
    pointer_ = share_value<Pointer>(self_);
    lend_to_others<Pointer>(lent_, self_);
    return true;
  }
  R&& get() noexcept { return static_cast<R&&>(pointer_); }

 private:
  ::PyObject* self_;
  ObjectBorrow<T, pointer_access<Pointer>> borrow_;
  OwnUnderWay<LentBorrow> lent_;
  Pointer pointer_;
};

/// `std::unique_ptr<T>`: takes the value, once all arguments are there.
template <class P>
  requires(HolderPointer<std::remove_cvref_t<P>> && !HolderTraits<std::remove_cvref_t<P>>::is_shared)
class ArgumentLoader<P> : ValueParameter<P> {
  using Pointer = std::remove_cvref_t<P>;
  using T = HeldClassOf<Pointer>;
  static_assert(check_parameter<Pointer>());
  static_assert(
      !HolderTraits<typename HolderOf<T>::type>::is_shared,
      "adder: a parameter cannot be a unique_ptr to the value of a class whose holder is shared: others may have "
      "it, too. Take a shared_ptr");
  static_assert(!std::is_const_v<typename HolderTraits<Pointer>::element_type>,
                "adder: a parameter that takes a value is a unique_ptr<T>, not one to const");
  static_assert(!std::is_lvalue_reference_v<P>,
                "adder: a parameter that takes a value is a unique_ptr<T>, by value or as unique_ptr<T>&&. To use it "
                "without taking it, take T& or const T&");

 public:
  ArgumentLoader() = default;
  ArgumentLoader(const ArgumentLoader&) = delete;
  ArgumentLoader& operator=(const ArgumentLoader&) = delete;
  ~ArgumentLoader() {
    // The function has not moved from it; or put in another value, which fits the object if it is of the same class.
    if (pointer_ != nullptr && *type_ == type_of(*pointer_)) give_back();
  }
  bool load(::PyObject* object, CallContext context, unsigned index) {
    if (!PyTypeInfo<T>::is_type_of(object)) [[unlikely]] {
      set_argument_error(context.record(), index, PyErr::Access::mismatch(PyTypeInfo<T>::name(), object));
      return false;
    }
    if (Layout<T>::slot(object).subclass_of != nullptr) [[unlikely]] {
      set_argument_error(context.record(), index,
                         PyErr::Access::lazy(PyExc_TypeError, std::string("cannot give a '") + type_name_of(object) +
                                                                  "' object to C++, which "
                                                                  "takes its '" +
                                                                  PyClass<T>::name +
                                                                  "' value: what Python added to it would be lost"));
      return false;
    }
    if (!borrow_.acquire(object)) [[unlikely]] {
      set_argument_error(context.record(), index, borrow_.error(object));
      return false;
    }
    object_ = object;
    return true;
  }
  Pointer&& get() noexcept {
    auto& slot = Layout<T>::slot(object_);
    T* value = &Layout<T>::value(object_);
    type_ = &type_of(*value);
    slot.table().remove(slot);
    Layout<T>::state(object_).built.give_away();
    if constexpr (std::is_same_v<Pointer, Holder>) {
      pointer_ = std::move(slot.holder);
    } else if constexpr (std::is_same_v<typename Pointer::deleter_type, typename Holder::deleter_type>) {
      (void)slot.holder.release();
      pointer_ = Pointer(value, std::forward<typename Holder::deleter_type>(slot.holder.get_deleter()));
    } else {
      (void)slot.holder.release();
      pointer_ = Pointer(value);
    }
    return std::move(pointer_);
  }

 private:
  using Holder = typename HolderOf<T>::type;
  static const std::type_info& type_of(const T& value) noexcept { return typeid(value); }
  void give_back() noexcept {
    auto& slot = Layout<T>::slot(object_);
    slot.holder = std::move(pointer_);
    slot.place = HolderTraits<Holder>::get(slot.holder);
    Layout<T>::state(object_).built.set(true);
  }
  ObjectBorrow<T, Access::exclusive, false> borrow_;  // What an override is lent, C++ is using.
  ::PyObject* object_ = nullptr;
  const std::type_info* type_ = nullptr;  ///< Of the value that was taken.
  Pointer pointer_;
};

}  // namespace detail

/// As an item of a container, an optional, a field, a result of Python.
template <class P>
  requires(detail::HolderPointer<P> && HolderTraits<P>::is_shared)
struct FromPyObject<P> {
  static const char* expected() noexcept { return PyClass<detail::HeldClassOf<P>>::name; }
  static PyResult<P> extract(const Bound<PyAny>& object) {
    using T = detail::HeldClassOf<P>;
    static_assert(detail::check_parameter<P>());
    if (!PyTypeInfo<T>::is_type_of(object.as_ptr())) {
      return PyErr::Access::mismatch(PyTypeInfo<T>::name(), object.as_ptr());
    }
    // No borrow, which would end here: who goes on with the pointer has it by C++'s own rules.
    if (!detail::Layout<T>::state(object.as_ptr()).is_usable()) {
      return detail::Borrowing<T>::template error<detail::pointer_access<P>>(object.as_ptr());
    }
    return detail::share_value<P>(object.as_ptr());
  }
};

namespace detail {

template <class P>
  requires(HolderPointer<P> && !HolderTraits<P>::is_shared && has_holder<HeldClassOf<P>>)
struct NoConversionFromPy<P> {
  static_assert(
      always_false<P>,
      "adder: a std::unique_ptr to a pyclass is a parameter or a result of a bound function. It is no item of "
      "a container, no optional, and no result of a callback or an override: others may have the Python "
      "object. Where Python hands objects over in these ways, the holder is a std::shared_ptr");
};
template <class T>
  requires has_holder<T>
struct NoConversionFromPy<std::weak_ptr<T>> {
  static_assert(always_false<T>,
                "adder: no conversion from a Python object to a std::weak_ptr: take a std::shared_ptr, and keep a "
                "weak_ptr of that");
};
template <class T>
  requires has_holder<T>
struct NoConversionIntoPy<std::weak_ptr<T>> {
  static_assert(always_false<T>, "adder: no conversion from a std::weak_ptr to a Python object: return its lock()");
};

}  // namespace detail

template <class P>
  requires detail::HolderPointer<P>
struct IntoPyObject<P> {
  template <class Given>
  static PyResult<Bound<PyAny>> into_py(Python py, Given&& pointer) {
    using T = detail::HeldClassOf<P>;
    static_assert(detail::check_pointer<P>());
    static_assert(!std::is_const_v<typename HolderTraits<P>::element_type> || is_frozen_class<T>,
                  "adder: a pointer to const would become an object that Python may change: make the class frozen, or "
                  "return a pointer to T, or a copy");
    if (HolderTraits<P>::get(pointer) == nullptr) return detail::borrow(Py_None);
    if constexpr (detail::has_holder<T>) {
      using Root = detail::ClassRootOf<T>;
      using Slot = detail::HolderSlot<Root>;
      Root* root = const_cast<T*>(HolderTraits<P>::get(pointer));
      try {
        if constexpr (detail::is_shared_class<Root>()) (void)detail::own_type_object<Root>();  // With its table.
        if constexpr (HolderTraits<P>::is_shared) {
          if (::PyObject* found = Slot::table().find(root)) return detail::steal(found);
        }
        auto holder = converted<typename Slot::Holder, Root>(std::forward<Given>(pointer), root);
        ::PyObject* made = nullptr;
        if constexpr (std::is_polymorphic_v<Root>) {
          made = detail::HeldClasses<Root>::find(root)(std::move(holder));
        } else {
          made = detail::HolderWrapper<T>::wrap(std::move(holder));
        }
        if (made == nullptr) return PyErr::fetch(py);
        return detail::steal(made);
      } catch (...) {
        detail::translate_current_exception();
        return PyErr::fetch(py);
      }
    }
  }

 private:
  template <class T>
  static constexpr bool is_frozen_class = detail::is_frozen<T>();
  template <class Holder, class Root, class Given>
  static Holder converted(Given&& pointer, Root* root) {
    if constexpr (HolderTraits<P>::is_shared && HolderTraits<Holder>::is_shared) {
      return HolderTraits<P>::template share<Root>(pointer, root);
    } else {
      static_assert(!HolderTraits<P>::is_shared,
                    "adder: a result cannot be a shared_ptr to a class whose holder is a "
                    "unique_ptr: it would have two owners");
      static_assert(!std::is_lvalue_reference_v<Given>, "adder: a unique_ptr is given to Python by moving it");
      static_assert(std::is_same_v<detail::HeldClassOf<P>, Root> || std::has_virtual_destructor_v<Root>,
                    "adder: a class that derives from one whose holder is a unique_ptr is deleted through it: give the "
                    "base a virtual destructor");
      return Holder(std::forward<Given>(pointer));
    }
  }
};

}  // namespace adder::inline ADDER_ABI
