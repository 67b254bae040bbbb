// SPDX-License-Identifier: MIT
/// @file
/// @brief Lists and tuples whose size is known beforehand, built with one allocation.
#pragma once
#include "adder/call/call.hpp"
#include "adder/object/iterator.hpp"

#include <cstddef>
#include <span>  // Has the concepts of ranges as well, and costs less than <ranges>.
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief Builds a list or a tuple item by item.
///
/// Nobody sees it before finish(), the garbage collector included. More items than announced are taken too, at the
/// price of another allocation; with fewer the result is shorter.
/// @tparam T  PyList or PyTuple: use PyListBuilder and PyTupleBuilder.
/// @gil  Held.
template <class T>
class SequenceBuilder {
 public:
  /// @param py        The token.
  /// @param capacity  How many items are to come.
  /// @throws PyErr    MemoryError.
  ADDER_INLINE SequenceBuilder(Python py, std::size_t capacity)
      : capacity_(capacity > PY_SSIZE_T_MAX ? PY_SSIZE_T_MAX : static_cast<Py_ssize_t>(capacity)) {
    (void)py;
    sequence_ = detail::non_null(T::Building::allocate(capacity_));
    hide(sequence_, capacity_);
  }
  SequenceBuilder(const SequenceBuilder&) = delete;
  SequenceBuilder& operator=(const SequenceBuilder&) = delete;
  ADDER_INLINE ~SequenceBuilder() { detail::release_if_any(sequence_); }

  /// @brief Adds an item. An item that cannot be converted is not added.
  /// @throws PyErr  When @p value cannot be converted, or MemoryError; RuntimeError after finish().
  template <class V>
  ADDER_INLINE void push_back(V&& value) {
    ::PyObject* item = detail::non_null(detail::into_ptr_or_pending(std::forward<V>(value)));
    if (size_ == capacity_) [[unlikely]] {
      const Room room = grow(sequence_, capacity_);
      sequence_ = room.sequence;
      if (room.capacity < 0) give_up(sequence_, item);
      capacity_ = room.capacity;
    }
    T::Building::set(sequence_, size_++, item);
  }
  /// @brief How many items it has.
  ADDER_INLINE std::size_t size() const noexcept { return static_cast<std::size_t>(size_); }

  /// @brief The list or tuple. The builder is empty afterwards and takes no more items.
  /// @throws PyErr  MemoryError; RuntimeError when it was finished before.
  ADDER_INLINE Bound<T> finish() && {
    return detail::steal<T>(
        complete(detail::exchange(sequence_, nullptr), detail::exchange(size_, 0), detail::exchange(capacity_, 0)));
  }

 private:
  // What is not inlined takes the fields by value: where nobody else knows its address, a builder lives in registers.

  struct Room {
    ::PyObject* sequence;
    Py_ssize_t capacity;  ///< Negative: there is none.
  };
  static void hide(::PyObject* sequence, Py_ssize_t capacity) noexcept {
    if (capacity > 0) PyObject_GC_UnTrack(sequence);  // The empty tuple belongs to everybody.
  }
  /// Takes the sequence, and gives it back unless it is gone with an error.
  ADDER_COLD static Room grow(::PyObject* sequence, Py_ssize_t capacity) noexcept {
    const Py_ssize_t wanted = capacity + capacity / 2 + 8;
    if (sequence == nullptr || T::Building::grow(&sequence, capacity, wanted) != 0) return {sequence, -1};
    hide(sequence, wanted);
    return {sequence, wanted};
  }
  /// Drops @p item.
  [[noreturn]] ADDER_COLD static void give_up(const ::PyObject* sequence, ::PyObject* item) {
    Py_DECREF(item);
    if (sequence != nullptr || PyErr_Occurred() != nullptr) detail::throw_fetched();
    throw finished();
  }
  /// Takes the sequence, and gives it back with @p size items.
  static ::PyObject* complete(::PyObject* sequence, Py_ssize_t size, Py_ssize_t capacity) {
    if (sequence == nullptr) throw finished();
    if (size < capacity && T::Building::shrink(&sequence, size) < 0) detail::throw_fetched();
    if (PyObject_GC_IsTracked(sequence) == 0 && (size > 0 || T::Building::track_empty)) PyObject_GC_Track(sequence);
    return sequence;
  }
  static PyErr finished() { return PyErr::Access::lazy(PyExc_RuntimeError, "a builder was used after its finish()"); }

  ::PyObject* sequence_ = nullptr;
  Py_ssize_t size_ = 0;
  Py_ssize_t capacity_;
};

template <class T>
struct UngilTraits<SequenceBuilder<T>> : std::false_type {};

namespace detail {
/// A list or tuple of the items of a C++ range.
template <class T, class R>
Bound<T> sequence_from_range(Python py, R&& range) {
  std::size_t size = 0;
  if constexpr (std::ranges::sized_range<R>) size = static_cast<std::size_t>(std::ranges::size(range));
  SequenceBuilder<T> builder(py, size);
  for (auto&& item : range) builder.push_back(std::forward<decltype(item)>(item));
  return std::move(builder).finish();
}
/// A list or tuple of the given items.
template <class T, class... V>
Bound<T> sequence_of(Python py, V&&... values) {
  [[maybe_unused]] const KeptFromStart<std::remove_cvref_t<V>...> kept(values...);
  SequenceBuilder<T> builder(py, sizeof...(V));
  (builder.push_back(std::forward<V>(values)), ...);
  return std::move(builder).finish();
}
}  // namespace detail

}  // namespace adder::inline ADDER_ABI
