// SPDX-License-Identifier: MIT
// User code that throws where nothing may throw, and throws what is no exception.
#include "adder/adder.hpp"
#include "adder/function/closure.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/string.hpp"

#include <cstddef>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace {

using namespace adder;

struct Strange {};
[[noreturn]] void throw_of_kind(const std::string& kind) {
  if (kind == "int") throw 42;
  if (kind == "text") throw "text";
  if (kind == "class") throw Strange();
  if (kind == "python") throw PyKeyError::new_err("k");
  throw std::out_of_range("o");
}

/// Throws wherever Python calls it, once it is told to.
class Thrower {
 public:
  explicit Thrower(std::string kind) {
    if (!kind.empty()) throw_of_kind(kind);
  }
  void method(const std::string& kind) { throw_of_kind(kind); }
  int get() const { throw_of_kind("int"); }
  void set(int) { throw_of_kind("int"); }
  std::size_t size() const { throw_of_kind("int"); }
  bool truth() const { throw_of_kind("int"); }
  std::string repr() const { throw_of_kind("int"); }
};

const struct Foreign : std::error_category {
  const char* name() const noexcept override { return "foreign"; }
  std::string message(int) const override { return ""; }
} foreign;
/// Says nothing of itself.
template <class Base>
struct Silent : Base {
  using Base::Base;
  const char* what() const noexcept override { return nullptr; }
};
void throw_silent(const std::string& kind) {
  if (kind == "system") throw Silent<std::system_error>(std::make_error_code(std::errc::no_such_file_or_directory));
  if (kind == "foreign") throw Silent<std::system_error>(std::error_code(1, foreign));
  if (kind == "standard") throw Silent<std::out_of_range>("text");
  throw Silent<std::exception>();
}

struct Nesting : std::runtime_error, std::nested_exception {
  using std::runtime_error::runtime_error;
};
/// Throws an exception that is nested in itself, or in one that is nested in it.
void throw_circle(bool by_another) {
  try {
    throw Nesting("outer");
  } catch (Nesting& outer) {
    try {
      if (by_another) throw Nesting("inner");
      throw;
    } catch (...) {
      static_cast<std::nested_exception&>(outer) = std::nested_exception();
    }
    throw;
  }
}
/// What its traverse does, it does by hand.
struct ByHand {
  std::optional<Py<PyAny>> first, second;
  std::string kind;
};
struct Part {
  std::optional<Py<PyAny>> item;
  bool throws = false, throws_in_clear = false;
};
struct Whole {
  Part part;
  std::optional<Py<PyAny>> other;
};
/// With a finalizer that throws.
class Dying {
 public:
  Dying() = default;
};

}  // namespace

template <>
struct adder::Traverse<Part> {
  static constexpr bool holds_handles = true;
  static void visit(PyVisit& visit, const Part& part) {
    if (part.throws) throw 42;
    visit(part.item);
  }
  static void clear(Part& part) {
    part.item.reset();
    if (part.throws_in_clear) throw 42;
  }
};
template <>
struct adder::PyClass<Thrower> {
  static constexpr auto name = "Thrower";
  static void define(ClassBuilder<Thrower>& cls) {
    cls.def_new<std::string>(arg("kind") = "");
    cls.def<&Thrower::method>("method");
    cls.getter<&Thrower::get>("attribute");
    cls.setter<&Thrower::set>("attribute");
    cls.def<"__len__", &Thrower::size>();
    cls.def<"__repr__", &Thrower::repr>();
    cls.def<"__bool__", &Thrower::truth>();
  }
};
template <>
struct adder::PyClass<ByHand> {
  static constexpr auto name = "ByHand";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<ByHand>& cls) {
    cls.def_new<&ByHand::kind>(arg("kind") = "");
    cls.field<&ByHand::first>("first");
    cls.field<&ByHand::second>("second");
    cls.field<&ByHand::kind>("kind");
  }
  static void traverse(const ByHand& value, PyVisit& visit) {
    visit(value.first);
    if (value.kind.starts_with("traverse")) throw_of_kind(value.kind.substr(9));
    visit(value.second);
  }
  static void clear(ByHand& value) {
    value.first.reset();
    value.second.reset();
    if (value.kind == "clear") throw 42;
  }
};
template <>
struct adder::PyClass<Whole> {
  static constexpr auto name = "Whole";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Whole>& cls) {
    cls.def_new<[](bool throws) {
      Whole whole;
      whole.part.throws = throws;
      return whole;
    }>(arg("throws"));
    cls.def<[](Whole& whole, Py<PyAny> item) { whole.part.item.emplace(std::move(item)); }>("set_item");
    cls.def<[](Whole& whole) { whole.part.throws = false; }>("calm");
    cls.field<&Whole::other>("other");
  }
};
template <>
struct adder::PyClass<Dying> {
  static constexpr auto name = "Dying";
  static void define(ClassBuilder<Dying>& cls) { cls.def_new<>(); }
  static void finalize(const Bound<Dying>&) { throw 42; }
};

namespace {

Bound<PyBuiltinFunction> new_closure_with(Python py, Py<PyAny> item, bool throws, bool throws_in_clear) {
  return new_closure<[](Part& part, const Bound<PyAny>& next) {
    if (next.is_none()) throw 42;
    part.item.emplace(next);
  }>(py, "closure", Part{std::move(item), throws, throws_in_clear});
}
Bound<PyCapsule> new_capsule(Python py) {
  return PyCapsule::new_with_destructor(py, 1, "number", [](int&, void*) { throw 42; });
}
Bound<PyCapsule> new_silent_capsule(Python py) {
  return PyCapsule::new_with_destructor(py, 1, "number", [](int&, void*) { throw Silent<std::exception>(); });
}
std::string seen_in_cpp(Python py, const Bound<PyAny>& call) {
  try {
    call();
  } catch (const PyErr& error) {
    if (error.is_instance_of<PanicException>(py)) return "panic: " + std::string(error.what());
    return error.what();
  }
  return "";
}
void raise_panic() { throw PanicException::new_err("by its tag"); }
Bound<PyType> panic_type(Python py) { return py.get_type<PanicException>(); }

}  // namespace

ADDER_MODULE(throwing_ext, m) {
  m.add_class<Thrower>();
  m.add_class<ByHand>();
  m.add_class<Whole>();
  m.add_class<Dying>();
  m.def<&throw_of_kind>("throw_of_kind");
  m.def<&new_closure_with>("new_closure");
  m.def<&new_capsule>("new_capsule");
  m.def<&new_silent_capsule>("new_silent_capsule");
  m.def<&throw_silent>("throw_silent");
  m.def<&throw_circle>("throw_circle");
  m.def<&seen_in_cpp>("seen_in_cpp");
  m.def<&raise_panic>("raise_panic");
  m.def<&panic_type>("panic_type");
}
