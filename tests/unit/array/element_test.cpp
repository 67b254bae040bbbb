// SPDX-License-Identifier: MIT
// array/element.hpp, array/half.hpp: what a format says, and numbers of 16 bits. Formats of numpy and ctypes are tested
// from Python's side in python/test_buffers.py.
#include "adder/array/element.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace {

using namespace adder;
using detail::element_info;
using detail::format_in_words;
using detail::format_matches;

struct Particle {
  double x;
  std::int32_t id;
  float v[3];
};
struct [[gnu::packed]] Packed {
  std::int8_t tag;
  double x;
};

}  // namespace

template <>
struct adder::ArrayElement<Particle>
    : adder::ElementFields<Particle, Field<"x", &Particle::x>, Field<"id", &Particle::id>, Field<"v", &Particle::v>> {};
template <>
struct adder::ArrayElement<Packed> : adder::ElementFields<Packed, Field<"tag", &Packed::tag>, Field<"x", &Packed::x>> {
};

namespace {

static_assert(IsArrayElement<const double> && IsArrayElement<std::complex<float>> && IsArrayElement<Particle>);
static_assert(IsArrayElement<std::byte> && IsArrayElement<Half> && IsArrayElement<BFloat16> && IsArrayElement<bool>);
static_assert(!IsArrayElement<wchar_t> && !IsArrayElement<char16_t> && !IsArrayElement<std::string> &&
              !IsArrayElement<double*> && !IsArrayElement<std::complex<long double>>);

template <class T>
bool is(const char* format, std::size_t size = sizeof(T)) {
  return format_matches(element_info<T>(), format, size);
}

TEST(Element, numbers_of_one_kind_and_size_are_the_same) {
  EXPECT_TRUE(is<std::int64_t>("q") && is<long>("q") && is<long long>("l") && is<std::int64_t>("n"));
  EXPECT_TRUE(is<std::int32_t>("i") && is<std::int32_t>("=l") && is<std::int32_t>("<i") && is<std::int32_t>("1i"));
  EXPECT_TRUE(is<std::uint8_t>(nullptr) && is<std::uint8_t>("B") && is<std::uint8_t>("c") && is<std::uint8_t>(">B"));
  EXPECT_TRUE(is<std::byte>("b") && is<char>("B") && is<std::byte>("c") && is<bool>("?") && is<Half>("e"));
  EXPECT_TRUE(is<std::complex<double>>("Zd") && is<std::complex<float>>("Zf") && is<long double>("g"));
  EXPECT_FALSE(is<std::int64_t>("Q") || is<std::int32_t>("f") || is<double>("q") || is<std::int8_t>("B"));
  EXPECT_FALSE(is<std::int8_t>("c") || is<bool>("B") || is<std::uint8_t>("?") || is<double>("Zf", 8));
}

TEST(Element, what_is_no_single_native_number_is_refused) {
  EXPECT_FALSE(is<std::int32_t>(">i") || is<std::int32_t>("!i") || is<std::int32_t>("2i") ||
               is<std::int32_t>("(1,2)i"));
  EXPECT_FALSE(is<std::int32_t>("i", 8) || is<std::int32_t>("<l", 8) || is<double>("dd") || is<double>(""));
  EXPECT_FALSE(is<std::int64_t>("<n") || is<double>("O") || is<double>("T{d:x:}") || is<double>("=") ||
               is<double>("Z"));
  EXPECT_FALSE(is<BFloat16>("H") || is<double>("99999999999999999999d") || is<double>("(d") || is<double>("T{d"));
  const std::string deep = [] {
    std::string text;
    for (int i = 0; i < 100000; ++i) text += "T{";
    return text;
  }();
  EXPECT_FALSE(is<double>(deep.c_str()));
}

TEST(Element, structs_match_by_name_place_and_type) {
  EXPECT_TRUE(is<Particle>("T{d:x:i:id:(3)f:v:}") && is<Particle>("T{=d:x:@i:id:3f:v:}"));
  EXPECT_TRUE(is<Particle>("T{3x5x=i:id:4x}", 24) == false);
  EXPECT_FALSE(is<Particle>("T{d:x:i:id:(2)f:v:4x}") || is<Particle>("T{d:y:i:id:(3)f:v:}"));
  EXPECT_FALSE(is<Particle>("T{d:x:>i:id:(3)f:v:}") || is<Particle>("T{d:x:i:id:}") || is<Particle>("T{d:x:d:x:d:x:}"));
  EXPECT_TRUE(is<Packed>("T{b:tag:=d:x:}") && is<Packed>("T{b:tag:^d:x:}"));
  EXPECT_FALSE(is<Packed>("T{b:tag:d:x:}", sizeof(Packed)));  // Aligned, it begins elsewhere.
  EXPECT_TRUE(is<Packed>(element_info<Packed>().format) && is<Particle>(element_info<Particle>().format));
  EXPECT_STREQ(element_info<Particle>().name, "{x: float64, id: int32, v: 3 x float32}");
}

TEST(Element, formats_are_put_into_words) {
  EXPECT_EQ(format_in_words(">i", 4), "big-endian int32");
  EXPECT_EQ(format_in_words("l", 8), "int64");
  EXPECT_EQ(format_in_words("T{T{>i:a:@f:b:}:p:l:q:}", 16), "{p: {a: big-endian int32, b: float32}, q: int64}");
  EXPECT_EQ(format_in_words("O", 8), "Python objects");
  EXPECT_EQ(format_in_words("2w", 8), "text");
  EXPECT_EQ(format_in_words("&<i", 8), "items of format '&<i'");
  EXPECT_EQ(detail::dlpack_type_in_words(2, 32, 4), "float32 in vectors of 4");
}

TEST(Half, becomes_a_float_and_the_nearest_half_again) {
  for (unsigned bits = 0; bits < 0x10000; ++bits) {
    const auto half = Half::from_bits(static_cast<std::uint16_t>(bits));
    const float value = half;
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(static_cast<float>(Half(value))));
      continue;
    }
    ASSERT_EQ(Half(value).to_bits(), bits);
    if (std::isinf(value) || (bits & 0x7fffU) == 0x7bffU) continue;
    // Between two neighbours: the even one at the middle, the nearer one beside it.
    const float next = Half::from_bits(static_cast<std::uint16_t>(bits + 1)), middle = (value + next) / 2;
    ASSERT_EQ(Half(middle).to_bits(), bits % 2 == 0 ? bits : bits + 1);
    ASSERT_EQ(Half(std::nextafter(middle, value)).to_bits(), bits);
    ASSERT_EQ(Half(std::nextafter(middle, next)).to_bits(), bits + 1);
  }
  EXPECT_EQ(Half(65519.9F).to_bits(), 0x7bff);
  EXPECT_EQ(Half(65520.0F).to_bits(), 0x7c00);
  EXPECT_EQ(Half(1e30F).to_bits(), 0x7c00);
  EXPECT_EQ(Half(-1e-30F).to_bits(), 0x8000);
}

TEST(BFloat16, rounds_to_the_nearest) {
  EXPECT_EQ(static_cast<float>(BFloat16(1.0F)), 1.0F);
  EXPECT_EQ(BFloat16(std::bit_cast<float>(0x3f808000U)).to_bits(), 0x3f80);
  EXPECT_EQ(BFloat16(std::bit_cast<float>(0x3f818000U)).to_bits(), 0x3f82);
  EXPECT_EQ(BFloat16(std::bit_cast<float>(0x3f808001U)).to_bits(), 0x3f81);
  EXPECT_TRUE(std::isnan(static_cast<float>(BFloat16(std::numeric_limits<float>::quiet_NaN()))));
  EXPECT_TRUE(std::isinf(static_cast<float>(BFloat16(std::numeric_limits<float>::max()))));
}

}  // namespace
