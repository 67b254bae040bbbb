// SPDX-License-Identifier: MIT
#include "adder/types/tuple.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "support/objects.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace adder;
using test::count;
using test::fresh;
using test::is_known_as;
using test::shown;

TEST(Tuple, a_tuple_is_searched_cut_and_gone_through_as_in_python) {
  Python::with_gil([](Python py) {
    const auto tuple = PyTuple::new_(py, 1, "a", py.None());
    is_known_as<PyTuple>(tuple);
    EXPECT_EQ(shown(tuple.get_slice(1, 9)), "('a', None)");
    EXPECT_EQ(tuple.index("a"), 1u);
    EXPECT_EQ(tuple.count(7), 0u);
    EXPECT_EQ(shown(tuple.to_list()), "[1, 'a', None]");
    EXPECT_EQ(shown(PyTuple::from_range(py, std::vector<int>{4, 5})), "(4, 5)");
    std::string seen;
    for (const auto& item : tuple) seen += shown(item) + ";";
    EXPECT_EQ(seen, "1;'a';None;");
  });
}

TEST(Tuple, tuple_items_are_borrowed_without_a_count) {
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

}  // namespace
