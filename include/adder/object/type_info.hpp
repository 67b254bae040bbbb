// SPDX-License-Identifier: MIT
/// @file
/// @brief Which Python type a `T` stands for.
///
/// A type tag such as `PyList` names a type that exists already. To add one for a type that adder does not know:
/// @code
/// struct PyDecimal : adder::ImportedType<"decimal", "Decimal"> {};
/// @endcode
/// `Bound<PyDecimal>` then has the methods of `PyAny` and takes part in `downcast` and `extract`.
#pragma once
#include "adder/object/intern.hpp"

#include <type_traits>

namespace adder::inline ADDER_ABI {

/// @brief Types that were declared to be Python classes, by a specialisation of `PyClass<T>`.
/// @pyo3{PyClass}
template <class T>
concept IsPyClass = std::is_class_v<T> && requires { static_cast<const char*>(PyClass<T>::name); };
/// @brief The opposite: what converts as its header in stl/ says.
template <class T>
concept IsNoPyClass = !IsPyClass<T>;

template <class Self>
struct PyAnyMethods;

namespace detail {

template <class T>
concept IsTag = requires { T::python_name; };
template <class T>
concept NeitherNumberNorContainer = std::is_class_v<T> && !requires { typename T::value_type; };
/// A disjunction of concepts: of a class, PyClass<T> is not looked at, which may be specialised further below.
template <class T>
concept MayBeType = IsTag<T> || NeitherNumberNorContainer<T> || IsPyClass<T>;

/// The message is for those who come from pybind11, whose cast<T>() makes values.
template <class T>
struct MayBePythonType {
  static constexpr bool value = MayBeType<T>;
  static_assert(value,
                "adder: T is a C++ value, and no Python type: x.extract<T>() converts to it, where x.cast<PyList>() "
                "asks whether x is a list, and Bound<PyList> is a handle to one");
  using type = T;
};
/// Or what says why not has been said.
template <class T>
concept IsTagOrRefused = IsTag<T> || !MayBePythonType<T>::value;

}  // namespace detail

/// @brief What adder needs to know of a Python type. Tags provide it as members; pyclasses through pyclass.hpp.
///
/// | member                            | meaning                                                                 |
/// |-----------------------------------|-------------------------------------------------------------------------|
/// | `const char* name()`              | the type's Python name, for messages                                    |
/// | `::PyTypeObject* type_object()`   | borrowed; may throw PyErr where the type has to be made or imported     |
/// | `bool is_type_of(::PyObject*)`    | isinstance; may throw PyErr                                             |
/// | `bool is_exact_type_of(...)`      | the same without subtypes                                               |
template <class T>
struct PyTypeInfo {
  static_assert(
      detail::IsTagOrRefused<T>,
      "adder: a handle to a T is used, and no Python type is known for T. Of a class of yours specialise "
      "adder::PyClass<T>, with a name, above the first use; of a type that Python has, T is a tag such as PyList");
  /// @brief See the table.
  static const char* name() noexcept { return T::python_name; }
  static ::PyTypeObject* type_object() { return T::type_object(); }
  static bool is_type_of(::PyObject* object) noexcept(noexcept(T::is_type_of(object))) { return T::is_type_of(object); }
  static bool is_exact_type_of(::PyObject* object) noexcept(noexcept(T::type_object())) {
    return Py_IS_TYPE(object, T::type_object());
  }
};

namespace detail {

/// An object whose type is checked: kept alive where the check may run Python code, as an import or an
/// `__instancecheck__` does. What may not, is noexcept.
template <class T>
using CheckedForType = std::conditional_t<noexcept(PyTypeInfo<T>::is_type_of(nullptr)), ::PyObject*, KeptAlive>;
template <class T>
using CheckedForExactType =
    std::conditional_t<noexcept(PyTypeInfo<T>::is_exact_type_of(nullptr)), ::PyObject*, KeptAlive>;

/// A tag for a type that libpython exports as a static object.
template <FixedString PythonName, ::PyTypeObject* Type>
struct StaticType {
  using Base = PyAny;
  template <class Self>
  using Methods = PyAnyMethods<Self>;
  static constexpr const char* python_name = PythonName.text;
  static ::PyTypeObject* type_object() noexcept { return Type; }
  static bool is_type_of(::PyObject* object) noexcept { return PyObject_TypeCheck(object, Type) != 0; }
};

/// A tag for a type whose subtypes are marked by a flag of their own: a faster check.
template <FixedString PythonName, ::PyTypeObject* Type, unsigned long Flag>
struct FlaggedType : StaticType<PythonName, Type> {
  static bool is_type_of(::PyObject* object) noexcept { return PyType_FastSubclass(Py_TYPE(object), Flag) != 0; }
};

ADDER_COLD_CALL ::PyTypeObject* import_type_slowly(Atomic<::PyObject*>& cache, const char* module, const char* name);

template <FixedString Module, FixedString PythonName>
ADDER_HIDDEN inline constinit Atomic<::PyObject*> imported_type{nullptr};

}  // namespace detail

/// @brief A tag for a type that lives in a Python module, imported at its first use and kept for good.
template <detail::FixedString Module, detail::FixedString PythonName>
struct ImportedType {
  using Base = PyAny;
  template <class Self>
  using Methods = PyAnyMethods<Self>;
  static constexpr const char* python_name = PythonName.text;
  static ::PyTypeObject* type_object() {
    detail::Atomic<::PyObject*>& cache = detail::imported_type<Module, PythonName>;
    ::PyObject* type = cache.load(detail::Order::acquire);
    return type != nullptr ? reinterpret_cast<::PyTypeObject*>(type)
                           : detail::import_type_slowly(cache, Module.text, PythonName.text);
  }
  static bool is_type_of(::PyObject* object) {
    ::PyObject* type = reinterpret_cast<::PyObject*>(type_object());
    return detail::non_negative(detail::guard_unwind(PyObject_IsInstance, object, type)) != 0;
  }
};

/// @brief The tag of `object`: any type at all.
struct PyAny {
  template <class Self>
  using Methods = PyAnyMethods<Self>;
  static constexpr const char* python_name = "object";
  static ::PyTypeObject* type_object() noexcept { return &PyBaseObject_Type; }
  static bool is_type_of(::PyObject*) noexcept { return true; }
};

class PyDowncastError;  // downcast_error.hpp

namespace detail {
/// How the type that T stands for is had; null for tags of several.
template <class T>
constexpr auto type_getter() noexcept -> ::PyTypeObject* (*)() {
  if constexpr (requires { &PyTypeInfo<T>::type_object; }) {
    return &PyTypeInfo<T>::type_object;
  } else {
    return nullptr;
  }
}
/// `'dict' object is not an instance of 'list'`: a TypeError that knows object and type.
ADDER_COLD_CALL PyErr downcast_error(::PyObject* object, const char* target, ::PyTypeObject* (*type)());
/// Throws it, as a PyDowncastError.
[[noreturn]] ADDER_COLD_CALL void refuse_downcast(::PyObject* object, const char* target, ::PyTypeObject* (*type)());
/// `'dict' and 'int' objects have no order`: a TypeError.
ADDER_COLD_CALL PyErr no_order(::PyObject* left, ::PyObject* right);
}  // namespace detail

template <class E, class... More>
bool PyErr::is_instance_of([[maybe_unused]] Python py) const {
  ::PyObject* target = reinterpret_cast<::PyObject*>(PyTypeInfo<E>::type_object());
  if (PyErr_GivenExceptionMatches(value_or_type(), target) != 0) return true;
  if constexpr (sizeof...(More) == 0) {
    return false;
  } else {
    return is_instance_of<More...>(py);
  }
}
}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/object/detail/type_info_inl.hpp"
#endif
