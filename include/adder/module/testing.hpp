// SPDX-License-Identifier: MIT
/// @file
/// @brief py_run(): a few lines of Python inside a C++ test. Not part of adder.hpp.
#pragma once
#include "adder/call/call.hpp"
#include "adder/exception/exceptions.hpp"
#include "adder/module/eval.hpp"
#include "adder/types/types.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace adder::inline ADDER_ABI {

/// @brief What py_run() throws: what() is the Python traceback, with the lines of the snippet.
class ADDER_VISIBLE SnippetFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace detail {
/// Where tracebacks look for the lines of a file, there are those of a snippet. What was there before comes back, as a
/// snippet may run inside another one.
class LinesOfSnippet {
 public:
  LinesOfSnippet(Python py, const char* file_name, std::size_t size, const Bound<PyAny>& lines);
  LinesOfSnippet(const LinesOfSnippet&) = delete;
  LinesOfSnippet& operator=(const LinesOfSnippet&) = delete;
  ~LinesOfSnippet();

 private:
  Bound<PyAny> cache_;
  Bound<PyString> file_name_;
  Bound<PyAny> outer_;
};
}  // namespace detail

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
    const auto lines = py.import("io").getattr("StringIO"_s)(std::string_view(text), py.None());
    const char* file_name = "<snippet>";
    const detail::LinesOfSnippet shown(py, file_name, text.size(), lines.call_method("readlines"_s));
    try {
      (void)PyCode::compile(py, text, file_name).run(globals);
    } catch (const PyErr& error) {
      throw SnippetFailed("\n" + error.format(py));  // While its lines can be found.
    }
  } catch (const PyErr& error) {
    throw SnippetFailed("\n" + error.format(py));
  }
}

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/module/detail/testing_inl.hpp"
#endif
