// SPDX-License-Identifier: MIT
// Others would wait for as long as a memoryview lives.
// FIRST: adder: a locked class has no buffer and no array
#include "adder/adder.hpp"
#include "adder/array/class_buffer.hpp"  // IWYU pragma: keep (buffer)
#include "adder/class/locked.hpp"        // IWYU pragma: keep (locked)

#include <vector>

using namespace adder;

struct Image {
  std::vector<float> pixels;
};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
#if ADDER_MUST_NOT_COMPILE
  static constexpr bool locked = true;
#endif
  static void define(ClassBuilder<Image>& cls) { cls.buffer<&Image::pixels>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
