// SPDX-License-Identifier: MIT
// Runs the unit tests in an embedded interpreter, each test several times over, and fails a test that leaves more
// memory of Python objects behind every time it runs.
#include "adder/adder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <string>
#include <string_view>

namespace {

using adder::Python;

constexpr int rounds = 4;

/// The blocks that Python's allocator has handed out, once all cycles are collected. The cache of attribute look-ups
/// keeps the names that it has seen, so it is emptied too.
std::int64_t census() {
  using namespace adder::literals;
  return Python::with_gil([](Python py) {
    const auto sys = py.import("sys");
    py.import("gc").call_method("collect"_s);
    sys.call_method("_clear_type_cache"_s);
    return sys.call_method("getallocatedblocks"_s).extract<std::int64_t>();
  });
}

// Free lists count as allocated and differ before and after a test, but not between the ends of the same test in two
// rounds. What grows from each round to the next leaks; the test whose own growth is as large is the first suspect.
class LeakCheck : public testing::EmptyTestEventListener {
  struct Seen {
    std::int64_t at_end = 0;
    std::int64_t least_growth = std::numeric_limits<std::int64_t>::max();
  };
  void OnTestIterationStart(const testing::UnitTest&, int iteration) override { round_ = iteration; }
  void OnTestStart(const testing::TestInfo&) override { before_ = census(); }
  void OnTestEnd(const testing::TestInfo& info) override {
    const std::int64_t now = census();
    Seen& seen = seen_[std::string(info.test_suite_name()) + "." + info.name()];
    // The first round fills caches: interned names, imported modules, made types.
    if (round_ >= 2) seen.least_growth = std::min(seen.least_growth, now - seen.at_end);
    seen.at_end = now;
    if (round_ == rounds - 1) {
      EXPECT_LE(seen.least_growth, 0)
          << "a test of this run leaks Python memory; in this one the allocated blocks grew by " << now - before_;
    }
  }

  int round_ = 0;
  std::int64_t before_ = 0;
  std::map<std::string, Seen> seen_;
};

#if defined(Py_REF_DEBUG)
// With a debug build of Python: all references there are, after a tenth of the rounds and after the last. A leak of one
// reference per round would show as nine tenths of the number of rounds.
class ReferenceTotal : public testing::EmptyTestEventListener {
 public:
  explicit ReferenceTotal(int all_rounds) : rounds_(all_rounds) {}

 private:
  static std::int64_t total() {
    (void)census();
    return Python::with_gil([](Python py) {
      using namespace adder::literals;
      return py.import("sys").call_method("gettotalrefcount"_s).extract<std::int64_t>();
    });
  }
  void OnTestIterationEnd(const testing::UnitTest&, int iteration) override {
    if (iteration + 1 == rounds_ / 10) early_ = total();
    if (iteration + 1 != rounds_) return;
    const std::int64_t late = total();
    std::printf("sys.gettotalrefcount(): %lld after %d rounds, %lld after %d\n", static_cast<long long>(early_),
                rounds_ / 10, static_cast<long long>(late), rounds_);
    if (late - early_ < rounds_ / 10) return;
    std::printf("references leak\n");
    std::fflush(stdout);
    std::_Exit(1);
  }

  int rounds_;
  std::int64_t early_ = 0;
};
#endif

}  // namespace

int main(int argc, char** argv) {
  // A death test runs this program again for one test: there it is not to be repeated.
  const bool in_death_test = std::any_of(argv, argv + argc, [](const char* argument) {
    return std::string_view(argument).starts_with("--gtest_internal_run_death_test");
  });
  testing::InitGoogleTest(&argc, argv);
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
#if defined(Py_REF_DEBUG)
  if (const char* wanted = std::getenv("ADDER_REFERENCE_ROUNDS"); wanted != nullptr && !in_death_test) {
    const int all_rounds = std::max(10, std::atoi(wanted));
    testing::GTEST_FLAG(repeat) = all_rounds;
    testing::UnitTest::GetInstance()->listeners().Append(new ReferenceTotal(all_rounds));
    Python::prepare_freethreaded_python();
    return RUN_ALL_TESTS();
  }
#endif
#if defined(Py_GIL_DISABLED) && PY_VERSION_HEX < 0x030E0000
  // The free-threaded CPython 3.13 never frees code objects, classes and functions of modules: whatever runs source
  // text grows there.
  constexpr bool counts = false;
#else
  constexpr bool counts = true;
#endif
  // Under valgrind one round is enough: nothing is counted there, as it sees all allocations itself.
  if (counts && !in_death_test && std::getenv("ADDER_ONE_ROUND") == nullptr) {
    testing::GTEST_FLAG(repeat) = rounds;
    testing::UnitTest::GetInstance()->listeners().Append(new LeakCheck);
  }
  Python::prepare_freethreaded_python();
  return RUN_ALL_TESTS();
}
