// SPDX-License-Identifier: MIT
// A shape consists of integers.
// FIRST: adder: buffer and array: the shape is an integer for each dimension
#include "adder/adder.hpp"
#include "adder/array/class_buffer.hpp"  // IWYU pragma: keep (buffer)

#include <vector>

using namespace adder;

struct Image {
#if ADDER_MUST_NOT_COMPILE
  double size = 0;
#else
  int size = 0;
#endif
  std::vector<float> pixels;
};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static void define(ClassBuilder<Image>& cls) { cls.buffer<&Image::pixels, &Image::size>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
