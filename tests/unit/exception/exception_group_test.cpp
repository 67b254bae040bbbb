// SPDX-License-Identifier: MIT
// Several exceptions raised as one.
#include "adder/exception/exception_group.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using namespace adder;
using test::error_of;

TEST(ExceptionGroup, it_is_raised_caught_and_taken_apart) {
#if PY_VERSION_HEX < 0x030B0000
  GTEST_SKIP() << "CPython has exception groups since 3.11";
#else
  Python::with_gil([](Python py) {
    const PyErr group =
        PyExceptionGroup::new_err(py, "two failed", {PyValueError::new_err("first"), PyKeyError::new_err("second")});
    EXPECT_TRUE(group.is_instance_of<PyExceptionGroup>(py) && group.is_instance_of<PyBaseExceptionGroup>(py));
    EXPECT_TRUE(group.is_instance_of<PyException>(py) && !group.is_instance_of<PyValueError>(py));
    EXPECT_EQ(group.value(py).getattr("exceptions"_s).repr().to_string(), "(ValueError('first'), KeyError('second'))");
    EXPECT_TRUE(group.value(py).cast<PyExceptionGroup>().cast<PyBaseExceptionGroup>().is(group.value(py)));
    EXPECT_TRUE(PyExceptionGroup::new_err(py, "one", std::vector<PyErr>{group}).is_instance_of<PyExceptionGroup>(py));
    EXPECT_EQ(error_of([&] { PyExceptionGroup::new_err(py, "none", {}); }).substr(0, 10), "ValueError");
    EXPECT_EQ(
        error_of([&] { PyExceptionGroup::new_err(py, "no Exception", {PyKeyboardInterrupt::new_err()}); }).substr(0, 9),
        "TypeError");
    const auto wrong = error_of([&] { py.run("raise ExceptionGroup('from Python', [OSError(2)])"); });
    EXPECT_EQ(wrong.substr(0, 15), "ExceptionGroup:");
  });
#endif
}

}  // namespace
