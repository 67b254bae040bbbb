// SPDX-License-Identifier: MIT
// Classes whose built-in base is made from the constructor's arguments, and a class with a method on rvalues.
#include <adder/adder.hpp>
#include <adder/stl/string.hpp>
#include <adder/types/datetime.hpp>

#include <cstddef>
#include <string>
#include <utility>

using namespace adder;

namespace {

struct Day {
  Day(int year, int month, int day) : number(year * 10'000 + month * 100 + day) {}
  int number;
  std::string text = "text that lives on the heap, for the leak checkers";
};
struct Celsius {
  explicit Celsius(double degrees) : value(degrees) {}
  double fahrenheit() const { return value * 1.8 + 32; }
  double value;
};
struct Label {
  explicit Label(std::string content) : text(std::move(content)) {}
  std::string text;
};
struct Filled {
  explicit Filled(const Bound<PyAny>& items) : given(items.len()) {}
  std::size_t given;
};

/// Its base is written in Python.
struct Tally {};
using PyCounter = ImportedType<"collections", "Counter">;

class Bag {
 public:
  explicit Bag(std::string content) : content_(std::move(content)) {}
  std::string take() && { return std::move(content_); }
  std::string peek() const&& { return content_; }
  std::string look() const& noexcept { return content_; }
  void put(const std::string& content) & noexcept { content_ = content; }
  Bound<PyAny> call_during(const Bound<PyAny>& callback) && { return callback(); }

 private:
  std::string content_;
};

}  // namespace

template <>
struct adder::PyClass<Day> {
  static constexpr auto name = "Day";
  using base = PyDate;
  static constexpr bool base_takes_args = true;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Day>& cls) {
    cls.def_new<int, int, int>(arg("year"), arg("month") = 1, arg("day") = 1);
    cls.getter<&Day::number>("number");
    cls.getter<&Day::text>("text");
  }
};
template <>
struct adder::PyClass<Celsius> {
  static constexpr auto name = "Celsius";
  using base = PyFloat;
  static constexpr bool base_takes_args = true;
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Celsius>& cls) {
    cls.def_new<double>(arg("degrees"));
    cls.def<&Celsius::fahrenheit>("fahrenheit");
  }
};
template <>
struct adder::PyClass<Label> {
  static constexpr auto name = "Label";
  using base = PyString;
  static constexpr bool base_takes_args = true;
  static void define(ClassBuilder<Label>& cls) {
    cls.def_new<std::string>();
    cls.getter<&Label::text>("text");
  }
};
template <>
struct adder::PyClass<Filled> {
  static constexpr auto name = "Filled";
  using base = PyList;
  static constexpr bool base_takes_args = true;
  static void define(ClassBuilder<Filled>& cls) {
    cls.def_new<Bound<PyAny>>(arg("items"));
    cls.getter<&Filled::given>("given");
  }
};
template <>
struct adder::PyClass<Tally> {
  static constexpr auto name = "Tally";
  using base = PyCounter;
  static void define(ClassBuilder<Tally>& cls) { cls.def_new<>(); }
};
template <>
struct adder::PyClass<Bag> {
  static constexpr auto name = "Bag";
  static void define(ClassBuilder<Bag>& cls) {
    cls.def_new<std::string>();
    cls.def<&Bag::take>("take");
    cls.def<&Bag::peek>("peek");
    cls.def<&Bag::look>("look");
    cls.def<&Bag::put>("put");
    cls.def<&Bag::call_during>("call_during");
  }
};

ADDER_MODULE(class_bases_ext, m) {
  m.add_class<Day>();
  m.add_class<Celsius>();
  m.add_class<Label>();
  m.add_class<Filled>();
  m.add_class<Bag>();
  m.def<[](Python py) { return Bound<Tally>::new_(py); }>("make_tally");
}
