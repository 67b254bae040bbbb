// SPDX-License-Identifier: MIT
// What compare.py measures, bound with adder.
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"         // IWYU pragma: keep (what containers.hpp takes)
#include "adder/stl/unordered_map.hpp"  // IWYU pragma: keep (what containers.hpp takes)
#include "adder/stl/vector.hpp"         // IWYU pragma: keep (what containers.hpp takes)
#include "containers.hpp"

ADDER_MODULE(containers_adder, m) {
  m.def<&containers::sum_list>("sum_list");
  m.def<&containers::make_list>("make_list");
  m.def<&containers::sum_dict>("sum_dict");
  m.def<&containers::make_dict>("make_dict");
}
