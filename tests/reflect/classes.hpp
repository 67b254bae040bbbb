// SPDX-License-Identifier: MIT
// Classes that are bound twice, by hand and by reflection. Most know nothing of Python.
#pragma once
#include <adder/adder.hpp>
#include <adder/class/enum.hpp>
#include <adder/class/protocols.hpp>
#include <adder/reflect/annotations.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace geometry {
class Rack;
}

namespace outside {
/// A base that Python does not know.
struct Named {
  std::string title = "untitled";
  std::string shout() const { return title + "!"; }
};
/// What holds handles, and nobody has said so.
class Attic {
 public:
  void stow(adder::PyObj object) { stowed_.push_back(std::move(object)); }

 private:
  friend struct adder::Traverse<Attic>;
  std::vector<adder::PyObj> stowed_;
};
class Shelf {
 public:
  void lay(adder::PyObj object) { laid_.push_back(std::move(object)); }
  std::size_t laid() const { return laid_.size(); }

 private:
  friend struct adder::PyClass<geometry::Rack>;
  std::vector<adder::PyObj> laid_;
};
// g++ 16 warns of a move assignment that nobody writes, as reflection lists it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wvirtual-move-assign"
class Left : public virtual Shelf {};
class Right : public virtual Shelf {};
#pragma GCC diagnostic pop
}  // namespace outside

namespace geometry {

/// An aggregate: its fields are the parameters of its constructor.
struct Point {
  double x;
  double y = 2;
  std::string label = "none";
  double length() const { return x * x + y * y; }
  void move(double by_x, double by_y) {
    x += by_x;
    y += by_y;
  }
};

enum class Color { red, green, from };

enum class Finish { matt, glossy };

/// A base, abstract, and a class that derives from it.
class Shape {
 public:
  Shape() = default;
  Shape(const Shape&) = default;
  Shape& operator=(const Shape&) = default;
  virtual ~Shape() = default;
  virtual double area() const = 0;
  const std::string& name() const { return name_; }
  Color color = Color::green;

 protected:
  explicit Shape(std::string name) : name_(std::move(name)) {}

 private:
  std::string name_;
};
class Square final : public Shape {
 public:
  explicit Square(double side) : Shape("square"), side_(side) {}
  double area() const override { return side_ * side_; }
  double side() const { return side_; }

 private:
  double side_;
};

/// Operators: members, and free ones beside the class.
class Vec {
 public:
  Vec(double x, double y) : x_(x), y_(y) {}
  double x() const { return x_; }
  Vec operator+(const Vec& other) const { return {x_ + other.x_, y_ + other.y_}; }
  Vec operator-(const Vec& other) const { return {x_ - other.x_, y_ - other.y_}; }
  Vec operator-() const { return {-x_, -y_}; }
  Vec operator*(double by) const { return {x_ * by, y_ * by}; }
  double operator*(const Vec& other) const { return x_ * other.x_ + y_ * other.y_; }
  Vec& operator+=(const Vec& other) {
    x_ += other.x_;
    y_ += other.y_;
    return *this;
  }
  bool operator==(const Vec&) const = default;
  explicit operator bool() const { return x_ != 0 || y_ != 0; }
  double operator()(double a, double b) const { return a * x_ + b * y_; }
  double& operator[](int i) { return i == 0 ? x_ : y_; }

 private:
  double x_, y_;
};
inline Vec operator/(const Vec& vec, double by) { return vec * (1 / by); }
inline Vec operator*(double by, const Vec& vec) { return vec * by; }

struct Version {
  int major_number = 0;
  int minor_number = 0;
  auto operator<=>(const Version&) const = default;
};

/// Overloads, static functions, defaults, constants, and names that Python reserves.
class Many {
 public:
  static constexpr int limit = 100;
  static constexpr const char* unit = "m";
  enum class Mode { slow, fast };

  Many() = default;
  explicit Many(int start) : value_(start) {}
  explicit Many(const std::string& text) : value_(static_cast<int>(text.size())) {}

  int get() const { return value_; }
  int& get() { return value_; }
  int add(int by) { return value_ += by; }
  double add(double by) const { return value_ + by; }
  void set(int value, int times = 2) { value_ = value * times; }
  static int twice(int number) { return 2 * number; }
  static std::string join(const std::string& first, const std::string& second) { return first + second; }
  static std::string join(int first, int second) { return std::to_string(first) + std::to_string(second); }
  int import(int lambda) const { return value_ + lambda; }
  int unnamed(int, int) const { return value_; }
  Mode mode() const { return Mode::fast; }
  int fails(int code) const {
    if (code != 0) throw adder::PyValueError::new_err("it fails");
    return code;
  }
  template <class T>
  T any(T value) const {
    return value;
  }
  int gone() const = delete;

 private:
  int hidden() const { return value_; }
  int value_ = 7;
};

/// Fields of several kinds.
class Mixed : public outside::Named {
 public:
  Mixed() = default;
  const int id = 5;
  unsigned flag : 3 = 1;
  std::optional<int> maybe;
  Color color = Color::red;
};

/// What holds handles where nobody but the compiler looks, in itself and in others.
class Box {
 public:
  void keep(adder::PyObj object) { kept_.push_back(std::move(object)); }

 private:
  friend struct adder::PyClass<Box>;
  std::vector<adder::PyObj> kept_;
};
class Node {
 public:
  Node() = default;
  void keep(adder::PyObj object) { children_.push_back(std::move(object)); }
  void put(adder::PyObj object) { box_.keep(std::move(object)); }
  void stow(adder::PyObj object) { attic_.stow(std::move(object)); }

 private:
  friend struct adder::PyClass<Node>;
  std::string name_ = "node";
  std::vector<adder::PyObj> children_;
  Box box_;
  outside::Attic attic_;
};

/// With a base that there are two ways to, and that is there once.
class Rack : public outside::Left, public outside::Right {
 public:
  Rack() = default;
};

/// Frozen: what it holds cannot change, or synchronises itself.
class Counter {
 public:
  explicit Counter(int start) : start_(start) {}
  int next() const { return start_ + ++count_; }

 private:
  const int start_;
  mutable std::atomic<int> count_ = 0;
};

class Money {
 public:
  explicit Money(std::int64_t cents) : cents_(cents) {}
  std::int64_t cents() const { return cents_; }
  bool operator==(const Money&) const = default;

 private:
  std::int64_t cents_;
};

}  // namespace geometry

// It does not know annotations.
// clang-format off
namespace annotated {

enum class [[=adder::doc("What may be done."), =adder::EnumKind::flag]] Perm : unsigned {
  read [[=adder::renamed("READ"), =adder::doc("Look.")]] = 1,
  write [[=adder::renamed("WRITE")]] = 2,
  none [[=adder::hide]] = 0
};

/// Says what Python sees of it.
class [[=adder::pyclass, =adder::doc("Somebody's money."), =adder::renamed("BankAccount")]] Account {
 public:
  explicit Account(std::string owner, [[=adder::defaults_to(0)]] std::int64_t balance = 0)
      : owner_(std::move(owner)), balance_(balance) {}
  [[=adder::getter]] const std::string& owner() const { return owner_; }
  [[=adder::getter, =adder::renamed("balance"), =adder::doc("In cents.")]] std::int64_t get_balance() const {
    return balance_;
  }
  [[=adder::setter, =adder::renamed("balance")]] void set_balance(std::int64_t balance) { balance_ = balance; }
  [[=adder::doc("Pay in.")]] std::int64_t deposit(
      std::int64_t amount, [[=adder::defaults_to("EUR")]] const std::string& currency = "EUR") {
    return currency == "EUR" ? balance_ += amount : balance_;
  }
  [[=adder::renamed("__repr__")]] std::string text() const { return "<Account of " + owner_ + ">"; }
  [[=adder::renamed("__len__")]] std::size_t size() const { return owner_.size(); }
  [[=adder::renamed("__getitem__")]] char operator[](adder::Index i) const { return owner_[i.in(owner_.size())]; }
  [[=adder::release_gil]] int wait(int seconds) const { return seconds; }
  [[=adder::hide]] void secret() {}
  [[=adder::getter, =adder::doc("For good.")]] int number = 3;

 private:
  std::string owner_;
  std::int64_t balance_;
};

/// Members that are hidden by name.
struct Plain {
  int value = 1;
  int get() const { return value; }
  void unwanted(const void*) {}
  Plain operator+(const Plain&) const { return *this; }
};

}  // namespace annotated

namespace tools {

inline constexpr int answer = 42;
inline constexpr const char* motto = "to the point";
inline int add(int first, int second) { return first + second; }
inline std::string add(const std::string& first, const std::string& second) { return first + second; }
inline int scale(int number, int by = 3) { return number * by; }
// What they return goes with the default argument, at the end of the expression that they are called in.
inline const std::string& or_default(bool given, const std::string& text = "a default that fills no small buffer") {
  static const std::string own = "its own";
  return given ? text : own;
}
inline const char* text_or_default(const std::string& text = "one more that fills no small buffer") {
  return text.c_str();
}
[[=adder::doc("Of which colour it is."), =adder::release_gil]] inline geometry::Color color_of(bool hot) {
  return hot ? geometry::Color::red : geometry::Color::green;
}
[[=adder::hide]] inline int internal() { return 1; }
inline double norm(const geometry::Vec& vec) { return vec * vec; }

}  // namespace tools
// clang-format on
