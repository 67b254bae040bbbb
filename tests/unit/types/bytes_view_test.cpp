// SPDX-License-Identifier: MIT
// types/bytes_view.hpp: the memory of an object, held and given back. What is taken is tested from Python's side in
// python/test_bytes_views.py.
#include "adder/types/bytes_view.hpp"

#include "adder/adder.hpp"
#include "support/errors.hpp"
#include "support/refcount.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <type_traits>

namespace {

using namespace adder;
using test::count;
using test::error_of;

static_assert(Ungil<BytesView> && !Owning<BytesView> && !std::is_copy_constructible_v<BytesView> &&
              std::is_nothrow_move_constructible_v<BytesView> && std::is_nothrow_move_assignable_v<BytesView>);

TEST(BytesView, holds_the_object_and_its_memory_while_it_lives) {
  Python::with_gil([](Python py) {
    const auto source = PyByteArray::new_(py, "abc");
    const Py_ssize_t before = count(source);
    {
      const BytesView view(source);
      EXPECT_EQ(view.as_string_view(), "abc");
      EXPECT_EQ(view.as_bytes().data(), view.data());
      EXPECT_EQ(error_of([&] { source.resize(4); }).substr(0, 11), "BufferError");
    }
    EXPECT_EQ(count(source), before);
    source.resize(4);
    // Of a temporary handle too: the view has the object.
    EXPECT_EQ(PyBytes::new_(py, "de").extract<BytesView>().size(), 2U);
    EXPECT_EQ(error_of([&] { (void)BytesView(PyString::new_(py, "abc")); }).substr(0, 9), "TypeError");
    EXPECT_EQ(count(source), before);
  });
}

TEST(BytesView, gives_the_memory_back_from_a_thread_that_is_not_attached) {
  Python::with_gil([](Python py) {
    const auto source = PyByteArray::new_(py, "abc");
    std::optional<BytesView> view(source);
    py.allow_threads(
        [](std::optional<BytesView>& held) {
          std::thread([&] {
            EXPECT_EQ(held->size(), 3U);
            held.reset();
          }).join();
        },
        view);
    source.resize(4);
  });
}

}  // namespace
