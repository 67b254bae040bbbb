// SPDX-License-Identifier: MIT
// Classes whose bases are written in Python: shapes_in_python.py.
#include <adder/adder.hpp>
#include <adder/class/holder.hpp>
#include <adder/class/overridable.hpp>
#include <adder/stl/string.hpp>

#include <memory>
#include <string>
#include <utility>

using namespace adder;

namespace {

Bound<PyAny> in_python(Python py, const char* name) { return py.import("shapes_in_python").getattr(name); }

struct Square {
  double side;
  double area() const { return side * side; }
};
struct Cube : Square {
  double volume() const { return side * side * side; }
};
/// Two bases, and handles that the collector has to see.
struct Tile {
  double area() const { return 1; }
  std::string label() const { return "tile"; }
  explicit Tile(Py<PyAny> given) : data(std::move(given)) {}
  Py<PyAny> data;
};
/// Leaves the abstract method to Python classes.
struct Unfinished {
  int number = 1;
};
struct Initialised {
  int number = 0;
  void set(int given) { number = given; }
};
struct Guarded {
  int number = 3;
};
struct Crate {
  std::string content;
};
/// Shared with C++, which asks Python for overrides.
class Animal {
 public:
  virtual ~Animal() = default;
  virtual std::string noise() const { return "?"; }
  double area() const { return noise().empty() ? 0 : 2; }
};
class PyAnimal : public Overridable<Animal> {
 public:
  using Overridable::Overridable;
  std::string noise() const override {
    return overridden<"noise">([&] { return Animal::noise(); });
  }
};

template <int>
struct Refused {
  int number = 0;
};

}  // namespace

template <>
struct adder::PyClass<Square> {
  static constexpr auto name = "Square";
  static constexpr auto doc = "A square.";
  static constexpr bool subclass = true;
  static Bound<PyAny> python_base(Python py) { return in_python(py, "Shape"); }
  static void define(ClassBuilder<Square>& cls) {
    cls.def_new<double>(arg("side") = 1.0);
    cls.def<&Square::area>("area");
    cls.field<&Square::side>("side");
    cls.attr("sides", 4);
  }
};
template <>
struct adder::PyClass<Cube> {
  static constexpr auto name = "Cube";
  using base = Square;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Cube>& cls) {
    cls.def_new<>();
    cls.def<&Cube::volume>("volume");
  }
};
template <>
struct adder::PyClass<Tile> {
  static constexpr auto name = "Tile";
  using fields = FieldList<&Tile::data>;
  static constexpr bool subclass = true;
  static PyResult<Bound<PyTuple>> python_base(Python py) {
    return PyTuple::new_(py, in_python(py, "Measured"), in_python(py, "Named"));
  }
  static void define(ClassBuilder<Tile>& cls) {
    cls.def_new<Py<PyAny>>(arg("data"));
    cls.def<&Tile::area>("area");
    cls.getter<&Tile::label>("label");
    cls.field<&Tile::data>("data");
  }
};
template <>
struct adder::PyClass<Unfinished> {
  static constexpr auto name = "Unfinished";
  static constexpr bool subclass = true;
  static Bound<PyAny> python_base(Python py) { return in_python(py, "Shape"); }
  static void define(ClassBuilder<Unfinished>& cls) {
    cls.def_new<>();
    cls.field<&Unfinished::number>("number");
  }
};
template <>
struct adder::PyClass<Initialised> {
  static constexpr auto name = "Initialised";
  static constexpr bool subclass = true;
  static Bound<PyAny> python_base(Python py) { return in_python(py, "Initialised"); }
  static void define(ClassBuilder<Initialised>& cls) {
    cls.def_new<>();
    cls.def_init<&Initialised::set>(arg("number") = 7);
    cls.field<&Initialised::number>("number");
  }
};
template <>
struct adder::PyClass<Guarded> {
  static constexpr auto name = "Guarded";
  static constexpr bool subclass = true, frozen = true, sync = true;
  static Bound<PyAny> python_base(Python py) { return in_python(py, "WithMetaclass"); }
  static void define(ClassBuilder<Guarded>& cls) {
    cls.def_new<>();
    cls.getter<&Guarded::number>("number");
  }
};
template <>
struct adder::PyClass<Crate> {
  static constexpr auto name = "Crate";
  static constexpr bool subclass = true;
  static PyResult<Bound<PyAny>> python_base(Python py) {
    return in_python(py, "Box").get_item(py.import("builtins").getattr("int"));
  }
  static void define(ClassBuilder<Crate>& cls) {
    cls.def_new<std::string>(arg("content"));
    cls.field<&Crate::content>("content");
  }
};
template <>
struct adder::PyClass<Animal> {
  static constexpr auto name = "Animal";
  using holder = std::shared_ptr<Animal>;
  using overridable = PyAnimal;
  static constexpr bool subclass = true;
  static Bound<PyAny> python_base(Python py) { return in_python(py, "Shape"); }
  static void define(ClassBuilder<Animal>& cls) {
    cls.def_new<>();
    cls.def<&Animal::noise>("noise");
    cls.def<&Animal::area>("area");
  }
};
template <int N>
struct adder::PyClass<Refused<N>> {
  static constexpr auto name = "Refused";
  static constexpr bool subclass = true;
  static Bound<PyAny> python_base(Python py) {
    switch (N) {
      case 0:
        return in_python(py, "Initialised");
      case 1:
        return in_python(py, "Made");
      case 2:
        return in_python(py, "Sized");
      case 3:
        return py.None();
      case 4:
        return in_python(py, "missing");
      default:
        return py.get_type<Square>().into_any();
    }
  }
  static void define(ClassBuilder<Refused<N>>& cls) { cls.template def_new<>(); }
};

namespace {
template <int N>
Bound<PyType> add_refused(Python py) {
  return py.get_type<Refused<N>>();
}
}  // namespace

ADDER_MODULE(python_bases_ext, m) {
  m.add_class<Square>();
  m.add_class<Cube>();
  m.add_class<Tile>();
  m.add_class<Unfinished>();
  m.add_class<Initialised>();
  m.add_class<Guarded>();
  m.add_class<Crate>();
  m.add_class<Animal>();
  m.def<[](double side) { return Square{side}; }>("make_square");
  m.def<[](const Square& square) { return square.side; }>("side_of");
  m.def<[](double side) { return Cube{{side}}; }>("make_cube");
  m.def<[](const Bound<PyAny>& data) { return Tile{Py<PyAny>(data)}; }>("make_tile");
  m.def<[] { return Guarded{}; }>("make_guarded");
  m.def<[] { return std::make_shared<Animal>(); }>("make_animal");
  m.def<[](std::shared_ptr<Animal> animal) { return animal; }>("same_animal");
  m.def<[](const Animal& animal) { return animal.noise(); }>("noise_of");
  m.def<&add_refused<0>>("refuse_initialised");
  m.def<&add_refused<1>>("refuse_made");
  m.def<&add_refused<2>>("refuse_sized");
  m.def<&add_refused<3>>("refuse_none");
  m.def<&add_refused<4>>("refuse_missing");
  m.def<&add_refused<5>>("refuse_pyclass");
}
