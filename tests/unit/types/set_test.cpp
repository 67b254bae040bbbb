// SPDX-License-Identifier: MIT
#include "adder/types/set.hpp"

#include "adder/adder.hpp"
#include "adder/stl/vector.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using namespace adder;
using test::error_of;
using test::is_known_as;
using test::shown;

TEST(Set, a_set_has_each_value_once_and_is_gone_through_as_long_as_it_keeps_them) {
  Python::with_gil([](Python py) {
    const auto set = PySet::new_(py, 1, 2, 2);
    is_known_as<PySet>(set);
    EXPECT_EQ(set.len(), 2u);
    set.add("x");
    EXPECT_TRUE(set.contains("x"));
    EXPECT_TRUE(set.discard("x"));
    EXPECT_FALSE(set.discard("x"));
    const auto frozen = PyFrozenSet::from_range(py, std::vector<int>{2, 3});
    is_known_as<PyFrozenSet>(frozen);
    EXPECT_EQ(shown(set.or_(frozen)), "{1, 2, 3}");
    EXPECT_EQ(shown(set.and_(frozen)), "{2}");
    EXPECT_EQ(PySet::from_iterable(PyString::new_(py, "hello")).len(), 4u);
    EXPECT_EQ(error_of([&] { set.add(PyList::empty(py)); }), test::python_error_of(py, "set().add([])"));
    EXPECT_EQ(error_of([&] {
                for (const auto& item : set) set.add(PyString::new_(py, shown(item)));
              }),
              "RuntimeError: Set changed size during iteration");
    set.clear();
    EXPECT_FALSE(set.pop());
    EXPECT_TRUE(PyFrozenSet::empty(py).is_empty());
  });
}

TEST(Set, a_set_that_is_being_made_is_found_by_nobody) {
  Python::with_gil([](Python py) {
    const auto names = PyDict::new_(py);
    py.run(R"(
      import gc
      class Curious:
          found = []
          def __hash__(self):
              self.found += [o for o in gc.get_objects() if type(o) is frozenset and 'adder edge' in o]
              return 1
    )",
           names);
    const auto curious = names.as_any().get_item("Curious");
    EXPECT_EQ(PyFrozenSet::new_(py, "adder edge", curious.call()).len(), 2u);
    EXPECT_EQ(curious.getattr("found"_s).len(), 0u);
  });
}

/// From 3.15 on CPython tracks such a set while it is filled.
TEST(Set, a_new_frozenset_of_containers_is_tracked_once) {
  Python::with_gil([](Python py) {
    const auto pair = [&] { return PyTuple::new_(py, 1, py.get_type<PyInt>()); };
    const auto set = PyFrozenSet::new_(py, pair(), 2);
    const auto of_range = PyFrozenSet::from_range(py, PyList::new_(py, pair(), 3));
    for (const auto& made : {set, of_range}) {
      EXPECT_EQ(made.len(), 2u);
      EXPECT_TRUE(made.contains(pair()));
      EXPECT_NE(PyObject_GC_IsTracked(made.as_ptr()), 0);
    }
  });
}

}  // namespace
