// SPDX-License-Identifier: MIT
// Source text: which names it sees, how it is indented, what its errors say, and code that is compiled once.
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;

TEST(Eval, names_are_looked_up_in_main_unless_given) {
  Python::with_gil([](Python py) {
    py.run("eval_test = 'of main'");
    EXPECT_EQ(py.eval("eval_test").extract<std::string>(), "of main");
    EXPECT_EQ(py.eval("__name__").extract<std::string>(), "__main__");
    EXPECT_EQ(py.eval("eval_test", {}, {}).extract<std::string>(), "of main");

    // Given globals are the locals too, unless those are given.
    const auto globals = PyDict::new_(py, kw("x"_s) = 1, kw("y"_s) = 2);
    const auto locals = PyDict::new_(py, kw("x"_s) = 10);
    EXPECT_EQ(py.eval("(x, y)", globals).repr().to_string(), "(1, 2)");
    EXPECT_EQ(py.eval("(x, y)", globals, locals).repr().to_string(), "(10, 2)");
    EXPECT_EQ(py.eval("(x, eval_test)", {}, locals).repr().to_string(), "(10, 'of main')");
    EXPECT_EQ(error_of([&] { (void)py.eval("eval_test", globals); }), "NameError: name 'eval_test' is not defined");
    EXPECT_TRUE(py.eval("locals() is globals()", globals).extract<bool>());
    EXPECT_FALSE(py.eval("locals() is globals()", globals, locals).extract<bool>());
    py.run("del eval_test");
  });
}

TEST(Eval, assignments_go_to_the_locals) {
  Python::with_gil([](Python py) {
    const auto globals = PyDict::new_(py), locals = PyDict::new_(py);
    py.run("a = 1", globals, locals);
    EXPECT_TRUE(locals.contains("a"));
    EXPECT_FALSE(globals.contains("a"));
    py.run("global b\nb = 2", globals, locals);
    EXPECT_FALSE(locals.contains("b"));
    EXPECT_EQ(globals.get_item("b")->extract<int>(), 2);
    py.run("c = 3", globals);
    EXPECT_EQ(globals.get_item("c")->extract<int>(), 3);
    EXPECT_EQ(locals.len(), 1u);
  });
}

TEST(Eval, a_namespace_has_builtins_and_keeps_its_own) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    EXPECT_EQ(py.eval("len('four')", names).extract<int>(), 4);
    EXPECT_TRUE(names.get_item("__builtins__")->getattr_opt("__class__"_s));
    const auto poor = PyDict::new_(py);
    poor.set_item("__builtins__", PyDict::new_(py, kw("len"_s) = py.eval("lambda x: -1")));
    EXPECT_EQ(py.eval("len('four')", poor).extract<int>(), -1);
    EXPECT_EQ(error_of([&] { (void)py.eval("max(1, 2)", poor); }), "NameError: name 'max' is not defined");
    // Code may throw its own namespace away.
    std::optional<Bound<PyDict>> lost = PyDict::new_(py);
    EXPECT_EQ(error_of([&] { py.run("globals().clear()\nx", *lost); }), "NameError: name 'x' is not defined");
    lost.reset();
  });
}

TEST(Eval, a_literals_common_indentation_is_taken_away) {
  Python::with_gil([](Python py) {
    const auto text_of = [py](std::string_view code) {
      const auto names = PyDict::new_(py);
      py.run(code, names);
      return names.get_item("text")->extract<std::string>();
    };
    EXPECT_EQ(text_of(R"(
        text = 'four'
        if text:
            text += ' deep'
    )"),
              "four deep");
    EXPECT_EQ(text_of("\ttext = 'tab'\n\tif text:\n\t\ttext += 's'\n"), "tabs");
    EXPECT_EQ(text_of("    text = 'x'\n\n  \n    text += 'y'"), "xy");  // Blank lines do not count.
    EXPECT_EQ(text_of("    text = 'x'\r\n    text += 'y'\r\n"), "xy");
    EXPECT_EQ(text_of("text = 'x'\nif text:\n    text += 'z'"), "xz");
    // What is inside a string loses the margin as well, as with textwrap.dedent, but not more than that.
    EXPECT_EQ(text_of("    text = '''a\n      b\n    c'''"), "a\n  b\nc");
    EXPECT_EQ(text_of("  # a comment counts\n  text = 'c'"), "c");
    EXPECT_EQ(error_of([&] { text_of("    text = 1\n  text = 2"); }).substr(0, 16), "IndentationError");
    EXPECT_EQ(error_of([&] { text_of("    text = 1\n\ttext = 2"); }).substr(0, 16), "IndentationError");
    for (const char* nothing : {"", "\n", "    ", " \n\t\n", "# only a comment"}) {
      EXPECT_EQ(error_of([&] { py.run(nothing, PyDict::new_(py)); }), "no error") << '"' << nothing << '"';
    }
    EXPECT_EQ(py.eval("\n    6 *\\\n 7\n").extract<int>(), 42);
    EXPECT_EQ(py.eval(" \t 'spaces'  ").extract<std::string>(), "spaces");
  });
}

TEST(Eval, dedent_is_textwraps) {
  Python::with_gil([](Python py) {
    const auto dedent = py.import("textwrap").getattr("dedent"_s);
    for (const char* text : {"", "a", "  a", "  a\n b\n", "\ta\n  b", "  \t a\n  \tb\n", "  a\n\n\n  b\n  ", "\n\n",
                             "   a\n    \n  b\n \n", "  a\n  b", "\xc3\xa9\n  \xc3\xa9", "    x\n\t\n    y"}) {
      EXPECT_EQ(detail::dedent(text), dedent(text).extract<std::string>()) << '"' << text << '"';
    }
  });
}

TEST(Eval, text_that_is_no_python_is_a_syntax_error) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(error_of([&] { (void)py.eval("1 +"); }), "SyntaxError: invalid syntax (<string>, line 1)");
    EXPECT_EQ(error_of([&] { (void)py.eval("x = 1"); }).substr(0, 11), "SyntaxError");  // A statement.
    EXPECT_EQ(error_of([&] { (void)py.eval(""); }).substr(0, 11), "SyntaxError");
    EXPECT_EQ(error_of([&] { py.run("def f(:\n  pass"); }).substr(0, 11), "SyntaxError");
    EXPECT_EQ(error_of([&] { py.run("return 1"); }), "SyntaxError: 'return' outside function (<string>, line 1)");
    EXPECT_EQ(error_of([&] { py.run(std::string_view("x = 1\0y = 2", 11)); }),
              "ValueError: source code string cannot contain null bytes");
    EXPECT_EQ(error_of([&] { py.run("x = '\xff'"); }).substr(0, 11), "SyntaxError");
    try {
      py.run("ok = 1\nif ok\n    pass", PyDict::new_(py));
      FAIL();
    } catch (const PyErr& error) {
      EXPECT_TRUE(error.is_instance_of<PySyntaxError>(py));
      EXPECT_EQ(error.value(py).getattr("lineno"_s).extract<int>(), 2);
      EXPECT_EQ(error.value(py).getattr("text"_s).extract<std::string>(), "if ok\n");
    }
    EXPECT_EQ(PyErr_Occurred(), nullptr);
  });
}

TEST(Eval, what_the_code_raises_is_thrown) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(error_of([&] { (void)py.eval("1 / 0"); }), "ZeroDivisionError: division by zero");
    EXPECT_EQ(error_of([&] { py.run("raise SystemExit(3)"); }), "SystemExit: 3");
    const auto names = PyDict::new_(py);
    EXPECT_EQ(error_of([&] { py.run("before = 1\nraise KeyError('k')\nafter = 1", names); }), "KeyError: 'k'");
    EXPECT_TRUE(names.contains("before"));
    EXPECT_FALSE(names.contains("after"));
  });
}

TEST(Eval, cpp_values_go_in_by_name) {
  Python::with_gil([](Python py) {
    const std::vector<int> numbers{3, 1, 2};
    const std::string word = "caf\xc3\xa9";
    const Bound<PyAny> object = fresh(py);
    const auto names = PyDict::new_(py, kw("x"_s) = 1, kw("numbers"_s) = numbers, kw("word"_s) = word,
                                    kw("object"_s) = object, kw("missing"_s) = py.None(), kw("late") = 0.5);
    EXPECT_EQ(count(object), 2);
    EXPECT_EQ(py.eval("(x, sorted(numbers), word[-1] == '\xc3\xa9', missing, late)", names).repr().to_string(),
              "(1, [1, 2, 3], True, None, 0.5)");
    EXPECT_TRUE(py.eval("object", names).is(object));
    EXPECT_EQ(count(object), 2);
    // Straight in the call: the namespace lives until the call is over.
    EXPECT_EQ(py.eval("f'{x}{y}'", PyDict::new_(py, kw("x"_s) = 4, kw("y"_s) = "2")).extract<std::string>(), "42");
  });
}

TEST(Eval, the_name_in_a_literal_is_one_object_at_each_pass) {
  Python::with_gil([](Python py) {
    std::vector<const void*> keys;
    for (int pass = 0; pass < 3; ++pass) {
      const auto names = PyDict::new_(py, kw("eval_test_name"_s) = pass);
      for (const auto& [key, value] : names) keys.push_back(key.as_ptr());
      const auto probe = py.eval("lambda **names: [id(name) for name in names]");
      keys.push_back(
          reinterpret_cast<const void*>(probe(kw("eval_test_name"_s) = 1).get_item(0).extract<std::uintptr_t>()));
    }
    for (const void* key : keys) EXPECT_EQ(key, keys.front());
    // It is the string that Python's own source would use, and it keeps its count.
    EXPECT_EQ(py.eval("'eval_test_name'").as_ptr(), keys.front());
    EXPECT_EQ(PyString::intern(py, "eval_test_name").as_ptr(), keys.front());
    const auto held = py.eval("'eval_test_name'");
    const Py_ssize_t before = count(held);
    for (int pass = 0; pass < 5; ++pass) (void)PyDict::new_(py, kw("eval_test_name"_s) = pass);
    EXPECT_EQ(count(held), before);
  });
}

TEST(Eval, code_is_compiled_once_and_runs_anywhere) {
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

TEST(Eval, tracebacks_show_the_file_name_that_was_given) {
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

}  // namespace
