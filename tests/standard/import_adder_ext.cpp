// SPDX-License-Identifier: MIT
// A module that imports adder, where others include it.
#include <adder/module/macros.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

import adder;

using namespace adder;
using namespace adder::literals;

namespace {

class Account {
 public:
  explicit Account(std::string owner) : owner_(std::move(owner)) {}
  const std::string& owner() const { return owner_; }
  std::int64_t deposit(std::int64_t amount) {
    if (amount <= 0) throw PyValueError::new_err("deposit() wants a positive amount");
    return balance_ += amount;
  }
  bool operator==(const Account&) const = default;

 private:
  std::string owner_;
  std::int64_t balance_ = 0;
};
enum class Color { red, green };

int add(int a, int b) { return a + b; }
double add(double a, double b) { return a + b; }
Color flip(Color color) { return color == Color::red ? Color::green : Color::red; }
std::string call(const Bound<PyAny>& function, const std::vector<int>& items) {
  return function.call(items).call_method("strip"_s).extract<std::string>();
}

}  // namespace

template <>
struct adder::PyEnum<Color> {
  static constexpr auto name = "Color";
  static constexpr EnumMember<Color> members[] = {{"RED", Color::red}, {"GREEN", Color::green}};
};
template <>
struct adder::PyClass<Account> {
  static constexpr auto name = "Account";
  static constexpr bool eq = true;
  static void define(ClassBuilder<Account>& cls) {
    cls.def_new<std::string>(arg("owner"));
    cls.getter<&Account::owner>("owner");
    cls.def<&Account::deposit>("deposit", arg("amount") = 1);
  }
};

ADDER_MODULE(import_adder_ext, m) {
  m.add_class<Account>();
  m.add_enum<Color>();
  m.def<overload<static_cast<int (*)(int, int)>(&add), static_cast<double (*)(double, double)>(&add)>>("add");
  m.def<&flip>("flip");
  m.def<&call>("call");
}
