// SPDX-License-Identifier: MIT
#include "adder/handle/borrowed.hpp"

#include "support/refcount.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::count;
using test::fresh;

static_assert(!std::is_default_constructible_v<Borrowed<PyAny>>);
static_assert(std::is_convertible_v<const Bound<PyList>&, Borrowed<PyAny>>);
static_assert(!std::is_constructible_v<Borrowed<PyAny>, Bound<PyAny>>);
static_assert(!std::is_constructible_v<Borrowed<PyAny>, Bound<PyList>>);
static_assert(std::is_convertible_v<Borrowed<PyList>, Borrowed<PyAny>>);
static_assert(!std::is_convertible_v<Borrowed<PyAny>, Borrowed<PyList>>);

Py_ssize_t count_through_parameter(const Bound<PyAny>& any) { return count(any); }

TEST(Borrowed, causes_no_reference_traffic) {
  Python::with_gil([](Python py) {
    const Bound<PyList> list = PyList::empty(py);
    const Borrowed<PyList> borrowed = list;
    const Borrowed<PyAny> upcast = borrowed;
    Borrowed<PyAny> assigned = upcast;
    assigned = list.as_borrowed();
    EXPECT_EQ(count(list), 1);
    EXPECT_EQ(count_through_parameter(borrowed), 1);
    EXPECT_EQ(count_through_parameter(upcast), 1);
    borrowed.append(1);
    EXPECT_EQ(list.len(), 1U);
  });
}

TEST(Borrowed, to_owned_and_unbind_add_one) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    const Borrowed<PyAny> borrowed = object;
    const Bound<PyAny> owned = borrowed.to_owned();
    EXPECT_EQ(count(object), 2);
    const Py<PyAny> unbound = borrowed.unbind();
    EXPECT_EQ(count(object), 3);
  });
}

TEST(Borrowed, tuple_items_are_borrowed_without_a_count) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    const Bound<PyTuple> tuple = PyTuple::new_(py, object);
    EXPECT_EQ(count(object), 2);
    const Borrowed<PyAny> item = tuple.get_borrowed_item(0);
    EXPECT_EQ(item.as_ptr(), object.as_ptr());
    EXPECT_EQ(count(object), 2);
    EXPECT_THROW((void)tuple.get_borrowed_item(1), PyErr);
  });
}

TEST(Downcast, of_an_lvalue_borrows_and_of_a_temporary_owns) {
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

TEST(Downcast, to_the_wrong_type_names_both_and_makes_no_exception_object) {
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

TEST(Downcast, exact_refuses_a_subtype) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> any = py.eval("True");
    EXPECT_EQ(any.downcast<PyInt>().as_ptr(), Py_True);
    EXPECT_THROW((void)any.downcast_exact<PyInt>(), PyErr);
    EXPECT_EQ(any.downcast_exact<PyBool>().as_ptr(), Py_True);
    EXPECT_EQ(any.downcast_unchecked<PyBool>().as_ptr(), Py_True);
  });
}

struct PyDecimal : ImportedType<"decimal", "Decimal"> {};

TEST(Downcast, works_for_a_type_that_the_user_declared) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> value = py.eval("__import__('decimal').Decimal('1.5')");
    EXPECT_TRUE(value.downcast<PyDecimal>().eq(1.5));
    EXPECT_FALSE(py.eval("1.5").try_downcast<PyDecimal>());
    try {
      (void)py.eval("1.5").downcast<PyDecimal>();
      FAIL();
    } catch (const PyErr& error) {
      EXPECT_STREQ(error.what(), "TypeError: 'float' object is not an instance of 'Decimal'");
    }
  });
}

}  // namespace
