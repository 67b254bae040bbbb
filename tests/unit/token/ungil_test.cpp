// SPDX-License-Identifier: MIT
#include "adder/token/ungil.hpp"

#include "adder/adder.hpp"
#include "adder/sync/once_lock.hpp"
#include "adder/sync/py_mutex.hpp"

#include <gtest/gtest.h>

#include <any>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace {

using namespace adder;
using adder::detail::Verdict;
using adder::detail::verdict;

using Any = Bound<PyAny>;

struct Plain {
  int a;
  std::string b;
};
struct WithBound {
  int a;
  Any b;
};
struct WithReference {
  Any& b;
};
struct Deeper {
  int a;
  WithReference b;
};
struct WithVector {
  std::vector<Any> a;
};
struct Synchronised {
  std::atomic<int> a;
  std::mutex b;
};
struct WithArray {
  int a[4];
};
struct Derived : Plain {
  int c;
};
struct Node {
  Node* next;
  int value;
};
struct BadNode {
  BadNode* next;
  Any* value;
};
struct WithToken {
  Python py;
};
struct WithOptional {
  int a;
  std::optional<WithBound> b;
};
struct WithRaw {
  int a;
  ::PyObject* b;
};
struct WithPy {
  Py<PyAny> a;
  std::vector<Py<PyList>> b;
};
struct Sixteen {
  int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o;
  Any p;
};
struct Seventeen {
  int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q;
};
class Opaque {
 public:
  int get() const { return x_; }

 private:
  int x_ = 0;
};
class OptedIn {
 public:
  int get() const { return x_; }

 private:
  int x_ = 0;
};
struct OptedOut {
  int handle;
};
template <class T>
struct Box {
  T value;
};
template <class T>
class Hidden {
 public:
  const T& get() const { return value_; }

 private:
  T value_;
};
struct Cached {
  int key;
  GILOnceCell<Py<PyAny>> value;
  adder::PyMutex<std::string> text;
};
struct WithError {
  PyErr error;
};
struct ReferenceBesideHandle {
  Py<PyAny> a;
  int& b;
};
struct Empty {};
union Union {
  int a;
  float b;
};
enum class Colour { red };
struct Incomplete;

}  // namespace

template <>
struct adder::UngilTraits<OptedIn> : std::true_type {};
template <>
struct adder::UngilTraits<OptedOut> : std::false_type {};

namespace {

template <class... T>
constexpr bool all_free = (Ungil<T> && ...);
template <class... T>
constexpr bool none_free = (!Ungil<T> && ...);
template <class... T>
constexpr bool all_bound = ((verdict<T>() == Verdict::gil_bound) && ...);

static_assert(all_free<int, const int&, double, bool, Colour, std::nullptr_t, void, int*, void (*)(int), Empty>);
static_assert(all_free<std::string, std::string_view, std::vector<int>, std::vector<std::string>, std::list<int>>);
static_assert(all_free<std::map<std::string, int>, std::unordered_map<int, std::string>, std::set<int, std::less<>>>);
static_assert(
    all_free<std::pair<int, int>, std::tuple<int, std::string>, std::optional<int>, std::variant<int, std::string>>);
static_assert(
    all_free<std::unique_ptr<int>, std::shared_ptr<Plain>, std::reference_wrapper<int>, std::span<const int>>);
static_assert(all_free<std::array<int, 3>, std::span<int, 3>, std::thread, std::mutex, std::filesystem::path>);
static_assert(all_free<std::chrono::nanoseconds, std::chrono::system_clock::time_point, std::vector<int>::iterator>);
static_assert(all_free<Plain, Synchronised, Node, WithPy, Py<PyAny>, PyErr, PyResult<int>, PyResult<void>, OptedIn>);

static_assert(all_bound<Python, const Python&, Any, Any&, Any*, const Bound<PyList>&, Borrowed<PyAny>, PyRef<Plain>,
                        PyRefMut<Plain>, GILGuard&, GILPool&, ::PyObject*, ::PyTypeObject*>);
static_assert(all_bound<std::vector<Any>, std::pair<int, Any>, std::tuple<int, Any>, std::optional<Any>,
                        std::map<int, Any>, std::variant<int, Any>, std::unique_ptr<Any>, std::shared_ptr<Any>>);
static_assert(all_bound<std::reference_wrapper<Any>, std::span<Any>, std::span<Any, 3>, std::array<Any, 3>,
                        std::vector<std::vector<Any>>, std::vector<Any>::iterator, PyResult<Any>, Box<Any>>);
static_assert(all_bound<WithBound, WithReference, Deeper, WithVector, WithToken, WithOptional, WithRaw, BadNode,
                        Sixteen, OptedOut>);

// What is shared between threads is what it holds.
static_assert(all_free<GILOnceCell<int>, GILOnceCell<Py<PyAny>>, PyOnceLock<int>, adder::PyMutex<int>,
                       adder::PyMutex<std::vector<Py<PyAny>>>, Cached>);
static_assert(all_free<std::future<void>, std::promise<void>, std::shared_future<void>, std::future<int>,
                       std::promise<std::string>, std::vector<std::future<void>>>);
static_assert(none_free<GILOnceCell<Opaque>, PyOnceLock<Opaque>, adder::PyMutex<Opaque>, std::future<Opaque>,
                        std::promise<void*>, std::packaged_task<void()>>);
static_assert(verdict<adder::PyMutex<Opaque>>() == Verdict::unknown && all_bound<std::future<Any>, std::promise<Any&>>);

// References and errors hide no other field.
static_assert(all_free<WithError, ReferenceBesideHandle>);

// Not known to be free is not free.
static_assert(none_free<void*, std::shared_ptr<void>, std::function<int()>, std::function<void(int)>, std::any, Opaque,
                        Hidden<int>, Union, Incomplete*, WithArray, Derived, Seventeen, FILE*>);
static_assert(verdict<Opaque>() == Verdict::unknown && verdict<std::function<int()>>() == Verdict::unknown);

TEST(Ungil, a_captureless_lambda_is_told_from_a_capturing_one) {
  int x = 0;
  Empty empty;
  const auto captures = [x] { return x; };
  const auto refers = [&x] { return x; };
  const auto holds_an_empty_class = [empty] { (void)empty; };
  const auto nothing = [] {};
  EXPECT_TRUE(adder::detail::is_captureless<decltype(nothing)>);
  EXPECT_TRUE(adder::detail::is_captureless<void (*)()>);
  EXPECT_FALSE(adder::detail::is_captureless<decltype(captures)>);
  EXPECT_FALSE(adder::detail::is_captureless<decltype(refers)>);
  EXPECT_FALSE(adder::detail::is_captureless<decltype(holds_an_empty_class)>);
}

}  // namespace
