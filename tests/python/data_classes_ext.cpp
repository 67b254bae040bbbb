// SPDX-License-Identifier: MIT
// Structs as data classes: test_data_classes.py has a twin in Python for each of them.
#include <adder/adder.hpp>
#include <adder/class/data_class.hpp>
#include <adder/class/enum.hpp>
#include <adder/class/protocols.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace adder;

namespace {

struct Point {
  double x = 0, y = 0;
  std::string label = "none";
};

struct Version {
  std::int64_t major = 0, minor = 0;
  std::string tag;
};

struct Bag {
  std::string name;
  std::vector<std::int64_t> items = {1, 2};
  std::optional<double> weight;
  bool sealed = false;
};

struct Line {
  Point from, to;
};

/// Of handles: Python's collector has to see them, and they have no default.
struct Node {
  Py<PyAny> value;
  std::optional<Py<PyAny>> next;
};

/// Of const fields, which are never assigned to.
struct Fixed {
  const std::int64_t a = 1;
  const std::string b = "b";
};

struct Range {
  std::int64_t low = 0, high = 0;
};
struct Silent {
  double x = 0;
};

std::int64_t next_id = 0;
struct Numbered {
  std::int64_t id = ++next_id;
};

/// With private fields, some of which are nobody's business.
class Account {
 public:
  const std::string& owner() const { return owner_; }

 private:
  friend struct adder::PyClass<Account>;
  std::string owner_;
  double balance_ = 0;
};

struct Partial {
  std::int64_t shown = 0;
  std::int64_t cache = 7;
};
/// Its own words win.
struct Own {
  std::int64_t n = 0;
};
enum class Color : std::uint8_t { red, green };
struct Painted {
  Color color = Color::green;
  Point at;
};
struct Nothing {};

/// Classes that derive from a data class: a data class, and a plain one.
struct Point3 : Point {
  double z = 0;
};
struct Held {
  std::optional<Py<PyAny>> value;
};
struct Linked : Held {
  std::int64_t weight = 0;
};
struct Marker : Point {
  std::int64_t number = 0;
};
/// Its constructor does something else than to keep what it is given.
struct Celsius {
  Celsius() = default;
  explicit Celsius(double fahrenheit) : degrees((fahrenheit - 32) / 1.8) {}
  double degrees = 0;
};
/// One that cannot be made of its fields has a constructor and pickles of its own.
class Even {
 public:
  explicit Even(std::int64_t half) : value_(2 * half) {}
  std::int64_t half() const { return value_ / 2; }

 private:
  friend struct adder::PyClass<Even>;
  std::int64_t value_;
};

}  // namespace

template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
  static constexpr EnumMember<Color> members[] = {{"red", Color::red}, {"green", Color::green}};
};
template <>
struct adder::PyClass<Point> : adder::DataClass<Point, Field<"x", &Point::x, "Left to right.">, Field<"y", &Point::y>,
                                                OptionalField<"label", &Point::label>> {
  static constexpr auto name = "Point";
  static constexpr bool subclass = true;
};
template <>
struct adder::PyClass<Version>
    : adder::DataClass<Version, Field<"major", &Version::major>, OptionalField<"minor", &Version::minor>,
                       OptionalField<"tag", &Version::tag>> {
  static constexpr auto name = "Version";
  static constexpr bool frozen = true;
  static constexpr bool order = true;
};
template <>
struct adder::PyClass<Bag>
    : adder::DataClass<Bag, Field<"name", &Bag::name>, OptionalField<"items", &Bag::items>, KwOnly,
                       OptionalField<"weight", &Bag::weight>, OptionalField<"sealed", &Bag::sealed>> {
  static constexpr auto name = "Bag";
  static constexpr bool order = true;
};
template <>
struct adder::PyClass<Line> : adder::DataClass<Line, Field<"from_", &Line::from>, Field<"to", &Line::to>> {
  static constexpr auto name = "Line";
};
template <>
struct adder::PyClass<Node> : adder::DataClass<Node, Field<"value", &Node::value>, Field<"next", &Node::next>> {
  static constexpr auto name = "Node";
  static constexpr bool unsafe_hash = true;
};
template <>
struct adder::PyClass<Fixed> : adder::DataClass<Fixed, OptionalField<"a", &Fixed::a>, OptionalField<"b", &Fixed::b>> {
  static constexpr auto name = "Fixed";
  static constexpr bool frozen = true;
};
template <>
struct adder::PyClass<Range> : adder::DataClass<Range, Field<"low", &Range::low>, Field<"high", &Range::high>> {
  static constexpr auto name = "Range";
  static constexpr bool subclass = true;
  static PyResult<void> post_init(Range& range) {
    if (range.low > range.high) return PyValueError::new_err("low is above high");
    if (range.low == range.high) throw std::out_of_range("empty");
    return {};
  }
};
template <>
struct adder::PyClass<Silent> : adder::DataClass<Silent, Field<"x", &Silent::x>> {
  static constexpr auto name = "Silent";
  static constexpr bool repr = false;
  static constexpr bool eq = false;
  static constexpr bool match_args = false;
  static constexpr bool pickle = false;
};
template <>
struct adder::PyClass<Numbered> : adder::DataClass<Numbered, OptionalField<"id", &Numbered::id>> {
  static constexpr auto name = "Numbered";
};
template <>
struct adder::PyClass<Account>
    : adder::DataClass<Account, Field<"owner", &Account::owner_>, OptionalField<"balance", &Account::balance_>> {
  static constexpr auto name = "Account";
  static void define(ClassBuilder<Account>& cls) {
    cls.def<[](const Account& account) { return account.owner() + "!"; }>("shout");
  }
};
template <>
struct adder::PyClass<Partial> : adder::DataClass<Partial, Field<"shown", &Partial::shown>> {
  static constexpr auto name = "Partial";
  static constexpr bool partial = true;
  static void define(ClassBuilder<Partial>& cls) { cls.field<&Partial::cache>("cache"); }
};
template <>
struct adder::PyClass<Own> : adder::DataClass<Own, Field<"n", &Own::n>> {
  static constexpr auto name = "Own";
  static constexpr bool order = true;
  static void define(ClassBuilder<Own>& cls) {
    cls.def_new<[] { return Own{7}; }>();
    cls.def<"__repr__", [](const Own&) { return std::string("own"); }>();
    cls.def<"__lt__", [](const Own&, const Own&) { return true; }>();
    cls.def<"__hash__", [](const Own&) { return 5; }>();
    cls.getter<[](const Own& own) { return own.n + 1; }>("n", "One more.");
    cls.def_pickle<&Own::n, [](std::int64_t n) { return Own{n + 100}; }>();
    cls.attr("__match_args__", 5);
  }
};
template <>
struct adder::PyClass<Painted>
    : adder::DataClass<Painted, OptionalField<"color", &Painted::color>, OptionalField<"at", &Painted::at>> {
  static constexpr auto name = "Painted";
};
template <>
struct adder::PyClass<Nothing> : adder::DataClass<Nothing> {
  static constexpr auto name = "Nothing";
};
template <>
struct adder::PyClass<Point3> : adder::DataClass<Point3, Field<"x", &Point3::x>, Field<"y", &Point3::y>,
                                                 Field<"label", &Point3::label>, OptionalField<"z", &Point3::z>> {
  static constexpr auto name = "Point3";
  static constexpr bool subclass = true;
  using base = Point;
};
template <>
struct adder::PyClass<Marker> {
  static constexpr auto name = "Marker";
  static constexpr bool subclass = true;
  using base = Point;
  using fields = FieldList<&Marker::number>;
  static void define(ClassBuilder<Marker>& cls) {
    cls.def_new<&Marker::number>(arg("number"));
    cls.field<&Marker::number>("number");
  }
};
template <>
struct adder::PyClass<Held> : adder::DataClass<Held, OptionalField<"value", &Held::value>> {
  static constexpr auto name = "Held";
  static constexpr bool subclass = true;
};
template <>
struct adder::PyClass<Linked>
    : adder::DataClass<Linked, OptionalField<"value", &Linked::value>, OptionalField<"weight", &Linked::weight>> {
  static constexpr auto name = "Linked";
  using base = Held;
};
template <>
struct adder::PyClass<Celsius> : adder::DataClass<Celsius, Field<"degrees", &Celsius::degrees>> {
  static constexpr auto name = "Celsius";
};
template <>
struct adder::PyClass<Even> : adder::DataClass<Even, Field<"value", &Even::value_>> {
  static constexpr auto name = "Even";
  static constexpr bool init = false;
  static constexpr bool pickle = false;
  static void define(ClassBuilder<Even>& cls) {
    cls.def_new<std::int64_t>(arg("half"));
    cls.def_pickle<&Even::half, [](std::int64_t half) { return Even(half); }>();
  }
};

ADDER_MODULE(data_classes_ext, m) {
  m.add_enum<Color>();
  m.add_class<Point>();
  m.add_class<Version>();
  m.add_class<Bag>();
  m.add_class<Line>();
  m.add_class<Node>();
  m.add_class<Fixed>();
  m.add_class<Range>();
  m.add_class<Silent>();
  m.add_class<Numbered>();
  m.add_class<Account>();
  m.add_class<Partial>();
  m.add_class<Own>();
  m.add_class<Painted>();
  m.add_class<Nothing>();
  m.add_class<Point3>();
  m.add_class<Marker>();
  m.add_class<Held>();
  m.add_class<Linked>();
  m.add_class<Celsius>();
  m.add_class<Even>();
  m.def<[](const Point& point) { return point.x + point.y; }>("sum_of");
  m.def<[](double x) { return Point{x, x, "made"}; }>("make_point");
}
