// SPDX-License-Identifier: MIT
/// @file
/// @brief The plain functions of eval.hpp.
#pragma once
#include "adder/module/eval.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace adder::inline ADDER_ABI {

namespace detail {

ADDER_FUNC std::string dedent(std::string_view code) {
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
ADDER_FUNC Bound<PyAny> run_source(std::string_view source, int start, const Namespace& globals,
                                   const Namespace& locals) {
  const Bound<PyAny> code = steal(compile_source(source, "<string>", start));
  return steal(run_code(code.as_ptr(), globals, locals));
}

}  // namespace detail

ADDER_FUNC Bound<PyAny> Python::eval(std::string_view code, const Namespace& globals, const Namespace& locals) const {
  detail::check_token("Python::eval");
  const std::size_t begin = code.find_first_not_of(" \t\r\n");
  code.remove_prefix(begin < code.size() ? begin : code.size());
  return detail::run_source(code, Py_eval_input, globals, locals);
}

ADDER_FUNC void Python::run(std::string_view code, const Namespace& globals, const Namespace& locals) const {
  detail::check_token("Python::run");
  (void)detail::run_source(detail::dedent(code), Py_file_input, globals, locals);
}

ADDER_FUNC Bound<PyAny> Python::eval(std::string_view code, const Namespace& globals) const {
  return eval(code, globals, {});
}

ADDER_FUNC Bound<PyAny> Python::eval(std::string_view code) const { return eval(code, {}, {}); }

}  // namespace adder::inline ADDER_ABI
