// SPDX-License-Identifier: MIT
#include "adder/types/backed.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace {

using namespace adder;
using test::count;
using test::error_of;

TEST(Backed, a_backed_view_is_read_and_dropped_without_the_gil) {
  const auto [text, bytes] = Python::with_gil([](Python py) {
    return std::pair(PyBackedStr(PyString::new_(py, std::string(1000, 'x'))),
                     PyByteArray::new_(py, "abc").extract<PyBackedBytes>());
  });
  Python::with_gil([&kept = text, &raw = bytes](Python py) {
    const Bound<PyString> object = kept.bind(py);
    EXPECT_EQ(count(object), 2);
    const std::size_t length = py.allow_threads(
        [](const PyBackedStr& s, const PyBackedBytes& b) {
          return s.view().find('y') == std::string_view::npos ? s.size() + b.size() : 0;
        },
        kept, raw);
    EXPECT_EQ(length, 1003u);
    auto other = kept.clone_ref(py);
    EXPECT_EQ(count(object), 3);
    py.allow_threads_unchecked([&] { std::thread([gone = std::move(other)] { (void)gone.view().size(); }).join(); });
    Python::with_gil([](Python) {});  // Releases what was dropped without the GIL.
    EXPECT_EQ(count(object), 2);
    EXPECT_EQ(other.size(), 0u);  // NOLINT(bugprone-use-after-move): that is the question
    EXPECT_EQ(error_of([&] { (void)PyInt::new_(py, 1).extract<PyBackedStr>(); }), "TypeError: expected str, got int");
  });
}

}  // namespace
