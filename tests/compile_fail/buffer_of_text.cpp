// SPDX-License-Identifier: MIT
// Python has no such items.
// FIRST: adder: T is no type that the elements of a buffer or array may have
#include "adder/adder.hpp"
#include "adder/array/class_buffer.hpp"  // IWYU pragma: keep (buffer)

#include <string>
#include <vector>

using namespace adder;

struct Image {
#if ADDER_MUST_NOT_COMPILE
  std::vector<std::string> pixels;
#else
  std::vector<int> pixels;
#endif
};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static void define(ClassBuilder<Image>& cls) { cls.buffer<&Image::pixels>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
