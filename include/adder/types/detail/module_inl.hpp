// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of module.hpp.
#pragma once
#include "adder/types/module.hpp"

namespace adder::inline ADDER_ABI {

ADDER_FUNC Bound<PyModule> PyModule::import(Python, const char* name) {
  // Anything can stand in sys.modules; what is no module is refused by name, not by luck.
  return detail::steal(detail::non_null(detail::guard_unwind([&] { return PyImport_ImportModule(name); })))
      .downcast<PyModule>();
}

ADDER_FUNC Bound<PyModule> PyModule::import(Python, const Name& name) {
  return detail::steal(detail::non_null(detail::guard_unwind([&] { return PyImport_Import(name.as_ptr()); })))
      .downcast<PyModule>();
}

ADDER_FUNC Bound<PyModule> Python::import(const Name& name) const {
  detail::check_token("Python::import");
  return PyModule::import(*this, name);
}

ADDER_FUNC Bound<PyModule> Python::import(const char* name) const {
  detail::check_token("Python::import");
  return PyModule::import(*this, name);
}

ADDER_FUNC Bound<PyModule> PyModule::new_(Python, const char* name) {
  return detail::steal<PyModule>(detail::non_null(detail::guard_rare_unwind([&] { return PyModule_New(name); })));
}

}  // namespace adder::inline ADDER_ABI
