// SPDX-License-Identifier: MIT
// Classes that several threads make at once, and a module whose body several threads run at once.
#include <adder/adder.hpp>
#include <adder/function/closure.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace adder;
using namespace std::chrono_literals;
using Any = Bound<PyAny>;

namespace {

/// How many of each kind there are: a class is made once only.
constexpr int kinds = 8;
template <int N, std::size_t Length>
constexpr auto numbered(const char (&text)[Length]) {
  struct Text {
    char characters[Length + 1] = {};
  } result;
  for (std::size_t i = 0; i + 1 < Length; ++i) result.characters[i] = text[i];
  result.characters[Length - 1] = static_cast<char>('0' + N);
  return result;
}

template <int N>
struct Importing {};
template <int N>
struct Slow {
  int value = 0;
};
template <int N>
struct Left {
  int number = N;
};
template <int N>
struct Right {
  int number = N;
};
template <int N>
struct Shape {
  int number = N;
};
template <int N>
struct Circle : Shape<N> {};
struct Failing {};
template <int N>
struct Rich {
  double x = 0;
  int calls = 0;
  int twice(int by) { return calls += 2 * by; }
  double scaled(double by) const { return x * by; }
  std::string text(const std::string& suffix) const { return "rich" + suffix; }
  double get() const { return x; }
  void set(double value) { x = value; }
  void remove() { x = -1; }
  static int made_of(int a, int b) { return 10 * a + b; }
  static std::string class_name(const ThisClass& cls) { return cls->name(); }
};

// --- What `define` waits for -----------------------------------------------------------------------------------------

/// Set while the thread that makes a Slow is not to go on.
std::atomic<bool> held{false};
std::atomic<int> inside{0};
std::atomic<int> late_values{0};
std::atomic<bool> fails{true};

template <class T>
Bound<T> new_half(Python py) {
  ++late_values;
  py.allow_threads([] { std::this_thread::sleep_for(2ms); });  // The other class is begun meanwhile.
  return Bound<T>::new_(py, T{});
}

}  // namespace

template <int N>
struct adder::PyClass<Importing<N>> {
  static constexpr auto text = numbered<N>("Importing");
  static constexpr const char* name = text.characters;
  static constexpr auto module_text = numbered<N>("class_races_module");
  static void define(ClassBuilder<Importing<N>>& cls) {
    Python::with_gil([](Python py) { (void)py.import(module_text.characters); });
    cls.template def_new<>();
  }
};
template <int N>
struct adder::PyClass<Slow<N>> {
  static constexpr auto text = numbered<N>("Slow");
  static constexpr const char* name = text.characters;
  static void define(ClassBuilder<Slow<N>>& cls) {
    ++inside;
    Python::with_gil([](Python py) {
      py.allow_threads([] {
        while (held) std::this_thread::sleep_for(1ms);
      });
    });
    cls.template def_new<int>(arg("value") = N);
    cls.template field<&Slow<N>::value>("value");
  }
};
template <class T, class Other>
struct HalfClass {
  static constexpr bool frozen = true;
  static void define(ClassBuilder<T>& cls) {
    Python::with_gil([](Python py) { py.allow_threads([] { std::this_thread::sleep_for(2ms); }); });
    cls.template attr<&new_half<Other>>("OTHER");
    cls.template attr<&new_half<T>>("OWN");
    cls.template getter<&T::number>("number");
  }
};
template <int N>
struct adder::PyClass<Left<N>> : HalfClass<Left<N>, Right<N>> {
  static constexpr auto text = numbered<N>("Left");
  static constexpr const char* name = text.characters;
};
template <int N>
struct adder::PyClass<Right<N>> : HalfClass<Right<N>, Left<N>> {
  static constexpr auto text = numbered<N>("Right");
  static constexpr const char* name = text.characters;
};
template <int N>
struct adder::PyClass<Shape<N>> {
  static constexpr auto text = numbered<N>("Shape");
  static constexpr const char* name = text.characters;
  static constexpr bool subclass = true, frozen = true, sync = true;
  static void define(ClassBuilder<Shape<N>>& cls) { cls.template attr<&new_half<Circle<N>>>("UNIT"); }
};
template <int N>
struct adder::PyClass<Circle<N>> {
  static constexpr auto text = numbered<N>("Circle");
  static constexpr const char* name = text.characters;
  static constexpr bool frozen = true, sync = true;
  using base = Shape<N>;
  static void define(ClassBuilder<Circle<N>>&) {
    Python::with_gil([](Python py) { py.allow_threads([] { std::this_thread::sleep_for(2ms); }); });
  }
};
template <>
struct adder::PyClass<Failing> {
  static constexpr auto name = "Failing";
  static void define(ClassBuilder<Failing>& cls) {
    cls.attr<[](Python py) { return Bound<Failing>::new_(py); }>("first");
    cls.attr<[](Python) {
      if (fails) throw PyValueError::new_err("not yet");
      return 5;
    }>("second");
  }
};
template <int N>
struct adder::PyClass<Rich<N>> {
  using Self = Rich<N>;
  static constexpr auto text = numbered<N>("Rich");
  static constexpr const char* name = text.characters;
  static constexpr bool subclass = true, weakref = true, immutable = false;
  static void define(ClassBuilder<Self>& cls) {
    cls.template def_new<&Self::x>(arg("x") = 1.5);
    cls.template def<&Self::twice>("twice", arg("by") = 3, "Adds twice `by`.");
    cls.template def<&Self::scaled>("scaled");
    cls.template def<overload<&Self::text, &Self::scaled>>("either", signature(arg("suffix") = "!"),
                                                           signature(arg("by")), "Either.");
    cls.template def_staticmethod<&Self::made_of>("made_of", arg("a") = 1, kw_only, arg("b") = 2);
    cls.template def_classmethod<&Self::class_name>("class_name");
    cls.template getter<&Self::get>("x", "The x.");
    cls.template setter<&Self::set>("x");
    cls.template deleter<&Self::remove>("x");
    cls.template field<&Self::calls>("calls");
    cls.template attr<[](Python py) { return Bound<Self>::new_(py, Self{7.5}); }>("DEFAULT");
    cls.attr("SIZE", 12);
  }
};

namespace {

template <template <int> class Class>
Any new_object(Python py, int kind) {
  std::optional<Any> made;
  [&]<int... N>(std::integer_sequence<int, N...>) {
    ((N == kind ? (void)made.emplace(Bound<Class<N>>::new_(py, Class<N>{}).into_any()) : (void)0), ...);
  }(std::make_integer_sequence<int, kinds>());
  return std::move(made).value();
}
Any failing(Python py) { return Bound<Failing>::new_(py).into_any(); }

int add(int a, int b) { return a + b; }
double scale(double x) { return 2 * x; }
std::string joined(const std::vector<std::string>& parts, const std::string& by) {
  std::string text;
  for (const auto& part : parts) text.append(text.empty() ? "" : by).append(part);
  return text;
}
int count_all(const Args& args, const Kwargs& kwargs) { return static_cast<int>(args->len() + kwargs->len()); }
std::string module_name(const ThisModule& module) { return module->name(); }
struct Sum {
  int total = 0;
};

}  // namespace

ADDER_MODULE(class_races_ext, m, adder::gil_not_used) {
  m.def<&new_object<Importing>>("importing");
  m.def<&new_object<Slow>>("slow");
  m.def<&new_object<Left>>("left");
  m.def<&new_object<Right>>("right");
  m.def<&new_object<Shape>>("shape");
  m.def<&new_object<Circle>>("circle");
  m.def<&failing>("failing");
  m.def<[](bool on) { held = on; }>("hold");
  m.def<[] { return inside.load(); }>("inside");
  m.def<[] { return late_values.load(); }>("late_values");
  m.def<[](bool on) { fails = on; }>("let_fail");

  m.def<&add>("add", arg("a"), arg("b") = 40, "The sum.");
  m.def<&scale>("scale");
  m.def<&joined>("joined", arg("parts"), kw_only, arg("by") = ", ");
  m.def<&count_all>("count_all");
  m.def<&module_name>("module_name");
  m.def<overload<&add, &scale>>("either", signature(arg("a"), arg("b") = 1), signature(arg("x")), "Either.");
  m.add_class<Rich<0>>();
  m.add_class<Rich<1>>();
  m.add("total", new_closure<[](Sum& sum, int by) { return sum.total += by; }>(m.py(), "total", Sum{}, arg("by") = 1));
  m.add_submodule("inner", [](ModuleBuilder& inner) {
    inner.def<&add>("plus", arg("left") = 1, arg("right") = 2);
    inner.add_class<Rich<2>>();
  });
}
