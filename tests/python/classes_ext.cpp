// SPDX-License-Identifier: MIT
// Classes of every shape that test_classes.py uses. `live()` counts the C++ values.
#include <adder/adder.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;
using Any = Bound<PyAny>;

namespace {

std::atomic<int> live_values{0};
struct Counted {
  Counted() { ++live_values; }
  Counted(const Counted&) { ++live_values; }
  Counted(Counted&&) noexcept { ++live_values; }
  Counted& operator=(const Counted&) = default;
  ~Counted() { --live_values; }
};

/// The work horse: not frozen, copyable.
class Counter {
 public:
  Counter(std::int64_t start, std::string name) : total_(start), name_(std::move(name)) {
    if (start == -1) throw std::invalid_argument("start may not be -1");
    if (start == -2) throw PyKeyError::new_err("start may not be -2");
    if (start == -3) throw 42;
  }
  std::int64_t add(std::int64_t by) { return total_ += by; }
  std::int64_t total() const { return total_; }
  const std::string& name() const noexcept { return name_; }
  void rename(const std::string& name) { name_ = name; }
  std::int64_t length() const { return total_; }
  std::string repr() const { return "Counter(" + std::to_string(total_) + ")"; }
  std::string str() const { return name_; }
  bool truth() const { return total_ != 0; }
  std::int64_t grow() { return ++total_; }
  Any call_shared(const Any& callback) const { return callback(); }
  Any call_exclusive(const Any& callback) {
    ++total_;
    Any result = callback();
    ++total_;
    return result;
  }
  void throw_shared() const { throw std::runtime_error("shared"); }
  void throw_exclusive() { throw std::runtime_error("exclusive"); }
  PyResult<void> fail_exclusive() { return PyValueError::new_err("exclusive result"); }
  void absorb(const Counter& other) { total_ += other.total_; }
  bool same_total(const Counter& other) const { return total_ == other.total_; }
  std::int64_t sum3(Python, std::int64_t a, std::int64_t b, std::int64_t c) const { return total_ + a + b + c; }
  Counter twin() const { return *this; }
  // Each half of the change is made with the GIL; in between others may run.
  void slow_add_two(Python py, std::int64_t pause) {
    ++total_;
    py.allow_threads([](std::int64_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }, pause);
    ++total_;
  }
  std::int64_t slow_total(Python py, std::int64_t pause) const {
    const std::int64_t before = total_;
    py.allow_threads([](std::int64_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }, pause);
    if (before != total_) throw std::logic_error("torn");
    return total_;
  }

 private:
  Counted counted_;
  std::int64_t total_;
  std::string name_;
};

struct Point {
  Point(double first, double second) : x(first), y(second) {}
  double x, y;
  double norm1() const { return x + y; }
  Any call(const Any& callback) const { return callback(); }
};

struct Empty {
  bool yes() const { return true; }
};

/// Can be subclassed; made by add_class() alone, as nothing else mentions it.
struct Open {
  explicit Open(std::int64_t given) : number(given) {}
  std::int64_t number;
};

/// No constructor.
struct Token {
  int value = 7;
  int get() const { return value; }
};

/// Runs Python code when it dies.
class Loud {
 public:
  explicit Loud(Py<PyAny> callback) : callback_(std::move(callback)) {}
  Loud(const Loud&) = delete;
  Loud& operator=(const Loud&) = delete;
  ~Loud() {
    Python::with_gil([this](Python py) {
      try {
        (void)callback_.bind(py)();
      } catch (const PyErr& error) {
        error.write_unraisable(py, &callback_.bind(py));
      }
    });
  }

 private:
  Counted counted_;
  Py<PyAny> callback_;
};

/// A chain of Python objects.
class Node {
 public:
  explicit Node(Py<PyAny> next) : next_(std::move(next)) {}
  Py<PyAny> next(Python py) const { return next_.clone_ref(py); }
  void set_next(Py<PyAny> next) { next_ = std::move(next); }

 private:
  Counted counted_;
  Py<PyAny> next_;
};

struct Odd {
  std::int64_t length_;
  explicit Odd(std::int64_t length) : length_(length) {}
  std::int64_t length() const { return length_; }
  Bound<PyAny> repr(Python py) const { return into_py(py, 3).value(); }
  bool truth() const { throw std::domain_error("neither"); }
};

}  // namespace

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static constexpr auto doc = "Counts things.";
  static void define(ClassBuilder<Counter>& cls) {
    cls.def_new<std::int64_t, std::string>(arg("start") = 0, arg("name") = "nameless");
    cls.def<&Counter::add>("add", arg("by") = 1, "Add `by`; return the new total.");
    cls.def<&Counter::rename>("rename");
    cls.def<&Counter::grow>("grow");
    cls.def<&Counter::call_shared>("call_shared", arg("callback"));
    cls.def<&Counter::call_exclusive>("call_exclusive", arg("callback"));
    cls.def<&Counter::throw_shared>("throw_shared");
    cls.def<&Counter::throw_exclusive>("throw_exclusive");
    cls.def<&Counter::fail_exclusive>("fail_exclusive");
    cls.def<&Counter::absorb>("absorb", arg("other"));
    cls.def<&Counter::same_total>("same_total", arg("other"));
    cls.def<&Counter::sum3>("sum3", arg("a"), arg("b") = 0, arg("c") = 0);
    cls.def<&Counter::twin>("twin");
    cls.def<&Counter::slow_add_two>("slow_add_two", arg("pause"));
    cls.def<&Counter::slow_total>("slow_total", arg("pause"));
    cls.getter<&Counter::total>("total", "What was counted.");
    cls.getter<&Counter::name>("name");
    cls.getter<&Counter::grow>("growing");
    cls.def<"__len__", &Counter::length>();
    cls.def<"__repr__", &Counter::repr>();
    cls.def<"__str__", &Counter::str>();
    cls.def<"__bool__", &Counter::truth>();
  }
};
template <>
struct adder::PyClass<Point> {
  static constexpr auto name = "Point";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Point>& cls) {
    cls.def_new<double, double>(arg("x"), arg("y"));
    cls.getter<&Point::norm1>("norm1");
    cls.def<&Point::call>("call");
  }
};
template <>
struct adder::PyClass<Open> {
  static constexpr auto name = "Open";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Open>& cls) {
    cls.def_new<std::int64_t>(arg("number"));
    cls.field<&Open::number>("number");
  }
};
template <>
struct adder::PyClass<Empty> {
  static constexpr auto name = "Empty";
  static constexpr bool frozen = true;
  static void define(ClassBuilder<Empty>& cls) {
    cls.def_new<>();
    cls.def<&Empty::yes>("yes");
  }
};
template <>
struct adder::PyClass<Token> {
  static constexpr auto name = "Token";
  static void define(ClassBuilder<Token>& cls) { cls.def<&Token::get>("get"); }
};
template <>
struct adder::PyClass<Loud> {
  static constexpr auto name = "Loud";
  static void define(ClassBuilder<Loud>& cls) { cls.def_new<Py<PyAny>>(); }
};
template <>
struct adder::PyClass<Node> {
  static constexpr auto name = "Node";
  static void define(ClassBuilder<Node>& cls) {
    cls.def_new<Py<PyAny>>(arg("next"));
    cls.getter<&Node::next>("next");
    cls.def<&Node::set_next>("set_next");
  }
};
template <>
struct adder::PyClass<Odd> {
  static constexpr auto name = "Odd";
  static void define(ClassBuilder<Odd>& cls) {
    cls.def_new<std::int64_t>(arg("length"));
    cls.def<"__len__", &Odd::length>();
    cls.def<"__repr__", &Odd::repr>();
    cls.def<"__bool__", &Odd::truth>();
  }
};

namespace {

std::int64_t write_and_read(Counter& target, const Counter& source) { return target.add(source.total()); }
std::int64_t read_and_write(const Counter& source, Counter& target) { return target.add(source.total()); }
std::int64_t read_twice(const Counter& a, const Counter& b) { return a.total() + b.total(); }
void write_twice(Counter& a, Counter& b) {
  a.add(1);
  b.add(1);
}
std::int64_t by_ref(const PyRef<Counter>& counter) { return counter->total(); }
std::int64_t by_ref_value(PyRef<Counter> counter) { return (*counter).total(); }
std::int64_t by_ref_mut(PyRefMut<Counter> counter, std::int64_t by) { return counter->add(by); }
std::int64_t by_value(Counter counter) { return counter.add(1000); }
std::int64_t sum_by_value(const std::vector<Counter>& counters) {
  std::int64_t sum = 0;
  for (const Counter& counter : counters) sum += counter.total();
  return sum;
}
std::vector<Counter> make_many(int count) {
  std::vector<Counter> made;
  for (int i = 0; i < count; ++i) made.emplace_back(i, "made");
  return made;
}
Counter make_one(std::int64_t start) { return {start, "made"}; }
Bound<Counter> make_bound(Python py, std::int64_t start) { return Bound<Counter>::new_(py, start, "bound"); }
Bound<Counter> same(Bound<Counter> counter) { return counter; }

// Borrows taken by hand while a callback runs.
Any call_with_borrow(const Bound<Counter>& counter, const Any& callback) {
  const auto held = counter.borrow();
  return callback();
}
Any call_with_borrow_mut(const Bound<Counter>& counter, const Any& callback) {
  const auto held = counter.borrow_mut();
  return callback();
}
std::string try_both(const Bound<Counter>& counter) {
  const auto shared = counter.try_borrow();
  const bool could_share = shared.is_ok();
  const auto exclusive = counter.try_borrow_mut();
  return std::string(could_share ? "shared" : shared.error().what()) + " / " +
         (exclusive.is_ok() ? "exclusive" : exclusive.error().what());
}
Any call_with_reference(Counter& counter, const Any& callback) {
  counter.add(1);
  return callback();
}
std::int64_t reference_then_number(Counter& counter, std::int64_t by) { return counter.add(by); }
double point_sum(const Bound<Point>& point) { return point.get().x + point.borrow()->y; }
double point_value(Point point) { return point.norm1(); }
std::int64_t unsafe_drop(PyRef<Counter> counter, const Bound<PyList>& owner) {
  owner.call_method("clear");  // The PyRef keeps the object alive.
  return counter->total();
}

}  // namespace

static_assert(detail::has_simple_shape<Open> && detail::has_simple_shape<Empty>);

ADDER_MODULE(classes_ext, m) {
  m.add_class<Counter>();
  m.add_class<Point>();
  m.add_class<Empty>();
  m.add_class<Open>();
  m.add_class<Token>();
  m.add_class<Loud>();
  m.add_class<Node>();
  m.add_class<Odd>();
  m.def<[] { return live_values.load(); }>("live");
  m.def<&write_and_read>("write_and_read", arg("target"), arg("source"));
  m.def<&read_and_write>("read_and_write", arg("source"), arg("target"));
  m.def<&read_twice>("read_twice", arg("a"), arg("b"));
  m.def<&write_twice>("write_twice", arg("a"), arg("b"));
  m.def<&by_ref>("by_ref", arg("counter"));
  m.def<&by_ref_value>("by_ref_value", arg("counter"));
  m.def<&by_ref_mut>("by_ref_mut", arg("counter"), arg("by") = 1);
  m.def<&by_value>("by_value", arg("counter"));
  m.def<&sum_by_value>("sum_by_value", arg("counters"));
  m.def<&make_many>("make_many", arg("count"));
  m.def<&make_one>("make_one", arg("start"));
  m.def<&make_bound>("make_bound", arg("start"));
  m.def<&same>("same", arg("counter"));
  m.def<[](Python py) { return Bound<Token>::new_(py); }>("make_token");
  m.def<&call_with_borrow>("call_with_borrow");
  m.def<&call_with_borrow_mut>("call_with_borrow_mut");
  m.def<&try_both>("try_both");
  m.def<&call_with_reference>("call_with_reference");
  m.def<&reference_then_number>("reference_then_number");
  m.def<&point_sum>("point_sum");
  m.def<&point_value>("point_value");
  m.def<&unsafe_drop>("unsafe_drop");
}
