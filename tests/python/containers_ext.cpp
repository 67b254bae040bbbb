// SPDX-License-Identifier: MIT
// Containers of what cannot be assigned, and of views as results, for test_containers.py.
#include <adder/adder.hpp>
#include <adder/stl/array.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/set.hpp>
#include <adder/stl/span.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/unordered_map.hpp>
#include <adder/stl/vector.hpp>

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

using namespace adder;

namespace {

struct Counter {
  int value = 0;
  void set(int to) { value = to; }
  int get() const { return value; }
};

/// Cannot be assigned, as its field is const.
struct Fixed {
  const int value;
};

}  // namespace

template <>
struct adder::PyClass<Counter> {
  static constexpr auto name = "Counter";
  static void define(ClassBuilder<Counter>& cls) {
    cls.def_new<>();
    cls.def<&Counter::set>("set");
    cls.getter<&Counter::get>("value");
  }
};
template <>
struct adder::FromPyObject<Fixed> {
  static PyResult<Fixed> extract(const Bound<PyAny>& object) {
    return object.try_extract<int>().map([](int value) { return Fixed{value}; });
  }
};
template <>
struct adder::IntoPyObject<Fixed> {
  static PyResult<Bound<PyAny>> into_py(Python py, const Fixed& fixed) { return adder::into_py(py, fixed.value); }
};

namespace {

int sum_of_map(const std::map<std::string, PyRef<Counter>>& counters) {
  int sum = 0;
  for (const auto& [name, counter] : counters) sum += counter->value;
  return sum;
}
int sum_of_mapping(const std::unordered_map<int, PyRef<Counter>>& counters) {
  int sum = 0;
  for (const auto& [key, counter] : counters) sum += counter->value;
  return sum;
}
void increment_all(std::map<std::string, PyRefMut<Counter>> counters) {
  for (auto& [name, counter] : counters) ++counter->value;
}
int sum_of_pairs(const std::vector<std::pair<PyRef<Counter>, int>>& pairs) {
  int sum = 0;
  for (const auto& [counter, times] : pairs) sum += counter->value * times;
  return sum;
}
int sum_of_array(const std::array<PyRef<Counter>, 2>& counters) { return counters[0]->value + counters[1]->value; }
std::size_t count_handles(const std::map<std::string, Py<PyAny>>& objects) { return objects.size(); }
std::map<int, Fixed> fixed(std::map<int, Fixed> values) { return values; }

using TextAndNumber = std::pair<std::string_view, int>;
TextAndNumber pair_of_view() { return {"text", 1}; }
std::tuple<std::string_view, std::string_view, std::span<const std::byte>> tuple_of_views() {
  static constexpr std::byte bytes[] = {std::byte{'a'}, std::byte{0}};
  return {"a", "b", bytes};
}
std::vector<TextAndNumber> vector_of_pairs() { return {{"a", 1}, {"b", 2}}; }
std::map<std::string_view, TextAndNumber> map_of_pairs() { return {{"k", {"a", 1}}}; }
std::optional<TextAndNumber> optional_pair(bool is_there) {
  return is_there ? std::optional(TextAndNumber("a", 1)) : std::nullopt;
}
std::set<TextAndNumber> set_of_pairs() { return {{"a", 1}}; }
PyResult<TextAndNumber> result_of_pair() { return TextAndNumber("a", 1); }
std::pair<Borrowed<PyAny>, int> pair_of_borrowed(const Bound<PyAny>& object) { return {object.as_borrowed(), 1}; }
TextAndNumber not_utf8() { return {"\xff", 1}; }

}  // namespace

ADDER_MODULE(containers_ext, m) {
  m.add_class<Counter>();
  m.def<&sum_of_map>("sum_of_map");
  m.def<&sum_of_mapping>("sum_of_mapping");
  m.def<&increment_all>("increment_all");
  m.def<&sum_of_pairs>("sum_of_pairs");
  m.def<&sum_of_array>("sum_of_array");
  m.def<&count_handles>("count_handles");
  m.def<&fixed>("fixed");
  m.def<&pair_of_view>("pair_of_view");
  m.def<&tuple_of_views>("tuple_of_views");
  m.def<&vector_of_pairs>("vector_of_pairs");
  m.def<&map_of_pairs>("map_of_pairs");
  m.def<&optional_pair>("optional_pair");
  m.def<&set_of_pairs>("set_of_pairs");
  m.def<&result_of_pair>("result_of_pair");
  m.def<&pair_of_borrowed>("pair_of_borrowed");
  m.def<&not_utf8>("not_utf8");
}
