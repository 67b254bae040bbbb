// SPDX-License-Identifier: MIT
// Containers that are parts of an object, and classes that are containers, for test_part_containers.py.
#include <adder/adder.hpp>
#include <adder/class/containers.hpp>
#include <adder/class/part.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

using namespace adder;
using Any = Bound<PyAny>;
using Int = std::int64_t;

namespace {

/// An element that is a part.
struct Point {
  Int x = 0;
  void move(Int by) { x += by; }
  bool operator==(const Point&) const = default;
};
/// An element that is copied.
struct Plain {
  Int x = 0;
  void move(Int by) { x += by; }
  bool operator==(const Plain&) const = default;
};
/// A key and item whose comparison calls Python.
struct Chatty {
  Int x = 0;
};
/// An element with containers in it.
struct Shelf {
  std::vector<Int> books;
  std::map<std::string, Point> spots;
};

struct Box {
  std::vector<Int> ints;
  std::deque<double> reals;
  std::vector<std::string> words;
  std::array<Int, 3> trio{1, 2, 3};
  std::vector<bool> flags;
  std::vector<std::uint8_t> bytes;
  std::vector<Point> points;
  std::vector<Plain> plains;
  std::vector<Chatty> chatty;
  std::deque<Shelf> shelves;
  std::array<Point, 2> ends;
  std::vector<std::vector<Int>> grid;
  std::vector<std::vector<bool>> bits;
  std::map<std::string, Int> counts;
  std::unordered_map<Int, std::string> names;
  std::map<std::string, Point> places;
  std::unordered_map<std::string, std::vector<Int>> lists;
  std::map<std::string, std::map<Int, Point>> deep;
  std::set<Int> some;
  std::unordered_set<std::string> tags;
  const std::vector<Int> fixed{1, 2};
  std::vector<std::int32_t> classed{1};

  void push(Int x) { ints.push_back(x); }
  void resize(Int size) {
    ints.resize(static_cast<std::size_t>(size));
    ints.shrink_to_fit();
  }
  void resize_points(Int size) {
    points.resize(static_cast<std::size_t>(size));
    points.shrink_to_fit();
  }
  void replace_points(Int size, Int x) {
    points.clear();
    points.shrink_to_fit();
    points.assign(static_cast<std::size_t>(size), Point{x});
  }
  void forget(const std::string& name) { places.erase(name); }
  void learn(const std::string& name, Int x) { places[name] = Point{x}; }
  void forget_all() { places.clear(); }
  Int sum() const {
    Int result = 0;
    for (const Int x : ints) result += x;
    for (const Point& point : points) result += point.x;
    return result;
  }
  Any call_shared(const Any& callback) const { return callback(); }
  Any call_exclusive(const Any& callback) { return callback(); }
};

std::optional<Py<PyAny>> callback;
bool equal(const Chatty& a, const Chatty& b) {
  Python::with_gil([](Python py) {
    if (callback) (void)callback->bind(py).call();
  });
  return a.x == b.x;
}

using Ints = std::vector<std::int32_t>;
using Points = std::vector<std::vector<Point>>;
using Table = std::map<std::int32_t, Point>;
using Group = std::set<std::int32_t>;

}  // namespace

template <>
struct adder::PyClass<Point> {
  static constexpr auto name = "Point";
  static constexpr bool part = true, eq = true, weakref = true;
  static void define(ClassBuilder<Point>& cls) {
    cls.def_new<[](Int x) { return Point{x}; }>(arg("x") = 0);
    cls.field<&Point::x>("x");
    cls.def<&Point::move>("move");
    cls.def_pickle<[](const Point& point) { return point.x; }, [](Int x) { return Point{x}; }>();
    cls.def<"__repr__", [](const Point& point) { return "Point(" + std::to_string(point.x) + ")"; }>();
  }
};
template <>
struct adder::PyClass<Plain> {
  static constexpr auto name = "Plain";
  static constexpr bool eq = true;
  static void define(ClassBuilder<Plain>& cls) {
    cls.def_new<[](Int x) { return Plain{x}; }>(arg("x") = 0);
    cls.field<&Plain::x>("x");
    cls.def<&Plain::move>("move");
  }
};
template <>
struct adder::PyClass<Chatty> {
  static constexpr auto name = "Chatty";
  static constexpr bool part = true;
  static void define(ClassBuilder<Chatty>& cls) {
    cls.def_new<[](Int x) { return Chatty{x}; }>(arg("x") = 0);
    cls.field<&Chatty::x>("x");
    cls.def<"__eq__", &equal>();
  }
};
template <>
struct adder::PyClass<Shelf> {
  static constexpr auto name = "Shelf";
  static constexpr bool part = true;
  static void define(ClassBuilder<Shelf>& cls) {
    cls.def_new<>();
    cls.part<&Shelf::books>("books");
    cls.part<&Shelf::spots>("spots");
  }
};
template <>
struct adder::PyClass<Ints> : adder::ListClass<Ints> {
  static constexpr auto name = "Ints";
};
template <>
struct adder::PyClass<Points> : adder::ListClass<Points> {
  static constexpr auto name = "Points";
};
template <>
struct adder::PyClass<Table> : adder::DictClass<Table> {
  static constexpr auto name = "Table";
};
template <>
struct adder::PyClass<Group> : adder::SetClass<Group> {
  static constexpr auto name = "Group";
};
template <>
struct adder::PyClass<Box> {
  static constexpr auto name = "Box";
  using fields = PartialFieldList<>;
  static constexpr bool dict = true, weakref = true;
  static void define(ClassBuilder<Box>& cls) {
    cls.def_new<>();
    cls.part<&Box::ints>("ints");
    cls.part<&Box::reals>("reals");
    cls.part<&Box::words>("words");
    cls.part<&Box::trio>("trio");
    cls.part<&Box::flags>("flags");
    cls.part<&Box::bytes>("bytes");
    cls.part<&Box::points>("points");
    cls.part<&Box::plains>("plains");
    cls.part<&Box::chatty>("chatty");
    cls.part<&Box::shelves>("shelves");
    cls.part<&Box::ends>("ends");
    cls.part<&Box::grid>("grid");
    cls.part<&Box::bits>("bits");
    cls.part<&Box::counts>("counts");
    cls.part<&Box::names>("names");
    cls.part<&Box::places>("places");
    cls.part<&Box::lists>("lists");
    cls.part<&Box::deep>("deep");
    cls.part<&Box::some>("some");
    cls.part<&Box::tags>("tags");
    cls.part<&Box::fixed>("fixed");
    cls.part<&Box::classed>("classed");
    cls.def<&Box::push>("push");
    cls.def<&Box::resize>("resize");
    cls.def<&Box::resize_points>("resize_points");
    cls.def<&Box::replace_points>("replace_points");
    cls.def<&Box::forget>("forget");
    cls.def<&Box::learn>("learn");
    cls.def<&Box::forget_all>("forget_all");
    cls.def<&Box::sum>("sum");
    cls.def<&Box::call_shared>("call_shared");
    cls.def<&Box::call_exclusive>("call_exclusive");
  }
};

ADDER_MODULE(part_containers_ext, m, adder::gil_not_used) {
  m.add_class<Point>();
  m.add_class<Plain>();
  m.add_class<Chatty>();
  m.add_class<Shelf>();
  m.add_class<Ints>();
  m.add_class<Points>();
  m.add_class<Table>();
  m.add_class<Group>();
  m.add_class<Box>();
  m.def<[](const Any& function) {
    callback.reset();
    if (!function.is_none()) callback.emplace(function);
  }>("set_callback");
}
