// SPDX-License-Identifier: MIT
/// @file
/// @brief Running source text.
#pragma once
#include "adder/types.hpp"

namespace adder::inline ADDER_ABI {

/// @brief The names that code sees: a dict, or `{}` for the default.
class Namespace {
 public:
  Namespace() noexcept = default;
  Namespace(const Bound<PyDict>& dict ADDER_LIFETIMEBOUND)
      : dict_(detail::HandleAccess::use(dict, "used as a namespace", {})) {}  // NOLINT
  Namespace(const Borrowed<PyDict>& dict ADDER_LIFETIMEBOUND)
      : dict_(detail::HandleAccess::use(dict, "used as a namespace", {})) {}  // NOLINT
  /// @brief Borrowed; null for the default.
  ::PyObject* as_ptr() const noexcept { return dict_; }

 private:
  ::PyObject* dict_ = nullptr;
};

namespace detail {

/// Takes away the white space that all lines have in common in front, as textwrap.dedent does.
inline std::string dedent(std::string_view code) {
  const auto each_line = [code](auto&& visit) {
    for (std::size_t begin = 0; begin < code.size();) {
      const std::size_t newline = code.find('\n', begin);
      const std::size_t end = newline == std::string_view::npos ? code.size() : newline + 1;
      visit(code.substr(begin, end - begin));
      begin = end;
    }
  };
  const auto indentation = [](std::string_view line) {
    const std::size_t text = line.find_first_not_of(" \t");
    return text == std::string_view::npos || line[text] == '\n' || line[text] == '\r' ? std::string_view::npos : text;
  };
  bool first = true;
  std::string_view margin;
  each_line([&](std::string_view line) {
    const std::size_t indent = indentation(line);
    if (indent == std::string_view::npos) return;  // Blank lines do not count.
    if (first) {
      margin = line.substr(0, indent);
      first = false;
    }
    std::size_t common = 0;
    while (common < margin.size() && common < indent && margin[common] == line[common]) ++common;
    margin = margin.substr(0, common);
  });
  std::string result;
  result.reserve(code.size());
  each_line([&](std::string_view line) {
    const bool blank = indentation(line) == std::string_view::npos;
    result += blank ? line.substr(line.find_last_of(" \t") == std::string_view::npos ? 0 : line.find_last_of(" \t") + 1)
                    : line.substr(margin.size());
  });
  return result;
}

/// @param start  Py_eval_input or Py_file_input.
inline Bound<PyAny> run_source(Python, const std::string& code, int start, const Namespace& globals,
                               const Namespace& locals) {
  if (code.find('\0') != std::string::npos) {
    throw PyErr::Access::lazy(PyExc_ValueError, "source code string cannot contain null bytes");
  }
  ::PyObject* global_names = globals.as_ptr();
  if (global_names == nullptr) {
    global_names = PyModule_GetDict(non_null(PyImport_AddModule("__main__")));
  }
  // Held, as the code may throw its own namespace away.
  const Bound<PyAny> held_globals = borrow(global_names);
  const Bound<PyAny> held_locals = borrow(locals.as_ptr() == nullptr ? global_names : locals.as_ptr());
  // A namespace without builtins would see those of the code that happens to be running, or none.
  ::PyObject* builtins = Interned<"__builtins__">::get(token());
  const int has_builtins = non_negative(PyDict_Contains(global_names, builtins));
  if (has_builtins == 0) non_negative(PyDict_SetItem(global_names, builtins, PyEval_GetBuiltins()));
  const Bound<PyAny> compiled =
      steal(non_null(guard_unwind([&] { return Py_CompileString(code.c_str(), "<string>", start); })));
  return steal(non_null(
      guard_unwind([&] { return PyEval_EvalCode(compiled.as_ptr(), held_globals.as_ptr(), held_locals.as_ptr()); })));
}

}  // namespace detail

inline Bound<PyAny> Python::eval(std::string_view code, const Namespace& globals, const Namespace& locals) const {
  code.remove_prefix(std::min(code.find_first_not_of(" \t\n"), code.size()));
  return detail::run_source(*this, std::string(code), Py_eval_input, globals, locals);
}
inline Bound<PyAny> Python::eval(std::string_view code, const Namespace& globals) const {
  return eval(code, globals, {});
}
inline Bound<PyAny> Python::eval(std::string_view code) const { return eval(code, {}, {}); }

inline void Python::run(std::string_view code, const Namespace& globals, const Namespace& locals) const {
  (void)detail::run_source(*this, detail::dedent(code), Py_file_input, globals, locals);
}
inline void Python::run(std::string_view code, const Namespace& globals) const { run(code, globals, {}); }
inline void Python::run(std::string_view code) const { run(code, {}, {}); }

}  // namespace adder::inline ADDER_ABI
