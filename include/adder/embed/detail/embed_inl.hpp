// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of embed.hpp.
#pragma once
#include "adder/embed/embed.hpp"

#include <new>
#include <utility>

namespace adder::inline ADDER_ABI {

ADDER_FUNC InterpreterConfig& InterpreterConfig::argv(std::vector<std::string> arguments) {
  argv_ = std::move(arguments);
  return *this;
}

ADDER_FUNC InterpreterConfig& InterpreterConfig::isolated(bool yes) {
  isolated_ = yes;
  return *this;
}

ADDER_FUNC InterpreterConfig& InterpreterConfig::program_name(std::string path) {
  program_name_ = std::move(path);
  return *this;
}

ADDER_FUNC InterpreterConfig& InterpreterConfig::home(std::string folder) {
  home_ = std::move(folder);
  return *this;
}

ADDER_FUNC InterpreterConfig& InterpreterConfig::venv(std::string folder) {
#if defined(_WIN32)
  executable_ = std::move(folder) + "\\Scripts\\python.exe";
#else
  executable_ = std::move(folder) + "/bin/python3";
#endif
  return *this;
}

ADDER_FUNC InterpreterConfig& InterpreterConfig::signal_handlers(bool yes) {
  signal_handlers_ = yes;
  return *this;
}

ADDER_FUNC InterpreterConfig& InterpreterConfig::add_path(std::string folder) {
  paths_.push_back(std::move(folder));
  return *this;
}

ADDER_FUNC void InterpreterConfig::start() const {
  if (detail::attach_gate.closed()) {
    throw InterpreterUnavailable(
        "an interpreter was shut down in this process, and a second one cannot be started: classes, cached names and "
        "stored handles of the first would lead to freed memory");
  }
  if (Py_IsInitialized() != 0) {
    throw InterpreterUnavailable("the Python interpreter is running already: its configuration cannot change");
  }
  PyConfig config;
  PyPreConfig before;
  PyPreConfig_InitPythonConfig(&before);
  before.parse_argv = 0;
  if (isolated_) {
    before.isolated = 1;
    before.use_environment = 0;
  }
  check(Py_PreInitialize(&before));  // Or the texts below would be decoded before the encoding is known.
  PyConfig_InitPythonConfig(&config);
  if (isolated_) {
    config.isolated = 1;
    config.use_environment = 0;
    config.user_site_directory = 0;
  }
  struct Clear {
    PyConfig* config;
    ~Clear() { PyConfig_Clear(config); }
  } const clear{&config};
  config.parse_argv = 0;
  config.install_signal_handlers = signal_handlers_ ? 1 : 0;
  set(config, &config.home, home_);
  set(config, &config.executable, executable_);
  set(config, &config.program_name, program_name_);
  // Else argv[0] would decide on sys.executable, and with it on sys.prefix.
  if (!argv_.empty() && executable_.empty() && program_name_.empty()) {
    check(PyConfig_SetString(&config, &config.program_name, L"python3"));
  }
  for (const std::string& argument : argv_) {
    refuse_nul(argument);
    wchar_t* wide = Py_DecodeLocale(argument.c_str(), nullptr);
    if (wide == nullptr) throw InterpreterUnavailable("an element of argv cannot be decoded");
    const PyStatus status = PyWideStringList_Append(&config.argv, wide);
    PyMem_RawFree(wide);
    check(status);
  }
  const PyStatus status = Py_InitializeFromConfig(&config);
  if (PyStatus_Exception(status) != 0) {
    // What is half started cannot be started again, and nobody may run code in it.
    detail::attach_gate.close();
    if (detail::is_attached()) PyEval_SaveThread();
    check(status);
  }
  detail::adopt_runtime();
  add_paths();
  PyEval_SaveThread();
}

ADDER_FUNC void InterpreterConfig::check(const PyStatus& status) {
  if (PyStatus_Exception(status) != 0) {
    // CPython's texts are literals.
    throw InterpreterUnavailable(status.err_msg != nullptr ? status.err_msg : "the Python interpreter cannot start");
  }
}

ADDER_FUNC void InterpreterConfig::refuse_nul(const std::string& text) {
  if (text.find('\0') != std::string::npos) {
    throw InterpreterUnavailable("a text of the interpreter's configuration contains a null byte");
  }
}

ADDER_FUNC void InterpreterConfig::set(PyConfig& config, wchar_t** field, const std::string& text) {
  refuse_nul(text);
  if (!text.empty()) check(PyConfig_SetBytesString(&config, field, text.c_str()));
}

ADDER_FUNC void InterpreterConfig::add_paths() const {
  ::PyObject* sys = PyImport_ImportModule("sys");
  ::PyObject* path = sys == nullptr ? nullptr : PyObject_GetAttrString(sys, "path");
  if (path == nullptr) PyErr_Clear();
  for (auto folder = paths_.rbegin(); path != nullptr && folder != paths_.rend(); ++folder) {
    ::PyObject* text = PyUnicode_DecodeFSDefaultAndSize(folder->data(), static_cast<Py_ssize_t>(folder->size()));
    if (text == nullptr || PyList_Check(path) == 0 || PyList_Insert(path, 0, text) < 0) PyErr_Clear();
    Py_XDECREF(text);
  }
  Py_XDECREF(path);
  Py_XDECREF(sys);
}

ADDER_FUNC void append_to_inittab(const char* name, ::PyObject* (*init)()) {
  if (Py_IsInitialized() != 0) {
    throw InterpreterUnavailable("append_to_inittab: the Python interpreter is running already");
  }
  if (PyImport_AppendInittab(name, init) != 0) throw std::bad_alloc();
}

}  // namespace adder::inline ADDER_ABI
