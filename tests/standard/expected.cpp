// SPDX-License-Identifier: MIT
// PyResult converts from and to std::expected, both ways and for void.
#include "adder/adder.hpp"

#include <cstdio>
#include <expected>
#include <memory>
#include <string_view>

using namespace adder;

namespace {
int failures = 0;
void check(bool right, const char* what) {
  if (right) return;
  std::printf("wrong: %s\n", what);
  ++failures;
}
std::expected<int, PyErr> halve(int x) {
  if (x % 2 != 0) return std::unexpected(PyValueError::new_err("odd"));
  return x / 2;
}
}  // namespace

int main() {
  const PyResult<int> good = halve(4);
  check(good.is_ok() && *good == 2, "a value comes in");
  const PyResult<int> bad = halve(3);
  check(bad.is_err() && std::string_view(bad.error().what()) == "ValueError: odd", "an error comes in");

  const std::expected<std::unique_ptr<int>, PyErr> out = PyResult<std::unique_ptr<int>>(std::make_unique<int>(7));
  check(out.has_value() && **out == 7, "a move-only value goes out");
  const std::expected<int, PyErr> failed = PyResult<int>(PyKeyError::new_err("k"));
  check(!failed && std::string_view(failed.error().what()) == "KeyError: k", "an error goes out");

  const std::expected<void, PyErr> nothing = PyResult<void>();
  check(nothing.has_value(), "success without a value goes out");
  const PyResult<void> back = std::expected<void, PyErr>(std::unexpect, PyKeyError::new_err("k"));
  check(back.is_err(), "an error without a value comes in");
  return failures == 0 ? 0 : 1;
}
