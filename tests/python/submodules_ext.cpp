// SPDX-License-Identifier: MIT
// Modules inside a module. Where sys.submodules_ext_wish is set, the body fails in the way that it names.
#include <adder/adder.hpp>
#include <adder/stl/string.hpp>

#include <stdexcept>
#include <string>

using namespace adder;

namespace {

int times_run = 0;

struct Outermost {
  int get() const { return 1; }
};
struct Inner {
  int get() const { return 2; }
};
struct Deep {
  int get() const { return 3; }
};
struct After {
  int get() const { return 4; }
};
struct OnDemand {
  int get() const { return 5; }
};

template <class T>
void define_class(ClassBuilder<T>& cls) {
  cls.template def_new<>();
  cls.template def<&T::get>("get");
}

}  // namespace

template <>
struct adder::PyClass<Outermost> {
  static constexpr auto name = "Outermost";
  static void define(ClassBuilder<Outermost>& cls) { define_class(cls); }
};
template <>
struct adder::PyClass<Inner> {
  static constexpr auto name = "Inner";
  static void define(ClassBuilder<Inner>& cls) { define_class(cls); }
};
template <>
struct adder::PyClass<Deep> {
  static constexpr auto name = "Deep";
  static void define(ClassBuilder<Deep>& cls) { define_class(cls); }
};
template <>
struct adder::PyClass<After> {
  static constexpr auto name = "After";
  static void define(ClassBuilder<After>& cls) { define_class(cls); }
};
template <>
struct adder::PyClass<OnDemand> {
  static constexpr auto name = "OnDemand";
  static void define(ClassBuilder<OnDemand>& cls) { define_class(cls); }
};

namespace {

double scale(double value, double by) { return value * by; }

/// What the test wishes for: "" in most runs.
std::string wish(Python py) {
  const auto found = py.import("sys").getattr_opt("submodules_ext_wish"_s);
  return found ? found->extract<std::string>() : "";
}
/// Fails where that is wished for: in a C++ way, in a Python way, or by code that it calls.
void fail_at(Python py, const std::string& place) {
  const std::string wished = wish(py);
  if (wished == place + " standard") throw std::out_of_range("fails at " + place);
  if (wished == place + " lazy") throw PyPermissionError::new_err("fails at " + place);
  if (wished == place + " unknown") throw 42;
  if (wished == place + " python") (void)py.import("sys").getattr("submodules_ext_callback"_s)();
}

void define_deep(ModuleBuilder& deep) {
  fail_at(deep.py(), "deep");
  deep.doc("Modules all the way down.");
  deep.add_class<Deep>();
  deep.def<&scale>("scale", arg("value"), arg("deep") = 1000.0);
  deep.def<[] { return 3; }>("only_deep");
}

void define_inner(ModuleBuilder& inner) {
  fail_at(inner.py(), "inner before");
  inner.doc("A module inside, with “text”.");
  inner.add("number", 7);
  inner.add("_hidden", 8);
  inner.add_class<Inner>();
  inner.def<&scale>("scale", arg("value"), arg("factor") = 10.0, "Scales by ten.");
  inner.def<[](const Bound<OnDemand>& made) { return made.borrow()->get(); }>("on_demand", arg("made") = OnDemand());
  inner.add_submodule("deep", define_deep);
  fail_at(inner.py(), "inner after");
}

}  // namespace

ADDER_MODULE(submodules_ext, m) {
  ++times_run;
  fail_at(m.py(), "outer before");
  m.doc("The outermost module.");
  m.add_class<Outermost>();
  m.def<&scale>("scale", arg("value"), arg("by") = 2.0, "Scales by two.");
  m.def<[] { return times_run; }>("times_run");
  m.add("answer", 42);
  m.add("answer", 43);
  m.add("_private", 1);
  m.add_submodule("inner", define_inner);
  m.add_class<After>();
  m.add_submodule("empty", [](ModuleBuilder&) {});
  m.add_submodule("größe", [](ModuleBuilder& sized) { sized.add("value", 1); });
  if (wish(m.py()) == "imports another") m.add("another", m.py().import("submodules_another"));
  fail_at(m.py(), "outer after");
  // A failure that the body expects.
  if (wish(m.py()) == "swallowed") {
    try {
      m.add_submodule("broken", [](ModuleBuilder&) { throw std::runtime_error("swallowed"); });
    } catch (const std::runtime_error&) {
    }
  }
  m.add("last", true);
}
