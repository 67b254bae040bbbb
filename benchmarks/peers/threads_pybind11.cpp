// SPDX-License-Identifier: MIT
// What threads.py calls from several threads at once, bound with pybind11.
#include <pybind11/pybind11.h>

#include "threads.hpp"

namespace py = pybind11;
using namespace threads;

PYBIND11_MODULE(threads_pybind11, m, py::mod_gil_not_used()) {
  py::class_<FrozenCounter>(m, "FrozenCounter")
      .def(py::init<>())
      .def("add", &FrozenCounter::add)
      .def("get", &FrozenCounter::get);
  py::class_<Counter>(m, "Counter").def(py::init<>()).def("add", &Counter::add).def("get", &Counter::get);
  py::class_<Point>(m, "Point").def(py::init<double, double>()).def("sum", &Point::sum);
  m.def("plus", &plus);
}
