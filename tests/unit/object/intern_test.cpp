// SPDX-License-Identifier: MIT
#include "adder/object/intern.hpp"

#include "adder/adder.hpp"
#include "adder/call/call.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace {

using namespace adder;
using test::count;

TEST(Intern, the_name_in_a_literal_is_one_object_at_each_pass) {
  Python::with_gil([](Python py) {
    std::vector<const void*> keys;
    for (int pass = 0; pass < 3; ++pass) {
      const auto names = PyDict::new_(py, kw("eval_test_name"_s) = pass);
      for (const auto& [key, value] : names) keys.push_back(key.as_ptr());
      const auto probe = py.eval("lambda **names: [id(name) for name in names]");
      keys.push_back(
          reinterpret_cast<const void*>(probe(kw("eval_test_name"_s) = 1).get_item(0).extract<std::uintptr_t>()));
    }
    for (const void* key : keys) EXPECT_EQ(key, keys.front());
    // It is the string that Python's own source would use, and it keeps its count.
    EXPECT_EQ(py.eval("'eval_test_name'").as_ptr(), keys.front());
    EXPECT_EQ(PyString::intern(py, "eval_test_name").as_ptr(), keys.front());
    const auto held = py.eval("'eval_test_name'");
    const Py_ssize_t before = count(held);
    for (int pass = 0; pass < 5; ++pass) (void)PyDict::new_(py, kw("eval_test_name"_s) = pass);
    EXPECT_EQ(count(held), before);
  });
}

}  // namespace
