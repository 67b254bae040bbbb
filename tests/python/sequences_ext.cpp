// SPDX-License-Identifier: MIT
// What test_sequences.py gives for C++ sequences, fixed tuples and sets.
#include <adder/adder.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/array.hpp>
#include <adder/stl/deque.hpp>
#include <adder/stl/list.hpp>
#include <adder/stl/map.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/set.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/tuple.hpp>
#include <adder/stl/unordered_set.hpp>
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
#include <string>
#include <tuple>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;

namespace {

using Int = std::int64_t;

template <class T>
T echo(const T& value) {
  return value;
}

/// The items as bytes.
template <class Container>
Bound<PyBytes> memory(Python py, Container values) {
  std::string bytes;
  for (const auto value : values) bytes += static_cast<char>(value);
  return PyBytes::new_(py, bytes);
}

std::string of_ints(const std::vector<Int>&) { return "vector"; }
std::string of_counts(const std::map<std::string, Int>&) { return "map"; }
std::string of_set(const std::set<Int>& values) { return "set of " + std::to_string(values.size()); }
std::string of_text(const std::string&) { return "text"; }

}  // namespace

ADDER_MODULE(sequences_ext, m) {
  m.def<&echo<std::vector<Int>>>("vector");
  m.def<&echo<std::deque<Int>>>("deque");
  m.def<&echo<std::list<Int>>>("list");
  m.def<&echo<std::array<Int, 3>>>("array");
  m.def<&echo<std::tuple<Int, Int, Int>>>("triple");
  m.def<&echo<std::pair<Int, double>>>("pair");
  m.def<&echo<std::tuple<>>>("empty");
  m.def<&echo<std::vector<double>>>("floats");
  m.def<&echo<std::vector<bool>>>("bools");
  m.def<&echo<std::vector<std::string>>>("texts");
  m.def<&echo<std::vector<std::vector<double>>>>("matrix");
  m.def<&echo<std::vector<std::pair<Int, Int>>>>("pairs");
  m.def<&echo<std::vector<std::optional<Int>>>>("optionals");
  m.def<&echo<std::set<Int>>>("set");
  m.def<&echo<std::unordered_set<std::string>>>("unordered_set");
  m.def<&echo<std::optional<std::set<Int>>>>("optional_set");
  m.def<&echo<std::map<std::string, Int>>>("map");
  m.def<&echo<std::variant<std::vector<Int>, std::map<std::string, Int>, std::string>>>("vector_or_map");
  m.def<&echo<std::variant<std::array<Int, 3>, std::vector<Int>, double>>>("array_or_number");
  m.def<&echo<std::variant<std::set<Int>, std::set<std::string>>>>("either_set");
  m.def<&echo<std::variant<std::vector<std::set<Int>>, std::vector<std::set<std::string>>>>>("either_sets");
  m.def<&memory<std::vector<std::uint8_t>>>("uint8_vector");
  m.def<&memory<std::deque<std::uint8_t>>>("uint8_deque");
  m.def<&memory<std::list<std::uint8_t>>>("uint8_list");
  m.def<&memory<std::array<std::uint8_t, 3>>>("uint8_array");
  m.def<&memory<std::vector<std::int8_t>>>("int8_vector");
  m.def<&memory<std::deque<std::int8_t>>>("int8_deque");
  m.def<&memory<std::array<std::int8_t, 3>>>("int8_array");
  m.def<&memory<std::vector<char>>>("char_vector");
  m.def<&memory<std::list<char>>>("char_list");
  m.def<&memory<std::array<char, 3>>>("char_array");
  m.def<&memory<std::vector<std::byte>>>("byte_vector");
  m.def<&memory<std::deque<std::byte>>>("byte_deque");
  m.def<&memory<std::array<std::byte, 3>>>("byte_array");
  m.def<&echo<std::vector<std::int16_t>>>("shorts");
  m.def<overload<&of_ints, &of_counts>>("ints_or_counts");
  m.def<overload<&of_set, &of_text>>("set_or_text");
}
