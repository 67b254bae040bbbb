// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of embed.hpp.
#pragma once
#include "adder/embed/embed.hpp"

#include <new>
#include <stdexcept>
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

namespace detail {

struct NumberOption {
  const char* name;
  int PyConfig::*field;
};
struct TextOption {
  const char* name;
  wchar_t* PyConfig::*field;
};
struct ListOption {
  const char* name;
  PyWideStringList PyConfig::*field;
};

/// Those that a program sets before Python starts, but for what InterpreterConfig has words for.
// NOLINTBEGIN(cppcoreguidelines-avoid-c-arrays)
constexpr NumberOption number_options[] = {
    {"buffered_stdio", &PyConfig::buffered_stdio},
    {"bytes_warning", &PyConfig::bytes_warning},
#if PY_VERSION_HEX >= 0x030B0000
    {"code_debug_ranges", &PyConfig::code_debug_ranges},
#endif
    {"configure_c_stdio", &PyConfig::configure_c_stdio},
#if PY_VERSION_HEX >= 0x030E0000
    {"context_aware_warnings", &PyConfig::context_aware_warnings},
#endif
#if PY_VERSION_HEX >= 0x030D0000
    {"cpu_count", &PyConfig::cpu_count},
#endif
    {"dev_mode", &PyConfig::dev_mode},
    {"faulthandler", &PyConfig::faulthandler},
    {"import_time", &PyConfig::import_time},
    {"inspect", &PyConfig::inspect},
#if PY_VERSION_HEX >= 0x030C0000
    {"int_max_str_digits", &PyConfig::int_max_str_digits},
#endif
    {"interactive", &PyConfig::interactive},
#if PY_VERSION_HEX >= 0x030F0000
    {"lazy_imports", &PyConfig::lazy_imports},
#endif
    {"malloc_stats", &PyConfig::malloc_stats},
    {"optimization_level", &PyConfig::optimization_level},
    {"parser_debug", &PyConfig::parser_debug},
    {"pathconfig_warnings", &PyConfig::pathconfig_warnings},
#if PY_VERSION_HEX >= 0x030C0000
    {"perf_profiling", &PyConfig::perf_profiling},
#endif
    {"quiet", &PyConfig::quiet},
#if PY_VERSION_HEX >= 0x030E0000
    {"remote_debug", &PyConfig::remote_debug},
#endif
#if PY_VERSION_HEX >= 0x030B0000
    {"safe_path", &PyConfig::safe_path},
#endif
    {"site_import", &PyConfig::site_import},
#if PY_VERSION_HEX >= 0x030E0000
    {"thread_inherit_context", &PyConfig::thread_inherit_context},
#endif
    {"tracemalloc", &PyConfig::tracemalloc},
    {"use_environment", &PyConfig::use_environment},
#if PY_VERSION_HEX >= 0x030B0000
    {"use_frozen_modules", &PyConfig::use_frozen_modules},
#endif
    {"user_site_directory", &PyConfig::user_site_directory},
    {"verbose", &PyConfig::verbose},
    {"warn_default_encoding", &PyConfig::warn_default_encoding},
    {"write_bytecode", &PyConfig::write_bytecode},
};
constexpr TextOption text_options[] = {
    {"check_hash_pycs_mode", &PyConfig::check_hash_pycs_mode},
    {"filesystem_encoding", &PyConfig::filesystem_encoding},
    {"filesystem_errors", &PyConfig::filesystem_errors},
    {"platlibdir", &PyConfig::platlibdir},
    {"pycache_prefix", &PyConfig::pycache_prefix},
    {"stdio_encoding", &PyConfig::stdio_encoding},
    {"stdio_errors", &PyConfig::stdio_errors},
};
constexpr ListOption list_options[] = {
    {"warnoptions", &PyConfig::warnoptions},
    {"xoptions", &PyConfig::xoptions},
};
// NOLINTEND(cppcoreguidelines-avoid-c-arrays)

/// The one that is called like that; null where none is.
template <class Table>
auto find_option(const Table& table, const std::string& name) noexcept -> decltype(&table[0]) {
  for (const auto& one : table) {
    if (name == one.name) return &one;
  }
  return nullptr;
}

/// Of options that are not simply a field of PyConfig.
inline bool is_special_number(const std::string& name) noexcept { return name == "utf8_mode" || name == "hash_seed"; }
inline bool is_number_option(const std::string& name) noexcept {
  return is_special_number(name) || find_option(number_options, name) != nullptr;
}
inline bool is_text_option(const std::string& name) noexcept {
  return find_option(text_options, name) != nullptr || find_option(list_options, name) != nullptr;
}

}  // namespace detail

ADDER_FUNC InterpreterConfig& InterpreterConfig::option(std::string name, int value) {
  if (!detail::is_number_option(name)) {
    throw std::invalid_argument(detail::is_text_option(name)
                                    ? "the option '" + name + "' of the interpreter is a text, not a number"
                                    : "this CPython has no option '" + name + "' that is a number");
  }
  options_.push_back({std::move(name), {}, value, false});
  return *this;
}

ADDER_FUNC InterpreterConfig& InterpreterConfig::option(std::string name, std::string value) {
  if (!detail::is_text_option(name)) {
    throw std::invalid_argument(detail::is_number_option(name)
                                    ? "the option '" + name + "' of the interpreter is a number, not a text"
                                    : "this CPython has no option '" + name + "' that is a text");
  }
  options_.push_back({std::move(name), std::move(value), 0, true});
  return *this;
}

ADDER_FUNC void InterpreterConfig::set_options(PyPreConfig& before) const {
  for (const Option& option : options_) {
    if (option.name == "utf8_mode") before.utf8_mode = option.number;
    if (option.name == "dev_mode") before.dev_mode = option.number;
    if (option.name == "use_environment") before.use_environment = option.number;
  }
}

ADDER_FUNC void InterpreterConfig::set_options(PyConfig& config) const {
  for (const Option& option : options_) {
    if (option.name == "hash_seed") {
      config.use_hash_seed = 1;
      config.hash_seed = static_cast<unsigned long>(option.number);
    } else if (const auto* number = detail::find_option(detail::number_options, option.name)) {
      config.*number->field = option.number;
    } else if (const auto* text = detail::find_option(detail::text_options, option.name)) {
      set(config, &(config.*text->field), option.text);
    } else if (const auto* list = detail::find_option(detail::list_options, option.name)) {
      append(&(config.*list->field), option.text);
    }
  }
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
  set_options(before);
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
  for (const std::string& argument : argv_) append(&config.argv, argument);
  set_options(config);
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

ADDER_FUNC void InterpreterConfig::append(PyWideStringList* list, const std::string& text) {
  refuse_nul(text);
  wchar_t* wide = Py_DecodeLocale(text.c_str(), nullptr);
  if (wide == nullptr) throw InterpreterUnavailable("a text of the interpreter's configuration cannot be decoded");
  const PyStatus status = PyWideStringList_Append(list, wide);
  PyMem_RawFree(wide);
  check(status);
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
