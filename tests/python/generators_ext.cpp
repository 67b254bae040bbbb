// SPDX-License-Identifier: MIT
// Coroutines that test_generators.py compares with generators written in Python.
#include <adder/adder.hpp>
#include <adder/class/generator.hpp>
#include <adder/class/protocols.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/string_view.hpp>
#include <adder/stl/vector.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;
using namespace adder::literals;
using Object = Py<PyAny>;

namespace {

/// How many of these there are.
class Probe {
 public:
  Probe() { ++alive; }
  Probe(const Probe&) { ++alive; }
  Probe& operator=(const Probe&) = default;
  ~Probe() { --alive; }
  static inline std::atomic<int> alive{0};
};

class Point {
 public:
  explicit Point(int at) : x(at) {}
  int x;
};

class Unconvertible {
 public:
  explicit Unconvertible(bool is_bad) : bad(is_bad) {}
  bool bad;
};

std::atomic<bool> is_waiting{false}, may_go_on{false};

/// An object with numbers, and generators over them.
class Numbers {
 public:
  explicit Numbers(std::vector<std::int64_t> from) : values(std::move(from)) {}
  std::vector<std::int64_t> values;
};

}  // namespace

template <>
struct adder::PyClass<Point> {
  static constexpr auto name = "Point";
  static void define(ClassBuilder<Point>& cls) { cls.getter<&Point::x>("x"); }
};
template <>
struct adder::IntoPyObject<Unconvertible> {
  static PyResult<Bound<PyAny>> into_py(Python py, const Unconvertible& value) {
    if (value.bad) return PyValueError::new_err("this one does not convert");
    return adder::into_py(py, 1);
  }
};

namespace {

Generator<std::int64_t> count(std::int64_t n) {
  const Probe probe;
  for (std::int64_t i = 0; i < n; ++i) co_yield i;
}

Generator<double, double, std::string> averager() {
  double total = 0, n = 0;
  while (const std::optional<double> sent = co_yield (n == 0 ? 0 : total / n)) {
    total += *sent;
    n += 1;
  }
  co_return "done";
}

/// Yields what was sent, until that is None.
Generator<Object, Object, Object> echo(Python py, Object first, Object last) {
  const Probe probe;
  Object next = std::move(first);
  while (std::optional<Object> sent = co_yield next) {
    next = std::move(*sent);
    (void)py.None();  // The token is good wherever the coroutine runs.
  }
  co_return last;
}

/// Says what was thrown, and goes on, but for GeneratorExit.
Generator<std::string> catcher(Python py) {
  const Probe probe;
  std::string text = "begun";
  for (;;) {
    try {
      co_yield text;
      text = "went on";
    } catch (const PyErr& error) {
      if (error.is_instance_of<PyGeneratorExit>(py)) throw;
      text = "caught " + error.get_type(py).name();
    }
  }
}

/// Yields on, although it is to end.
Generator<std::int64_t> stubborn() {
  const Probe probe;
  for (std::int64_t i = 0; i < 3; ++i) {
    try {
      co_yield i;
    } catch (const PyErr&) {
      i += 10;
    }
    if (i >= 10) {
      co_yield i;
      i -= 10;
    }
  }
}

/// Returns, where it is to end.
Generator<std::int64_t, void, std::string> obedient() {
  try {
    co_yield 1;
    co_yield 2;
  } catch (const PyErr&) {
    co_return "early";
  }
  co_return "late";
}

/// Raises another exception than the one that is thrown into it.
Generator<std::int64_t> converter(Python py) {
  try {
    co_yield 1;
  } catch (const PyErr& error) {
    throw PyKeyError::new_err(error.get_type(py).name());
  }
}

Generator<std::int64_t> raiser(std::string what) {
  const Probe probe;
  co_yield 1;
  if (what == "KeyError") throw PyKeyError::new_err("py");
  if (what == "IndexError") throw std::out_of_range("cpp");
  if (what == "RuntimeError") throw std::runtime_error("cpp");
  if (what == "StopIteration") throw PyStopIteration::new_err("py");
  if (what == "StopAsyncIteration") throw PyStopAsyncIteration::new_err("py");
  if (what == "GeneratorExit") throw PyGeneratorExit::new_err("py");
}

/// Calls something at each step: itself, perhaps.
Generator<Object> caller(Python py, Object callback) {
  for (;;) co_yield callback.bind(py).call();
}

Generator<Object> chain(Python py, Object inner) {
  const auto iterator = inner.bind(py).try_iter();
  while (std::optional<Bound<PyAny>> item = iterator.next()) co_yield Object(*item);
}

Generator<int> waiting(Python py) {
  for (int i = 0;; ++i) {
    is_waiting = true;
    py.allow_threads([] {
      while (!may_go_on.load()) std::this_thread::yield();
    });
    co_yield i;
  }
}

// What is yielded, as what.
Generator<Point> points(int n) {
  for (int i = 0; i < n; ++i) co_yield Point(i);
  const Point last(n);
  co_yield last;
}
Generator<std::string> texts() {
  const std::string first = "first";
  co_yield first;
  co_yield "second";
  co_yield std::string(3, 'x');  // g++ 12 takes no list in braces here.
  co_yield std::string_view("fourth").substr(0, 4).data();
}
Generator<std::string_view> views() {
  std::string text = "one";
  co_yield text;
  text = "two";
  co_yield text;
}
Generator<std::optional<std::vector<int>>> lists() {
  co_yield std::nullopt;
  const std::vector<int> numbers{1, 2};
  co_yield numbers;
}
Generator<Bound<PyAny>> handles(Python py) {
  co_yield py.None();
  const auto list = PyList::new_(py, 1, 2);
  co_yield list;
  co_yield list;
}
Generator<Unconvertible, void, Unconvertible> unconvertible(bool caught) {
  const Probe probe;
  try {
    co_yield Unconvertible(false);
    co_yield Unconvertible(true);
  } catch (const PyErr&) {
    if (!caught) throw;
  }
  co_return Unconvertible(true);
}
/// What is between `with` and the end of its block.
Generator<std::string> block(Python py, Py<PyList> log) {
  try {
    co_yield "value";
    log.bind(py).append("end");
  } catch (const PyErr& error) {
    log.bind(py).append(error.get_type(py).name());
    if (!error.is_instance_of<PyLookupError>(py)) throw;
  }
}
Generator<int, std::vector<int>, int> sums() {
  int sum = 0;
  while (const auto more = co_yield sum) {
    for (const int x : *more) sum += x;
  }
  co_return sum;
}
Generator<int, void, Object> returning(Object value) {
  const Object kept = std::move(value);
  co_yield 1;
  co_return kept;
}

// Generators of an object.
Generator<std::int64_t> copied(std::vector<std::int64_t> values) {
  for (const std::int64_t value : values) co_yield value;
}
/// Borrows for each step.
Generator<std::int64_t> live(Python py, Py<Numbers> self) {
  for (std::size_t i = 0;; ++i) {
    std::int64_t value = 0;
    {
      const auto numbers = self.bind(py).borrow();
      if (i >= numbers->values.size()) break;
      value = numbers->values[i];
    }
    co_yield value;
  }
}
/// Borrows until it ends.
Generator<std::int64_t> locked(Python py, Py<Numbers> self) {
  const auto numbers = self.bind(py).borrow();
  for (const std::int64_t value : numbers->values) co_yield value;
}

}  // namespace

template <>
struct adder::PyClass<Numbers> {
  static constexpr auto name = "Numbers";
  static void define(ClassBuilder<Numbers>& cls) {
    cls.def_new<std::vector<std::int64_t>>();
    cls.def<[](Numbers& self, std::int64_t value) { self.values.push_back(value); }>("append");
    cls.def<"__iter__", [](Python py, Py<Numbers> self) { return live(py, std::move(self)); }>();
    cls.def<&live>("live");
    cls.def<&locked>("locked");
    cls.def<[](const Numbers& self) { return copied(self.values); }>("copied");
  }
};

ADDER_MODULE(generators_ext, m, gil_not_used) {
  m.add_class<Point>();
  m.add_class<Numbers>();
  m.def<&count>("count", arg("n"));
  m.def<&averager>("averager");
  m.def<&echo>("echo");
  m.def<&catcher>("catcher");
  m.def<&stubborn>("stubborn");
  m.def<&obedient>("obedient");
  m.def<&converter>("converter");
  m.def<&raiser>("raiser");
  m.def<&caller>("caller");
  m.def<&chain>("chain");
  m.def<&points>("points");
  m.def<&texts>("texts");
  m.def<&views>("views");
  m.def<&lists>("lists");
  m.def<&handles>("handles");
  m.def<&unconvertible>("unconvertible");
  m.def<&block>("block");
  m.def<&sums>("sums");
  m.def<&returning>("returning");
  m.def<[](std::int64_t n) -> Generator<std::int64_t> {
    while (n != 0) co_yield --n;
  }>("countdown");

  m.def<&waiting>("waiting");
  m.def<[] { return is_waiting.exchange(false); }>("is_waiting");
  m.def<[](bool go) { may_go_on = go; }>("go_on");

  m.def<[] { return Probe::alive.load(); }>("probes");
  m.def<[](Python py, Object object) {  // Made, and never seen by Python.
    const auto unused = echo(py, object.clone_ref(py), object.clone_ref(py));
  }>("drop_unused");
  m.def<[](Python py, Object object) {
    auto generator = returning(std::move(object));
    py.allow_threads_unchecked([&] { const auto dropped = std::move(generator); });
  }>("drop_unused_detached");
  m.def<[](Python py, std::int64_t n) {
    auto first = count(n);
    const auto second = into_py(py, std::move(first)).value();
    return into_py(py, std::move(first));  // Once more.
  }>("convert_twice");
  m.def<[](Python py, Object object) {  // The last reference goes on a thread that Python does not know.
    py.allow_threads_unchecked(
        [&] { std::thread([last = std::move(object)]() mutable { const auto dropped = std::move(last); }).join(); });
  }>("drop_elsewhere");
}
