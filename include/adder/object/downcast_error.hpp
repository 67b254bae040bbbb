// SPDX-License-Identifier: MIT
/// @file
/// @brief PyDowncastError: what a cast throws, with the object and both types. Not part of adder.hpp, which is enough
/// to catch it as the PyErr that it is.
#pragma once
#include "adder/object/type_info.hpp"

#include <optional>
#include <string>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief Thrown by `cast`, `downcast` and their kin for an object of another type. A TypeError to Python.
/// @threads  As PyErr. The object is released at the next attach where the last copy dies detached.
/// @pyo3{PyDowncastError, CastError since 0.27}
class ADDER_VISIBLE PyDowncastError : public PyErr {
 public:
  /// @brief The error that @p error is or is a copy of, such as that of a `PyResult`, if it is one.
  template <class T = PyDowncastError>
  static std::optional<T> of(const PyErr& error) {
    if (!is_one(error)) return std::nullopt;
    return T(error);
  }

  /// @brief The object that was to be cast.
  template <class T = PyAny>
  Bound<T> object(Python) const {
    return detail::borrow<T>(source());
  }
  /// @brief Its type.
  template <class T = PyType>
  Bound<T> from_type(Python) const {
    return detail::borrow<T>(reinterpret_cast<::PyObject*>(Py_TYPE(source())));
  }
  /// @brief The type that it is no instance of. Nothing for a tag of several types, such as PyIterator.
  template <class T = PyType>
  std::optional<Bound<T>> to_type(Python) const {
    ::PyObject* type = target();
    if (type == nullptr) return std::nullopt;
    return detail::borrow<T>(type);
  }
  /// @brief The name of that, as in the message.
  std::string to_name() const;

  /// Not for users.
  explicit PyDowncastError(PyErr error) noexcept : PyErr(std::move(error)) {}

 private:
  static bool is_one(const PyErr& error) noexcept;
  ::PyObject* source() const;
  ::PyObject* target() const;
};
/// @brief PyO3's name since 0.27.
/// @pyo3{CastError, CastIntoError}
using CastError = PyDowncastError;

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/object/detail/downcast_error_inl.hpp"
#endif
