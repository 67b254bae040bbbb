// SPDX-License-Identifier: MIT
// Handles, the token's singletons and PyErr as values.
#include "adder/convert/handles.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;

TEST(Handles, an_extracted_handle_adds_one_reference_and_refuses_other_types) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> list = py.eval("[1]");
    {
      const auto bound = list.extract<Bound<PyList>>();
      const auto stored = list.extract<Py<PyAny>>();
      EXPECT_TRUE(bound.is(list));
      EXPECT_EQ(count(list), 3);
    }
    EXPECT_EQ(count(list), 1);
    EXPECT_EQ(error_of([&] { return list.extract<Bound<PyDict>>(); }), "TypeError: expected dict, got list");
    EXPECT_EQ(error_of([&] { return list.extract<Py<PyString>>(); }), "TypeError: expected str, got list");
    EXPECT_EQ(count(list), 1);
  });
}

TEST(Handles, a_handle_is_its_object_and_gives_its_reference_where_it_is_moved) {
  Python::with_gil([](Python py) {
    const Bound<PyAny> object = fresh(py);
    const Borrowed<PyAny> borrowed = object;
    Bound<PyAny> given = object;
    const Py<PyAny> stored = object;
    {
      const auto list = PyList::new_(py, object, borrowed, std::move(given), stored);
      EXPECT_EQ(count(object), 6);  // Four in the list.
      for (const auto& item : list) EXPECT_TRUE(item.is(object));
    }
    EXPECT_EQ(count(object), 2);
  });
}

TEST(Handles, singletons_and_errors_are_objects_too) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(into_py(py, py.None()).value().is_none());
    const auto error = into_py(py, PyKeyError::new_err("k")).value();
    EXPECT_TRUE(error.is_instance_of<PyKeyError>());
    EXPECT_EQ(error.repr().to_string(), "KeyError('k')");
  });
}

}  // namespace
