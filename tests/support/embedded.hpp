// SPDX-License-Identifier: MIT
// What the programs in tests/embed share. POSIX only.
#pragma once
#include "adder/adder.hpp"
#include "adder/embed/embed.hpp"  // IWYU pragma: export (what they test)
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"  // IWYU pragma: export (what they convert)

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace test {

inline int failures = 0;

inline void expect(bool right, int line = __builtin_LINE(), const char* file = __builtin_FILE()) {
  if (right) return;
  ++failures;
  std::fprintf(stderr, "%s:%d: not as expected\n", file, line);
}
inline void expect_equal(std::string_view got, std::string_view wanted, int line = __builtin_LINE(),
                         const char* file = __builtin_FILE()) {
  if (got == wanted) return;
  ++failures;
  std::fprintf(stderr, "%s:%d: got '%.*s', wanted '%.*s'\n", file, line, static_cast<int>(got.size()), got.data(),
               static_cast<int>(wanted.size()), wanted.data());
}

/// Runs @p part in a process of its own, as an interpreter starts but once, and counts its failures. To be called
/// before the interpreter is started here.
template <class F>
void in_child(F&& part) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    failures = 0;
    try {
      part();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "left by an exception: %s\n", error.what());
      ++failures;
    }
    std::fflush(nullptr);
    std::_Exit(failures == 0 ? 0 : 1);
  }
  int status = -1;
  expect(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/// What the exception says that @p f has to throw.
template <class Exception, class F>
std::string thrown_by(F&& f) {
  try {
    std::forward<F>(f)();
  } catch (const Exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

/// The Python installation that these tests are for; an isolated interpreter does not look into the environment.
inline std::string python_home() {
  const char* home = std::getenv("PYTHONHOME");
  return home == nullptr ? "" : home;
}

inline std::string text(std::string_view expression) {
  return adder::Python::with_gil([&](adder::Python py) { return py.eval(expression).str().to_string(); });
}

}  // namespace test
