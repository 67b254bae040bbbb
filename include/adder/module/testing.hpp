// SPDX-License-Identifier: MIT
/// @file
/// @brief For tests: py_run(), a few lines of Python inside a C++ test; no_leaks(), a block that has to leave no
/// objects of pyclasses behind. Not part of adder.hpp.
#pragma once
#include "adder/call/call.hpp"
#include "adder/class/detail/instance_list.hpp"
#include "adder/class/detail/live_instances.hpp"
#include "adder/exception/exceptions.hpp"
#include "adder/module/eval.hpp"
#include "adder/types/types.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

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

/// @brief What no_leaks() throws: what() says what is left of each class, and where it was made.
class ADDER_VISIBLE LeaksFound : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// @brief Whether this build can tell which objects of pyclasses are alive: checked builds can.
inline constexpr bool can_track_instances = ADDER_CHECKED != 0;

/// @brief Notes the objects of pyclasses that are made from now on in this extension module, or stops doing so.
///
/// Of no effect in unchecked builds. With ADDER_LEAKS=1 in the environment objects are noted from the start, and those
/// that outlive the interpreter are written to stderr.
/// @gil      Held.
void track_instances(Python py, bool on = true);

/// @brief The objects that were noted and are alive: a line for each class and place. Garbage is not collected first.
/// @gil      Held.
[[nodiscard]] std::vector<LiveInstances> live_instances(Python py);

namespace detail {
/// Collects garbage and looks at what is left, over several runs of a block.
class LeakWatch {
 public:
  explicit LeakWatch(Python py);
  LeakWatch(const LeakWatch&) = delete;
  LeakWatch& operator=(const LeakWatch&) = delete;
  ~LeakWatch();
  /// After each run. @throws LeaksFound  Where the last runs left more behind each time.
  void look(Python py);
  static constexpr int runs = 4;

 private:
  bool was_on_;
  std::vector<std::vector<LiveInstances>> seen_;
  std::vector<std::ptrdiff_t> references_;
};
}  // namespace detail

/// @brief Runs a block of a test several times; each but the first has to leave as much behind as the one before.
///
/// `no_leaks(py, [&] { py_run(py, "Basket().add(Apple())", ...); });` Garbage is collected after each run, as cycles
/// are no leak if Python's collector finds them. What the first run leaves may be a cache. With a debug build of
/// Python, in which all references are counted, their number may not grow either.
/// @param py     The token.
/// @param block  `void()`; called four times. What it throws is passed on.
/// @throws LeaksFound
/// @gil          Held.
template <class F>
void no_leaks(Python py, F&& block) {
  static_assert(
      can_track_instances && std::is_invocable_v<F&>,
      "adder: no_leaks needs run-time checks, which know what is alive: compile tests without NDEBUG, or with "
      "ADDER_CHECKED=1");
  detail::LeakWatch watch(py);
  for (int run = 0; run < detail::LeakWatch::runs; ++run) {
    block();
    watch.look(py);
  }
}

}  // namespace adder::inline ADDER_ABI

#if !ADDER_COMPILED
#include "adder/module/detail/testing_inl.hpp"
#endif
