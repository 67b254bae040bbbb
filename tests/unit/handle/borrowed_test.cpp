// SPDX-License-Identifier: MIT
#include "adder/handle/borrowed.hpp"

#include "adder/adder.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <type_traits>

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

}  // namespace
