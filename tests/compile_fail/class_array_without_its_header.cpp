// SPDX-License-Identifier: MIT
// The same of arrays.
// EXPECT: adder: array needs its header
#include "adder/adder.hpp"
#if !ADDER_MUST_NOT_COMPILE
#include "adder/array/class_buffer.hpp"  // IWYU pragma: keep (array)
#endif

#include <vector>

using namespace adder;

struct Image {
  std::vector<float> pixels;
};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static void define(ClassBuilder<Image>& cls) { cls.array<&Image::pixels>("pixels"); }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
