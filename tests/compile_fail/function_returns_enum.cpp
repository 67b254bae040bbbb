// SPDX-License-Identifier: MIT
// The same on the way to Python.
// FIRST: adder: no conversion from T to a Python object, an enum. Specialise adder::PyEnum<T>.*add_enum<T>.*EnumAsInt
#include "adder/adder.hpp"

using namespace adder;

enum class Color { red, green };
#if ADDER_MUST_NOT_COMPILE
Color f() { return Color::red; }
#else
int f() { return static_cast<int>(Color::red); }
#endif

void probe(ModuleBuilder& m) { m.def<&f>("f"); }
