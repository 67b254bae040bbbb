// SPDX-License-Identifier: MIT
// The same with nanobind, which has neither vectorize nor a class's buffer.
#include "arrays.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>

namespace nb = nanobind;
using arrays::Image;

namespace {
template <class T, class... C>
using Array = nb::ndarray<T, C..., nb::device::cpu>;
using Numpy1 = nb::ndarray<nb::numpy, double, nb::ndim<1>>;
using Numpy2 = nb::ndarray<nb::numpy, double, nb::ndim<2>>;

double sum(const Array<const double, nb::ndim<1>, nb::c_contig>& a) { return arrays::sum(a.data(), a.size()); }
double first(const Array<const double, nb::ndim<2>>& a) { return a(0, 0); }
void scale(const Array<double, nb::ndim<2>, nb::c_contig>& a, double by) {
  auto v = a.view();
  for (std::size_t i = 0; i < v.shape(0); ++i) {
    for (std::size_t j = 0; j < v.shape(1); ++j) v(i, j) *= by;
  }
}
Numpy1 make(std::size_t count) {
  auto* items = new double[count];
  const nb::capsule owner(items, [](void* memory) noexcept { delete[] static_cast<double*>(memory); });
  arrays::fill(items, count);
  return Numpy1(items, {count}, owner);
}
Numpy2 pixels(Image& image) { return Numpy2(image.pixels.data(), {image.height, image.width}, nb::handle()); }
}  // namespace

NB_MODULE(arrays_nanobind, m) {
  nb::class_<Image>(m, "Image").def(nb::init<>()).def_prop_ro("pixels", &pixels, nb::rv_policy::reference_internal);
  m.def("sum", &sum, nb::arg().noconvert());
  m.def("first", &first, nb::arg().noconvert());
  m.def("scale", &scale, nb::arg().noconvert(), nb::arg());
  m.def("make", &make);
}
