// SPDX-License-Identifier: MIT
/// @file
/// @brief PyModule.
#pragma once
#include "adder/types/code.hpp"

#include <concepts>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief The methods of a handle to a module.
/// @pyo3{PyModule}
template <class Self>
struct PyModuleMethods : PyAnyMethods<Self> {
  using Where = detail::Location;
  /// @brief `self.__name__`.
  detail::Late<std::string, Self> name(Where where = Where::current()) const {
    const auto self = this->use_alive("name", where);
    auto name = this->own(detail::guard_unwind(PyModule_GetNameObject, self), where);
    return name.template downcast<detail::Late<PyString, Self>>().to_string();
  }
  /// @brief `self.__file__`.
  /// @throws PyErr  AttributeError for a module without a file.
  /// @pyo3{PyModule::filename}
  detail::Late<std::string, Self> filename(Where where = Where::current()) const {
    return this->getattr("__file__"_s, where).template downcast<detail::Late<PyString, Self>>().to_string();
  }
  /// @brief The module's namespace, which lives as long as the module.
  auto dict(Where where = Where::current()) const {
    ::PyObject* dict = PyModule_GetDict(this->use("dict", where));
    if (dict == nullptr) {  // Up to 3.10, of a module made by __new__ alone.
      PyErr_Clear();
      throw PyErr::Access::lazy(PyExc_SystemError, "the module has no namespace: it was never initialized");
    }
    return detail::borrow<detail::Late<PyDict, Self>>(dict, where);
  }
  /// @brief `self.__all__`, made if there is none.
  /// @pyo3{PyModule::index}
  auto index(Where where = Where::current()) const {
    using Names = detail::Late<PyList, Self>;
    const auto self = detail::borrow<detail::LateAny<Self>>(this->use("index", where), where);
    auto all = self.getattr_opt("__all__"_s, where);
    if (!all) {
      self.setattr("__all__"_s, Names::empty(detail::token()), where);
      all = self.getattr("__all__"_s, where);
    }
    return std::move(*all).template downcast<Names>();
  }
  /// @brief Adds a function under its `__name__`, such as one of new_function.hpp.
  /// @pyo3{PyModule::add_function}
  template <class F>
  void add_function(const F& function, Where where = Where::current()) const {
    this->setattr(function.getattr("__name__"_s, where).template cast<detail::Late<PyString, Self>>(), function, where);
  }
  /// @brief `importlib.reload(self)`: runs the module's source again, in the namespace that the module has.
  ///
  /// What others have taken from it, such as its old classes and their objects, stays as it was. Modules written in C++
  /// are not made anew.
  /// @return  The module, which is this one unless it has put another one in its place.
  /// @throws PyErr  ImportError for a module that is not in `sys.modules`; what running it raised: what it had defined
  ///                by then is new, and the rest is old.
  auto reload(Where where = Where::current()) const {
    const auto self = this->use_alive("reload", where);
    return this->own(detail::guard_unwind(PyImport_ReloadModule, self.as_ptr()), where)
        .template downcast<detail::Late<PyModule, Self>>();
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
  /// @brief The same of a `Name`.
  static Bound<PyModule> import(Python py, const Name& name);
  /// @brief A module from source text, entered into `sys.modules` under its name.
  /// @param py         The token.
  /// @param source     UTF-8.
  /// @param file_name  What tracebacks and `__file__` show.
  /// @param name       The module's name; of a package's module the dotted one.
  /// @throws PyErr     SyntaxError, or what running the source raised; ValueError for text with NULs.
  /// @pyo3{PyModule::from_code}
  template <std::same_as<PyModule> T = PyModule>
  static Bound<T> from_code(Python py, std::string_view source, const char* file_name, const char* name) {
    const auto code = detail::Late<PyCode, T>::compile(py, source, file_name);
    return detail::steal(
               detail::non_null(detail::guard_unwind(PyImport_ExecCodeModuleEx, name, code.as_ptr(), file_name)))
        .template downcast<T>();
  }
};

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/types/detail/module_inl.hpp"
#endif
