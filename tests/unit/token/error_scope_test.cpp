// SPDX-License-Identifier: MIT
#include <adder/adder.hpp>

#include <gtest/gtest.h>

namespace {

using namespace adder;

TEST(ErrorScope, puts_the_pending_exception_back) {
  Python::with_gil([](Python py) {
    PyErr_SetString(PyExc_KeyError, "outer");
    {
      const ErrorScope scope(py);
      EXPECT_FALSE(PyErr::occurred(py));
      EXPECT_THROW(py.run("1 / 0"), PyErr);
    }
    EXPECT_TRUE(PyErr::fetch(py).is_instance_of<PyKeyError>(py));
    { const ErrorScope scope(py); }
    EXPECT_FALSE(PyErr::occurred(py));
  });
}

}  // namespace
