// SPDX-License-Identifier: MIT
// Several C++ functions under one Python name. Ranks are tested one by one in python/test_overloads.py.
#include "adder/function/overload.hpp"

#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "support/errors.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace adder;
using test::error_of;

std::string of_int(long) { return "int"; }
std::string of_float(double) { return "float"; }
std::string of_text(const std::string&) { return "text"; }

/// The three as one Python function. Made once: its records are kept for good.
const Bound<PyAny>& kind(Python py) {
  static constinit GILOnceCell<Py<PyAny>> cell;
  const auto make = [py] {
    const auto module = PyModule::new_(py, "unit_test_overloads");
    ModuleBuilder(module.as_ptr()).def<overload<&of_float, &of_int, &of_text>>("kind");
    return module.getattr("kind"_s).unbind();
  };
  return cell.get_or_init(py, make).bind(py);
}

TEST(Overload, a_call_goes_to_the_function_that_fits_best_whatever_their_order) {
  Python::with_gil([](Python py) {
    const Bound<PyAny>& f = kind(py);
    EXPECT_EQ(f.call(1).extract<std::string>(), "int");
    EXPECT_EQ(f.call(true).extract<std::string>(), "int");
    EXPECT_EQ(f.call(1.5).extract<std::string>(), "float");
    EXPECT_EQ(f.call("x").extract<std::string>(), "text");
    // Too large for the one, and exact in the other.
    EXPECT_EQ(f.call(py.eval("2 ** 70")).extract<std::string>(), "float");
  });
}

TEST(Overload, a_call_that_fits_none_lists_them_all) {
  Python::with_gil([](Python py) {
    const Bound<PyAny>& f = kind(py);
    const std::string text = error_of([&] { f.call(py.None()); });
    EXPECT_EQ(text.substr(0, 9), "TypeError");
    EXPECT_NE(text.find("int"), std::string::npos);
    EXPECT_NE(text.find("float"), std::string::npos);
    EXPECT_NE(text.find("str"), std::string::npos);
    EXPECT_EQ(error_of([&] { f.call(); }).substr(0, 9), "TypeError");
    const auto bad = py.eval("type('I', (), {'__index__': lambda self: {}['boom']})()");
    EXPECT_EQ(error_of([&] { f.call(bad); }), "KeyError: 'boom'");  // What is raised is not taken for a misfit.
  });
}

}  // namespace
