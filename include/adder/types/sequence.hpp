// SPDX-License-Identifier: MIT
/// @file
/// @brief PySequence and PyMapping: objects that behave like a list or a dict, whatever their type, and PyMappingProxy.
#pragma once
#include "adder/types/tuple.hpp"
#include "adder/types/type.hpp"

#include <cstddef>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief The methods of a handle to a sequence.
///
/// All of them ask the object, whose answers may be wrong, raise, or change it. The C API has a type of that name: with
/// `using namespace adder` write SequenceMethods.
/// @pyo3{PySequence}
template <class Self>
struct PySequenceMethods : detail::SequenceMethods<Self> {
  using Where = detail::Location;
  using Any = detail::LateAny<Self>;

  /// @brief The item at @p index, counted from 0.
  /// @throws PyErr  IndexError at and past the end.
  Bound<Any> get_item(std::size_t index, Where where = Where::current()) const {
    const auto self = this->use_alive("get_item", where);
    return this->own(detail::guard_unwind(PySequence_GetItem, self, detail::to_index(index)), where);
  }
  /// @brief `self[low:high]`.
  Bound<Any> get_slice(std::size_t low, std::size_t high, Where where = Where::current()) const {
    const auto self = this->use_alive("get_slice", where);
    return this->own(detail::guard_unwind(PySequence_GetSlice, self, detail::to_index(low), detail::to_index(high)),
                     where);
  }
  /// @brief `self[index] = value`.
  template <class V>
  void set_item(std::size_t index, V&& value, Where where = Where::current()) const {
    const auto self = this->use_alive("set_item", where);
    const detail::AsArgument<V&&> object(std::forward<V>(value));
    detail::non_negative(detail::guard_unwind(PySequence_SetItem, self, detail::to_index(index), object.as_ptr()));
  }
  /// @brief `self[low:high] = values`.
  template <class V>
  void set_slice(std::size_t low, std::size_t high, V&& values, Where where = Where::current()) const {
    const auto self = this->use_alive("set_slice", where);
    const detail::AsArgument<V&&> object(std::forward<V>(values));
    detail::non_negative(detail::guard_unwind(PySequence_SetSlice, self, detail::to_index(low), detail::to_index(high),
                                              object.as_ptr()));
  }
  /// @brief `del self[index]`.
  void del_item(std::size_t index, Where where = Where::current()) const {
    const auto self = this->use_alive("del_item", where);
    detail::non_negative(detail::guard_unwind(PySequence_DelItem, self, detail::to_index(index)));
  }
  /// @brief `del self[low:high]`.
  void del_slice(std::size_t low, std::size_t high, Where where = Where::current()) const {
    const auto self = this->use_alive("del_slice", where);
    detail::non_negative(
        detail::guard_unwind(PySequence_DelSlice, self, detail::to_index(low), detail::to_index(high)));
  }
  /// @brief `self + other`.
  template <class V>
  Bound<Any> concat(V&& other, Where where = Where::current()) const {
    const auto self = this->use_alive("concat", where);
    const detail::AsArgument<V&&> object(std::forward<V>(other));
    return this->own(detail::guard_unwind(PySequence_Concat, self, object.as_ptr()), where);
  }
  /// @brief `self * count`.
  Bound<Any> repeat(std::size_t count, Where where = Where::current()) const {
    const auto self = this->use_alive("repeat", where);
    return this->own(detail::guard_unwind(PySequence_Repeat, self, detail::to_index(count)), where);
  }
  /// @brief `self += other`; the result is the object to go on with.
  template <class V>
  Bound<Any> in_place_concat(V&& other, Where where = Where::current()) const {
    const auto self = this->use_alive("in_place_concat", where);
    const detail::AsArgument<V&&> object(std::forward<V>(other));
    return this->own(detail::guard_unwind(PySequence_InPlaceConcat, self, object.as_ptr()), where);
  }
  /// @brief `self *= count`; the result is the object to go on with.
  Bound<Any> in_place_repeat(std::size_t count, Where where = Where::current()) const {
    const auto self = this->use_alive("in_place_repeat", where);
    return this->own(detail::guard_unwind(PySequence_InPlaceRepeat, self, detail::to_index(count)), where);
  }
};

/// @brief The methods of a handle to a mapping.
///
/// All of them ask the object, whose answers may be wrong, raise, or change it. The C API has a type of that name: with
/// `using namespace adder` write MappingMethods.
/// @pyo3{PyMapping}
template <class Self>
struct PyMappingMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  using List = detail::Late<PyList, Self>;

  /// @brief `list(self.keys())`.
  Bound<List> keys(Where where = Where::current()) const {
    const auto self = this->use_alive("keys", where);
    return this->template own<List>(detail::guard_unwind(PyMapping_Keys, self), where);
  }
  /// @brief `list(self.values())`.
  Bound<List> values(Where where = Where::current()) const {
    const auto self = this->use_alive("values", where);
    return this->template own<List>(detail::guard_unwind(PyMapping_Values, self), where);
  }
  /// @brief `list(self.items())`.
  Bound<List> items(Where where = Where::current()) const {
    const auto self = this->use_alive("items", where);
    return this->template own<List>(detail::guard_unwind(PyMapping_Items, self), where);
  }
};

/// @brief PySequenceMethods, by a name that the C API does not have.
template <class Self>
using SequenceMethods = PySequenceMethods<Self>;
/// @brief PyMappingMethods, by a name that the C API does not have.
template <class Self>
using MappingMethods = PyMappingMethods<Self>;

namespace detail {
/// A tag for an abstract base class of collections.abc.
template <FixedString Name, unsigned long KnownFlags>
struct AbstractCollection : ImportedType<"collections.abc", Name> {
  static bool is_type_of(::PyObject* object) {
    return PyType_HasFeature(Py_TYPE(object), KnownFlags) != 0 ||
           ImportedType<"collections.abc", Name>::is_type_of(object);
  }
  /// @brief Makes `isinstance(object, collections.abc.X)` true for objects of Python type T, as
  /// `collections.abc.X.register(T)`. That T really behaves so is the caller's promise.
  /// @tparam T      A pyclass or type tag.
  /// @throws PyErr  What `register` raised.
  template <class T>
  static void register_(Python py) {
    (void)py;
    const auto abc = borrow<Late<PyType, T>>(reinterpret_cast<::PyObject*>(AbstractCollection::type_object()));
    abc.call_method("register"_s, py.get_type<T>());
  }
};
}  // namespace detail

/// @brief The tag of `collections.abc.Sequence`.
struct PySequence
    : detail::AbstractCollection<"Sequence", Py_TPFLAGS_LIST_SUBCLASS | Py_TPFLAGS_TUPLE_SUBCLASS |
                                                 Py_TPFLAGS_UNICODE_SUBCLASS | Py_TPFLAGS_BYTES_SUBCLASS> {
  template <class Self>
  using Methods = PySequenceMethods<Self>;
};

/// @brief The tag of `collections.abc.Mapping`.
struct PyMapping : detail::AbstractCollection<"Mapping", Py_TPFLAGS_DICT_SUBCLASS> {
  template <class Self>
  using Methods = PyMappingMethods<Self>;
};

/// @brief The tag of `types.MappingProxyType`: a read-only view of a mapping, which shows its changes.
/// @pyo3{PyMappingProxy}
struct PyMappingProxy : detail::StaticType<"mappingproxy", &PyDictProxy_Type> {
  template <class Self>
  using Methods = PyMappingMethods<Self>;
  /// @brief `types.MappingProxyType(mapping)`.
  /// @throws PyErr  TypeError when it is no mapping.
  template <class U>
  static Bound<detail::Late<PyMappingProxy, U>> new_(const Bound<U>& mapping) {
    const auto source = detail::HandleAccess::use_alive(mapping, "PyMappingProxy::new_", {});
    return detail::steal<detail::Late<PyMappingProxy, U>>(
        detail::non_null(detail::guard_rare_unwind(PyDictProxy_New, source)));
  }
};

}  // namespace adder::inline ADDER_ABI
