// SPDX-License-Identifier: MIT
// What a failed cast says about the object and the types.
#include "adder/object/downcast_error.hpp"

#include "adder/adder.hpp"
#include "adder/object/pooled.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <utility>

namespace {

using namespace adder;
using test::count;
using test::fresh;

/// What @p f throws.
template <class F>
std::optional<PyDowncastError> thrown_by(F&& f) {
  try {
    (void)f();
  } catch (const PyDowncastError& error) {
    return error;
  }
  return std::nullopt;
}

TEST(DowncastError, it_keeps_the_object_and_both_types) {
  Python::with_gil([](Python py) {
    const auto object = fresh(py);
    {
      const auto error = thrown_by([&] { return object.cast<PyList>(); });
      ASSERT_TRUE(error);
      EXPECT_STREQ(error->what(), "TypeError: 'Fresh' object is not an instance of 'list'");
      EXPECT_TRUE(error->object(py).is(object));
      EXPECT_TRUE(error->from_type(py).is(object.get_type()));
      EXPECT_TRUE(error->to_type(py)->is(py.get_type<PyList>()));
      EXPECT_EQ(error->to_name(), "list");
      EXPECT_EQ(count(object), 2);
      EXPECT_TRUE(error->is_instance_of<PyTypeError>(py));
    }
    EXPECT_EQ(count(object), 1);
    EXPECT_FALSE(PyErr::occurred(py));
  });
}

TEST(DowncastError, all_casts_throw_it_and_a_temporary_that_is_refused_is_in_it) {
  Python::with_gil([](Python py) {
    const auto object = fresh(py);
    EXPECT_TRUE(thrown_by([&] { return object.downcast<PyList>(); }));
    EXPECT_TRUE(thrown_by([&] { return object.downcast_exact<PyList>(); }));
    EXPECT_TRUE(thrown_by([&] { return object.cast_exact<PyList>(); }));
    EXPECT_TRUE(thrown_by([&] { return PyObj(object).into_bound(py).cast<PyIterator>(); }));
    const PyObj stored(object);
    EXPECT_TRUE(thrown_by([&] { return stored.cast_bound<PyList>(py); }));
    EXPECT_FALSE(thrown_by([&] { return object.cast<PyIterator>(); })->to_type(py));
    EXPECT_FALSE(thrown_by([&] { return object.cast<PyAny>(); }));
    const auto lost = thrown_by([&] { return Bound<PyAny>(object).cast_into<PyList>(); });
    EXPECT_TRUE(lost && lost->object(py).is(object));
    Bound<PyAny> kept(object);
    EXPECT_TRUE(thrown_by([&] { return std::move(kept).cast_into_exact<PyList>(); }));
    EXPECT_TRUE(kept.is(object));  // Nothing was moved.
  });
}

TEST(DowncastError, it_is_found_in_the_error_of_a_result) {
  Python::with_gil([](Python py) {
    const auto object = fresh(py);
    {
      const GILPool pool = py.new_pool();
      const auto result = py.checked_cast_as<PyDict>(PyObj(object));
      ASSERT_TRUE(result.is_err());
      const auto error = PyDowncastError::of(result.error());
      ASSERT_TRUE(error);
      EXPECT_TRUE(error->object(py).is(object));
    }
    EXPECT_EQ(count(object), 1);
    EXPECT_FALSE(PyDowncastError::of(PyTypeError::new_err("another")));
    PyErr other = PyTypeError::new_err("moved");
    const PyErr into = std::move(other);
    EXPECT_FALSE(PyDowncastError::of(other));  // NOLINT(bugprone-use-after-move): what is asked about
  });
}

TEST(DowncastError, the_last_copy_may_die_on_a_thread_that_is_not_attached) {
  Python::with_gil([](Python py) {
    const auto object = fresh(py);
    auto error = thrown_by([&] { return object.cast<PyList>(); });
    ASSERT_TRUE(error);
    py.allow_threads_unchecked([&] { std::thread([&] { error.reset(); }).join(); });
    Python::with_gil([](Python) {});
    test::settle(py);
    EXPECT_EQ(count(object), 1);
  });
}

}  // namespace
