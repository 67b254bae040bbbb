// SPDX-License-Identifier: MIT
#include "bindings.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

std::size_t distance(const std::u32string& from, const std::u32string& to) {
  std::vector<std::size_t> row(to.size() + 1);  // From the first characters of `from` to each beginning of `to`.
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t replaced = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

void bind_distance(adder::ModuleBuilder& m) {
  using adder::arg;
  m.def<&distance>("distance", arg("from_"), arg("to"), adder::release_gil, "How many edits make one text the other.");
}
