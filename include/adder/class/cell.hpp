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
#include "adder/class/guard.hpp"

#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

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
    PyResult<PyRef<T>> result = guarded<PyRef<T>, detail::Access::shared, true>("borrow", where);
    if (result.is_err()) detail::throw_borrow_error<T, PyBorrowError>(std::move(result).error());
    return std::move(result).value();
  }
  /// @brief As borrow(), returning the error. Does not wait where the class is locked.
  /// @pyo3{PyCell::try_borrow}
  PyResult<PyRef<T>> try_borrow(Where where = Where::current()) const {
    return guarded<PyRef<T>, detail::Access::shared, false>("borrow", where);
  }
  /// @brief Exclusive access to the value.
  /// @throws PyBorrowMutError  "Already borrowed" while any PyRef or PyRefMut lives.
  /// @pyo3{PyCell::borrow_mut}
  auto borrow_mut(Where where = Where::current()) const {
    check_not_frozen();
    auto result = guarded<PyRefMut<T>, detail::Access::exclusive, true>("borrow_mut", where);
    if (result.is_err()) detail::throw_borrow_error<T, PyBorrowMutError>(std::move(result).error());
    return std::move(result).value();
  }
  /// @brief As borrow_mut(), returning the error. Does not wait where the class is locked.
  /// @pyo3{PyCell::try_borrow_mut}
  auto try_borrow_mut(Where where = Where::current()) const -> PyResult<PyRefMut<T>> {
    check_not_frozen();
    return guarded<PyRefMut<T>, detail::Access::exclusive, false>("borrow_mut", where);
  }
  /// @brief Puts @p value in the place of the object's value, which is returned.
  /// @throws PyBorrowMutError  While anybody borrows it.
  /// @pyo3{PyCell::replace}
  template <class V = detail::ValueOf<T>>  // A template: nobody has an abstract class by value.
  V replace(std::type_identity_t<V> value, Where where = Where::current()) const {
    const auto guard = borrow_mut(where);
    return std::exchange(*guard, std::move(value));
  }
  /// @brief Exchanges the values of two objects.
  /// @throws PyBorrowMutError  While anybody borrows one of them; or if they are one and the same.
  /// @pyo3{PyCell::swap}
  template <class Other>
  void swap(const Other& other, Where where = Where::current()) const {
    if constexpr (detail::is_locked<T>()) {
      if (detail::precedes(other.as_ptr(), this->use("swap", where))) {
        return other.swap(static_cast<const Self&>(*this), where);  // In one order, whoever calls.
      }
    }
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
  static constexpr void check_not_frozen() {
    static_assert(!detail::is_frozen<T>(), "adder: borrow_mut on a frozen class: nothing may change its values");
  }
  /// @tparam Waits  Whether it waits for others, where the class is locked.
  template <class Guard, detail::Access Wanted, bool Waits>
  PyResult<Guard> guarded(const char* operation, Where where) const {
    ::PyObject* self = this->use(operation, where);
    detail::HeldBorrow<T, Wanted> borrow;
    if (!(Waits ? borrow.acquire(self) : borrow.try_acquire(self))) return borrow.error(self);
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

// --- As arguments of bound functions ---------------------------------------------------------------------------------

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
    static_assert(detail::is_copy_constructible<T>,
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
  // NOLINTNEXTLINE(modernize-use-equals-default): a call of it, even where it ends badly, would keep all in memory.
  ADDER_INLINE ~ArgumentLoader() {}
  ADDER_INLINE bool load(::PyObject* object, CallContext context, unsigned index) {
    if constexpr (has_short_way) {
      if (PyTypeInfo<T>::is_clearly_type_of(object) && borrow_.acquire_free(object)) [[likely]]
        return true;
      return take(object, load_slowly(object, context, index));
    } else {
      if (!PyTypeInfo<T>::is_type_of(object)) [[unlikely]] {
        refuse_type<T>(object, context, index);
        return false;
      }
      return load_own(object, context, index);
    }
  }
  /// The same for what is known to be of the class.
  ADDER_INLINE bool load_own(::PyObject* object, CallContext context, unsigned index) {
    if constexpr (has_short_way) {
      if (borrow_.acquire_free(object)) [[likely]]
        return true;
      return take(object, acquire_or_refuse(object, context, index));
    } else {
      if (borrow_.acquire(object)) [[likely]]
        return true;
      refuse(object, context, index);
      return false;
    }
  }
  P get() noexcept { return borrow_.value(); }

 private:
  static constexpr bool has_short_way = ObjectBorrow<T, wanted>::has_short_way && !prefers_small_code;

  ADDER_INLINE bool take(::PyObject* object, bool granted) noexcept {
    if (!granted) return false;
    borrow_.adopt(object);
    return true;
  }
  // In one call, for which less has to be kept than for several.
  ADDER_NOINLINE static bool load_slowly(::PyObject* object, CallContext context, unsigned index) {
    if (PyTypeInfo<T>::is_type_of(object)) return acquire_or_refuse(object, context, index);
    refuse_type<T>(object, context, index);
    return false;
  }
  ADDER_NOINLINE static bool acquire_or_refuse(::PyObject* object, CallContext context, unsigned index) {
    if (HeldBorrow<T, wanted>::acquire(object)) return true;
    refuse(object, context, index);
    return false;
  }
  ADDER_COLD static void refuse(::PyObject* object, CallContext context, unsigned index) {
    set_argument_error(context.record(), index, HeldBorrow<T, wanted>::error(object));
  }
  ObjectBorrow<T, wanted> borrow_;
};

}  // namespace detail
}  // namespace adder::inline ADDER_ABI
