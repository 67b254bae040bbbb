// SPDX-License-Identifier: MIT
#include "adder/handle/py.hpp"

#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace {

using namespace adder;
using test::count;
using test::fresh;

static_assert(std::is_same_v<PyObj, Py<PyAny>>);
static_assert(!std::is_copy_constructible_v<Py<PyAny>> && !std::is_copy_assignable_v<Py<PyAny>>);
static_assert(std::is_nothrow_move_constructible_v<Py<PyAny>> && std::is_nothrow_move_assignable_v<Py<PyAny>>);
static_assert(!std::is_default_constructible_v<Py<PyAny>>);

template <class Owner>
concept can_release = requires(Python py, Owner&& owner) { py.release(static_cast<Owner&&>(owner)); };

TEST(Py, clone_ref_adds_exactly_one_reference) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    const Py<PyAny> owner = object;
    EXPECT_EQ(count(object), 2);
    {
      const Py<PyAny> clone = owner.clone_ref(py);
      EXPECT_EQ(count(object), 3);
      EXPECT_TRUE(clone.is(owner));
    }
    EXPECT_EQ(count(object), 2);
  });
}

TEST(Py, bind_gives_a_handle_without_touching_the_count) {
  Python::with_gil([](Python py) {
    const Py<PyList> list = PyList::empty(py).unbind();
    EXPECT_EQ(count(list), 1);
    const Bound<PyList>& bound = list.bind(py);
    bound.append(1);
    EXPECT_EQ(count(list), 1);
    EXPECT_EQ(list.as_ref(py).len(), 1U);
    EXPECT_EQ(list.extract<Py<PyList>>(py).as_ptr(), list.as_ptr());
  });
}

TEST(Py, upcasts_by_move) {
  Python::with_gil([](Python py) {
    Py<PyList> list = PyList::empty(py).unbind();
    ::PyObject* raw = list.as_ptr();
    const PyObj any = std::move(list);
    EXPECT_EQ(any.as_ptr(), raw);
    EXPECT_EQ(list.as_ptr(), nullptr);  // NOLINT(bugprone-use-after-move): that is the question
    EXPECT_EQ(Py_REFCNT(raw), 1);
  });
}

TEST(Py, cast_as_checks_the_type) {
  Python::with_gil([](Python py) {
    const PyObj list = PyList::empty(py).unbind();
    EXPECT_EQ(list.cast_as<PyList>(py).len(), 0U);
    EXPECT_THROW((void)list.cast_as<PyDict>(py), PyErr);
    EXPECT_EQ(count(list), 1);
  });
}

// Also a test of the build: g++ -O3 warned of such variables.
bool keeps_one(const Bound<PyAny>& object, int rounds) {
  std::optional<Py<PyAny>> last;
  std::optional<Py<PyAny>> next;
  for (int i = 0; i < rounds; ++i) {
    if (i % 3 != 0) next = Py<PyAny>(object);
    last = std::move(next);
    next.reset();
  }
  return last.has_value();
}
TEST(Py, may_be_optional) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    EXPECT_FALSE(keeps_one(object, 1));
    EXPECT_TRUE(keeps_one(object, 3));
    EXPECT_EQ(count(object), 1);
  });
}
TEST(Py, assignment_releases_the_old_object_last) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> first = fresh(py), second = fresh(py);
    Py<PyAny> handle = first;
    handle = Py<PyAny>(second);
    EXPECT_EQ(count(first), 1);
    EXPECT_EQ(count(second), 2);
  });
}

TEST(Py, crosses_to_a_thread_that_attaches_and_is_dropped_there) {
  const Py<PyList> keep = Python::with_gil([](Python py) { return PyList::empty(py).unbind(); });
  Py<PyList> sent = Python::with_gil([&](Python py) { return keep.clone_ref(py); });
  std::thread([list = std::move(sent)] {
    Python::with_gil([&](Python py) { list.bind(py).append("from afar"); });
  }).join();
  Python::with_gil([&](Python py) {
    EXPECT_EQ(keep.bind(py).len(), 1U);
    EXPECT_EQ(count(keep), 1);
  });
}

TEST(Py, drop_ref_releases_at_once) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    Py<PyAny> owner = object;
    std::move(owner).drop_ref(py);
    EXPECT_EQ(count(object), 1);
    py.release(Py<PyAny>(object));
    EXPECT_EQ(count(object), 1);
    py.xdecref(nullptr);
    py.xdecref(Py_NewRef(object.as_ptr()));
    Bound<PyAny> bound(object);
    py.release(std::move(bound));
    EXPECT_EQ(count(object), 1);
    py.release(std::move(bound));  // NOLINT(bugprone-use-after-move): nothing is left to release
    py.xdecref(Py<PyAny>(object));
    py.xdecref(Bound<PyAny>(object));
    py.xdecref(std::optional<Py<PyAny>>(Py<PyAny>(object)));
    py.xdecref(std::optional<Bound<PyAny>>());
    EXPECT_EQ(count(object), 1);
    static_assert(can_release<Bound<PyAny>> && !can_release<Bound<PyAny>&>);  // Which would stay the owner.
    EXPECT_EQ(count(object), 1);
  });
}

}  // namespace
