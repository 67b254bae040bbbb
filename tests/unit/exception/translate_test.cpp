// SPDX-License-Identifier: MIT
// What C++ exceptions become. The same mapping is tested through bound functions in tests/python; here, what the
// functions of this layer see.
#include "adder/exception/translate.hpp"

#include "adder/adder.hpp"
#include "adder/exception/exceptions.hpp"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

namespace {

using namespace adder;

TEST(Translate, standard_exceptions_map_to_their_python_types) {
  Python::with_gil([](Python py) {
    const auto translated = [&](auto thrown) {
      try {
        throw thrown;
      } catch (...) {
        adder::detail::translate_current_exception();
      }
      return std::string(PyErr::fetch(py).what());
    };
    EXPECT_EQ(translated(std::bad_alloc()), "MemoryError");
    EXPECT_EQ(translated(std::out_of_range("o")), "IndexError: o");
    EXPECT_EQ(translated(std::invalid_argument("i")), "ValueError: i");
    EXPECT_EQ(translated(std::domain_error("d")), "ValueError: d");
    EXPECT_EQ(translated(std::length_error("l")), "ValueError: l");
    EXPECT_EQ(translated(std::overflow_error("v")), "OverflowError: v");
    EXPECT_EQ(translated(std::runtime_error("r")), "RuntimeError: r");
    EXPECT_EQ(translated(std::runtime_error("\xff")), "RuntimeError: \\xff");
    EXPECT_EQ(translated(42), "PanicException: a C++ exception of type 'int' was thrown, which is no std::exception");
    EXPECT_EQ(translated(PyKeyError::new_err("k")), "KeyError: 'k'");
    EXPECT_EQ(translated(std::make_error_code(std::errc::no_such_file_or_directory)).substr(0, 14), "PanicException");
    EXPECT_EQ(
        translated(std::system_error(std::make_error_code(std::errc::no_such_file_or_directory), "open")).substr(0, 17),
        "FileNotFoundError");
  });
}

}  // namespace
