// SPDX-License-Identifier: MIT
// How objects export their memory is in a header that adder.hpp does not include.
// EXPECT: adder: buffer needs its header
#include "adder/adder.hpp"
#if !ADDER_MUST_NOT_COMPILE
#include "adder/array/class_buffer.hpp"  // IWYU pragma: keep (buffer)
#endif

#include <vector>

using namespace adder;

struct Image {
  std::vector<float> pixels;
};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static void define(ClassBuilder<Image>& cls) { cls.buffer<&Image::pixels>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
