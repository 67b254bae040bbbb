// SPDX-License-Identifier: MIT
#include "adder/error/result.hpp"

#include "adder/adder.hpp"
#include "adder/exception/exceptions.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <string>

namespace {

using namespace adder;

TEST(Result, holds_a_value_or_an_error) {
  PyResult<int> good = 5;
  EXPECT_TRUE(good.is_ok());
  EXPECT_EQ(*good, 5);
  const PyResult<int> bad = PyValueError::new_err("no");
  EXPECT_TRUE(bad.is_err());
  EXPECT_STREQ(bad.error().what(), "ValueError: no");
  EXPECT_THROW((void)bad.value(), PyErr);
  EXPECT_THROW((void)*bad, PyErr);
  good = bad;
  EXPECT_TRUE(good.is_err());
  EXPECT_EQ(PyResult<int>(PyValueError::new_err("no")).value_or(3), 3);
  EXPECT_FALSE(PyResult<int>(PyValueError::new_err("no")).ok());
}

TEST(Result, calls_are_chained_until_one_fails) {
  const auto twice = PyResult<int>(4).map([](int x) { return 2 * x; });
  EXPECT_EQ(*twice, 8);
  const auto failed = PyResult<int>(4)
                          .and_then([](int) -> PyResult<std::string> { return PyKeyError::new_err("k"); })
                          .map([](const std::string&) { return 1; });
  EXPECT_STREQ(failed.error().what(), "KeyError: k");
}

TEST(Result, of_void_is_success_or_an_error) {
  const PyResult<void> good;
  EXPECT_NO_THROW(good.value());
  const PyResult<void> bad = PyValueError::new_err("no");
  EXPECT_THROW(bad.value(), PyErr);
  const auto chained = PyResult<void>().and_then([]() -> PyResult<int> { return 1; });
  EXPECT_EQ(*chained, 1);
}

TEST(ResultDeathTest, asking_a_success_for_its_error_ends_the_process) {
  EXPECT_DEATH((void)PyResult<int>(1).error(), "PyResult::error\\(\\) was called on a success");
}

TEST(Result, check_signals_is_ok_without_a_signal_and_returns_what_a_handler_raised) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(py.check_signals().is_ok());
    py.run("import signal\nsignal.signal(signal.SIGUSR1, lambda *_: 1 / 0)");
    // Python notes the signal here and runs the handler when it is asked to.
    raise(SIGUSR1);
    const PyResult<void> result = py.check_signals();
    ASSERT_TRUE(result.is_err());
    EXPECT_TRUE(result.error().is_instance_of<PyZeroDivisionError>(py));
    py.run("signal.signal(signal.SIGUSR1, signal.SIG_DFL)");
  });
}

}  // namespace
