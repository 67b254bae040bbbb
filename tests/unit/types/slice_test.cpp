// SPDX-License-Identifier: MIT
// Slices and ranges.
#include "adder/types/slice.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::error_of;
using test::is_known_as;
using test::shown;

TEST(Slice, a_slice_is_cut_to_a_length_and_refuses_a_step_of_zero) {
  Python::with_gil([](Python py) {
    const auto slice = PySlice::new_(py, 1, py.None(), 2);
    is_known_as<PySlice>(slice);
    const SliceIndices indices = slice.indices(6);
    EXPECT_EQ(indices.start, 1);
    EXPECT_EQ(indices.stop, 6);
    EXPECT_EQ(indices.step, 2);
    EXPECT_EQ(indices.length, 3u);
    EXPECT_EQ(shown(PyList::new_(py, 0, 1, 2, 3).into_any().get_item(PySlice::new_(py, 1, 3))), "[1, 2]");
    EXPECT_EQ(PySlice::full(py).indices(4).length, 4u);
    EXPECT_EQ(error_of([&] { PySlice::new_(py, 0, 1, 0).indices(3); }), "ValueError: slice step cannot be zero");
  });
}

TEST(Slice, a_range_knows_its_ends_and_its_step) {
  Python::with_gil([](Python py) {
    const auto range = PyRange::new_(py, 10, 0, -3);
    is_known_as<PyRange>(range);
    EXPECT_EQ(range.start(), 10);
    EXPECT_EQ(range.stop(), 0);
    EXPECT_EQ(range.step(), -3);
    EXPECT_EQ(range.len(), 4u);
  });
}

}  // namespace
