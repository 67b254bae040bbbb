// SPDX-License-Identifier: MIT
#include "adder/convert/chars.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::error_of;

TEST(Chars, a_character_is_a_str_of_one_code_point) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(py.eval("'x'").extract<char>(), 'x');
    EXPECT_EQ(py.eval("'\\u20ac'").extract<char16_t>(), u'\u20ac');
    EXPECT_EQ(py.eval("'\\U0001f600'").extract<char32_t>(), U'\U0001f600');
    EXPECT_EQ(into_py(py, 'x').value().repr().to_string(), "'x'");
    EXPECT_EQ(into_py(py, U'\U0001f600').value().len(), 1U);
    EXPECT_TRUE(into_py(py, u'\u20ac').value().eq("\xe2\x82\xac"));
  });
}

TEST(Chars, what_is_longer_wider_or_no_text_is_refused) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(error_of([&] { return py.eval("'xy'").extract<char>(); }),
              "ValueError: expected a str of length 1, got length 2");
    EXPECT_EQ(error_of([&] { return py.eval("''").extract<char32_t>(); }),
              "ValueError: expected a str of length 1, got length 0");
    EXPECT_EQ(error_of([&] { return py.eval("'\\xe9'").extract<char>(); }),
              "ValueError: U+00E9 does not fit into a one-byte character (ASCII)");
    EXPECT_EQ(error_of([&] { return py.eval("'\\U0001f600'").extract<char16_t>(); }),
              "ValueError: U+1F600 does not fit into a UTF-16 unit");
    EXPECT_EQ(error_of([&] { return py.eval("120").extract<char>(); }), "TypeError: expected str, got int");
    EXPECT_STREQ(into_py(py, '\xe9').error().what(),
                 "ValueError: U+00E9 does not fit into a one-byte character (ASCII)");
  });
}

}  // namespace
