// SPDX-License-Identifier: MIT
#include "adder/token/gil_pool.hpp"

#include "support/refcount.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::count;
using test::fresh;

static_assert(!std::is_copy_constructible_v<GILPool> && !std::is_move_constructible_v<GILPool>);

TEST(GilPool, releases_its_references_when_it_is_dropped_and_not_before) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    {
      const GILPool pool = py.new_pool();
      const Borrowed<PyAny> pooled = pool.python().from_owned_ptr(Py_NewRef(object.as_ptr()));
      EXPECT_EQ(count(object), 2);
      EXPECT_TRUE(pooled.is(object));
      {
        const GILPool inner = py.new_pool();
        (void)py.from_owned_ptr(Py_NewRef(object.as_ptr()));
        EXPECT_EQ(count(object), 3);
        EXPECT_EQ(inner.size(), 1U);
      }
      EXPECT_EQ(count(object), 2);
      EXPECT_EQ(pool.size(), 1U);
    }
    EXPECT_EQ(count(object), 1);
  });
}

TEST(GilPool, keeps_memory_flat_over_a_million_iterations) {
  Python::with_gil([](Python py) {
    using namespace adder::literals;
    const auto blocks = [&] { return py.import("sys").call_method("getallocatedblocks"_s).extract<std::int64_t>(); };
    const std::int64_t before = blocks();
    for (int i = 0; i < 1'000'000; ++i) {
      const GILPool pool = py.new_pool();
      (void)pool.python().from_owned_ptr(PyFloat_FromDouble(i));
    }
    EXPECT_NEAR(static_cast<double>(blocks() - before), 0, 5);
  });
}

TEST(GilPool, owned_pointers_come_in_three_flavours) {
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

TEST(GilPool, borrowed_pointers_come_in_three_flavours_and_change_no_count) {
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

TEST(GilPool, casts_register_the_object) {
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
      EXPECT_EQ(count(list), 4);
    }
    EXPECT_EQ(count(list), 1);
  });
}

TEST(GilPool, without_a_pool_owned_pointers_are_refused_and_released) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    EXPECT_THROW((void)py.from_owned_ptr(Py_NewRef(object.as_ptr())), PyErr);
    EXPECT_EQ(count(object), 1);
  });
}

void use_after_pool() {
  Python::with_gil([](Python py) {
    std::optional<Borrowed<PyAny>> escaped;
    {
      const GILPool pool = py.new_pool();
      escaped = pool.python().from_owned_ptr(PyList_New(0));
    }
    (void)escaped->repr();
  });
}
void cast_after_pool() {
  Python::with_gil([](Python py) {
    std::optional<Borrowed<PyList>> escaped;
    {
      const GILPool pool = py.new_pool();
      escaped = pool.python().from_owned_ptr(PyList_New(0)).downcast<PyList>();
    }
    (void)escaped->len();
  });
}
void null_owned() {
  Python::with_gil([](Python py) { (void)py.from_owned_ptr(nullptr); });
}
TEST(GilPoolDeathTest, null_ends_the_process) { EXPECT_DEATH(null_owned(), "from_owned_ptr: the pointer is null"); }

TEST(GilPoolDeathTest, a_reference_used_after_its_pool_ends_a_checked_process) {
#if ADDER_CHECKED
  EXPECT_DEATH(use_after_pool(), "Borrowed<PyAny>: repr: its GILPool was dropped");
  EXPECT_DEATH(cast_after_pool(), "Borrowed<PyList>: len: its GILPool was dropped");
#else
  (void)&use_after_pool;
  (void)&cast_after_pool;
  GTEST_SKIP() << "only checked builds know";
#endif
}

}  // namespace
