// SPDX-License-Identifier: MIT
// Numbers and bool: what fits, what does not, and what is no number at all.
#include "adder/convert/scalars.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace {

using namespace adder;
using test::error_of;

template <class T>
class ScalarsOfEachInteger : public testing::Test {};
using Integers = testing::Types<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::uint32_t,
                                std::int64_t, std::uint64_t>;
TYPED_TEST_SUITE(ScalarsOfEachInteger, Integers, );

TYPED_TEST(ScalarsOfEachInteger, crosses_up_to_its_limits_and_not_past_them) {
  Python::with_gil([](Python py) {
    constexpr auto least = std::numeric_limits<TypeParam>::min(), most = std::numeric_limits<TypeParam>::max();
    for (const TypeParam value : {least, TypeParam{0}, TypeParam{1}, most}) {
      const auto object = into_py(py, value).value();
      EXPECT_EQ(object.template extract<TypeParam>(), value);
      EXPECT_EQ(object.repr().to_string(), std::to_string(value));
    }
    for (const auto& [start, step] : {std::pair(most, "1"), std::pair(least, "-1")}) {
      const auto beyond = into_py(py, start).value().add(py.eval(step));
      EXPECT_EQ(error_of([&] { return beyond.template extract<TypeParam>(); }).substr(0, 13), "OverflowError");
    }
    EXPECT_EQ(error_of([&] { return py.eval("2 ** 200").extract<TypeParam>(); }).substr(0, 13), "OverflowError");
    EXPECT_EQ(error_of([&] { return py.eval("-2 ** 200").extract<TypeParam>(); }).substr(0, 13), "OverflowError");
  });
}

TEST(Scalars, an_integer_takes_an_index_and_no_float) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(py.eval("True").extract<int>(), 1);
    EXPECT_EQ(py.eval("type('I', (), {'__index__': lambda self: 7})()").extract<int>(), 7);
    EXPECT_EQ(error_of([&] { return py.eval("7.0").extract<int>(); }), "TypeError: expected int, got float");
    EXPECT_EQ(error_of([&] { return py.eval("'7'").extract<int>(); }), "TypeError: expected int, got str");
    EXPECT_EQ(error_of([&] { return py.eval("type('I', (), {'__index__': lambda self: 1 / 0})()").extract<int>(); }),
              "ZeroDivisionError: division by zero");
  });
}

TEST(Scalars, a_float_takes_numbers_and_keeps_what_is_no_number) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(py.eval("7").extract<double>(), 7.0);
    EXPECT_EQ(py.eval("1e300").extract<double>(), 1e300);
    EXPECT_TRUE(std::isnan(py.eval("float('nan')").extract<float>()));
    EXPECT_TRUE(std::isinf(into_py(py, -std::numeric_limits<double>::infinity()).value().extract<float>()));
    EXPECT_EQ(py.eval("0.5").extract<float>(), 0.5F);
    EXPECT_EQ(error_of([&] { return py.eval("1e300").extract<float>(); }).substr(0, 13), "OverflowError");
    EXPECT_EQ(error_of([&] { return py.eval("10 ** 400").extract<double>(); }).substr(0, 13), "OverflowError");
    EXPECT_EQ(error_of([&] { return py.eval("'1'").extract<double>(); }), "TypeError: expected float, got str");
  });
}

TEST(Scalars, a_bool_is_one_of_two_objects) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(py.eval("True").extract<bool>());
    EXPECT_FALSE(py.eval("False").extract<bool>());
    EXPECT_TRUE(into_py(py, true).value().is(py.eval("True")));
    EXPECT_EQ(error_of([&] { return py.eval("1").extract<bool>(); }), "TypeError: expected bool, got int");
    EXPECT_EQ(error_of([&] { return py.eval("None").extract<bool>(); }), "TypeError: expected bool, got None");
  });
}

}  // namespace
