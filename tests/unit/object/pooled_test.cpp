// SPDX-License-Identifier: MIT
// Raw pointers that a pool owns.
#include "adder/object/pooled.hpp"

#include "adder/adder.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::count;
using test::fresh;

TEST(Pooled, owned_pointers_come_in_three_flavours) {
  Python::with_gil([](Python py) {
    const GILPool pool = py.new_pool();
    EXPECT_EQ(py.from_owned_ptr<PyList>(PyList_New(0)).len(), 0U);
    EXPECT_FALSE(py.from_owned_ptr_or_opt(nullptr));
    EXPECT_TRUE(py.from_owned_ptr_or_opt<PyList>(PyList_New(2)));
    PyErr_SetString(PyExc_KeyError, "pending");
    const auto failed = py.from_owned_ptr_or_err(nullptr);
    EXPECT_TRUE(failed.is_err() && failed.error().is_instance_of<PyKeyError>(py));
    EXPECT_TRUE(py.from_owned_ptr_or_err(PyList_New(0)).is_ok());
  });
}

TEST(Pooled, casts_register_the_object) {
  Python::with_gil([](Python py) {
    const Bound<PyList> list = PyList::empty(py);
    {
      const GILPool pool = py.new_pool();
      const auto good = py.checked_cast_as<PyList>(PyObj(list));
      EXPECT_TRUE(good.is_ok());
      EXPECT_EQ(count(list), 2);
      const auto bad = py.checked_cast_as<PyDict>(PyObj(list));
      ASSERT_TRUE(bad.is_err());
      EXPECT_STREQ(bad.error().what(), "TypeError: 'list' object is not an instance of 'dict'");
      EXPECT_EQ(py.cast_as<PyList>(PyObj(list)).len(), 0U);
      EXPECT_EQ(count(list), 5);  // The error knows it, too.
    }
    EXPECT_EQ(count(list), 1);
  });
}

TEST(Pooled, without_a_pool_owned_pointers_are_refused_and_released) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    EXPECT_THROW((void)py.from_owned_ptr(Py_NewRef(object.as_ptr())), PyErr);
    EXPECT_EQ(count(object), 1);
  });
}

void null_owned() {
  Python::with_gil([](Python py) { (void)py.from_owned_ptr(nullptr); });
}
TEST(PooledDeathTest, null_ends_the_process) { EXPECT_DEATH(null_owned(), "from_owned_ptr: the pointer is null"); }

}  // namespace
