// SPDX-License-Identifier: MIT
/// @file
/// @brief PyRef<T> and PyRefMut<T>: borrows of an object's value, and of parts of it.
#pragma once
#include "adder/class/detail/borrow.hpp"

#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {

/// How adder itself makes guards.
struct GuardAccess {
  /// With a HeldBorrow that has been acquired.
  template <class Guard, class T, class Borrow>
  static Guard make(Bound<T> owner, Borrow&& borrow) {
    PartBorrow* part = nullptr;
    if constexpr (requires { borrow.part; }) {
      if (borrow.part.is_held()) part = new PartBorrow(std::move(borrow.part));
    }
    return Guard(std::move(owner), part);
  }
  template <class Guard, class T>
  static Guard make_with(Bound<T> owner, PartBorrow* part) noexcept {
    return Guard(std::move(owner), part);
  }
  template <class Guard, class V>
  static Guard make_map(Bound<PyAny> owner, V& value, HeldFlag flag, PartBorrow&& part) noexcept {
    return Guard(std::move(owner), value, flag, std::move(part));
  }
};

/// The type of what @p F refers to in a V.
template <class V, class F>
using MappedPart = std::remove_reference_t<std::invoke_result_t<F, V&>>;
template <class V, class F>
auto& mapped_value(F&& f, V& value) {
  static_assert(std::is_lvalue_reference_v<std::invoke_result_t<F, V&>>,
                "adder: map: the function returns a reference into the value that it is given: a pointer to a field, "
                "or a lambda with `-> const Part&` or `-> Part&`. A copy needs no guard");
  using Function = std::remove_cvref_t<F>;
  if constexpr (std::is_member_function_pointer_v<Function>) {
    return (value.*f)();
  } else if constexpr (std::is_member_object_pointer_v<Function>) {
    return (value.*f);
  } else {
    return std::forward<F>(f)(value);
  }
}

/// What PyRef and PyRefMut have in common. That a function takes one does not ask for the PyClass of T yet, which may
/// stand below it.
template <class T, Access Wanted>
class Guard {
  using Value = std::conditional_t<Wanted == Access::shared, const ValueOf<T>, ValueOf<T>>;

 public:
  Guard(Guard&& other) noexcept : owner_(std::move(other.owner_)) {
    if constexpr (may_be_part<T>()) part_ = detail::exchange(other.part_, nullptr);
  }
  Guard& operator=(Guard&&) = delete;
  ~Guard() {
    ::PyObject* object = owner_.as_ptr();
    if (object == nullptr) return;
    if constexpr (may_be_part<T>()) {
      if (part_ != nullptr) {
        delete part_;
        return;
      }
    }
    Borrowing<T>::template release<Wanted>(object);
  }

  Value& operator*() const& ADDER_LIFETIMEBOUND { return value(); }
  Value& operator*() const&& = delete;  // The borrow ends here: keep the guard in a variable, or write copied().
  Value* operator->() const ADDER_LIFETIMEBOUND { return &value(); }
  /// @brief A copy of the value, which outlives the borrow: `const Point p = object.borrow().copied();`.
  auto copied() const {
    if constexpr (!is_copy_constructible<ValueOf<T>>) {
      static_assert(always_false<T>,
                    "adder: copied(): this pyclass cannot be copied. Keep the PyRef or PyRefMut in a variable and use "
                    "the value through it");
    } else {
      return ValueOf<T>(value());
    }
  }
  /// @brief The object.
  const Bound<T>& as_bound() const& noexcept ADDER_LIFETIMEBOUND { return owner_; }
  const Bound<T>& as_bound() const&& = delete;  // It would dangle.
  Python py() const noexcept { return token(); }

  /// @brief The base class's part of the value. Lives as long as this borrow.
  /// @pyo3{PyRef::as_super}
  auto& as_super() const& ADDER_LIFETIMEBOUND {
    static_assert(has_pyclass_base<T>, "adder: as_super: the class has no pyclass for a base");
    using Base = BaseTagOf<T>;
    return static_cast<std::conditional_t<Wanted == Access::shared, const Base, Base>&>(value());
  }
  auto& as_super() const&& = delete;  // The borrow ends with the expression: keep the guard in a variable.

 protected:
  friend struct GuardAccess;
  Guard(Bound<T> owner, [[maybe_unused]] PartBorrow* part) noexcept : owner_(std::move(owner)) {
    if constexpr (may_be_part<T>()) part_ = part;
  }
  /// @throws PyErr  RuntimeError once moved from.
  Value& value() const {
    ::PyObject* object = HandleAccess::use(owner_, "a borrow that was moved from", {});
    if constexpr (may_be_part<T>()) {
      if (part_ != nullptr) return *static_cast<Value*>(part_->value());
    }
    return Layout<T>::value(object);
  }
  /// What this guard has beside the object, for one that takes its place.
  PartBorrow* take_part() noexcept {
    if constexpr (may_be_part<T>()) {
      return detail::exchange(part_, nullptr);
    } else {
      return nullptr;
    }
  }
  /// The same borrow of a part of the value.
  template <class Guard, class F>
  Guard mapped(F&& f) &&;

  Bound<T> owner_;
  PartBorrow* part_;  ///< Owned: of an object that is a part; null for others, and unused where none can be one.
};

}  // namespace detail

/// @brief A shared borrow: read access to the value while it lives. Keeps the object alive.
/// @gil  Held.
/// @pyo3{PyRef}
template <class T>
class PyRef : public detail::Guard<T, detail::Access::shared> {
 public:
  /// @brief The same borrow, of the base class's part.
  /// @pyo3{PyRef::into_super}
  auto into_super() && noexcept {
    static_assert(detail::has_pyclass_base<T>, "adder: into_super: the class has no pyclass for a base");
    using Base = detail::BaseTagOf<T>;
    detail::PartBorrow* part = this->take_part();
    return detail::GuardAccess::make_with<PyRef<Base>>(Bound<Base>(std::move(this->owner_)), part);
  }

  /// @brief The same borrow, as a guard of a part of the value: `std::move(guard).map(&Car::engine)`.
  /// @param f  Takes the value and returns a reference into it: a pointer to a field, a member function, a lambda.
  ///           Where it throws, this guard keeps the borrow.
  /// @pyo3{PyClassGuard::map}
  template <class F>
  auto map(F&& f) && {
    using Part = detail::MappedPart<const detail::ValueOf<T>, F>;
    return std::move(*this).template mapped<PyRefMap<std::remove_const_t<Part>>>(std::forward<F>(f));
  }

 private:
  friend struct detail::GuardAccess;
  using detail::Guard<T, detail::Access::shared>::Guard;
};

/// @brief An exclusive borrow: nobody else reads or writes the value while it lives. Keeps the object alive.
/// @gil  Held.
/// @pyo3{PyRefMut}
template <class T>
class PyRefMut : public detail::Guard<T, detail::Access::exclusive> {
  static_assert(!detail::is_frozen<T>(), "adder: a frozen class has no PyRefMut: nothing may change its values");

 public:
  /// @brief The same borrow, of the base class's part.
  /// @pyo3{PyRefMut::into_super}
  auto into_super() && noexcept {
    static_assert(detail::has_pyclass_base<T>, "adder: into_super: the class has no pyclass for a base");
    using Base = detail::BaseTagOf<T>;
    detail::PartBorrow* part = this->take_part();
    return detail::GuardAccess::make_with<PyRefMut<Base>>(Bound<Base>(std::move(this->owner_)), part);
  }

  /// @brief The same borrow, as a guard of a part of the value: `std::move(guard).map(&Car::engine)`.
  /// @param f  Takes the value and returns a reference into it: a pointer to a field, a member function, a lambda.
  ///           Where it throws, this guard keeps the borrow.
  /// @pyo3{PyClassGuardMut::map}
  template <class F>
  auto map(F&& f) && {
    using Part = detail::MappedPart<detail::ValueOf<T>, F>;
    static_assert(!std::is_const_v<Part>,
                  "adder: map: the function returns a const reference: map a PyRef, as nothing can be changed");
    return std::move(*this).template mapped<PyRefMutMap<Part>>(std::forward<F>(f));
  }

 private:
  friend struct detail::GuardAccess;
  using detail::Guard<T, detail::Access::exclusive>::Guard;
};

namespace detail {

/// What PyRefMap and PyRefMutMap have in common.
template <class U, Access Wanted>
class MappedGuard {
  using Value = std::conditional_t<Wanted == Access::shared, const U, U>;

 public:
  MappedGuard(MappedGuard&& other) noexcept = default;
  MappedGuard& operator=(MappedGuard&&) = delete;
  ~MappedGuard() {
    if (owner_.as_ptr() != nullptr && !part_.is_held()) flag_.end(Wanted);
  }

  Value& operator*() const& ADDER_LIFETIMEBOUND { return value(); }
  Value& operator*() const&& = delete;  // The borrow ends here: keep the guard in a variable.
  Value* operator->() const ADDER_LIFETIMEBOUND { return &value(); }
  /// @brief The object that is borrowed.
  const Bound<PyAny>& owner() const& noexcept ADDER_LIFETIMEBOUND { return owner_; }
  const Bound<PyAny>& owner() const&& = delete;  // It would dangle.
  Python py() const noexcept { return token(); }

 protected:
  friend struct GuardAccess;
  MappedGuard(Bound<PyAny> owner, Value& value, HeldFlag flag, PartBorrow&& part) noexcept
      : owner_(std::move(owner)), value_(__builtin_addressof(value)), flag_(flag), part_(std::move(part)) {}
  Value& value() const {
    (void)HandleAccess::use(owner_, "a borrow that was moved from", {});
    return *value_;
  }
  /// The same borrow of a part of the value.
  template <class Guard, class F>
  Guard narrowed(F&& f) && {
    auto& part = mapped_value<Value>(std::forward<F>(f), value());
    return GuardAccess::make_map<Guard>(std::move(owner_), part, flag_, std::move(part_));
  }

 private:
  Bound<PyAny> owner_;
  Value* value_;
  HeldFlag flag_;  ///< That of the owner, unless it is a part.
  PartBorrow part_;
};

}  // namespace detail

/// @brief A shared borrow of an object, as read access to a part of its value: what `map` makes of a PyRef.
///
/// It keeps the object alive, and its owner where the object is a part.
/// @gil  Held.
/// @pyo3{PyClassGuardMap}
template <class U>
class PyRefMap : public detail::MappedGuard<U, detail::Access::shared> {
 public:
  /// @brief As PyRef::map.
  template <class F>
  auto map(F&& f) && {
    using Part = detail::MappedPart<const U, F>;
    return std::move(*this).template narrowed<PyRefMap<std::remove_const_t<Part>>>(std::forward<F>(f));
  }

 private:
  friend struct detail::GuardAccess;
  using detail::MappedGuard<U, detail::Access::shared>::MappedGuard;
};
/// @brief An exclusive borrow of an object, as access to a part of its value: what `map` makes of a PyRefMut.
/// @gil  Held.
/// @pyo3{PyClassGuardMap}
template <class U>
class PyRefMutMap : public detail::MappedGuard<U, detail::Access::exclusive> {
 public:
  /// @brief As PyRefMut::map.
  template <class F>
  auto map(F&& f) && {
    using Part = detail::MappedPart<U, F>;
    static_assert(!std::is_const_v<Part>,
                  "adder: map: the function returns a const reference: map a PyRef, as nothing can be changed");
    return std::move(*this).template narrowed<PyRefMutMap<Part>>(std::forward<F>(f));
  }

 private:
  friend struct detail::GuardAccess;
  using detail::MappedGuard<U, detail::Access::exclusive>::MappedGuard;
};

template <class T, detail::Access Wanted>
template <class Guard, class F>
Guard detail::Guard<T, Wanted>::mapped(F&& f) && {
  auto& part = detail::mapped_value<Value>(std::forward<F>(f), value());
  if (PartBorrow* held = take_part()) {
    PartBorrow borrow(std::move(*held));
    delete held;
    return GuardAccess::make_map<Guard>(std::move(owner_).into_any(), part, HeldFlag(), std::move(borrow));
  }
  const HeldFlag flag = held_flag<T>(owner_.as_ptr());
  return GuardAccess::make_map<Guard>(std::move(owner_).into_any(), part, flag, PartBorrow());
}

}  // namespace adder::inline ADDER_ABI
