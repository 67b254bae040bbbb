// SPDX-License-Identifier: MIT
// Source text: which names it sees, how it is indented and what its errors say.
#include "adder/module/eval.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "support/errors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace adder;
using test::error_of;

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

TEST(Eval, text_is_utf8_whatever_a_coding_line_says) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    py.run("# coding: latin-1\ntext = '\xc3\xa9'", names);
    EXPECT_EQ(names["text"_s]->len(), 1u);
  });
}

TEST(Eval, an_expression_becomes_a_vector) {
  Python::with_gil([](Python py) {
    const std::vector<std::int64_t> expected{0, 10, 20, 30, 40};
    EXPECT_EQ(py.eval("[i * 10 for i in range(5)]", {}, {}).extract<std::vector<std::int64_t>>(), expected);
    EXPECT_EQ(py.eval("[i * 10 for i in range(5)]").extract<std::vector<std::int64_t>>(), expected);
  });
}

TEST(Eval, a_program_leaves_its_names_in_the_locals) {
  Python::with_gil([](Python py) {
    const auto locals = PyDict::new_(py);
    py.run(R"(
import base64
s = 'Hello Rust!'
ret = base64.b64encode(s.encode('utf-8'))
)",
           {}, locals);
    const auto ret = *locals.get_item("ret");
    EXPECT_EQ(ret.downcast<PyBytes>().as_string_view(), "SGVsbG8gUnVzdCE=");
    const auto expected = PyBytes::new_(py, "SGVsbG8gUnVzdCE=");
    EXPECT_TRUE(std::ranges::equal(ret.downcast<PyBytes>().as_bytes(), expected.as_bytes()));
    EXPECT_EQ(locals.len(), 3u);  // base64, s, ret: __main__ got none of them.
    EXPECT_FALSE(py.import("__main__").hasattr("ret"_s));
  });
}

TEST(Eval, namespaces_may_be_missing) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py, kw("x"_s) = 5);
    std::optional<Bound<PyDict>> globals;
    std::optional<Borrowed<PyDict>> locals;
    EXPECT_EQ(py.eval("5", std::nullopt, std::nullopt).extract<int>(), 5);
    EXPECT_EQ(py.eval("5", globals, locals).extract<int>(), 5);
    globals = names;
    EXPECT_EQ(py.eval("x", globals).extract<int>(), 5);
    locals = names;
    EXPECT_EQ(py.eval("x + 1", {}, locals).extract<int>(), 6);
    py.run("y = x", std::nullopt, names);
    EXPECT_EQ(names.get_item("y")->extract<int>(), 5);
    EXPECT_EQ(names.get_refcnt(), 2);
  });
}

}  // namespace
