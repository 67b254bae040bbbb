// SPDX-License-Identifier: MIT
/// @file
/// @brief PyType, PySuper, PyGenericAlias, and what the token knows about types.
#pragma once
#include "adder/types/string.hpp"

namespace adder::inline ADDER_ABI {

/// @brief The methods of a handle to a type object.
/// @pyo3{PyType}
template <class Self>
struct PyTypeMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  using Any = detail::LateAny<Self>;
  using Type = detail::Late<PyType, Self>;
  using Tuple = detail::Late<PyTuple, Self>;
  using String = detail::Late<std::string, Self>;  ///< std::string, which is complete where `<string>` is included.

  /// @name Names
  /// Callers include `<string>`.
  /// @{

  /// @brief `self.__name__`.
  String name(Where where = Where::current()) const { return text("__name__"_s, where); }
  /// @brief `self.__qualname__`.
  String qualname(Where where = Where::current()) const { return text("__qualname__"_s, where); }
  /// @brief `self.__module__`.
  String module(Where where = Where::current()) const { return text("__module__"_s, where); }
  /// @brief "module.qualname", without the module for built-in types and for those of `__main__`.
  /// @pyo3{PyType::fully_qualified_name}
  String fully_qualified_name(Where where = Where::current()) const {
    const auto self = detail::borrow<Type>(this->use("fully_qualified_name", where), where);
    String name = self.module(where);
    if (name.compare("builtins") == 0 || name.compare("__main__") == 0) return self.qualname(where);
    return name.append(1, '.').append(self.qualname(where));
  }
  /// @}

  /// @brief `self.__mro__`.
  Bound<Tuple> mro(Where where = Where::current()) const {
    return this->getattr("__mro__"_s, where).template downcast<Tuple>();
  }
  /// @brief `self.__bases__`.
  Bound<Tuple> bases(Where where = Where::current()) const {
    return this->getattr("__bases__"_s, where).template downcast<Tuple>();
  }
  /// @brief `issubclass(self, other)`; @p other may also be a tuple of types.
  bool is_subclass(const Bound<Any>& other, Where where = Where::current()) const {
    const auto self = this->use_alive("is_subclass", where);
    const auto of = detail::HandleAccess::use_alive(other, "is_subclass", where);
    return detail::non_negative(detail::guard_unwind(PyObject_IsSubclass, self, of)) != 0;
  }
  /// @brief `issubclass(self, T)`.
  /// @pyo3{PyType::is_subclass_of}
  template <class T>
  bool is_subclass_of(Where where = Where::current()) const {
    return is_subclass(detail::borrow<Any>(reinterpret_cast<::PyObject*>(PyTypeInfo<T>::type_object())), where);
  }

 private:
  String text(const Name& name, Where where) const {
    return this->getattr(name, where).template downcast<detail::Late<PyString, Self>>(where).to_string();
  }
};

/// @brief The tag of `type`. The object for a T: `py.get_type<T>()`.
struct PyType : detail::FlaggedType<"type", &PyType_Type, Py_TPFLAGS_TYPE_SUBCLASS> {
  template <class Self>
  using Methods = PyTypeMethods<Self>;
};

/// @brief The tag of `super`.
/// @pyo3{PySuper}
struct PySuper : detail::StaticType<"super", &PySuper_Type> {
  /// @brief `super(type, object)`.
  /// @throws PyErr  TypeError when @p object is neither an instance nor a subtype of @p type.
  template <class U>
  static Bound<detail::Late<PySuper, U>> new_(const Bound<PyType>& type, const Bound<U>& object) {
    const auto super = detail::borrow<detail::Late<PyType, U>>(reinterpret_cast<::PyObject*>(&PySuper_Type));
    return detail::steal<detail::Late<PySuper, U>>(super.call(type, object).into_ptr());
  }
};

/// @brief The tag of `types.GenericAlias`: `list[int]`.
/// @pyo3{PyGenericAlias}
struct PyGenericAlias : detail::StaticType<"types.GenericAlias", &Py_GenericAliasType> {
  /// @brief `origin[arguments]`, without asking @p origin.
  /// @param origin     A type.
  /// @param arguments  A type, or a tuple of them.
  template <class U>
  static Bound<detail::Late<PyGenericAlias, U>> new_(const Bound<PyType>& origin, const Bound<U>& arguments) {
    const auto type = detail::HandleAccess::use_alive(origin, "PyGenericAlias::new_", {});
    const auto parameters = detail::HandleAccess::use_alive(arguments, "PyGenericAlias::new_", {});
    return detail::steal<detail::Late<PyGenericAlias, U>>(detail::non_null(Py_GenericAlias(type, parameters)));
  }
};

template <class T>
Bound<detail::Late<PyType, T>> Python::get_type() const {
  detail::check_token("Python::get_type");
  return detail::borrow<detail::Late<PyType, T>>(reinterpret_cast<::PyObject*>(PyTypeInfo<T>::type_object()));
}
template <class T>
bool Python::is_instance(const Bound<PyAny>& object) const {
  return object.is_instance(get_type<T>());
}
template <class T, class U>
bool Python::is_instance(const Py<U>& object) const {
  return is_instance<T>(object.bind(*this).as_any());
}
template <class T, class U>
bool Python::is_subclass() const {
  return get_type<T>().is_subclass(get_type<U>());
}

namespace detail {
/// A new type. Never null without an exception, as CPython up to 3.11 has it where there is no memory for the name.
/// @throws PyErr  What CPython set; else MemoryError.
ADDER_COLD_CALL ::PyTypeObject* new_type(::PyObject* module, PyType_Spec& spec, ::PyObject* base);
}  // namespace detail

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/types/detail/type_inl.hpp"
#endif
