// SPDX-License-Identifier: MIT
// What the handle of any object can be cast to.
#include "adder/object/any.hpp"

#include "adder/adder.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <type_traits>
#include <utility>

namespace {

using namespace adder;
using test::count;

TEST(Any, downcast_of_an_lvalue_borrows_and_of_a_temporary_owns) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> any = py.eval("[1, 2]");
    const auto seen = any.downcast<PyList>();
    static_assert(std::is_same_v<decltype(seen), const Borrowed<PyList>>);
    EXPECT_EQ(count(any), 1);
    const auto owned = py.eval("[1, 2]").downcast<PyList>();
    static_assert(std::is_same_v<decltype(owned), const Bound<PyList>>);
    EXPECT_EQ(count(owned), 1);
    EXPECT_EQ(owned.len(), 2U);
  });
}

TEST(Any, downcast_to_the_wrong_type_names_both_and_makes_no_exception_object) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> any = py.eval("{}");
    try {
      (void)any.downcast<PyList>();
      FAIL() << "a dict is no list";
    } catch (const PyErr& error) {
      EXPECT_STREQ(error.what(), "TypeError: 'dict' object is not an instance of 'list'");
    }
    EXPECT_FALSE(any.try_downcast<PyList>());
    EXPECT_FALSE(PyErr::occurred(py));
    EXPECT_EQ(count(any), 1);
    // A failed cast of a temporary leaves the temporary its object.
    Bound<PyAny> kept = any;
    EXPECT_FALSE(std::move(kept).try_downcast<PyList>());
    EXPECT_EQ(kept.as_ptr(), any.as_ptr());  // NOLINT(bugprone-use-after-move)
  });
}

TEST(Any, downcast_exact_refuses_a_subtype) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> any = py.eval("True");
    EXPECT_EQ(any.downcast<PyInt>().as_ptr(), Py_True);
    EXPECT_THROW((void)any.downcast_exact<PyInt>(), PyErr);
    EXPECT_EQ(any.downcast_exact<PyBool>().as_ptr(), Py_True);
    EXPECT_EQ(any.downcast_unchecked<PyBool>().as_ptr(), Py_True);
  });
}

TEST(Any, the_casts_have_their_names_since_0_27) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> list = PyList::new_(py, 1, 2);
    EXPECT_EQ(list.cast<PyList>().len(), 2U);
    EXPECT_EQ(list.cast_exact<PyList>().len(), 2U);
    EXPECT_EQ(list.cast_unchecked<PyList>().len(), 2U);
    EXPECT_TRUE(list.try_cast<PyList>() && !list.try_cast<PyDict>());
    EXPECT_EQ(count(list), 1);
    static_assert(std::is_same_v<decltype(list.cast<PyList>()), Borrowed<PyList>>);
    static_assert(std::is_same_v<decltype(Bound<PyAny>(list).cast<PyList>()), Bound<PyList>>);
    static_assert(std::is_same_v<decltype(list.cast<PyList>().cast<PyAny>()), Borrowed<PyAny>>);
    Bound<PyAny> moved(list);
    const Bound<PyList> same = std::move(moved).cast_into<PyList>();
    EXPECT_EQ(count(list), 2);
    EXPECT_TRUE(Bound<PyAny>(list).cast_into_exact<PyList>().is(list));
    EXPECT_TRUE(Bound<PyAny>(list).cast_into_unchecked<PyList>().is(list));
    EXPECT_TRUE(Bound<PyAny>(list).try_cast<PyList>()->is(list));
    const PyObj stored(list);
    EXPECT_EQ(stored.cast_bound<PyList>(py).len(), 2U);
    EXPECT_EQ(count(list), 3);
  });
}

}  // namespace
