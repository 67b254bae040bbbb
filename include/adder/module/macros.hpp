// SPDX-License-Identifier: MIT
/// @file
/// @brief `ADDER_MODULE` and nothing else: beside `import adder;`, as modules have no macros.
#pragma once

#if !defined(PyMODINIT_FUNC)
/// @brief That of Python.h, which need not be included beside the import.
#define PyMODINIT_FUNC extern "C" __attribute__((visibility("default"))) ::PyObject*
#endif

/// @brief Defines the extension module @p name, whose body fills it through the `ModuleBuilder&` called @p variable.
///
/// Must be expanded in the global namespace of one source file, whose shared object is called as the module is. The
/// body runs at import; what it throws becomes the import's error. What the module supports beyond one interpreter with
/// a GIL is said behind the variable: `ADDER_MODULE(name, m, adder::gil_not_used)`.
#define ADDER_MODULE(name, variable, ...)                                                                        \
  static void adder_module_body_##name(::adder::ModuleBuilder& variable);                                        \
  PyMODINIT_FUNC PyInit_##name(void);                                                                            \
  PyMODINIT_FUNC PyInit_##name(void) {                                                                           \
    return ::adder::detail::ModuleDefinition<&adder_module_body_##name __VA_OPT__(, ) __VA_ARGS__>::init(#name); \
  }                                                                                                              \
  static void adder_module_body_##name(::adder::ModuleBuilder& variable)
