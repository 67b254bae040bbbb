// SPDX-License-Identifier: MIT
// sys.argv is what the program says, Python's own options included. Folders are added in front of sys.path, in order.
#include "support/embedded.hpp"

using namespace adder;
using namespace test;

int main() {
  in_child([] {
    InterpreterConfig().start();
    expect_equal(text("__import__('sys').argv"), "['']");
  });
  in_child([] {
    Python::prepare_freethreaded_python();
    expect_equal(text("getattr(__import__('sys'), 'argv', [''])"), "['']");
  });
  InterpreterConfig()
      .argv({"program", "--verbose", "-c", "import nothing", "", "two words"})
      .add_path("/first/folder")
      .add_path("/second/folder")
      .start();
  expect(PyGILState_Check() == 0);  // The GIL is free: another thread could attach.
  expect_equal(text("__import__('sys').argv"), "['program', '--verbose', '-c', 'import nothing', '', 'two words']");
  expect_equal(text("__import__('sys').path[:2]"), "['/first/folder', '/second/folder']");
  expect_equal(text("__import__('sys').flags.verbose"), "0");
  Python::with_gil([](Python py) {
    // What getopt, argparse and the like see.
    py.run(R"(
        import argparse
        parser = argparse.ArgumentParser()
        parser.add_argument('--verbose', action='store_true')
        known, rest = parser.parse_known_args()
        assert known.verbose and rest == ['-c', 'import nothing', '', 'two words'], rest
    )");
  });
  return failures;
}
