// SPDX-License-Identifier: MIT
/// @file
/// @brief Borrowing the value of an object, which may be in another one: what guards, receivers and arguments hold.
#pragma once
#include "adder/base/detail/text_builder.hpp"
#include "adder/class/detail/lent_borrow.hpp"
#include "adder/class/detail/part_link.hpp"
#include "adder/function/detail/arguments.hpp"

#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief Thrown where a value cannot be shared: it is mutably borrowed. A RuntimeError to Python.
/// @pyo3{PyBorrowError}
class ADDER_VISIBLE PyBorrowError : public PyErr {
 public:
  /// Not for users.
  explicit PyBorrowError(PyErr error) noexcept : PyErr(std::move(error)) {}
};
/// @brief Thrown where a value cannot be had exclusively: it is borrowed. A RuntimeError to Python.
/// @pyo3{PyBorrowMutError}
class ADDER_VISIBLE PyBorrowMutError : public PyErr {
 public:
  /// Not for users.
  explicit PyBorrowMutError(PyErr error) noexcept : PyErr(std::move(error)) {}
};

namespace detail {

/// What a reference to a value needs of the borrow flag.
template <class R>
inline constexpr Access access_of = std::is_const_v<std::remove_reference_t<R>> ? Access::shared : Access::exclusive;

/// The RuntimeError of a borrow that was refused.
ADDER_COLD_CALL PyErr borrow_error(std::string_view class_name, Access wanted, Held held);

/// The error of a borrow that the flag of an object refuses.
template <class State>
ADDER_COLD PyErr state_error(const State& state, const char* class_name, Access wanted) {
  return borrow_error(class_name, wanted, state.held());
}

/// The flag of an object, from the side of those who borrow.
template <class T>
struct Borrowing {
  template <Access Wanted>
  ADDER_INLINE static bool acquire(::PyObject* object) noexcept {
    if constexpr (Wanted == Access::shared) {
      return Layout<T>::state(object).try_share();
    } else {
      return Layout<T>::state(object).try_exclude();
    }
  }
  template <Access Wanted>
  ADDER_INLINE static void release(::PyObject* object) noexcept {
    if constexpr (Wanted == Access::shared) {
      Layout<T>::state(object).flag.end_share();
    } else {
      Layout<T>::state(object).flag.end_exclude();
    }
  }
  template <Access Wanted>
  static PyErr error(::PyObject* object) {
    return state_error(Layout<T>::state(object), PyClass<T>::name, Wanted);
  }
};
/// The error as the pending exception.
template <class State>
ADDER_COLD void refuse_borrow(const State& state, const char* class_name, Access wanted) noexcept {
  try {
    state_error(state, class_name, wanted).restore(token());
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  }
}
/// What happens to a borrow that was refused: of a locked class it may be waited for. False with an exception pending.
template <Access Wanted, class State>
ADDER_COLD bool settle_refusal(State& state, const char* class_name, bool* was_watched = nullptr) noexcept {
  if constexpr (State::is_locked) {
    const Held held = state.held();
    if (state.is_usable() && held != Held::cleared && held != Held::part && !state.flag.is_held_here()) {
      return wait_for_lock(state.flag, class_name, Wanted, was_watched);
    }
  }
  refuse_borrow(state, class_name, Wanted);
  return false;
}
/// Borrows, or sets an exception.
template <Access Wanted, class State>
ADDER_NOINLINE bool borrow_or_refuse(State& state, const char* class_name) noexcept {
  bool granted = false;
  if constexpr (Wanted == Access::shared) {
    granted = state.try_share();
  } else {
    granted = state.try_exclude();
  }
  return granted || settle_refusal<Wanted>(state, class_name);
}

#if ADDER_COMPILED
// Of most classes: compiled once, as with what they call they are twenty functions.
extern template bool borrow_or_refuse<Access::shared>(BorrowState<false, false, false>&, const char*) noexcept;
extern template bool borrow_or_refuse<Access::exclusive>(BorrowState<false, false, false>&, const char*) noexcept;
#endif

struct NoLender {};
struct NoHolder {};
/// A borrow that ends with the scope; what it borrows is not its business.
template <class State, Access Wanted>
class ScopedBorrow {
 public:
  ADDER_INLINE explicit ScopedBorrow(State& state) noexcept : state_(state) {}
  ScopedBorrow(const ScopedBorrow&) = delete;
  ScopedBorrow& operator=(const ScopedBorrow&) = delete;
  ADDER_INLINE ~ScopedBorrow() {
    if constexpr (State::lends) {
      if (lent_ != nullptr) [[unlikely]] {
        end_lent(*lent_, Wanted);
        return;
      }
    }
    if (!held_) return;
    if constexpr (Wanted == Access::shared) {
      state_.flag.end_share();
    } else {
      state_.flag.end_exclude();
    }
  }
  /// Whether the value may be used; else a RuntimeError is pending.
  ADDER_INLINE bool acquire(const char* class_name) noexcept {
    if constexpr (std::is_empty_v<State>) {
      return true;
    } else if constexpr (State::lends) {
      if constexpr (Wanted == Access::shared) {
        held_ = state_.try_share();
      } else {
        held_ = state_.try_exclude();
      }
      if (held_) [[likely]]
        return true;
      if (state_.is_usable()) lent_ = LentBorrow::take(state_.flag, Wanted);
      if (lent_ == nullptr) refuse_borrow(state_, class_name, Wanted);
      return lent_ != nullptr;
    } else {
      // Then by one call, for which less has to be kept than for several.
      if constexpr (!prefers_small_code && !std::is_same_v<decltype(State::flag), NoBorrowFlag>) {
        if (acquire_free()) [[likely]]
          return true;
      }
      return held_ = borrow_or_refuse<Wanted>(state_, class_name);
    }
  }
  /// The same where nobody has a borrow yet. Nothing is pending.
  ADDER_INLINE bool acquire_free() noexcept {
    if constexpr (Wanted == Access::shared) {
      return held_ = state_.is_usable() && state_.flag.share_free();
    } else {
      return held_ = state_.is_usable() && state_.flag.exclude_free();
    }
  }

 private:
  State& state_;
  bool held_ = false;
  [[no_unique_address]] std::conditional_t<State::lends, BorrowFlag*, NoLender> lent_{};
};

/// Why a part could not be borrowed is pending then.
template <class T, Access Wanted>
ADDER_INLINE_FOR_SPEED bool borrow_part(::PyObject* object, PartBorrow& borrow, bool waits = true) noexcept {
  PartLink* link = link_of<T>(object);
  if (link != nullptr && Layout<T>::state(object).is_usable()) [[likely]] {
    return Wanted == Access::shared ? borrow.share(*link, waits) : borrow.exclude(*link, waits);
  }
  refuse_borrow(Layout<T>::state(object), PyClass<T>::name, Wanted);
  return false;
}

/// The flag that counts the borrows of an object which is no part.
template <class T>
HeldFlag held_flag(::PyObject* object) noexcept {
  if constexpr (is_frozen<T>()) {
    return {};
  } else {
    return {&Layout<T>::state(object).flag, lock_ends_of<T>()};
  }
}
/// What the holder of a borrow keeps beside the object.
template <class T, Access Wanted, bool MayBePart = may_be_part<T>()>
struct HeldBorrow {
  using Value = std::conditional_t<Wanted == Access::shared, const T, T>;

  HeldBorrow() = default;
  /// That of a base, or the same turned into a shared one.
  template <class Derived, Access Had>
  explicit HeldBorrow(HeldBorrow<Derived, Had>&&) noexcept {}
  /// Whether the value may be used; else error() is to be asked for. Of a locked class it is waited for.
  ADDER_INLINE static bool acquire(::PyObject* object) noexcept {
    if (Borrowing<T>::template acquire<Wanted>(object)) [[likely]]
      return true;
    if constexpr (is_locked<T>()) {
      return settle_refusal<Wanted>(Layout<T>::state(object), PyClass<T>::name);
    } else {
      return false;
    }
  }
  /// The same, and nobody waits.
  ADDER_INLINE static bool try_acquire(::PyObject* object) noexcept {
    if (Borrowing<T>::template acquire<Wanted>(object)) [[likely]]
      return true;
    if constexpr (is_locked<T>()) refuse_borrow(Layout<T>::state(object), PyClass<T>::name, Wanted);
    return false;
  }
  static PyErr error(::PyObject* object) {
    if constexpr (is_locked<T>()) {
      return PyErr::fetch(token());
    } else {
      return Borrowing<T>::template error<Wanted>(object);
    }
  }
  ADDER_INLINE static void release(::PyObject* object) noexcept { Borrowing<T>::template release<Wanted>(object); }
  ADDER_INLINE static Value& value(::PyObject* object) noexcept { return Layout<T>::value(object); }
  /// That counts the borrow.
  static HeldFlag flag(::PyObject* object) noexcept { return held_flag<T>(object); }
};
/// The same where the object may be a part.
template <class T, Access Wanted>
struct HeldBorrow<T, Wanted, true> {
  using Value = std::conditional_t<Wanted == Access::shared, const ValueOf<T>, ValueOf<T>>;

  HeldBorrow() = default;
  template <class Derived, Access Had>
  explicit HeldBorrow(HeldBorrow<Derived, Had>&& other) noexcept : place(other.place), part(std::move(other.part)) {}
  ADDER_INLINE bool acquire(::PyObject* object) noexcept {
    if constexpr (std::is_same_v<T, ValueOf<T>>) {
      if (Borrowing<T>::template acquire<Wanted>(object)) [[likely]] {
        place = &Layout<T>::value(object);
        return true;
      }
    }
    if constexpr (is_locked<T>()) {
      if (link_of<T>(object) == nullptr) {
        if (!settle_refusal<Wanted>(Layout<T>::state(object), PyClass<T>::name)) return false;
        place = &Layout<T>::value(object);
        return true;
      }
    }
    if (!borrow_part<T, Wanted>(object, part)) return false;
    place = static_cast<Value*>(part.value());
    return true;
  }
  ADDER_INLINE bool try_acquire(::PyObject* object) noexcept {
    if constexpr (std::is_same_v<T, ValueOf<T>>) {
      if (Borrowing<T>::template acquire<Wanted>(object)) [[likely]] {
        place = &Layout<T>::value(object);
        return true;
      }
    }
    if (!borrow_part<T, Wanted>(object, part, false)) return false;
    place = static_cast<Value*>(part.value());
    return true;
  }
  static PyErr error(::PyObject*) { return PyErr::fetch(token()); }
  ADDER_INLINE void release(::PyObject* object) noexcept {
    if (part.is_held()) [[unlikely]] {
      part.release();
    } else {
      Borrowing<T>::template release<Wanted>(object);
    }
  }
  ADDER_INLINE Value& value(::PyObject*) const noexcept { return *place; }
  HeldFlag flag(::PyObject* object) const noexcept { return part.is_held() ? part.root_flag() : held_flag<T>(object); }

  Value* place = nullptr;
  PartBorrow part;
};

/// The borrow of an object, which others keep alive.
/// @tparam MayBeLent  Whether what is lent will do.
template <class T, Access Wanted, bool MayBeLent = true>
class ObjectBorrow {
  static constexpr bool lends = MayBeLent && may_be_lent<T>() && !is_frozen<T>();

 public:
  using Value = typename HeldBorrow<T, Wanted>::Value;

  ObjectBorrow() = default;
  ObjectBorrow(const ObjectBorrow&) = delete;
  ObjectBorrow& operator=(const ObjectBorrow&) = delete;
  ADDER_INLINE ~ObjectBorrow() {
    if constexpr (lends) {
      if (lent_ != nullptr) [[unlikely]] {
        end_lent(*lent_, Wanted);
        return;
      }
    }
    if (object_ != nullptr) borrow_.release(object_);
  }
  ADDER_INLINE bool acquire(::PyObject* object) noexcept {
    if (!borrow_.acquire(object)) [[unlikely]] {
      if constexpr (lends) {
        auto& state = Layout<T>::state(object);
        if (state.is_usable()) lent_ = LentBorrow::take(state.flag, Wanted);
        if (lent_ == nullptr) return false;
      } else {
        return false;
      }
    }
    if constexpr (lends && Wanted == Access::exclusive) {
      if (lent_ == nullptr && Layout<T>::slot(object).subclass_of != nullptr) [[unlikely]]
        held_.begin(&Layout<T>::state(object).flag);
    }
    object_ = object;
    return true;
  }
  /// Whether there is a short way: of what is no part and is not lent.
  static constexpr bool has_short_way = !may_be_part<T>() && !lends;
  /// That, where nobody has a borrow yet.
  ADDER_INLINE bool acquire_free(::PyObject* object) noexcept {
    auto& state = Layout<T>::state(object);
    bool granted = false;
    if constexpr (is_frozen<T>()) {
      granted = state.try_share();
    } else if constexpr (Wanted == Access::shared) {
      granted = state.is_usable() && state.flag.share_free();
    } else {
      granted = state.is_usable() && state.flag.exclude_free();
    }
    if (!granted) [[unlikely]]
      return false;
    object_ = object;
    return true;
  }
  /// Takes over a borrow that was had otherwise.
  void adopt(::PyObject* object) noexcept { object_ = object; }
  /// Why it was refused.
  PyErr error(::PyObject* object) const { return borrow_.error(object); }
  ADDER_INLINE Value& value() const noexcept { return borrow_.value(object_); }

 private:
  ::PyObject* object_ = nullptr;
  [[no_unique_address]] HeldBorrow<T, Wanted> borrow_;
  [[no_unique_address]] std::conditional_t<lends, BorrowFlag*, NoLender> lent_{};
  [[no_unique_address]] std::conditional_t<lends && Wanted == Access::exclusive, OwnUnderWay<HeldHere>, NoHolder> held_;
};

/// How links borrow an owner that is no part.
template <class O>
bool acquire_root(::PyObject* owner, Access wanted, RootBorrow& root) noexcept {
  auto& state = Layout<O>::state(owner);
  bool granted = false;
  if constexpr (is_frozen<O>()) {
    if (wanted == Access::exclusive) {
      try {
        const TextBuilder text({"cannot change a part of a '", PyClass<O>::name, "' object: the class is frozen"});
        PyErr::Access::lazy(PyExc_RuntimeError, text.view()).restore(token());
      } catch (const std::bad_alloc&) {
        PyErr_NoMemory();
      }
      return false;
    }
    granted = state.is_usable();
  } else {
    granted = wanted == Access::shared ? state.try_share()
                                       : state.is_usable() && state.flag.try_exclude_quietly(root.was_watched);
    root.flag = &state.flag;
    root.ends = lock_ends_of<O>();
  }
  if (!granted && is_locked<O>() && !root.waits) {
    refuse_borrow(state, PyClass<O>::name, wanted);
    return false;
  }
  if (!granted) {
    granted = wanted == Access::shared ? settle_refusal<Access::shared>(state, PyClass<O>::name)
                                       : settle_refusal<Access::exclusive>(state, PyClass<O>::name, &root.was_watched);
    if (!granted) return false;
  }
  root.value = &Layout<O>::value(owner);
  return true;
}

/// Whether of two objects of a locked class @p a is locked before @p b: in_order.hpp.
template <class T>
bool is_locked_before(::PyObject* a, ::PyObject* b) noexcept;
/// Grants two receivers of the class T.
template <class T, class Receiver>
ADDER_INLINE bool grant_both(Receiver& left, Receiver& right, [[maybe_unused]] ::PyObject* a,
                             [[maybe_unused]] ::PyObject* b) {
  if constexpr (is_locked<T>()) {
    if (is_locked_before<T>(b, a)) return right.granted() && left.granted();
  }
  return left.granted() && right.granted();
}

/// What is wrong with a borrow; of a part, also that it is not there.
template <class T, class Error>
[[noreturn]] ADDER_COLD void throw_borrow_error(PyErr error) {
  if constexpr (may_be_part<T>()) {
    if (!error.is_instance_of<PyRuntimeError>(token())) throw error;
  }
  throw Error(std::move(error));
}

}  // namespace detail
}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/class/detail/borrow_inl.hpp"
#endif
