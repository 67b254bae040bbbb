// SPDX-License-Identifier: MIT
// What adder asks compilers of types themselves is what the standard library says of them.
#include "adder/base/detail/meta.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

namespace detail = adder::detail;

struct Plain {
  int number;
};
struct ThrowsWhenMoved {
  ThrowsWhenMoved(ThrowsWhenMoved&&) noexcept(false) {}
};
struct Private {
 private:
  Private(const Private&) = default;
};
struct Virtual {
  virtual ~Virtual() = default;
};
struct Explicit {
  explicit Explicit(int) {}
};

template <class T>
constexpr bool agree() {
  static_assert(detail::is_trivially_copyable<T> == std::is_trivially_copyable_v<T>);
  static_assert(detail::is_trivially_destructible<T> == std::is_trivially_destructible_v<T>);
  static_assert(detail::is_copy_constructible<T> == std::is_copy_constructible_v<T>);
  static_assert(detail::is_move_constructible<T> == std::is_move_constructible_v<T>);
  static_assert(detail::is_nothrow_move_constructible<T> == std::is_nothrow_move_constructible_v<T>);
  static_assert(detail::is_constructible<T> == std::is_constructible_v<T>);
  static_assert(detail::is_constructible<T, int> == std::is_constructible_v<T, int>);
  static_assert(detail::is_constructible<T, const char*> == std::is_constructible_v<T, const char*>);
  static_assert(detail::is_constructible<T, T&, int> == std::is_constructible_v<T, T&, int>);
  return true;
}

TEST(Meta, the_compilers_answers_are_those_of_the_standard_library) {
  EXPECT_TRUE((agree<int>() && agree<int*>() && agree<int&>() && agree<const int&>() && agree<int[2]>() &&
               agree<const Plain>() && agree<Plain>() && agree<ThrowsWhenMoved>() && agree<Private>() &&
               agree<Virtual>() && agree<Explicit>() && agree<std::string>() && agree<const std::string>() &&
               agree<std::string_view>() && agree<std::unique_ptr<int>>() && agree<std::shared_ptr<int>>() &&
               agree<std::pair<int, std::string>>()));
}

TEST(Meta, exchange_puts_in_the_new_value_and_returns_the_old_one) {
  int target = 0;
  int* pointer = &target;
  EXPECT_EQ(detail::exchange(pointer, nullptr), &target);
  EXPECT_EQ(pointer, nullptr);
  // The new value may be read from what the old one points to.
  struct Node {
    Node* next;
  };
  Node last{nullptr}, first{&last};
  Node* at = &first;
  EXPECT_EQ(detail::exchange(at, at->next), &first);
  EXPECT_EQ(at, &last);
  static_assert(noexcept(detail::exchange(at, nullptr)));
}

}  // namespace
