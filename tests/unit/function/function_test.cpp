// SPDX-License-Identifier: MIT
// C++ functions as Python functions.
#include "adder/function/function.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;

int divide(int a, int b) {
  if (b == 0) throw std::domain_error("nothing to divide by");
  return a / b;
}
PyResult<int> checked(int a) {
  if (a < 0) return PyIndexError::new_err("negative");
  return a;
}
bool is_detached() { return !detail::is_attached(); }
Bound<PyAny> same(const Bound<PyAny>& object) { return object; }

/// A module with the functions above. Made once: their records are kept for good.
const Bound<PyModule>& functions(Python py) {
  static constinit GILOnceCell<Py<PyModule>> cell;
  const auto make = [py] {
    const auto module = PyModule::new_(py, "unit_test_functions");
    ModuleBuilder m(module.as_ptr());
    m.def<&divide>("divide");
    m.def<&checked>("checked", arg("a"));
    m.def<&is_detached>("is_detached", release_gil);
    m.def<&same>("same");
    return Py<PyModule>(module);
  };
  return cell.get_or_init(py, make).bind(py);
}

TEST(Function, what_leaves_it_by_throw_or_as_a_result_is_a_python_exception) {
  Python::with_gil([](Python py) {
    const auto f = functions(py);
    EXPECT_EQ(f.call_method("divide"_s, 7, 2).extract<int>(), 3);
    EXPECT_EQ(error_of([&] { f.call_method("divide"_s, 7, 0); }), "ValueError: nothing to divide by");
    EXPECT_EQ(error_of([&] { f.call_method("divide"_s, 7, 2.0); }),
              "TypeError: divide() argument 2 must be int, not float");
    EXPECT_EQ(error_of([&] { f.call_method("divide"_s, 7); }).substr(0, 9), "TypeError");
    // Without names its parameters are for positional arguments only.
    EXPECT_EQ(error_of([&] { f.call_method("divide"_s, kw("a"_s) = 7, kw("b"_s) = 1); }).substr(0, 9), "TypeError");
    EXPECT_EQ(f.call_method("checked"_s, kw("a"_s) = 4).extract<int>(), 4);
    EXPECT_EQ(error_of([&] { f.call_method("checked"_s, -1); }), "IndexError: negative");
  });
}

TEST(Function, the_gil_is_released_where_def_says_so) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(functions(py).call_method("is_detached"_s).extract<bool>());
    EXPECT_TRUE(detail::is_attached());
  });
}

TEST(Function, arguments_and_results_are_counted_once) {
  Python::with_gil([](Python py) {
    const auto f = functions(py).getattr("same"_s);
    const auto object = fresh(py);
    {
      const auto result = f.call(object);
      EXPECT_TRUE(result.is(object));
      EXPECT_EQ(count(object), 2);
    }
    EXPECT_EQ(count(object), 1);
  });
}

}  // namespace
