// SPDX-License-Identifier: MIT
/// @file
/// @brief PyType, PyTraceback, and what the token knows about types.
#pragma once
#include "adder/types/string.hpp"

namespace adder::inline ADDER_ABI {

/// @brief The methods of a handle to a type object.
/// @pyo3{PyType}
template <class Self>
struct PyTypeMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief `self.__name__`.
  std::string name(Where where = Where::current()) const {
    (void)this->use("name", where);
    return this->getattr("__name__"_s, where).template downcast<detail::Late<PyString, Self>>().to_string();
  }
  /// @brief `self.__qualname__`.
  std::string qualname(Where where = Where::current()) const {
    (void)this->use("qualname", where);
    return this->getattr("__qualname__"_s, where).template downcast<detail::Late<PyString, Self>>().to_string();
  }
  /// @brief `issubclass(self, other)`.
  template <class U>
  bool is_subclass(const Bound<U>& other, Where where = Where::current()) const {
    ::PyObject* self = this->use("is_subclass", where);
    ::PyObject* of = detail::HandleAccess::use(other, "is_subclass", where);
    return detail::non_negative(detail::guard_unwind([&] { return PyObject_IsSubclass(self, of); })) != 0;
  }
};

/// @brief The tag of `type`.
struct PyType : detail::FlaggedType<"type", &PyType_Type, Py_TPFLAGS_TYPE_SUBCLASS> {
  template <class Self>
  using Methods = PyTypeMethods<Self>;
};

/// @brief The tag of `traceback`.
struct PyTraceback : detail::StaticType<"traceback", &PyTraceBack_Type> {};

template <class T>
Bound<PyType> Python::get_type() const {
  return detail::borrow<PyType>(reinterpret_cast<::PyObject*>(PyTypeInfo<T>::type_object()));
}
template <class T>
bool Python::is_instance(const Bound<PyAny>& object) const {
  return object.is_instance(get_type<T>());
}
template <class T, class U>
bool Python::is_subclass() const {
  return get_type<T>().is_subclass(get_type<U>());
}

}  // namespace adder::inline ADDER_ABI
