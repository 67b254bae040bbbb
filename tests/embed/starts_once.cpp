// SPDX-License-Identifier: MIT
// An interpreter is configured and given its built-in modules before it starts, or not at all.
#include "support/embedded.hpp"

#include <cstdio>
#include <string>

using namespace adder;
using namespace test;

ADDER_MODULE(adder_too_late, m) { m.add("x", 1); }

namespace {

void refuses_everything_that_is_late() {
  expect_equal(thrown_by<InterpreterUnavailable>([] { InterpreterConfig().argv({"late"}).start(); }),
               "the Python interpreter is running already: its configuration cannot change");
  expect_equal(thrown_by<InterpreterUnavailable>([] { append_to_inittab("adder_too_late", PyInit_adder_too_late); }),
               "append_to_inittab: the Python interpreter is running already");
  Python::prepare_freethreaded_python();  // Nothing to do.
  expect_equal(text("6 * 7"), "42");
  expect_equal(thrown_by<PyErr>([] { Python::with_gil([](Python py) { (void)py.import("adder_too_late"); }); }),
               "ModuleNotFoundError: No module named 'adder_too_late'");
}

}  // namespace

int main() {
  in_child([] {  // Started by the first use.
    Python::with_gil([](Python) { refuses_everything_that_is_late(); });
    refuses_everything_that_is_late();
  });
  in_child([] {  // Started by somebody else.
    Py_InitializeEx(0);
    PyThreadState* state = PyEval_SaveThread();
    refuses_everything_that_is_late();
    PyEval_RestoreThread(state);
  });
  in_child([] {  // Ended.
    InterpreterConfig().start();
    expect_equal(text("6 * 7"), "42");
    PyGILState_Ensure();
    expect(Py_FinalizeEx() == 0);
    const std::string expected =
        "the Python interpreter is shutting down or was shut down: this thread can no longer attach to it";
    expect_equal(thrown_by<InterpreterUnavailable>([] { InterpreterConfig().start(); }),
                 "an interpreter was shut down in this process, and a second one cannot be started: classes, cached "
                 "names and stored handles of the first would lead to freed memory");
    expect_equal(thrown_by<InterpreterUnavailable>([] { Python::with_gil([](Python) {}); }), expected);
  });
  in_child([] {  // Impossible: the reason is told, and CPython says more on stderr.
    (void)std::freopen("/dev/null", "w", stderr);
    const std::string reason =
        thrown_by<InterpreterUnavailable>([] { InterpreterConfig().home("/no/such/folder").start(); });
    expect(reason != "nothing was thrown" && !reason.empty());
  });
  // One configuration may start one interpreter only, and is not used up by being read.
  const InterpreterConfig config = InterpreterConfig().argv({"once"});
  config.start();
  expect_equal(text("__import__('sys').argv"), "['once']");
  refuses_everything_that_is_late();
  return failures;
}
