// SPDX-License-Identifier: MIT
// What peers.py measures, bound with pybind11.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "work.hpp"

PYBIND11_MODULE(peer_pybind11, m) {
  m.def("sum_list", &work::sum_list);
  m.def("make_list", &work::make_list);
  m.def("sum_dict", &work::sum_dict);
  m.def("make_dict", &work::make_dict);
}
