// SPDX-License-Identifier: MIT
// Enums are not part of the umbrella header.
// FIRST: adder: add_enum<E>\(\) needs its header: #include <adder/class/enum.hpp>
#include "adder/adder.hpp"

using namespace adder;

enum class Color { red, green };

void probe([[maybe_unused]] ModuleBuilder& m) {
#if ADDER_MUST_NOT_COMPILE
  m.add_enum<Color>();
#endif
}
