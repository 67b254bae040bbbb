// SPDX-License-Identifier: MIT
// An error of the author's own says which exception it is.
// EXPECT: adder: std::expected<T, E>: adder does not know which exception this error is. Specialise
#include "adder/adder.hpp"
#include "adder/stl/expected.hpp"

#include <expected>

enum class Problem { odd };
#if !ADDER_MUST_NOT_COMPILE
template <>
struct adder::IntoPyErr<Problem> {
  static PyErr into_err(Python, Problem) { return PyValueError::new_err("odd"); }
};
#endif
static std::expected<int, Problem> halve(int x) {
  if (x % 2 != 0) return std::unexpected(Problem::odd);
  return x / 2;
}

ADDER_MODULE(numbers, m) { m.def<&halve>("halve"); }
