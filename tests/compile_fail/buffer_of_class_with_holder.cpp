// SPDX-License-Identifier: MIT
// C++ that has the pointer asks for no borrow.
// FIRST: adder: a class with a holder has no buffer and no array
#include "adder/adder.hpp"
#include "adder/array/class_buffer.hpp"  // IWYU pragma: keep (buffer)
#include "adder/class/holder.hpp"

#include <memory>
#include <vector>

using namespace adder;

struct Image {
  std::vector<float> pixels;
};

template <>
struct adder::PyClass<Image> {
  static constexpr auto name = "Image";
#if ADDER_MUST_NOT_COMPILE
  using holder = std::shared_ptr<Image>;
#endif
  static void define(ClassBuilder<Image>& cls) { cls.buffer<&Image::pixels>(); }
};

void probe(ModuleBuilder& m) { m.add_class<Image>(); }
