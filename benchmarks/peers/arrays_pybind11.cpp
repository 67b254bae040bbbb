// SPDX-License-Identifier: MIT
// The same with pybind11.
#include "arrays.hpp"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstddef>

namespace py = pybind11;
using arrays::Image;

namespace {
template <int Style = 0>
using Array = py::array_t<double, Style>;

double sum(const Array<py::array::c_style>& a) {
  const auto v = a.unchecked<1>();
  return arrays::sum(v.data(0), static_cast<std::size_t>(v.size()));
}
double first(const Array<>& a) { return a.unchecked<2>()(0, 0); }
void scale(Array<py::array::c_style>& a, double by) {
  auto v = a.mutable_unchecked<2>();
  for (py::ssize_t i = 0; i < v.shape(0); ++i) {
    for (py::ssize_t j = 0; j < v.shape(1); ++j) v(i, j) *= by;
  }
}
Array<> make(std::size_t count) {
  auto* items = new double[count];
  const py::capsule owner(items, [](void* memory) { delete[] static_cast<double*>(memory); });
  arrays::fill(items, count);
  return Array<>({count}, items, owner);
}
py::buffer_info buffer(Image& image) {
  return py::buffer_info(image.pixels.data(), {image.height, image.width}, {8 * image.width, std::size_t{8}});
}
Array<> pixels(const py::object& self) {
  auto& image = self.cast<Image&>();
  return Array<>({image.height, image.width}, image.pixels.data(), self);
}
}  // namespace

PYBIND11_MODULE(arrays_pybind11, m) {
  py::class_<Image>(m, "Image", py::buffer_protocol())
      .def(py::init<>())
      .def_buffer(&buffer)
      .def_property_readonly("pixels", &pixels);
  m.def("sum", &sum, py::arg().noconvert());
  m.def("first", &first, py::arg().noconvert());
  m.def("scale", &scale, py::arg().noconvert(), py::arg());
  m.def("make", &make);
  m.def("multiply_add", py::vectorize(&arrays::multiply_add));
}
