// SPDX-License-Identifier: MIT
// Attaching for the length of a scope.
#include "adder/token/gil_guard.hpp"

#include "adder/adder.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <type_traits>

namespace {

using namespace adder;

static_assert(!std::is_copy_constructible_v<GILGuard> && !std::is_move_constructible_v<GILGuard>);

bool attached() { return adder::detail::is_attached(); }

TEST(GilGuard, a_guard_keeps_the_thread_attached_while_it_lives) {
  {
    const GILGuard outer = Python::acquire_gil();
    EXPECT_TRUE(attached());
    {
      const GILGuard inner = Python::acquire_gil();
      EXPECT_EQ(inner.python().eval("3").extract<int>(), 3);
    }
    EXPECT_TRUE(attached());
  }
  EXPECT_FALSE(attached());
}

struct MakeGuard {
  operator GILGuard() const { return Python::acquire_gil(); }  // NOLINT(google-explicit-constructor)
};

void drop_out_of_order() {
  std::optional<GILGuard> first;
  std::optional<GILGuard> second;
  first.emplace(MakeGuard{});
  second.emplace(MakeGuard{});
  first.reset();
}
void let_a_guard_escape() {
  std::optional<GILGuard> escaped;
  Python::with_gil([&](Python) { escaped.emplace(MakeGuard{}); });
}
TEST(GilGuardDeathTest, a_guard_dropped_out_of_order_ends_the_process_with_a_message) {
  EXPECT_DEATH(drop_out_of_order(), "GIL guards must be dropped in the reverse order");
  EXPECT_DEATH(let_a_guard_escape(), "GIL guards must be dropped in the reverse order");
}

}  // namespace
