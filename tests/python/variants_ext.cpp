// SPDX-License-Identifier: MIT
// Variants of pyclasses with a base class in common, and what `match` takes apart.
#include "adder/adder.hpp"
#include "adder/class/pickle.hpp"  // IWYU pragma: keep (def_pickle)
#include "adder/stl/pair.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/variant.hpp"
#include "adder/stl/vector.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;

namespace {

struct Shape {};
struct Circle : Shape {
  explicit Circle(double r) : radius(r) {}
  double radius;
};
struct Rect : Shape {
  Rect(double width, double height) : w(width), h(height) {}
  double area() const { return w * h; }
  double w, h;
};
struct Point : Shape {};
/// A Rect, too.
struct Box : Rect {
  Box(double width, double height, double d) : Rect(width, height), depth(d) {}
  double depth;
};
using AnyShape = std::variant<Circle, Rect, Point>;
using Nearest = std::variant<std::int64_t, Rect, Circle, Box>;  // The base first.
using Handles = std::variant<Py<Circle>, Py<Shape>>;

AnyShape turned(const AnyShape& shape) {
  if (const auto* rect = std::get_if<Rect>(&shape)) return Rect(rect->h, rect->w);
  return shape;
}
AnyShape shape_of(const std::vector<double>& sizes) {
  if (sizes.empty()) return Point();
  if (sizes.size() == 1) return Circle(sizes[0]);
  return Rect(sizes.at(0), sizes.at(1));
}
std::size_t nearest(const Nearest& shape) { return shape.index(); }
Nearest same(Nearest shape) { return shape; }
std::size_t handle(const Handles& shape) { return shape.index(); }
std::vector<AnyShape> reversed(const std::vector<AnyShape>& shapes) { return {shapes.rbegin(), shapes.rend()}; }
// Of an exception, whose attributes belong to a built-in base.
struct Failure {
  explicit Failure(int number) : code(number) {}
  int code;
};
// Whose names are none.
template <int N>
struct Refused {
  int x = 0;
};

}  // namespace

template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Shape>& cls);
};
template <>
struct adder::PyClass<Circle> {
  static constexpr auto name = "Shape.Circle";
  using base = Shape;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Circle>& cls) {
    cls.match_args("radius");  // Above what it names.
    cls.def_new<double>(arg("radius"));
    cls.field<&Circle::radius>("radius");
    cls.def_pickle<&Circle::radius, [](double radius) { return Circle(radius); }>();
  }
};
template <>
struct adder::PyClass<Rect> {
  static constexpr auto name = "Shape.Rect";
  using base = Shape;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Rect>& cls) {
    cls.def_new<double, double>(arg("w"), arg("h"));
    cls.field<&Rect::w>("w");
    cls.field<&Rect::h>("h");
    cls.getter<&Rect::area>("area");
    cls.match_args("w", "h");
    cls.def_pickle<[](const Rect& rect) { return std::pair(rect.w, rect.h); },
                   [](std::pair<double, double> sizes) { return Rect(sizes.first, sizes.second); }>();
  }
};
template <>
struct adder::PyClass<Point> {
  static constexpr auto name = "Shape.Point";
  using base = Shape;
  static void define(ClassBuilder<Point>& cls) {
    cls.def_new<>();
    cls.match_args();
    cls.def_pickle<[](const Point&) { return 0; }, [](int) { return Point(); }>();
  }
};
template <>
struct adder::PyClass<Box> {
  static constexpr auto name = "Shape.Box";
  using base = Rect;
  static void define(ClassBuilder<Box>& cls) {
    cls.def_new<double, double, double>(arg("w"), arg("h"), arg("depth"));
    cls.getter<&Box::depth>("depth");
    cls.match_args("depth", "w", "area");  // Of its base, too.
  }
};
void adder::PyClass<Shape>::define(ClassBuilder<Shape>& cls) {
  cls.add_class<Circle>();
  cls.add_class<Rect>();
  cls.add_class<Point>();
  cls.add_class<Box>();
}
template <>
struct adder::PyClass<Failure> {
  static constexpr auto name = "Failure";
  using base = PyOSError;
  static void define(ClassBuilder<Failure>& cls) {
    cls.def_new<int>(arg("code"));
    cls.getter<&Failure::code>("code");
    cls.match_args("code", "args", "filename");  // The last one is no getter in C, but a member.
  }
};
template <int N>
struct adder::PyClass<Refused<N>> {
  static constexpr auto name = "Refused";
  static void define(ClassBuilder<Refused<N>>& cls) {
    cls.template getter<&Refused<N>::x>("x");
    cls.template setter<&Refused<N>::x>("write_only");
    cls.template def<[](const Refused<N>&) { return 0; }>("method");
    cls.attr("constant", 1);
    if constexpr (N == 0) cls.match_args("x", "y");
    if constexpr (N == 1) cls.match_args("x", "method");
    if constexpr (N == 2) cls.match_args("write_only");
    if constexpr (N == 3) cls.match_args("constant");
    if constexpr (N == 4) cls.match_args("x", "x");
    if constexpr (N == 5) cls.match_args("__class__");
    if constexpr (N == 6) cls.match_args("");
    if constexpr (N == 7) {
      cls.match_args("x");
      cls.match_args("x");
    }
    if constexpr (N == 8) {
      cls.match_args("x");
      try {
        cls.match_args("y");
      } catch (const PyErr&) {  // The first stays.
      }
    }
  }
};

namespace {

AnyShape grown(const Bound<Circle>& held, const AnyShape& shape) {
  const auto writer = held.borrow_mut();
  writer->radius += 1;
  return shape;
}
/// Borrowed while the variant is made of it.
AnyShape while_changed(const Bound<Circle>& held) {
  const auto writer = held.borrow_mut();
  return held.as_any().extract<AnyShape>();
}

template <int N>
std::string refusal(Python py) {
  try {
    return py.get_type<Refused<N>>().getattr("__match_args__").str().to_string();
  } catch (const PyErr& error) {
    return error.what();
  }
}

}  // namespace

ADDER_MODULE(variants_ext, m) {
  m.add_class<Shape>();
  m.add_class<Failure>();
  m.add("Either", m.py().get_type<Circle>().into_any().or_(m.py().get_type<Rect>()));
  m.def<&turned>("turned", arg("shape"));
  m.def<&shape_of>("shape_of");
  m.def<&nearest>("nearest", arg("shape"));
  m.def<&same>("same");
  m.def<&handle>("handle", arg("shape"));
  m.def<&reversed>("reversed");
  m.def<&grown>("grown");
  m.def<&while_changed>("while_changed");
  m.def<&refusal<0>>("refusal_0");
  m.def<&refusal<1>>("refusal_1");
  m.def<&refusal<2>>("refusal_2");
  m.def<&refusal<3>>("refusal_3");
  m.def<&refusal<4>>("refusal_4");
  m.def<&refusal<5>>("refusal_5");
  m.def<&refusal<6>>("refusal_6");
  m.def<&refusal<7>>("refusal_7");
  m.def<&refusal<8>>("refusal_8");
}
