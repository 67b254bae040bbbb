// SPDX-License-Identifier: MIT
#include "adder/adder.hpp"
#include "adder/stl/array.hpp"
#include "adder/stl/complex.hpp"
#include "adder/stl/deque.hpp"
#include "adder/stl/filesystem.hpp"
#include "adder/stl/list.hpp"
#include "adder/stl/map.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/pair.hpp"
#include "adder/stl/set.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/tuple.hpp"
#include "adder/stl/unordered_map.hpp"
#include "adder/stl/unordered_set.hpp"
#include "adder/stl/variant.hpp"
#include "adder/stl/vector.hpp"

#include <array>
#include <complex>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace {

template <class T>
T echo(T value) {
  return value;
}

}  // namespace

ADDER_MODULE(stl_ext, m) {
  m.def<&echo<std::vector<std::vector<std::int64_t>>>>("vector");
  m.def<&echo<std::vector<bool>>>("vector_bool");
  m.def<&echo<std::list<std::int64_t>>>("list");
  m.def<&echo<std::deque<std::string>>>("deque");
  m.def<&echo<std::array<double, 3>>>("array");
  m.def<&echo<std::set<std::string>>>("set");
  m.def<&echo<std::unordered_set<std::int64_t>>>("unordered_set");
  m.def<&echo<std::map<std::string, std::vector<std::int64_t>>>>("map");
  m.def<&echo<std::unordered_map<std::int64_t, std::optional<double>>>>("unordered_map");
  m.def<&echo<std::tuple<std::int64_t, std::string, bool>>>("tuple");
  m.def<&echo<std::pair<std::int64_t, std::string>>>("pair");
  m.def<&echo<std::optional<std::int64_t>>>("optional");
  m.def<&echo<std::variant<std::monostate, std::int64_t, std::string, std::vector<double>>>>("variant");
  m.def<&echo<std::complex<double>>>("complex");
  m.def<&echo<std::filesystem::path>>("path");
}
