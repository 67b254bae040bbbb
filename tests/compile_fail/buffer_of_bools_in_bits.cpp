// SPDX-License-Identifier: MIT
// A std::vector<bool> has no bytes to show.
// FIRST: adder: buffer and array: the memory is a std::vector, std::array or another container
#include "adder/adder.hpp"
#include "adder/array/class_buffer.hpp"  // IWYU pragma: keep (buffer)

#include <vector>

using namespace adder;

struct Image {
#if ADDER_MUST_NOT_COMPILE
  std::vector<bool> pixels;
#else
  std::vector<char> pixels;
#endif
};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static void define(ClassBuilder<Image>& cls) { cls.buffer<&Image::pixels>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
