// SPDX-License-Identifier: MIT
// How many fields an aggregate has, and of which types. What Ungil and Owning make of that is in token/.
#include "adder/token/ungil.hpp"

#include "adder/adder.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

namespace {

using namespace adder;
using adder::detail::visible_fields;

struct None {};
struct Three {
  int number;
  std::string text;
  std::unique_ptr<int> owner;
};
struct WithReference {
  int number;
  std::string& text;
};
struct WithMutable {
  int fixed;
  mutable int changing;
};
struct WithBits {
  unsigned low : 3, high : 5;
};
struct WithArray {
  int numbers[2];
  int number;
};
struct Derived : Three {
  int further;
};
class Private {
 public:
  int get() const { return number_; }

 private:
  int number_ = 0;
};

static_assert(visible_fields<Three>() == 3 && visible_fields<WithReference>() == 2 && visible_fields<WithBits>() == 2);
// Nothing is guessed: a field that cannot be told from its neighbours hides all of them.
static_assert(visible_fields<None>() == 0 && visible_fields<WithArray>() == 0 && visible_fields<Derived>() == 0);
static_assert(!std::is_aggregate_v<Private>);
static_assert(std::is_same_v<decltype(detail::field_types<3>(std::declval<Three&>())),
                             detail::TypeList<int, std::string, std::unique_ptr<int>>>);
static_assert(std::is_same_v<decltype(detail::field_types<2>(std::declval<WithReference&>())),
                             detail::TypeList<int, std::string&>>);
static_assert(std::is_same_v<decltype(detail::shared_field_types<2>(std::declval<const WithMutable&>())),
                             detail::TypeList<const int, int>>);

TEST(Aggregate, fields_are_handed_on_in_place_and_bits_by_value) {
  Three three{1, "two", nullptr};
  detail::with_fields<3>(three, [&](int number, std::string& text, std::unique_ptr<int>& owner) {
    EXPECT_EQ(number, 1);
    EXPECT_EQ(&text, &three.text);
    EXPECT_EQ(&owner, &three.owner);
  });
  const WithBits bits{5, 9};
  detail::with_fields<2>(bits, [](unsigned low, unsigned high) { EXPECT_EQ(low + high, 14U); });
}

}  // namespace
