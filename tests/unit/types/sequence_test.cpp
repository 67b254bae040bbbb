// SPDX-License-Identifier: MIT
// The abstract types of the collections.
#include "adder/types/sequence.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::error_of;
using test::is_known_as;
using test::shown;

TEST(Sequence, sequences_and_mappings_are_told_as_collections_abc_tells_them) {
  Python::with_gil([](Python py) {
    is_known_as<PySequence>(PyList::new_(py, 1));
    is_known_as<PySequence>(PyString::new_(py, "x"));
    is_known_as<PyMapping>(PyDict::new_(py));
    EXPECT_FALSE(PyDict::new_(py).is_instance_of<PySequence>());
    const auto range = PyRange::new_(py, 0, 5).into_any().downcast<PySequence>();
    EXPECT_EQ(range.get_item(2).extract<int>(), 2);
    EXPECT_EQ(shown(range.get_slice(1, 3)), "range(1, 3)");
    EXPECT_EQ(shown(range.to_list()), "[0, 1, 2, 3, 4]");
    const auto dict = PyDict::new_(py, kw("a") = 1);
    const auto proxy = PyMappingProxy::new_(dict);
    is_known_as<PyMappingProxy>(proxy);
    EXPECT_EQ(shown(proxy.items()), "[('a', 1)]");
    dict.set_item("b", 2);
    EXPECT_EQ(proxy.len(), 2u);
    EXPECT_EQ(error_of([&] { proxy.set_item("c", 3); }).substr(0, 9), "TypeError");
  });
}

}  // namespace
