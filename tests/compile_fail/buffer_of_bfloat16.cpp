// SPDX-License-Identifier: MIT
// The buffer protocol has no name for it.
// FIRST: adder: Python's buffer protocol has no bfloat16
#include "adder/adder.hpp"
#include "adder/array/class_buffer.hpp"  // IWYU pragma: keep (buffer)

#include <vector>

using namespace adder;

struct Image {
#if ADDER_MUST_NOT_COMPILE
  std::vector<BFloat16> pixels;
#else
  std::vector<Half> pixels;
#endif
};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static void define(ClassBuilder<Image>& cls) { cls.buffer<&Image::pixels>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
