// SPDX-License-Identifier: MIT
// A module whose library is not there: a static object and the body call it; a type of it has a conversion, and no
// hint.
#include "library.hpp"

#include "adder/adder.hpp"
#include "adder/class/overridable.hpp"

#include <utility>

template <>
struct adder::FromPyObject<library::Unknown> {
  static PyResult<library::Unknown> extract(const Bound<PyAny>& object) {
    auto value = object.try_extract<int>();
    if (!value) return PyResult<library::Unknown>(std::move(value).error());
    return library::Unknown{*value};
  }
};

namespace {

const library::Engine engine("petrol");

struct Turbo : library::Engine {
  Turbo() : Engine("diesel") {}
};
struct Gear {
  int number = 1;
};

int power(int gear) {
  try {
    return engine.power(gear) + library::library_c_function(gear);
  } catch (const library::Stalled&) {
    return 0;
  }
}
int unknown(library::Unknown x) { return x.value; }
Gear lowest() { return {}; }

}  // namespace

template <>
struct adder::PyClass<Turbo> {
  static constexpr auto name = "Turbo";
  static void define(ClassBuilder<Turbo>& cls) {
    cls.def_new<>();
    cls.def<&library::Engine::power>("power", arg("gear"));
  }
};
template <>
struct adder::PyClass<Gear> {
  static constexpr auto name = "Gear";
  static void define(ClassBuilder<Gear>& cls) { cls.field<&Gear::number>("number"); }
};

ADDER_MODULE(broken, m) {
  m.add_class<Turbo>();
  m.def<&power>("power", adder::arg("gear"));
  m.def<&unknown>("unknown", adder::arg("x"));
  m.def<&lowest>("lowest");
  m.add("LEVEL", library::level);
  m.add("VERSION", library::version());
  m.def<[](int gear) { return gear; }>("late", adder::arg("gear"));
}
