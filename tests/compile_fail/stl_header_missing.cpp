// SPDX-License-Identifier: MIT
// A standard type whose header of adder/stl/ is not included: its own header is named.
// FIRST: adder: std::[a-z]+( and its kin)? converts? once .*adder/stl/[a-z]+.hpp.* is included
// EXPECT: (convert|converts) once .*adder/stl/array.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/chrono.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/complex.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/deque.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/filesystem.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/list.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/map.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/optional.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/pair.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/set.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/span.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/string.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/tuple.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/unordered_map.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/unordered_set.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/variant.hpp.* is included, above the first use
// EXPECT: (convert|converts) once .*adder/stl/vector.hpp.* is included, above the first use
#include "adder/adder.hpp"
#if !ADDER_MUST_NOT_COMPILE
#include "adder/stl/array.hpp"
#include "adder/stl/chrono.hpp"
#include "adder/stl/complex.hpp"
#include "adder/stl/deque.hpp"
#include "adder/stl/filesystem.hpp"
#include "adder/stl/list.hpp"
#include "adder/stl/map.hpp"
#include "adder/stl/optional.hpp"
#include "adder/stl/pair.hpp"
#include "adder/stl/set.hpp"
#include "adder/stl/span.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/tuple.hpp"
#include "adder/stl/unordered_map.hpp"
#include "adder/stl/unordered_set.hpp"
#include "adder/stl/variant.hpp"
#include "adder/stl/vector.hpp"
#endif

#include <array>
#include <chrono>
#include <complex>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

using namespace adder;

template <class T>
void pass(const T&) {}
template <class T>
T give() {
  return T();
}

void probe(ModuleBuilder& m) {
  m.def<&pass<std::array<int, 2>>>("pass_array");
  m.def<&pass<std::chrono::seconds>>("pass_chrono");
  m.def<&pass<std::complex<double>>>("pass_complex");
  m.def<&pass<std::deque<int>>>("pass_deque");
  m.def<&pass<std::filesystem::path>>("pass_filesystem");
  m.def<&pass<std::list<int>>>("pass_list");
  m.def<&pass<std::map<int, int>>>("pass_map");
  m.def<&pass<std::optional<int>>>("pass_optional");
  m.def<&pass<std::pair<int, int>>>("pass_pair");
  m.def<&pass<std::set<int>>>("pass_set");
  m.def<&pass<std::span<const std::byte>>>("pass_span");
  m.def<&pass<std::string>>("pass_string");
  m.def<&pass<std::tuple<int>>>("pass_tuple");
  m.def<&pass<std::unordered_map<int, int>>>("pass_unordered_map");
  m.def<&pass<std::unordered_set<int>>>("pass_unordered_set");
  m.def<&pass<std::variant<int, bool>>>("pass_variant");
  m.def<&pass<std::vector<int>>>("pass_vector");
  m.def<&give<std::vector<int>>>("give_vector");
  m.def<&give<std::string>>("give_string");
}
