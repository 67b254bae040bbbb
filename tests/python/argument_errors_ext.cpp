// SPDX-License-Identifier: MIT
// What a call raises where the conversion of an argument fails.
#include <adder/adder.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/array.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/set.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/variant.hpp>
#include <adder/stl/vector.hpp>
#include <adder/types/fields.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;

/// Calls the object: its conversion raises what that raises.
struct Called {};
/// What the text asks for: made in C++, as a value, or thrown.
struct Made {
  std::string text;
  auto operator<=>(const Made&) const = default;
};
struct Named {
  std::int32_t number = 0;
};
struct Place {
  std::vector<Made> x;
};
struct Item {
  Made key;
};

template <>
struct adder::FromPyObject<Called> {
  static PyResult<Called> extract(const Bound<PyAny>& object) {
    try {
      object.call();
      return Called();
    } catch (const PyErr& error) {
      return error;
    }
  }
};

namespace {

struct OwnError : NewException<"argument_errors_ext.OwnError", PyException> {};
struct OwnTypeError : NewException<"argument_errors_ext.OwnTypeError", PyTypeError> {};

PyResult<Made> make(const Bound<PyAny>& object) {
  const auto text = object.extract<std::string>();  // Throws a TypeError.
  const Python py = object.py();
  if (text == "ValueError") return PyValueError::new_err("no such text");
  if (text == "bare") return PyValueError::new_err();
  if (text == "two") return PyValueError::new_err_with(py, "no such text", 2);
  if (text == "TypeError") return PyTypeError::new_err("no such text");
  if (text == "own") return OwnError::new_err("no such text");
  if (text == "own type") return OwnTypeError::new_err("no such text");
  if (text == "caused") {
    const PyErr error = PyValueError::new_err("no such text");
    error.set_cause(py, PyKeyError::new_err("why"));
    error.add_note(py, "the converter's");
    return error;
  }
  if (text == "caused type") {
    const PyErr error = PyTypeError::new_err("no such text");
    error.set_cause(py, PyKeyError::new_err("why"));
    return error;
  }
  if (text == "thrown") throw PyValueError::new_err("no such text");
  if (text == "thrown type") throw PyTypeError::new_err("no such text");
  if (text == "cpp") throw std::invalid_argument("no such text");
  return Made{text};
}

}  // namespace

template <>
struct adder::FromPyObject<Made> {
  static PyResult<Made> extract(const Bound<PyAny>& object) { return make(object); }
};
template <>
struct adder::FromPyObject<Named> : adder::FromItems<Named, Field<"number", &Named::number>> {};
template <>
struct adder::FromPyObject<Place> : adder::FromAttributes<Place, Field<"x", &Place::x>> {};
template <>
struct adder::FromPyObject<Item> : adder::FromItems<Item, Field<"key", &Item::key>> {};

namespace {

template <class T>
void takes(Python, const T&) {}

struct Holder {
  Made made;
  explicit Holder(Made value) : made(std::move(value)) {}
  void method(const Made&) {}
};

std::string first(const Named&) { return "number"; }
std::string second(const Item&) { return "key"; }
std::string byte(std::uint8_t) { return "byte"; }
std::string text(std::string_view) { return "text"; }
std::string called(const Called&) { return "called"; }
std::string made(const Made&) { return "made"; }
std::string any(const Bound<PyAny>&) { return "any"; }

template <class... T>
std::size_t index_of(const std::variant<T...>& value) {
  return value.index();
}

}  // namespace

template <>
struct adder::PyClass<Holder> {
  static constexpr auto name = "Holder";
  static void define(ClassBuilder<Holder>& cls) {
    cls.def_new<Made>(arg("value"));
    cls.def<&Holder::method>("method", arg("value"));
    cls.setter<[](Holder& self, Made value) { self.made = std::move(value); }>("made");
  }
};

ADDER_MODULE(argument_errors_ext, m) {
  m.add("OwnError", m.py().get_type<OwnError>());
  m.add("OwnTypeError", m.py().get_type<OwnTypeError>());
  m.add_class<Holder>();
  const auto bind = [&]<class Called_, class Made_>(const char* called_name, const char* made_name) {
    m.def<&takes<Called_>>(called_name, arg("x"));
    m.def<&takes<Made_>>(made_name, arg("x"));
  };
  bind.template operator()<Called, Made>("called", "made");
  bind.template operator()<std::optional<Called>, std::optional<Made>>("optional_called", "optional_made");
  bind.template operator()<std::vector<Called>, std::vector<Made>>("vector_called", "vector_made");
  bind.template operator()<std::array<Called, 1>, std::array<Made, 1>>("array_called", "array_made");
  bind.template operator()<std::tuple<int, Called>, std::tuple<int, Made>>("tuple_called", "tuple_made");
  bind.template operator()<std::map<std::string, Called>, std::map<std::string, Made>>("map_called", "map_made");
  m.def<&takes<std::map<Made, int>>>("key_made", arg("x"));
  m.def<&takes<std::set<Made>>>("set_made", arg("x"));
  bind.template operator()<std::variant<int, Called>, std::variant<int, Made>>("variant_called", "variant_made");
  m.def<&takes<std::variant<Made, int>>>("variant_made_first", arg("x"));
  m.def<&takes<Place>>("place", arg("x"));
  m.def<&takes<Item>>("item", arg("x"));
  m.def<&takes<std::optional<std::vector<std::int32_t>>>>("shape", arg("x"));
  m.def<&takes<std::int32_t>>("number", arg("x"));
  m.def<&takes<std::vector<std::int32_t>>>("numbers");
  m.def<&takes<Made>>("converted", arg("x").from_py_with<&make>());

  m.def<&index_of<std::uint8_t, std::string>>("byte_or_text");
  m.def<&index_of<std::uint8_t, std::int64_t>>("byte_or_int");
  m.def<&index_of<Called, int>>("called_or_int");
  m.def<&index_of<Named, Item>>("named_or_item");
  m.def<&index_of<Made, int, Bound<PyAny>>>("made_int_or_any");

  m.def<overload<&first, &second>>("first_or_second");
  m.def<overload<&byte, &text>>("byte_or_text_set", signature(arg("n")), signature(arg("s")));
  m.def<overload<&called, &byte>>("called_or_byte", signature(arg("c")), signature(arg("n")));
  m.def<overload<&made, &any>>("made_or_any");
  m.def<overload<&made, &byte>>("made_or_byte");
}
