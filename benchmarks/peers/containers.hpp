// SPDX-License-Identifier: MIT
// The functions that compare.py measures; each peer binds these.
#pragma once
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace containers {

using List = std::vector<std::int64_t>;
using Dict = std::unordered_map<std::string, std::int64_t>;

inline std::int64_t sum_list(const List& list) {
  std::int64_t sum = 0;
  for (const std::int64_t number : list) sum += number;
  return sum;
}
inline std::int64_t sum_dict(const Dict& dict) {
  std::int64_t sum = 0;
  for (const auto& item : dict) sum += item.second;
  return sum;
}
/// 0 to 999.
inline const List& make_list() {
  static const List list = [] {
    List numbers;
    for (std::int64_t i = 0; i < 1000; ++i) numbers.push_back(i);
    return numbers;
  }();
  return list;
}
/// "key0": 0 to "key99": 99.
inline const Dict& make_dict() {
  static const Dict dict = [] {
    Dict numbers;
    for (std::int64_t i = 0; i < 100; ++i) numbers.emplace("key" + std::to_string(i), i);
    return numbers;
  }();
  return dict;
}

}  // namespace containers
