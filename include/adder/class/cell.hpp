// SPDX-License-Identifier: MIT
/// @file
/// @brief PyCell<T>, PyRef<T>, PyRefMut<T>: a C++ value inside a Python object, borrowed at run time.
///
/// Python shares objects freely, so C++ code cannot know that it is alone with a value. The cell finds out:
///
/// | held       | borrow()                                      | borrow_mut()                                |
/// |------------|-----------------------------------------------|---------------------------------------------|
/// | nothing    | PyRef                                         | PyRefMut                                    |
/// | PyRef (s)  | another PyRef                                 | PyBorrowMutError "Already borrowed"         |
/// | a PyRefMut | PyBorrowError "Already mutably borrowed"      | PyBorrowMutError "Already borrowed"         |
///
/// To Python both errors are a RuntimeError. It names the class, what was asked for, what is held, and whether this
/// thread holds it (a re-entrant call, mostly) or another. Bound methods borrow by themselves: const member functions
/// share, others exclude. A frozen class has no flag, no `borrow_mut`, and its values are read through `get()`. The
/// values of an unsendable class can be borrowed only on the thread that made them.
#pragma once
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
/// Borrows, or sets an exception: one call for those who ask for small code.
template <Access Wanted, class State>
ADDER_NOINLINE bool borrow_or_refuse(State& state, const char* class_name) noexcept {
  bool granted = false;
  if constexpr (Wanted == Access::shared) {
    granted = state.try_share();
  } else {
    granted = state.try_exclude();
  }
  if (!granted) refuse_borrow(state, class_name, Wanted);
  return granted;
}

#if ADDER_COMPILED
// Of most classes: compiled once, as with what they call they are twenty functions.
extern template bool borrow_or_refuse<Access::shared>(BorrowState<false, false, false>&, const char*) noexcept;
extern template bool borrow_or_refuse<Access::exclusive>(BorrowState<false, false, false>&, const char*) noexcept;
#endif

/// A borrow that ends with the scope; what it borrows is not its business.
template <class State, Access Wanted>
class ScopedBorrow {
 public:
  ADDER_INLINE explicit ScopedBorrow(State& state) noexcept : state_(state) {}
  ScopedBorrow(const ScopedBorrow&) = delete;
  ScopedBorrow& operator=(const ScopedBorrow&) = delete;
  ADDER_INLINE ~ScopedBorrow() {
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
    } else if constexpr (prefers_small_code) {
      return held_ = borrow_or_refuse<Wanted>(state_, class_name);
    } else {
      if (!acquire_quietly()) [[unlikely]]
        refuse_borrow(state_, class_name, Wanted);
      return held_;
    }
  }
  /// The same, and nothing is pending.
  ADDER_INLINE bool acquire_quietly() noexcept {
    if constexpr (Wanted == Access::shared) {
      return held_ = state_.try_share();
    } else {
      return held_ = state_.try_exclude();
    }
  }

 private:
  State& state_;
  bool held_ = false;
};

/// Why a part could not be borrowed is pending then.
template <class T, Access Wanted>
ADDER_COLD bool borrow_part(::PyObject* object, PartBorrow& borrow) noexcept {
  PartLink* link = link_of<T>(object);
  if (link == nullptr || !Layout<T>::state(object).is_usable()) {
    refuse_borrow(Layout<T>::state(object), PyClass<T>::name, Wanted);
    return false;
  }
  return borrow.acquire(*link, Wanted);
}

/// What the holder of a borrow keeps beside the object.
template <class T, Access Wanted, bool MayBePart = may_be_part<T>()>
struct HeldBorrow {
  using Value = std::conditional_t<Wanted == Access::shared, const T, T>;

  HeldBorrow() = default;
  /// That of a base, or the same turned into a shared one.
  template <class Derived, Access Had>
  explicit HeldBorrow(HeldBorrow<Derived, Had>&&) noexcept {}
  /// Whether the value may be used; else error() is to be asked for.
  ADDER_INLINE static bool acquire(::PyObject* object) noexcept {
    return Borrowing<T>::template acquire<Wanted>(object);
  }
  static PyErr error(::PyObject* object) { return Borrowing<T>::template error<Wanted>(object); }
  ADDER_INLINE static void release(::PyObject* object) noexcept { Borrowing<T>::template release<Wanted>(object); }
  ADDER_INLINE static Value& value(::PyObject* object) noexcept { return Layout<T>::value(object); }
  /// That counts the borrow; null where the class is frozen.
  static BorrowFlag* flag(::PyObject* object) noexcept {
    if constexpr (is_frozen<T>()) {
      return nullptr;
    } else {
      return &Layout<T>::state(object).flag;
    }
  }
};
/// The same where the object may be a part.
template <class T, Access Wanted>
struct HeldBorrow<T, Wanted, true> {
  using Value = std::conditional_t<Wanted == Access::shared, const ValueOf<T>, ValueOf<T>>;

  HeldBorrow() = default;
  template <class Derived, Access Had>
  explicit HeldBorrow(HeldBorrow<Derived, Had>&& other) noexcept
      : place(other.place), part(std::move(other.part)) {}
  ADDER_INLINE bool acquire(::PyObject* object) noexcept {
    if constexpr (std::is_same_v<T, ValueOf<T>>) {
      if (Borrowing<T>::template acquire<Wanted>(object)) [[likely]] {
        place = &Layout<T>::value(object);
        return true;
      }
    }
    if (!borrow_part<T, Wanted>(object, part)) return false;
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
  BorrowFlag* flag(::PyObject* object) const noexcept {
    return part.is_held() ? part.root_flag() : &Layout<T>::state(object).flag;
  }

  Value* place = nullptr;
  PartBorrow part;
};

/// The borrow of an object, which others keep alive.
template <class T, Access Wanted>
class ObjectBorrow {
 public:
  using Value = typename HeldBorrow<T, Wanted>::Value;

  ObjectBorrow() = default;
  ObjectBorrow(const ObjectBorrow&) = delete;
  ObjectBorrow& operator=(const ObjectBorrow&) = delete;
  ADDER_INLINE ~ObjectBorrow() {
    if (object_ != nullptr) borrow_.release(object_);
  }
  ADDER_INLINE bool acquire(::PyObject* object) noexcept {
    if (!borrow_.acquire(object)) [[unlikely]]
      return false;
    object_ = object;
    return true;
  }
  /// Why it was refused.
  PyErr error(::PyObject* object) const { return borrow_.error(object); }
  ADDER_INLINE Value& value() const noexcept { return borrow_.value(object_); }

 private:
  ::PyObject* object_ = nullptr;
  [[no_unique_address]] HeldBorrow<T, Wanted> borrow_;
};

/// How links borrow an owner that is no part.
template <class O>
bool acquire_root(::PyObject* owner, Access wanted, RootBorrow& root) noexcept {
  auto& state = Layout<O>::state(owner);
  bool granted = false;
  if constexpr (is_frozen<O>()) {
    if (wanted == Access::exclusive) {
      try {
        PyErr::Access::lazy(PyExc_RuntimeError, std::string("cannot change a part of a '") + PyClass<O>::name +
                                                    "' object: the class is frozen")
            .restore(token());
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
  }
  if (!granted) {
    refuse_borrow(state, PyClass<O>::name, wanted);
    return false;
  }
  root.value = &Layout<O>::value(owner);
  return true;
}

/// What is wrong with a borrow; of a part, also that it is not there.
template <class T, class Error>
[[noreturn]] ADDER_COLD void throw_borrow_error(PyErr error) {
  if constexpr (may_be_part<T>()) {
    if (!error.is_instance_of<PyRuntimeError>(token())) throw error;
  }
  throw Error(std::move(error));
}

/// How adder itself makes guards.
struct GuardAccess {
  template <class Guard, class T, class Borrow>
  static Guard make(Bound<T> owner, Borrow&& borrow) noexcept {
    return Guard(std::move(owner), std::forward<Borrow>(borrow));
  }
};

/// What PyRef and PyRefMut have in common.
template <class T, Access Wanted>
class Guard {
  using Value = typename HeldBorrow<T, Wanted>::Value;

 public:
  Guard(Guard&& other) noexcept = default;
  Guard& operator=(Guard&&) = delete;
  ~Guard() {
    if (::PyObject* object = owner_.as_ptr()) borrow_.release(object);
  }

  Value& operator*() const& ADDER_LIFETIMEBOUND { return value(); }
  Value& operator*() const&& = delete;  // The borrow ends here: keep the guard in a variable, or write copied().
  Value* operator->() const ADDER_LIFETIMEBOUND { return &value(); }
  /// @brief A copy of the value, which outlives the borrow: `const Point p = object.borrow().copied();`.
  auto copied() const {
    if constexpr (!std::is_copy_constructible_v<ValueOf<T>>) {
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
  Guard(Bound<T> owner, HeldBorrow<T, Wanted>&& borrow) noexcept
      : owner_(std::move(owner)), borrow_(std::move(borrow)) {}
  /// @throws PyErr  RuntimeError once moved from.
  Value& value() const { return borrow_.value(HandleAccess::use(owner_, "a borrow that was moved from", {})); }

  Bound<T> owner_;
  [[no_unique_address]] HeldBorrow<T, Wanted> borrow_;
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
    return detail::GuardAccess::make<PyRef<Base>>(
        Bound<Base>(std::move(this->owner_)),
        detail::HeldBorrow<Base, detail::Access::shared>(std::move(this->borrow_)));
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
    return detail::GuardAccess::make<PyRefMut<Base>>(
        Bound<Base>(std::move(this->owner_)),
        detail::HeldBorrow<Base, detail::Access::exclusive>(std::move(this->borrow_)));
  }

 private:
  friend struct detail::GuardAccess;
  using detail::Guard<T, detail::Access::exclusive>::Guard;
};

/// @brief An older name for an instance of the pyclass T. A handle to one is a `Bound<T>`: that is what
/// `new_` makes, and what `downcast<PyCell<T>>` and `extract<Bound<T>>` give.
/// @pyo3{PyCell, until 0.22}
template <class T>
struct PyCell {
  PyCell() = delete;
  /// @brief A new Python object with a C++ value built in place from @p args; see Bound::new_.
  /// @pyo3{PyCell::new}
  template <class... A>
  static Bound<T> new_(Python py, A&&... args) {
    return Bound<T>::new_(py, std::forward<A>(args)...);
  }
};

/// @brief The methods of a handle to an instance of the pyclass T.
template <class Self, class T>
struct PyClassMethods : PyAnyMethods<Self> {
  using Where = detail::Location;

  /// @brief Read access to the value.
  /// @throws PyBorrowError  "Already mutably borrowed" while a PyRefMut lives.
  /// @pyo3{PyCell::borrow}
  PyRef<T> borrow(Where where = Where::current()) const {
    PyResult<PyRef<T>> result = try_borrow(where);
    if (result.is_err()) detail::throw_borrow_error<T, PyBorrowError>(std::move(result).error());
    return std::move(result).value();
  }
  /// @brief As borrow(), returning the error.
  /// @pyo3{PyCell::try_borrow}
  PyResult<PyRef<T>> try_borrow(Where where = Where::current()) const {
    return guarded<PyRef<T>, detail::Access::shared>("borrow", where);
  }
  /// @brief Exclusive access to the value.
  /// @throws PyBorrowMutError  "Already borrowed" while any PyRef or PyRefMut lives.
  /// @pyo3{PyCell::borrow_mut}
  auto borrow_mut(Where where = Where::current()) const {
    auto result = try_borrow_mut(where);
    if (result.is_err()) detail::throw_borrow_error<T, PyBorrowMutError>(std::move(result).error());
    return std::move(result).value();
  }
  /// @brief As borrow_mut(), returning the error.
  /// @pyo3{PyCell::try_borrow_mut}
  auto try_borrow_mut(Where where = Where::current()) const -> PyResult<PyRefMut<T>> {
    static_assert(!detail::is_frozen<T>(), "adder: borrow_mut on a frozen class: nothing may change its values");
    return guarded<PyRefMut<T>, detail::Access::exclusive>("borrow_mut", where);
  }
  /// @brief Puts @p value in the place of the object's value, which is returned.
  /// @throws PyBorrowMutError  While anybody borrows it.
  /// @pyo3{PyCell::replace}
  detail::ValueOf<T> replace(detail::ValueOf<T> value, Where where = Where::current()) const {
    const auto guard = borrow_mut(where);
    return std::exchange(*guard, std::move(value));
  }
  /// @brief Exchanges the values of two objects.
  /// @throws PyBorrowMutError  While anybody borrows one of them; or if they are one and the same.
  /// @pyo3{PyCell::swap}
  template <class Other>
  void swap(const Other& other, Where where = Where::current()) const {
    const auto mine = borrow_mut(where);
    const auto theirs = other.borrow_mut(where);
    using std::swap;
    swap(*mine, *theirs);
  }
  /// @brief This handle as one to the base that its PyClass names: a pyclass, or a tag such as PyDict.
  /// @pyo3{Bound::as_super}
  auto as_super(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    detail::check_declared<T>();
    static_assert(detail::HasBase<T>, "adder: as_super: the class has no base but object");
    return detail::peek<detail::BaseTagOf<T>>(this->use("as_super", where), where);
  }
  template <class U = Self>
    requires detail::is_specialization<U, Bound>
  void as_super(Where = {}) const&& = delete;  // The object may die with the temporary: keep the handle in a variable.
  /// @brief The value of a frozen class. Lives as long as the object.
  /// @throws PyErr  RuntimeError where the class is unsendable and belongs to another thread; where CPython made the
  ///                object without a value.
  const T& get(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    static_assert(detail::is_frozen<T>(), "adder: get() is for frozen classes: write borrow()");
    ::PyObject* self = this->use("get", where);
    if (!detail::Layout<T>::state(self).is_usable()) {
      throw detail::Borrowing<T>::template error<detail::Access::shared>(self);
    }
    return detail::Layout<T>::value(self);
  }
  const T& get(Where = {}) const&&
    requires detail::is_specialization<Self, Bound>
  = delete;  // The object may die at the end of the expression: keep the handle in a variable.

 private:
  template <class Guard, detail::Access Wanted>
  PyResult<Guard> guarded(const char* operation, Where where) const {
    ::PyObject* self = this->use(operation, where);
    detail::HeldBorrow<T, Wanted> borrow;
    if (!borrow.acquire(self)) return borrow.error(self);
    return detail::GuardAccess::make<Guard>(detail::borrow<T>(self, where), std::move(borrow));
  }
};

template <class T>
template <class U>
const U& Py<T>::get() const& {
  static_assert(IsPyClass<T> && detail::is_frozen<T>(),
                "adder: Py<T>::get() is for frozen pyclasses: others need bind(py).borrow()");
  static_assert(!detail::is_unsendable<T>(),
                "adder: the values of an unsendable class are for one thread: bind(py).get()");
  if (as_ptr() == nullptr) [[unlikely]]
    detail::fatal("Py::get: the handle was moved from", {});
  if (!detail::Layout<U>::state(as_ptr()).is_usable()) [[unlikely]]
    throw detail::Borrowing<U>::template error<detail::Access::shared>(as_ptr());
  return detail::Layout<U>::value(as_ptr());
}

// --- As arguments of bound functions
// -----------------------------------------------------------------------------------

namespace detail {
template <class Guard, class T, Access Wanted>
struct GuardFromPy {
  static PyResult<Guard> extract(const Bound<PyAny>& object) {
    if (!PyTypeInfo<T>::is_type_of(object.as_ptr())) {
      return PyErr::Access::mismatch(PyTypeInfo<T>::name(), object.as_ptr());
    }
    HeldBorrow<T, Wanted> borrow;
    if (!borrow.acquire(object.as_ptr())) return borrow.error(object.as_ptr());
    return GuardAccess::make<Guard>(detail::borrow<T>(object.as_ptr()), std::move(borrow));
  }
};
}  // namespace detail
template <class T>
struct FromPyObject<PyRef<T>> : detail::GuardFromPy<PyRef<T>, T, detail::Access::shared> {};
template <class T>
struct FromPyObject<PyRefMut<T>> : detail::GuardFromPy<PyRefMut<T>, T, detail::Access::exclusive> {};
/// A pyclass by value: a copy, made under a shared borrow.
template <IsPyClass T>
struct FromPyObject<T> {
  static PyResult<T> extract(const Bound<PyAny>& object) {
    static_assert(std::is_copy_constructible_v<T>,
                  "adder: taking this pyclass by value would copy it, and it cannot be copied: take const T&, T&, "
                  "PyRef<T> or PyRefMut<T>");
    PyResult<PyRef<T>> borrowed = FromPyObject<PyRef<T>>::extract(object);
    if (borrowed.is_err()) return std::move(borrowed).error();
    return PyResult<T>(std::in_place, **borrowed);
  }
};

namespace detail {

/// `const T&` and `T&` of a pyclass: a borrow that lasts for the call. The caller keeps the object alive.
template <class P>
  requires(std::is_lvalue_reference_v<P> && IsPyClass<std::remove_cvref_t<P>>)
class ArgumentLoader<P> {
  using T = std::remove_cvref_t<P>;
  static constexpr Access wanted = std::is_const_v<std::remove_reference_t<P>> ? Access::shared : Access::exclusive;
  static_assert(wanted == Access::shared || !is_frozen<T>(),
                "adder: a frozen class cannot be taken as T&: take const T&");

 public:
  ArgumentLoader() = default;
  ArgumentLoader(const ArgumentLoader&) = delete;
  ArgumentLoader& operator=(const ArgumentLoader&) = delete;
  ADDER_INLINE bool load(::PyObject* object, CallContext context, unsigned index) {
    if (!PyTypeInfo<T>::is_type_of(object)) [[unlikely]] {
      set_argument_error(context.record(), index, PyErr::Access::mismatch(PyTypeInfo<T>::name(), object));
      return false;
    }
    return load_own(object, context, index);
  }
  /// The same for what is known to be of the class.
  ADDER_INLINE bool load_own(::PyObject* object, CallContext context, unsigned index) {
    if (!borrow_.acquire(object)) [[unlikely]] {
      set_argument_error(context.record(), index, borrow_.error(object));
      return false;
    }
    return true;
  }
  P get() noexcept { return borrow_.value(); }

 private:
  ObjectBorrow<T, wanted> borrow_;
};

}  // namespace detail
}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/class/detail/cell_inl.hpp"
#endif
