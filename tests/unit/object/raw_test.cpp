// SPDX-License-Identifier: MIT
// Raw pointers that are borrowed.
#include "adder/object/raw.hpp"

#include "adder/adder.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::count;
using test::fresh;

TEST(Raw, borrowed_pointers_come_in_three_flavours_and_change_no_count) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    EXPECT_TRUE(py.from_borrowed_ptr(object.as_ptr()).is(object));
    EXPECT_TRUE(py.from_borrowed_ptr_or_opt(object.as_ptr())->is(object));
    EXPECT_FALSE(py.from_borrowed_ptr_or_opt(nullptr));
    EXPECT_TRUE(py.from_borrowed_ptr_or_err(object.as_ptr()).is_ok());
    PyErr_SetString(PyExc_KeyError, "pending");
    EXPECT_TRUE(py.from_borrowed_ptr_or_err(nullptr).is_err());
    EXPECT_EQ(count(object), 1);
  });
}

}  // namespace
