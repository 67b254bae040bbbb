// SPDX-License-Identifier: MIT
// Attributes of classes that are computed.
#include "adder/adder.hpp"
#include "adder/class/static_property.hpp"  // IWYU pragma: keep (static_getter and static_setter)
#include "adder/stl/string.hpp"

#include <cstdint>
#include <string>

namespace {

std::int64_t level = 1;
int reads = 0;

struct Config {
  int own = 0;
  static std::int64_t current() {
    ++reads;
    return level;
  }
  static void use(std::int64_t next) {
    if (next < 0) throw adder::PyValueError::new_err("no such level");
    level = next;
  }
};
struct Sub : Config {};

/// With a dict of its own, and of Python's.
struct Open {};
adder::GILOnceCell<adder::Py<adder::PyAny>> kept;
adder::Bound<adder::PyAny> shared(adder::Python py) {
  return kept.get_or_init(py, [&] { return adder::PyDict::new_(py).into_any().unbind(); }).bind(py);
}
adder::PyResult<void> refuse(adder::Python, const std::string& text) { return adder::PyKeyError::new_err(text); }

/// Without a metaclass.
struct Fixed {};
std::string refused(adder::Python py);

struct Dict {};
/// Made when a test wants it.
struct Late {};

int failures = 0;
struct NamedTwice {};
struct TakenByMethod {};

}  // namespace

template <>
struct adder::PyClass<Config> {
  static constexpr auto name = "Config";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Config>& cls) {
    cls.def_new<&Config::own>(arg("own") = 0);
    cls.static_getter<&Config::current>("current", "What is in use.");
    cls.static_setter<&Config::use>("current");
    cls.static_getter<[] { return std::string("1.0"); }>("version");
    cls.static_setter<[](bool) {}>("only_written");
    cls.attr("LIMIT", 9);
    cls.field<&Config::own>("own");
    cls.def_staticmethod<&Config::current>("read");  // One function, twice.
    cls.def_staticmethod<&Config::use>("use", arg("next"));
  }
};
template <>
struct adder::PyClass<Sub> {
  static constexpr auto name = "Sub";
  using base = Config;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Sub>& cls) {
    cls.def_new<>();
    cls.static_getter<[] { return level * 2; }>("twice");
  }
};
template <>
struct adder::PyClass<Open> {
  static constexpr auto name = "Open";
  static constexpr bool dict = true, immutable = false, subclass = true;
  static void define(ClassBuilder<Open>& cls) {
    cls.def_new<>();
    cls.static_getter<&shared>("shared");
    cls.static_setter<&refuse>("shared");
  }
};
template <>
struct adder::PyClass<Fixed> {
  static constexpr auto name = "Fixed";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Fixed>& cls) {
    cls.def_new<>();
    cls.static_getter<&Config::current>("current", "The same.");
    cls.static_getter<&refused>("refused");
  }
};
template <>
struct adder::PyClass<Dict> {
  static constexpr auto name = "Dict";
  using base = PyDict;
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Dict>& cls) {
    cls.def_new<>();
    cls.static_getter<&Config::current>("current");
    cls.static_setter<&Config::use>("current");
  }
};
template <>
struct adder::PyClass<Late> {
  static constexpr auto name = "Late";
  static void define(ClassBuilder<Late>& cls) { cls.static_setter<&Config::use>("current"); }
};
template <>
struct adder::PyClass<NamedTwice> {
  static constexpr auto name = "NamedTwice";
  static void define(ClassBuilder<NamedTwice>& cls) {
    cls.static_getter<&Config::current>("x");
    cls.static_getter<&Config::current>("x");
  }
};
template <>
struct adder::PyClass<TakenByMethod> {
  static constexpr auto name = "TakenByMethod";
  static void define(ClassBuilder<TakenByMethod>& cls) {
    cls.def<[](const TakenByMethod&) { return ++failures; }>("x");
    cls.static_setter<&Config::use>("x");
  }
};

namespace {
std::string refused(adder::Python) { throw adder::PyLookupError::new_err("nothing there"); }
}  // namespace

// NOLINTNEXTLINE(misc-use-internal-linkage): it is exported
ADDER_MODULE(static_properties_ext, m) {
  m.add_class<Config>();
  m.add_class<Sub>();
  m.add_class<Open>();
  m.add_class<Fixed>();
  m.add_class<Dict>();
  m.def<[] { return reads; }>("reads");
  m.def<[](adder::Python py) { return py.get_type<Late>(); }>("late");
  m.def<[](adder::Python py) { return py.get_type<NamedTwice>(); }>("named_twice");
  m.def<[](adder::Python py) { return py.get_type<TakenByMethod>(); }>("taken_by_method");
}
