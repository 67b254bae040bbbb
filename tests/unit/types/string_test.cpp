// SPDX-License-Identifier: MIT
#include "adder/types/string.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::error_of;
using test::is_known_as;

TEST(String, text_counts_code_points_and_comes_back_from_utf8) {
  Python::with_gil([](Python py) {
    const auto text = PyString::new_(py, "h\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");  // One of each kind.
    is_known_as<PyString>(text);
    EXPECT_EQ(text.len(), 4u);
    const auto encoded = text.encode_utf8();
    is_known_as<PyBytes>(encoded);
    EXPECT_EQ(encoded.as_string_view(), text.to_str());
    EXPECT_TRUE(PyString::from_encoded_object(encoded).eq(text));
    EXPECT_EQ(error_of([&] { PyString::from_encoded_object(PyBytes::new_(py, "\xff")); }).substr(0, 18),
              "UnicodeDecodeError");
    EXPECT_EQ(PyString::from_fmt(py, "{:>4}|{name!r}", 7, kw("name") = "x").to_string(), "   7|'x'");
  });
}

}  // namespace
