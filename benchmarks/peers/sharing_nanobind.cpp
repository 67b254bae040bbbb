// SPDX-License-Identifier: MIT
// The same with nanobind.
#include <nanobind/nanobind.h>
#include <nanobind/stl/function.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/vector.h>
#include <nanobind/trampoline.h>

#include "sharing.hpp"

namespace nb = nanobind;

struct PyAnimal : sharing::Animal {
  NB_TRAMPOLINE(sharing::Animal, 1);
  int legs(int more) const override { NB_OVERRIDE(legs, more); }
};

NB_MODULE(sharing_nanobind, m) {
  nb::class_<sharing::Node>(m, "Node")
      .def(nb::init<>())
      .def_rw("value", &sharing::Node::value)
      .def("get", &sharing::Node::get);
  nb::class_<sharing::Animal, PyAnimal>(m, "Animal").def(nb::init<>()).def("legs", &sharing::Animal::legs);
  nb::class_<sharing::Dog, sharing::Animal>(m, "Dog").def(nb::init<>());
  m.def("keep", &sharing::keep);
  m.def("clear", &sharing::clear);
  m.def("last", &sharing::last);
  m.def("fresh", &sharing::fresh);
  m.def("read", &sharing::read);
  m.def("sum", &sharing::sum);
  m.def("all", &sharing::all);
  m.def("make_animal", &sharing::make_animal);
  m.def("count_legs", &sharing::count_legs);
  m.def("call", &sharing::call);
  m.def("same", &sharing::same);
  m.def("adding", &sharing::adding);
}
