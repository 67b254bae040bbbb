// SPDX-License-Identifier: MIT
// Text that needs no stl/ header.
#include "adder/convert/text.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace {

using namespace adder;
using test::error_of;

TEST(Text, a_view_points_into_the_object) {
  Python::with_gil([](Python py) {
    const auto text = PyString::new_(py, "h\xc3\xa9llo");
    const auto view = text.extract<std::string_view>();
    EXPECT_EQ(view, "h\xc3\xa9llo");
    EXPECT_EQ(view.data(), text.extract<std::string_view>().data());
    const auto with_null = PyString::new_(py, std::string_view("a\0b", 3));
    EXPECT_EQ(with_null.extract<std::string_view>().size(), 3U);
    const auto bytes = py.eval("b'x'"), surrogate = py.eval("'\\ud800'");
    EXPECT_EQ(error_of([&] { return bytes.extract<std::string_view>(); }), "TypeError: expected str, got bytes");
    EXPECT_EQ(error_of([&] { return surrogate.extract<std::string_view>(); }).substr(0, 18), "UnicodeEncodeError");
  });
}

TEST(Text, text_of_cpp_is_utf8_and_null_is_none) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(into_py(py, std::string_view("a\0\xc3\xa9", 4)).value().repr().to_string(), "'a\\x00\xc3\xa9'");
    EXPECT_EQ(into_py(py, "literal").value().repr().to_string(), "'literal'");
    const char* nothing = nullptr;
    EXPECT_TRUE(into_py(py, nothing).value().is_none());
    EXPECT_TRUE(into_py(py, "interned"_s).value().is(into_py(py, "interned"_s).value()));
    const auto bad = into_py(py, "\xff");
    ASSERT_TRUE(bad.is_err());
    EXPECT_EQ(std::string_view(bad.error().what()).substr(0, 18), "UnicodeDecodeError");
  });
}

}  // namespace
