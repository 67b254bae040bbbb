// SPDX-License-Identifier: MIT
// Python passes nothing when it asks for a buffer.
// FIRST: adder: buffer and array: the function that gives memory or shape takes no arguments
#include "adder/adder.hpp"
#include "adder/array/class_buffer.hpp"  // IWYU pragma: keep (buffer)

#include <vector>

using namespace adder;

struct Image {
#if ADDER_MUST_NOT_COMPILE
  const std::vector<float>& get(int) const { return pixels; }
#else
  const std::vector<float>& get() const { return pixels; }
#endif
  std::vector<float> pixels;
};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static void define(ClassBuilder<Image>& cls) { cls.buffer<&Image::get>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
