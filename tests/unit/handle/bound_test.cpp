// SPDX-License-Identifier: MIT
#include "adder/handle/bound.hpp"

#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace {

using namespace adder;
using test::count;
using test::fresh;

static_assert(!std::is_default_constructible_v<Bound<PyAny>>);
static_assert(!std::is_constructible_v<Bound<PyAny>, std::nullptr_t>);
static_assert(!std::is_constructible_v<Bound<PyAny>, ::PyObject*>);
static_assert(std::is_nothrow_move_constructible_v<Bound<PyAny>>);
static_assert(std::is_convertible_v<Bound<PyList>, Bound<PyAny>>);
static_assert(!std::is_convertible_v<Bound<PyAny>, Bound<PyList>>);
static_assert(!std::is_convertible_v<Bound<PyList>&, Bound<PyAny>&>);
static_assert(!std::is_convertible_v<Bound<PyList>, Bound<PyAny>&&>);  // Assigning through it would change the type.
static_assert(std::is_convertible_v<Bound<PyBool>, Bound<PyInt>>);
static_assert(!std::is_convertible_v<Bound<PyInt>, Bound<PyBool>>);

TEST(Bound, copying_adds_exactly_one_reference) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    ASSERT_EQ(count(object), 1);
    {
      const Bound<PyAny> copy = object;
      EXPECT_EQ(count(object), 2);
      EXPECT_TRUE(copy.is(object));
    }
    EXPECT_EQ(count(object), 1);
  });
}

TEST(Bound, moving_changes_no_count_and_leaves_nothing) {
  Python::with_gil([](Python py) {
    Bound<PyAny> object = fresh(py);
    const Bound<PyAny> moved = std::move(object);
    EXPECT_EQ(count(moved), 1);
    EXPECT_EQ(object.as_ptr(), nullptr);  // NOLINT(bugprone-use-after-move): that is the question
    object = moved;
    EXPECT_EQ(count(moved), 2);
  });
}

TEST(Bound, assignment_releases_the_old_object) {
  Python::with_gil([](Python py) {
    Bound<PyAny> a = fresh(py), b = fresh(py);
    const Bound<PyAny> keep = a;
    a = b;
    EXPECT_EQ(count(keep), 1);
    EXPECT_EQ(count(b), 2);
    const Bound<PyAny>& same = a;
    a = same;
    EXPECT_EQ(count(b), 2);
  });
}

Py_ssize_t count_through_parameter(const Bound<PyAny>& any) { return count(any); }

TEST(Bound, upcast_to_a_parameter_touches_no_count) {
  Python::with_gil([](Python py) {
    const Bound<PyList> list = PyList::empty(py);
    EXPECT_EQ(count_through_parameter(list), 1);
    EXPECT_EQ(count_through_parameter(PyList::empty(py)), 1);
    EXPECT_EQ(count_through_parameter(list.as_borrowed()), 1);
    const Bound<PyAny>& seen = list;
    EXPECT_EQ(seen.as_ptr(), list.as_ptr());
  });
}

TEST(Bound, upcast_by_value_adds_one_and_into_any_moves) {
  Python::with_gil([](Python py) {
    Bound<PyList> list = PyList::empty(py);
    const Bound<PyAny> copy = list;
    EXPECT_EQ(count(list), 2);
    const Bound<PyAny> moved = std::move(list).into_any();
    EXPECT_EQ(count(moved), 2);
    EXPECT_EQ(list.as_ptr(), nullptr);  // NOLINT(bugprone-use-after-move): that is the question
    const Bound<PyInt> number = PyBool::new_(py, true);
    EXPECT_EQ(number.as_ptr(), Py_True);
  });
}

TEST(Bound, unbind_and_into_ptr_hand_the_reference_over) {
  Python::with_gil([](Python py) {
    Bound<PyAny> object = fresh(py);
    ::PyObject* raw = object.as_ptr();
    Py<PyAny> unbound = std::move(object).unbind();
    EXPECT_EQ(Py_REFCNT(raw), 1);
    Bound<PyAny> again = std::move(unbound).into_bound(py);
    ::PyObject* owned = std::move(again).into_ptr();
    EXPECT_EQ(owned, raw);
    EXPECT_EQ(Py_REFCNT(raw), 1);
    Py_DECREF(owned);
  });
}

TEST(Bound, the_pointer_factories_take_over_or_add_one) {
  Python::with_gil([](Python py) {
    ::PyObject* raw = fresh(py).into_ptr();
    const auto borrowed = Bound<PyAny>::from_borrowed_ptr(py, raw);
    EXPECT_EQ(Py_REFCNT(raw), 2);
    const auto owned = Bound<PyAny>::from_owned_ptr(py, raw);
    EXPECT_EQ(Py_REFCNT(raw), 2);
    EXPECT_FALSE(Bound<PyAny>::from_owned_ptr_or_opt(py, nullptr));
    EXPECT_FALSE(Bound<PyAny>::from_borrowed_ptr_or_opt(py, nullptr));
    EXPECT_TRUE(Bound<PyAny>::from_borrowed_ptr_or_opt(py, raw)->is(owned));
    PyErr_SetString(PyExc_KeyError, "pending");
    const auto failed = Bound<PyAny>::from_owned_ptr_or_err(py, nullptr);
    ASSERT_TRUE(failed.is_err());
    EXPECT_STREQ(failed.error().what(), "KeyError: 'pending'");
    EXPECT_FALSE(PyErr::occurred(py));
  });
}

}  // namespace
