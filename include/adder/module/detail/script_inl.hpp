// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of script.hpp.
#pragma once
#include "adder/call/call.hpp"
#include "adder/module/eval.hpp"
#include "adder/module/script.hpp"
#include "adder/types/types.hpp"

#include <optional>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

/// `__file__` in a namespace that has none, for as long as a file runs.
class NameOfFile {
 public:
  NameOfFile(const Bound<PyDict>& names, const Bound<PyString>& path) : names_(names), path_(path) {
    if (names_.contains("__file__"_s)) return;
    names_.set_item("__file__"_s, path_);
    is_ours_ = true;
  }
  NameOfFile(const NameOfFile&) = delete;
  NameOfFile& operator=(const NameOfFile&) = delete;
  ~NameOfFile() {
    if (!is_ours_) return;
    const ErrorScope pending(token());
    if (guard_unwind(PyDict_DelItemString, names_.as_ptr(), "__file__") < 0) PyErr_Clear();
  }

 private:
  const Bound<PyDict>& names_;
  const Bound<PyString>& path_;
  bool is_ours_ = false;
};

/// Whether there is nothing to run: blank lines and comments, at which a prompt only shows itself again.
ADDER_FUNC bool has_no_code(std::string_view text) {
  bool is_comment = false;
  for (const char c : text) {
    if (c == '\n') is_comment = false;
    if (c == '#') is_comment = true;
    if (!is_comment && c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != '\f') return false;
  }
  return true;
}

ADDER_FUNC Bound<PyDict> main_namespace(Python py) {
  const auto modules = borrow(non_null(PyImport_GetModuleDict())).downcast<PyDict>();
  if (const auto found = modules.get_item("__main__"_s)) return found->downcast<PyModule>().dict();
  return py.import("__main__"_s).dict();
}

}  // namespace detail

ADDER_FUNC Bound<PyDict> globals(Python py) {
  detail::check_token("globals");
  if (::PyObject* names = PyEval_GetGlobals()) return detail::borrow<PyDict>(names);
  return detail::main_namespace(py);
}

ADDER_FUNC void run_statement(Python, std::string_view code, const Namespace& globals, const Namespace& locals) {
  detail::check_token("run_statement");
  if (detail::has_no_code(code)) return;
  // The last line of a compound statement needs its end.
  const Bound<PyAny> compiled =
      detail::steal(detail::compile_source(detail::dedent(code) + "\n", "<stdin>", Py_single_input));
  (void)detail::steal(detail::run_code(compiled.as_ptr(), globals, locals));
}

ADDER_FUNC void run_file(Python py, std::string_view path, const Namespace& globals, const Namespace& locals) {
  detail::check_token("run_file");
  const auto name = detail::steal<PyString>(
      detail::non_null(PyUnicode_DecodeFSDefaultAndSize(path.data(), static_cast<Py_ssize_t>(path.size()))));
  const auto file = py.import("io"_s).call_method("open_code"_s, name);
  std::optional<Bound<PyAny>> content;
  try {
    content.emplace(file.call_method("read"_s));
  } catch (...) {
    (void)file.call_method("close"_s);
    throw;
  }
  (void)file.call_method("close"_s);
  // Compiled by Python itself, which reads the coding of the bytes.
  const auto code =
      py.import("builtins"_s).call_method("compile"_s, *content, name, "exec"_s, kw("dont_inherit"_s) = true);
  const auto names =
      globals.as_ptr() == nullptr ? detail::main_namespace(py) : detail::borrow<PyDict>(globals.as_ptr());
  const detail::NameOfFile shown(names, name);
  (void)detail::steal(detail::run_code(code.as_ptr(), names, locals));
}

}  // namespace adder::inline ADDER_ABI
