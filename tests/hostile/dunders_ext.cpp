// SPDX-License-Identifier: MIT
// Dunders whose functions, operands and classes do what nobody should.
#include <adder/adder.hpp>
#include <adder/class/iterate.hpp>
#include <adder/class/pickle.hpp>  // IWYU pragma: keep (def_pickle)
#include <adder/class/protocols.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace adder;

namespace {

/// Operators that take little, so that the other operand is asked.
struct Base {
  std::int64_t value = 0;
};
struct WithAdd : Base {
  std::int64_t more = 0;
};
struct WithRadd : Base {
  std::int64_t more = 0;
};

/// Dunders that do what they stand for.
struct Endless {};
/// Attributes that are made up, in a class that others derive from and change.
struct Made {
  std::string who() const { return "base"; }
};
struct MadeToo : Made {};
struct OnlyNe {
  bool ne(const OnlyNe&) const { return false; }
};
/// What `+=` sees of the operand is virtual.
struct Shape {
  Shape() = default;
  Shape(const Shape&) = default;
  virtual ~Shape() = default;
  virtual std::int64_t size() const { return 1; }
  std::int64_t total = 0;
  void add(const Shape& other) { total += other.size(); }
};
struct Big : Shape {
  std::int64_t size() const override { return 100; }
};
struct Holder {
  std::vector<Py<PyAny>> items;
};
struct State {
  std::int64_t value = 0;
};

/// Items that convert without Python, and functions that call it with the numbers in use.
struct Numbers {
  std::vector<std::int64_t> numbers;
  bool operator==(const Numbers&) const = default;
  Numbers plus(const Numbers& other) const {
    Numbers sum = *this;
    sum.add(other);
    return sum;
  }
  void add(const Numbers& other) { numbers.insert(numbers.end(), other.numbers.begin(), other.numbers.end()); }
  void change(const Bound<PyAny>& meanwhile) {
    numbers.clear();
    numbers.shrink_to_fit();
    meanwhile.call();
    numbers = {7, 8, 9};
  }
  void look(const Bound<PyAny>& meanwhile) const { meanwhile.call(); }
};
/// An operand of a class that is never made.
struct Unmade {};
struct Stranger {};
/// An item whose conversion calls Python.
struct Calling {};
Py<PyAny>* hook = nullptr;
struct Items {
  std::vector<Calling> items{{}, {}};
};
struct Next {
  std::optional<Calling> next() { return Calling(); }
};

}  // namespace

template <>
struct adder::IntoPyObject<Calling> {
  static PyResult<Bound<PyAny>> into_py(Python py, const Calling&) {
    try {
      return hook->bind(py).call();
    } catch (const PyErr& error) {
      return error;
    }
  }
};
template <>
struct adder::PyClass<Base> {
  static constexpr auto name = "Base";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Base>& cls) {
    cls.def_new<>();
    cls.def<"__add__", [](const Base&, int) { return "Base.add"; }>();
    cls.def<"__radd__", [](const Base&, const Base&) { return "Base.radd"; }>();
    cls.def<"__pow__", [](const Base&, int) { return "Base.pow"; }>();
    cls.def<"__rpow__", [](const Base&, const Base&) { return "Base.rpow"; }>();
  }
};
template <>
struct adder::PyClass<WithAdd> {
  static constexpr auto name = "WithAdd";
  static constexpr bool subclass = true;
  using base = Base;
  using fields = FieldList<&WithAdd::more>;
  static void define(ClassBuilder<WithAdd>& cls) {
    cls.def_new<>();
    cls.def<"__add__", [](const WithAdd&, int) { return "WithAdd.add"; }>();
    cls.def<"__pow__", [](const WithAdd&, int) { return "WithAdd.pow"; }>();
  }
};
template <>
struct adder::PyClass<WithRadd> {
  static constexpr auto name = "WithRadd";
  static constexpr bool subclass = true;
  using base = Base;
  using fields = FieldList<&WithRadd::more>;
  static void define(ClassBuilder<WithRadd>& cls) {
    cls.def_new<>();
    cls.def<"__radd__", [](const WithRadd&, int) { return "WithRadd.radd"; }>();
  }
};
template <>
struct adder::PyClass<Endless> {
  static constexpr auto name = "Endless";
  static void define(ClassBuilder<Endless>& cls) {
    cls.def_new<>();
    cls.def<"__getattr__",
            [](const Bound<Endless>& self, const Bound<PyString>& name) { return self.getattr(name); }>();
    cls.def<"__setattr__", [](const Bound<Endless>& self, const Bound<PyString>& name, const Bound<PyAny>& value) {
      self.setattr(name, value);
    }>();
    cls.def<"__getitem__", [](const Bound<Endless>& self, const Bound<PyAny>& key) { return self.get_item(key); }>();
    cls.def<"__add__", [](const Bound<Endless>& self, const Bound<PyAny>& other) { return self.add(other); }>();
    cls.def<"__neg__", [](const Bound<Endless>& self) { return self.neg(); }>();
    cls.def<"__hash__", [](const Bound<Endless>& self) { return self.hash(); }>();
    cls.def<"__len__", [](const Bound<Endless>& self) { return self.len(); }>();
    cls.def<"__bool__", [](const Bound<Endless>& self) { return self.is_truthy(); }>();
  }
};
template <>
struct adder::PyClass<Made> {
  static constexpr auto name = "Made";
  static constexpr bool subclass = true, immutable = false;
  static void define(ClassBuilder<Made>& cls) {
    cls.def_new<>();
    cls.def<"__getattr__", [](const Made&, const std::string& name) {
      if (name == "none") throw PyAttributeError::new_err(name);
      return "Made." + name;
    }>();
    cls.def<"__delattr__", [](const Made&, const std::string&) {}>();
    cls.def<&Made::who>("who");
  }
};
template <>
struct adder::PyClass<MadeToo> {
  static constexpr auto name = "MadeToo";
  static constexpr bool subclass = true, immutable = false;
  using base = Made;
  static void define(ClassBuilder<MadeToo>& cls) {
    cls.def_new<>();
    cls.def<"__getattr__", [](const MadeToo&, const std::string& name) { return "MadeToo." + name; }>();
    cls.def<"__setattr__", [](const MadeToo&, const std::string&, std::int64_t) {}>();
  }
};
template <>
struct adder::PyClass<OnlyNe> {
  static constexpr auto name = "OnlyNe";
  static void define(ClassBuilder<OnlyNe>& cls) {
    cls.def_new<>();
    cls.def<"__ne__", &OnlyNe::ne>();
  }
};
template <>
struct adder::PyClass<Shape> {
  static constexpr auto name = "Shape";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Shape>& cls) {
    cls.def_new<>();
    cls.def<"__iadd__", &Shape::add>();
    cls.getter<&Shape::total>("total");
  }
};
template <>
struct adder::PyClass<Big> {
  static constexpr auto name = "Big";
  using base = Shape;
  static void define(ClassBuilder<Big>& cls) { cls.def_new<>(); }
};
template <>
struct adder::PyClass<Holder> {
  static constexpr auto name = "Holder";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Holder>& cls) {
    cls.def_new<&Holder::items>();
    cls.def<"__iter__", each<&Holder::items>>();
  }
};
template <>
struct adder::PyClass<State> {
  static constexpr auto name = "State";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<State>& cls) {
    cls.def_new<&State::value>();
    cls.def_pickle<&State::value, [](std::int64_t value) { return State{value}; }>();
  }
};
template <>
struct adder::PyClass<Items> {
  static constexpr auto name = "Items";
  static void define(ClassBuilder<Items>& cls) {
    cls.def_new<>();
    cls.def<"__iter__", each<&Items::items>>();
    cls.def<each<[](const Items& self) { return self.items; }>>("copied");
  }
};
template <>
struct adder::PyClass<Numbers> {
  static constexpr auto name = "Numbers";
  static constexpr bool eq = true;
  static void define(ClassBuilder<Numbers>& cls) {
    cls.def_new<&Numbers::numbers>();
    cls.def<"__iter__", each<&Numbers::numbers>>();
    cls.def<"__reversed__", each_reversed<&Numbers::numbers>>();
    cls.def<"__add__", &Numbers::plus>();
    cls.def<"__iadd__", &Numbers::add>();
    cls.def<&Numbers::change>("change");
    cls.def<&Numbers::look>("look");
    // While this is made, the class is not complete.
    cls.attr<[](Python py) {
      const auto two = Bound<Numbers>::new_(py, Numbers{{2}});
      const Bound<PyAny> sum = two.add(Bound<Numbers>::new_(py, Numbers{{3}}));
      if (!sum.eq(Bound<Numbers>::new_(py, Numbers{{2, 3}}))) throw PyValueError::new_err("not equal");
      return sum;
    }>("SUM");
  }
};
template <>
struct adder::PyClass<Stranger> {
  static constexpr auto name = "Stranger";
  static void define(ClassBuilder<Stranger>& cls) {
    cls.def_new<>();
    cls.def<"__add__", [](const Stranger&, const Unmade&) { return 1; }>();
  }
};
template <>
struct adder::PyClass<Unmade> {
  static constexpr auto name = "Unmade";
  static void define(ClassBuilder<Unmade>&) { throw PyTypeError::new_err("nobody needs this class"); }
};
template <>
struct adder::PyClass<Next> {
  static constexpr auto name = "Next";
  static void define(ClassBuilder<Next>& cls) {
    cls.def_new<>();
    cls.def<"__iter__", [](const Bound<Next>& self) { return self; }>();
    cls.def<"__next__", &Next::next>();
  }
};

ADDER_MODULE(dunders_ext, m) {
  m.add_class<Base>();
  m.add_class<WithAdd>();
  m.add_class<WithRadd>();
  m.add_class<Endless>();
  m.add_class<Made>();
  m.add_class<MadeToo>();
  m.add_class<OnlyNe>();
  m.add_class<Shape>();
  m.add_class<Big>();
  m.add_class<Holder>();
  m.add_class<State>();
  m.add_class<Items>();
  m.add_class<Numbers>();
  m.add_class<Stranger>();
  m.add_class<Next>();
  m.def<[](Py<PyAny> function) { delete std::exchange(hook, new Py<PyAny>(std::move(function))); }>("set_hook");
  m.def<[](Python py, std::vector<Py<PyAny>> items) { return make_iterator(py, std::move(items)); }>("iterate");
}
