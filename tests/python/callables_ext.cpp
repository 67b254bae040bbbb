// SPDX-License-Identifier: MIT
// What functions may take besides plain arguments, and functions with a state of their own, for test_callables.py.
#include <adder/adder.hpp>
#include <adder/function/closure.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/span.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace adder;
using Any = Bound<PyAny>;

namespace {

// --- *args and **kwargs: each function returns what its twin in Python returns ---------------------------------------

Bound<PyTuple> all_args(Args all) { return *all; }
Bound<PyTuple> all_args_by_reference(const Args& all) { return *all; }
Bound<PyDict> all_kwargs(Kwargs named) { return *named; }
Bound<PyDict> all_kwargs_by_reference(const Kwargs& named) { return *named; }
Bound<PyList> both(Python py, const Kwargs& named, const Args& all) { return PyList::new_(py, *all, *named); }
Bound<PyList> then_rest(Python py, const Any& a, const Any& b, Args rest) { return PyList::new_(py, a, b, *rest); }
Bound<PyList> rest_then(Args rest, const Any& a, Python py, const Any& b) { return PyList::new_(py, *rest, a, b); }
Bound<PyList> mixed(Kwargs named, const Any& a, Python py, const Any& b, Args rest, const Any& c, const Any& d) {
  return PyList::new_(py, a, b, *rest, c, d, *named);
}
Bound<PyList> slash_kwargs(const Any& a, const Any& b, const Kwargs& named, Python py) {
  return PyList::new_(py, a, b, *named);
}
Bound<PyList> star_kwargs(const Kwargs& named, Python py, const Any& a, const Any& b) {
  return PyList::new_(py, a, b, *named);
}
Bound<PyList> star(Python py, const Any& a, const Any& b, const Any& c) { return PyList::new_(py, a, b, c); }
Bound<PyList> slash(Python py, const Any& a, const Any& b, const Any& c) { return PyList::new_(py, a, b, c); }
Bound<PyList> all_slash(Python py, const Any& a, const Any& b) { return PyList::new_(py, a, b); }
Bound<PyList> only_star(Python py, const Any& a, const Any& b) { return PyList::new_(py, a, b); }
Bound<PyList> unnamed_rest(Python py, const Any& a, Args rest) { return PyList::new_(py, a, *rest); }
Bound<PyList> unnamed_named(Python py, Kwargs named, const Any& a) { return PyList::new_(py, a, *named); }

void define_variadics(ModuleBuilder& m) {
  const auto none = m.py().None();
  m.def<&all_args>("all_args");
  m.def<&all_args_by_reference>("all_args_by_reference");
  m.def<&all_kwargs>("all_kwargs");
  m.def<&all_kwargs_by_reference>("all_kwargs_by_reference");
  m.def<&both>("both", "Both of them.");
  m.def<&then_rest>("then_rest", arg("a"), arg("b") = none);
  m.def<&rest_then>("rest_then", arg("a"), arg("b") = none);
  m.def<&mixed>("mixed", arg("a"), pos_only, arg("b") = none, arg("c"), arg("d") = none);
  m.def<&slash_kwargs>("slash_kwargs", arg("a"), arg("b") = none, pos_only);
  m.def<&star_kwargs>("star_kwargs", arg("a"), kw_only, arg("b") = none);
  m.def<&star>("star", arg("a"), kw_only, arg("b"), arg("c") = none);
  m.def<&slash>("slash", arg("a"), pos_only, arg("b"), kw_only, arg("c") = none);
  m.def<&all_slash>("all_slash", arg("a"), arg("b") = none, pos_only);
  m.def<&only_star>("only_star", kw_only, arg("a") = none, arg("b"));
  m.def<&unnamed_rest>("unnamed_rest");
  m.def<&unnamed_named>("unnamed_named");

  m.def<[](const Kwargs& named) { named->set_item("added", true); }>("add_to_kwargs");
  m.def<[](const Any& f, const Args& rest, const Kwargs& named) { return f(args_of(*rest), kwargs_of(*named)); }>(
      "forward", arg("f"), pos_only);
  m.def<[](int a, const Args& rest, int b, const Kwargs& named) {
    return a + b + static_cast<int>(rest->len() + named->len());
  }>("counted", arg("a"), arg("b") = 0);
}

/// The same as methods and constructors. `made` is what the constructor was given.
struct Taker {
  Taker(const Any& a, Args rest, Python py, const Any& c, const Kwargs& named)
      : made(PyList::new_(py, a, *rest, c, *named)) {}
  Bound<PyList> mixed(Kwargs named, const Any& a, Python py, const Any& b, Args rest, const Any& c, const Any& d) {
    return PyList::new_(py, a, b, *rest, c, d, *named);
  }
  Bound<PyList> both(Python py, const Kwargs& named, const Args& all) const { return PyList::new_(py, *all, *named); }
  Bound<PyList> star(Python py, const Any& a, const Any& b, const Any& c) const { return PyList::new_(py, a, b, c); }
  Bound<PyList> slash(Python py, const Any& a, const Any& b, const Any& c) { return PyList::new_(py, a, b, c); }
  Bound<PyList> all_slash(Python py, const Any& a, const Any& b) const { return PyList::new_(py, a, b); }
  int strictly(int a) const { return a; }
  int converted(int a, Args rest) { return a + static_cast<int>(rest->len()); }
  Py<PyList> get_made(Python py) const { return made.clone_ref(py); }
  Py<PyList> made;
};

/// Parameters by keyword only, and nothing that Python would not know of.
struct KeywordOnlyMade {
  KeywordOnlyMade(int x, double y) : sum(x + y) {}
  double sum;
  double get() const { return sum; }
};

int from_length(const Any& value) { return static_cast<int>(value.len()); }

// --- ThisModule
// -------------------------------------------------------------------------------------------------------

std::string module_name(ThisModule module) { return module->name(); }
std::string module_between(int a, const ThisModule& module, int b) {
  return std::to_string(a) + (*module).name() + std::to_string(b);
}
Bound<PyModule> the_module(const ThisModule& module, const Args& rest, const Kwargs& named) {
  (void)rest, (void)named;
  return *module;
}

// --- Without the GIL
// --------------------------------------------------------------------------------------------------

/// Where threads wait for each other, for a while.
class Gate {
 public:
  /// Whether @p parties came before the time was up.
  bool meet(int parties, double seconds) {
    std::unique_lock lock(mutex_);
    const int round = round_;
    if (++arrived_ == parties) {
      arrived_ = 0;
      ++round_;
      changed_.notify_all();
      return true;
    }
    const bool met = changed_.wait_for(lock, std::chrono::duration<double>(seconds), [&] { return round_ != round; });
    if (!met) --arrived_;
    return met;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0, round_ = 0;
};
// Never destroyed: a thread may wait at one when the process ends.
Gate& gate = *new Gate;
Gate& inside = *new Gate;
Gate& outside = *new Gate;

bool meet(int parties, double seconds) { return gate.meet(parties, seconds); }
std::string meet_with_views(std::string_view text, std::span<const std::byte> bytes, double seconds) {
  std::string result = gate.meet(2, seconds) ? "met " : "alone ";
  result += text;
  for (const std::byte byte : bytes) result += static_cast<char>(byte);
  return result;
}
bool has_gil() { return PyGILState_Check() == 1; }
bool throw_without_gil(int kind) {
  if (kind == 0) throw std::out_of_range("outside");
  if (kind == 1) throw PyKeyError::new_err("lazy");
  if (kind == 2) throw 42;
  return has_gil();
}
PyResult<std::vector<int>> result_without_gil(bool fails) {
  if (fails) return PyValueError::new_err("no list");
  return std::vector<int>{1, 2, 3};
}
void nothing_without_gil(const std::string& text, const std::optional<int>& number) { (void)text, (void)number; }
bool attach_again(Py<PyAny> callback) {
  const bool before = has_gil();
  Python::with_gil([&](Python py) { (void)callback.bind(py)(); });
  return before || has_gil();
}

/// A value that is held for as long as the test wants.
struct Box {
  int value;
  int get() const { return value; }
  void set(int to) { value = to; }
  bool hold(double seconds) { return inside.meet(2, seconds) && outside.meet(2, seconds); }
  int hold_shared(double seconds) const {
    const int before = value;
    if (!inside.meet(2, seconds) || !outside.meet(2, seconds)) return -1;
    return before == value ? value : -2;
  }
  void fail() { throw std::runtime_error("while it was borrowed"); }
  bool looked_at_with_gil() const { return has_gil(); }
};
bool hold_box(const Box& box, double seconds) { return box.hold_shared(seconds) >= 0; }
bool hold_box_alone(Box& box, double seconds) { return box.hold(seconds); }

// --- Converted arguments
// ----------------------------------------------------------------------------------------------

template <class T>
T echo(T value) {
  return value;
}
PyResult<int> parse_digits(const Any& text) {
  const auto view = text.try_extract<std::string>();
  if (view.is_err()) return PyTypeError::new_err("digits are text");
  int value = 0;
  for (const char digit : *view) {
    if (digit < '0' || digit > '9') return PyValueError::new_err("'" + *view + "' has more than digits");
    value = 10 * value + (digit - '0');
  }
  return value;
}
int throwing_converter(const Any& kind) {
  if (kind.is_none()) throw std::invalid_argument("None of that");
  if (kind.is_truthy()) throw PyLookupError::new_err("thrown");
  return 5;
}
int call_for_int(const Any& callable) { return callable().extract<int>(); }
std::string shout(const Any& value) { return value.str().to_string() + "!"; }
Bound<PyList> in_order(const Kwargs& named, int a, const Args& rest, int b, const std::string& c, Python py) {
  return PyList::new_(py, a, *rest, b, c, *named);
}

// --- Closures
// ---------------------------------------------------------------------------------------------------------

int live_states = 0;
/// Counts the values that are in use; what was moved from is not.
struct Counted {
  Counted() { ++live_states; }
  Counted(Counted&& other) noexcept : counts(std::exchange(other.counts, false)) {}
  Counted& operator=(Counted&&) = delete;
  Counted(const Counted&) = delete;
  ~Counted() { live_states -= counts ? 1 : 0; }
  bool counts = true;
};

struct Total {
  Counted counted;
  std::int64_t sum;
};
std::int64_t add_to_total(Total& total, std::int64_t by) { return total.sum += by; }
struct Calls {
  Counted counted;
  int depth = 0;
};
Any call_alone(Calls& calls, const Any& f, const Args& rest, const Kwargs& named) {
  ++calls.depth;
  return f(args_of(*rest), kwargs_of(*named));
}
Any call_together(const Calls&, const Any& f, const Args& rest) { return f(args_of(*rest)); }
struct Unique {
  std::unique_ptr<int> number;
};
struct Owner {
  Counted counted;
  Py<PyAny> object;
};
/// Runs Python code when it dies, and writes down whether it found an exception pending.
struct LastWords {
  LastWords(Py<PyAny> to_call) : callback(std::move(to_call)) {}
  LastWords(LastWords&& other) noexcept
      : callback(std::move(other.callback)), armed(std::exchange(other.armed, false)) {}
  ~LastWords() {
    if (!armed) return;
    Python::with_gil([this](Python py) {
      const bool pending = PyErr_Occurred() != nullptr;
      try {
        (void)callback.bind(py)(pending);
      } catch (const PyErr& error) {
        error.write_unraisable(py);
      }
    });
  }
  Py<PyAny> callback;
  bool armed = true;
};
struct Plain {
  int value;
};

void define_closures(ModuleBuilder& m) {
  m.def<[] { return live_states; }>("live_states");
  m.def<[](Python py, std::int64_t start) {
    return new_closure<&add_to_total>(py, "add", Total{{}, start}, arg("by") = 1, "Adds.\n\nSays the sum.");
  }>("new_adder", arg("start") = 0);
  m.def<[](Python py) { return new_closure<&call_alone>(py, "alone", Calls{}, arg("f"), pos_only); }>("new_alone");
  m.def<[](Python py) { return new_closure<&call_together>(py, "together", Calls{}); }>("new_together");
  m.def<[](Python py) {
    return new_closure<[](const Unique& unique) { return *unique.number; }>(py, "unique",
                                                                            Unique{std::make_unique<int>(7)});
  }>("new_unique");
  m.def<[](Python py, Py<PyAny> object) {
    return new_closure<[](const Owner& owner, Python inner) { return owner.object.clone_ref(inner); }>(
        py, "owned", Owner{{}, std::move(object)});
  }>("new_owner");
  m.def<[](Python py, Py<PyAny> callback) {
    return new_closure<[](const LastWords&) {}>(py, "last_words", LastWords(std::move(callback)));
  }>("new_last_words");
  m.def<[](Python py, const Any& object, int kind) {
    const auto make = [&](const auto&... extra) {
      return new_closure<[](const Total& total, const Any&, const Any&) { return total.sum; }>(py, "never",
                                                                                               Total{{}, 1}, extra...);
    };
    if (kind == 0) return make(arg("same") = object, arg("same") = object);
    if (kind == 1) return make(arg("first") = object, arg("second") = std::string("\xff"));
    if (kind == 2) return make(arg("first") = object, arg("\xff") = object);
    return make(arg("first") = object, arg("second") = object);
  }>("new_closure_or_failure", arg("object"), arg("kind"));
  m.def<[](Python py) {
    return new_closure<[](Plain& plain, double seconds) {
      const bool met = inside.meet(2, seconds) && outside.meet(2, seconds);
      return met ? ++plain.value : -1;
    }>(py, "hold", Plain{0}, arg("seconds"), release_gil);
  }>("new_holder");
  m.def<[](Python py) {
    return new_closure<[](const Plain& plain, double seconds) { return gate.meet(2, seconds) ? plain.value : -1; }>(
        py, "meet", Plain{3}, release_gil);
  }>("new_meeter");
  m.def<[](Python py, bool fails) {
    return new_closure<[](Plain& plain, bool throws) -> PyResult<int> {
      ++plain.value;
      if (throws) throw std::out_of_range("from a closure");
      return plain.value == 2 ? PyResult<int>(PyValueError::new_err("two")) : PyResult<int>(plain.value);
    }>(py, "fails", Plain{0}, arg("throws") = fails);
  }>("new_failing");
  m.def<[](Python py) {
    return new_closure<[](const Plain& plain, int a, int b, int c) {
      return 1000 * plain.value + 100 * a + 10 * b + c;
    }>(py, "shaped", Plain{1}, arg("a"), pos_only, arg("b").strict() = 2, kw_only,
       arg("c").from_py_with<&from_length>() = "xyz");
  }>("new_shaped");
  m.def<[](Python py, const std::string& name) {
    return new_closure<[](const Plain& plain) { return plain.value; }>(py, name.c_str(), Plain{1});
  }>("new_named");
}

}  // namespace

template <>
struct adder::PyClass<Taker> {
  static constexpr auto name = "Taker";
  static void define(ClassBuilder<Taker>& cls) {
    const auto none = Python::assume_gil_acquired().None();
    cls.def_new<const Any&, Args, Python, const Any&, const Kwargs&>(arg("a"), arg("c") = none);
    cls.def<&Taker::mixed>("mixed", arg("a"), pos_only, arg("b") = none, arg("c"), arg("d") = none);
    cls.def<&Taker::both>("both");
    cls.def<&Taker::star>("star", arg("a"), kw_only, arg("b"), arg("c") = none);
    cls.def<&Taker::slash>("slash", arg("a"), pos_only, arg("b"), kw_only, arg("c") = none);
    cls.def<&Taker::all_slash>("all_slash", arg("a"), arg("b") = none, pos_only);
    cls.def<&Taker::strictly>("strictly", arg("a").strict() = 3);
    cls.def<&Taker::converted>("converted", arg("a").from_py_with<&from_length>() = "abcd");
    cls.getter<&Taker::get_made>("made");
  }
};
template <>
struct adder::PyClass<KeywordOnlyMade> {
  static constexpr auto name = "KeywordOnlyMade";
  static void define(ClassBuilder<KeywordOnlyMade>& cls) {
    cls.def_new<int, double>(arg("x").strict(), kw_only, arg("y").from_py_with<&from_length>() = "ab");
    cls.getter<&KeywordOnlyMade::get>("sum");
  }
};
template <>
struct adder::PyClass<Box> {
  static constexpr auto name = "Box";
  static void define(ClassBuilder<Box>& cls) {
    cls.def_new<int>(arg("value") = 0);
    cls.def<&Box::get>("get");
    cls.def<&Box::set>("set", arg("to"));
    cls.def<&Box::hold>("hold", arg("seconds"), release_gil);
    cls.def<&Box::hold_shared>("hold_shared", arg("seconds"), release_gil);
    cls.def<&Box::fail>("fail", release_gil);
    cls.getter<&Box::looked_at_with_gil>("looked_at_with_gil", release_gil, "Whether.");
    cls.getter<&Box::looked_at_with_gil>("looked_at_as_usual");
  }
};

ADDER_MODULE(callables_ext, m) {
  define_variadics(m);
  m.add_class<Taker>();
  m.add_class<KeywordOnlyMade>();

  m.def<&module_name>("module_name");
  m.def<&module_name>("module_name_again", "Under a second name.");
  m.def<&module_between>("module_between", arg("a"), arg("b") = 2);
  m.def<&the_module>("the_module");
  m.add_submodule("inner", [](ModuleBuilder& inner) {
    inner.def<&module_name>("module_name");
    inner.def<&module_name>("module_name_inside");
    inner.def<&module_between>("module_between", arg("a"), arg("b") = 2);
    inner.def<&the_module>("the_module");
    inner.add_submodule("deep", [](ModuleBuilder& deep) { deep.def<&module_name>("module_name"); });
  });

  m.def<&meet>("meet", arg("parties"), arg("seconds"), release_gil, "Meets without the GIL.");
  m.def<&meet>("meet_with_gil", arg("parties"), arg("seconds"));
  m.def<&meet_with_views>("meet_with_views", release_gil);
  m.def<&has_gil>("has_gil");
  m.def<&has_gil>("has_gil_detached", release_gil);
  m.def<&throw_without_gil>("throw_without_gil", arg("kind"), release_gil);
  m.def<&result_without_gil>("result_without_gil", arg("fails") = false, release_gil);
  m.def<&nothing_without_gil>("nothing_without_gil", arg("text"), kw_only, arg("number") = std::nullopt, release_gil);
  m.def<&attach_again>("attach_again", release_gil);
  m.def<[](double seconds) { return inside.meet(2, seconds); }>("wait_inside", release_gil);
  m.def<[](double seconds) { return outside.meet(2, seconds); }>("let_go", release_gil);
  m.add_class<Box>();
  m.def<&hold_box>("hold_box", release_gil);
  m.def<&hold_box_alone>("hold_box_alone", release_gil);

  m.def<&echo<int>>("strict_int", arg("x").strict());
  m.def<&echo<std::uint8_t>>("strict_byte", arg("x").strict());
  m.def<&echo<double>>("strict_float", arg("x").strict());
  m.def<&echo<float>>("strict_float32", arg("x").strict());
  m.def<&echo<bool>>("strict_bool", arg("x").strict());
  m.def<&echo<double>>("strict_default", arg("x").strict() = 1.5);
  m.def<[](int a, int b, double c) { return a + b + c; }>("half_strict", arg("a"), arg("b").strict(), arg("c") = 1);

  m.def<&echo<int>>("digits", arg("n").from_py_with<&parse_digits>());
  m.def<&echo<int>>("digits_or_12", arg("n").from_py_with<&parse_digits>() = "12");
  m.def<&echo<int>>("throwing", arg("n").from_py_with<&throwing_converter>());
  m.def<&echo<const std::string&>>("shout", arg("text").from_py_with<&shout>());
  m.def<&in_order>("in_order", arg("a").from_py_with<&call_for_int>(), arg("b").from_py_with<&call_for_int>(),
                   arg("c").from_py_with<&shout>() = 7);
  m.def<[](int a, int b, int c) { return 100 * a + 10 * b + c; }>(
      "every_kind", arg("a").strict(), arg("b").from_py_with<&from_length>(), kw_only, arg("c") = 3);

  m.def<&echo<std::optional<int>>>("maybe", arg("x") = std::nullopt);
  m.def<&echo<const std::optional<std::string>&>>("maybe_text", arg("x") = std::nullopt);
  m.def<&echo<std::optional<std::vector<int>>>>("maybe_ints", arg("x") = std::vector<int>{1});

  define_closures(m);
}
