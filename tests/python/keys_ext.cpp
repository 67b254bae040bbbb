// SPDX-License-Identifier: MIT
// Containers in the place of keys, for test_keys.py.
#include <adder/adder.hpp>
#include <adder/stl/array.hpp>
#include <adder/stl/deque.hpp>
#include <adder/stl/list.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/set.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/unordered_map.hpp>
#include <adder/stl/variant.hpp>
#include <adder/stl/vector.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;

namespace {

/// The order of std::less, without the memcmp that g++ 12 warns about.
struct ByItems {
  bool operator()(const std::vector<std::uint8_t>& left, const std::vector<std::uint8_t>& right) const {
    for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
      if (left[i] != right[i]) return left[i] < right[i];
    }
    return left.size() < right.size();
  }
};

using Int = std::int64_t;
using Ints = std::vector<Int>;

template <class T>
T echo(const T& value) {
  return value;
}

struct HashOfInts {
  std::size_t operator()(const Ints& ints) const { return ints.size(); }
};

std::map<std::map<Int, Int>, Int> dict_as_key() { return {{{{1, 2}}, 3}}; }
std::set<std::map<Int, Int>> dict_in_set() { return {{{1, 2}}}; }

/// The methods of handles, too.
Bound<PyDict> dict_methods(Python py) {
  const auto dict = PyDict::from_range(py, std::map<Ints, int>{{{1, 2}, 3}});
  dict.set_item(Ints{4}, std::vector<int>{5});
  dict.set_item(std::set<int>{6}, 7);
  if (!dict.contains(Ints{4}) || !dict.get_item(Ints{1, 2}) || dict.get_item(Ints{})) throw std::logic_error("look-up");
  (void)dict.set_default(std::pair<Ints, int>{{8}, 9}, 10);
  dict.set_item(Ints{11}, 0);
  dict.del_item(Ints{11});
  dict.set_item(Ints{12}, 0);
  (void)dict.pop(Ints{12});
  return dict;
}
Bound<PySet> set_methods(Python py) {
  const auto set = PySet::new_(py, Ints{1, 2}, std::set<int>{3});
  set.add(std::vector<Ints>{{4}, {}});
  set.add(Ints{5});
  if (!set.contains(Ints{5}) || !set.discard(Ints{5}) || set.contains(Ints{5})) throw std::logic_error("look-up");
  if (!set.contains(std::set<int>{3})) throw std::logic_error("a set");
  return set;
}
Bound<PyFrozenSet> frozen_set(Python py) { return PyFrozenSet::from_range(py, std::vector<Ints>{{1}, {1}, {}}); }

}  // namespace

ADDER_MODULE(keys_ext, m) {
  m.def<&echo<std::map<Ints, Int>>>("map_vector");
  m.def<&echo<std::map<Ints, Ints>>>("map_vector_vector");
  m.def<&echo<std::unordered_map<Ints, Int, HashOfInts>>>("unordered_map_vector");
  m.def<&echo<std::map<std::deque<std::string>, Int>>>("map_deque");
  m.def<&echo<std::map<std::list<Ints>, Int>>>("map_list_vector");
  m.def<&echo<std::map<std::array<Int, 2>, Int>>>("map_array");
  m.def<&echo<std::map<std::set<Int>, Int>>>("map_set");
  m.def<&echo<std::map<std::pair<Ints, std::set<Int>>, Int>>>("map_pair");
  m.def<&echo<std::map<std::tuple<Ints, std::optional<Ints>>, Int>>>("map_tuple");
  m.def<&echo<std::map<std::optional<Ints>, Int>>>("map_optional");
  m.def<&echo<std::map<std::variant<Int, Ints>, Int>>>("map_variant");
  m.def<&echo<std::map<std::vector<std::uint8_t>, Int, ByItems>>>("map_bytes");
  m.def<&echo<std::set<Ints>>>("set_vector");
  m.def<&echo<std::set<std::set<Int>>>>("set_set");
  m.def<&echo<std::set<std::set<std::vector<Ints>>>>>("set_set_vectors");
  m.def<&echo<std::set<std::vector<bool>>>>("set_bools");
  m.def<&echo<std::vector<std::set<Ints>>>>("vector_set_vector");
  m.def<&echo<std::map<Int, std::map<Ints, std::set<Ints>>>>>("map_map");
  m.def<&dict_as_key>("dict_as_key");
  m.def<&dict_in_set>("dict_in_set");
  m.def<&dict_methods>("dict_methods");
  m.def<&set_methods>("set_methods");
  m.def<&frozen_set>("frozen_set");
}
