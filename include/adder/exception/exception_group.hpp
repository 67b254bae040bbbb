// SPDX-License-Identifier: MIT
/// @file
/// @brief PyExceptionGroup: several exceptions raised as one, which CPython has since 3.11. Not part of adder.hpp.
#pragma once
#include "adder/exception/exceptions.hpp"
#include "adder/types/list.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

#if PY_VERSION_HEX >= 0x030B0000
namespace adder::inline ADDER_ABI {

/// @brief The tag of `ExceptionGroup`. `PyBaseExceptionGroup`, which adder.hpp has, also takes what is no Exception.
///
/// `except*`, `split` and `subgroup` are Python's: `error.value(py).call_method("subgroup"_s, ...)`.
struct PyExceptionGroup : ImportedType<"builtins", "ExceptionGroup"> {
  using Base = PyBaseExceptionGroup;
  static bool is_type_of(::PyObject* object) { return PyObject_TypeCheck(object, type_object()) != 0; }

  /// @brief An error that is a group of others: `PyExceptionGroup::new_err(py, "two failed", {first, second})`.
  /// @param py       The token.
  /// @param message  UTF-8.
  /// @param errors   A range of PyErr; not an empty one.
  /// @throws PyErr   What the class raised, such as a TypeError for a group of what is no Exception.
  template <class Errors = std::initializer_list<PyErr>>
  static PyErr new_err(Python py, std::string_view message, const Errors& errors) {
    const auto values = PyList::empty(py);
    for (const PyErr& error : errors) values.append(error.value(py));
    return new_err_with(py, message, values);
  }
  /// @brief The same with the arguments of the class.
  /// @throws PyErr  What the class raised.
  template <class... Args>
  static PyErr new_err_with(Python py, Args&&... arguments) {
    return PyErr::from_value(py.get_type<PyExceptionGroup>().call(std::forward<Args>(arguments)...));
  }
};

}  // namespace adder::inline ADDER_ABI
#endif
