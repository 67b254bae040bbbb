// SPDX-License-Identifier: MIT
// A value that the GIL protects.
#include "adder/sync/gil_protected.hpp"

#include "adder/adder.hpp"
#include "support/threads.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

using namespace adder;
using test::join;

// REFERENCE_ROUNDS: 60. With many threads.

#if defined(Py_GIL_DISABLED)
TEST(GilProtected, the_gil_protects_a_value) { GTEST_SKIP() << "there is no GIL, and a GILProtected does not compile"; }
#else
constinit GILProtected<int> protected_number(1);
static_assert(!std::is_copy_constructible_v<GILProtected<int>>);

TEST(GilProtected, the_gil_protects_a_value) {
  Python::with_gil([](Python py) {
    EXPECT_EQ(&protected_number.get(py), &protected_number.get_mut(py));
    protected_number.get_mut(py) = 1;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([] {
        for (int n = 0; n < 200; ++n) Python::with_gil([](Python inner) { ++protected_number.get_mut(inner); });
      });
    }
    join(py, threads);
    EXPECT_EQ(protected_number.get(py), 1601);
    const GILProtected<std::unique_ptr<int>> only_moved(std::make_unique<int>(2));
    EXPECT_EQ(*only_moved.get(py), 2);
  });
}
#endif

}  // namespace
