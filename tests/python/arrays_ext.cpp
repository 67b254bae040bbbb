// SPDX-License-Identifier: MIT
// What test_arrays.py calls: functions that take arrays.
#include <adder/adder.hpp>
#include <adder/array/array.hpp>
#include <adder/function/overload.hpp>
#include <adder/stl/optional.hpp>
#include <adder/stl/pair.hpp>
#include <adder/stl/string.hpp>
#include <adder/stl/vector.hpp>

#include <complex>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace adder;

namespace {

struct Particle {
  double x;
  std::int32_t id;
};

double sum(const Array<const double>& a) {
  double total = 0;
  for (const double x : a) total += x;
  return total;
}

}  // namespace

template <>
struct adder::ArrayElement<Particle>
    : adder::ElementFields<Particle, Field<"x", &Particle::x>, Field<"id", &Particle::id>> {};

ADDER_MODULE(arrays_ext, m) { m.def<&sum>("sum", arg("a")); }
