// SPDX-License-Identifier: MIT
// What compare.py --arrays measures; each peer binds these.
#pragma once
#include <cstddef>
#include <vector>

namespace arrays {

inline double sum(const double* items, std::size_t count) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += items[i];
  return sum;
}
/// 0, 1, 2 ...
inline void fill(double* items, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) items[i] = static_cast<double>(i);
}
inline double multiply_add(double a, double b, double c) { return a * b + c; }

struct Image {
  std::size_t height = 20, width = 30;
  std::vector<double> pixels = std::vector<double>(600, 1.5);
};

}  // namespace arrays
