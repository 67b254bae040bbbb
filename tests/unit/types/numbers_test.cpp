// SPDX-License-Identifier: MIT
// Numbers, None and the other singletons.
#include "adder/types/numbers.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"

#include <gtest/gtest.h>

namespace {

using namespace adder;
using test::error_of;
using test::is_known_as;
using test::shown;

TEST(Numbers, numbers_and_singletons_are_known_by_their_tags_and_give_their_values) {
  Python::with_gil([](Python py) {
    const auto number = PyInt::new_(py, 1ull << 63);
    is_known_as<PyInt>(number);
    EXPECT_EQ(shown(number), "9223372036854775808");
    EXPECT_EQ(shown(PyInt::from_str(py, "-ff", 16)), "-255");
    EXPECT_EQ(error_of([&] { PyInt::from_str(py, "x"); }), "ValueError: invalid literal for int() with base 10: 'x'");
    const auto real = PyFloat::new_(py, 1.5);
    is_known_as<PyFloat>(real);
    EXPECT_EQ(real.value(), 1.5);
    is_known_as<PyBool>(PyBool::new_(py, true));
    EXPECT_TRUE(PyBool::new_(py, true).is_true());
    const auto complex = PyComplex::new_(py, 1, -2);
    is_known_as<PyComplex>(complex);
    EXPECT_EQ(complex.real(), 1.0);
    EXPECT_EQ(complex.imag(), -2.0);
    is_known_as<PyNone>(py.None());
    is_known_as<PyEllipsis>(PyEllipsis::get(py));
    is_known_as<PyNotImplemented>(PyNotImplemented::get(py));
    EXPECT_EQ(py.Ellipsis().as_ptr(), Py_Ellipsis);
  });
}

TEST(Numbers, singletons_are_pythons) {
  Python::with_gil([](Python py) {
    EXPECT_TRUE(py.None().is(py.eval("None")));
    EXPECT_TRUE(py.None().is_none());
    EXPECT_TRUE(py.NotImplemented().is(py.eval("NotImplemented")));
    EXPECT_TRUE(py.NotImplemented().is(py.eval("(1).__add__('')")));
    EXPECT_FALSE(py.NotImplemented().is_none());
    EXPECT_EQ(py.None().repr().to_string(), "None");
    EXPECT_EQ(py.NotImplemented().repr().to_string(), "NotImplemented");
  });
}

}  // namespace
