// SPDX-License-Identifier: MIT
// Compiled text, frames and tracebacks.
#include "adder/types/code.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::is_known_as;

TEST(Code, code_is_compiled_once_and_runs_anywhere) {
  Python::with_gil([](Python py) {
    const auto sum = PyCode::compile(py, "a + b", "sum.py", PyCodeInput::eval);
    for (int a = 0; a < 3; ++a) {
      EXPECT_EQ(sum.run(PyDict::new_(py, kw("a"_s) = a, kw("b"_s) = 10)).extract<int>(), a + 10);
    }
    EXPECT_EQ(sum.run(PyDict::new_(py, kw("a"_s) = "x", kw("b"_s) = "y")).extract<std::string>(), "xy");
    EXPECT_EQ(sum.run(PyDict::new_(py, kw("a"_s) = 1), PyDict::new_(py, kw("b"_s) = 2)).extract<int>(), 3);
    EXPECT_EQ(error_of([&] { (void)sum.run(PyDict::new_(py)); }), "NameError: name 'a' is not defined");

    const auto statements = PyCode::compile(py, "total = total + 1", "count.py");
    const auto names = PyDict::new_(py, kw("total"_s) = 0);
    const Py_ssize_t before = count(statements);
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(statements.run(names).is_none());
    EXPECT_EQ(count(statements), before);
    EXPECT_EQ(names.get_item("total")->extract<int>(), 100);

    // Not dedented, unlike run().
    EXPECT_EQ(error_of([&] { (void)PyCode::compile(py, "    x = 1"); }).substr(0, 16), "IndentationError");
    EXPECT_EQ(error_of([&] { (void)PyCode::compile(py, "x = 1", "s.py", PyCodeInput::eval); }),
              "SyntaxError: invalid syntax (s.py, line 1)");
    const auto closure = py.eval("(lambda n: lambda: n)(1)").getattr("__code__"_s).downcast<PyCode>();
    EXPECT_EQ(error_of([&] { (void)closure.run(); }), "TypeError: a code object with free variables cannot be run");
  });
}

TEST(Code, tracebacks_show_the_file_name_that_was_given) {
  Python::with_gil([](Python py) {
    const auto code = PyCode::compile(py, "\n\n1 / 0", "dir/thirds.py");
    try {
      (void)code.run(PyDict::new_(py));
      FAIL();
    } catch (const PyErr& error) {
      const auto traceback = error.traceback(py);
      ASSERT_TRUE(traceback);
      EXPECT_NE(traceback->format().find("File \"dir/thirds.py\", line 3, in <module>"), std::string::npos);
    }
    const auto module =
        PyModule::from_code(py, "def fail():\n    raise ValueError('here')\n", "eval_test_file.py", "eval_test_module");
    try {
      (void)module.call_method("fail"_s);
      FAIL();
    } catch (const PyErr& error) {
      EXPECT_NE(error.format(py).find("File \"eval_test_file.py\", line 2, in fail"), std::string::npos);
    }
    py.import("sys").getattr("modules"_s).del_item("eval_test_module");
    // A module whose body fails is no module.
    EXPECT_EQ(error_of([&] { (void)PyModule::from_code(py, "1 / 0", "f.py", "eval_test_failing"); }),
              "ZeroDivisionError: division by zero");
    EXPECT_FALSE(py.import("sys").getattr("modules"_s).contains("eval_test_failing"));
    EXPECT_EQ(error_of([&] { (void)PyModule::from_code(py, "1 +", "f.py", "eval_test_failing"); }),
              "SyntaxError: invalid syntax (f.py, line 1)");
  });
}

TEST(Code, code_functions_frames_and_tracebacks_are_known_by_their_tags_and_show_where_they_are) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    const auto code = PyCode::compile(py, "n = n + 1 if 'n' in globals() else 1", "count.py");
    is_known_as<PyCode>(code);
    for (int i = 0; i < 3; ++i) code.run(names);
    EXPECT_EQ(names.get_item("n")->extract<int>(), 3);
    EXPECT_EQ(PyCode::compile(py, "6 * 7", "x", PyCodeInput::eval).run().extract<int>(), 42);
    EXPECT_EQ(error_of([&] { PyCode::compile(py, "1 +", "wrong.py"); }).substr(0, 11), "SyntaxError");
    is_known_as<PyBuiltinFunction>(py.eval("len"));
    const auto function = py.eval("lambda x: 1 / x");
    is_known_as<PyFunction>(function);
    EXPECT_FALSE(PyFrame::current(py));
    try {
      function(0);
      FAIL();
    } catch (const PyErr& error) {
      const auto traceback = error.traceback(py);
      ASSERT_TRUE(traceback);
      is_known_as<PyTraceback>(*traceback);
      EXPECT_EQ(traceback->format(), "Traceback (most recent call last):\n  File \"<string>\", line 1, in <lambda>\n");
      EXPECT_EQ(traceback->line_number(), 1);
      EXPECT_FALSE(traceback->next());
      const auto frame = traceback->frame();
      is_known_as<PyFrame>(frame);
      EXPECT_EQ(frame.code().getattr("co_name"_s).extract<std::string>(), "<lambda>");
      EXPECT_FALSE(frame.outer());
    }
  });
}

TEST(Code, a_kept_namespace_keeps_its_dict) {
  Python::with_gil([](Python py) {
    const Namespace names(PyDict::new_(py, kw("a") = 42));
    EXPECT_EQ(py.eval("a", names).extract<int>(), 42);
  });
}

}  // namespace
