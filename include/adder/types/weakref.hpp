// SPDX-License-Identifier: MIT
/// @file
/// @brief PyWeakrefReference and PyWeakrefProxy.
#pragma once
#include "adder/call/call.hpp"

#include <optional>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief The methods of handles to weak references and proxies.
/// @pyo3{PyWeakrefMethods}
template <class Self>
struct PyWeakrefMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  using Any = detail::LateAny<Self>;

  /// @brief The object, or nothing once it is gone.
  /// @pyo3{PyWeakrefMethods::upgrade}
  std::optional<Bound<Any>> upgrade(Where where = Where::current()) const {
    ::PyObject* self = this->use("upgrade", where);
    ::PyObject* object = nullptr;
#if PY_VERSION_HEX >= 0x030D0000
    detail::non_negative(detail::guard_rare_unwind(PyWeakref_GetRef, self, &object));
#else
    ::PyObject* found = detail::non_null(PyWeakref_GetObject(self));
    // An object without references is being destroyed; nobody may have it back.
    if (found != Py_None && Py_REFCNT(found) > 0) object = Py_NewRef(found);
#endif
    if (object == nullptr) return std::nullopt;
    return detail::steal<Any>(object, where);
  }
  /// @brief The object as one of Python type T, or nothing once it is gone.
  /// @throws PyErr  TypeError when it is of another type.
  /// @pyo3{PyWeakrefMethods::upgrade_as}
  template <class T>
  std::optional<Bound<T>> upgrade_as(Where where = Where::current()) const {
    auto object = upgrade(where);
    if (!object) return std::nullopt;
    return std::move(*object).template downcast<T>(where);
  }
  /// @brief Whether the object is gone. That it is not may be out of date by the time it is read.
  bool is_dead(Where where = Where::current()) const { return !upgrade(where); }
};

/// @brief The tag of `weakref.ref`.
/// @pyo3{PyWeakrefReference}
struct PyWeakrefReference : detail::StaticType<"weakref.ReferenceType", &_PyWeakref_RefType> {
  template <class Self>
  using Methods = PyWeakrefMethods<Self>;
  /// @brief `weakref.ref(object)`.
  /// @throws PyErr  TypeError for an object that does not support it.
  template <class U>
  static Bound<detail::Late<PyWeakrefReference, U>> new_(const Bound<U>& object) {
    return make(object, nullptr);
  }
  /// @brief `weakref.ref(object, callback)`: @p callback gets the reference once the object is gone.
  /// @throws PyErr  TypeError for an object that does not support it.
  /// @pyo3{PyWeakrefReference::new_with}
  template <class U, class F>
  static Bound<detail::Late<PyWeakrefReference, U>> new_with(const Bound<U>& object, const Bound<F>& callback) {
    return make(object, detail::HandleAccess::use_alive(callback, "PyWeakrefReference::new_with", {}));
  }
  /// @brief The same with a callback that may be missing.
  template <class U, class F>
  static Bound<detail::Late<PyWeakrefReference, U>> new_with(const Bound<U>& object,
                                                             const std::optional<Bound<F>>& callback) {
    return callback ? new_with(object, *callback) : new_(object);
  }

 private:
  template <class U>
  static Bound<detail::Late<PyWeakrefReference, U>> make(const Bound<U>& object, ::PyObject* callback) {
    const auto target = detail::HandleAccess::use_alive(object, "PyWeakrefReference::new_", {});
    return detail::steal<detail::Late<PyWeakrefReference, U>>(
        detail::non_null(detail::guard_rare_unwind(PyWeakref_NewRef, target, callback)));
  }
};

/// @brief The tag of both types of weak proxies, which stand in for their object and raise ReferenceError once it is
/// gone.
/// @pyo3{PyWeakrefProxy}
struct PyWeakrefProxy {
  using Base = PyAny;
  template <class Self>
  using Methods = PyWeakrefMethods<Self>;
  static constexpr const char* python_name = "weakref.ProxyType";
  static bool is_type_of(::PyObject* object) noexcept { return PyWeakref_CheckProxy(object) != 0; }
  /// @brief `weakref.proxy(object)`.
  /// @throws PyErr  TypeError for an object that does not support it.
  template <class U>
  static Bound<detail::Late<PyWeakrefProxy, U>> new_(const Bound<U>& object) {
    return make(object, nullptr);
  }
  /// @brief `weakref.proxy(object, callback)`.
  /// @throws PyErr  TypeError for an object that does not support it.
  /// @pyo3{PyWeakrefProxy::new_with}
  template <class U, class F>
  static Bound<detail::Late<PyWeakrefProxy, U>> new_with(const Bound<U>& object, const Bound<F>& callback) {
    return make(object, detail::HandleAccess::use_alive(callback, "PyWeakrefProxy::new_with", {}));
  }
  /// @brief The same with a callback that may be missing.
  template <class U, class F>
  static Bound<detail::Late<PyWeakrefProxy, U>> new_with(const Bound<U>& object,
                                                         const std::optional<Bound<F>>& callback) {
    return callback ? new_with(object, *callback) : new_(object);
  }

 private:
  template <class U>
  static Bound<detail::Late<PyWeakrefProxy, U>> make(const Bound<U>& object, ::PyObject* callback) {
    const auto target = detail::HandleAccess::use_alive(object, "PyWeakrefProxy::new_", {});
    return detail::steal<detail::Late<PyWeakrefProxy, U>>(
        detail::non_null(detail::guard_rare_unwind(PyWeakref_NewProxy, target, callback)));
  }
};
template <>
struct PyTypeInfo<PyWeakrefProxy> {
  static const char* name() noexcept { return PyWeakrefProxy::python_name; }
  static bool is_type_of(::PyObject* object) noexcept { return PyWeakrefProxy::is_type_of(object); }
};

}  // namespace adder::inline ADDER_ABI
