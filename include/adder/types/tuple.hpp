// SPDX-License-Identifier: MIT
/// @file
/// @brief PyTuple.
#pragma once
#include "adder/types/iterator.hpp"

namespace adder::inline ADDER_ABI {

/// @brief The methods of a handle to a `tuple`.
/// @pyo3{PyTuple}
template <class Self>
struct PyTupleMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  using Any = detail::LateAny<Self>;

  /// @brief The number of items.
  std::size_t len(Where where = Where::current()) const {
    return static_cast<std::size_t>(PyTuple_GET_SIZE(this->use("len", where)));
  }
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

 private:
  ::PyObject* item(std::size_t index, const char* operation, Where where) const {
    ::PyObject* self = this->use(operation, where);
    const auto at = index > PY_SSIZE_T_MAX ? PY_SSIZE_T_MAX : static_cast<Py_ssize_t>(index);
    return detail::non_null(PyTuple_GetItem(self, at));
  }
};

/// @brief The tag of `tuple`.
struct PyTuple : detail::FlaggedType<"tuple", &PyTuple_Type, Py_TPFLAGS_TUPLE_SUBCLASS> {
  template <class Self>
  using Methods = PyTupleMethods<Self>;
  /// @brief `()`.
  /// @pyo3{PyTuple::empty}
  static Bound<PyTuple> empty(Python py) { return new_(py); }
  /// @brief `(values...)`.
  /// @pyo3{PyTuple::new}
  template <class... V>
  static Bound<PyTuple> new_(Python, V&&... values);
};

template <class... V>
Bound<PyTuple> PyTuple::new_(Python, V&&... values) {
  auto tuple = detail::steal<PyTuple>(detail::non_null(PyTuple_New(static_cast<Py_ssize_t>(sizeof...(V)))));
  [[maybe_unused]] Py_ssize_t at = 0;
  (PyTuple_SET_ITEM(tuple.as_ptr(), at++, detail::non_null(detail::into_ptr_or_pending(std::forward<V>(values)))), ...);
  return tuple;
}

}  // namespace adder::inline ADDER_ABI
