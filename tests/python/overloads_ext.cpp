// SPDX-License-Identifier: MIT
// Overload sets for test_overloads.py. Most functions return the name of what was picked.
#include <adder/adder.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <cmath>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

using namespace adder;
using Any = Bound<PyAny>;

namespace {

// --- One argument: every pair of types
// --------------------------------------------------------------------------------

struct Animal {
  int value = 1;
  int get() const { return value; }
};
struct Plant {
  int value = 2;
};

template <class T>
inline constexpr const char* name_of_type = nullptr;
template <>
inline constexpr const char* name_of_type<std::int64_t> = "int";
template <>
inline constexpr const char* name_of_type<double> = "float";
template <>
inline constexpr const char* name_of_type<std::string> = "str";
template <>
inline constexpr const char* name_of_type<bool> = "bool";
template <>
inline constexpr const char* name_of_type<Any> = "any";
template <>
inline constexpr const char* name_of_type<std::optional<std::int64_t>> = "optional";
template <>
inline constexpr const char* name_of_type<std::vector<std::int64_t>> = "ints";
template <>
inline constexpr const char* name_of_type<std::vector<std::string>> = "strs";
template <>
inline constexpr const char* name_of_type<Bound<PyList>> = "list";

/// "int float": the function's parameters.
template <class... T>
std::string picked(T...) {
  std::string text;
  ((text += std::string(text.empty() ? "" : " ") + name_of_type<std::remove_cvref_t<T>>), ...);
  return text;
}

template <class T, class U>
void define_pair(ModuleBuilder& m) {
  if constexpr (!std::is_same_v<T, U>) {
    const std::string name =
        std::string(name_of_type<std::remove_cvref_t<T>>) + "_or_" + name_of_type<std::remove_cvref_t<U>>;
    m.def<overload<&picked<T>, &picked<U>>>(name.c_str());
  }
}
template <class T, class... U>
void define_pairs_with(ModuleBuilder& m) {
  (define_pair<T, U>(m), ...);
}
template <class... T>
void define_pairs(ModuleBuilder& m) {
  (define_pairs_with<T, T...>(m), ...);
}

template <class A, class B, class C>
void define_three(ModuleBuilder& m, const char* name) {
  m.def<overload<&picked<A>, &picked<B>, &picked<C>>>(name);
}

// --- Names, defaults and marks
// ----------------------------------------------------------------------------------------

std::string whole(double number) { return std::abs(number) < 1e9 ? std::to_string(static_cast<int>(number)) : "?"; }
std::string circle(double radius) { return "circle " + whole(radius); }
std::string box(double width, double height) { return "box " + whole(width) + "x" + whole(height); }
std::string polygon(const Args& corners, const Kwargs& named) {
  return "polygon " + std::to_string(corners->len()) + "+" + std::to_string(named->len());
}
std::string int_alone(std::int64_t) { return "int"; }
std::string int_keyword(std::int64_t, std::int64_t b) { return "int b=" + std::to_string(b); }
std::string int_and_any(std::int64_t, const Any&) { return "int any"; }
std::string float_alone(double) { return "float"; }
std::string any_args(const Args& all) { return "args " + std::to_string(all->len()); }

// --- Converters
// -------------------------------------------------------------------------------------------------------

PyResult<int> returns_error(const Any& value) {
  if (value.is_none()) return PyValueError::new_err("None, returned");
  return value.try_extract<int>();
}
int throws_error(const Any& value) {
  if (value.is_none()) throw PyValueError::new_err("None, thrown");
  return value.extract<int>();
}
int conversions = 0;
PyResult<int> counts(const Any& value) {
  ++conversions;
  return value.try_extract<int>();
}
std::string converted(int value) { return "converted " + std::to_string(value); }

// --- What the picked function does
// ------------------------------------------------------------------------------------

PyResult<int> fails_for_int(int value) {
  if (value < 0) return PyValueError::new_err("negative");
  if (value > 100) throw std::out_of_range("too large");
  return value;
}
int fails_for_text(const std::string& text) {
  if (text.empty()) throw PyTypeError::new_err("empty");
  return static_cast<int>(text.size());
}
bool has_gil(const std::string&) { return PyGILState_Check() == 1; }
bool has_gil_for_int(int) { return PyGILState_Check() == 1; }

// --- Classes
// ----------------------------------------------------------------------------------------------------------

std::string two_animals(Animal& a, Animal& b) { return "two " + std::to_string(a.value + b.value); }
std::string two_plants(Plant&, Plant&) { return "plants"; }
std::string shared_animals(const Animal& a, const Animal& b) { return "shared " + std::to_string(a.value + b.value); }
std::string by_value(Animal a) { return "value " + std::to_string(a.value); }
std::string list_of_animals(const std::vector<Animal>& all) { return "list " + std::to_string(all.size()); }

class Journal {
 public:
  std::string add(std::int64_t number) {
    lines_ += std::to_string(number) + ";";
    return "number";
  }
  std::string add(const std::string& text) {
    lines_ += text + ";";
    return "text";
  }
  std::string add(const Any& callback) const {
    (void)callback();
    return "callback";
  }
  std::string at(std::int64_t) const { return "const int"; }
  std::string at(double) { return "float"; }
  std::string call(const Bound<PyDict>&) { return "dict"; }
  Any call(const Any& callback) { return callback(); }
  const std::string& lines() const { return lines_; }

 private:
  std::string lines_;
};

__extension__ using Wide = __int128;

/// Two signatures for one pair of functions, in two modules, under one name.
std::string first_of_pair(std::int64_t n) { return "first " + std::to_string(n); }
std::string second_of_pair(const std::string& text) { return "second " + text; }

}  // namespace

template <>
struct adder::PyClass<Animal> {
  static constexpr auto name = "Animal";
  static void define(ClassBuilder<Animal>& cls) {
    cls.def_new<int>(arg("value") = 1);
    cls.getter<&Animal::get>("value");
  }
};
template <>
struct adder::PyClass<Plant> {
  static constexpr auto name = "Plant";
  static void define(ClassBuilder<Plant>& cls) { cls.def_new<>(); }
};
template <>
struct adder::PyClass<Journal> {
  static constexpr auto name = "Journal";
  static void define(ClassBuilder<Journal>& cls) {
    cls.def_new<>();
    cls.def<overload<static_cast<std::string (Journal::*)(std::int64_t)>(&Journal::add),
                     static_cast<std::string (Journal::*)(const std::string&)>(&Journal::add),
                     static_cast<std::string (Journal::*)(const Any&) const>(&Journal::add)>>(
        "add", signature(arg("number") = 7), signature(arg("text")), signature(arg("callback")), "Adds.");
    cls.def<overload<static_cast<std::string (Journal::*)(std::int64_t) const>(&Journal::at),
                     static_cast<std::string (Journal::*)(double)>(&Journal::at)>>("at");
    cls.def<overload<static_cast<std::string (Journal::*)(const Bound<PyDict>&)>(&Journal::call),
                     static_cast<Any (Journal::*)(const Any&)>(&Journal::call)>>("call");
    cls.getter<&Journal::lines>("lines");
  }
};

namespace {
std::string by_pyref(PyRef<Animal> a) { return "PyRef " + std::to_string(a->value); }
std::string by_pyref_mut(PyRefMut<Plant> plant) { return "PyRefMut " + std::to_string(++plant->value); }
std::string by_handle(const Bound<Animal>& a) { return "handle " + std::to_string(a.borrow()->value); }
}  // namespace

ADDER_MODULE(overloads_ext, m) {
  m.add_class<Animal>();
  m.add_class<Plant>();
  m.add_class<Journal>();

  define_pairs<std::int64_t, double, std::string, bool, const Any&, std::optional<std::int64_t>,
               std::vector<std::int64_t>, Bound<PyList>>(m);
  define_three<std::int64_t, double, std::string>(m, "int_float_str");
  define_three<std::int64_t, std::string, double>(m, "int_str_float");
  define_three<double, std::int64_t, std::string>(m, "float_int_str");
  define_three<double, std::string, std::int64_t>(m, "float_str_int");
  define_three<std::string, std::int64_t, double>(m, "str_int_float");
  define_three<std::string, double, std::int64_t>(m, "str_float_int");
  m.def<&picked<std::int64_t>>("int_alone_in_no_set", arg("number"));

  m.def<overload<[](std::int8_t) { return "int8"; }, [](std::uint16_t) { return "uint16"; }>>("byte_or_short");
  m.def<overload<[](float) { return "float32"; }, [](const std::string&) { return "str"; }>>("float32_or_str");
  m.def<overload<[](float) { return "float32"; }, [](double) { return "float64"; }>>("float32_or_float64");
  m.def<overload<[](std::optional<std::int64_t>) { return "optional int"; },
                 [](const std::optional<std::string>&) { return "optional str"; }>>("optionals");
  m.def<overload<&picked<std::vector<std::int64_t>>, &picked<std::vector<std::string>>>>("ints_or_strs");
  m.def<overload<[](Wide) { return "int128"; }, [](double) { return "float"; }>>("wide_or_float");
  m.def<overload<[](std::string_view text) { return "view " + std::string(text); }, &picked<const Any&>>>(
      "view_or_any");
  m.def<overload<[](const std::u16string&) { return "u16"; }, [](double) { return "float"; }>>("u16_or_float");

  // Two arguments: the worst rank counts, then the sum.
  m.def<overload<&picked<std::int64_t, double>, &picked<double, std::int64_t>>>("crossed");
  m.def<overload<&picked<std::int64_t, const Any&>, &picked<const Any&, std::int64_t>, &picked<double, double>>>(
      "with_any");
  m.def<overload<&picked<double, double, double>, &picked<std::int64_t, std::int64_t, double>,
                 &picked<std::int64_t, double, std::int64_t>>>("three");
  m.def<overload<&picked<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                         std::int64_t, std::int64_t, std::int64_t, std::int64_t>,
                 &picked<double, double, double, double, double, double, double, double, double, double>, &any_args>>(
      "ten_or_any");

  m.def<overload<&circle, &box, &polygon>>("shape", signature(arg("radius")),
                                           signature(arg("width"), arg("height") = 2.0), signature(),
                                           "Draws a shape.\n\nOf some kind.");
  m.def<overload<&circle, &box>>("round_or_not", signature(arg("radius"), pos_only),
                                 signature(kw_only, arg("width"), arg("height") = 1.5));
  m.def<overload<&int_alone, &int_keyword>>("keyword_decides", signature(arg("a")),
                                            signature(arg("a"), kw_only, arg("b")));
  m.def<overload<&int_and_any, &float_alone>>("default_of_any", signature(arg("x"), arg("y") = m.py().None()),
                                              signature(arg("x")));
  m.def<overload<&int_alone, &float_alone>>("strictly_float", signature(arg("x").strict()),
                                            signature(arg("x").strict()));
  m.def<overload<&converted, &picked<const Any&>>>("returns_or_any", signature(arg("x").from_py_with<&returns_error>()),
                                                   signature(arg("x")));
  m.def<overload<&converted, &picked<const Any&>>>("throws_or_any", signature(arg("x").from_py_with<&throws_error>()),
                                                   signature(arg("x")));
  m.def<overload<&converted, &picked<std::string>>>("throws_or_str", signature(arg("x").from_py_with<&throws_error>()),
                                                    signature(arg("x")));

  m.def<overload<&picked<std::string>, &converted>>("counted_or_str", signature(arg("x")),
                                                    signature(arg("x").from_py_with<&counts>()));
  m.def<[] { return conversions; }>("conversions");
  m.def<overload<&int_and_any, &picked<std::int64_t, std::optional<std::int64_t>>>>(
      "default_or_optional", signature(arg("x"), arg("y") = m.py().None()), signature(arg("x"), arg("y")));

  m.def<overload<&fails_for_int, &fails_for_text>>("fails", "Fails at times.");
  m.def<overload<&has_gil, &has_gil_for_int>>("has_gil", signature(arg("text")), signature(arg("n"), release_gil));

  m.def<overload<&two_animals, &two_plants>>("two");
  m.def<overload<&shared_animals, &two_plants>>("two_shared");
  m.def<overload<&by_pyref, &by_pyref_mut>>("refs");
  m.def<overload<&by_handle, &list_of_animals>>("handle_or_list");
  m.def<overload<&by_value, &two_plants, &list_of_animals>>("value_or_list");
  m.def<overload<[](Animal& animal, const Any& callback) {
    animal.value += 10;
    return callback();
  },
                 &picked<std::int64_t>>>("call_with_animal");

  m.def<overload<&first_of_pair, &second_of_pair>>("pair", signature(arg("n")), signature(arg("text")));
  m.add_submodule("inner", [](ModuleBuilder& inner) {
    inner.def<overload<&first_of_pair, &second_of_pair>>("pair", signature(arg("number")), signature(arg("words")));
  });
}
