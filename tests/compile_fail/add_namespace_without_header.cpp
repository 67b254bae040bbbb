// SPDX-License-Identifier: MIT
// What a namespace has is asked of the compiler by a header of its own.
// EXPECT: adder: add_namespace<\^\^name>\(\) needs its header: #include <adder/reflect/reflect.hpp>
#include "adder/adder.hpp"

ADDER_MODULE(shapes, m) {
#if ADDER_MUST_NOT_COMPILE
  m.add_namespace<0>();
#else
  (void)m;
#endif
}
