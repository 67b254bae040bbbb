// SPDX-License-Identifier: MIT
#include "adder/types/list.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <utility>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;
using test::shown;

TEST(Builder, a_builder_grows_shrinks_and_shows_to_nobody_what_is_not_finished) {
  Python::with_gil([](Python py) {
    PyListBuilder list(py, 2);
    for (int i = 0; i < 20; ++i) list.push_back(i);  // More than announced.
    EXPECT_EQ(std::move(list).finish().len(), 20u);
    PyListBuilder fewer(py, 100);
    fewer.push_back("x");
    const auto short_list = std::move(fewer).finish();
    EXPECT_EQ(shown(short_list), "['x']");
    short_list.append(1);
    EXPECT_EQ(shown(short_list), "['x', 1]");
    EXPECT_TRUE(PyObject_GC_IsTracked(short_list.as_ptr()));
    EXPECT_EQ(error_of([&] { fewer.push_back(1); }), "RuntimeError: a builder was used after its finish()");
    EXPECT_EQ(error_of([&] { (void)std::move(fewer).finish(); }),
              "RuntimeError: a builder was used after its finish()");

    for (const std::size_t announced : {0u, 1u, 3u, 10u}) {
      PyTupleBuilder tuple(py, announced);
      for (int i = 0; i < 3; ++i) tuple.push_back(i);
      const auto made = std::move(tuple).finish();
      EXPECT_EQ(shown(made), "(0, 1, 2)");
      EXPECT_TRUE(PyObject_GC_IsTracked(made.as_ptr()));
    }
    EXPECT_EQ(shown(PyTupleBuilder(py, 4).finish()), "()");
    EXPECT_TRUE(PyTupleBuilder(py, 0).finish().is(PyTuple::empty(py)));
    EXPECT_EQ(error_of([&] { PyListBuilder(py, SIZE_MAX); }), "MemoryError");

    const Bound<PyAny> item = fresh(py);
    {
      PyListBuilder dropped(py, 3);
      dropped.push_back(item);
      EXPECT_EQ(error_of([&] { dropped.push_back("\xff"); }).substr(0, 18), "UnicodeDecodeError");
      EXPECT_EQ(dropped.size(), 1u);
      EXPECT_EQ(count(item), 2);
      // Nobody finds a list that is being built.
      py.run("import gc\nassert not any(type(o) is list and any(x is item for x in o) for o in gc.get_referrers(item))",
             {}, PyDict::new_(py, kw("item") = item));
    }
    EXPECT_EQ(count(item), 1);
  });
}

}  // namespace
