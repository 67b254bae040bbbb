// SPDX-License-Identifier: MIT
/// @file
/// @brief py_run(): a few lines of Python inside a C++ test. Not part of adder.hpp.
#pragma once
#include "adder/eval.hpp"

#include <stdexcept>

namespace adder::inline ADDER_ABI {

/// @brief What py_run() throws: what() is the Python traceback, with the lines of the snippet.
class ADDER_VISIBLE SnippetFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// @brief Runs lines of Python that check something: `py_run(py, "assert x == 1", kw("x"_s) = x)`.
///
/// Leading white space that all lines share is removed, so that a raw string literal may be indented with the code
/// around it. Every test framework shows the text of an exception that a test throws.
/// @param py      The token.
/// @param source  UTF-8.
/// @param names   `kw("name"_s) = value`: what the snippet knows, besides the builtins.
/// @throws SnippetFailed  Where the snippet raises.
/// @pyo3{py_run!}
template <class... Names>
void py_run(Python py, std::string_view source, Names&&... names) {
  static_assert((detail::is_keyword_argument<Names> && ...), "adder: py_run takes names as kw(\"name\"_s) = value");
  try {
    const auto globals = PyDict::new_(py, std::forward<Names>(names)...);
    const std::string text = detail::dedent(source);
    // Where tracebacks look for the lines of a file.
    const char* file_name = "<snippet>";
    const auto lines = PyString::new_(py, text).call_method("splitlines"_s, true);
    py.import("linecache")
        .getattr("cache"_s)
        .set_item(file_name, PyTuple::new_(py, text.size(), py.None(), lines, file_name));
    (void)PyCode::compile(py, text, file_name).run(globals);
  } catch (const PyErr& error) {
    throw SnippetFailed("\n" + error.format(py));
  }
}

}  // namespace adder::inline ADDER_ABI
