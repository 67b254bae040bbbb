// SPDX-License-Identifier: MIT
// Free functions of every shape that test_functions.py calls.
#include <adder/adder.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/span.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace adder;
using Any = Bound<PyAny>;

// Somebody's own conversions, which come before those of stl/.
template <>
struct adder::FromPyObject<std::pair<std::int8_t, std::int8_t>> {
  static PyResult<std::pair<std::int8_t, std::int8_t>> extract(const Any&) {
    return std::pair(std::int8_t{4}, std::int8_t{2});
  }
};
template <>
struct adder::FromPyObject<std::optional<std::int8_t>> {
  static PyResult<std::optional<std::int8_t>> extract(const Any&) { return std::optional(std::int8_t{42}); }
};

namespace {

// --- Binding: f<parameters>_<defaults>, each returning the list of what it was given
// -----------------------------------

template <int>
Bound<PyList> pack0(Python py) {
  return PyList::new_(py);
}
template <int>
Bound<PyList> pack1(Python py, const Any& a) {
  return PyList::new_(py, a);
}
template <int>
Bound<PyList> pack2(const Any& a, Python py, const Any& b) {
  return PyList::new_(py, a, b);
}
template <int>
Bound<PyList> pack3(const Any& a, const Any& b, const Any& c, Python py) {
  return PyList::new_(py, a, b, c);
}
template <int>
Bound<PyList> pack4(Python py, const Any& a, const Any& b, Python, const Any& c, const Any& d) {
  return PyList::new_(py, a, b, c, d);
}

void define_packs(ModuleBuilder& m) {
  const auto none = m.py().None();
  m.def<&pack0<0>>("f0_0");
  m.def<&pack1<0>>("f1_0", arg("a"));
  m.def<&pack1<1>>("f1_1", arg("a") = none);
  m.def<&pack2<0>>("f2_0", arg("a"), arg("b"));
  m.def<&pack2<1>>("f2_1", arg("a"), arg("b") = none);
  m.def<&pack2<2>>("f2_2", arg("a") = true, arg("b") = none);
  m.def<&pack3<0>>("f3_0", arg("a"), arg("b"), arg("c"));
  m.def<&pack3<1>>("f3_1", arg("a"), arg("b"), arg("c") = none);
  m.def<&pack3<2>>("f3_2", arg("a"), arg("b") = true, arg("c") = none);
  m.def<&pack3<3>>("f3_3", arg("a") = 2.5, arg("b") = true, arg("c") = none);
  m.def<&pack4<0>>("f4_0", arg("a"), arg("b"), arg("c"), arg("d"));
  m.def<&pack4<1>>("f4_1", arg("a"), arg("b"), arg("c"), arg("d") = none);
  m.def<&pack4<2>>("f4_2", arg("a"), arg("b"), arg("c") = true, arg("d") = none);
  m.def<&pack4<3>>("f4_3", arg("a"), arg("b") = 2.5, arg("c") = true, arg("d") = none);
  m.def<&pack4<4>>("f4_4", arg("a") = "it's", arg("b") = 2.5, arg("c") = true, arg("d") = none);
  m.def<&pack1<100>>("p1");
  m.def<&pack2<100>>("p2");
  m.def<&pack3<100>>("p3");
}

// --- Kinds of callables
// ------------------------------------------------------------------------------------------------

int quiet(int value) noexcept { return value + 1; }
struct Twice {
  int operator()(int value) const noexcept { return 2 * value; }
};
bool only_token(Python py) { return py.None().is_none(); }
int overloaded(int value) { return value; }
std::string overloaded(const std::string& value) { return value; }

// --- Parameters and results
// --------------------------------------------------------------------------------------------

template <class T>
T echo(T value) {
  return value;
}
template <class T>
T echo_reference(const T& value) {
  return value;
}
std::size_t length_of_view(std::string_view text) { return text.size(); }
std::string copy_of_view(std::string_view text) { return std::string(text); }
void store_nothing(int) {}
Py<PyAny> to_py(const Any& value) { return value; }
Py<PyAny> py_by_value(Py<PyAny> value) { return value; }
const Any& same_reference(const Any& value) { return value; }
Borrowed<PyAny> lend(Borrowed<PyAny> value) { return value; }
Py_ssize_t count_as_reference(const Any& value) { return value.get_refcnt(); }
Py_ssize_t count_as_borrowed(Borrowed<PyAny> value) { return value.get_refcnt(); }
Py_ssize_t count_as_bound(Bound<PyAny> value) { return value.get_refcnt(); }
std::size_t list_length(const Bound<PyList>& list) { return list.len(); }
std::size_t borrowed_list_length(Borrowed<PyList> list) { return list.len(); }
bool is_none(const Any& value) { return value.is_none(); }
double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}
PyResult<double> square_root(double value) {
  if (value < 0) return PyValueError::new_err("math domain error");
  return std::sqrt(value);
}
PyResult<void> require(bool condition) {
  if (!condition) return PyAssertionError::new_err("not so");
  return {};
}
PyResult<Bound<PyList>> list_of(Python py, const Any& item, int count) {
  auto list = PyList::empty(py);
  for (int i = 0; i < count; ++i) list.append(item);
  return list;
}
const char* text_or_null(bool null) { return null ? nullptr : "text"; }
std::string not_utf8() { return "\xff\xfe"; }
std::vector<std::string> list_with_not_utf8() { return {"fine", "\xff"}; }

// What the views lead to is looked at after all of them were made.
Any call_with(const Any& callable, const Any& argument) { return callable(argument); }

}  // namespace

ADDER_MODULE(functions_ext, m) {
  define_packs(m);

  m.def<&quiet>("quiet", arg("value"));
  m.def<[](Python py, Py<PyAny> a, Any b, Py<PyList> c, std::int64_t) {
    return PyList::new_(py, std::move(a).into_bound(py), b, c.bind(py));
  }>("owns");
  m.def<[](Python py, const Py<PyAny>& a, Py<PyAny>&& b, std::int64_t) {
    return PyList::new_(py, a.bind(py), std::move(b).into_bound(py));
  }>("refers");
  m.def<[](std::pair<std::int8_t, std::int8_t> a, std::optional<std::int8_t> b) {
    return 10 * a.first + a.second + *b;
  }>("own_conversions");
  m.def<[](Py<PyAny>) {}>("drops_detached", arg("object"), release_gil);
  m.def<[](const std::string& a, std::string b, std::string_view c, std::int64_t) {
    return a + "|" + b + "|" + std::string(c);
  }>("texts");
  m.def<[](std::optional<std::pair<std::int64_t, double>> a, std::optional<bool> b) {
    return std::pair(a.has_value() ? a->first : -1, b.has_value() ? *b : false);
  }>("may_be_pair");
  m.def<[](std::pair<std::int64_t, std::optional<double>> a, std::span<const std::byte> b) {
    return std::pair(a.second.value_or(static_cast<double>(a.first)), static_cast<std::int64_t>(b.size()));
  }>("pair_and_bytes");
  m.def<Twice{}>("twice", arg("value"), "Twice the value.");
  m.def<[](int left, int right) { return left - right; }>("subtract", arg("left"), arg("right") = 1,
                                                          "Left without right.\n\nTwo paragraphs.");
  m.def<&only_token>("only_token", "Takes nothing that Python sees.");
  m.def<static_cast<std::string (*)(const std::string&)>(&overloaded)>("overloaded", arg("value"));
  m.def<static_cast<int (*)(int)>(&overloaded)>("overloaded_int", arg("value"));

  m.def<&echo<std::int8_t>>("int8", arg("value"));
  m.def<&echo<std::int16_t>>("int16", arg("value"));
  m.def<&echo<std::int32_t>>("int32", arg("value"));
  m.def<&echo<std::int64_t>>("int64", arg("value"));
  m.def<&echo<std::uint8_t>>("uint8", arg("value"));
  m.def<&echo<std::uint16_t>>("uint16", arg("value"));
  m.def<&echo<std::uint32_t>>("uint32", arg("value"));
  m.def<&echo<std::uint64_t>>("uint64", arg("value"));
  m.def<&echo<long long>>("longlong", arg("value"));
  m.def<&echo<unsigned long long>>("ulonglong", arg("value"));
  m.def<&echo<bool>>("boolean", arg("value"));
  m.def<&echo<double>>("real", arg("value"));
  m.def<&echo<std::string>>("text", arg("value"));
  m.def<&echo_reference<std::string>>("text_by_reference", arg("value"));
  m.def<&echo<std::vector<std::int64_t>>>("ints", arg("value"));
  m.def<&echo<std::vector<std::uint8_t>>>("bytes_as_ints", arg("value"));
  m.def<&echo<std::vector<bool>>>("booleans", arg("value"));
  m.def<&echo<std::vector<std::vector<std::string>>>>("rows", arg("value"));
  m.def<&echo<std::vector<Py<PyAny>>>>("objects", arg("value"));
  m.def<&echo<Bound<PyList>>>("list_by_value", arg("value"));

  m.def<&length_of_view>("length_of_view", arg("text"));
  m.def<&copy_of_view>("copy_of_view", arg("text"));
  m.def<&store_nothing>("store_nothing", arg("value"));
  m.def<&to_py>("to_py", arg("value"));
  m.def<&py_by_value>("py_by_value", arg("value"));
  m.def<&same_reference>("same_reference", arg("value"));
  m.def<&lend>("lend", arg("value"));
  m.def<&count_as_reference>("count_as_reference");
  m.def<&count_as_borrowed>("count_as_borrowed");
  m.def<&count_as_bound>("count_as_bound");
  m.def<&list_length>("list_length", arg("list"));
  m.def<&borrowed_list_length>("borrowed_list_length", arg("list"));
  m.def<&is_none>("is_none", arg("value") = m.py().None());
  m.def<&mean>("mean", arg("values"));
  m.def<&square_root>("square_root", arg("value"));
  m.def<&require>("require", arg("condition"));
  m.def<&list_of>("list_of", arg("item"), arg("count") = 2);
  m.def<&text_or_null>("text_or_null", arg("null"));
  m.def<&not_utf8>("not_utf8");
  m.def<&list_with_not_utf8>("list_with_not_utf8");
  m.def<&call_with>("call_with");

  // Defaults that are hard to show.
  m.def<[](const Any& value) { return value; }>("default_with_angle", arg("value") = "<b>");
  m.def<[](double value) { return value; }>("default_infinity", arg("value") = HUGE_VAL);
  m.def<[](const std::vector<int>& value) { return value; }>("default_list", arg("value") = std::vector<int>{1, 2});
  m.def<[](const Any& value) { return value; }>("default_object", arg("value") = m.py().eval("object()"));
  m.def<[](const Any& value) { return value; }>("default_fraction",
                                                arg("value") = m.py().import("fractions").getattr("Fraction")(1, 2));
  m.def<[](const Any& value) { return value; }>("default_text",
                                                arg("value") = "tab\t quote' \"\"\" back\\slash )\n--\n\n");
  m.def<[](const Any& value) { return value; }>("default_accent", arg("value") = "caf\xc3\xa9");
  m.def<[](const Any& value) { return value; }>("default_negative", arg("value") = -1);
}
