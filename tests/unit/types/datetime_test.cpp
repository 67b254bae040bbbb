// SPDX-License-Identifier: MIT
#include "adder/types/datetime.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::error_of;
using test::is_known_as;
using test::shown;

TEST(Datetime, dates_times_and_zones_keep_each_of_their_fields) {
  Python::with_gil([](Python py) {
    const auto date = PyDate::new_(py, 9999, 12, 31);
    is_known_as<PyDate>(date);
    EXPECT_EQ(date.year(), 9999);
    EXPECT_EQ(error_of([&] { PyDate::new_(py, 0, 1, 1); }),
              test::python_error_of(py, "import datetime; datetime.date(0, 1, 1)"));
    const auto delta = PyDelta::new_(py, 0, -1, 2'000'001);
    is_known_as<PyDelta>(delta);
    EXPECT_EQ(delta.days(), 0);
    EXPECT_EQ(delta.seconds(), 1);
    EXPECT_EQ(delta.microseconds(), 1);
    const auto zone = PyTzInfo::fixed_offset(PyDelta::new_(py, 0, 7200));
    is_known_as<PyTzInfo>(zone);
    const auto moment = PyDateTime::new_(py, 2024, 2, 29, 23, 59, 59, 999'999, zone, 1);
    is_known_as<PyDateTime>(moment);
    EXPECT_EQ(moment.day(), 29);
    EXPECT_EQ(moment.hour(), 23);
    EXPECT_EQ(moment.microsecond(), 999'999);
    EXPECT_EQ(moment.fold(), 1);
    EXPECT_TRUE(moment.tzinfo()->is(zone));
    EXPECT_EQ(shown(moment),
              "datetime.datetime(2024, 2, 29, 23, 59, 59, 999999, fold=1, "
              "tzinfo=datetime.timezone(datetime.timedelta(seconds=7200)))");
    EXPECT_TRUE(moment.is_instance_of<PyDate>());
    const auto time = PyTime::new_(py, 1, 2, 3, 4);
    is_known_as<PyTime>(time);
    EXPECT_EQ(time.minute(), 2);
    EXPECT_FALSE(time.tzinfo());
    EXPECT_EQ(PyDateTime::from_timestamp(py, 0, PyTzInfo::utc(py)).year(), 1970);
    EXPECT_EQ(error_of([&] { PyTzInfo::fixed_offset(PyDelta::new_(py, 1)); }).substr(0, 10), "ValueError");
  });
}

}  // namespace
