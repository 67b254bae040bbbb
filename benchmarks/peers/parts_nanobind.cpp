// SPDX-License-Identifier: MIT
// Live members of an object, bound with nanobind: references that keep the object alive.
#include <nanobind/nanobind.h>
#include <nanobind/stl/bind_map.h>
#include <nanobind/stl/bind_vector.h>
#include <nanobind/stl/string.h>

#include "parts.hpp"

NB_MAKE_OPAQUE(parts::Numbers)
NB_MAKE_OPAQUE(parts::Wheels)
NB_MAKE_OPAQUE(parts::Counts)

namespace nb = nanobind;

NB_MODULE(parts_nanobind, m) {
  nb::class_<parts::Engine>(m, "Engine")
      .def(nb::init<>())
      .def_rw("power", &parts::Engine::power)
      .def("start", &parts::Engine::start);
  nb::class_<parts::Wheel>(m, "Wheel").def(nb::init<>()).def_rw("pressure", &parts::Wheel::pressure);
  nb::bind_vector<parts::Numbers>(m, "Numbers");
  nb::bind_vector<parts::Wheels, nb::rv_policy::reference_internal_v>(m, "Wheels");
  nb::bind_map<parts::Counts>(m, "Counts");
  nb::class_<parts::Car>(m, "Car")
      .def(nb::init<>())
      .def_rw("engine", &parts::Car::engine, nb::rv_policy::reference_internal)
      .def_rw("numbers", &parts::Car::numbers, nb::rv_policy::reference_internal)
      .def_rw("wheels", &parts::Car::wheels, nb::rv_policy::reference_internal)
      .def_rw("counts", &parts::Car::counts, nb::rv_policy::reference_internal);
}
