// SPDX-License-Identifier: MIT
/// @file
/// @brief Smart pointers as arguments of bound functions, and as the object that a method is called on.
#pragma once
#include "adder/class/detail/holder_slot.hpp"

#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace adder::inline ADDER_ABI::detail {

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

}  // namespace adder::inline ADDER_ABI::detail
