// SPDX-License-Identifier: MIT
/// @file
/// @brief PyList.
#pragma once
#include "adder/types/detail/builder.hpp"
#include "adder/types/detail/sequence_methods.hpp"

#include <concepts>
#include <cstddef>
#include <span>  // Has the concepts of ranges as well, and costs less than <ranges>.
#include <utility>

namespace adder::inline ADDER_ABI {

template <class T>
class TypedList;

namespace detail {
/// What the C API wants of an index; one that is too large stays past every end.
ADDER_INLINE Py_ssize_t to_index(std::size_t index) noexcept {
  return index > PY_SSIZE_T_MAX ? PY_SSIZE_T_MAX : static_cast<Py_ssize_t>(index);
}
}  // namespace detail

/// @brief The methods of a handle to a `list`.
///
/// Items are handed out owned: another thread or a callback may change the list at any time. Range-for goes by index,
/// as Python does: what is appended meanwhile is seen.
/// @pyo3{PyList}
template <class Self>
struct PyListMethods : detail::SequenceMethods<Self> {
  using Where = detail::Location;
  using Any = detail::LateAny<Self>;
  using List = detail::Late<PyList, Self>;
  using Tuple = detail::Late<PyTuple, Self>;

  /// @brief The number of items.
  std::size_t len(Where where = Where::current()) const {
    return static_cast<std::size_t>(PyList_GET_SIZE(this->use("len", where)));
  }
  /// @brief Whether there are none.
  bool is_empty(Where where = Where::current()) const { return len(where) == 0; }
  /// @brief The item at @p index, counted from 0.
  /// @throws PyErr  IndexError at and past the end.
  Bound<Any> get_item(std::size_t index, Where where = Where::current()) const {
    ::PyObject* self = this->use("get_item", where);
#if PY_VERSION_HEX >= 0x030D0000
    return this->own(detail::guard_rare_unwind(PyList_GetItemRef, self, detail::to_index(index)), where);
#else
    return detail::borrow<Any>(detail::non_null(PyList_GetItem(self, detail::to_index(index))), where);
#endif
  }
  /// @brief `self[low:high]`; bounds past the end are the end.
  Bound<List> get_slice(std::size_t low, std::size_t high, Where where = Where::current()) const {
    const auto self = this->use_alive("get_slice", where);
    return this->template own<List>(
        detail::guard_rare_unwind(PyList_GetSlice, self, detail::to_index(low), detail::to_index(high)), where);
  }
  /// @brief `self[index] = value`.
  /// @throws PyErr  IndexError at and past the end.
  template <class V>
  void set_item(std::size_t index, V&& value, Where where = Where::current()) const {
    const auto self = this->use_alive("set_item", where);
    ::PyObject* object = detail::non_null(detail::into_ptr_or_pending(std::forward<V>(value)));
    detail::non_negative(detail::guard_unwind(PyList_SetItem, self, detail::to_index(index), object));
  }
  /// @brief `self[low:high] = values`; bounds past the end are the end.
  /// @param low     Where the slice begins.
  /// @param high    Where it ends.
  /// @param values  Any iterable.
  /// @param where   Left out.
  template <class V>
  void set_slice(std::size_t low, std::size_t high, V&& values, Where where = Where::current()) const {
    const auto self = this->use_alive("set_slice", where);
    const detail::AsArgument<V&&> object(std::forward<V>(values));
    detail::non_negative(
        detail::guard_unwind(PyList_SetSlice, self, detail::to_index(low), detail::to_index(high), object.as_ptr()));
  }
  /// @brief `del self[index]`.
  /// @throws PyErr  IndexError at and past the end.
  void del_item(std::size_t index, Where where = Where::current()) const {
    const auto self = this->use_alive("del_item", where);
    detail::non_negative(detail::guard_unwind(PySequence_DelItem, self, detail::to_index(index)));
  }
  /// @brief `del self[low:high]`; bounds past the end are the end.
  void del_slice(std::size_t low, std::size_t high, Where where = Where::current()) const {
    const auto self = this->use_alive("del_slice", where);
    detail::non_negative(
        detail::guard_unwind(PyList_SetSlice, self, detail::to_index(low), detail::to_index(high), nullptr));
  }
  /// @brief `self.append(value)`.
  template <class V>
  void append(V&& value, Where where = Where::current()) const {
    put<V>("append", std::forward<V>(value), where,
           [](::PyObject* self, ::PyObject* object) ADDER_INLINE_LAMBDA { return PyList_Append(self, object); });
  }
  /// @brief `self.extend(values)`.
  template <class V>
  void extend(V&& values, Where where = Where::current()) const {
    (void)this->use("extend", where);
    this->call_method("extend"_s, std::forward<V>(values));
  }
  /// @brief `self.insert(index, value)`; an index past the end appends.
  template <class V>
  void insert(std::size_t index, V&& value, Where where = Where::current()) const {
    put<V>("insert", std::forward<V>(value), where, [index](::PyObject* self, ::PyObject* object) ADDER_INLINE_LAMBDA {
      return PyList_Insert(self, detail::to_index(index), object);
    });
  }
  /// @brief `self.pop()`: the last item, which is taken out.
  /// @throws PyErr  IndexError when it is empty.
  Bound<Any> pop(Where where = Where::current()) const {
    (void)this->use("pop", where);
    return this->call_method("pop"_s);
  }
  /// @brief `self.pop(index)`.
  /// @throws PyErr  IndexError at and past the end.
  Bound<Any> pop(std::size_t index, Where where = Where::current()) const {
    (void)this->use("pop", where);
    return this->call_method("pop"_s, detail::to_index(index));
  }
  /// @brief `self.remove(value)`.
  /// @throws PyErr  ValueError when there is no such item.
  template <class V>
  void remove(V&& value, Where where = Where::current()) const {
    (void)this->use("remove", where);
    this->call_method("remove"_s, std::forward<V>(value));
  }
  /// @brief `self.clear()`.
  void clear(Where where = Where::current()) const { del_slice(0, PY_SSIZE_T_MAX, where); }
  /// @brief `self.sort()`. While it sorts, the list looks empty to the items' `__lt__`.
  void sort(Where where = Where::current()) const {
    const auto self = this->use_alive("sort", where);
    detail::non_negative(detail::guard_unwind(PyList_Sort, self));
  }
  /// @brief `self.reverse()`.
  void reverse(Where where = Where::current()) const {
    ::PyObject* self = this->use("reverse", where);
    detail::non_negative(detail::guard_rare_unwind(PyList_Reverse, self));
  }
  /// @brief `self.copy()`.
  Bound<List> copy(Where where = Where::current()) const { return get_slice(0, PY_SSIZE_T_MAX, where); }
  /// @brief `tuple(self)`.
  Bound<Tuple> to_tuple(Where where = Where::current()) const {
    const auto self = this->use_alive("to_tuple", where);
    return this->template own<Tuple>(detail::guard_rare_unwind(PyList_AsTuple, self), where);
  }
  /// @brief The items as C++ values: a random-access range that reads and writes the list. Include
  /// `adder/types/typed.hpp`.
  /// @throws PyErr  From the range, at an item that is no T: `[3]: expected int, got str`.
  template <class T>
  auto as(Where where = Where::current()) const {
    return detail::typed_view<TypedList<T>>(detail::borrow<List>(this->use("as", where), where));
  }
  auto begin() const {
    return detail::IndexIterator<List, Any>(detail::borrow<List>(this->use("begin", Where::current())));
  }

 private:
  /// Hands a new item to @p f, which runs no Python code itself: only making the item may drop the handles.
  template <class V, class F>
  ADDER_INLINE void put(const char* operation, V&& value, Where where, F&& f) const {
    if constexpr (detail::LentHandle<V>) {
      ::PyObject* self = this->use(operation, where);
      detail::non_negative(detail::guard_rare_unwind([&] { return f(self, detail::lent_by(value)); }));
    } else {
      const auto self = this->use_alive(operation, where);
      const detail::AsArgument<V&&> object(std::forward<V>(value));
      detail::non_negative(detail::guard_rare_unwind([&] { return f(self, object.as_ptr()); }));
    }
  }
};

/// @brief The tag of `list`.
struct PyList : detail::FlaggedType<"list", &PyList_Type, Py_TPFLAGS_LIST_SUBCLASS> {
  template <class Self>
  using Methods = PyListMethods<Self>;
  /// @brief `[]`.
  /// @pyo3{PyList::empty}
  template <std::same_as<PyList> T = PyList>
  static Bound<T> empty(Python) {
    return detail::steal<T>(detail::non_null(detail::guard_rare_unwind(PyList_New, 0)));
  }
  /// @brief `[values...]`.
  /// @pyo3{PyList::new}
  template <class... V>
  static Bound<detail::Late<PyList, detail::TypeList<V...>>> new_(Python py, V&&... values) {
    return detail::sequence_of<detail::Late<PyList, detail::TypeList<V...>>>(py, std::forward<V>(values)...);
  }
  /// @brief A list of the items of a C++ range; one allocation where the range knows its size.
  /// @pyo3{PyList::new}
  template <std::ranges::input_range R>
  static Bound<detail::Late<PyList, R>> from_range(Python py, R&& range) {
    return detail::sequence_from_range<detail::Late<PyList, R>>(py, std::forward<R>(range));
  }

  /// A new reference to an item; null at and past the end.
  ADDER_INLINE static ::PyObject* item_or_null(::PyObject* list, Py_ssize_t index) noexcept {
#if defined(Py_GIL_DISABLED)
    ::PyObject* item = detail::guard_rare_unwind(PyList_GetItemRef, list, index);
    if (item == nullptr) PyErr_Clear();
    return item;
#else
    const bool found = static_cast<std::size_t>(index) < static_cast<std::size_t>(PyList_GET_SIZE(list));
    return found ? Py_NewRef(PyList_GET_ITEM(list, index)) : nullptr;
#endif
  }
  /// How a SequenceBuilder handles it.
  struct Building {
    static constexpr bool track_empty = true;
    static ::PyObject* allocate(Py_ssize_t capacity) noexcept {
#if defined(Py_GIL_DISABLED)
      // CPython 3.13 frees memory twice where a list is too large to be made.
      if (capacity > PY_SSIZE_T_MAX / static_cast<Py_ssize_t>(2 * sizeof(::PyObject*))) return PyErr_NoMemory();
#endif
      return detail::guard_rare_unwind(PyList_New, capacity);
    }
    static void set(::PyObject* list, Py_ssize_t index, ::PyObject* item) noexcept {
      PyList_SET_ITEM(list, index, item);
    }
    static int shrink(::PyObject** list, Py_ssize_t size) noexcept {
      Py_SET_SIZE(reinterpret_cast<PyVarObject*>(*list), size);  // What lies behind is null and stays allocated.
      return 0;
    }
    static int grow(::PyObject** list, Py_ssize_t size, Py_ssize_t wanted) noexcept {
      ::PyObject* larger = allocate(wanted);
      if (larger == nullptr) return -1;
      for (Py_ssize_t i = 0; i < size; ++i) {
        PyList_SET_ITEM(larger, i, PyList_GET_ITEM(*list, i));
        PyList_SET_ITEM(*list, i, nullptr);
      }
      Py_DECREF(detail::exchange(*list, larger));
      return 0;
    }
  };
};

/// @brief Builds a list of a known size: see SequenceBuilder.
using PyListBuilder = SequenceBuilder<PyList>;

}  // namespace adder::inline ADDER_ABI
