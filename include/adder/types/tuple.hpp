// SPDX-License-Identifier: MIT
/// @file
/// @brief PyTuple.
#pragma once
#include "adder/types/list.hpp"

#include <concepts>
#include <cstddef>
#include <span>  // Has the concepts of ranges as well, and costs less than <ranges>.
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief The methods of a handle to a `tuple`.
/// @pyo3{PyTuple}
template <class Self>
struct PyTupleMethods : detail::SequenceMethods<Self> {
  using Where = detail::Location;
  using Any = detail::LateAny<Self>;
  using List = detail::Late<PyList, Self>;
  using Tuple = detail::Late<PyTuple, Self>;

  /// @brief The number of items.
  std::size_t len(Where where = Where::current()) const {
    return static_cast<std::size_t>(PyTuple_GET_SIZE(this->use("len", where)));
  }
  /// @brief Whether there are none.
  bool is_empty(Where where = Where::current()) const { return len(where) == 0; }
  /// @brief The item at @p index, counted from 0.
  /// @throws PyErr  IndexError at and past the end.
  Bound<Any> get_item(std::size_t index, Where where = Where::current()) const {
    return detail::borrow<Any>(item(index, "get_item", where), where);
  }
  /// @brief The same without a reference of its own: a tuple does not change. Lives as long as the tuple.
  /// @throws PyErr  IndexError at and past the end.
  Borrowed<Any> get_borrowed_item(std::size_t index, Where where = Where::current()) const& ADDER_LIFETIMEBOUND {
    return detail::peek<Any>(item(index, "get_borrowed_item", where), where);
  }
  Borrowed<Any> get_borrowed_item(std::size_t, Where = {}) const&&
    requires detail::is_specialization<Self, Bound>
  = delete;  // The tuple dies at the end of the expression: write get_item().
  /// @brief `self[low:high]`; bounds past the end are the end.
  Bound<Tuple> get_slice(std::size_t low, std::size_t high, Where where = Where::current()) const {
    const auto self = this->use_alive("get_slice", where);
    return this->template own<Tuple>(
        detail::guard_rare_unwind(PyTuple_GetSlice, self, detail::to_index(low), detail::to_index(high)), where);
  }
  auto begin() const {
    return detail::IndexIterator<Tuple, Any>(detail::borrow<Tuple>(this->use("begin", Where::current())));
  }

 private:
  ::PyObject* item(std::size_t index, const char* operation, Where where) const {
    ::PyObject* self = this->use(operation, where);
    return detail::non_null(PyTuple_GetItem(self, detail::to_index(index)));
  }
};

/// @brief The tag of `tuple`.
struct PyTuple : detail::FlaggedType<"tuple", &PyTuple_Type, Py_TPFLAGS_TUPLE_SUBCLASS> {
  template <class Self>
  using Methods = PyTupleMethods<Self>;
  /// @brief `()`.
  /// @pyo3{PyTuple::empty}
  template <std::same_as<PyTuple> T = PyTuple>
  static Bound<T> empty(Python) {
    return detail::steal<T>(detail::non_null(detail::guard_rare_unwind(PyTuple_New, 0)));
  }
  /// @brief `(values...)`.
  /// @pyo3{PyTuple::new}
  template <class... V>
  static Bound<detail::Late<PyTuple, detail::TypeList<V...>>> new_(Python py, V&&... values) {
    return detail::sequence_of<detail::Late<PyTuple, detail::TypeList<V...>>>(py, std::forward<V>(values)...);
  }
  /// @brief A tuple of the items of a C++ range; one allocation where the range knows its size.
  /// @pyo3{PyTuple::new}
  template <std::ranges::input_range R>
  static Bound<detail::Late<PyTuple, R>> from_range(Python py, R&& range) {
    return detail::sequence_from_range<detail::Late<PyTuple, R>>(py, std::forward<R>(range));
  }

  /// A new reference to an item; null at and past the end.
  ADDER_INLINE static ::PyObject* item_or_null(::PyObject* tuple, Py_ssize_t index) noexcept {
    return index < PyTuple_GET_SIZE(tuple) ? Py_NewRef(PyTuple_GET_ITEM(tuple, index)) : nullptr;
  }
  /// How a SequenceBuilder handles it.
  struct Building {
    static constexpr bool track_empty = false;  // There is one empty tuple, which everybody shares.
    static ::PyObject* allocate(Py_ssize_t capacity) noexcept {
      return detail::guard_rare_unwind(PyTuple_New, capacity);
    }
    static void set(::PyObject* tuple, Py_ssize_t index, ::PyObject* item) noexcept {
      PyTuple_SET_ITEM(tuple, index, item);
    }
    static int shrink(::PyObject** tuple, Py_ssize_t size) noexcept { return _PyTuple_Resize(tuple, size); }
    static int grow(::PyObject** tuple, Py_ssize_t, Py_ssize_t wanted) noexcept {
      return _PyTuple_Resize(tuple, wanted);
    }
  };
};

/// @brief Builds a tuple of a known size: see SequenceBuilder.
using PyTupleBuilder = SequenceBuilder<PyTuple>;

}  // namespace adder::inline ADDER_ABI
