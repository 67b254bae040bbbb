// SPDX-License-Identifier: MIT
// A buffer is that of the object's value.
// FIRST: adder: buffer and array take fields of the class, its member functions
#include "adder/adder.hpp"
#include "adder/array/class_buffer.hpp"  // IWYU pragma: keep (buffer)

#include <span>
#include <vector>

using namespace adder;

struct Image {
  std::vector<float> pixels;
};
#if ADDER_MUST_NOT_COMPILE
std::span<float> get(const Bound<PyAny>&) { return {}; }
#else
std::span<float> get(Image& image) { return image.pixels; }
#endif

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static void define(ClassBuilder<Image>& cls) { cls.buffer<&get>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
