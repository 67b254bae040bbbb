// SPDX-License-Identifier: MIT
/// @file
/// @brief PyModule.
#pragma once
#include "adder/types/dict.hpp"
#include "adder/types/string.hpp"

namespace adder::inline ADDER_ABI {

/// @brief The methods of a handle to a module.
/// @pyo3{PyModule}
template <class Self>
struct PyModuleMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief `self.__name__`.
  std::string name(Where where = Where::current()) const {
    auto name = this->own(PyModule_GetNameObject(this->use("name", where)), where);
    return name.template downcast<PyString>().to_string();
  }
  /// @brief The module's namespace, which lives as long as the module.
  auto dict(Where where = Where::current()) const {
    return detail::borrow<PyDict>(PyModule_GetDict(this->use("dict", where)), where);
  }
  /// @brief Sets the attribute @p name.
  template <class V>
  void add(const Name& name, V&& value, Where where = Where::current()) const {
    this->setattr(name, std::forward<V>(value), where);
  }
};

/// @brief The tag of modules.
struct PyModule : detail::StaticType<"module", &PyModule_Type> {
  template <class Self>
  using Methods = PyModuleMethods<Self>;
  /// @brief A new, empty module. Not entered into `sys.modules`.
  /// @pyo3{PyModule::new}
  static Bound<PyModule> new_(Python py, const char* name);
  /// @brief As Python::import().
  /// @pyo3{PyModule::import}
  static Bound<PyModule> import(Python py, const char* name);
};

inline Bound<PyModule> PyModule::new_(Python, const char* name) {
  return detail::steal<PyModule>(detail::non_null(PyModule_New(name)));
}
inline Bound<PyModule> PyModule::import(Python, const char* name) {
  // Anything can stand in sys.modules; what is no module is refused by name, not by luck.
  return detail::steal(detail::non_null(detail::guard_unwind([&] { return PyImport_ImportModule(name); })))
      .downcast<PyModule>();
}
inline Bound<PyModule> Python::import(const char* name) const { return PyModule::import(*this, name); }

}  // namespace adder::inline ADDER_ABI
