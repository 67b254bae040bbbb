// SPDX-License-Identifier: MIT
// What docs/guide/reflection.md shows.
#include <adder/adder.hpp>
#include <adder/reflect/reflect.hpp>
#include <adder/stl/string.hpp>

#include <cstdint>
#include <string>
#include <utility>

class Account {
 public:
  explicit Account(std::string owner, std::int64_t balance = 0) : owner_(std::move(owner)), balance_(balance) {}
  const std::string& owner() const { return owner_; }
  std::int64_t deposit(std::int64_t amount) { return balance_ += amount; }
  bool operator==(const Account&) const = default;
  bool open = true;

 private:
  std::string owner_;
  std::int64_t balance_;
};

template <>
struct adder::PyClass<Account> : adder::Reflected<Account> {};

// It does not know annotations.
// clang-format off
namespace geometry {

enum class Unit { metre, foot };

struct [[=adder::doc("Where something is.")]] Point {
  double x = 0;
  double y = 0;
  Unit unit = Unit::metre;

  Point operator+(const Point& other) const { return {x + other.x, y + other.y, unit}; }
  [[=adder::renamed("__repr__")]] std::string text() const {
    return "<" + std::to_string(x) + ", " + std::to_string(y) + ">";
  }
  [[=adder::getter, =adder::doc("From the origin, squared.")]] double distance() const { return x * x + y * y; }
  [[=adder::hide]] double* data() { return &x; }
};

inline Point mirrored(const Point& point) { return {point.y, point.x, point.unit}; }

}  // namespace geometry

template <>
inline constexpr bool adder::reflected<^^geometry> = true;

ADDER_MODULE(bank_ext, m) {
  m.add_class<Account>();
  m.add_namespace<^^geometry>();
}
// clang-format on
