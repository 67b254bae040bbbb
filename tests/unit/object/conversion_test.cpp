// SPDX-License-Identifier: MIT
// The two traits of a conversion, specialised for a type that adder does not know.
#include "adder/object/conversion.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

namespace {

struct Celsius {
  double degrees = 0;
};
struct Unknown {};

}  // namespace

template <>
struct adder::FromPyObject<Celsius> {
  static constexpr const char* expected() noexcept { return "temperature"; }
  static PyResult<Celsius> extract(const Bound<PyAny>& object) {
    return object.try_extract<double>().map([](double degrees) { return Celsius{degrees}; });
  }
};
template <>
struct adder::IntoPyObject<Celsius> {
  static PyResult<Bound<PyAny>> into_py(Python py, const Celsius& value) {
    if (value.degrees < -273.15) return PyValueError::new_err("colder than cold");
    return adder::into_py(py, value.degrees);
  }
};

namespace {

using namespace adder;
using test::count;
using test::error_of;
using test::fresh;

static_assert(ExtractsFromPy<Celsius> && ConvertsIntoPy<Celsius> && ConvertsIntoPy<const Celsius&>);
static_assert(!ExtractsFromPy<Unknown> && !ConvertsIntoPy<Unknown>);

TEST(Conversion, a_type_of_the_user_crosses_in_both_directions) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(py.eval("21.5").extract<Celsius>().degrees, 21.5);
    EXPECT_EQ(into_py(py, Celsius{4}).value().extract<double>(), 4);
    EXPECT_EQ(PyList::new_(py, Celsius{1}, Celsius{2}).repr().to_string(), "[1.0, 2.0]");
    EXPECT_EQ(py.eval("lambda x, y: x + y").call(Celsius{1}, kw("y"_s) = Celsius{2}).extract<Celsius>().degrees, 3);
  });
}

TEST(Conversion, a_failure_is_a_value_here_and_an_exception_where_it_is_used) {
  Python::with_gil([](Python py) {
    const auto bad = py.eval("'warm'").try_extract<Celsius>();
    ASSERT_TRUE(bad.is_err());
    EXPECT_STREQ(bad.error().what(), "TypeError: expected float, got str");
    const auto cold = into_py(py, Celsius{-300});
    ASSERT_TRUE(cold.is_err());
    EXPECT_STREQ(cold.error().what(), "ValueError: colder than cold");
    EXPECT_FALSE(PyErr::occurred(py));
    EXPECT_EQ(error_of([&] { return py.eval("'warm'").extract<Celsius>(); }), "TypeError: expected float, got str");
    EXPECT_EQ(error_of([&] { return PyList::new_(py, Celsius{-300}); }), "ValueError: colder than cold");
  });
}

TEST(Conversion, an_argument_that_does_not_convert_leaves_the_others_as_they_were) {
  Python::with_gil([](Python py) {
    const auto object = fresh(py);
    const auto ignore = py.eval("lambda *args: None");
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(error_of([&] { ignore(object, Celsius{-300}, object); }), "ValueError: colder than cold");
      EXPECT_EQ(error_of([&] { return PyTuple::new_(py, object, Celsius{-300}); }), "ValueError: colder than cold");
    }
    EXPECT_EQ(count(object), 1);
  });
}

}  // namespace
