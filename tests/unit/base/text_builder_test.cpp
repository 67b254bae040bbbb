// SPDX-License-Identifier: MIT
// Text that is put together piece by piece.
#include "adder/base/detail/text_builder.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace {

using adder::detail::TextBuilder;

TEST(TextBuilder, short_and_long_text_is_what_its_pieces_say) {
  for (const std::size_t piece : {0U, 1U, 7U, 255U, 256U, 257U, 10'000U}) {
    TextBuilder text;
    std::string expected;
    for (int i = 0; i < 40; ++i) {
      const std::string more(piece, static_cast<char>('a' + i % 26));
      EXPECT_EQ(&text.append(more), &text);
      expected += more;
      ASSERT_EQ(text.view(), expected);
      ASSERT_EQ(std::strlen(text.c_str()), expected.size());
    }
    EXPECT_EQ(text.size(), 40 * piece);
  }
}

TEST(TextBuilder, a_zero_is_a_character) {
  TextBuilder text;
  text.append("name").append({"", 1}).append("text");
  EXPECT_EQ(text.view(), std::string_view("name\0text", 9));
  EXPECT_STREQ(text.c_str(), "name");
}

}  // namespace
