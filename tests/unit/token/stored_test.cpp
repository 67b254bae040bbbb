// SPDX-License-Identifier: MIT
#include "adder/token/stored.hpp"

#include "adder/adder.hpp"
#include "adder/sync/py_mutex.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <future>
#include <initializer_list>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <regex>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace {

using namespace adder;
using adder::detail::holds_view;
using adder::detail::Pointers;

struct View {
  int a;
  std::string_view b;
};
struct ConstReference {
  int a;
  const int& b;
};
struct Reference {
  int& b;
};
struct RvalueReference {
  int&& b;
};
struct Pointer {
  int a;
  char* b;
};
struct PointerToFunction {
  void (*f)(int*);
  int Pointer::*m;
};
struct Deep {
  std::vector<View> v;
};
struct Plain {
  int a;
  std::string b;
  std::vector<std::map<int, std::string>> c;
  std::unique_ptr<int> d;
  std::shared_ptr<Plain> e;
};
struct Node {
  std::unique_ptr<Node> next;
  Py<PyAny> x;
  std::thread t;
  std::mutex m;
};
struct Resource;
struct CStruct {
  char* data;
  int n;
};
struct Close {
  void operator()(Resource*) const;
  void operator()(CStruct*) const;
};
struct CloseIn {
  int* pool;
  void operator()(int*) const;
};
struct CHandle {
  std::unique_ptr<Resource, Close> a;
  std::unique_ptr<CStruct, Close> b;
  std::unique_ptr<FILE, int (*)(FILE*)> c;
};
class Hidden {
 public:
  std::string_view get() const { return text_; }

 private:
  std::string_view text_;
};
class Named {
 public:
  std::string_view get() const { return text_; }

 private:
  std::string_view text_;
};
struct Literal {
  const char* text;
};

}  // namespace

template <>
struct adder::ViewTraits<Named> : std::true_type {};
template <>
struct adder::ViewTraits<Literal> : std::false_type {};

namespace {

template <class... T>
constexpr bool all_own = (Owning<T> && ...);
template <class... T>
constexpr bool none_owns = (!Owning<T> && ...);

static_assert(all_own<int, double, std::string, std::vector<std::string>, Plain, Node, CHandle, PointerToFunction,
                      Py<PyAny>, std::map<int, std::vector<Py<PyAny>>>, PyBackedStr, PyErr, PyResult<int>>);
static_assert(all_own<std::array<int, 3>, std::filesystem::path, std::chrono::nanoseconds, std::regex,
                      std::function<int(const char*)>, std::variant<int, std::string>, std::tuple<int, Py<PyAny>>,
                      std::future<int>>);
static_assert(all_own<std::unique_ptr<int[]>, std::shared_ptr<int[]>, std::shared_ptr<void>, GILOnceCell<int>,
                      adder::PyMutex<int>, int* (*)(int*), Literal, std::vector<Literal>>);
// Nobody can look into a class.
static_assert(all_own<Hidden, std::vector<Hidden>> && none_owns<Named, std::vector<Named>>);

static_assert(none_owns<std::string_view, std::wstring_view, std::span<int>, std::span<int, 3>, const char*, int*, int&,
                        std::span<const std::byte>, std::reference_wrapper<int>, std::initializer_list<int>>);
static_assert(none_owns<View, ConstReference, Reference, RvalueReference, Pointer, Deep, Borrowed<PyAny>>);
static_assert(
    none_owns<std::vector<std::string_view>, std::optional<std::string_view>, std::pair<int, std::string_view>,
              std::tuple<int&>, std::map<std::string_view, int>, std::variant<int, std::string_view>>);
static_assert(none_owns<std::unique_ptr<View>, std::shared_ptr<std::string_view>, std::unique_ptr<int, CloseIn>,
                        std::array<std::string_view, 3>, PyResult<std::string_view>>);
static_assert(none_owns<std::vector<int>::iterator, std::list<int>::iterator, std::map<int, int>::const_iterator>);

// The author of a class knows what its pointers lead to.
static_assert(!holds_view<Pointers::pass, Pointer>() && !holds_view<Pointers::pass, std::vector<int*>>());
static_assert(holds_view<Pointers::pass, Reference>() && holds_view<Pointers::pass, Deep>());

TEST(Stored, the_answers_are_found_at_compile_time) { SUCCEED(); }

}  // namespace
