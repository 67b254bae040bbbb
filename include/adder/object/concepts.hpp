// SPDX-License-Identifier: MIT
/// @file
/// @brief PyO3's traits of handles and types as concepts. Not part of adder.hpp.
#pragma once
#include "adder/object/type_info.hpp"

#include <concepts>
#include <utility>

namespace adder::inline ADDER_ABI {

namespace detail {
template <class T>
concept TagOfOneType = requires {
  { T::python_name } -> std::convertible_to<const char*>;
  { T::type_object() } -> std::same_as<::PyTypeObject*>;
};
}  // namespace detail

/// @brief Tags for types that exist in Python already, such as PyList.
/// @pyo3{PyNativeType, until 0.22}
template <class T>
concept PyNativeType = requires {
  { T::python_name } -> std::convertible_to<const char*>;
  typename T::template Methods<Bound<T>>;
};

/// @brief What one Python type stands for: pyclasses, and all tags but PyIterator and PyWeakrefProxy, which stand for
/// several.
/// @pyo3{PyTypeObject, until 0.17; PyTypeInfo}
template <class T>
concept HasTypeObject =
    IsPyClass<typename detail::CastTarget<T>::type> || detail::TagOfOneType<typename detail::CastTarget<T>::type>;

/// @brief What a handle can be a handle to, and so what raw pointers become: tags and pyclasses.
/// @pyo3{FromPyPointer, until 0.22}
template <class T>
concept FromPyPointer = PyNativeType<T> || IsPyClass<T>;

/// @brief What objects can be cast to: tags, pyclasses, and `PyCell` of those.
/// @pyo3{PyTryFrom, until 0.22; PyTypeCheck}
template <class T>
concept PyTryFrom = FromPyPointer<typename detail::CastTarget<T>::type>;

/// @brief What shows its object as a raw pointer: every handle.
/// @pyo3{AsPyPointer, until 0.22}
template <class H>
concept AsPyPointer = requires(const H& handle) {
  { handle.as_ptr() } -> std::same_as<::PyObject*>;
};

/// @brief What gives its reference away as a raw pointer: Bound and Py.
/// @pyo3{IntoPyPointer, until 0.22}
template <class H>
concept IntoPyPointer = requires(H handle) {
  { std::move(handle).into_ptr() } -> std::same_as<::PyObject*>;
};

}  // namespace adder::inline ADDER_ABI
