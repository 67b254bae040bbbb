// SPDX-License-Identifier: MIT
// Pyclasses by value and by reference: how often they are copied, and what a reference as a result is.
#include <adder/adder.hpp>
#include <adder/stl/array.hpp>
#include <adder/stl/deque.hpp>
#include <adder/stl/list.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/variant.hpp>
#include <adder/stl/vector.hpp>

#include <array>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;

namespace {

int copies = 0;
int moves = 0;

void begin_count() { copies = moves = 0; }
std::pair<int, int> counts() { return {copies, moves}; }

struct Value {
  explicit Value(int n) : number(n) {}
  Value(const Value& other) : number(other.number) { ++copies; }
  Value(Value&& other) noexcept : number(other.number) { ++moves; }
  Value& operator=(const Value& other) {
    number = other.number;
    ++copies;
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    number = other.number;
    ++moves;
    return *this;
  }
  ~Value() = default;
  void absorb(Value other) { number += other.number; }  // NOLINT(performance-unnecessary-value-param)
  int number;
};

/// What it is called with has got here; says how.
template <class T>
std::pair<int, int> take(T) {
  return counts();
}
template <class T>
std::pair<int, int> look(const T&) {
  return counts();
}

Value make() { return Value(1); }
PyResult<Value> make_result() { return PyResult<Value>(std::in_place, 1); }
std::optional<Value> make_optional() { return std::optional<Value>(std::in_place, 1); }
std::vector<Value> make_vector() {
  std::vector<Value> made;
  made.reserve(10);
  for (int i = 0; i < 10; ++i) made.emplace_back(i);
  return made;
}
std::pair<Value, int> make_pair() {
  return {std::piecewise_construct, std::forward_as_tuple(1), std::forward_as_tuple(2)};
}
std::map<int, Value> make_map() {
  std::map<int, Value> made;
  made.try_emplace(1, 1);
  made.try_emplace(2, 2);
  return made;
}
std::variant<int, Value> make_variant() { return std::variant<int, Value>(std::in_place_type<Value>, 1); }

struct Shape {
  int sides = 0;
};
struct Chain : Shape {
  Chain& add(int more) {
    sides += more;
    return *this;
  }
  const Chain& same() const { return *this; }
  Shape& base() { return *this; }
  Chain& slow(int more) { return add(more); }
  Chain& with(const Chain& other) {
    sides += other.sides;
    return *this;
  }
  /// Of another object: its own reference cannot be had.
  static const Chain& neighbour(const Chain&) {
    static const Chain one;
    return one;
  }
};

}  // namespace

template <>
struct adder::UngilTraits<Chain> : std::true_type {};
template <>
struct adder::PyClass<Value> {
  static constexpr auto name = "Value";
  static void define(ClassBuilder<Value>& cls) {
    cls.def_new<int>();
    cls.getter<&Value::number>("number");
    cls.def<&Value::absorb>("absorb");
  }
};
template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Shape>&) {}
};
template <>
struct adder::PyClass<Chain> {
  static constexpr auto name = "Chain";
  using base = Shape;
  static void define(ClassBuilder<Chain>& cls) {
    cls.def_new<>();
    cls.field<&Chain::sides>("sides");
    cls.def<&Chain::add>("add", arg("more"));
    cls.def<&Chain::same>("same");
    cls.def<[](Chain& self) -> Chain& { return self; }>("through_lambda");
    cls.def<&Chain::base>("base");
    cls.def<&Chain::slow>("slow", release_gil, arg("more"));
    cls.def<&Chain::with>("with_", arg("other"));
    cls.def<&Chain::neighbour>("neighbour");
    cls.getter<&Chain::same>("me");
  }
};

ADDER_MODULE(values_ext, m) {
  m.add_class<Value>();
  m.add_class<Shape>();
  m.add_class<Chain>();
  m.def<&begin_count>("begin_count");
  m.def<&counts>("counts");
  m.def<&take<Value>>("take");
  m.def<&look<Value>>("look");
  m.def<&take<std::vector<Value>>>("take_vector");
  m.def<&look<std::vector<Value>>>("look_vector");
  m.def<&take<std::deque<Value>>>("take_deque");
  m.def<&take<std::list<Value>>>("take_list");
  m.def<&take<std::array<Value, 3>>>("take_array");
  m.def<&take<std::pair<Value, int>>>("take_pair");
  m.def<&take<std::tuple<Value, Value>>>("take_tuple");
  m.def<&take<std::optional<Value>>>("take_optional");
  m.def<&take<std::variant<int, Value>>>("take_variant");
  m.def<&take<std::map<int, Value>>>("take_map");
  m.def<&take<std::vector<std::pair<Value, int>>>>("take_pairs");
  m.def<&take<std::vector<std::optional<Value>>>>("take_optionals");
  m.def<&make>("make");
  m.def<&make_result>("make_result");
  m.def<&make_optional>("make_optional");
  m.def<&make_vector>("make_vector");
  m.def<&make_pair>("make_pair");
  m.def<&make_map>("make_map");
  m.def<&make_variant>("make_variant");
}
