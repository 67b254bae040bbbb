// SPDX-License-Identifier: MIT
/// @file
/// @brief PyDict.
#pragma once
#include "adder/types/list.hpp"

namespace adder::inline ADDER_ABI {

class DictIterator;

/// @brief The methods of a handle to a `dict`.
///
/// `for (const auto& [key, value] : dict)` goes over the items; changing the size of the dict meanwhile is a
/// `RuntimeError`, as in Python.
/// @pyo3{PyDict}
template <class Self>
struct PyDictMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  using Any = detail::LateAny<Self>;

  /// @brief The number of items.
  std::size_t len(Where where = Where::current()) const {
    return static_cast<std::size_t>(detail::non_negative(PyDict_Size(this->use("len", where))));
  }
  bool is_empty(Where where = Where::current()) const { return len(where) == 0; }
  /// @brief `self.get(key)`, with nothing for a missing key.
  /// @throws PyErr  TypeError for an unhashable key, or what its `__hash__` or `__eq__` raised.
  template <class K>
  std::optional<Bound<Any>> get_item(K&& key, Where where = Where::current()) const {
    ::PyObject* self = this->use("get_item", where);
    const detail::AsArgument<K&&> index(std::forward<K>(key));
    ::PyObject* value = nullptr;
#if PY_VERSION_HEX >= 0x030D0000
    detail::non_negative(detail::guard_unwind([&] { return PyDict_GetItemRef(self, index.as_ptr(), &value); }));
#else
    value = detail::guard_unwind([&] { return PyDict_GetItemWithError(self, index.as_ptr()); });
    if (value == nullptr && PyErr_Occurred() != nullptr) detail::throw_fetched();
    Py_XINCREF(value);
#endif
    if (value == nullptr) return std::nullopt;
    return detail::steal<Any>(value, where);
  }
  /// @brief `self[key] = value`.
  template <class K, class V>
  void set_item(K&& key, V&& value, Where where = Where::current()) const {
    ::PyObject* self = this->use("set_item", where);
    const detail::AsArgument<K&&> index(std::forward<K>(key));
    const detail::AsArgument<V&&> object(std::forward<V>(value));
    detail::non_negative(detail::guard_unwind([&] { return PyDict_SetItem(self, index.as_ptr(), object.as_ptr()); }));
  }
  /// @brief `key in self`.
  template <class K>
  bool contains(K&& key, Where where = Where::current()) const {
    ::PyObject* self = this->use("contains", where);
    const detail::AsArgument<K&&> index(std::forward<K>(key));
    return detail::non_negative(detail::guard_unwind([&] { return PyDict_Contains(self, index.as_ptr()); })) != 0;
  }
  /// @brief `list(self.keys())`.
  auto keys(Where where = Where::current()) const { return list_of(PyDict_Keys(this->use("keys", where)), where); }
  /// @brief `list(self.values())`.
  auto values(Where where = Where::current()) const {
    return list_of(PyDict_Values(this->use("values", where)), where);
  }
  /// @brief `list(self.items())`.
  auto items(Where where = Where::current()) const { return list_of(PyDict_Items(this->use("items", where)), where); }
  /// @brief `self.copy()`.
  auto copy(Where where = Where::current()) const {
    return this->template own<detail::Late<PyDict, Self>>(PyDict_Copy(this->use("copy", where)), where);
  }
  /// @brief `self.clear()`.
  void clear(Where where = Where::current()) const {
    ::PyObject* self = this->use("clear", where);
    detail::guard_unwind([&] { PyDict_Clear(self); });
  }
  DictIterator begin() const;
  IterationEnd end() const noexcept { return {}; }

 private:
  static auto list_of(::PyObject* list, Where where) {
    return detail::steal<detail::Late<PyList, Self>>(detail::non_null(list), where);
  }
};

/// @brief The tag of `dict`.
struct PyDict : detail::FlaggedType<"dict", &PyDict_Type, Py_TPFLAGS_DICT_SUBCLASS> {
  template <class Self>
  using Methods = PyDictMethods<Self>;
  /// @brief `{}`.
  /// @pyo3{PyDict::new}
  static Bound<PyDict> new_(Python);
};

inline Bound<PyDict> PyDict::new_(Python) { return detail::steal<PyDict>(detail::non_null(PyDict_New())); }

/// @brief Goes over the items of a dict. Owns the dict and the current pair.
class DictIterator {
 public:
  using value_type = std::pair<Bound<PyAny>, Bound<PyAny>>;
  using difference_type = std::ptrdiff_t;

  explicit DictIterator(Bound<PyDict> dict) : dict_(std::move(dict)), size_(PyDict_Size(dict_.as_ptr())) { step(); }

  /// @brief The current (key, value); valid until the next step.
  const value_type& operator*() const ADDER_LIFETIMEBOUND { return *item_; }
  const value_type* operator->() const ADDER_LIFETIMEBOUND { return &*item_; }
  /// @throws PyErr  RuntimeError when the dict changed size since the iteration began.
  DictIterator& operator++() {
    step();
    return *this;
  }
  void operator++(int) { step(); }
  bool operator==(IterationEnd) const noexcept { return !item_.has_value(); }

 private:
  void step() {
    item_.reset();  // First: dropping the old pair may run code that changes the dict.
    if (PyDict_Size(dict_.as_ptr()) != size_) {
      throw PyErr::Access::lazy(PyExc_RuntimeError, "dictionary changed size during iteration");
    }
    ::PyObject *key = nullptr, *value = nullptr;
#if defined(Py_GIL_DISABLED)
    Py_BEGIN_CRITICAL_SECTION(dict_.as_ptr());
#endif
    if (PyDict_Next(dict_.as_ptr(), &position_, &key, &value) != 0) {
      Py_INCREF(key);
      Py_INCREF(value);
    }
#if defined(Py_GIL_DISABLED)
    Py_END_CRITICAL_SECTION();
#endif
    if (key != nullptr) item_.emplace(detail::steal(key), detail::steal(value));
  }

  Bound<PyDict> dict_;
  Py_ssize_t size_;
  Py_ssize_t position_ = 0;
  std::optional<value_type> item_;
};

template <class Self>
DictIterator PyDictMethods<Self>::begin() const {
  return DictIterator(detail::borrow<PyDict>(this->use("begin", Where::current())));
}

}  // namespace adder::inline ADDER_ABI
