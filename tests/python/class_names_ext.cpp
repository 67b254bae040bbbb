// SPDX-License-Identifier: MIT
// Names of classes with dots, classes in classes, and what a Python subclass with an __init__ of its own is told.
#include <adder/adder.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/string.hpp>

#include <cstdint>
#include <string>

using namespace adder;

namespace {

using Any = Bound<PyAny>;

/// Each class of this file, told apart by a number.
template <int Which>
struct Value {
  std::int64_t value = 0;
};
struct Outer : Value<0> {};
struct Inner : Value<1> {};
struct Deepest : Value<2> {};
struct Short : Value<3> {};
struct Deep : Value<4> {};
struct Child : Outer {};
struct Loose : Value<5> {};
struct InSpace : Value<6> {};
struct Open : Value<7> {};
struct InOpen : Value<8> {};
struct Late : Value<9> {};
struct Failure : Value<10> {};
struct Taken : Value<11> {};
struct Several : Value<12> {
  explicit Several(std::int64_t number) { value = number; }
  explicit Several(const std::string& text) { value = static_cast<std::int64_t>(text.size()); }
};
struct Base : Value<13> {};
struct Mapping : Value<14> {};
struct Again : Value<15> {};

/// What all of them have: a constructor, a method, an attribute, and what pickle wants.
template <class T>
struct Common {
  static constexpr auto doc = "A class of the tests.";
  static std::int64_t plus(const T& self, std::int64_t by) { return self.value + by; }
  static Bound<PyTuple> reduce(const Bound<T>& self) {
    const Python py = self.py();
    return PyTuple::new_(py, py.get_type<T>(), PyTuple::new_(py, self.borrow()->value));
  }
  static void define(ClassBuilder<T>& cls) {
    cls.template def_new<&T::value>(arg("value") = 0);
    define_rest(cls);
  }
  static void define_rest(ClassBuilder<T>& cls) {
    cls.template def<&plus>("plus", arg("by"), "Adds.");
    cls.template def_staticmethod<[](std::int64_t number) { return number; }>("same", arg("number"));
    cls.template def_classmethod<[](const ThisClass& own) { return own->name(); }>("own_name");
    cls.template field<&T::value>("value");
    cls.template def<&reduce>("__reduce__");
  }
};

}  // namespace

template <>
struct adder::PyClass<Deepest> : Common<Deepest> {
  static constexpr auto name = "Outer.Inner.Deepest";
};
template <>
struct adder::PyClass<Inner> : Common<Inner> {
  static constexpr auto name = "Outer.Inner";
  static void define(ClassBuilder<Inner>& cls) {
    Common<Inner>::define(cls);
    cls.add_class<Deepest>();
  }
};
template <>
struct adder::PyClass<Deep> : Common<Deep> {
  static constexpr auto name = "Deep";
};
template <>
struct adder::PyClass<Short> : Common<Short> {
  static constexpr auto name = "Short";
  static void define(ClassBuilder<Short>& cls) {
    Common<Short>::define(cls);
    cls.add_class<Deep>();
  }
};
template <>
struct adder::PyClass<Outer> : Common<Outer> {
  static constexpr auto name = "Outer";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Outer>& cls);
};
template <>
struct adder::PyClass<Child> : Common<Child> {
  static constexpr auto name = "Outer.Child";
  using base = Outer;
};
void adder::PyClass<Outer>::define(ClassBuilder<Outer>& cls) {
  Common<Outer>::define(cls);
  cls.add_class<Inner>();
  cls.add_class<Short>();
  cls.add_class<Child>();
}
template <>
struct adder::PyClass<Loose> : Common<Loose> {
  static constexpr auto name = "Missing.Loose";
};
template <>
struct adder::PyClass<InSpace> : Common<InSpace> {
  static constexpr auto name = "Space.InSpace";
};
template <>
struct adder::PyClass<Open> : Common<Open> {
  static constexpr auto name = "Open";
  static constexpr bool immutable = false;
};
template <>
struct adder::PyClass<InOpen> : Common<InOpen> {
  static constexpr auto name = "Open.InOpen";
  static constexpr bool immutable = false;
};
template <>
struct adder::PyClass<Late> : Common<Late> {
  static constexpr auto name = "Outer.Late";
};
template <>
struct adder::PyClass<Failure> : Common<Failure> {
  static constexpr auto name = "Errors.Failure";
  static constexpr auto module = "some.package";
  using base = PyValueError;
};
template <>
struct adder::PyClass<Taken> : Common<Taken> {
  static constexpr auto name = "Taken";
  static void define(ClassBuilder<Taken>& cls) {
    Common<Taken>::define(cls);
    cls.add_class<Inner>();  // Which is in another one.
  }
};
template <>
struct adder::PyClass<Again> : Common<Again> {
  static constexpr auto name = "Again";
  static void define(ClassBuilder<Again>& cls) {
    Common<Again>::define(cls);
    cls.attr("Deep", 1);
    cls.add_class<Deep>();  // The name is taken.
  }
};
template <>
struct adder::PyClass<Several> : Common<Several> {
  static constexpr auto name = "Open.Several";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Several>& cls) {
    cls.def_new<overload<constructor<std::int64_t>, constructor<std::string>>>();
    define_rest(cls);
  }
};
template <>
struct adder::PyClass<Base> : Common<Base> {
  static constexpr auto name = "Base";
  static constexpr bool subclass = true;
};
template <>
struct adder::PyClass<Mapping> : Common<Mapping> {
  static constexpr auto name = "Mapping";
  static constexpr bool subclass = true;
  using base = PyDict;
};

namespace {

std::int64_t value_of(const Inner& inner) { return inner.value; }
std::string text_of_error(const Any& error) { return PyErr::from_value(error).what(); }
/// Twice the exclusive borrow of one object.
void twice(Inner&, Inner&) {}
template <class T>
std::string refusal_of(Python py) {
  try {
    (void)py.get_type<T>();
  } catch (const PyErr& error) {
    return error.what();
  }
  return "nothing";
}
template <class T>
std::string refusal_in(ModuleBuilder& m) {
  try {
    m.add_class<T>();
  } catch (const PyErr& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

ADDER_MODULE(class_names_ext, m) {
  m.add_class<Outer>();
  m.add_class<Inner>();  // It is there already.
  m.add_class<Loose>();
  m.add("Space", m.py().import("types").call_method("SimpleNamespace"));
  m.add_class<InSpace>();
  m.add_class<Open>();
  m.add_class<InOpen>();
  m.add_class<Several>();
  m.add_class<Failure>();
  m.add_class<Base>();
  m.add_class<Mapping>();
  m.add("_refused_late", refusal_in<Late>(m));
  m.def<&refusal_of<Taken>>("refused_taken");
  m.def<&refusal_of<Again>>("refused_again");
  m.def<&value_of>("value_of", arg("inner"));
  m.def<&text_of_error>("text_of_error");
  m.def<&twice>("twice");
}
