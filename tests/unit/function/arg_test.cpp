// SPDX-License-Identifier: MIT
// What def says about parameters, as a call meets it and as Python shows it. Each combination is in
// python/test_signatures.py.
#include "adder/function/arg.hpp"

#include "adder/adder.hpp"
#include "adder/function/closure.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace adder;
using test::count;
using test::error_of;

struct Nothing {};
int weigh(const Nothing&, int a, int b, int c) { return 100 * a + 10 * b + c; }
Bound<PyTuple> gather(const Nothing&, int first, const Args& args, const Kwargs& kwargs) {
  return PyTuple::new_((*args).py(), first, *args, *kwargs);
}
double half(const Nothing&, double x) { return x / 2; }
int twice_the_length(const Bound<PyAny>& object) { return 2 * static_cast<int>(object.len()); }
int give(const Nothing&, int x) { return x; }

std::string shown(const Bound<PyAny>& object) { return object.repr().to_string(); }

TEST(Arg, names_defaults_and_markers_are_those_of_a_python_function) {
  Python::with_gil([](Python py) {
    const auto f =
        new_closure<&weigh>(py, "weigh", Nothing{}, arg("a"), pos_only, arg("b") = 2, kw_only, arg("c") = 3, "Weighs.");
    EXPECT_EQ(shown(f.getattr("__text_signature__"_s)), "'($module, a, /, b=2, *, c=3)'");
    EXPECT_EQ(shown(f.getattr("__doc__"_s)), "'Weighs.'");
    EXPECT_EQ(f.call(1).extract<int>(), 123);
    EXPECT_EQ(f.call(1, 5, kw("c"_s) = 9).extract<int>(), 159);
    EXPECT_EQ(f.call(1, kw("c"_s) = 0, kw("b"_s) = 0).extract<int>(), 100);
    EXPECT_EQ(error_of([&] { f.call(); }), "TypeError: weigh() missing 1 required positional argument: 'a'");
    EXPECT_EQ(error_of([&] { f.call(1, 2, 3); }).substr(0, 24), "TypeError: weigh() takes");
    EXPECT_EQ(error_of([&] { f.call(1, kw("d"_s) = 1); }), "TypeError: weigh() got an unexpected keyword argument 'd'");
    EXPECT_EQ(error_of([&] { f.call(1, 2, kw("b"_s) = 2); }),
              "TypeError: weigh() got multiple values for argument 'b'");
    EXPECT_EQ(error_of([&] { f.call(1, kw("c"_s) = "x"); }), "TypeError: weigh() argument 'c' must be int, not str");
  });
}

TEST(Arg, further_arguments_are_gathered_and_none_is_kept) {
  Python::with_gil([](Python py) {
    const auto f = new_closure<&gather>(py, "gather", Nothing{}, arg("first"));
    EXPECT_EQ(shown(f.call(1)), "(1, (), {})");
    EXPECT_EQ(shown(f.call(1, 2, 3, kw("x"_s) = 4)), "(1, (2, 3), {'x': 4})");
    const auto object = test::fresh(py);
    for (int i = 0; i < 3; ++i) f.call(1, object, kw("x"_s) = object);
    EXPECT_EQ(error_of([&] { f.call("x", object); }).substr(0, 9), "TypeError");
    EXPECT_EQ(count(object), 1);
  });
}

TEST(Arg, a_strict_argument_takes_its_own_type_and_another_what_its_function_makes_of_it) {
  Python::with_gil([](Python py) {
    const auto strict = new_closure<&half>(py, "half", Nothing{}, arg("x").strict());
    EXPECT_EQ(strict.call(3.0).extract<double>(), 1.5);
    EXPECT_EQ(error_of([&] { strict.call(3); }), "TypeError: half() argument 'x' must be float, not int");
    const auto loose = new_closure<&half>(py, "half", Nothing{}, arg("x"));
    EXPECT_EQ(loose.call(3).extract<double>(), 1.5);
    const auto made = new_closure<&give>(py, "give", Nothing{}, arg("x").from_py_with<&twice_the_length>());
    EXPECT_EQ(made.call("abc").extract<int>(), 6);
    EXPECT_EQ(error_of([&] { made.call(5); }).substr(0, 9), "TypeError");
  });
}

}  // namespace
