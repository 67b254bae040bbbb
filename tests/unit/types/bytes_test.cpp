// SPDX-License-Identifier: MIT
#include "adder/types/bytes.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/objects.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

using namespace adder;
using test::error_of;
using test::is_known_as;
using test::shown;

TEST(Bytes, bytes_are_made_in_place_or_piece_by_piece_nulls_included) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(PyBytes::new_(py, std::string_view("a\0b", 3)).len(), 3u);
    EXPECT_EQ(shown(PyBytes::new_with(py, 3,
                                      [](std::span<std::byte> bytes) {
                                        bytes[0] = std::byte{'a'};
                                        bytes[2] = std::byte{'c'};
                                      })),
              "b'a\\x00c'");
    EXPECT_THROW(PyBytes::new_with(py, 3, [](std::span<std::byte>) { throw std::runtime_error("no"); }),
                 std::runtime_error);
    BytesWriter writer(py, 2);
    static_assert(std::is_same_v<decltype(writer), adder::PyBytesWriter>);
    for (int i = 0; i < 5; ++i) writer.write("abc");
    EXPECT_EQ(writer.size(), 15u);
    EXPECT_EQ(shown(std::move(writer).finish()), "b'abcabcabcabcabc'");
    EXPECT_EQ(shown(BytesWriter(py).finish()), "b''");
  });
}

TEST(Bytes, a_bytearray_keeps_its_size_while_its_bytes_are_in_use) {
  Python::with_gil([](Python py) {
    const auto array = PyByteArray::new_(py, "abc");
    is_known_as<PyByteArray>(array);
    array.with_bytes([&](std::span<std::byte> bytes) {
      bytes[1] = std::byte{'X'};
      EXPECT_EQ(error_of([&] { array.resize(10'000); }),
                "BufferError: Existing exports of data: object cannot be re-sized");
    });
    array.resize(5);
    EXPECT_EQ(array.to_string(), std::string("aXc\0\0", 5));
    const auto view = PyMemoryView::from(array);
    is_known_as<PyMemoryView>(view);
    EXPECT_EQ(shown(view.call_method("tobytes"_s)), "b'aXc\\x00\\x00'");
    EXPECT_EQ(error_of([&] { PyMemoryView::from(PyString::new_(py, "text")); }),
              "TypeError: memoryview: a bytes-like object is required, not 'str'");
  });
}

TEST(Bytes, a_finished_writer_is_empty) {
  Python::with_gil([](Python py) {
    BytesWriter writer(py);
    writer.write("abc");
    EXPECT_EQ(std::move(writer).finish().len(), 3u);
    EXPECT_TRUE(std::move(writer).finish().is_empty());  // NOLINT(bugprone-use-after-move): that is the question
    writer.write("d");
    EXPECT_EQ(std::move(writer).finish().len(), 1u);
  });
}

}  // namespace
