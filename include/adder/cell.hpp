// SPDX-License-Identifier: MIT
/// @file
/// @brief PyCell<T>, PyRef<T>, PyRefMut<T>: a C++ value inside a Python object, borrowed at run time.
///
/// Python shares objects freely, so C++ code cannot know that it is alone with a value. The cell finds out:
///
/// | held       | borrow()                                | borrow_mut()                             |
/// |------------|-----------------------------------------|------------------------------------------|
/// | nothing    | PyRef                                   | PyRefMut                                 |
/// | PyRef (s)  | another PyRef                           | RuntimeError "Already borrowed"          |
/// | a PyRefMut | RuntimeError "Already mutably borrowed" | RuntimeError "Already borrowed"          |
///
/// Bound methods borrow by themselves: const member functions share, others exclude. A frozen class has no flag, no
/// `borrow_mut`, and its values are read through `get()`.
#pragma once
#include "adder/detail/borrow_flag.hpp"
#include "adder/detail/trampoline.hpp"

namespace adder::inline ADDER_ABI {

/// @brief Types that were declared to be Python classes, by a specialisation of `PyClass<T>`.
/// @pyo3{PyClass}
template <class T>
concept IsPyClass = std::is_class_v<T> && requires {
  { PyClass<T>::name } -> std::convertible_to<const char*>;
};

namespace detail {

template <class T>
constexpr bool is_frozen() {
  if constexpr (requires { PyClass<T>::frozen; }) {
    return PyClass<T>::frozen;
  } else {
    return false;
  }
}

ADDER_COLD inline PyErr already_borrowed(const char* class_name, bool wanted_shared) {
  // Who asks to share and is refused has met a writer; who asks for all may have met either.
  return PyErr::Access::lazy(
      PyExc_RuntimeError,
      std::string(wanted_shared ? "Already mutably borrowed" : "Already borrowed") + ": '" + class_name + "' object");
}

}  // namespace detail

/// @brief The object behind an instance of the pyclass T: Python's header, the borrow flag, the value in place.
/// @pyo3{PyCell, until 0.22}
template <class T>
class PyCell {
 public:
  using Flag = std::conditional_t<detail::is_frozen<T>(), detail::NoBorrowFlag, detail::BorrowFlag>;

  PyCell() = delete;  // Made by Python's allocator: see Bound<T>::new_.

  /// @brief The cell of an object that is known to be a T. Borrowed from the object.
  ADDER_INLINE static PyCell& of(::PyObject* object) noexcept { return *reinterpret_cast<PyCell*>(object); }

  ADDER_INLINE Flag& flag() noexcept { return flag_; }
  ADDER_INLINE T& value() noexcept { return *reinterpret_cast<T*>(bytes_); }

 private:
  static_assert(alignof(T) <= 16,
                "adder: Python's allocator aligns to 16 bytes; keep over-aligned data behind a pointer");
  ::PyObject header_;
  [[no_unique_address]] Flag flag_;
  alignas(T) unsigned char bytes_[sizeof(T)];
};

/// @brief A shared borrow: read access to the value while it lives. Keeps the object alive.
/// @gil  Held.
/// @pyo3{PyRef}
template <class T>
class PyRef {
 public:
  PyRef(PyRef&& other) noexcept = default;
  PyRef& operator=(PyRef&&) = delete;
  ~PyRef() {
    if (::PyObject* object = owner_.as_ptr()) PyCell<T>::of(object).flag().end_share();
  }

  const T& operator*() const& ADDER_LIFETIMEBOUND { return cell().value(); }
  const T& operator*() const&& = delete;  // The borrow ends with the expression: keep the PyRef in a variable.
  const T* operator->() const ADDER_LIFETIMEBOUND { return &cell().value(); }
  /// @brief The object.
  const Bound<T>& as_bound() const& noexcept ADDER_LIFETIMEBOUND { return owner_; }
  const Bound<T>& as_bound() const&& = delete;  // It would dangle.
  Python py() const noexcept { return detail::token(); }

 private:
  template <class Self, class U>
  friend struct PyClassMethods;
  template <class U>
  friend struct FromPyObject;
  explicit PyRef(Bound<T> owner) noexcept : owner_(std::move(owner)) {}
  /// @throws PyErr  RuntimeError once moved from.
  PyCell<T>& cell() const {
    return PyCell<T>::of(detail::HandleAccess::use(owner_, "a borrow that was moved from", {}));
  }
  Bound<T> owner_;
};

/// @brief An exclusive borrow: nobody else reads or writes the value while it lives. Keeps the object alive.
/// @gil  Held.
/// @pyo3{PyRefMut}
template <class T>
class PyRefMut {
  static_assert(!detail::is_frozen<T>(), "adder: a frozen class has no PyRefMut: nothing may change its values");

 public:
  PyRefMut(PyRefMut&& other) noexcept = default;
  PyRefMut& operator=(PyRefMut&&) = delete;
  ~PyRefMut() {
    if (::PyObject* object = owner_.as_ptr()) PyCell<T>::of(object).flag().end_exclude();
  }

  T& operator*() const& ADDER_LIFETIMEBOUND { return cell().value(); }
  T& operator*() const&& = delete;  // The borrow ends with the expression: keep the PyRefMut in a variable.
  T* operator->() const ADDER_LIFETIMEBOUND { return &cell().value(); }
  /// @brief The object.
  const Bound<T>& as_bound() const& noexcept ADDER_LIFETIMEBOUND { return owner_; }
  const Bound<T>& as_bound() const&& = delete;  // It would dangle.
  Python py() const noexcept { return detail::token(); }

 private:
  template <class Self, class U>
  friend struct PyClassMethods;
  template <class U>
  friend struct FromPyObject;
  explicit PyRefMut(Bound<T> owner) noexcept : owner_(std::move(owner)) {}
  /// @throws PyErr  RuntimeError once moved from.
  PyCell<T>& cell() const {
    return PyCell<T>::of(detail::HandleAccess::use(owner_, "a borrow that was moved from", {}));
  }
  Bound<T> owner_;
};

/// @brief The methods of a handle to an instance of the pyclass T.
template <class Self, class T>
struct PyClassMethods : PyAnyMethods<Self> {
  using Where = detail::Location;

  /// @brief Read access to the value.
  /// @throws PyErr  RuntimeError "Already mutably borrowed" while a PyRefMut lives.
  /// @pyo3{PyCell::borrow}
  PyRef<T> borrow(Where where = Where::current()) const { return try_borrow(where).value(); }
  /// @brief As borrow(), returning the error.
  PyResult<PyRef<T>> try_borrow(Where where = Where::current()) const {
    ::PyObject* self = this->use("borrow", where);
    if (!PyCell<T>::of(self).flag().try_share()) return detail::already_borrowed(PyClass<T>::name, true);
    return PyRef<T>(detail::borrow<T>(self, where));
  }
  /// @brief Exclusive access to the value.
  /// @throws PyErr  RuntimeError "Already borrowed" while any PyRef or PyRefMut lives.
  /// @pyo3{PyCell::borrow_mut}
  auto borrow_mut(Where where = Where::current()) const { return try_borrow_mut(where).value(); }
  /// @brief As borrow_mut(), returning the error.
  auto try_borrow_mut(Where where = Where::current()) const -> PyResult<PyRefMut<T>> {
    static_assert(!detail::is_frozen<T>(), "adder: borrow_mut on a frozen class: nothing may change its values");
    ::PyObject* self = this->use("borrow_mut", where);
    if (!PyCell<T>::of(self).flag().try_exclude()) return detail::already_borrowed(PyClass<T>::name, false);
    return PyRefMut<T>(detail::borrow<T>(self, where));
  }
  /// @brief The value of a frozen class. Lives as long as the object.
  const T& get(Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    static_assert(detail::is_frozen<T>(), "adder: get() is for frozen classes: write borrow()");
    return PyCell<T>::of(this->use("get", where)).value();
  }
  const T& get(Where = {}) const&&
    requires detail::is_specialization<Self, Bound>
  = delete;  // The object may die at the end of the expression: keep the handle in a variable.
};

// --- As arguments of bound functions
// -----------------------------------------------------------------------------------

template <class T>
struct FromPyObject<PyRef<T>> {
  static PyResult<PyRef<T>> extract(const Bound<PyAny>& object) {
    if (!PyTypeInfo<T>::is_type_of(object.as_ptr())) {
      return PyErr::Access::mismatch(PyTypeInfo<T>::name(), object.as_ptr());
    }
    if (!PyCell<T>::of(object.as_ptr()).flag().try_share()) return detail::already_borrowed(PyClass<T>::name, true);
    return PyRef<T>(detail::borrow<T>(object.as_ptr()));
  }
};
template <class T>
struct FromPyObject<PyRefMut<T>> {
  static PyResult<PyRefMut<T>> extract(const Bound<PyAny>& object) {
    if (!PyTypeInfo<T>::is_type_of(object.as_ptr())) {
      return PyErr::Access::mismatch(PyTypeInfo<T>::name(), object.as_ptr());
    }
    if (!PyCell<T>::of(object.as_ptr()).flag().try_exclude()) return detail::already_borrowed(PyClass<T>::name, false);
    return PyRefMut<T>(detail::borrow<T>(object.as_ptr()));
  }
};
/// A pyclass by value: a copy, made under a shared borrow.
template <IsPyClass T>
struct FromPyObject<T> {
  static PyResult<T> extract(const Bound<PyAny>& object) {
    static_assert(std::is_copy_constructible_v<T>,
                  "adder: taking this pyclass by value would copy it, and it cannot be copied: take const T&, T&, "
                  "PyRef<T> or PyRefMut<T>");
    PyResult<PyRef<T>> borrowed = FromPyObject<PyRef<T>>::extract(object);
    if (borrowed.is_err()) return std::move(borrowed).error();
    return T(**borrowed);
  }
};

namespace detail {

/// `const T&` and `T&` of a pyclass: a borrow that lasts for the call. The caller keeps the object alive.
template <class P>
  requires(std::is_lvalue_reference_v<P> && IsPyClass<std::remove_cvref_t<P>>)
class ArgumentLoader<P> {
  using T = std::remove_cvref_t<P>;
  static constexpr bool shared = std::is_const_v<std::remove_reference_t<P>>;
  static_assert(shared || !is_frozen<T>(), "adder: a frozen class cannot be taken as T&: take const T&");

 public:
  ArgumentLoader() = default;
  ArgumentLoader(const ArgumentLoader&) = delete;
  ArgumentLoader& operator=(const ArgumentLoader&) = delete;
  ~ArgumentLoader() {
    if (cell_ == nullptr) return;
    if constexpr (shared) {
      cell_->flag().end_share();
    } else {
      cell_->flag().end_exclude();
    }
  }
  bool load(::PyObject* object, CallContext context, unsigned index) {
    if (!PyTypeInfo<T>::is_type_of(object)) [[unlikely]] {
      set_argument_error(context.record(), index, PyErr::Access::mismatch(PyTypeInfo<T>::name(), object));
      return false;
    }
    PyCell<T>& cell = PyCell<T>::of(object);
    bool borrowed = false;
    if constexpr (shared) {
      borrowed = cell.flag().try_share();
    } else {
      borrowed = cell.flag().try_exclude();
    }
    if (!borrowed) [[unlikely]] {
      set_argument_error(context.record(), index, already_borrowed(PyClass<T>::name, shared));
      return false;
    }
    cell_ = &cell;
    return true;
  }
  P get() noexcept { return cell_->value(); }

 private:
  PyCell<T>* cell_ = nullptr;
};

}  // namespace detail
}  // namespace adder::inline ADDER_ABI
