// SPDX-License-Identifier: MIT
// Which types several threads may use at once, as long as each has them const.
#include "adder/sync/sync.hpp"

#include "adder/adder.hpp"
#include "adder/sync/gil_once_cell.hpp"
#include "adder/sync/once_lock.hpp"
#include "adder/sync/py_mutex.hpp"

#include <gtest/gtest.h>

#include <any>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;

namespace {

struct Plain {
  int x;
  std::string text;
};
struct WithMutable {
  int x;
  mutable int y;
};
struct WithMutableClass {
  mutable std::map<int, int> all;
};
struct WithAtomic {
  int x;
  mutable std::atomic<int> y;
};
struct WithReference {
  int& x;
};
struct Nested {
  std::vector<Plain> all;
  std::optional<WithAtomic> one;
};
struct NestedMutable {
  std::vector<WithMutable> all;
};
struct WithMutex {
  mutable adder::PyMutex<std::vector<Py<PyAny>>> items;
  mutable GILOnceCell<Py<PyAny>> cell;
  Py<PyAny> owner;
};
struct Tree {
  std::vector<Tree> children;
  int value;
};
struct WithCell {
  mutable GILOnceCell<WithMutableClass> cell;
};
struct Branch {
  std::vector<Branch> branches;
  std::optional<Py<PyAny>> leaf;
};
class Opaque {
 public:
  int get() const { return x_; }

 private:
  int x_ = 0;
};
class Vouched {
 public:
  int get() const { return x_; }

 private:
  int x_ = 0;
};
class Denied {};
struct WithCallback {
  std::function<int()> call;
};

}  // namespace
template <>
struct adder::PyClass<Branch> {
  static constexpr auto name = "Branch";
  [[maybe_unused]] static constexpr bool frozen = true;
  static void define(ClassBuilder<Branch>&) {}
};
template <>
struct adder::SyncTraits<Vouched> : std::true_type {};
template <>
struct adder::SyncTraits<Denied> : std::false_type {};

// What a type is made of decides.
static_assert(Sync<int> && Sync<const double> && Sync<char[8]> && Sync<int (*)(int)> && Sync<int Plain::*>);
static_assert(Sync<std::string> && Sync<std::vector<std::string>> && Sync<std::map<int, std::vector<double>>>);
static_assert(Sync<std::variant<int, std::string>> && Sync<std::pair<int, std::optional<long>>>);
static_assert(Sync<Plain> && Sync<Nested> && Sync<Tree> && Sync<std::monostate>);
// What is mutable has to synchronise itself.
static_assert(!Sync<WithMutable> && !Sync<WithMutableClass> && !Sync<NestedMutable>);
static_assert(Sync<WithAtomic> && Sync<WithMutex> && Sync<std::atomic<long>> && Sync<std::mutex>);
static_assert(Sync<std::shared_mutex> && Sync<std::once_flag> && Sync<std::recursive_mutex>);
static_assert(Sync<adder::PyMutex<int>> && Sync<GILOnceCell<int>> && Sync<PyOnceLock<int>>);
// What leads elsewhere, where somebody may change it.
static_assert(!Sync<int*> && !Sync<const char*> && !Sync<WithReference> && !Sync<std::string_view>);
static_assert(!Sync<std::unique_ptr<int>> && !Sync<std::shared_ptr<const int>> && !Sync<std::vector<int*>>);
static_assert(Sync<std::unique_ptr<std::atomic<int>>> && Sync<std::unique_ptr<const std::string>>);
// A cell guards only its filling.
static_assert(!Sync<GILOnceCell<WithMutable>> && !Sync<PyOnceLock<WithMutableClass>> && Sync<GILOnceCell<Plain>>);
static_assert(!Sync<WithCell> && Sync<adder::PyMutex<WithMutable>>);
// A type may contain its like.
static_assert(detail::class_can_be_shared<Branch>() && detail::can_be_visited_meanwhile<Branch>());
// What hides what it holds.
static_assert(!Sync<std::function<int()>> && !Sync<WithCallback> && !Sync<std::any> && !Sync<Opaque>);
// What its author says.
static_assert(Sync<Vouched> && Sync<std::vector<Vouched>> && !Sync<Denied> && !Sync<std::optional<Denied>>);
static_assert(Sync<Py<PyAny>> && Sync<std::vector<Py<PyAny>>>);

TEST(Sync, the_answers_are_found_at_compile_time) { SUCCEED(); }
