// SPDX-License-Identifier: MIT
// An enum crosses once a few lines say how.
// FIRST: adder: no conversion from a Python object to T, an enum. Specialise adder::PyEnum<T>.*add_enum<T>.*EnumAsInt
#include "adder/adder.hpp"

using namespace adder;

enum class Color { red, green };
#if ADDER_MUST_NOT_COMPILE
bool f(Color color) { return color == Color::red; }
#else
bool f(int color) { return Color(color) == Color::red; }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
