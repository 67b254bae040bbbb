// SPDX-License-Identifier: MIT
// What peers.py measures, bound with adder.
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"         // IWYU pragma: keep (what work.hpp takes)
#include "adder/stl/unordered_map.hpp"  // IWYU pragma: keep (what work.hpp takes)
#include "adder/stl/vector.hpp"         // IWYU pragma: keep (what work.hpp takes)
#include "work.hpp"

ADDER_MODULE(peer_adder, m) {
  m.def<&work::sum_list>("sum_list");
  m.def<&work::make_list>("make_list");
  m.def<&work::sum_dict>("sum_dict");
  m.def<&work::make_dict>("make_dict");
}
