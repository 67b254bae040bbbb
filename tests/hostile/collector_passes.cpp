// SPDX-License-Identifier: MIT
// The collector visits objects twice. Detached threads lock a PyMutex with handles between the two visits, read what is
// there, swap it out and back: nothing that is alive is taken for garbage, no finalizer of it runs, no weak reference
// to it is cleared.
#include "adder/sync/py_mutex.hpp"

#include "threads/check.hpp"

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;
using namespace test;

namespace {

using Items = std::vector<Py<PyAny>>;

struct Store {
  mutable adder::PyMutex<Items> items;
  std::size_t size_detached() const { return items.lock_detached()->size(); }
  void fill(Python py, const Bound<PyAny>& item) const { items.lock(py)->push_back(Py<PyAny>(item)); }
  std::size_t size(Python py) const { return items.lock(py)->size(); }
};

}  // namespace

template <>
struct adder::PyClass<Store> {
  static constexpr auto name = "Store";
  static constexpr bool frozen = true;
  using fields = FieldList<&Store::items>;
  static void define(ClassBuilder<Store>& cls) {
    cls.def_new<>();
    cls.def<&Store::fill>("fill");
    cls.def<&Store::size>("size");
  }
};

namespace {

constexpr const char* classes = R"(
import gc, weakref
died = []
class Item:
    def __init__(self, number):
        self.number, self.itself = number, self
    def __del__(self):
        died.append(self.number)
def generator():
    try:
        yield 1
    finally:
        died.append("generator")
def make_items(store):
    for number in range(20):
        store.fill(Item(number))
    started = generator()
    next(started)
    item = Item(20)
    item.generator = started
    store.fill(item)
    last = Item(21)
    store.fill(last)
    return weakref.ref(last, lambda _: died.append("reference"))
)";

void look_at(const Store& store) { check_equal(static_cast<long long>(store.size_detached()), 22, "items there"); }
void swap_out_and_back(const Store& store) {
  Items mine;
  {
    const auto guard = store.items.lock_detached();
    std::swap(*guard, mine);
  }
  std::this_thread::yield();
  const auto guard = store.items.lock_detached();
  if (mine.empty()) return;  // Another thread has them.
  std::swap(*guard, mine);
}

template <class Use>
void threads_use_it_meanwhile(const char* what, int count, Use use) {
  now_at = what;
  std::optional<Py<Store>> store;
  Python::with_gil([&](Python py) {
    py.run("died.clear()");
    const auto made = Bound<Store>::new_(py);
    store.emplace(made);
    py.eval("globals()").set_item("watch", py.eval("make_items").call(made));
  });
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&] {
      const Store& value = store->get();
      while (!stop) use(value);
    });
  }
  for (int round = 0; round < times(400); ++round) {
    Python::with_gil([](Python py) {
      py.run("gc.collect()");
      check(py.eval("not died and watch() is not None").extract<bool>(), "what is alive was taken for garbage");
    });
  }
  stop = true;
  join(threads);
  Python::with_gil([&](Python py) {
    check_equal(static_cast<long long>(store->bind(py).get().size(py)), 22, "items left");
    py.run("gc.collect()");
    check(py.eval("not died").extract<bool>(), "what is alive was taken for garbage");
    // A cycle through the mutex is found and ends.
    store->bind(py).get().fill(py, store->bind(py));
    store.reset();
    py.run("gc.collect()");
    check(py.eval("watch() is None and len(died) == 24").extract<bool>(), "the cycle is still there");
  });
}

}  // namespace

int main() {
  watch();
  Python::with_gil([](Python py) { py.run(classes); });
  threads_use_it_meanwhile("threads that read", 3, &look_at);
  threads_use_it_meanwhile("a thread that swaps", 1, &swap_out_and_back);
  std::puts("passed");
}
