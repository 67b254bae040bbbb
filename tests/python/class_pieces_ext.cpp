// SPDX-License-Identifier: MIT
// Pieces of a binding that several classes share.
#include "adder/adder.hpp"
#include "adder/class/pickle.hpp"     // IWYU pragma: keep (def_pickle)
#include "adder/class/protocols.hpp"  // IWYU pragma: keep (the dunders)
#include "adder/function/overload.hpp"
#include "adder/stl/pair.hpp"
#include "adder/stl/string.hpp"

#include <string>
#include <utility>

namespace {

struct Point {
  double x = 0, y = 0;
};
struct Size {
  double x = 0, y = 0;
};
struct Velocity {
  double x = 0, y = 0;
};

/// Without data.
struct Coordinates {
  template <class T>
  void define(adder::ClassBuilder<T>& cls) const {
    cls.template def_new<&T::x, &T::y>(adder::arg("x"), adder::arg("y") = 0.0);
    cls.template field<&T::x>("x", "To the right.");
    cls.template field<&T::y>("y");
    cls.template def<&Coordinates::norm<T>>("norm", "The square of the length.");
  }
  template <class T>
  static double norm(const T& self) {
    return self.x * self.x + self.y * self.y;
  }
};

/// With data, which is another one for each class.
struct Unit {
  std::string name;
  int exponent = 1;

  template <class T>
  void define(adder::ClassBuilder<T>& cls) const {
    cls.attr("UNIT", name);
    if (exponent != 1) cls.attr("EXPONENT", exponent);
  }
};

/// Overloads, operators, a pickle.
struct Arithmetic {
  template <class T>
  void define(adder::ClassBuilder<T>& cls) const {
    using adder::overload;
    cls.template def<"__add__", &Arithmetic::plus<T>>();
    cls.template def<"__mul__", overload<&Arithmetic::scaled<T>, &Arithmetic::dot<T>>>();
    cls.template def<overload<&Arithmetic::scaled<T>, &Arithmetic::stretched<T>>>("times");
    cls.template def_pickle<&Arithmetic::state_of<T>, &Arithmetic::from_state<T>>();
  }
  template <class T>
  static T plus(const T& a, const T& b) {
    return {a.x + b.x, a.y + b.y};
  }
  template <class T>
  static T scaled(const T& a, double by) {
    return {a.x * by, a.y * by};
  }
  template <class T>
  static double dot(const T& a, const T& b) {
    return a.x * b.x + a.y * b.y;
  }
  template <class T>
  static T stretched(const T& a, double by_x, double by_y) {
    return {a.x * by_x, a.y * by_y};
  }
  template <class T>
  static std::pair<double, double> state_of(const T& self) {
    return {self.x, self.y};
  }
  template <class T>
  static T from_state(std::pair<double, double> state) {
    return {state.first, state.second};
  }
};

/// A piece of pieces.
struct Vector {
  template <class T>
  void define(adder::ClassBuilder<T>& cls) const {
    cls.add(Coordinates{});
    cls.add(Arithmetic{});
  }
};

/// For some classes, in each in its own way.
struct Kind {
  void define(adder::ClassBuilder<Point>& cls) const { cls.attr("KIND", "where"); }
  void define(adder::ClassBuilder<Size>& cls) const { cls.attr("KIND", "how large"); }
};

/// Which cannot be copied, and says so once more than it may.
struct Twice {
  Twice() = default;
  Twice(const Twice&) = delete;
  Twice& operator=(const Twice&) = delete;
  template <class T>
  void define(adder::ClassBuilder<T>& cls) const {
    cls.attr("LIMIT", 1);
    cls.attr("LIMIT", 2);
  }
};
struct Refused {};

}  // namespace

template <>
struct adder::PyClass<Point> {
  static constexpr auto name = "Point";
  static void define(ClassBuilder<Point>& cls) {
    cls.add(Coordinates{});
    cls.add(Unit{"m"});
    cls.add(Arithmetic{});
    cls.add(Kind{});
  }
};
template <>
struct adder::PyClass<Size> {
  static constexpr auto name = "Size";
  static void define(ClassBuilder<Size>& cls) {
    cls.add(Coordinates{});
    cls.add(Unit{"cm"});
    cls.add(Kind{});
  }
};
template <>
struct adder::PyClass<Velocity> {
  static constexpr auto name = "Velocity";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Velocity>& cls) {
    cls.add(Vector{});
    const Unit unit{"m/s", -1};
    cls.add(unit);
    cls.def<[](const Velocity& self) { return self.x == 0 && self.y == 0; }>("at_rest");
  }
};
template <>
struct adder::PyClass<Refused> {
  static constexpr auto name = "Refused";
  static void define(ClassBuilder<Refused>& cls) { cls.add(Twice()); }
};

// NOLINTNEXTLINE(misc-use-internal-linkage): it is exported
ADDER_MODULE(class_pieces_ext, m) {
  m.add_class<Point>();
  m.add_class<Size>();
  m.add_class<Velocity>();
  m.def<[](adder::Python py) { return py.get_type<Refused>(); }>("refused");
}
