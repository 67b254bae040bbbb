// SPDX-License-Identifier: MIT
#include "adder/token/token.hpp"

#include "adder/adder.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace {

using namespace adder;

static_assert(std::is_empty_v<Python> && (ADDER_CHECKED || std::is_trivially_copyable_v<Python>));
static_assert(!std::is_default_constructible_v<Python>);

TEST(Token, a_token_on_the_callers_word_is_a_token_like_any_other) {
  Python::with_gil([](Python) {
    const Python py = Python::assume_gil_acquired();
    EXPECT_EQ(py.eval("2 ** 10").extract<int>(), 1024);
  });
}

}  // namespace
