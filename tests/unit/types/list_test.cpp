// SPDX-License-Identifier: MIT
#include "adder/types/list.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/vector.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using namespace adder;
using test::error_of;
using test::is_known_as;
using test::shown;

TEST(List, a_list_is_made_changed_and_emptied_as_in_python) {
  Python::with_gil([](Python py) {
    const auto list = PyList::new_(py, 3, 1, 2);
    is_known_as<PyList>(list);
    list.sort();
    EXPECT_EQ(shown(list), "[1, 2, 3]");
    list.append("x");
    list.extend(PyTuple::new_(py, 4, 5));
    list.insert(0, py.None());
    EXPECT_EQ(shown(list), "[None, 1, 2, 3, 'x', 4, 5]");
    EXPECT_EQ(shown(list.get_slice(1, 3)), "[1, 2]");
    EXPECT_EQ(shown(list.get_slice(5, 99)), "[4, 5]");
    list.set_slice(1, 4, PyList::new_(py, 9));
    EXPECT_EQ(shown(list), "[None, 9, 'x', 4, 5]");
    list.del_slice(0, 1);
    list.del_item(0);
    EXPECT_EQ(shown(list), "['x', 4, 5]");
    EXPECT_EQ(list.index(5), 2u);
    EXPECT_EQ(list.count("x"), 1u);
    EXPECT_EQ(list.pop().extract<int>(), 5);
    EXPECT_EQ(list.pop(0).extract<std::string>(), "x");
    list.remove(4);
    EXPECT_TRUE(list.is_empty());
    EXPECT_EQ(error_of([&] { list.pop(); }), "IndexError: pop from empty list");
    EXPECT_EQ(shown(PyList::from_range(py, std::vector<int>{1, 2, 3})), "[1, 2, 3]");
    EXPECT_EQ(shown(PyList::new_(py, 1, 2).to_tuple()), "(1, 2)");
    EXPECT_TRUE(list.copy().eq(list));
    EXPECT_FALSE(list.copy().is(list));
  });
}

}  // namespace
