// SPDX-License-Identifier: MIT
#include "adder/token/gil_pool.hpp"

#include "adder/adder.hpp"
#include "adder/object/pooled.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <type_traits>

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
    const Py_ssize_t before = test::allocated_blocks(py);
    for (int i = 0; i < 1'000'000; ++i) {
      const GILPool pool = py.new_pool();
      (void)pool.python().from_owned_ptr(PyFloat_FromDouble(i));
    }
    EXPECT_NEAR(static_cast<double>(test::allocated_blocks(py) - before), 0, 5);
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
