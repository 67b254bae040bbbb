// SPDX-License-Identifier: MIT
// The same with pybind11.
#include <pybind11/functional.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "sharing.hpp"

#include <memory>

namespace py = pybind11;

struct PyAnimal : sharing::Animal {
  int legs(int more) const override { PYBIND11_OVERRIDE(int, sharing::Animal, legs, more); }
};

PYBIND11_MODULE(sharing_pybind11, m) {
  py::class_<sharing::Node, std::shared_ptr<sharing::Node>>(m, "Node")
      .def(py::init<>())
      .def_readwrite("value", &sharing::Node::value)
      .def("get", &sharing::Node::get);
  py::class_<sharing::Animal, PyAnimal, std::shared_ptr<sharing::Animal>>(m, "Animal")
      .def(py::init<>())
      .def("legs", &sharing::Animal::legs);
  py::class_<sharing::Dog, sharing::Animal, std::shared_ptr<sharing::Dog>>(m, "Dog").def(py::init<>());
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
