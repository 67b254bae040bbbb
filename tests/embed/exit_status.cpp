// SPDX-License-Identifier: MIT
// A program that ends with an exception exits, and prints, as python3 does: each piece of code is run by both.
#include "adder/embed/interpreter.hpp"
#include "support/embedded.hpp"

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

using namespace adder;
using namespace test;

namespace {

struct Outcome {
  int status = -1;
  std::string errors;
};

std::string read_all(int file) {
  std::string text;
  char part[4096];
  for (ssize_t size = 0; (size = read(file, part, sizeof part)) > 0;) text.append(part, static_cast<std::size_t>(size));
  return text;
}

/// What a child of this process exits with, and writes to stderr.
template <class F>
Outcome outcome_of(F&& f) {
  int ends[2];
  expect(pipe(ends) == 0);
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    (void)std::freopen("/dev/null", "w", stdout);
    close(ends[0]);
    close(ends[1]);
    std::_Exit(std::forward<F>(f)());
  }
  close(ends[1]);
  Outcome outcome;
  outcome.errors = read_all(ends[0]);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  // What a shell shows.
  outcome.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return outcome;
}

Outcome in_python(const char* code) {
  return outcome_of([code] {
    // Not any python3, but the one of this interpreter.
    const std::string python = python_home().empty() ? "python3" : python_home() + "/bin/python3";
    execlp(python.c_str(), "python3", "-c", code, static_cast<char*>(nullptr));
    return 99;
  });
}

Outcome in_program(const char* code) {
  return outcome_of([code] {
    Interpreter python;
    return python.end(python.run([code](Python py) { py.run(code); }));
  });
}

void exits_as_python_does(const char* code, int line = __builtin_LINE()) {
  const Outcome wanted = in_python(code);
  const Outcome got = in_program(code);
  if (wanted.status != got.status) std::fprintf(stderr, "%d != %d for: %s\n", got.status, wanted.status, code);
  expect(got.status == wanted.status, line);
  // Python 3.13 and newer show the line of a -c, which a string does not have.
  const auto last_line = [](std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text.substr(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
  };
  // What is wrong with the code of a SystemExit stays pending in python3 from 3.12 on, which prints it at its very end.
  const std::string_view text = code;
  const bool is_about_the_code = text.find("2 ** 100") != text.npos || text.find("raise ValueError") != text.npos;
  if (!is_about_the_code) expect_equal(last_line(got.errors), last_line(wanted.errors), line);
}

void a_host_goes_on() {
  Interpreter python;
  expect(python.run([](Python py) { py.run("import sys; sys.exit(3)"); }) == 3);
  expect(python.run([](Python) { return 4; }) == 4);
  expect(python.run([](Python) {}) == 0);
  expect_equal(thrown_by<std::runtime_error>([&] { python.run([](Python) { throw std::runtime_error("mine"); }); }),
               "mine");
  // A pending exception of the host's is none of its business.
  Python::with_gil([](Python py) {
    PyValueError::new_err("pending").restore(py);
    expect(exit_status(py, PySystemExit::new_err()) == 0);
    expect(PyErr::fetch(py).is_instance_of<PyValueError>(py));
  });
  expect(python.is_running());
}

}  // namespace

int main() {
  for (const char* code : {
           "pass",
           "raise SystemExit",
           "import sys; sys.exit()",
           "import sys; sys.exit(3)",
           "import sys; sys.exit(-1)",
           "import sys; sys.exit(256 + 7)",
           "import sys; sys.exit(2 ** 100)",
           "import sys; sys.exit(True)",
           "import sys; sys.exit('a message')",
           "import sys; sys.exit(1.5)",
           "import sys; sys.exit((1, 2))",
           "raise SystemExit(1, 2)",
           "class E(SystemExit):\n  code = property(lambda self: 1 / 0)\n  __str__ = lambda self: 'no code'\nraise "
           "E(5)",
           "class S:\n  def __str__(self): raise ValueError\nraise SystemExit(S())",
           "1 / 0",
           "raise KeyboardInterrupt",
           "raise BaseException",
           "syntax error",
           "import sys\ndef hook(*_): raise SystemExit(9)\nsys.excepthook = hook\n1 / 0",
           "import sys\ndef hook(t, *_): print('hooked', t.__name__, file=sys.stderr)\nsys.excepthook = hook\n1 / 0",
           "import sys\ndef hook(*_): raise OSError('broken')\nsys.excepthook = hook\n1 / 0",
           "import sys\nsys.excepthook = None\n1 / 0",
           "import sys\ndel sys.excepthook\n1 / 0",
           "import sys\nsys.stderr = None\nsys.exit('unseen')",
           "import sys\ndel sys.stderr\n1 / 0",
           "import sys\nsys.stdout.close()",
           "import sys\nclass Out:\n  def flush(self): raise OSError('full')\n  def write(self, text): pass\n"
           "sys.stdout = Out()",
           "import atexit, sys\natexit.register(lambda: sys.exit(5))\nsys.exit(6)",
       }) {
    exits_as_python_does(code);
  }
  in_child(a_host_goes_on);
  return failures;
}
