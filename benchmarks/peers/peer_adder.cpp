// SPDX-License-Identifier: MIT
// What peers.py measures, bound with adder.
#include "adder/adder.hpp"
#include "adder/stl/string.hpp"
#include "adder/stl/unordered_map.hpp"
#include "adder/stl/vector.hpp"
#include "work.hpp"

ADDER_MODULE(peer_adder, m) {
  m.def<&work::sum_list>("sum_list");
  m.def<&work::make_list>("make_list");
  m.def<&work::sum_dict>("sum_dict");
  m.def<&work::make_dict>("make_dict");
}
