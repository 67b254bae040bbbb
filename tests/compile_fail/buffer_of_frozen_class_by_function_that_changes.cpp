// SPDX-License-Identifier: MIT
// Nothing changes a frozen object, not for its memory either.
// FIRST: adder: a non-const member function cannot be a method of a frozen class
#include "adder/adder.hpp"
#include "adder/array/class_buffer.hpp"  // IWYU pragma: keep (buffer)

#include <span>
#include <vector>

using namespace adder;

struct Image {
#if ADDER_MUST_NOT_COMPILE
  std::span<const float> get() { return pixels; }
#else
  std::span<const float> get() const { return pixels; }
#endif
  const std::vector<float> pixels;
};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
  static constexpr bool frozen = true, sync = true;
  static void define(ClassBuilder<Image>& cls) { cls.buffer<&Image::get>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
