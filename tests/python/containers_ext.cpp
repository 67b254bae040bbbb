// SPDX-License-Identifier: MIT
// C++ containers as classes: test_containers.py drives them beside list and dict.
#include <adder/adder.hpp>
#include <adder/class/containers.hpp>
#include <adder/stl/deque.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/unordered_map.hpp>
#include <adder/stl/vector.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

using namespace adder;

namespace {

struct Point {
  double x = 0, y = 0;
  bool operator==(const Point&) const = default;
};

using Ints = std::vector<std::int64_t>;
using Texts = std::deque<std::string>;
using Objects = std::vector<Py<PyAny>>;
using Flags = std::vector<bool>;
using Points = std::vector<Point>;
using Counts = std::map<std::string, std::int64_t>;
using Table = std::unordered_map<std::int64_t, std::string>;
using Places = std::map<std::int64_t, Point>;

struct Shelf {
  Ints numbers;
};

}  // namespace

template <>
struct adder::PyClass<Point> {
  static constexpr auto name = "Point";
  static constexpr bool eq = true;
  static void define(ClassBuilder<Point>& cls) {
    cls.def_new<double, double>(arg("x"), arg("y"));
    cls.field<&Point::x>("x");
    cls.field<&Point::y>("y");
    cls.def_pickle<[](const Point& p) { return std::pair(p.x, p.y); },
                   [](std::pair<double, double> p) {
                     return Point{p.first, p.second};
                   }>();
  }
};
template <>
struct adder::PyClass<Ints> : adder::ListClass<Ints> {
  static constexpr auto name = "Ints";
  static void define(ClassBuilder<Ints>& cls) {
    ListClass<Ints>::define(cls);
    cls.def<[](const Ints& list) {
      std::int64_t total = 0;
      for (const std::int64_t one : list) total += one;
      return total;
    }>("total");
  }
};
template <>
struct adder::PyClass<Texts> : adder::ListClass<Texts> {
  static constexpr auto name = "Texts";
  static constexpr bool subclass = true;
};
template <>
struct adder::PyClass<Flags> : adder::ListClass<Flags> {
  static constexpr auto name = "Flags";
};
template <>
struct adder::PyClass<Points> : adder::ListClass<Points> {
  static constexpr auto name = "Points";
};
template <>
struct adder::PyClass<Counts> : adder::DictClass<Counts> {
  static constexpr auto name = "Counts";
  static constexpr bool subclass = true;
};
template <>
struct adder::PyClass<Table> : adder::DictClass<Table> {
  static constexpr auto name = "Table";
};
template <>
struct adder::PyClass<Places> : adder::DictClass<Places> {
  static constexpr auto name = "Places";
};
template <>
struct adder::PyClass<Shelf> {
  static constexpr auto name = "Shelf";
  static void define(ClassBuilder<Shelf>& cls) {
    cls.def_new<>();
    cls.field<&Shelf::numbers>("numbers");
  }
};

ADDER_MODULE(containers_ext, m) {
  m.add_class<Point>();
  m.add_class<Ints>();
  m.add_class<Texts>();
  m.add_class<Flags>();
  m.add_class<Points>();
  m.add_class<Counts>();
  m.add_class<Table>();
  m.add_class<Places>();
  m.add_class<Shelf>();
  m.def<[](Ints& list) { list.push_back(7); }>("push_seven");
  m.def<[](const Ints& list) { return list.size(); }>("size_of");
  m.def<[] { return Ints{1, 2, 3}; }>("make_ints");
  m.def<[] { return Counts{{"a", 1}}; }>("make_counts");
}
