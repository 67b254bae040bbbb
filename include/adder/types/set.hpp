// SPDX-License-Identifier: MIT
/// @file
/// @brief PySet and PyFrozenSet.
#pragma once
#include "adder/call/call.hpp"
#include "adder/object/iterator.hpp"

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>  // Has the concepts of ranges as well, and costs less than <ranges>.
#include <type_traits>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief What sets and frozen sets have in common. Union, intersection and so on are or_(), and_(), sub() and xor_().
///
/// Range-for owns the current item; a set that changes size meanwhile is a `RuntimeError`, as in Python.
/// @pyo3{PyFrozenSet}
template <class Self>
struct PyFrozenSetMethods : PyAnyMethods<Self> {
  using Where = detail::Location;

  /// @brief The number of items.
  std::size_t len(Where where = Where::current()) const {
    return static_cast<std::size_t>(PySet_GET_SIZE(this->use("len", where)));
  }
  /// @brief Whether there are none.
  bool is_empty(Where where = Where::current()) const { return len(where) == 0; }
  /// @brief `value in self`.
  /// @throws PyErr  TypeError for an unhashable value.
  template <class V>
  bool contains(V&& value, Where where = Where::current()) const {
    const auto self = this->use_alive("contains", where);
    const detail::AsKey<V&&> object(std::forward<V>(value));
    // Not PySet_Contains, which refuses a set where Python takes it for the frozenset of the same items.
    return detail::non_negative(detail::guard_unwind(PySequence_Contains, self, object.as_ptr())) != 0;
  }
};

/// @brief The methods of a handle to a `set`.
/// @pyo3{PySet}
template <class Self>
struct PySetMethods : PyFrozenSetMethods<Self> {
  using Where = detail::Location;
  using Any = detail::LateAny<Self>;

  /// @brief `self.add(value)`.
  /// @throws PyErr  TypeError for an unhashable value.
  template <class V>
  void add(V&& value, Where where = Where::current()) const {
    const auto self = this->use_alive("add", where);
    const detail::AsKey<V&&> object(std::forward<V>(value));
    detail::non_negative(detail::guard_unwind(PySet_Add, self, object.as_ptr()));
  }
  /// @brief `self.discard(value)`.
  /// @return Whether it was there.
  /// @throws PyErr  TypeError for an unhashable value.
  template <class V>
  bool discard(V&& value, Where where = Where::current()) const {
    const auto self = this->use_alive("discard", where);
    const detail::AsKey<V&&> object(std::forward<V>(value));
    return detail::non_negative(detail::guard_unwind(PySet_Discard, self, object.as_ptr())) != 0;
  }
  /// @brief `self.pop()`, or nothing when it is empty.
  std::optional<Bound<Any>> pop(Where where = Where::current()) const {
    const auto self = this->use_alive("pop", where);
    if (PySet_GET_SIZE(self.as_ptr()) == 0) return std::nullopt;
    ::PyObject* item = detail::guard_rare_unwind(PySet_Pop, self);
    if (item == nullptr && PyErr_ExceptionMatches(PyExc_KeyError) != 0) {  // Another thread has taken the last one.
      PyErr_Clear();
      return std::nullopt;
    }
    return this->own(item, where);
  }
  /// @brief `self.clear()`.
  void clear(Where where = Where::current()) const {
    const auto self = this->use_alive("clear", where);
    detail::non_negative(detail::guard_unwind(PySet_Clear, self));
  }
};

namespace detail {
/// How both kinds of sets are made. The new set is nobody else's yet, so a frozen one may be added to.
template <class T, ::PyObject* (*New)(::PyObject*)>
struct SetConstructors {
  /// @brief A set without items.
  template <std::same_as<T> Tag = T>
  static Bound<Tag> empty(Python) {
    return steal<Tag>(non_null(New(nullptr)));
  }
  /// @brief A set of the given values.
  /// @throws PyErr  TypeError for an unhashable value.
  template <class... V>
  static Bound<T> new_(Python, V&&... values) {
    // Their `__hash__` and `__eq__` may drop those that follow.
    [[maybe_unused]] const AlwaysKept<std::remove_cvref_t<V>...> kept(values...);
    auto set = hidden();
    (put(set.as_ptr(), std::forward<V>(values)), ...);
    return shown(std::move(set));
  }
  /// @brief A set of the items of a C++ range.
  /// @throws PyErr  TypeError for an unhashable item.
  template <std::ranges::input_range R>
  static Bound<T> from_range(Python, R&& range) {
    auto set = hidden();
    for (auto&& item : range) put(set.as_ptr(), std::forward<decltype(item)>(item));
    return shown(std::move(set));
  }
  /// @brief `set(iterable)`.
  /// @throws PyErr  TypeError for what is not iterable or has unhashable items.
  template <class U>
  static Bound<T> from_iterable(const Bound<U>& iterable) {
    const auto source = HandleAccess::use_alive(iterable, "from_iterable", {});
    return steal<T>(non_null(guard_unwind([&] { return New(source); })));
  }

 private:
  /// What `__hash__` runs must not find a set that is being made.
  static Bound<T> hidden() {
    auto set = steal<T>(non_null(is_copy_of_set<New> ? PySet_New(nullptr) : New(nullptr)));
    PyObject_GC_UnTrack(set.as_ptr());
    return set;
  }
  static Bound<T> shown(Bound<T> set) {
    if constexpr (is_copy_of_set<New>) {
      return steal<T>(non_null(New(set.as_ptr())));
    } else {
      PyObject_GC_Track(set.as_ptr());
      return set;
    }
  }
  template <class V>
  static void put(::PyObject* set, V&& value) {
    const AsKey<V&&> object(std::forward<V>(value));
    non_negative(guard_unwind(PySet_Add, set, object.as_ptr()));
  }
};
}  // namespace detail

/// @brief The tag of `set`.
struct PySet : detail::StaticType<"set", &PySet_Type>, detail::SetConstructors<PySet, PySet_New> {
  template <class Self>
  using Methods = PySetMethods<Self>;
};

/// @brief The tag of `frozenset`.
struct PyFrozenSet : detail::StaticType<"frozenset", &PyFrozenSet_Type>,
                     detail::SetConstructors<PyFrozenSet, PyFrozenSet_New> {
  template <class Self>
  using Methods = PyFrozenSetMethods<Self>;
};

}  // namespace adder::inline ADDER_ABI
