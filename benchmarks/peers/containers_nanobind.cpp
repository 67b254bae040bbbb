// SPDX-License-Identifier: MIT
// What compare.py measures, bound with nanobind.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unordered_map.h>
#include <nanobind/stl/vector.h>

#include "containers.hpp"

NB_MODULE(containers_nanobind, m) {
  m.def("sum_list", &containers::sum_list);
  m.def("make_list", &containers::make_list);
  m.def("sum_dict", &containers::sum_dict);
  m.def("make_dict", &containers::make_dict);
}
