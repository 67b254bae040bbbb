// SPDX-License-Identifier: MIT
// Functions bound as methods, with the token before their receiver or behind it, and copies of borrowed values.
#include <adder/adder.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/string.hpp>

#include <cstdint>
#include <string>
#include <utility>

using namespace adder;

namespace {

using Any = Bound<PyAny>;

struct Meter {
  std::int64_t value = 0;
  std::string text = "text that lives on the heap, for the leak checkers";
  std::int64_t sum(Python, std::int64_t by) const { return value + by; }
};

/// Each kind of receiver, with the token before it.
template <class R>
Bound<PyTuple> before(Python py, R self, std::int64_t by) {
  return PyTuple::new_(py, sizeof(self) != 0, by);
}
/// And behind it.
template <class R>
Bound<PyTuple> behind(R self, Python py, std::int64_t by) {
  return PyTuple::new_(py, sizeof(self) != 0, by);
}
std::int64_t read_before(Python, const Meter& self) { return self.value; }
std::int64_t read_behind(const Meter& self, const Python&) { return self.value; }
void write_before(Python, Meter& self, std::int64_t value) { self.value = value; }
void write_behind(Meter& self, Python, std::int64_t value) { self.value = value; }
/// Holds the value while it calls.
Any call_before(Python, Meter& self, const Any& callback) {
  const std::int64_t value = self.value;
  return callback(value);
}
PyResult<Any> fail_before(Python py, const Bound<Meter>& self) {
  return PyErr::from_value(py.import("builtins").getattr("KeyError").call(self));
}
std::int64_t sum_of(Python, const Meter& self, const Args& rest, const Kwargs& named) {
  return self.value + static_cast<std::int64_t>(rest->len() + named->len());
}

template <class R>
void def_both(ClassBuilder<Meter>& cls, const char* first, const char* second) {
  cls.def<&before<R>>(first, arg("by") = 7, "The token first.");
  cls.def<&behind<R>>(second, arg("by") = 7);
}

}  // namespace

template <>
struct adder::PyClass<Meter> {
  static constexpr auto name = "Meter";
  static void define(ClassBuilder<Meter>& cls);
};
void adder::PyClass<Meter>::define(ClassBuilder<Meter>& cls) {
  cls.def_new<&Meter::value>(arg("value") = 0);
  def_both<const Meter&>(cls, "before_const", "behind_const");
  def_both<Meter&>(cls, "before_mutable", "behind_mutable");
  def_both<PyRef<Meter>>(cls, "before_ref", "behind_ref");
  def_both<PyRefMut<Meter>>(cls, "before_ref_mut", "behind_ref_mut");
  def_both<const Bound<Meter>&>(cls, "before_bound", "behind_bound");
  def_both<Bound<Meter>>(cls, "before_bound_value", "behind_bound_value");
  def_both<Borrowed<Meter>>(cls, "before_borrowed", "behind_borrowed");
  def_both<Py<Meter>>(cls, "before_py", "behind_py");
  cls.def<&Meter::sum>("sum");
  cls.def<&call_before>("call");
  cls.def<&fail_before>("fail");
  cls.def<&sum_of>("sum_of");
  cls.def<overload<[](Python, const Meter&, std::int64_t) { return 1; },
                   [](const Meter&, Python, const std::string&) { return 2; }, &call_before>>("which");
  cls.getter<&read_before>("value");
  cls.setter<&write_before>("value");
  cls.deleter<[](Python, Meter& self) { self.value = -1; }>("value");
  cls.getter<&read_behind>("other");
  cls.setter<&write_behind>("other");
  cls.def<"__len__", &read_before>();
  cls.def<"__bool__", [](Python, const Meter& self) { return self.value != 0; }>();
  cls.def<"__repr__", [](Python, const Meter& self) { return std::to_string(self.value); }>();
  cls.def_init<[](Python, Meter& self, std::int64_t value) { self.value = value + 1; }>(arg("value") = 0);
}

namespace {

/// A class that only moves: what has no copied() has the rest.
struct Mover {
  explicit Mover(std::string content) : text(std::move(content)) {}
  Mover(Mover&&) = default;
  std::string text;
};

std::int64_t copied_of_lvalue(const Bound<Meter>& object) {
  const PyRef<Meter> held = object.borrow();
  Meter copy = held.copied();
  copy.value += 1000;  // A value of its own.
  return copy.value + held->value;
}
std::int64_t copied_of_temporary(const Bound<Meter>& object) {
  const Meter copy = object.borrow().copied();
  object.borrow_mut()->value += 1;  // The borrow has ended.
  return copy.value;
}
std::int64_t copied_of_writer(const Bound<Meter>& object) {
  PyRefMut<Meter> held = object.borrow_mut();
  held->value *= 2;
  const Meter copy = std::move(held).copied();
  return copy.value + object.try_borrow().is_ok();  // Still held.
}
std::string refused_copy(const Bound<Meter>& object) {
  const auto writer = object.borrow_mut();
  const PyResult<PyRef<Meter>> refused = object.try_borrow();
  return refused.is_err() ? refused.error().what() : "granted";
}

}  // namespace

template <>
struct adder::PyClass<Mover> {
  static constexpr auto name = "Mover";
  static void define(ClassBuilder<Mover>& cls) {
    cls.def_new<std::string>();
    cls.getter<[](Python, PyRef<Mover> self) { return self->text; }>("text");
  }
};

ADDER_MODULE(receivers_ext, m) {
  m.add_class<Meter>();
  m.add_class<Mover>();
  m.def<&copied_of_lvalue>("copied_of_lvalue");
  m.def<&copied_of_temporary>("copied_of_temporary");
  m.def<&copied_of_writer>("copied_of_writer");
  m.def<&refused_copy>("refused_copy");
}
