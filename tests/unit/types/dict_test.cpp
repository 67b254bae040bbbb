// SPDX-License-Identifier: MIT
#include "adder/types/dict.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/types/typed.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace {

using namespace adder;
using test::error_of;
using test::is_known_as;
using test::shown;

TEST(Dict, a_dict_is_looked_up_merged_and_gone_through_as_long_as_it_keeps_its_keys) {
  Python::with_gil([](Python py) {
    const auto dict = PyDict::new_(py, kw("a"_s) = 1, kw("b") = "two");
    is_known_as<PyDict>(dict);
    EXPECT_EQ(shown(dict), "{'a': 1, 'b': 'two'}");
    EXPECT_EQ(dict.get_item("a")->extract<int>(), 1);
    EXPECT_FALSE(dict.get_item("z"));
    EXPECT_EQ(dict.set_default("a", 5).extract<int>(), 1);
    EXPECT_EQ(dict.set_default("c", 5).extract<int>(), 5);
    EXPECT_EQ(dict.pop("c")->extract<int>(), 5);
    EXPECT_FALSE(dict.pop("c"));
    EXPECT_EQ(error_of([&] { dict.pop(PyList::empty(py)); }), test::python_error_of(py, "{'a': 1}.pop([])"));
    dict.update(PyDict::new_(py, kw("a") = 2, kw("d") = 4));
    dict.update_if_missing(PyDict::new_(py, kw("a") = 3, kw("e") = 5));
    EXPECT_EQ(shown(dict), "{'a': 2, 'b': 'two', 'd': 4, 'e': 5}");
    dict.del_item("b");
    EXPECT_EQ(error_of([&] { dict.del_item("b"); }), "KeyError: 'b'");
    EXPECT_EQ(shown(PyDict::from_range(py, std::map<std::string, int>{{"x", 1}, {"y", 2}})), "{'x': 1, 'y': 2}");
    EXPECT_EQ(shown(dict.keys()), "['a', 'd', 'e']");
    EXPECT_EQ(error_of([&] {
                for (const auto& [key, value] : dict) dict.set_item(shown(key), value);
              }),
              "RuntimeError: dictionary changed size during iteration");
    const auto turning = PyDict::new_(py, kw("k") = 0);
    int next = 0;
    EXPECT_EQ(error_of([&] {
                for (const auto& [key, value] : turning) {
                  turning.set_item(++next, 1);
                  turning.del_item(key);
                }
              }),
              "RuntimeError: dictionary keys changed during iteration");
    int sum = 0;
    for (const auto& [key, value] : dict.as<std::string, int>()) sum += value;
    EXPECT_EQ(sum, 2 + 4 + 5 + 2);  // The loop above added one before it was stopped.
    dict.set_item("f", "?");
    EXPECT_EQ(error_of([&] {
                for (const auto& [key, value] : dict.as<std::string, int>()) sum += value;
              }),
              "TypeError: ['f']: expected int, got str");
  });
}

}  // namespace
