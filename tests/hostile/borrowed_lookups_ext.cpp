// SPDX-License-Identifier: MIT
// Look-ups in what another thread changes meanwhile: types, dicts, lists, weak references.
#include <adder/adder.hpp>
#include <adder/exception/with.hpp>
#include <adder/module/eval.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>
#include <adder/types/weakref.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

using namespace adder;
using namespace adder::literals;
using Any = Bound<PyAny>;

namespace {

struct Keywords {
  int given = 0;
};
struct Referred {
  int value = 0;
};

int enter(const Any& manager) {
  return with(manager, [](const Any& value) { return value.extract<int>(); }).value_or(-1);
}
template <class T>
std::size_t length_of(const Any& object) {
  return object.extract<T>().size();
}
std::size_t read_list(const Bound<PyList>& list, std::size_t index) {
  return index < list.len() ? static_cast<std::size_t>(list.get_item(index).is_none()) : 0;
}
std::size_t sum_dict(const Bound<PyDict>& dict, const Any& key) {
  std::size_t found = dict.get_item(key).has_value() ? 1U : 0U;
  for (const auto& [name, value] : dict) found += name.is(value) ? 0U : 1U;
  return found;
}
bool upgrade(const Bound<PyWeakrefReference>& reference) { return reference.upgrade().has_value(); }

}  // namespace

template <>
struct adder::PyClass<Keywords> {
  static constexpr auto name = "Keywords";
  static constexpr bool subclass = true;
  static void define(ClassBuilder<Keywords>& cls) {
    cls.def_new<[](const Kwargs& all) { return Keywords{static_cast<int>(all->len())}; }>();
    cls.getter<&Keywords::given>("given");
  }
};
template <>
struct adder::PyClass<Referred> {
  static constexpr auto name = "Referred";
  static constexpr bool weakref = true;
  static void define(ClassBuilder<Referred>& cls) { cls.def_new<>(); }
};

ADDER_MODULE(borrowed_lookups_ext, m, adder::gil_not_used) {
  m.add_class<Keywords>();
  m.add_class<Referred>();
  m.def<&enter>("enter");
  m.def<&length_of<std::vector<int>>>("ints");
  m.def<&length_of<std::vector<double>>>("doubles");
  m.def<&length_of<std::vector<std::string>>>("texts");
  m.def<&length_of<std::map<std::string, int>>>("items");
  m.def<&read_list>("read_list");
  m.def<&sum_dict>("sum_dict");
  m.def<&upgrade>("upgrade");
  m.def<[](const Any& text) { return text.py().eval("1 + 1").extract<int>() + (text.is_none() ? 1 : 0); }>("evaluate");
  m.def<[](const Any& callable, const Bound<PyDict>& keywords) { return callable.call(kwargs_of(keywords)); }>("call");
}
