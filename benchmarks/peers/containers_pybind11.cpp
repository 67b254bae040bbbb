// SPDX-License-Identifier: MIT
// What compare.py measures, bound with pybind11.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "containers.hpp"

PYBIND11_MODULE(containers_pybind11, m) {
  m.def("sum_list", &containers::sum_list);
  m.def("make_list", &containers::make_list);
  m.def("sum_dict", &containers::sum_dict);
  m.def("make_dict", &containers::make_dict);
}
