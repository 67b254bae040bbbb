// SPDX-License-Identifier: MIT
/// @file
/// @brief PyIterator, and the range-for over any iterable object.
#pragma once
#include "adder/object/any.hpp"

#include <cstddef>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief What a generator answered: an item that it yielded, or the value that it returned.
/// @pyo3{PySendResult}
struct SendResult {
  /// What it yielded or returned.
  Bound<PyAny> value;
  /// Whether it returned, and is at its end.
  bool returned;
};

/// @brief The methods of an iterator handle.
/// @pyo3{PyIterator}
template <class Self>
struct PyIteratorMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  using Any = detail::LateAny<Self>;
  /// @brief `next(self)`, or nothing at the end.
  /// @throws PyErr  What `__next__` raised, `StopIteration` aside.
  std::optional<Bound<Any>> next(Where where = Where::current()) const {
    ::PyObject* item = next_or_null(this->use_alive("next", where));
    if (item == nullptr) return std::nullopt;
    return detail::steal<Any>(item, where);
  }
  /// @brief `self.send(value)` of a generator or coroutine; of another iterator with None, `next(self)`.
  /// @throws PyErr  What the generator raised; AttributeError for an iterator without `send`.
  template <class V>
  SendResult send(V&& value, Where where = Where::current()) const {
    const auto self = this->use_alive("send", where);
    const detail::AsArgument<V&&> sent(std::forward<V>(value));
    ::PyObject* answer = nullptr;
    const ::PySendResult how = detail::guard_unwind(PyIter_Send, self, sent.as_ptr(), &answer);
    return {this->own(how == PYGEN_ERROR ? nullptr : answer, where), how == PYGEN_RETURN};
  }

 private:
  template <class>
  friend class ObjectIterator;
  /// @param self  Owned by the caller.
  ADDER_INLINE static ::PyObject* next_or_null(::PyObject* self) {
    ::PyObject* item = detail::guard_unwind(PyIter_Next, self);
    if (item == nullptr && PyErr_Occurred() != nullptr) [[unlikely]]
      detail::throw_fetched();
    return item;
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
/// @tparam T  PyAny.
template <class T>
class ObjectIterator {
  using Iterator = detail::Late<PyIterator, T>;

 public:
  using value_type = Bound<T>;
  using difference_type = std::ptrdiff_t;

  /// @throws PyErr  What the first `__next__` raised.
  ADDER_INLINE explicit ObjectIterator(Bound<Iterator> iterator)
      : iterator_(std::move(iterator)), item_(detail::steal<T>(next_item())) {}

  ObjectIterator(const ObjectIterator& other)
      : iterator_(other.iterator_), item_(detail::steal<T>(Py_XNewRef(other.item_.as_ptr()))) {}  // Also at the end.
  ObjectIterator(ObjectIterator&&) noexcept = default;
  ObjectIterator& operator=(ObjectIterator other) noexcept {
    iterator_ = std::move(other.iterator_);
    item_ = std::move(other.item_);
    return *this;
  }
  ~ObjectIterator() = default;

  /// @brief The current item; valid until the next step.
  const Bound<T>& operator*() const ADDER_LIFETIMEBOUND { return item_; }
  const Bound<T>* operator->() const ADDER_LIFETIMEBOUND { return &item_; }
  /// @throws PyErr  What `__next__` raised.
  ADDER_INLINE ObjectIterator& operator++() {
    item_ = detail::steal<T>(nullptr);  // The old item goes first: its slot may be wanted for the new one.
    ::new (static_cast<void*>(&item_)) Bound<T>(detail::steal<T>(next_item()));  // Over an empty handle.
    return *this;
  }
  void operator++(int) { ++*this; }
  bool operator==(IterationEnd) const noexcept { return item_.as_ptr() == nullptr; }

 private:
  ADDER_INLINE ::PyObject* next_item() const {
    return PyIteratorMethods<Bound<Iterator>>::next_or_null(detail::HandleAccess::use(iterator_, "next", {}));
  }

  Bound<Iterator> iterator_;
  Bound<T> item_;  // Empty at the end.
};

namespace detail {

/// Goes over a list or tuple by index: what changes the list meanwhile changes what is still to come, as in Python.
/// Owns the sequence and the current item.
template <class Sequence, class T>
class IndexIterator {
 public:
  using value_type = Bound<T>;
  using difference_type = std::ptrdiff_t;

  explicit IndexIterator(Bound<Sequence> sequence)
      : sequence_(std::move(sequence)), item_(steal<T>(Sequence::item_or_null(sequence_.as_ptr(), 0))) {}
  IndexIterator(const IndexIterator& other)  // Also at the end.
      : sequence_(other.sequence_), index_(other.index_), item_(steal<T>(Py_XNewRef(other.item_.as_ptr()))) {}
  IndexIterator(IndexIterator&&) noexcept = default;
  IndexIterator& operator=(IndexIterator other) noexcept {
    sequence_ = std::move(other.sequence_);
    index_ = other.index_;
    item_ = std::move(other.item_);
    return *this;
  }
  ~IndexIterator() = default;

  /// The current item; valid until the next step.
  const Bound<T>& operator*() const ADDER_LIFETIMEBOUND { return item_; }
  const Bound<T>* operator->() const ADDER_LIFETIMEBOUND { return &item_; }
  ADDER_INLINE IndexIterator& operator++() {
    item_ = steal<T>(Sequence::item_or_null(sequence_.as_ptr(), ++index_));
    return *this;
  }
  void operator++(int) { ++*this; }
  ADDER_INLINE bool operator==(IterationEnd) const noexcept { return item_.as_ptr() == nullptr; }

 private:
  Bound<Sequence> sequence_;
  Py_ssize_t index_ = 0;
  Bound<T> item_;  // Empty at the end.
};

}  // namespace detail

template <class T>
struct UngilTraits<ObjectIterator<T>> : std::false_type {};
template <class Sequence, class T>
struct UngilTraits<detail::IndexIterator<Sequence, T>> : std::false_type {};

template <class Self>
ObjectIterator<typename PyAnyMethods<Self>::Any> PyAnyMethods<Self>::begin() const {
  return ObjectIterator<Any>(try_iter());
}

static_assert(ADDER_CHECKED || sizeof(Bound<PyAny>) == sizeof(void*), "a handle is one pointer");

}  // namespace adder::inline ADDER_ABI
