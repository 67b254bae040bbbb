// SPDX-License-Identifier: MIT
/// @file
/// @brief PyIterator, and the range-for over any iterable object.
#pragma once
#include "adder/types/any.hpp"

namespace adder::inline ADDER_ABI {

/// @brief The methods of an iterator handle.
/// @pyo3{PyIterator}
template <class Self>
struct PyIteratorMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief `next(self)`, or nothing at the end.
  /// @throws PyErr  What `__next__` raised, `StopIteration` aside.
  std::optional<Bound<detail::LateAny<Self>>> next(Where where = Where::current()) const {
    ::PyObject* self = this->use("next", where);
    ::PyObject* item = detail::guard_unwind([&] { return PyIter_Next(self); });
    if (item != nullptr) return detail::steal<detail::LateAny<Self>>(item, where);
    if (PyErr_Occurred() != nullptr) detail::throw_fetched();
    return std::nullopt;
  }
};

/// @brief The tag of iterators: objects with `__next__`.
struct PyIterator {
  using Base = PyAny;
  template <class Self>
  using Methods = PyIteratorMethods<Self>;
  static constexpr const char* python_name = "Iterator";
  static bool is_type_of(::PyObject* object) noexcept { return PyIter_Check(object) != 0; }
};
template <>
struct PyTypeInfo<PyIterator> {
  static const char* name() noexcept { return PyIterator::python_name; }
  static bool is_type_of(::PyObject* object) noexcept { return PyIterator::is_type_of(object); }
};

/// @brief A C++ input iterator over a Python iterator. Owns the iterator and the current item.
class ObjectIterator {
 public:
  using value_type = Bound<PyAny>;
  using difference_type = std::ptrdiff_t;

  /// @throws PyErr  What the first `__next__` raised.
  explicit ObjectIterator(Bound<PyIterator> iterator) : iterator_(std::move(iterator)), item_(iterator_.next()) {}

  /// @brief The current item; valid until the next step.
  const Bound<PyAny>& operator*() const ADDER_LIFETIMEBOUND { return *item_; }
  const Bound<PyAny>* operator->() const ADDER_LIFETIMEBOUND { return &*item_; }
  /// @throws PyErr  What `__next__` raised.
  ObjectIterator& operator++() {
    item_ = iterator_.next();
    return *this;
  }
  void operator++(int) { ++*this; }
  bool operator==(IterationEnd) const noexcept { return !item_.has_value(); }

 private:
  Bound<PyIterator> iterator_;
  std::optional<Bound<PyAny>> item_;
};

template <class Self>
ObjectIterator PyAnyMethods<Self>::begin() const {
  return ObjectIterator(try_iter());
}

static_assert(ADDER_CHECKED || (sizeof(Bound<PyAny>) == sizeof(void*) && sizeof(Borrowed<PyAny>) == sizeof(void*) &&
                                sizeof(Py<PyAny>) == sizeof(void*) && sizeof(Bound<PyIterator>) == sizeof(void*)),
              "handles are one pointer");

}  // namespace adder::inline ADDER_ABI
