// SPDX-License-Identifier: MIT
// py_run(): what a snippet sees, how it may be written down, and what a failing one says.
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "support/refcount.hpp"

#include "adder/module/testing.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace adder;
using test::count;
using test::fresh;

/// What the exception of a failing snippet says.
template <class... Names>
std::string failure_of(Python py, std::string_view source, Names&&... names) {
  try {
    py_run(py, source, std::forward<Names>(names)...);
  } catch (const SnippetFailed& failed) {
    const std::runtime_error& as_every_framework_sees_it = failed;
    return as_every_framework_sees_it.what();
  }
  return "it passed";
}

#define EXPECT_HAS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)
#define EXPECT_HAS_NOT(text, part) EXPECT_EQ((text).find(part), std::string::npos) << (text)

TEST(Testing, a_snippet_that_holds_passes) {
  Python::with_gil([](Python py) {
    py_run(py, "assert 1 + 1 == 2");
    py_run(py, "");
    py_run(py, "\n  \n\t\n");
    py_run(py, "# A comment, and no newline behind it");
    EXPECT_EQ(PyErr_Occurred(), nullptr);
  });
}

TEST(Testing, names_are_what_the_snippet_knows_besides_the_builtins) {
  Python::with_gil([](Python py) {
    const auto list = PyList::new_(py, 1, 2);
    py_run(py, "assert numbers == [1, 2] and word == 'word' and pi == 3.25; numbers.append(len(word))",
           kw("numbers"_s) = list, kw("word"_s) = "word", kw("pi"_s) = 3.25);
    EXPECT_EQ(list.len(), 3u);
    py_run(py, "assert [x for x in values] == [1, 2]", kw("values"_s) = std::vector<int>{1, 2});
    py_run(py, "assert set(globals()) - {'__builtins__'} == {'a'}", kw("a") = 1);
    EXPECT_HAS(failure_of(py, "numbers"), "NameError: name 'numbers' is not defined");
  });
}

TEST(Testing, snippets_do_not_see_each_others_names) {
  Python::with_gil([](Python py) {
    py_run(py, "left_behind = 1\ndef f(): return left_behind\nassert f() == 1");
    EXPECT_HAS(failure_of(py, "left_behind"), "NameError");
    py_run(py, "import __main__; assert not hasattr(__main__, 'left_behind')");
  });
}

TEST(Testing, a_failing_assertion_shows_its_line_and_its_text) {
  Python::with_gil([](Python py) {
    const std::string text = failure_of(py, R"(
        x = 3
        assert x == 3
        assert x == 4, f'x is {x}'
        assert x == 5
    )");
    EXPECT_HAS(text, "Traceback (most recent call last):\n");
    EXPECT_HAS(text, "line 4");
    EXPECT_HAS(text, "\n    assert x == 4, f'x is {x}'\n");
    EXPECT_HAS(text, "\nAssertionError: x is 3");
    EXPECT_HAS_NOT(text, "x == 5");
    EXPECT_EQ(text.front(), '\n');  // Begins on a line of its own.
    EXPECT_EQ(PyErr_Occurred(), nullptr);
  });
}

TEST(Testing, the_traceback_goes_through_functions_of_the_snippet) {
  Python::with_gil([](Python py) {
    const std::string text = failure_of(py, R"(
        def outer(value):
            return inner(value)

        def inner(value):
            assert value, 'of the inner one'

        outer(0)
    )");
    const auto call = text.find("    outer(0)\n"), outer = text.find("    return inner(value)\n");
    const auto inner = text.find("    assert value, 'of the inner one'\n");
    EXPECT_TRUE(call < outer && outer < inner && inner != std::string::npos) << text;
    EXPECT_HAS(text, "in outer");
    EXPECT_HAS(text, "AssertionError: of the inner one");
  });
}

TEST(Testing, causes_and_contexts_are_shown) {
  Python::with_gil([](Python py) {
    const std::string text = failure_of(py, R"(
        try:
            {}['key']
        except KeyError as error:
            raise ValueError('wrong') from error
    )");
    EXPECT_HAS(text, "KeyError: 'key'");
    EXPECT_HAS(text, "direct cause");
    EXPECT_HAS(text, "ValueError: wrong");
  });
}

TEST(Testing, an_exception_from_cpp_is_a_failure_too) {
  Python::with_gil([](Python py) {
    const auto numbers = PyDict::new_(py);
    const std::string text = failure_of(py, "numbers['missing']", kw("numbers"_s) = numbers);
    EXPECT_HAS(text, "KeyError: 'missing'");
    EXPECT_HAS(failure_of(py, "raise SystemExit(3)"), "SystemExit: 3");
    EXPECT_HAS(failure_of(py, "raise KeyboardInterrupt"), "KeyboardInterrupt");
  });
}

TEST(Testing, what_is_no_python_is_a_failure_that_shows_the_line) {
  Python::with_gil([](Python py) {
    const std::string text = failure_of(py, R"(
        x = 1
        assert x ===
    )");
    EXPECT_HAS(text, "SyntaxError");
    EXPECT_HAS(text, "assert x ===");
    EXPECT_HAS(text, "line 3");
    EXPECT_HAS(failure_of(py, "  x = 1\n y = 2\n    z = 3"), "IndentationError");
    EXPECT_HAS(failure_of(py, "return 5"), "SyntaxError");
    EXPECT_HAS(failure_of(py, std::string_view("x = 'nul\0'", 10)), "ValueError");
    EXPECT_HAS(failure_of(py, "x = '\xff'"), "Error");
  });
}

TEST(Testing, indentation_that_all_lines_share_is_removed) {
  Python::with_gil([](Python py) {
    py_run(py, R"(
          if True:
              x = 1

          assert x == 1
    )");
    py_run(py, "\tif True:\n\t\tx = 1\n\tassert x == 1");
    py_run(py, "    first = 1\n    assert first == 1");
    py_run(py, "x = '''\n  kept\n'''\nassert x == '\\n  kept\\n'");
    py_run(py, "    x = 1\r\n    assert x == 1\r\n");
    const std::string text = failure_of(py, "\n      if True:\n          assert 0, 'deep'\n");
    EXPECT_HAS(text, "line 3");
    EXPECT_HAS(text, "    assert 0, 'deep'\n");
  });
}

TEST(Testing, text_may_be_of_any_script) {
  Python::with_gil([](Python py) {
    py_run(py, "größe = 'naïve \U0001f600'\nassert größe == given and len(größe) == 7",
           kw("given"_s) = "naïve \U0001f600");
    const std::string text = failure_of(py, "größe = 1\nassert größe == 2, 'größe – \U0001f600'");
    EXPECT_HAS(text, "assert größe == 2, 'größe – \U0001f600'\n");
    EXPECT_HAS(text, "AssertionError: größe – \U0001f600");
    py_run(py, "# -*- coding: latin-1 -*-\nassert len('é') == 1");
  });
}

TEST(Testing, the_line_shown_is_the_line_that_failed_whatever_the_snippet_has_in_its_text) {
  Python::with_gil([](Python py) {
    // Python's lines end with \n, \r and \r\n, and with nothing else.
    for (const char* odd : {"\u2028", "\u0085", "\x0b", "\x0c", "\x1c", "\x1e"}) {
      const std::string text =
          failure_of(py, std::string("x = 'a") + odd + "b'\nassert x == 0, 'here'\nassert x == 1, 'not here'\n");
      EXPECT_HAS(text, "    assert x == 0, 'here'\n");
      EXPECT_HAS(text, "line 2");
    }
  });
}

TEST(Testing, each_failure_shows_its_own_lines) {
  Python::with_gil([](Python py) {
    EXPECT_HAS(failure_of(py, "assert 0, 'one'"), "    assert 0, 'one'\n");
    EXPECT_HAS(failure_of(py, "\n\nassert 0, 'two'"), "    assert 0, 'two'\n");
    EXPECT_HAS(failure_of(py, "assert 0, 'three'"), "    assert 0, 'three'\n");
  });
}

struct Source {
  std::string text;
};
void run_source_of(const Source& source, Python py) { py_run(py, source.text); }

TEST(Testing, a_snippet_run_inside_another_one_leaves_the_lines_of_the_outer_one_alone) {
  Python::with_gil([](Python py) {
    const auto passes = new_closure<&run_source_of>(py, "passes", Source{"one = 1\ntwo = 2\nthree = 3\n"});
    const std::string text = failure_of(py, "\npasses()\nassert passes is None, 'outer'", kw("passes"_s) = passes);
    EXPECT_HAS(text, "    assert passes is None, 'outer'\n");
    EXPECT_HAS_NOT(text, "three = 3");
  });
}

TEST(Testing, a_snippet_that_fails_inside_another_one_fails_both) {
  Python::with_gil([](Python py) {
    const auto fails = new_closure<&run_source_of>(py, "fails", Source{"one = 1\nassert one == 2, 'inner'\n"});
    const std::string text = failure_of(py, "x = 5\ny = 6\nfails()", kw("fails"_s) = fails);
    EXPECT_HAS(text, "    fails()\n");
    EXPECT_HAS(text, "    assert one == 2, 'inner'\n");
    EXPECT_HAS(text, "AssertionError: inner");
  });
}

TEST(Testing, nothing_is_kept) {
  Python::with_gil([](Python py) {
    const auto thing = fresh(py);
    const auto before = count(thing);
    for (int i = 0; i < 10; ++i) {
      py_run(py, "assert thing is not None", kw("thing"_s) = thing);
      (void)failure_of(py, "assert thing is None, thing", kw("thing"_s) = thing);
      (void)failure_of(py, "def f(x): assert x is None, x\nf(thing)", kw("thing"_s) = thing);
    }
    py.run("import gc; gc.collect()");
    EXPECT_EQ(count(thing), before);
  });
}

TEST(Testing, a_name_whose_value_does_not_convert_is_a_failure) {
  Python::with_gil([](Python py) {
    EXPECT_HAS(failure_of(py, "pass", kw("text"_s) = std::string("\xff")), "UnicodeDecodeError");
    EXPECT_THROW(py_run(py, "assert 0"), std::runtime_error);
  });
}

}  // namespace
