// SPDX-License-Identifier: MIT
// A class aligned beyond what Python's allocator gives is refused.
// EXPECT: keep over-aligned data behind a pointer
#include "adder/adder.hpp"

using namespace adder;

#if ADDER_MUST_NOT_COMPILE
struct alignas(64) Block {
#else
struct alignas(16) Block {
#endif
  float data[16];
};
template <>
struct adder::PyClass<Block> {
  static constexpr auto name = "Block";
  static void define(ClassBuilder<Block>&) {}
};

void probe(ModuleBuilder& m) { m.add_class<Block>(); }
