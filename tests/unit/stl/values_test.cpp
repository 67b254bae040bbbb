// SPDX-License-Identifier: MIT
// stl/: what is one value or one of several. Each conversion is tested from Python's side in python/test_stl.py.
#include "adder/adder.hpp"
#include "adder/stl/chrono.hpp"
#include "adder/stl/complex.hpp"
#include "adder/stl/filesystem.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/pair.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/tuple.hpp"
#include "adder/stl/variant.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <complex>
#include <filesystem>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

namespace {

using namespace adder;
using namespace std::chrono_literals;
using test::count;
using test::error_of;
using test::fresh;

template <class T>
void round_trip(Python py, const T& value, const char* shown) {
  const auto object = into_py(py, value).value();
  EXPECT_EQ(object.repr().to_string(), shown);
  EXPECT_EQ(object.template extract<T>(), value);
}

TEST(StlValues, values_come_back_as_they_were) {
  Python::with_gil([](Python py) {
    round_trip(py, std::string("a\0b", 3), "'a\\x00b'");
    round_trip(py, std::optional<int>(3), "3");
    round_trip(py, std::optional<int>(), "None");
    round_trip(py, std::pair<int, std::string>(1, "x"), "(1, 'x')");
    round_trip(py, std::tuple<int, double, bool>(1, 0.5, true), "(1, 0.5, True)");
    round_trip(py, std::variant<int, std::string>("x"), "'x'");
    round_trip(py, std::complex<double>(1, -2), "(1-2j)");
    round_trip(py, std::filesystem::path("/a/b"), "PosixPath('/a/b')");
    round_trip(py, std::chrono::microseconds(1500ms), "datetime.timedelta(seconds=1, microseconds=500000)");
  });
}

TEST(StlValues, what_does_not_fit_is_refused_and_named) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(error_of([&] { return py.eval("b'x'").extract<std::string>(); }), "TypeError: expected str, got bytes");
    EXPECT_EQ(error_of([&] { return py.eval("'x'").extract<std::optional<int>>(); }).substr(0, 9), "TypeError");
    EXPECT_EQ(error_of([&] { return py.eval("(1, 2, 3)").extract<std::pair<int, int>>(); }).substr(0, 10),
              "ValueError");
    EXPECT_EQ(error_of([&] { return py.eval("(1, 'x')").extract<std::pair<int, int>>(); }),
              "TypeError: [1]: expected int, got str");
    EXPECT_EQ(error_of([&] { return py.eval("1.5").extract<std::variant<int, std::string>>(); }).substr(0, 9),
              "TypeError");
    EXPECT_EQ(error_of([&] { return py.eval("1e300 + 0j").extract<std::complex<float>>(); }),
              "OverflowError: the value does not fit into a complex of 32-bit floats");
    EXPECT_EQ(error_of([&] { return py.eval("5").extract<std::chrono::seconds>(); }).substr(0, 9), "TypeError");
  });
}

TEST(StlValues, a_handle_in_a_value_is_one_reference) {
  Python::with_gil([](Python py) {
    const auto object = fresh(py);
    const auto pair = PyTuple::new_(py, object, object);
    EXPECT_EQ(count(object), 3);
    {
      const auto handles = pair.extract<std::pair<Py<PyAny>, std::optional<Py<PyAny>>>>();
      EXPECT_EQ(count(object), 5);
    }
    EXPECT_EQ(count(object), 3);
  });
}

}  // namespace
