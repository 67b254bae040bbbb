// SPDX-License-Identifier: MIT
// A pointer does not say how many items there are.
// FIRST: adder: buffer and array: a pointer does not say how many items there are
#include "adder/adder.hpp"
#include "adder/array/class_buffer.hpp"  // IWYU pragma: keep (buffer)

using namespace adder;

struct Image {
  float* data = nullptr;
  int size = 0;
};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static void define(ClassBuilder<Image>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.buffer<&Image::data>();
#else
    cls.buffer<&Image::data, &Image::size>();
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
