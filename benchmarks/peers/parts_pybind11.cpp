// SPDX-License-Identifier: MIT
// Live members of an object, bound with pybind11: references that keep the object alive.
#include <pybind11/pybind11.h>
#include <pybind11/stl_bind.h>

#include "parts.hpp"

PYBIND11_MAKE_OPAQUE(parts::Numbers)
PYBIND11_MAKE_OPAQUE(parts::Wheels)
PYBIND11_MAKE_OPAQUE(parts::Counts)

namespace py = pybind11;

PYBIND11_MODULE(parts_pybind11, m) {
  py::class_<parts::Engine>(m, "Engine")
      .def(py::init<>())
      .def_readwrite("power", &parts::Engine::power)
      .def("start", &parts::Engine::start);
  py::class_<parts::Wheel>(m, "Wheel").def(py::init<>()).def_readwrite("pressure", &parts::Wheel::pressure);
  py::bind_vector<parts::Numbers>(m, "Numbers");
  py::bind_vector<parts::Wheels>(m, "Wheels");
  py::bind_map<parts::Counts>(m, "Counts");
  py::class_<parts::Car>(m, "Car")
      .def(py::init<>())
      .def_readwrite("engine", &parts::Car::engine)
      .def_readwrite("numbers", &parts::Car::numbers)
      .def_readwrite("wheels", &parts::Car::wheels)
      .def_readwrite("counts", &parts::Car::counts);
}
