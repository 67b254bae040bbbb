// SPDX-License-Identifier: MIT
// What threads.py calls from several threads at once, bound with nanobind.
#include <nanobind/nanobind.h>

#include "threads.hpp"

namespace py = nanobind;
using namespace threads;

NB_MODULE(threads_nanobind, m) {
  py::class_<FrozenCounter>(m, "FrozenCounter")
      .def(py::init<>())
      .def("add", &FrozenCounter::add)
      .def("get", &FrozenCounter::get);
  py::class_<Counter>(m, "Counter")
      .def(py::init<>())
      .def("add", &Counter::add, py::lock_self())
      .def("get", &Counter::get, py::lock_self());
  py::class_<Point>(m, "Point").def(py::init<double, double>()).def("sum", &Point::sum);
  m.def("plus", &plus);
}
