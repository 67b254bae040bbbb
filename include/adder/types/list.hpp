// SPDX-License-Identifier: MIT
/// @file
/// @brief PyList.
#pragma once
#include "adder/types/iterator.hpp"

namespace adder::inline ADDER_ABI {

/// @brief The methods of a handle to a `list`.
///
/// Items are handed out owned: another thread or a callback may change the list at any time.
/// @pyo3{PyList}
template <class Self>
struct PyListMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  using Any = detail::LateAny<Self>;

  /// @brief The number of items.
  std::size_t len(Where where = Where::current()) const {
    return static_cast<std::size_t>(PyList_GET_SIZE(this->use("len", where)));
  }
  bool is_empty(Where where = Where::current()) const { return len(where) == 0; }
  /// @brief The item at @p index, counted from 0.
  /// @throws PyErr  IndexError at and past the end.
  Bound<Any> get_item(std::size_t index, Where where = Where::current()) const {
    ::PyObject* self = this->use("get_item", where);
    const auto at = index > PY_SSIZE_T_MAX ? PY_SSIZE_T_MAX : static_cast<Py_ssize_t>(index);
#if PY_VERSION_HEX >= 0x030D0000
    return this->own(PyList_GetItemRef(self, at), where);
#else
    return detail::borrow<Any>(detail::non_null(PyList_GetItem(self, at)), where);
#endif
  }
  /// @brief `self[index] = value`.
  /// @throws PyErr  IndexError at and past the end.
  template <class V>
  void set_item(std::size_t index, V&& value, Where where = Where::current()) const {
    ::PyObject* self = this->use("set_item", where);
    const auto at = index > PY_SSIZE_T_MAX ? PY_SSIZE_T_MAX : static_cast<Py_ssize_t>(index);
    ::PyObject* object = detail::non_null(detail::into_ptr_or_pending(std::forward<V>(value)));
    detail::non_negative(detail::guard_unwind([&] { return PyList_SetItem(self, at, object); }));
  }
  /// @brief `self.append(value)`.
  template <class V>
  void append(V&& value, Where where = Where::current()) const {
    ::PyObject* self = this->use("append", where);
    const detail::AsArgument<V&&> object(std::forward<V>(value));
    detail::non_negative(PyList_Append(self, object.as_ptr()));
  }
  /// @brief `self.insert(index, value)`; an index past the end appends.
  template <class V>
  void insert(std::size_t index, V&& value, Where where = Where::current()) const {
    ::PyObject* self = this->use("insert", where);
    const detail::AsArgument<V&&> object(std::forward<V>(value));
    const auto at = index > PY_SSIZE_T_MAX ? PY_SSIZE_T_MAX : static_cast<Py_ssize_t>(index);
    detail::non_negative(PyList_Insert(self, at, object.as_ptr()));
  }
  /// @brief `self.sort()`.
  void sort(Where where = Where::current()) const {
    ::PyObject* self = this->use("sort", where);
    detail::non_negative(detail::guard_unwind([&] { return PyList_Sort(self); }));
  }
  /// @brief `self.reverse()`.
  void reverse(Where where = Where::current()) const {
    detail::non_negative(PyList_Reverse(this->use("reverse", where)));
  }
};

/// @brief The tag of `list`.
struct PyList : detail::FlaggedType<"list", &PyList_Type, Py_TPFLAGS_LIST_SUBCLASS> {
  template <class Self>
  using Methods = PyListMethods<Self>;
  /// @brief `[]`.
  /// @pyo3{PyList::empty}
  static Bound<PyList> empty(Python) { return detail::steal<PyList>(detail::non_null(PyList_New(0))); }
  /// @brief `[values...]`.
  /// @pyo3{PyList::new}
  template <class... V>
  static Bound<PyList> new_(Python, V&&... values) {
    auto list = detail::steal<PyList>(detail::non_null(PyList_New(static_cast<Py_ssize_t>(sizeof...(V)))));
    [[maybe_unused]] Py_ssize_t at = 0;
    (PyList_SET_ITEM(list.as_ptr(), at++, detail::non_null(detail::into_ptr_or_pending(std::forward<V>(values)))), ...);
    return list;
  }
};

}  // namespace adder::inline ADDER_ABI
