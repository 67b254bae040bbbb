// SPDX-License-Identifier: MIT
// The functions and classes whose calls are measured; each peer binds these.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calls {

using Int = std::int64_t;

// --- functions -------------------------------------------------------------------------------------------------------

template <class... T>
Int take(T... values) {
  return (values + ... + Int{0});
}
inline Int add(Int a, Int b) { return a + b; }
inline Int add_named(Int a, Int b) { return a + b; }
inline Int scale(Int value, Int by) { return value * by; }
inline std::size_t length(std::string_view text) { return text.size(); }
inline std::size_t length_of_string(const std::string& text) { return text.size(); }
inline const std::string& text() {
  static const std::string made = "a text of some length";
  return made;
}
inline std::string greet(std::string_view name) {
  std::string text("Hello, ");
  text += name;
  return text;
}
inline Int mixed(Int a, double b, bool c, std::size_t length, bool is_none, std::uint8_t f) {
  return a + static_cast<Int>(b) + (c ? 1 : 0) + static_cast<Int>(length) + (is_none ? 1 : 0) + f;
}
inline bool not_(bool value) { return !value; }
inline double half(double value) { return value / 2; }
inline std::uint8_t byte(std::uint8_t value) { return value; }
inline Int or_seven(std::optional<Int> value) { return value.value_or(7); }
inline std::pair<Int, Int> swapped(std::pair<Int, Int> pair) { return {pair.second, pair.first}; }
inline std::vector<Int> doubled(std::vector<Int> values) {
  for (Int& value : values) value *= 2;
  return values;
}
inline Int over_int(Int) { return 1; }
inline Int over_double(double) { return 2; }
inline Int over_text(std::string_view) { return 3; }
inline Int reject_standard() { throw std::invalid_argument("the value is out of range"); }

enum class Shape { point, line, triangle, square, circle, sphere };
inline Int pass_enum(Shape shape) { return static_cast<Int>(shape); }
inline Shape return_enum(Int number) { return static_cast<Shape>(number); }

// --- classes ---------------------------------------------------------------------------------------------------------

class Counter {
 public:
  explicit Counter(Int start) : total_(start) {}
  void inc() { ++total_; }
  Int add(Int by) { return total_ += by; }
  Int add_two(Int by, Int more) { return total_ += by + more; }
  Int total() const { return total_; }
  void set_total(Int total) { total_ = total; }
  Int field = 7;

 private:
  Int total_;
};
/// The same, for Python classes to derive from.
class OpenCounter : public Counter {
 public:
  using Counter::Counter;
};
/// Nothing changes it.
class Frozen {
 public:
  explicit Frozen(Int start) : field(start) {}
  Int get() const { return field; }
  Int field;
};
class OpenFrozen : public Frozen {
 public:
  using Frozen::Frozen;
};
inline Int pass_counter(const Counter& counter) { return counter.total(); }
inline Counter return_counter(Int start) { return Counter(start); }
inline Int pass_frozen(const Frozen& frozen) { return frozen.get(); }
inline Frozen return_frozen(Int start) { return Frozen(start); }

/// Operators.
struct Pair {
  double x = 0, y = 0;
  bool operator==(const Pair& other) const { return x == other.x && y == other.y; }
  bool operator<(const Pair& other) const { return x != other.x ? x < other.x : y < other.y; }
  Pair plus(const Pair& other) const { return {x + other.x, y + other.y}; }
  Pair& operator+=(const Pair& other) {
    x += other.x;
    y += other.y;
    return *this;
  }
  double& at(Int index) {
    if (index < 0) index += 2;
    if (index < 0 || index > 1) throw std::out_of_range("there are two items");
    return index == 0 ? x : y;
  }
  double get(Int index) const { return const_cast<Pair*>(this)->at(index); }
  void set(Int index, double value) { at(index) = value; }
  std::size_t size() const { return 2; }
  std::size_t hash() const { return 31 * static_cast<std::size_t>(x) + static_cast<std::size_t>(y); }
  bool has(double value) const { return value == x || value == y; }
  double scaled(double a, double b) const { return x * a + b; }
};
/// A container.
struct Row {
  explicit Row(Int size) {
    for (Int i = 0; i < size; ++i) numbers.push_back(1000 + i);
  }
  std::vector<Int> numbers;
};

}  // namespace calls
