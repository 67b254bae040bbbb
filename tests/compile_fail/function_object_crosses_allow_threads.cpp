// SPDX-License-Identifier: MIT
// A std::function does not cross allow_threads: it hides what it captured.
// EXPECT: not Ungil: adder cannot see what it holds
// EXPECT: is_ungil<(const )?std::function<
#include "adder/adder.hpp"

#include <functional>

using namespace adder;

void probe(Python py, const std::function<int()>& work) {
#if ADDER_MUST_NOT_COMPILE
  py.allow_threads([](const auto& run) { return run(); }, work);
#else
  py.allow_threads_unchecked(work);
#endif
}
