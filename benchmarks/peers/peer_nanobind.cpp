// SPDX-License-Identifier: MIT
// What peers.py measures, bound with nanobind.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unordered_map.h>
#include <nanobind/stl/vector.h>

#include "work.hpp"

NB_MODULE(peer_nanobind, m) {
  m.def("sum_list", &work::sum_list);
  m.def("make_list", &work::make_list);
  m.def("sum_dict", &work::sum_dict);
  m.def("make_dict", &work::make_dict);
}
