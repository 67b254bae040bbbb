// SPDX-License-Identifier: MIT
// Defaults of parameters, and parameters that may be left out without one.
#include <adder/adder.hpp>
#include <adder/function/given.hpp>
#include <adder/function/new_function.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/set.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/variant.hpp>
#include <adder/stl/vector.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using namespace adder;

namespace {

struct Box {
  int value = 0;
};

}  // namespace

template <>
struct adder::PyClass<Box> {
  static constexpr auto name = "Box";
  static void define(ClassBuilder<Box>& cls) {
    cls.def_new<int>(arg("value") = 0);
    cls.getter<&Box::value>("value");
    cls.def<"__repr__", [](const Box& box) { return "Box(" + std::to_string(box.value) + ")"; }>();
  }
};

namespace {

// --- Given<T> --------------------------------------------------------------------------------------------------------

template <class T>
std::string shown(const Given<T>& value) {
  if (!value.is_given()) return "not given";
  return "given " + into_py(Python::assume_attached(), *value).value().repr().to_string();
}
template <class T>
std::string shown_none(const Given<std::optional<T>>& value) {
  if (value && !*value) return "given None";
  return value ? "given " + into_py(Python::assume_attached(), **value).value().repr().to_string() : "not given";
}
std::string handle(const Given<Bound<PyAny>>& value) { return value ? value->repr().to_string() : "not given"; }
std::string view(Given<std::string_view> value) { return std::string(value.value_or("nothing")); }
std::string both(const Given<std::optional<int>>& a, const Given<std::optional<int>>& b) {
  return shown_none(a) + ", " + shown_none(b);
}
std::int64_t unchecked(const Given<std::int64_t>& value) { return *value; }
std::string int_or_nothing(const Given<std::int64_t>& x) { return "int: " + shown(x); }
std::string text_only(std::string_view x) { return "str: " + std::string(x); }

struct Maker {
  std::string text;
  std::string method(const Given<std::optional<int>>& x) const { return text + ", " + shown_none(x); }
};
std::string boxed(Given<PyRefMut<Box>> box) { return box ? std::to_string(++(*box)->value) : "not given"; }

// --- Defaults --------------------------------------------------------------------------------------------------------

template <class T>
T echo(const T& value) {
  return value;
}
std::vector<int> grown(std::vector<int> values) {
  values.push_back(0);
  return values;
}
template <int>
struct RefusedBy {
  std::uint8_t value = 0;
};

PyResult<int> even(const Bound<PyAny>& object) {
  ADDER_TRY(const int value, object.try_extract<int>());
  if (value % 2 != 0) return PyValueError::new_err("odd");
  return value;
}

int anything(const Bound<PyAny>&) { return 0; }
int list_or_int(const std::variant<Bound<PyList>, int>&) { return 0; }
int maybe_list(const std::optional<Bound<PyList>>&) { return 0; }
int given_list(const Given<Bound<PyList>>&) { return 0; }
int owned(Py<PyAny>) { return 0; }
int borrowed(Borrowed<PyDict>) { return 0; }
std::size_t vector_of_objects(const std::vector<Bound<PyAny>>& values) { return values.size(); }

}  // namespace

template <>
struct adder::PyClass<Maker> {
  static constexpr auto name = "Maker";
  static void define(ClassBuilder<Maker>& cls) {
    cls.def_new<[](const Given<std::optional<int>>& x) { return Maker{shown_none(x)}; }>(arg("x") = not_given);
    cls.def<&Maker::method>("method", arg("x") = not_given);
    cls.def_staticmethod<&shown_none<int>>("static", arg("x") = not_given);
    cls.getter<&Maker::text>("text");
  }
};
template <int How>
struct adder::PyClass<RefusedBy<How>> {
  using T = RefusedBy<How>;
  static constexpr auto name = "Refused";
  static void define(ClassBuilder<T>& cls) {
    if constexpr (How == 1) cls.template def_new<[](std::uint8_t) { return T(); }>(arg("value") = 256);
    if constexpr (How == 2) cls.template def<[](const T&, std::uint8_t) {}>("method", arg("value") = 256);
    if constexpr (How == 3) cls.template def_init<[](T&, std::uint8_t) {}>(arg("value") = 256);
    if constexpr (How == 4) cls.template def_staticmethod<[](std::uint8_t) {}>("method", arg("value") = 256);
    if constexpr (How == 5) cls.template def_classmethod<[](std::uint8_t) {}>("method", arg("value") = 256);
    if constexpr (How == 6) cls.template def_new<&T::value>(arg("value") = 256);
    if constexpr (How == 7) {
      cls.template def_new<overload<[](std::uint8_t) { return T(); }, [](std::string) { return T(); }>>(
          signature(arg("value") = 256), signature(arg("text")));
    }
  }
};

namespace {

template <int How>
void refused_class(Python py) {
  (void)py.get_type<RefusedBy<How>>();
}

template <auto Target>
Bound<PyAny> with_default(Python py, const Bound<PyAny>& value) {
  return new_function<Target>(py, "f", arg("x") = value).into_any();
}

}  // namespace

ADDER_MODULE(defaults_ext, m) {
  const Python py = m.py();
  m.add_class<Maker>();
  m.add_class<Box>();
  m.def<&shown<int>>("given_int", arg("x") = not_given);
  m.def<&shown<std::vector<int>>>("given_vector", arg("x") = not_given);
  m.def<&shown_none<int>>("given_optional", arg("x") = not_given);
  m.def<&handle>("given_object", arg("x") = not_given);
  m.def<&view>("given_view", arg("x") = not_given);
  m.def<&both>("both", kw_only, arg("a") = not_given, arg("b") = not_given);
  m.def<&unchecked>("unchecked", arg("x") = not_given);
  m.def<&boxed>("boxed", arg("box") = not_given);
  m.def<overload<&int_or_nothing, &text_only>>("overloaded", signature(arg("x") = not_given), signature(arg("x")));
  m.def<&shown<int>>("given_detached", arg("x") = 3);

  m.def<&grown>("grown", arg("values") = std::vector<int>{1, 2});
  m.def<&echo<std::map<std::string, int>>>("table", arg("x") = std::map<std::string, int>{{"a", 1}, {"b", 2}});
  m.def<&echo<std::set<int>>>("numbers", arg("x") = std::set<int>{1});
  m.def<&echo<std::set<int>>>("no_numbers", arg("x") = std::set<int>{});
  m.def<&echo<double>>("infinite", arg("x") = HUGE_VAL);
  m.def<[](const Box& box) { return box.value; }>("box_value", arg("box") = Box{3}, "The value.");
  m.def<[](const Bound<PyAny>&, const Bound<PyAny>& b) { return b; }>(
      "objects", arg("a") = py.eval("object()"), arg("b") = py.import("fractions").getattr("Fraction")(1, 2));
  m.def<&anything>("raising_repr", arg("x") = py.eval("type('NoRepr', (), {'__repr__': lambda self: 1 / 0})()"));
  m.def<overload<[](const Box& box) { return box.value; }, [](std::string_view) { return 0; }>>(
      "overloaded_box", signature(arg("box") = Box{3}), signature(arg("text")));
  m.def<&vector_of_objects>("vector_of_objects", arg("x") = std::vector<int>{});

  m.def<&with_default<&echo<std::uint8_t>>>("byte");
  m.def<&with_default<&echo<std::string>>>("text");
  m.def<&with_default<&echo<std::vector<int>>>>("vector");
  m.def<&with_default<&echo<std::optional<int>>>>("optional");
  m.def<&with_default<&anything>>("anything");
  m.def<&with_default<&list_or_int>>("list_or_int");
  m.def<&with_default<&maybe_list>>("maybe_list");
  m.def<&with_default<&given_list>>("given_list");
  m.def<&with_default<&owned>>("owned");
  m.def<&with_default<&borrowed>>("borrowed");
  m.def<[](Python token, const Bound<PyAny>& value) {
    return new_function<&echo<int>>(token, "f", arg("x").from_py_with<&even>() = value);
  }>("even");
  m.def<[](Python token) { return new_function<&anything>(token, "f", arg("x") = std::vector<int>{1}); }>(
      "shared_vector");
  m.def<[](Python token) {
    return new_function<[](const Bound<PyAny>&, Python, int, const Args&, std::uint8_t, std::int64_t) {}>(
        token, "f", arg("a"), pos_only, arg("b") = 1, arg("c") = 300, arg("d") = 2, "Its third does not fit.");
  }>("placed");
  m.def<[](Python token) {
    return new_function<[](float x, std::size_t y) { return x + static_cast<float>(y); }>(token, "f", arg("x") = 1.5,
                                                                                          kw_only, arg("y") = 2);
  }>("fitting");
  m.def<[](Python token) {
    const char* nothing = nullptr;  // Converted it would be None.
    return new_function<&echo<std::string>>(token, "f", arg("x") = nothing);
  }>("null_text");
  const auto classes = PyList::empty(py);
  classes.append(new_function<&refused_class<1>>(py, "new"));
  classes.append(new_function<&refused_class<2>>(py, "method"));
  classes.append(new_function<&refused_class<3>>(py, "__init__"));
  classes.append(new_function<&refused_class<4>>(py, "static"));
  classes.append(new_function<&refused_class<5>>(py, "class"));
  classes.append(new_function<&refused_class<6>>(py, "fields"));
  classes.append(new_function<&refused_class<7>>(py, "overloads"));
  m.add("refused_classes", classes);
  std::string refused = "nothing";
  try {
    m.add_submodule("inner", [](ModuleBuilder& inner) {
      inner.def<&echo<std::uint8_t>>("good", arg("x") = 255);
      inner.def<&echo<std::uint8_t>>("bad", arg("x") = 256);
    });
  } catch (const PyErr& error) {
    refused = error.what();
  }
  m.add("refused_by_module", refused);
}
