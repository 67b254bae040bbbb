// SPDX-License-Identifier: MIT
// Arrays of numpy, bound with adder.
#include "arrays.hpp"

#include <adder/adder.hpp>
#include <adder/array/array.hpp>
#include <adder/array/class_buffer.hpp>  // IWYU pragma: keep (cls.buffer, cls.array)
#include <adder/array/owned_array.hpp>
#include <adder/array/vectorize.hpp>

#include <cstddef>
#include <memory>
#include <utility>

using namespace adder;
using arrays::Image;

namespace {
double sum(const Array<const double, ndim<1>, c_order>& a) { return arrays::sum(a.as_span().data(), a.size()); }
double first(const Array<const double, ndim<2>>& a) { return a(0, 0); }
void scale(const Array<double, ndim<2>, c_order>& a, double by) {
  const auto v = a.view();
  for (std::size_t i = 0; i < v.shape(0); ++i) {
    for (std::size_t j = 0; j < v.shape(1); ++j) v(i, j) *= by;
  }
}
OwnedArray<double, as_numpy> make(std::size_t count) {
  std::unique_ptr<double[]> items(new double[count]);
  arrays::fill(items.get(), count);
  return OwnedArray<double, as_numpy>(std::move(items), count);
}
}  // namespace

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static void define(ClassBuilder<Image>& cls) {
    cls.def_new<>();
    cls.buffer<&Image::pixels, &Image::height, &Image::width>();
    cls.array<&Image::pixels, &Image::height, &Image::width>("pixels", as_numpy());
  }
};

ADDER_MODULE(arrays_adder, m) {
  m.add_class<Image>();
  m.def<&sum>("sum");
  m.def<&first>("first");
  m.def<&scale>("scale");
  m.def<&make>("make");
  m.def<vectorize<&arrays::multiply_add>>("multiply_add");
}
