// SPDX-License-Identifier: MIT
#include "adder/object/keyword.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace adder;
using test::count;
using test::fresh;

TEST(Keyword, cpp_values_go_in_by_name) {
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

}  // namespace
