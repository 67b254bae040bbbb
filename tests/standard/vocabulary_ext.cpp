// SPDX-License-Identifier: MIT
// Types of C++23 and C++26 as parameters and results. What the library lacks is not in the module.
#include <adder/adder.hpp>
#include <adder/array/mdspan.hpp>
#include <adder/class/iterate.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/expected.hpp>
#include <adder/stl/flat_map.hpp>
#include <adder/stl/flat_set.hpp>
#include <adder/stl/functional.hpp>
#include <adder/stl/inplace_vector.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/string.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <version>
#if defined(__cpp_lib_expected)
#include <expected>
#endif
#if defined(__cpp_lib_flat_map)
#include <flat_map>
#include <flat_set>
#endif
#if defined(__cpp_lib_generator)
#include <generator>
#endif
#if defined(__cpp_lib_inplace_vector)
#include <inplace_vector>
#endif
#if defined(__cpp_lib_mdspan)
#include <mdspan>
#endif
#if __has_include(<stdfloat>)
#include <stdfloat>
#endif

using namespace adder;

// --- expected --------------------------------------------------------------------------------------------------------

#if defined(__cpp_lib_expected)
enum class Problem { odd, negative };
template <>
struct adder::IntoPyErr<Problem> {
  static PyErr into_err(Python, Problem problem) {
    return problem == Problem::odd ? PyValueError::new_err("odd") : PyKeyError::new_err("negative");
  }
};

namespace {

struct Trouble : std::out_of_range {
  using std::out_of_range::out_of_range;
};
std::expected<int, PyErr> with_py_err(int x) {
  if (x < 0) return std::unexpected(PyTypeError::new_err("wrong"));
  return x;
}
std::expected<int, Problem> with_own(int x) {
  if (x < 0) return std::unexpected(Problem::negative);
  if (x % 2 != 0) return std::unexpected(Problem::odd);
  return x / 2;
}
std::expected<std::string, std::string> with_text(const std::string& text) {
  if (text.empty()) return std::unexpected("there is no text");
  return text + "!";
}
std::expected<void, std::error_code> with_code(bool fails) {
  if (fails) return std::unexpected(std::make_error_code(std::errc::no_such_file_or_directory));
  return {};
}
std::expected<std::optional<int>, Trouble> with_exception(int x) {
  if (x < 0) return std::unexpected(Trouble("too low"));
  return x == 0 ? std::nullopt : std::optional<int>(x);
}

}  // namespace
#endif

namespace {

// --- containers ------------------------------------------------------------------------------------------------------

#if defined(__cpp_lib_flat_map)
std::flat_map<std::string, int> flat_map(std::flat_map<std::string, int> map) {
  map["size"] = static_cast<int>(map.size());
  return map;
}
std::flat_map<int, Py<PyAny>> flat_handles(std::flat_map<int, Py<PyAny>> map) { return map; }
#endif
#if defined(__cpp_lib_flat_set)
std::flat_set<int> flat_set(std::flat_set<int> set) {
  set.insert(7);
  return set;
}
#endif
#if defined(__cpp_lib_inplace_vector)
std::inplace_vector<int, 3> at_most_three(std::inplace_vector<int, 3> items) { return items; }
std::inplace_vector<std::string, 2> at_most_two(const std::inplace_vector<std::string, 2>& items) { return items; }
#endif

// --- a coroutine -----------------------------------------------------------------------------------------------------

#if defined(__cpp_lib_generator)
std::generator<int> numbers_up_to(int n, Py<PyAny> callback) {
  for (int i = 0; i < n; ++i) {
    co_yield i;
    if (i == 2) throw std::out_of_range("two is enough");
    Python::with_gil([&](Python py) { callback.bind(py).call(); });
  }
}
/// The parameters are values, as it runs when this call is over.
Bound<PyAny> numbers(Python py, int n, Py<PyAny> callback) {
  return make_iterator(py, numbers_up_to(n, std::move(callback)));
}
#endif

// --- callables -------------------------------------------------------------------------------------------------------

#if defined(__cpp_lib_move_only_function)
int call_move_only(std::move_only_function<int(int)> function) { return function(3); }
std::move_only_function<int(int)> make_move_only(int by) {
  return [by = std::make_unique<int>(by)](int x) { return *by + x; };
}
#endif
#if defined(__cpp_lib_copyable_function)
int call_copyable(const std::copyable_function<int(int) const>& function) {
  const auto copy = function;
  return function ? copy(3) : -1;
}
std::copyable_function<int(int) const> make_copyable(int by) {
  return [by](int x) { return by + x; };
}
std::copyable_function<int(int) const> pass_copyable(std::copyable_function<int(int) const> function) {
  return function;
}
#endif
#if defined(__cpp_lib_function_ref)
int call_ref(std::function_ref<int(int, const std::string&)> function) {
  return function(1, "one") + function(2, "two");
}
int call_const_ref(int x, const std::function_ref<int(int) const>& function) { return function(x); }
#endif

// --- numbers ---------------------------------------------------------------------------------------------------------

#if defined(__STDCPP_FLOAT16_T__)
std::float16_t half(std::float16_t x) { return x; }
std::string which(std::float16_t) { return "float16"; }
std::string which(double) { return "double"; }
#endif
#if defined(__STDCPP_BFLOAT16_T__)
std::bfloat16_t bfloat(std::bfloat16_t x) { return x; }
#endif
#if defined(__STDCPP_FLOAT32_T__)
std::float32_t single(std::float32_t x) { return x; }
#endif

// --- an object or none -----------------------------------------------------------------------------------------------

struct Car {
  int wheels = 4;
};

#if defined(__cpp_lib_optional) && __cpp_lib_optional >= 202506L
int wheels_of(std::optional<const Car&> car) { return car ? car->wheels : 0; }
void set_wheels(std::optional<Car&> car, int wheels) {
  if (car) car->wheels = wheels;
}
int both(std::optional<Car&> one, std::optional<Car&> other) { return (one ? 1 : 0) + (other ? 1 : 0); }
#endif

// --- arrays ----------------------------------------------------------------------------------------------------------

#if defined(__cpp_lib_mdspan)
double trace(std::mdspan<const double, std::dextents<std::size_t, 2>> matrix) {
  double sum = 0;
  for (std::size_t i = 0; i < matrix.extent(0) && i < matrix.extent(1); ++i) sum += matrix[i, i];
  return sum;
}
void fill(const std::mdspan<float, std::extents<int, std::dynamic_extent, 2>, std::layout_left>& matrix, float value) {
  for (int i = 0; i < matrix.extent(0); ++i) matrix[i, 0] = matrix[i, 1] = value;
}
signed char small_index(std::mdspan<const int, std::dextents<signed char, 1>> items) { return items.extent(0); }
double last(std::mdspan<const double, std::dextents<unsigned char, 2>> items) {
  if (items.empty()) return -1;
  const auto at = [&](std::size_t dimension) { return static_cast<unsigned char>(items.extent(dimension) - 1); };
  return items[at(0), at(1)];
}
int corners(std::mdspan<const int, std::extents<int, 3, 3>> square) { return square[0, 0] + square[2, 2]; }
#endif

}  // namespace

#if defined(__cpp_lib_flat_map)
namespace {
/// Handles in a flat_map, in a class that the garbage collector looks at.
struct Shelf {
  std::flat_map<int, Py<PyAny>> things;
  void put(int place, Py<PyAny> thing) { things.insert_or_assign(place, std::move(thing)); }
};
}  // namespace
template <>
struct adder::PyClass<Shelf> {
  static constexpr auto name = "Shelf";
  static void define(ClassBuilder<Shelf>& cls) {
    cls.def_new<>();
    cls.def<&Shelf::put>("put");
  }
};
#endif
template <>
struct adder::PyClass<Car> {
  static constexpr auto name = "Car";
  static void define(ClassBuilder<Car>& cls) {
    cls.def_new<&Car::wheels>(arg("wheels") = 4);
    cls.field<&Car::wheels>("wheels");
  }
};

ADDER_MODULE(vocabulary_ext, m) {
  m.add_class<Car>();
#if defined(__cpp_lib_expected)
  m.def<&with_py_err>("with_py_err");
  m.def<&with_own>("with_own");
  m.def<&with_text>("with_text");
  m.def<&with_code>("with_code");
  m.def<&with_exception>("with_exception");
#endif
#if defined(__cpp_lib_flat_map)
  m.add_class<Shelf>();
  m.def<&flat_map>("flat_map", arg("map"));
  m.def<&flat_handles>("flat_handles");
#endif
#if defined(__cpp_lib_flat_set)
  m.def<&flat_set>("flat_set", arg("set"));
#endif
#if defined(__cpp_lib_inplace_vector)
  m.def<&at_most_three>("at_most_three", arg("items"));
  m.def<&at_most_two>("at_most_two");
#endif
#if defined(__cpp_lib_generator)
  m.def<&numbers>("numbers");
#endif
#if defined(__cpp_lib_move_only_function)
  m.def<&call_move_only>("call_move_only");
  m.def<&make_move_only>("make_move_only");
#endif
#if defined(__cpp_lib_copyable_function)
  m.def<&call_copyable>("call_copyable", arg("function"));
  m.def<&make_copyable>("make_copyable");
  m.def<&pass_copyable>("pass_copyable");
#endif
#if defined(__cpp_lib_function_ref)
  m.def<&call_ref>("call_ref", arg("function"));
  m.def<&call_const_ref>("call_const_ref", arg("x"), arg("function"));
#endif
#if defined(__STDCPP_FLOAT16_T__)
  m.def<&half>("half", arg("x"));
  m.def<overload<static_cast<std::string (*)(std::float16_t)>(&which), static_cast<std::string (*)(double)>(&which)>>(
      "which");
#endif
#if defined(__STDCPP_BFLOAT16_T__)
  m.def<&bfloat>("bfloat");
#endif
#if defined(__STDCPP_FLOAT32_T__)
  m.def<&single>("single");
#endif
#if defined(__cpp_lib_optional) && __cpp_lib_optional >= 202506L
  m.def<&wheels_of>("wheels_of", arg("car") = std::nullopt);
  m.def<&set_wheels>("set_wheels", arg("car"), arg("wheels"));
  m.def<&both>("both");
#endif
#if defined(__cpp_lib_mdspan)
  m.def<&trace>("trace", arg("matrix"));
  m.def<&fill>("fill", arg("matrix"), arg("value"));
  m.def<&small_index>("small_index");
  m.def<&last>("last");
  m.def<&corners>("corners");
#endif
}
