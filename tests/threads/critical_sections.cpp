// SPDX-License-Identifier: MIT
// Threads move items between two containers, in several steps. A critical section on both of their objects keeps others
// from seeing the steps, also where there is no GIL.
#include "adder/adder.hpp"
#include "adder/sync/critical_section.hpp"

#include "threads/check.hpp"

#include <atomic>
#include <thread>
#include <vector>

using namespace adder;
using namespace test;

namespace {

constexpr int threads = 4;
constexpr int rounds = 50'000;
constexpr long total = 45;
std::atomic<int> awaited = threads;

/// Frozen, so that there is no borrow flag: who has a critical section on the object may change the items.
struct Items {
  mutable std::vector<long> items;
  long sum() const {
    long result = 0;
    for (const long item : items) result += item;
    return result;
  }
};

/// The first items change places. In between there is one of them twice, and the other one nowhere.
void swap_first(const Items& a, const Items& b) {
  const long kept = a.items.back();
  a.items.pop_back();
  a.items.push_back(b.items.back());
  b.items.pop_back();
  b.items.push_back(kept);
}

}  // namespace

template <>
struct adder::PyClass<Items> {
  static constexpr const char* name = "Items";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Items>&) {}
};

namespace {

void work(const Py<Items>& first, const Py<Items>& second, const Py<Items>& counted, bool other_way_round) {
  --awaited;
  while (awaited != 0) std::this_thread::yield();
  Python::with_gil([&](Python py) {
    const Bound<Items>& a = (other_way_round ? second : first).bind(py);
    const Bound<Items>& b = (other_way_round ? first : second).bind(py);
    const Bound<Items>& c = counted.bind(py);
    for (int i = 0; i < rounds; ++i) {
      with_critical_section2(a, b, [&] { swap_first(a.get(), b.get()); });
      const long seen = with_critical_section2(a, b, [&] { return a.get().sum() + b.get().sum(); });
      check_equal(seen, total, "the sum, which the steps of a swap change");
      with_critical_section(c, [&] { ++c.get().items[0]; });
      if (i % 64 == 0) py.allow_threads([] { std::this_thread::yield(); });
    }
  });
}

}  // namespace

int main() {
  watch();
  Python::with_gil([](Python py) {
    const Py<Items> first = Bound<Items>::new_(py, std::vector<long>{1, 2, 3, 4}).unbind();
    const Py<Items> second = Bound<Items>::new_(py, std::vector<long>{5, 6, 7, 17}).unbind();
    const Py<Items> counted = Bound<Items>::new_(py, std::vector<long>{0}).unbind();
    std::vector<std::thread> running;
    for (int i = 0; i < threads; ++i) running.emplace_back([&, i] { work(first, second, counted, i % 2 != 0); });
    join(py, running);
    check_equal(first.get().sum() + second.get().sum(), total, "the sum in the end");
    check_equal(counted.get().sum(), long{threads} * rounds, "what was counted in one object");
  });
}
