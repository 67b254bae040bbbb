// SPDX-License-Identifier: MIT
// Where the compiler has no reflection, the header says what it needs, and what to write instead.
// FIRST: adder: adder/reflect/ needs reflection of C\+\+26: g\+\+ 16 with -std=c\+\+26 -freflection. Without it, specialise
#if ADDER_MUST_NOT_COMPILE
#include "adder/reflect/reflect.hpp"
#else
#include "adder/adder.hpp"
#endif
static_assert(ADDER_VERSION_MAJOR >= 0);
