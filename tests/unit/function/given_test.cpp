// SPDX-License-Identifier: MIT
// Given<T>: what a caller passed, if anything.
#include "adder/function/given.hpp"

#include "adder/adder.hpp"
#include "adder/stl/optional.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace {

using namespace adder;

TEST(Given, is_nothing_none_or_a_value) {
  Python::with_gil([](Python py) {
    const auto extract = [](const Bound<PyAny>& object) { return object.extract<Given<std::optional<int>>>(); };
    EXPECT_FALSE(extract(py.eval("...")).is_given());
    const auto none = extract(py.None());
    ASSERT_TRUE(none.is_given());
    EXPECT_FALSE(none->has_value());
    const auto three = extract(py.eval("3"));
    ASSERT_TRUE(three);
    EXPECT_EQ(**three, 3);
    EXPECT_TRUE(py.eval("'3'").try_extract<Given<int>>().is_err());
  });
}

TEST(Given, of_nothing_throws_where_its_value_is_asked_for) {
  Given<int> nothing = not_given;
  EXPECT_THROW((void)nothing.value(), std::bad_optional_access);
  EXPECT_THROW((void)*std::as_const(nothing), std::bad_optional_access);
  EXPECT_EQ(nothing.value_or(4), 4);
  EXPECT_FALSE(Given<int>().is_given());
}

TEST(Given, holds_what_can_only_be_moved) {
  Given<std::unique_ptr<int>> given(std::in_place, std::make_unique<int>(5));
  ASSERT_TRUE(given);
  const std::unique_ptr<int> taken = *std::move(given);
  EXPECT_EQ(*taken, 5);
}

TEST(Given, crosses_without_the_gil_where_its_value_does) {
  static_assert(Ungil<Given<std::optional<int>>>);
  static_assert(!Ungil<Given<Bound<PyAny>>>);
  static_assert(!std::is_convertible_v<int, Given<int>>);  // A caller gives it, nobody else.
}

}  // namespace
