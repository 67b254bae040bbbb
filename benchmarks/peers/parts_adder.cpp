// SPDX-License-Identifier: MIT
// Live members of an object, bound with adder.
#include "adder/adder.hpp"
#include "adder/class/containers.hpp"
#include "adder/class/part.hpp"
#include "adder/stl/string.hpp"
#include "parts.hpp"

#include <string>
#include <type_traits>

static_assert(std::is_same_v<parts::Counts::key_type, std::string>);  // Which converts.

template <>
struct adder::PyClass<parts::Engine> {
  static constexpr auto name = "Engine";
  static constexpr bool part = true;
  static void define(ClassBuilder<parts::Engine>& cls) {
    cls.def_new<>();
    cls.field<&parts::Engine::power>("power");
    cls.def<&parts::Engine::start>("start");
  }
};
template <>
struct adder::PyClass<parts::Wheel> {
  static constexpr auto name = "Wheel";
  static constexpr bool part = true;
  static void define(ClassBuilder<parts::Wheel>& cls) {
    cls.def_new<>();
    cls.field<&parts::Wheel::pressure>("pressure");
  }
};
template <>
struct adder::PyClass<parts::Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<parts::Car>& cls) {
    cls.def_new<>();
    cls.part<&parts::Car::engine>("engine");
    cls.part<&parts::Car::numbers>("numbers");
    cls.part<&parts::Car::wheels>("wheels");
    cls.part<&parts::Car::counts>("counts");
  }
};

ADDER_MODULE(parts_adder, m) {
  m.add_class<parts::Engine>();
  m.add_class<parts::Wheel>();
  m.add_class<parts::Car>();
}
