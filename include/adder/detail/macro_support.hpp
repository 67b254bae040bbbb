// SPDX-License-Identifier: MIT
/// @file
/// @brief What ADDER_MODULE expands to. Compiled in users' code.
#pragma once
#include "adder/pyclass.hpp"

namespace adder::inline ADDER_ABI {

/// @brief What the body of ADDER_MODULE fills.
class ModuleBuilder {
 public:
  /// @brief The token.
  Python py() const noexcept { return detail::token(); }
  /// @brief The module under construction.
  const Bound<PyModule>& module() const noexcept ADDER_LIFETIMEBOUND { return module_; }

  /// @brief Adds a C++ function, or a lambda without captures, as a Python function.
  /// @param name   Its Python name.
  /// @param extra  `arg("name")`, `arg("name") = default`, all or none, and a docstring.
  template <auto Target, class... E>
  void def(const char* name, const E&... extra) {
    add_function(name, detail::make_function<Target>(module_.as_ptr(), name, extra...));
  }
  /// @brief Adds a value under a name.
  template <class V>
  void add(const char* name, V&& value) {
    module_.add(name, std::forward<V>(value));
  }
  /// @brief Adds a pyclass under its name, making its type if need be.
  template <IsPyClass T>
  void add_class() {
    ::PyTypeObject* type = PyTypeInfo<T>::type_object();
    module_.add(PyClass<T>::name, detail::borrow<PyType>(reinterpret_cast<::PyObject*>(type)));
  }
  /// @brief Sets the module's docstring.
  void doc(std::string_view text) { module_.setattr("__doc__"_s, text); }

  /// Not for users.
  explicit ModuleBuilder(::PyObject* module)
      : module_(detail::borrow<PyModule>(module)), outer_(std::exchange(detail::module_under_construction, module)) {}
  ~ModuleBuilder() { detail::module_under_construction = outer_; }
  ModuleBuilder(const ModuleBuilder&) = delete;
  ModuleBuilder& operator=(const ModuleBuilder&) = delete;

 private:
  void add_function(const char* name, ::PyObject* function) { module_.add(name, detail::steal(function)); }

  Bound<PyModule> module_;
  ::PyObject* outer_;  // The module whose body imported this one.
};

namespace detail {

/// The Py_mod_exec function: runs the body; what it throws becomes the error of the import.
inline int run_module_body(::PyObject* module, void (*body)(ModuleBuilder&)) noexcept {
  if (PyInterpreterState_Get() != PyInterpreterState_Main()) {
    PyErr_Format(PyExc_ImportError, "module %s does not support loading in subinterpreters", PyModule_GetName(module));
    return -1;
  }
  if (attach_gate.closed()) {
    PyErr_Format(PyExc_ImportError, "module %s cannot be loaded again after the interpreter was shut down",
                 PyModule_GetName(module));
    return -1;
  }
  adopt_runtime();
  try {
    ModuleBuilder builder(module);
    body(builder);
    return 0;
  } catch (...) {
    translate_current_exception();
    return -1;
  }
}

template <void (*Body)(ModuleBuilder&)>
struct ModuleDefinition {
  static int exec(::PyObject* module) noexcept { return run_module_body(module, Body); }
  static inline PyModuleDef_Slot slots[] = {
      {Py_mod_exec, reinterpret_cast<void*>(&exec)},
#if PY_VERSION_HEX >= 0x030C0000
      {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
      {0, nullptr},
  };
  static inline PyModuleDef definition{
      PyModuleDef_HEAD_INIT, nullptr, nullptr, 0, nullptr, slots, nullptr, nullptr, nullptr};
  static ::PyObject* init(const char* name) noexcept {
    definition.m_name = name;
    return PyModuleDef_Init(&definition);
  }
};

}  // namespace detail
}  // namespace adder::inline ADDER_ABI
