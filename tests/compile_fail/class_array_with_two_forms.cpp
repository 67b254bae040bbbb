// SPDX-License-Identifier: MIT
// An array is one thing.
// FIRST: adder: array takes a name, and as_numpy
#include "adder/adder.hpp"
#include "adder/array/class_buffer.hpp"

#include <vector>

using namespace adder;

struct Image {
  std::vector<float> pixels;
};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static void define(ClassBuilder<Image>& cls) {
#if ADDER_MUST_NOT_COMPILE
    cls.array<&Image::pixels>("pixels", as_numpy(), as_memoryview());
#else
    cls.array<&Image::pixels>("pixels", as_numpy());
#endif
  }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
